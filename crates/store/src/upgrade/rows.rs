//! The rows that the place of a task depends on, customer by customer.

use std::collections::HashMap;

use muster_domain::upgrade::{LegacyDocument, LegacyTask};
use serde_json::Value;
use sqlx::{Executor as _, Row as _, postgres::PgRow};
use uuid::Uuid;

use super::OlderDatabase;
use crate::Result;

/// A template with every structure that it has had.
#[derive(Debug, Clone)]
pub struct TemplateStructures {
    /// The template.
    pub id: Uuid,
    /// The present one.
    pub present: Value,
    /// Those of its earlier versions.
    pub earlier: Vec<Value>,
}

/// The plans of a customer, each with its templates and the moments of their assignment, in
/// microseconds; a template that a plan has only through its mode "all" comes last.
pub type PlanTemplates = Vec<(Uuid, Vec<(Uuid, i64)>)>;

impl OlderDatabase {
    /// All templates with their structures.
    pub async fn template_structures(&mut self) -> Result<Vec<TemplateStructures>> {
        let statement = if self.shape.has("dna_app.template_versions") {
            "SELECT t.id, t.template_structure,
                    coalesce((SELECT jsonb_agg(to_jsonb(v) -> 'template_structure' ORDER BY v.version_number)
                              FROM dna_app.template_versions v WHERE v.template_id = t.id), '[]')
             FROM dna_app.templates t"
        } else {
            "SELECT t.id, t.template_structure, '[]'::jsonb FROM dna_app.templates t"
        };
        let rows = self.connection.fetch_all(statement).await?;
        rows.into_iter()
            .map(|row| Ok(TemplateStructures { id: row.get(0), present: row.get(1), earlier: serde_json::from_value(row.get(2))? }))
            .collect()
    }

    /// Begins to read all tasks, customer by customer; [`OlderDatabase::next_tasks`] goes on.
    pub async fn begin_tasks(&mut self) -> Result<()> {
        // One pass over the table: older databases have no index that finds a customer's tasks.
        self.connection
            .execute(
                "DECLARE muster_tasks NO SCROLL CURSOR FOR
                 SELECT t.customer_id, t.id, t.plan_id, t.document_id, t.task_scope, t.task_type, t.section_id, t.title,
                        coalesce((extract(epoch FROM (j ->> 'created_at')::timestamp) * 1000000)::bigint, 0),
                        coalesce(t.status, 'pending') NOT IN ('pending', '') OR j ->> 'assigned_to' IS NOT NULL OR j ->> 'notes' IS NOT NULL
                            OR coalesce((j ->> 'evidence_uploaded')::boolean, false)
                 FROM dna_app.customer_tasks t CROSS JOIN LATERAL to_jsonb(t) AS j ORDER BY t.customer_id",
            )
            .await?;
        Ok(())
    }

    /// The next tasks with their customers, in the order of these; none at the end.
    pub async fn next_tasks(&mut self) -> Result<Vec<(i32, LegacyTask)>> {
        let rows = self.connection.fetch_all("FETCH 20000 FROM muster_tasks").await?;
        let task = |row: PgRow| {
            let task = LegacyTask {
                id: row.get(1),
                plan_id: row.get(2),
                document_id: row.get(3),
                scope: row.get(4),
                task_type: row.get(5),
                section_id: row.get(6),
                title: row.get(7),
                created_at: row.get(8),
                is_worked_on: row.get(9),
            };
            (row.get(0), task)
        };
        Ok(rows.into_iter().map(task).collect())
    }

    /// The documents of each customer; their plan only where it is the customer's own.
    pub async fn documents(&mut self) -> Result<HashMap<i32, Vec<LegacyDocument>>> {
        let rows = self
            .connection
            .fetch_all(
                "SELECT d.customer_id, d.id, p.id, d.template_id FROM dna_app.customer_documents d
                 LEFT JOIN dna_app.customer_iso_plans p ON p.id = d.plan_id AND p.customer_id = d.customer_id",
            )
            .await?;
        let mut documents: HashMap<i32, Vec<LegacyDocument>> = HashMap::new();
        for row in rows {
            let document = LegacyDocument { id: row.get(1), plan_id: row.get(2), template_id: row.get(3) };
            documents.entry(row.get(0)).or_default().push(document);
        }
        Ok(documents)
    }

    /// Each customer's plans with the templates that they use: those assigned, ignored and excluded
    /// ones too, and for a plan in the mode "all" those that are meant for its standard.
    pub async fn plans(&mut self) -> Result<HashMap<i32, PlanTemplates>> {
        let mapped = if self.shape.has("dna_app.template_iso_mapping") {
            "SELECT m.template_id FROM dna_app.template_iso_mapping m WHERE m.iso_standard_id = p.iso_standard_id UNION "
        } else {
            ""
        };
        let statement = format!(
            "SELECT p.customer_id, p.id, assigned.ids, assigned.moments,
                    CASE WHEN p.template_selection_mode = 'all' THEN ARRAY({mapped}
                        SELECT t.id FROM dna_app.templates t CROSS JOIN LATERAL to_jsonb(t) AS j
                        JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id AND lower(s.code) = lower(btrim(j ->> 'iso_standard')))
                    ELSE '{{}}' END
             FROM dna_app.customer_iso_plans p
             CROSS JOIN LATERAL (
                 SELECT coalesce(array_agg(a.template_id ORDER BY m.moment, a.template_id), '{{}}') AS ids,
                        coalesce(array_agg(m.moment ORDER BY m.moment, a.template_id), '{{}}') AS moments
                 FROM dna_app.customer_iso_plan_templates a
                 CROSS JOIN LATERAL (SELECT coalesce((extract(epoch FROM (to_jsonb(a) ->> 'created_at')::timestamp) * 1000000)::bigint, 0) AS moment) m
                 WHERE a.plan_id = p.id
             ) assigned"
        );
        // Only a text of this program differs with the shape.
        let rows = self.connection.fetch_all(sqlx::AssertSqlSafe(statement)).await?;
        let mut plans: HashMap<i32, PlanTemplates> = HashMap::new();
        for row in rows {
            plans.entry(row.get(0)).or_default().push(plan(&row));
        }
        Ok(plans)
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
