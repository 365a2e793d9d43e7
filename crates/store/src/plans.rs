//! Plans, and the templates assigned to them.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{CustomerId, DocumentId, PlanId, ReleaseId, StandardId, TaskId, TemplateId},
    plans::{Assignment, Ignored, IgnoredItem, IgnoredKind, Plan, PlanStatus},
    tasks::TaskPlace,
    text::Name,
};

use crate::{CustomerReader, CustomerWriter, Error, Locator, Result};

/// A change of a plan's own fields. `None` leaves a field as it is; `Some(None)` empties it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanChange {
    /// Where it stands.
    pub status: Option<PlanStatus>,
    /// The day by which it shall be done.
    pub target_completion_date: Option<Option<Date>>,
    /// A name of its own.
    pub name: Option<Option<Name>>,
}

/// Who ignored something, when and why, from its three columns.
pub(crate) fn ignored(at: Option<jiff_sqlx::Timestamp>, by: Option<String>, reason: Option<String>) -> Option<Ignored> {
    Some(Ignored { at: at?.to_jiff(), by, reason: reason.unwrap_or_default() })
}

impl Locator {
    /// The customer that a plan belongs to, among those the actor may know of.
    pub async fn customer_of_plan(&mut self, plan: PlanId) -> Result<CustomerId> {
        let visible = self.customers();
        sqlx::query_scalar!(
            "SELECT customer_id FROM dna_app.customer_iso_plans WHERE ($1::integer[] IS NULL OR customer_id = ANY($1)) AND id = $2",
            visible.as_deref(),
            plan.0
        )
        .fetch_optional(self.connection())
        .await?
        .map(CustomerId)
        .ok_or(Error::NotFound)
    }
}

impl CustomerReader {
    /// A plan, ignored or not.
    pub async fn plan(&mut self, plan: PlanId) -> Result<Plan> {
        self.plans_where(Some(plan), None).await?.pop().ok_or(Error::NotFound)
    }

    /// The customer's plans, ignored or not, by standard.
    pub async fn plans(&mut self) -> Result<Vec<Plan>> {
        self.plans_where(None, None).await
    }

    /// The customer's plan for a standard, ignored or not.
    pub async fn plan_for_standard(&mut self, standard: StandardId) -> Result<Option<Plan>> {
        Ok(self.plans_where(None, Some(standard)).await?.pop())
    }

    async fn plans_where(&mut self, plan: Option<PlanId>, standard: Option<StandardId>) -> Result<Vec<Plan>> {
        let customer = self.customer;
        let rows = sqlx::query!(
            r#"SELECT p.id, c.name AS customer_name, p.iso_standard_id, s.code, s.name AS iso_name, p.plan_name, p.plan_status,
                      p.target_completion_date, p.is_ignored, p.ignored_at, u.full_name AS "ignored_by?", p.ignore_reason,
                      p.version, p.created_at, p.updated_at
               FROM dna_app.customer_iso_plans p
               JOIN dna_app.customers c ON c.id = p.customer_id
               JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               LEFT JOIN auth.users u ON u.id = p.ignored_by
               WHERE p.customer_id = $1 AND ($2::uuid IS NULL OR p.id = $2) AND ($3::uuid IS NULL OR p.iso_standard_id = $3)
               ORDER BY s.code"#,
            customer.0,
            plan.map(|id| id.0),
            standard.map(|id| id.0)
        )
        .fetch_all(self.connection())
        .await?;
        let plan = |row: &_| -> Result<PlanStatus> { Ok(str::parse(row)?) };
        rows.into_iter()
            .map(|row| {
                Ok(Plan {
                    id: PlanId(row.id),
                    customer_id: customer,
                    customer_name: row.customer_name,
                    standard_id: StandardId(row.iso_standard_id),
                    iso_code: row.code,
                    iso_name: row.iso_name,
                    name: row.plan_name,
                    status: plan(row.plan_status.as_str())?,
                    target_completion_date: row.target_completion_date.map(jiff_sqlx::Date::to_jiff),
                    ignored: if row.is_ignored { ignored(row.ignored_at, row.ignored_by, row.ignore_reason) } else { None },
                    version: row.version,
                    created_at: row.created_at.to_jiff(),
                    updated_at: row.updated_at.to_jiff(),
                })
            })
            .collect()
    }

    /// The templates assigned to a plan, ignored or not, by name.
    pub async fn assignments(&mut self, plan: PlanId) -> Result<Vec<Assignment>> {
        self.assignments_where(plan, None).await
    }

    /// One template of a plan, ignored or not.
    pub async fn assignment(&mut self, plan: PlanId, template: TemplateId) -> Result<Assignment> {
        self.assignments_where(plan, Some(template)).await?.pop().ok_or(Error::NotFound)
    }

    async fn assignments_where(&mut self, plan: PlanId, template: Option<TemplateId>) -> Result<Vec<Assignment>> {
        let customer = self.customer;
        let rows = sqlx::query!(
            r#"SELECT a.template_id, t.name, a.release_id, r.number, a.is_ignored, a.ignored_at, u.full_name AS "ignored_by?",
                      a.ignore_reason, a.version, a.created_at
               FROM dna_app.customer_iso_plan_templates a
               JOIN dna_app.templates t ON t.id = a.template_id
               JOIN dna_app.template_releases r ON r.id = a.release_id
               LEFT JOIN auth.users u ON u.id = a.ignored_by
               WHERE a.customer_id = $1 AND a.plan_id = $2 AND ($3::uuid IS NULL OR a.template_id = $3)
               ORDER BY lower(t.name), t.id"#,
            customer.0,
            plan.0,
            template.map(|id| id.0)
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Assignment {
                customer_id: customer,
                plan_id: plan,
                template_id: TemplateId(row.template_id),
                template_name: row.name,
                release_id: ReleaseId(row.release_id),
                release_number: row.number,
                ignored: if row.is_ignored { ignored(row.ignored_at, row.ignored_by, row.ignore_reason) } else { None },
                version: row.version,
                created_at: row.created_at.to_jiff(),
            })
            .collect())
    }

    /// Everything of the customer that is ignored, the latest first.
    pub async fn ignored_items(&mut self) -> Result<Vec<IgnoredItem>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT kind AS "kind!", plan_id, template_id, document_id, task_id, title AS "title!", iso_code, template_name,
                      ignored_at, u.full_name AS "ignored_by?", ignore_reason
               FROM (
                   SELECT 'plan' AS kind, p.id AS plan_id, NULL::uuid AS template_id, NULL::uuid AS document_id, NULL::uuid AS task_id,
                          s.code AS title,
                          NULL::varchar AS iso_code, NULL::varchar AS template_name, p.ignored_at, p.ignored_by, p.ignore_reason
                   FROM dna_app.customer_iso_plans p JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
                   WHERE p.customer_id = $1 AND p.is_ignored
                   UNION ALL
                   SELECT 'assignment', a.plan_id, a.template_id, NULL, NULL, t.name, s.code, NULL, a.ignored_at, a.ignored_by,
                          a.ignore_reason
                   FROM dna_app.customer_iso_plan_templates a
                   JOIN dna_app.templates t ON t.id = a.template_id
                   JOIN dna_app.customer_iso_plans p ON p.customer_id = a.customer_id AND p.id = a.plan_id
                   JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
                   WHERE a.customer_id = $1 AND a.is_ignored
                   UNION ALL
                   SELECT 'task', k.plan_id, k.template_id, k.document_id, k.id, k.title, s.code, t.name, k.ignored_at, k.ignored_by, k.ignore_reason
                   FROM dna_app.customer_tasks k
                   LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = k.customer_id AND p.id = k.plan_id
                   LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
                   LEFT JOIN dna_app.templates t ON t.id = k.template_id
                   WHERE k.customer_id = $1 AND k.is_ignored
               ) i
               LEFT JOIN auth.users u ON u.id = i.ignored_by
               ORDER BY ignored_at DESC, title"#,
            customer
        )
        .fetch_all(self.connection())
        .await?;
        let item = |kind: &str, place: TaskPlace, task: Option<uuid::Uuid>| match kind {
            "plan" => place.plan().map(IgnoredKind::Plan),
            "assignment" => place.plan().zip(place.template()).map(|(plan, template)| IgnoredKind::Assignment(plan, template)),
            _ => task.map(|task| IgnoredKind::Task(TaskId(task))),
        };
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let (plan, template) = (row.plan_id.map(PlanId), row.template_id.map(TemplateId));
                let place = TaskPlace::from_links(plan, template, row.document_id.map(DocumentId), None).ok()?;
                Some(IgnoredItem {
                    kind: item(&row.kind, place, row.task_id)?,
                    place,
                    title: row.title,
                    path: [row.iso_code, row.template_name].into_iter().flatten().collect(),
                    ignored: ignored(row.ignored_at, row.ignored_by, row.ignore_reason)?,
                })
            })
            .collect())
    }
}

impl CustomerWriter {
    /// Records that the customer follows a standard. `false`: it does already; whoever came at
    /// the same moment is waited for, so the plan is there to be read.
    pub async fn insert_plan(&mut self, id: PlanId, standard: StandardId, takes_all: bool, target: Option<Date>) -> Result<bool> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let made = sqlx::query!(
            r#"INSERT INTO dna_app.customer_iso_plans (id, customer_id, iso_standard_id, template_selection_mode, target_completion_date,
                                                       started_at, created_by, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $6)
               ON CONFLICT (customer_id, iso_standard_id) DO NOTHING"#,
            id.0,
            customer,
            standard.0,
            if takes_all { "all" } else { "selective" },
            target.map(ToSqlx::to_sqlx),
            at.to_sqlx(),
            actor
        )
        .execute(self.connection())
        .await?;
        Ok(made.rows_affected() > 0)
    }

    /// Changes a plan's own fields, if nobody changed it since `expected`.
    pub async fn update_plan(&mut self, plan: PlanId, change: &PlanChange, expected: i32) -> Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        let name = change.name.as_ref().map(|name| name.as_ref().map(Name::as_str));
        let changed = sqlx::query!(
            r#"UPDATE dna_app.customer_iso_plans
               SET plan_status = coalesce($3, plan_status),
                   completed_at = CASE WHEN $3 = 'completed' THEN $8 WHEN $3 IS NOT NULL THEN NULL ELSE completed_at END,
                   target_completion_date = CASE WHEN $4 THEN $5 ELSE target_completion_date END,
                   plan_name = CASE WHEN $6 THEN $7 ELSE plan_name END,
                   updated_at = $8, version = version + 1
               WHERE customer_id = $1 AND id = $2 AND version = $9"#,
            customer,
            plan.0,
            change.status.map(PlanStatus::as_str),
            change.target_completion_date.is_some(),
            change.target_completion_date.flatten().map(ToSqlx::to_sqlx),
            name.is_some(),
            name.flatten(),
            at.to_sqlx(),
            expected
        )
        .execute(self.connection())
        .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::Stale { current: self.plan(plan).await?.version });
        }
        Ok(())
    }

    /// A plan, held until the transaction ends.
    pub async fn lock_plan(&mut self, plan: PlanId) -> Result<Plan> {
        let customer = self.customer.0;
        sqlx::query!("SELECT id FROM dna_app.customer_iso_plans WHERE customer_id = $1 AND id = $2 FOR NO KEY UPDATE", customer, plan.0)
            .fetch_optional(self.connection())
            .await?
            .ok_or(Error::NotFound)?;
        self.plan(plan).await
    }

    /// A template of a plan, held until the transaction ends.
    pub async fn lock_assignment(&mut self, plan: PlanId, template: TemplateId) -> Result<Assignment> {
        let customer = self.customer.0;
        sqlx::query!(
            r#"SELECT id FROM dna_app.customer_iso_plan_templates WHERE customer_id = $1 AND plan_id = $2 AND template_id = $3
               FOR NO KEY UPDATE"#,
            customer,
            plan.0,
            template.0
        )
        .fetch_optional(self.connection())
        .await?
        .ok_or(Error::NotFound)?;
        self.assignment(plan, template).await
    }

    /// Ignores a plan (`Some(reason)`) or restores it (`None`). `false`: it was so already.
    pub async fn set_plan_ignored(&mut self, plan: PlanId, reason: Option<&str>) -> Result<bool> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let changed = sqlx::query!(
            r#"UPDATE dna_app.customer_iso_plans
               SET is_ignored = $3::text IS NOT NULL, ignore_reason = $3,
                   ignored_at = CASE WHEN $3 IS NOT NULL THEN $4::timestamptz END, ignored_by = CASE WHEN $3 IS NOT NULL THEN $5::integer END,
                   updated_at = $4, version = version + 1
               WHERE customer_id = $1 AND id = $2 AND is_ignored <> ($3::text IS NOT NULL)"#,
            customer,
            plan.0,
            reason,
            at.to_sqlx(),
            actor
        )
        .execute(self.connection())
        .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Assigns a release of a template to a plan. `false`: the template is assigned already.
    pub async fn insert_assignment(&mut self, id: uuid::Uuid, plan: PlanId, template: TemplateId, release: ReleaseId) -> Result<bool> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let made = sqlx::query!(
            r#"INSERT INTO dna_app.customer_iso_plan_templates (id, customer_id, plan_id, template_id, release_id, created_by, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
               ON CONFLICT (customer_id, plan_id, template_id) DO NOTHING"#,
            id,
            customer,
            plan.0,
            template.0,
            release.0,
            actor,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(made.rows_affected() > 0)
    }

    /// Ignores a template of a plan (`Some(reason)`) or restores it (`None`). `false`: it was so already.
    pub async fn set_assignment_ignored(&mut self, plan: PlanId, template: TemplateId, reason: Option<&str>) -> Result<bool> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let changed = sqlx::query!(
            r#"UPDATE dna_app.customer_iso_plan_templates
               SET is_ignored = $4::text IS NOT NULL, ignore_reason = $4,
                   ignored_at = CASE WHEN $4 IS NOT NULL THEN $5::timestamptz END, ignored_by = CASE WHEN $4 IS NOT NULL THEN $6::integer END,
                   updated_at = $5, version = version + 1
               WHERE customer_id = $1 AND plan_id = $2 AND template_id = $3 AND is_ignored <> ($4::text IS NOT NULL)"#,
            customer,
            plan.0,
            template.0,
            reason,
            at.to_sqlx(),
            actor
        )
        .execute(self.connection())
        .await?;
        Ok(changed.rows_affected() > 0)
    }
}
