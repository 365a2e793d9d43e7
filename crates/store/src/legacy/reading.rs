//! The rows that the place of a task depends on. They are read from the older tables where somebody
//! only looks, and from the original rows once these are taken; the statements are the same.

use std::collections::HashMap;

use muster_domain::legacy::{LegacyDocument, LegacyTask};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Executor as _, Row as _, postgres::PgRow};
use uuid::Uuid;

use super::{LegacyDatabase, LegacyTemplate, Phase, Result, tables::Standing};

/// The plans of a customer, each with its templates and the moments of their assignment, in
/// microseconds; a template that a plan has only through its mode "all" comes last.
pub type PlanTemplates = Vec<(Uuid, Vec<(Uuid, i64)>)>;

/// A task with the words that it bears.
#[derive(Debug, Clone)]
pub struct TaskOrigin {
    /// Whose it is.
    pub customer_id: i32,
    /// What its place depends on.
    pub task: LegacyTask,
    /// Its status as it was written.
    pub status: Option<String>,
    /// Its priority as it was written.
    pub priority: Option<String>,
}

/// What the place of a task depends on, of the row `j`.
const TASK_COLUMNS: &str = "(j ->> 'customer_id')::integer, (j ->> 'id')::uuid, (j ->> 'plan_id')::uuid, (j ->> 'document_id')::uuid, \
    coalesce(j ->> 'task_scope', ''), coalesce(j ->> 'task_type', ''), j ->> 'section_id', coalesce(j ->> 'title', ''), \
    coalesce((extract(epoch FROM (j ->> 'created_at')::timestamp) * 1000000)::bigint, 0), \
    coalesce(j ->> 'status', 'pending') NOT IN ('pending', '') OR j ->> 'assigned_to' IS NOT NULL OR coalesce(j ->> 'notes', '') <> '' \
        OR coalesce(j ->> 'answer', '') <> '' OR coalesce((j ->> 'evidence_uploaded')::boolean, false), \
    j ->> 'status', j ->> 'priority'";

impl LegacyDatabase {
    /// The rows of a table as JSON, `j`; of one customer where `customer` says so.
    pub(super) fn rows(&self, table: &str, customer: Option<i32>) -> String {
        match (self.phase(), customer) {
            _ if !self.shape.has(table) => "(SELECT NULL::jsonb AS j WHERE false)".to_owned(),
            (Phase::None, None) => format!("(SELECT to_jsonb(t) AS j FROM {}.{table} t)", schema_of(table)),
            (Phase::None, Some(id)) => {
                format!("(SELECT to_jsonb(t) AS j FROM {}.{table} t WHERE t.customer_id = {id})", schema_of(table))
            }
            (_, None) => format!("(SELECT original AS j FROM muster_upgrade.original_rows WHERE table_name = '{table}')"),
            (_, Some(id)) => {
                format!("(SELECT original AS j FROM muster_upgrade.original_rows WHERE table_name = '{table}' AND customer_id = {id})")
            }
        }
    }

    /// All templates with their structures.
    pub async fn legacy_templates(&mut self) -> Result<Vec<LegacyTemplate>> {
        let statement = format!(
            "SELECT (t.j ->> 'id')::uuid, t.j, coalesce((t.j ->> 'version_number')::integer, 1),
                    coalesce((SELECT jsonb_agg(jsonb_build_array(v.j -> 'version_number', v.j -> 'template_structure')
                                               ORDER BY (v.j ->> 'version_number')::integer)
                              FROM {versions} v WHERE v.j ->> 'template_id' = t.j ->> 'id'), '[]')
             FROM {templates} t ORDER BY 1",
            versions = self.rows("template_versions", None),
            templates = self.rows("templates", None),
        );
        let rows = self.connection.fetch_all(AssertSqlSafe(statement)).await?;
        rows.into_iter().map(|row| template(&row)).collect()
    }

    /// Begins to read all tasks, customer by customer. One that names none is told of as a contradiction; [`LegacyDatabase::next_tasks`] goes on.
    pub async fn begin_tasks(&mut self) -> Result<()> {
        // One pass over the table: older databases have no index that finds a customer's tasks.
        let statement = format!(
            "DECLARE muster_tasks NO SCROLL CURSOR FOR SELECT {TASK_COLUMNS} FROM {tasks} t WHERE t.j ->> 'customer_id' IS NOT NULL ORDER BY 1",
            tasks = self.rows("customer_tasks", None)
        );
        self.connection.execute(AssertSqlSafe(statement)).await?;
        Ok(())
    }

    /// The next tasks with their customers, in the order of these; none at the end.
    pub async fn next_tasks(&mut self) -> Result<Vec<TaskOrigin>> {
        let rows = self.connection.fetch_all("FETCH 20000 FROM muster_tasks").await?;
        Ok(rows.iter().map(task).collect())
    }

    /// The tasks of a customer.
    pub async fn legacy_tasks(&mut self, customer: i32) -> Result<Vec<TaskOrigin>> {
        let statement = format!("SELECT {TASK_COLUMNS} FROM {tasks} t", tasks = self.rows("customer_tasks", Some(customer)));
        let rows = self.connection.fetch_all(AssertSqlSafe(statement)).await?;
        Ok(rows.iter().map(task).collect())
    }

    /// The documents of each customer, or of one; their plan only where it is the customer's own.
    pub async fn legacy_documents(&mut self, customer: Option<i32>) -> Result<HashMap<i32, Vec<LegacyDocument>>> {
        let statement = format!(
            "SELECT (d.j ->> 'customer_id')::integer, (d.j ->> 'id')::uuid, (p.j ->> 'id')::uuid, (d.j ->> 'template_id')::uuid
             FROM {documents} d
             LEFT JOIN {plans} p ON p.j ->> 'id' = d.j ->> 'plan_id' AND p.j ->> 'customer_id' = d.j ->> 'customer_id'
             WHERE d.j ->> 'customer_id' IS NOT NULL",
            documents = self.rows("customer_documents", customer),
            plans = self.rows("customer_iso_plans", customer),
        );
        let mut documents: HashMap<i32, Vec<LegacyDocument>> = HashMap::new();
        for row in self.connection.fetch_all(AssertSqlSafe(statement)).await? {
            let document = LegacyDocument { id: row.get(1), plan_id: row.get(2), template_id: row.get(3) };
            documents.entry(row.get(0)).or_default().push(document);
        }
        Ok(documents)
    }

    /// The plans of each customer, or of one, with the templates that they use: those assigned,
    /// ignored and excluded ones too, and for a plan in the mode "all" those that are meant for its
    /// standard.
    pub async fn legacy_plans(&mut self, customer: Option<i32>) -> Result<HashMap<i32, PlanTemplates>> {
        // Assignments name no customer themselves.
        let assignments = match (self.phase(), customer) {
            (Phase::None, Some(_)) => self.rows("customer_iso_plan_templates", None),
            _ => self.rows("customer_iso_plan_templates", customer),
        };
        let statement = format!(
            "SELECT (p.j ->> 'customer_id')::integer, (p.j ->> 'id')::uuid,
                    coalesce(assigned.ids, '{{}}'), coalesce(assigned.moments, '{{}}'),
                    CASE WHEN p.j ->> 'template_selection_mode' = 'all' THEN coalesce(meant.ids, '{{}}') ELSE '{{}}' END
             FROM {plans} p
             LEFT JOIN (
                 SELECT a.j ->> 'plan_id' AS plan_id, array_agg((a.j ->> 'template_id')::uuid ORDER BY m.moment, a.j ->> 'template_id') AS ids,
                        array_agg(m.moment ORDER BY m.moment, a.j ->> 'template_id') AS moments
                 FROM {assignments} a
                 CROSS JOIN LATERAL (SELECT coalesce((extract(epoch FROM (a.j ->> 'created_at')::timestamp) * 1000000)::bigint, 0) AS moment) m
                 GROUP BY 1
             ) assigned ON assigned.plan_id = p.j ->> 'id'
             LEFT JOIN (
                 SELECT u.standard, array_agg(DISTINCT u.template_id) AS ids FROM (
                     SELECT m.j ->> 'iso_standard_id' AS standard, (m.j ->> 'template_id')::uuid AS template_id FROM {mapping} m
                     UNION ALL
                     SELECT s.j ->> 'id', (t.j ->> 'id')::uuid FROM {templates} t
                     JOIN {standards} s ON lower(s.j ->> 'code') = lower(btrim(t.j ->> 'iso_standard'))) u
                 GROUP BY 1
             ) meant ON meant.standard = p.j ->> 'iso_standard_id'
             WHERE p.j ->> 'customer_id' IS NOT NULL",
            plans = self.rows("customer_iso_plans", customer),
            mapping = self.rows("template_iso_mapping", None),
            templates = self.rows("templates", None),
            standards = self.rows("iso_standards", None),
        );
        let mut plans: HashMap<i32, PlanTemplates> = HashMap::new();
        for row in self.connection.fetch_all(AssertSqlSafe(statement)).await? {
            plans.entry(row.get(0)).or_default().push(plan(&row));
        }
        Ok(plans)
    }
}

fn schema_of(table: &str) -> &'static str {
    let known = super::tables::TABLES.iter().find(|one| one.name == table);
    known.map_or("dna_app", |one| one.schema.name(Standing::InUse))
}

fn template(row: &PgRow) -> Result<LegacyTemplate> {
    let (id, original, present, earlier): (Uuid, Value, i32, Value) = (row.get(0), row.get(1), row.get(2), row.get(3));
    let earlier: Vec<(Option<i32>, Value)> = serde_json::from_value(earlier)?;
    let structure = original.get("template_structure").cloned().unwrap_or_default();
    let known = earlier.into_iter().filter_map(|(number, was)| Some((number.filter(|number| *number > 0)?, was)));
    // The present one may have been kept as a version, too.
    let is_earlier = |(number, was): &(i32, Value)| !was.is_null() && (*number, was) != (present, &structure);
    let mut structures: Vec<(i32, Value)> = known.filter(is_earlier).collect();
    let number = structures.iter().map(|(number, _)| number + 1).max().unwrap_or(1).max(present).max(1);
    structures.push((number, structure));
    Ok(LegacyTemplate { id, row: original, structures })
}

fn task(row: &PgRow) -> TaskOrigin {
    TaskOrigin {
        customer_id: row.get(0),
        task: LegacyTask {
            id: row.get(1),
            plan_id: row.get(2),
            document_id: row.get(3),
            scope: row.get(4),
            task_type: row.get(5),
            section_id: row.get(6),
            title: row.get(7),
            created_at: row.get(8),
            is_worked_on: row.get(9),
        },
        status: row.get(10),
        priority: row.get(11),
    }
}

fn plan(row: &PgRow) -> (Uuid, Vec<(Uuid, i64)>) {
    let (assigned, moments, meant): (Vec<Uuid>, Vec<i64>, Vec<Uuid>) = (row.get(2), row.get(3), row.get(4));
    let mut templates: Vec<(Uuid, i64)> = assigned.into_iter().zip(moments).collect();
    for template in meant {
        if templates.iter().all(|(known, _)| *known != template) {
            templates.push((template, i64::MAX));
        }
    }
    (row.get(1), templates)
}
