//! Files that the older program kept as evidence. They stay where they are; Muster notes their
//! SHA-256 and where they lie.

use serde_json::Value;
use sqlx::{Executor as _, Row as _};
use uuid::Uuid;

use super::{LegacyDatabase, Result, columns::with_lookups, layout::next, tables::Schema};

/// A file that the older database names.
#[derive(Debug, Clone)]
pub struct NamedFile {
    /// The table that names it.
    pub table: &'static str,
    /// The key of the row that does.
    pub row: String,
    /// Its task.
    pub task_id: Option<Uuid>,
    /// What is said of it: an item of `evidence_files`, or the row of a stored file.
    pub said: Value,
    /// The folder of its customer, as the older program had it.
    pub folder: Option<String>,
    /// Whether the task that it serves is done, and by whom and when, as the older program wrote it.
    pub done: Option<(Option<i64>, Option<String>)>,
}

/// A file that is there.
#[derive(Debug, Clone)]
pub struct FoundFile {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub filename: String,
    /// SHA-256 of its content.
    pub sha256: [u8; 32],
    /// How many bytes it has.
    pub size: i64,
    /// What kind it is.
    pub media_type: String,
    /// Where it lies.
    pub path: String,
    /// Who brought it, as the older program numbers people.
    pub by: Option<i64>,
    /// When, as the older program wrote it.
    pub at: Option<String>,
    /// The tasks that it serves.
    pub tasks: Vec<Uuid>,
    /// Who accepted it by completing its task, and when.
    pub accepted: Option<(Option<i64>, Option<String>)>,
}

impl LegacyDatabase {
    /// The files that rows of a customer name.
    pub async fn named_files(&mut self, customer: i32) -> Result<Vec<NamedFile>> {
        let done = |task: &str| format!("{task} ->> 'status', ({task} ->> 'completed_by')::bigint, {task} ->> 'completed_at'");
        let folder = format!("(SELECT c.j ->> 'storage_path' FROM {} c)", self.rows("customers", Some(customer)));
        let statement = format!(
            "SELECT 'customer_tasks', t.j ->> 'id', (t.j ->> 'id')::uuid, f.item, {folder}, {of_task}
             FROM (SELECT t.j FROM {tasks} t WHERE jsonb_typeof(t.j -> 'evidence_files') = 'array') t
             CROSS JOIN LATERAL jsonb_array_elements(t.j -> 'evidence_files') AS f (item)
             UNION ALL
             SELECT 'customer_storage_files', s.j ->> 'id', (k.original ->> 'id')::uuid, s.j, {folder}, {of_file}
             FROM {files} s
             LEFT JOIN muster_upgrade.original_rows k ON k.table_name = 'customer_tasks' AND k.row_key = s.j ->> 'task_id' AND k.customer_id = {customer}
             ORDER BY 1, 2",
            of_task = done("t.j"),
            of_file = done("k.original"),
            tasks = self.rows("customer_tasks", Some(customer)),
            files = self.rows("customer_storage_files", Some(customer)),
        );
        let rows = self.connection.fetch_all(with_lookups(&statement)).await?;
        let file = |row: sqlx::postgres::PgRow| {
            let (table, status): (&str, Option<String>) = (row.get(0), row.get(5));
            NamedFile {
                table: if table == "customer_tasks" { "customer_tasks" } else { "customer_storage_files" },
                row: row.get(1),
                task_id: row.get(2),
                said: row.get(3),
                folder: row.get(4),
                done: matches!(status.as_deref(), Some("completed" | "answered")).then(|| (row.get(6), row.get(7))),
            }
        };
        Ok(rows.into_iter().map(file).collect())
    }

    /// Lays out files that are there as evidence.
    pub async fn lay_out_evidence(&mut self, customer: i32, files: &[FoundFile]) -> Result<()> {
        let app = next(Schema::App);
        let evidence = format!(
            "INSERT INTO {app}.customer_evidence (id, customer_id, filename, sha256, size, media_type, received_at, uploaded_by, source_path, status, decided_by, decided_at)
             SELECT $2, $1, $3, $4, $5, $6, coalesce(muster_upgrade.moment($7), muster_upgrade.began()),
                    coalesce(muster_upgrade.person($8), muster_upgrade.older_program()), $9,
                    CASE WHEN $10 THEN 'accepted' ELSE 'pending' END,
                    CASE WHEN $10 THEN coalesce(muster_upgrade.person($11), muster_upgrade.older_program()) END,
                    CASE WHEN $10 THEN coalesce(muster_upgrade.moment($12), muster_upgrade.began()) END"
        );
        let links = format!(
            "INSERT INTO {app}.customer_evidence_tasks (customer_id, evidence_id, task_id, linked_at)
             SELECT $1, $2, k.id, e.received_at FROM {app}.customer_tasks k
             JOIN {app}.customer_evidence e ON e.customer_id = $1 AND e.id = $2
             WHERE k.customer_id = $1 AND k.id = ANY ($3)"
        );
        let number = |id: Option<i64>| id.and_then(|id| i32::try_from(id).ok());
        for file in files {
            sqlx::query(with_lookups(&evidence))
                .bind(customer)
                .bind(file.id)
                .bind(&file.filename)
                .bind(&file.sha256[..])
                .bind(file.size)
                .bind(&file.media_type)
                .bind(&file.at)
                .bind(number(file.by))
                .bind(&file.path)
                .bind(file.accepted.is_some())
                .bind(file.accepted.as_ref().and_then(|(by, _)| number(*by)))
                .bind(file.accepted.as_ref().and_then(|(_, at)| at.clone()))
                .execute(&mut self.connection)
                .await?;
            sqlx::query(with_lookups(&links)).bind(customer).bind(file.id).bind(&file.tasks).execute(&mut self.connection).await?;
        }
        Ok(())
    }
}
