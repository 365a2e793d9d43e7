//! Task rules.

use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{CustomerId, DocumentId, PlanId, RuleId, StandardId, TemplateId},
    rules::{RuleDetails, TaskRule},
    tasks::{TaskPlace, TaskScope, TaskType},
    text::Prose,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{CustomerReader, Error, LibraryReader, LibraryWriter, PortfolioReader, Result, tasks::recurrence};

/// A place at which a rule applies and has not yet made its task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTarget {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// Where the task would stand.
    pub place: TaskPlace,
}

/// Which rules are asked for.
#[derive(Default)]
struct Wanted {
    id: Option<Uuid>,
    level: Option<TaskScope>,
    /// Only rules that are on and apply to this standard and template.
    applicable: Option<(Option<Uuid>, Option<Uuid>)>,
}

async fn rules(connection: &mut PgConnection, wanted: Wanted) -> Result<Vec<TaskRule>> {
    let (standard, template) = wanted.applicable.unwrap_or_default();
    let rows = sqlx::query!(
        r#"SELECT r.id, r.level, r.iso_standard_id, s.code AS "iso_code?", r.template_id, t.name AS "template_name?", r.title, r.description,
                  r.task_type, r.priority, r.requires_evidence, r.evidence_description, r.due_offset_days, r.recurrence, r.assignee_role,
                  r.approval_step, r.is_active, r.position, r.version, r.updated_at
           FROM dna_app.task_rules r
           LEFT JOIN dna_app.iso_standards s ON s.id = r.iso_standard_id
           LEFT JOIN dna_app.templates t ON t.id = r.template_id
           WHERE ($1::uuid IS NULL OR r.id = $1) AND ($2::text IS NULL OR r.level = $2)
             AND (NOT $3 OR (r.is_active AND (r.iso_standard_id IS NULL OR r.iso_standard_id = $4)
                             AND (r.template_id IS NULL OR r.template_id = $5)))
           ORDER BY array_position(ARRAY['customer', 'plan', 'template', 'document'], r.level::text), r.position, r.id"#,
        wanted.id,
        wanted.level.map(TaskScope::as_str),
        wanted.applicable.is_some(),
        standard,
        template
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TaskRule {
                id: RuleId(row.id),
                level: row.level.parse()?,
                standard_id: row.iso_standard_id.map(StandardId),
                iso_code: row.iso_code,
                template_id: row.template_id.map(TemplateId),
                template_name: row.template_name,
                title: row.title,
                description: row.description,
                task_type: TaskType::stored(row.task_type),
                priority: row.priority.parse()?,
                requires_evidence: row.requires_evidence,
                evidence_description: row.evidence_description,
                due_offset_days: row.due_offset_days,
                recurrence: row.recurrence.as_deref().map(recurrence).transpose()?,
                assignee_role: row.assignee_role.map(|role| role.parse()).transpose()?,
                approval_step: row.approval_step,
                is_active: row.is_active,
                position: row.position,
                version: row.version,
                updated_at: row.updated_at.to_jiff(),
            })
        })
        .collect()
}

impl CustomerReader {
    /// The rules that are on and apply at a level, for a standard and a template.
    pub async fn applicable_rules(
        &mut self,
        level: TaskScope,
        standard: Option<StandardId>,
        template: Option<TemplateId>,
    ) -> Result<Vec<TaskRule>> {
        let applicable = Some((standard.map(|id| id.0), template.map(|id| id.0)));
        rules(self.connection(), Wanted { level: Some(level), applicable, ..Wanted::default() }).await
    }
}

impl LibraryReader {
    /// All rules, by level and position.
    pub async fn task_rules(&mut self) -> Result<Vec<TaskRule>> {
        rules(self.connection(), Wanted::default()).await
    }

    /// One rule.
    pub async fn task_rule(&mut self, id: RuleId) -> Result<TaskRule> {
        rules(self.connection(), Wanted { id: Some(id.0), ..Wanted::default() }).await?.pop().ok_or(Error::NotFound)
    }
}

impl PortfolioReader {
    /// The places, among the customers the actor may see, at which a rule applies and has not made
    /// its task yet. Ignored plans and templates and archived customers are left alone.
    pub async fn rule_targets(&mut self, rule: &TaskRule) -> Result<Vec<RuleTarget>> {
        let (visible, source) = (self.customers.clone(), format!("rule:{}", rule.id));
        let rows = sqlx::query!(
            r#"WITH place AS (
                   SELECT c.id AS customer_id, NULL::uuid AS plan_id, NULL::uuid AS template_id, NULL::uuid AS document_id, NULL::uuid AS standard_id,
                          'customer' AS level
                   FROM dna_app.customers c
                   UNION ALL
                   SELECT p.customer_id, p.id, NULL, NULL, p.iso_standard_id, 'plan'
                   FROM dna_app.customer_iso_plans p WHERE NOT p.is_ignored
                   UNION ALL
                   SELECT a.customer_id, a.plan_id, a.template_id, NULL, p.iso_standard_id, 'template'
                   FROM dna_app.customer_iso_plan_templates a
                   JOIN dna_app.customer_iso_plans p ON p.customer_id = a.customer_id AND p.id = a.plan_id AND NOT p.is_ignored
                   WHERE NOT a.is_ignored
                   UNION ALL
                   SELECT d.customer_id, d.plan_id, d.template_id, d.id, p.iso_standard_id, 'document'
                   FROM dna_app.customer_documents d
                   JOIN dna_app.customer_iso_plan_templates a
                       ON a.customer_id = d.customer_id AND a.plan_id = d.plan_id AND a.template_id = d.template_id AND NOT a.is_ignored
                   JOIN dna_app.customer_iso_plans p ON p.customer_id = d.customer_id AND p.id = d.plan_id AND NOT p.is_ignored
                   WHERE d.status IN ('draft', 'in_review', 'rejected')
               )
               SELECT l.customer_id AS "customer_id!", c.name, l.plan_id, l.template_id, l.document_id
               FROM place l JOIN dna_app.customers c ON c.id = l.customer_id
               WHERE ($1::integer[] IS NULL OR l.customer_id = ANY($1)) AND c.status <> 'archived' AND l.level = $2
                 AND ($3::uuid IS NULL OR l.standard_id = $3) AND ($4::uuid IS NULL OR l.template_id = $4)
                 AND NOT EXISTS (
                     SELECT FROM dna_app.customer_tasks t
                     WHERE t.customer_id = l.customer_id AND t.plan_id IS NOT DISTINCT FROM l.plan_id
                       AND t.template_id IS NOT DISTINCT FROM l.template_id AND t.document_id IS NOT DISTINCT FROM l.document_id
                       AND t.generation_source = $5)
               ORDER BY lower(c.name), l.customer_id"#,
            visible.as_deref(),
            rule.level.as_str(),
            rule.standard_id.map(|id| id.0),
            rule.template_id.map(|id| id.0),
            source
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|row| {
                let (plan, template, document) =
                    (row.plan_id.map(PlanId), row.template_id.map(TemplateId), row.document_id.map(DocumentId));
                let place =
                    TaskPlace::from_links(plan, template, document, Some(rule.level)).map_err(|error| Error::Corrupt(error.to_string()))?;
                Ok(RuleTarget { customer_id: CustomerId(row.customer_id), customer_name: row.name, place })
            })
            .collect()
    }
}

impl LibraryWriter {
    /// Adds a rule at the end of its level.
    pub async fn insert_task_rule(&mut self, id: RuleId, rule: &RuleDetails) -> Result<()> {
        let (actor, at) = (self.actor.map(|id| id.0), self.at);
        sqlx::query!(
            r#"INSERT INTO dna_app.task_rules (id, level, iso_standard_id, template_id, title, description, task_type, priority, requires_evidence,
                   evidence_description, due_offset_days, assignee_role, approval_step, is_active, position, created_by, created_at, updated_at,
                   recurrence)
               VALUES ($1, $2::varchar, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                   (SELECT coalesce(max(position), 0) + 10 FROM dna_app.task_rules WHERE level = $2::varchar), $15, $16, $16, $17)"#,
            id.0,
            rule.level.as_str(),
            rule.standard_id.map(|id| id.0),
            rule.template_id.map(|id| id.0),
            rule.title.as_str(),
            rule.description.as_ref().map(Prose::as_str),
            rule.task_type.as_str(),
            rule.priority.as_str(),
            rule.requires_evidence,
            rule.evidence_description.as_ref().map(Prose::as_str),
            rule.due_offset_days,
            rule.assignee_role.map(|role| role.as_str()),
            rule.approval_step.as_ref().map(|step| step.as_str()),
            rule.is_active,
            actor,
            at.to_sqlx(),
            rule.recurrence.as_ref().map(ToString::to_string)
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Replaces a rule's data, if nobody changed it since `expected`.
    pub async fn update_task_rule(&mut self, id: RuleId, rule: &RuleDetails, expected: i32) -> Result<()> {
        let at = self.at;
        let changed = sqlx::query!(
            r#"UPDATE dna_app.task_rules
               SET level = $2, iso_standard_id = $3, template_id = $4, title = $5, description = $6, task_type = $7, priority = $8,
                   requires_evidence = $9, evidence_description = $10, due_offset_days = $11, assignee_role = $12, approval_step = $13,
                   is_active = $14, recurrence = $17, updated_at = $15, version = version + 1
               WHERE id = $1 AND version = $16"#,
            id.0,
            rule.level.as_str(),
            rule.standard_id.map(|id| id.0),
            rule.template_id.map(|id| id.0),
            rule.title.as_str(),
            rule.description.as_ref().map(Prose::as_str),
            rule.task_type.as_str(),
            rule.priority.as_str(),
            rule.requires_evidence,
            rule.evidence_description.as_ref().map(Prose::as_str),
            rule.due_offset_days,
            rule.assignee_role.map(|role| role.as_str()),
            rule.approval_step.as_ref().map(|step| step.as_str()),
            rule.is_active,
            at.to_sqlx(),
            expected,
            rule.recurrence.as_ref().map(ToString::to_string)
        )
        .execute(self.connection())
        .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::Stale { current: self.task_rule(id).await?.version });
        }
        Ok(())
    }
}
