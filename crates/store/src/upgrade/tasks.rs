//! Tasks: what their place depends on, and laying them out where they belong.

use muster_domain::upgrade::{Destination, LegacyDocument, LegacyPlan, LegacyTask, Placement};
use sqlx::{AssertSqlSafe, PgConnection, Row};
use uuid::Uuid;

use super::{layout::next, tables::Schema};
use crate::Result;

/// What a person decided of tasks of one customer.
pub(super) type Decisions = Vec<(Uuid, Destination)>;

/// A task with the words that it bears.
#[derive(Debug, Clone)]
pub struct TaskOrigin {
    /// What its place depends on.
    pub task: LegacyTask,
    /// Its status as it was written.
    pub status: Option<String>,
    /// Its priority as it was written.
    pub priority: Option<String>,
}

/// A task to be laid out.
#[derive(Debug, Clone)]
pub struct PlacedTask {
    /// Where and why.
    pub placement: Placement,
    /// Its status here.
    pub status: &'static str,
    /// Its priority here.
    pub priority: &'static str,
    /// The key of the question that it asks, if it asks one of its template.
    pub question_key: Option<String>,
    /// The question's place in the template.
    pub position: Option<i32>,
}

/// What the place of a row depends on, of the rows `t` of `source`: a table, or originals.
const TASK_COLUMNS: &str = "(j ->> 'id')::uuid, (j ->> 'plan_id')::uuid, (j ->> 'document_id')::uuid, coalesce(j ->> 'task_scope', ''), \
    coalesce(j ->> 'task_type', ''), j ->> 'section_id', coalesce(j ->> 'title', ''), \
    coalesce((extract(epoch FROM (j ->> 'created_at')::timestamp) * 1000000)::bigint, 0), \
    coalesce(j ->> 'status', 'pending') NOT IN ('pending', '') OR j ->> 'assigned_to' IS NOT NULL OR j ->> 'notes' IS NOT NULL \
        OR coalesce((j ->> 'evidence_uploaded')::boolean, false) OR coalesce(jsonb_array_length(nullif(j -> 'evidence_files', 'null')), 0) > 0, \
    j ->> 'status', j ->> 'priority'";

/// The tasks of a customer, from the originals or, before they are taken, from the table itself.
pub(super) async fn of_customer(connection: &mut PgConnection, customer: i32, is_taken: bool) -> Result<Vec<TaskOrigin>> {
    let source = if is_taken {
        "SELECT original AS j FROM muster_upgrade.original_rows WHERE table_name = 'customer_tasks' AND customer_id = $1"
    } else {
        "SELECT to_jsonb(t) AS j FROM dna_app.customer_tasks t WHERE t.customer_id = $1"
    };
    let statement = format!("SELECT {TASK_COLUMNS} FROM ({source}) o");
    let rows = sqlx::query(AssertSqlSafe(statement)).bind(customer).fetch_all(connection).await?;
    let origin = |row: sqlx::postgres::PgRow| TaskOrigin {
        task: LegacyTask {
            id: row.get(0),
            plan_id: row.get(1),
            document_id: row.get(2),
            scope: row.get(3),
            task_type: row.get(4),
            section_id: row.get(5),
            title: row.get(6),
            created_at: row.get(7),
            is_worked_on: row.get(8),
        },
        status: row.get(9),
        priority: row.get(10),
    };
    Ok(rows.into_iter().map(origin).collect())
}

/// The documents of a customer; their plan only where it is the customer's own.
pub(super) async fn documents_of(connection: &mut PgConnection, customer: i32, is_taken: bool) -> Result<Vec<LegacyDocument>> {
    let statement = if is_taken {
        "SELECT (d.original ->> 'id')::uuid, (p.original ->> 'id')::uuid, (d.original ->> 'template_id')::uuid
         FROM muster_upgrade.original_rows d
         LEFT JOIN muster_upgrade.original_rows p
             ON p.table_name = 'customer_iso_plans' AND p.row_key = d.original ->> 'plan_id' AND p.customer_id = d.customer_id
         WHERE d.table_name = 'customer_documents' AND d.customer_id = $1"
    } else {
        "SELECT d.id, p.id, d.template_id FROM dna_app.customer_documents d
         LEFT JOIN dna_app.customer_iso_plans p ON p.id = d.plan_id AND p.customer_id = d.customer_id
         WHERE d.customer_id = $1"
    };
    let rows = sqlx::query(statement).bind(customer).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| LegacyDocument { id: row.get(0), plan_id: row.get(1), template_id: row.get(2) }).collect())
}

/// A template of a plan, and when it was assigned in microseconds; its sections are put in by
/// whoever can read them.
pub type PlanTemplates = Vec<(Uuid, Vec<(Uuid, i64)>)>;

/// The customer's plans with the templates that they use: those assigned, ignored and excluded ones
/// too, and for a plan in the mode "all" those that are meant for its standard.
pub(super) async fn plans_of(connection: &mut PgConnection, customer: i32, is_taken: bool) -> Result<PlanTemplates> {
    let source = |table: &str| {
        if is_taken {
            format!("(SELECT original AS j, customer_id FROM muster_upgrade.original_rows WHERE table_name = '{table}')")
        } else {
            format!("(SELECT to_jsonb(t) AS j FROM dna_app.{table} t)")
        }
    };
    let statement = format!(
        "SELECT (p.j ->> 'id')::uuid,
                coalesce((SELECT array_agg((a.j ->> 'template_id')::uuid ORDER BY a.j ->> 'created_at', a.j ->> 'template_id')
                          FROM {assignments} a WHERE a.j ->> 'plan_id' = p.j ->> 'id'), '{{}}'),
                coalesce((SELECT array_agg(coalesce((extract(epoch FROM (a.j ->> 'created_at')::timestamp) * 1000000)::bigint, 0)
                                           ORDER BY a.j ->> 'created_at', a.j ->> 'template_id')
                          FROM {assignments} a WHERE a.j ->> 'plan_id' = p.j ->> 'id'), '{{}}'),
                CASE WHEN p.j ->> 'template_selection_mode' = 'all' THEN coalesce((
                    SELECT array_agg(DISTINCT m.template_id) FROM (
                        SELECT (m.j ->> 'template_id')::uuid AS template_id FROM {mapping} m WHERE m.j ->> 'iso_standard_id' = p.j ->> 'iso_standard_id'
                        UNION ALL
                        SELECT (t.j ->> 'id')::uuid FROM {templates} t JOIN {standards} s ON lower(s.j ->> 'code') = lower(btrim(t.j ->> 'iso_standard'))
                        WHERE s.j ->> 'id' = p.j ->> 'iso_standard_id') m), '{{}}')
                ELSE '{{}}' END
         FROM {plans} p WHERE (p.j ->> 'customer_id')::integer = $1",
        assignments = source("customer_iso_plan_templates"),
        mapping = source("template_iso_mapping"),
        templates = source("templates"),
        standards = source("iso_standards"),
        plans = source("customer_iso_plans"),
    );
    let rows = sqlx::query(AssertSqlSafe(statement)).bind(customer).fetch_all(connection).await?;
    let plan = |row: sqlx::postgres::PgRow| {
        let (assigned, moments, meant): (Vec<Uuid>, Vec<i64>, Vec<Uuid>) = (row.get(1), row.get(2), row.get(3));
        let mut templates: Vec<(Uuid, i64)> = assigned.into_iter().zip(moments).collect();
        for template in meant {
            if templates.iter().all(|(known, _)| *known != template) {
                templates.push((template, i64::MAX));
            }
        }
        (row.get(0), templates)
    };
    Ok(rows.into_iter().map(plan).collect())
}

/// What people have decided of the customer's tasks.
pub(super) async fn decisions_of(connection: &mut PgConnection, customer: i32) -> Result<Decisions> {
    let rows = sqlx::query("SELECT task_id, decision FROM muster_upgrade.placements WHERE customer_id = $1 AND decision IS NOT NULL")
        .bind(customer)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(|row| Ok((row.get(0), serde_json::from_value(row.get(1))?))).collect()
}

/// Lays out the tasks of a customer, and writes down where each went and why.
pub(super) async fn lay_out(connection: &mut PgConnection, customer: i32, tasks: &[PlacedTask]) -> Result<()> {
    note_placements(connection, customer, tasks).await?;
    let column = |value: &dyn Fn(&PlacedTask) -> Option<Uuid>| tasks.iter().map(value).collect::<Vec<_>>();
    let statement = format!(
        "INSERT INTO {app}.customer_tasks (id, customer_id, plan_id, template_id, document_id, task_scope, task_type, section_id, title, description,
             status, priority, requires_evidence, evidence_description, evidence_format, evidence_uploaded, evidence_files, assigned_to, due_date,
             completed_at, completed_by, created_by, created_at, updated_at, created_manually_by, manual_task_context,
             is_ignored, ignored_at, ignored_by, ignore_reason, notes, auto_generated, generation_source, position)
         SELECT w.id, $1, w.plan_id, w.template_id, w.document_id, w.task_scope, coalesce(nullif(btrim(r.task_type), ''), 'general'), r.section_id,
                coalesce(nullif(btrim(r.title), ''), 'Without a title'), r.description, w.status, w.priority, coalesce(r.requires_evidence, false),
                r.evidence_description, r.evidence_format, coalesce(r.evidence_uploaded, false), r.evidence_files, muster_upgrade.person(r.assigned_to),
                muster_upgrade.day(r.due_date), CASE WHEN w.status = 'completed' THEN muster_upgrade.moment(r.completed_at) END,
                CASE WHEN w.status = 'completed' THEN muster_upgrade.person(r.completed_by) END, muster_upgrade.person(r.created_by),
                coalesce(muster_upgrade.moment(r.created_at), now()), coalesce(muster_upgrade.moment(r.updated_at), muster_upgrade.moment(r.created_at), now()),
                muster_upgrade.person(r.created_manually_by), r.manual_task_context,
                coalesce(r.is_ignored, false),
                CASE WHEN r.is_ignored THEN coalesce(muster_upgrade.moment(r.ignored_at), muster_upgrade.moment(r.updated_at), now()) END,
                CASE WHEN r.is_ignored THEN muster_upgrade.person(r.ignored_by) END,
                CASE WHEN r.is_ignored THEN coalesce(nullif(btrim(r.ignore_reason), ''), 'Ignored in the older program') END,
                r.notes, coalesce(r.auto_generated, false), 'question:' || w.question_key, coalesce(w.position, 1000000)
         FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::integer[])
              AS w (id, plan_id, template_id, document_id, task_scope, status, priority, question_key, position)
         JOIN muster_upgrade.original_rows o ON o.table_name = 'customer_tasks' AND o.row_key = w.id::text
         CROSS JOIN LATERAL jsonb_to_record(o.original) AS r (task_type text, section_id text, title text, description text,
             requires_evidence boolean, evidence_description text, evidence_format text, evidence_uploaded boolean, evidence_files jsonb,
             assigned_to integer, due_date text, completed_at text, completed_by integer, created_by integer, created_at text, updated_at text,
             created_manually_by integer, manual_task_context jsonb, is_ignored boolean, ignored_at text, ignored_by integer, ignore_reason text,
             notes text, auto_generated boolean)",
        app = next(Schema::App)
    );
    sqlx::query(AssertSqlSafe(statement))
        .bind(customer)
        .bind(tasks.iter().map(|task| task.placement.task_id).collect::<Vec<_>>())
        .bind(column(&|task| task.placement.chosen.plan_id))
        .bind(column(&|task| task.placement.chosen.template_id))
        .bind(column(&|task| task.placement.chosen.document_id))
        .bind(tasks.iter().map(|task| task.placement.chosen.task_scope.as_str()).collect::<Vec<_>>())
        .bind(tasks.iter().map(|task| task.status).collect::<Vec<_>>())
        .bind(tasks.iter().map(|task| task.priority).collect::<Vec<_>>())
        .bind(tasks.iter().map(|task| task.question_key.clone()).collect::<Vec<_>>())
        .bind(tasks.iter().map(|task| task.position).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

/// Decisions stay, as long as their task is there.
async fn note_placements(connection: &mut PgConnection, customer: i32, tasks: &[PlacedTask]) -> Result<()> {
    sqlx::query("DELETE FROM muster_upgrade.placements WHERE customer_id = $1 AND task_id <> ALL ($2)")
        .bind(customer)
        .bind(tasks.iter().map(|task| task.placement.task_id).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
    let placements = tasks.iter().map(|task| serde_json::to_value(&task.placement)).collect::<Result<Vec<_>, _>>()?;
    sqlx::query(
        "INSERT INTO muster_upgrade.placements (task_id, customer_id, placement, is_reported)
         SELECT (p ->> 'task_id')::uuid, $1, p, p ->> 'why' IS NOT NULL FROM unnest($2::jsonb[]) AS p
         ON CONFLICT (task_id) DO UPDATE SET customer_id = excluded.customer_id, placement = excluded.placement, is_reported = excluded.is_reported",
    )
    .bind(customer)
    .bind(placements)
    .execute(connection)
    .await?;
    Ok(())
}

/// The templates of plans, with their sections put in.
pub fn with_sections(plans: PlanTemplates, sections: impl Fn(Uuid) -> (muster_domain::upgrade::Sections, muster_domain::upgrade::Sections)) -> Vec<LegacyPlan> {
    let template = |(id, assigned_at): (Uuid, i64)| {
        let (present, earlier) = sections(id);
        muster_domain::upgrade::PlanTemplate { id, assigned_at, sections: present, earlier_sections: earlier }
    };
    plans.into_iter().map(|(id, templates)| LegacyPlan { id, templates: templates.into_iter().map(template).collect() }).collect()
}
