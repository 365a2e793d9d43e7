//! What contradicts itself in an older database, besides tasks that name what is not their customer's.

use sqlx::{AssertSqlSafe, Executor as _, Row as _};
use uuid::Uuid;

use super::{LegacyDatabase, Result};

/// A row that contradicts itself or another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The table, with its schema.
    pub table: &'static str,
    /// The row's key.
    pub row: String,
    /// The task, where it is one.
    pub task_id: Option<Uuid>,
    /// What is wrong, as a sentence.
    pub why: String,
}

/// The table, whether its rows are tasks, and a statement that gives key and reason of each row.
const CHECKS: [(&str, bool, &str); 14] = [
    (
        "dna_app.customer_iso_plans",
        false,
        "SELECT t.id::text, 'The plan names no customer: the move stops before it. Give it one, or delete it.' FROM dna_app.customer_iso_plans t
         WHERE t.customer_id IS NULL ORDER BY 1",
    ),
    (
        "dna_app.customer_documents",
        false,
        "SELECT t.id::text, 'The document names no customer: the move stops before it. Give it one, or delete it.' FROM dna_app.customer_documents t
         WHERE t.customer_id IS NULL ORDER BY 1",
    ),
    (
        "dna_app.customer_tasks",
        true,
        "SELECT t.id::text, 'The task names no customer: the move stops before it. Give it one, or delete it.' FROM dna_app.customer_tasks t
         WHERE t.customer_id IS NULL ORDER BY 1",
    ),
    (
        "dna_app.customer_documents",
        false,
        "SELECT d.id::text, 'The document''s plan belongs to another customer or is not there.' FROM dna_app.customer_documents d
         WHERE NOT EXISTS (SELECT FROM dna_app.customer_iso_plans p WHERE p.id = d.plan_id AND p.customer_id = d.customer_id) ORDER BY 1",
    ),
    (
        "dna_app.customer_documents",
        false,
        "SELECT d.id::text, 'The document has no template.' FROM dna_app.customer_documents d WHERE d.template_id IS NULL ORDER BY 1",
    ),
    (
        "dna_app.customer_tasks",
        true,
        "SELECT t.id::text, format('The task names the plan %s and a document of another plan.', t.plan_id)
         FROM dna_app.customer_tasks t JOIN dna_app.customer_documents d ON d.id = t.document_id
         WHERE t.plan_id IS NOT NULL AND t.plan_id IS DISTINCT FROM d.plan_id ORDER BY 1",
    ),
    (
        "dna_app.customer_tasks",
        true,
        "SELECT t.id::text, format('The status `%s` is not on the list; it becomes pending.', t.status) FROM dna_app.customer_tasks t
         WHERE t.status NOT IN ('pending', 'in_progress', 'blocked', 'on_hold', 'under_review', 'completed', 'cancelled', 'answered') ORDER BY 1",
    ),
    (
        "dna_app.customer_tasks",
        true,
        "SELECT t.id::text, format('The priority `%s` is not on the list; it becomes medium.', t.priority) FROM dna_app.customer_tasks t
         WHERE t.priority NOT IN ('low', 'medium', 'high', 'urgent', 'critical') ORDER BY 1",
    ),
    (
        "dna_app.customer_tasks",
        true,
        "SELECT t.id::text, 'The task has no title.' FROM dna_app.customer_tasks t WHERE btrim(t.title) = '' ORDER BY 1",
    ),
    (
        "dna_app.customer_tasks",
        true,
        "SELECT t.id::text, format('The due date %s is outside of the years 1900 to 2200; it stays with the original row only.', j ->> 'due_date')
         FROM dna_app.customer_tasks t CROSS JOIN LATERAL to_jsonb(t) AS j WHERE (j ->> 'due_date') !~ '^(19|20|21)[0-9]{2}-|^2200-' ORDER BY 1",
    ),
    (
        "dna_app.customers",
        false,
        "SELECT c.id::text, format('The status `%s` is not on the list; it becomes active.', c.status) FROM dna_app.customers c
         WHERE c.status NOT IN ('active', 'inactive', 'pending', 'completed') ORDER BY 1",
    ),
    (
        "dna_app.customer_documents",
        false,
        "SELECT d.id::text, format('The status `%s` is not on the list; it becomes draft.', d.status) FROM dna_app.customer_documents d
         WHERE d.status NOT IN ('not_started', 'in_progress', 'pending_review', 'approved', 'rejected', 'draft', 'completed', 'ready', 'active') ORDER BY 1",
    ),
    (
        "dna_app.customer_configuration",
        false,
        "SELECT to_jsonb(c) ->> 'id', format('The global setting `%s` is there %s times.', k.name, k.times)
         FROM dna_app.customer_configuration c
         CROSS JOIN LATERAL (SELECT coalesce(to_jsonb(c) ->> 'config_key', to_jsonb(c) ->> 'key') AS name) n
         JOIN (SELECT coalesce(to_jsonb(g) ->> 'config_key', to_jsonb(g) ->> 'key') AS name, count(*) AS times
               FROM dna_app.customer_configuration g WHERE g.customer_id IS NULL GROUP BY 1 HAVING count(*) > 1) k ON k.name = n.name
         WHERE c.customer_id IS NULL ORDER BY 1",
    ),
    (
        "auth.users",
        false,
        "SELECT u.id::text, format('The address `%s` is there %s times in other spellings.', lower(u.email), k.times)
         FROM auth.users u JOIN (SELECT lower(email) AS email, count(*) AS times FROM auth.users GROUP BY 1 HAVING count(*) > 1) k ON k.email = lower(u.email) ORDER BY 1",
    ),
];

impl LegacyDatabase {
    /// Everything that contradicts itself, tasks that name another customer's things aside: those the
    /// placing finds.
    pub async fn contradictions(&mut self) -> Result<Vec<Contradiction>> {
        let mut found = Vec::new();
        for (table, are_tasks, statement) in
            CHECKS.iter().filter(|check| self.shape.has(check.0.rsplit('.').next().unwrap_or_default())).copied().collect::<Vec<_>>()
        {
            for row in self.connection.fetch_all(AssertSqlSafe(statement)).await? {
                let key: String = row.get(0);
                let task_id = if are_tasks { key.parse().ok() } else { None };
                found.push(Contradiction { table, row: key, task_id, why: row.get(1) });
            }
        }
        Ok(found)
    }
}
