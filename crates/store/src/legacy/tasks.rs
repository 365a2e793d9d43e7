//! Laying out tasks where they belong, and noting where that is.

use std::collections::HashMap;

use muster_domain::legacy::{Destination, Placement};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::{
    LegacyDatabase, Result,
    columns::{IGNORED, with_lookups},
    layout::next,
    tables::Schema,
};

/// A task to be laid out.
#[derive(Debug, Clone)]
pub struct PlacedTask {
    /// Where the rules put it, and why.
    pub placement: Placement,
    /// Where it goes: that, or what a person decided.
    pub place: Destination,
    /// Its status here.
    pub status: &'static str,
    /// Its priority here.
    pub priority: &'static str,
    /// The key of the question that it asks, if it asks one of its template.
    pub question_key: Option<String>,
    /// The question's place in the template.
    pub position: Option<i32>,
}

impl LegacyDatabase {
    /// What people have decided of the tasks of a customer.
    pub async fn decisions(&mut self, customer: i32) -> Result<HashMap<Uuid, Destination>> {
        let rows = sqlx::query("SELECT task_id, decision FROM muster_upgrade.placements WHERE customer_id = $1 AND decision IS NOT NULL")
            .bind(customer)
            .fetch_all(&mut self.connection)
            .await?;
        rows.into_iter().map(|row| Ok((row.get(0), serde_json::from_value(row.get(1))?))).collect()
    }

    /// Lays out the tasks of a customer, and writes down where each went and why. Decisions stay, as
    /// long as their task is there.
    pub async fn lay_out_tasks(&mut self, customer: i32, tasks: &[PlacedTask]) -> Result<()> {
        note_placements(&mut self.connection, customer, tasks).await?;
        lay_out(&mut self.connection, customer, tasks).await
    }
}

async fn lay_out(connection: &mut PgConnection, customer: i32, tasks: &[PlacedTask]) -> Result<()> {
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
                coalesce(muster_upgrade.moment(r.created_at), muster_upgrade.began()), coalesce(muster_upgrade.moment(r.updated_at), muster_upgrade.moment(r.created_at), muster_upgrade.began()),
                muster_upgrade.person(r.created_manually_by), r.manual_task_context,
                {IGNORED},
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
    sqlx::query(with_lookups(&statement))
        .bind(customer)
        .bind(tasks.iter().map(|task| task.placement.task_id).collect::<Vec<_>>())
        .bind(column(&|task| task.place.plan_id))
        .bind(column(&|task| task.place.template_id))
        .bind(column(&|task| task.place.document_id))
        .bind(tasks.iter().map(|task| task.place.task_scope.as_str()).collect::<Vec<_>>())
        .bind(tasks.iter().map(|task| task.status).collect::<Vec<_>>())
        .bind(tasks.iter().map(|task| task.priority).collect::<Vec<_>>())
        .bind(tasks.iter().map(|task| task.question_key.clone()).collect::<Vec<_>>())
        .bind(tasks.iter().map(|task| task.position).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

async fn note_placements(connection: &mut PgConnection, customer: i32, tasks: &[PlacedTask]) -> Result<()> {
    sqlx::query("DELETE FROM muster_upgrade.placements WHERE customer_id = $1 AND task_id <> ALL ($2)")
        .bind(customer)
        .bind(tasks.iter().map(|task| task.placement.task_id).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
    let placements = tasks.iter().map(|task| serde_json::to_value(&task.placement)).collect::<Result<Vec<_>, serde_json::Error>>()?;
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
