//! A person's own open tasks, across customers.

use muster_domain::{
    ids::{CustomerId, DocumentId, PlanId, TaskId, TemplateId},
    tasks::{TaskPlace, TaskType},
    workspace::{PersonalTask, WorkspaceTask},
};

use super::question_key;
use crate::{Error, PortfolioReader, Result, answers::person};

impl PortfolioReader {
    /// All open tasks of the actor: assigned to them, or fallen to a role that they have and taken
    /// by nobody yet; the earliest due first. `roles` pairs customers with roles; a role without
    /// customer counts everywhere. The rows are narrow, so that they can be counted and grouped as
    /// a whole.
    pub async fn personal_tasks(&mut self, roles: &[(Option<CustomerId>, &str)]) -> Result<Vec<PersonalTask>> {
        let (visible, actor) = (self.customers.clone(), self.actor.0);
        let role_customers: Vec<Option<i32>> = roles.iter().map(|role| role.0.map(|id| id.0)).collect();
        let role_names: Vec<String> = roles.iter().map(|role| role.1.to_owned()).collect();
        let rows = sqlx::query!(
            r#"SELECT t.id AS "id!", t.customer_id AS "customer_id!", c.name AS customer_name, t.time_zone AS "time_zone!", t.plan_id,
                      s.code AS "iso_code?", t.template_id, e.name AS "template_name?", t.document_id, d.document_name AS "document_name?",
                      t.title AS "title!", t.status AS "status!", t.priority AS "priority!", t.due_date, t.task_type AS "task_type!",
                      t.requires_evidence AS "requires_evidence!", t.evidence_uploaded AS "evidence_uploaded!",
                      t.assigned_to, u.full_name AS "assigned_to_name?", (u.role <> 'member') AS "assigned_to_is_firm?", t.assignee_role,
                      t.generation_source, t.approval_step, t.version AS "version!"
               FROM dna_app.visible_open_tasks t
               JOIN dna_app.customers c ON c.id = t.customer_id
               LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
               LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               LEFT JOIN dna_app.templates e ON e.id = t.template_id
               LEFT JOIN dna_app.customer_documents d ON d.customer_id = t.customer_id AND d.id = t.document_id
               LEFT JOIN auth.users u ON u.id = t.assigned_to
               WHERE ($1::integer[] IS NULL OR t.customer_id = ANY($1))
                 AND (t.assigned_to = $2 OR (t.assigned_to IS NULL AND EXISTS (
                     SELECT FROM unnest($3::integer[], $4::text[]) AS mine (customer_id, role)
                     WHERE mine.role = t.assignee_role AND (mine.customer_id IS NULL OR mine.customer_id = t.customer_id))))
               ORDER BY t.due_date NULLS LAST, array_position(ARRAY['urgent', 'high', 'medium', 'low'], t.priority::text), c.name, s.code, lower(e.name), e.id,
                        t.position, t.id"#,
            visible.as_deref(),
            actor,
            &role_customers as &[Option<i32>],
            &role_names
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|row| {
                let (plan, template) = (row.plan_id.map(PlanId), row.template_id.map(TemplateId));
                let place = TaskPlace::from_links(plan, template, row.document_id.map(DocumentId), None);
                Ok(PersonalTask {
                    customer_id: CustomerId(row.customer_id),
                    customer_name: row.customer_name,
                    time_zone: row.time_zone,
                    place: place.map_err(|_| Error::Corrupt("a task without its links".to_owned()))?,
                    path: [row.iso_code, row.template_name, row.document_name].into_iter().flatten().collect(),
                    approval_step: row.approval_step,
                    task: WorkspaceTask {
                        id: TaskId(row.id),
                        title: row.title,
                        status: row.status.parse()?,
                        priority: row.priority.parse()?,
                        due_date: row.due_date.map(jiff_sqlx::Date::to_jiff),
                        task_type: TaskType::stored(row.task_type),
                        requires_evidence: row.requires_evidence,
                        evidence_uploaded: row.evidence_uploaded,
                        assigned_to: person(row.assigned_to, row.assigned_to_name, row.assigned_to_is_firm),
                        assignee_role: row.assignee_role.map(|role| role.parse()).transpose()?,
                        question_key: row.generation_source.as_deref().and_then(question_key).map(ToOwned::to_owned),
                        version: row.version,
                    },
                })
            })
            .collect()
    }
}
