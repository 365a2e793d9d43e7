//! Writing tasks.

use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{PlanId, TaskId, TemplateId},
    tasks::{HandMadeTask, Task, TaskChange, TaskStatus},
    text::{Prose, Title},
};

use crate::{CustomerWriter, Error, Result};

impl CustomerWriter {
    /// Adds a task by hand.
    ///
    /// # Errors
    /// [`Error::Constraint`] where the place does not exist or is another customer's.
    pub async fn insert_task(&mut self, id: TaskId, task: &HandMadeTask) -> Result<()> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_tasks (id, customer_id, plan_id, template_id, document_id, task_scope, task_type, title, description,
                   priority, requires_evidence, evidence_description, assigned_to, assignee_role, due_date, notes, created_by, created_manually_by,
                   created_at, updated_at, recurrence)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18, $18, $19)"#,
            id.0,
            customer,
            task.place.plan().map(|id| id.0),
            task.place.template().map(|id| id.0),
            task.place.document().map(|id| id.0),
            task.place.scope().as_str(),
            task.task_type.as_str(),
            task.title.as_str(),
            task.description.as_ref().map(Prose::as_str),
            task.priority.as_str(),
            task.requires_evidence,
            task.evidence_description.as_ref().map(Prose::as_str),
            task.assigned_to.map(|id| id.0),
            task.assignee_role.map(|role| role.as_str()),
            task.due_date.map(ToSqlx::to_sqlx),
            task.notes.as_ref().map(Prose::as_str),
            actor,
            at.to_sqlx(),
            task.recurrence.as_ref().map(ToString::to_string)
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// A task, held until the transaction ends, so that what is decided on it still holds when it
    /// is written.
    pub async fn lock_task(&mut self, id: TaskId) -> Result<Task> {
        let customer = self.customer.0;
        sqlx::query!("SELECT id FROM dna_app.customer_tasks WHERE customer_id = $1 AND id = $2 FOR NO KEY UPDATE", customer, id.0)
            .fetch_optional(self.connection())
            .await?
            .ok_or(Error::NotFound)?;
        self.task(id).await
    }

    /// The task of a question, held until the transaction ends. None where it was never generated.
    pub async fn lock_question_task(&mut self, plan: PlanId, template: TemplateId, key: &str) -> Result<Option<Task>> {
        let customer = self.customer.0;
        let id = sqlx::query_scalar!(
            r#"SELECT id FROM dna_app.customer_tasks
               WHERE customer_id = $1 AND plan_id = $2 AND template_id = $3 AND document_id IS NULL
                 AND generation_source = 'question:' || $4::text AND occurrence = ''
               FOR NO KEY UPDATE"#,
            customer,
            plan.0,
            template.0,
            key
        )
        .fetch_optional(self.connection())
        .await?;
        match id {
            None => Ok(None),
            Some(id) => self.task(TaskId(id)).await.map(Some),
        }
    }

    /// Gives a locked task a new status; who completed it and when follow from it.
    pub async fn set_task_status(&mut self, id: TaskId, status: TaskStatus) -> Result<()> {
        let (customer, author, at) = (self.customer.0, self.author(), self.at);
        sqlx::query!(
            r#"UPDATE dna_app.customer_tasks
               SET status = $3::text, completed_at = CASE WHEN $3 = 'completed' THEN $4::timestamptz END,
                   completed_by = CASE WHEN $3 = 'completed' THEN $5::integer END, updated_at = $4, version = version + 1
               WHERE customer_id = $1 AND id = $2"#,
            customer,
            id.0,
            status.as_str(),
            at.to_sqlx(),
            author
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Changes a locked task's own fields.
    pub async fn update_task(&mut self, id: TaskId, change: &TaskChange) -> Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        let text = |value: &Option<Option<Prose>>| value.as_ref().and_then(|value| value.as_ref().map(|text| text.as_str().to_owned()));
        sqlx::query!(
            r#"UPDATE dna_app.customer_tasks
               SET title = coalesce($3, title),
                   description = CASE WHEN $4 THEN $5 ELSE description END,
                   priority = coalesce($6, priority),
                   assigned_to = CASE WHEN $7 THEN $8 ELSE assigned_to END,
                   assignee_role = CASE WHEN $9 THEN $10 ELSE assignee_role END,
                   due_date = CASE WHEN $11 THEN $12 ELSE due_date END,
                   requires_evidence = coalesce($13, requires_evidence),
                   evidence_description = CASE WHEN $14 THEN $15 ELSE evidence_description END,
                   notes = CASE WHEN $16 THEN $17 ELSE notes END,
                   recurrence = CASE WHEN $19 THEN $20 ELSE recurrence END,
                   updated_at = $18, version = version + 1
               WHERE customer_id = $1 AND id = $2"#,
            customer,
            id.0,
            change.title.as_ref().map(Title::as_str),
            change.description.is_some(),
            text(&change.description),
            change.priority.map(|priority| priority.as_str()),
            change.assigned_to.is_some(),
            change.assigned_to.flatten().map(|id| id.0),
            change.assignee_role.is_some(),
            change.assignee_role.flatten().map(|role| role.as_str()),
            change.due_date.is_some(),
            change.due_date.flatten().map(ToSqlx::to_sqlx),
            change.requires_evidence,
            change.evidence_description.is_some(),
            text(&change.evidence_description),
            change.notes.is_some(),
            text(&change.notes),
            at.to_sqlx(),
            change.recurrence.is_some(),
            change.recurrence.as_ref().and_then(|pattern| pattern.as_ref().map(ToString::to_string))
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Ignores a locked task (`Some(reason)`) or restores it (`None`).
    pub async fn set_task_ignored(&mut self, id: TaskId, reason: Option<&str>) -> Result<()> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        sqlx::query!(
            r#"UPDATE dna_app.customer_tasks
               SET is_ignored = $3::text IS NOT NULL, ignore_reason = $3,
                   ignored_at = CASE WHEN $3 IS NOT NULL THEN $4::timestamptz END, ignored_by = CASE WHEN $3 IS NOT NULL THEN $5::integer END,
                   updated_at = $4, version = version + 1
               WHERE customer_id = $1 AND id = $2"#,
            customer,
            id.0,
            reason,
            at.to_sqlx(),
            actor
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
