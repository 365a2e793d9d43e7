//! Bringing templates of plans to newer releases.

use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{CustomerId, PlanId, ReleaseId, TaskId, TemplateId},
    tasks::Task,
    templates::Release,
    upgrades::TaskUpdate,
};

use crate::{CustomerReader, CustomerWriter, Error, PortfolioReader, Result, templates::releases};

/// A plan that has a template at some release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpgradeTarget {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// The plan.
    pub plan_id: PlanId,
    /// The code of its standard.
    pub iso_code: String,
    /// The number of the release that it pins.
    pub release: i32,
}

impl CustomerReader {
    /// A release of a template by its number; the latest without one.
    pub async fn release_numbered(&mut self, template: TemplateId, number: Option<i32>) -> Result<Release> {
        let id = sqlx::query_scalar!(
            r#"SELECT id FROM dna_app.template_releases
               WHERE template_id = $1 AND released_at IS NOT NULL AND ($2::integer IS NULL OR number = $2) ORDER BY number DESC LIMIT 1"#,
            template.0,
            number
        )
        .fetch_optional(self.connection())
        .await?
        .ok_or(Error::NotFound)?;
        releases(self.connection(), template.0, Some(id)).await?.pop().ok_or(Error::NotFound)
    }

    /// The tasks of the questions of a template of a plan, also ignored ones and those of questions
    /// that are not asked any more.
    pub async fn question_tasks(&mut self, plan: PlanId, template: TemplateId) -> Result<Vec<Task>> {
        let customer = self.customer_id().0;
        let ids = sqlx::query_scalar!(
            r#"SELECT id FROM dna_app.customer_tasks
               WHERE customer_id = $1 AND plan_id = $2 AND template_id = $3 AND document_id IS NULL
                 AND generation_source LIKE 'question:%' AND occurrence = ''"#,
            customer,
            plan.0,
            template.0
        )
        .fetch_all(self.connection())
        .await?;
        self.tasks_by_ids(&ids.into_iter().map(TaskId).collect::<Vec<_>>()).await
    }

    /// The number of the latest release of a template that is offered, where a plan pins an older one.
    pub async fn newer_release(&mut self, plan: PlanId, template: TemplateId) -> Result<Option<i32>> {
        let customer = self.customer_id().0;
        Ok(sqlx::query_scalar!(
            r#"SELECT max(n.number) FROM dna_app.customer_iso_plan_templates a
               JOIN dna_app.template_releases r ON r.id = a.release_id
               JOIN dna_app.templates t ON t.id = a.template_id AND t.status = 'approved'
               JOIN dna_app.template_releases n ON n.template_id = a.template_id AND n.released_at IS NOT NULL AND n.number > r.number
               WHERE a.customer_id = $1 AND a.plan_id = $2 AND a.template_id = $3"#,
            customer,
            plan.0,
            template.0
        )
        .fetch_one(self.connection())
        .await?)
    }
}

impl CustomerWriter {
    /// The same, held until the transaction ends, so that what is decided on them still holds.
    pub async fn lock_question_tasks(&mut self, plan: PlanId, template: TemplateId) -> Result<Vec<Task>> {
        let customer = self.customer_id().0;
        sqlx::query!(
            r#"SELECT id FROM dna_app.customer_tasks
               WHERE customer_id = $1 AND plan_id = $2 AND template_id = $3 AND document_id IS NULL
                 AND generation_source LIKE 'question:%' AND occurrence = ''
               ORDER BY id FOR NO KEY UPDATE"#,
            customer,
            plan.0,
            template.0
        )
        .fetch_all(self.connection())
        .await?;
        self.question_tasks(plan, template).await
    }

    /// Makes a template of a plan, which is held, pin another release.
    pub async fn pin_release(&mut self, plan: PlanId, template: TemplateId, release: ReleaseId) -> Result<()> {
        let (customer, at) = (self.customer_id().0, self.at());
        sqlx::query!(
            r#"UPDATE dna_app.customer_iso_plan_templates SET release_id = $4, updated_at = $5, version = version + 1
               WHERE customer_id = $1 AND plan_id = $2 AND template_id = $3"#,
            customer,
            plan.0,
            template.0,
            release.0,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Lets tasks follow their questions; only rows in which something differs are written.
    pub async fn update_question_tasks(&mut self, tasks: &[TaskUpdate]) -> Result<()> {
        let (customer, at) = (self.customer_id().0, self.at());
        sqlx::query!(
            r#"UPDATE dna_app.customer_tasks t
               SET title = u.title, description = u.description, requires_evidence = u.requires_evidence,
                   evidence_description = u.evidence_description, position = u.position, updated_at = $8, version = t.version + 1
               FROM unnest($2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::integer[])
                   AS u (id, title, description, requires_evidence, evidence_description, position)
               WHERE t.customer_id = $1 AND t.id = u.id
                 AND (t.title, t.description, t.requires_evidence, t.evidence_description, t.position)
                     IS DISTINCT FROM (u.title, u.description, u.requires_evidence, u.evidence_description, u.position)"#,
            customer,
            &tasks.iter().map(|task| task.id.0).collect::<Vec<_>>(),
            &tasks.iter().map(|task| task.title.clone()).collect::<Vec<_>>(),
            &tasks.iter().map(|task| task.description.clone()).collect::<Vec<_>>() as &[Option<String>],
            &tasks.iter().map(|task| task.requires_evidence).collect::<Vec<_>>(),
            &tasks.iter().map(|task| task.evidence_description.clone()).collect::<Vec<_>>() as &[Option<String>],
            &tasks.iter().map(|task| task.position).collect::<Vec<_>>(),
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

impl PortfolioReader {
    /// The plans, among the customers the actor may see, that have a template. Ignored plans and
    /// templates and archived customers are left alone.
    pub async fn upgrade_targets(&mut self, template: TemplateId) -> Result<Vec<UpgradeTarget>> {
        let visible = self.customers.clone();
        let rows = sqlx::query!(
            r#"SELECT a.customer_id, c.name, a.plan_id, s.code, r.number
               FROM dna_app.customer_iso_plan_templates a
               JOIN dna_app.customers c ON c.id = a.customer_id AND c.status <> 'archived'
               JOIN dna_app.customer_iso_plans p ON p.customer_id = a.customer_id AND p.id = a.plan_id AND NOT p.is_ignored
               JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               JOIN dna_app.template_releases r ON r.id = a.release_id
               WHERE ($1::integer[] IS NULL OR a.customer_id = ANY($1)) AND a.template_id = $2 AND NOT a.is_ignored
               ORDER BY lower(c.name), c.id, s.code"#,
            visible.as_deref(),
            template.0
        )
        .fetch_all(self.connection())
        .await?;
        let target = |(customer, customer_name, plan, iso_code, release)| UpgradeTarget {
            customer_id: CustomerId(customer),
            customer_name,
            plan_id: PlanId(plan),
            iso_code,
            release,
        };
        Ok(rows.into_iter().map(|row| target((row.customer_id, row.name, row.plan_id, row.code, row.number))).collect())
    }
}
