//! Progress, from the views.

use muster_domain::{
    ids::{PlanId, TemplateId},
    progress::{PlanProgress, TaskCounts, TemplateProgress},
};

use crate::{CustomerReader, Result};

impl CustomerReader {
    /// The rows of `v_plan_progress`, of one plan or of all, by standard code.
    pub async fn plan_progress(&mut self, plan: Option<PlanId>) -> Result<Vec<PlanProgress>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT plan_id AS "plan_id!", iso_code AS "iso_code!", iso_name AS "iso_name!", plan_status AS "plan_status!",
                      total_templates AS "total_templates!", approved_templates AS "approved_templates!", total_tasks AS "total_tasks!",
                      completed_tasks AS "completed_tasks!", pending_tasks AS "pending_tasks!", in_progress_tasks AS "in_progress_tasks!",
                      overdue_tasks AS "overdue_tasks!", cancelled_tasks AS "cancelled_tasks!", progress_percentage AS "progress_percentage!"
               FROM dna_app.v_plan_progress WHERE customer_id = $1 AND ($2::uuid IS NULL OR plan_id = $2) ORDER BY iso_code"#,
            customer,
            plan.map(|id| id.0)
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(PlanProgress {
                    plan_id: PlanId(row.plan_id),
                    iso_code: row.iso_code,
                    iso_name: row.iso_name,
                    plan_status: row.plan_status.parse()?,
                    total_templates: row.total_templates,
                    approved_templates: row.approved_templates,
                    tasks: TaskCounts {
                        total: row.total_tasks,
                        completed: row.completed_tasks,
                        pending: row.pending_tasks,
                        in_progress: row.in_progress_tasks,
                        overdue: row.overdue_tasks,
                        cancelled: row.cancelled_tasks,
                        percentage: row.progress_percentage,
                    },
                })
            })
            .collect()
    }

    /// The rows of `v_template_progress`, of one plan or of all, by name.
    pub async fn template_progress(&mut self, plan: Option<PlanId>) -> Result<Vec<TemplateProgress>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT plan_id AS "plan_id!", template_id AS "template_id!", template_name AS "template_name!", total_tasks AS "total_tasks!",
                      completed_tasks AS "completed_tasks!", pending_tasks AS "pending_tasks!", in_progress_tasks AS "in_progress_tasks!",
                      overdue_tasks AS "overdue_tasks!", cancelled_tasks AS "cancelled_tasks!", progress_percentage AS "progress_percentage!"
               FROM dna_app.v_template_progress WHERE customer_id = $1 AND ($2::uuid IS NULL OR plan_id = $2)
               ORDER BY lower(template_name), template_id"#,
            customer,
            plan.map(|id| id.0)
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| TemplateProgress {
                plan_id: PlanId(row.plan_id),
                template_id: TemplateId(row.template_id),
                template_name: row.template_name,
                tasks: TaskCounts {
                    total: row.total_tasks,
                    completed: row.completed_tasks,
                    pending: row.pending_tasks,
                    in_progress: row.in_progress_tasks,
                    overdue: row.overdue_tasks,
                    cancelled: row.cancelled_tasks,
                    percentage: row.progress_percentage,
                },
            })
            .collect())
    }
}
