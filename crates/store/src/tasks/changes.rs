//! Changes of several tasks at once: each task as it was before, kept so that it can be put back.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{BatchId, CustomerId, TaskId, UserId},
    tasks::{Priority, Task, TaskStatus},
};

use crate::{CustomerWriter, Locator, Result};

/// A task that was just changed with others.
#[derive(Debug, Clone, Copy)]
pub struct NewTaskChange<'a> {
    /// All that were changed together.
    pub batch: BatchId,
    /// What was done.
    pub kind: &'a str,
    /// The task as it was before.
    pub before: &'a Task,
    /// Its version since.
    pub version: i32,
}

/// What a task was before it was changed with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskBefore {
    /// The task.
    pub task: TaskId,
    /// What was done.
    pub kind: String,
    /// Its version since.
    pub version: i32,
    /// Where it stood.
    pub status: TaskStatus,
    /// When it was done.
    pub completed_at: Option<Timestamp>,
    /// By whom.
    pub completed_by: Option<UserId>,
    /// Who had it.
    pub assigned_to: Option<UserId>,
    /// When it was due.
    pub due_date: Option<Date>,
    /// How much it pressed.
    pub priority: Priority,
    /// That is what it is again.
    pub is_undone: bool,
}

impl CustomerWriter {
    /// Keeps what a task was before.
    pub async fn keep_task_change(&mut self, change: NewTaskChange<'_>) -> Result<()> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let before = change.before;
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_task_changes (customer_id, task_id, batch_id, changed_by, changed_at, kind, version,
                   status, completed_at, completed_by, assigned_to, due_date, priority)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"#,
            customer,
            before.id.0,
            change.batch.0,
            actor,
            at.to_sqlx(),
            change.kind,
            change.version,
            before.status.as_str(),
            before.completed_at.map(ToSqlx::to_sqlx) as Option<jiff_sqlx::Timestamp>,
            before.completed_by.as_ref().map(|person| person.id.0),
            before.assigned_to.as_ref().map(|person| person.id.0),
            before.due_date.map(ToSqlx::to_sqlx) as Option<jiff_sqlx::Date>,
            before.priority.as_str()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// What the actor changed together, in the order of the tasks' ids.
    pub async fn task_changes(&mut self, batch: BatchId) -> Result<Vec<TaskBefore>> {
        let (customer, actor) = (self.customer.0, self.actor.0);
        let rows = sqlx::query!(
            r#"SELECT task_id, kind, version, status, completed_at, completed_by, assigned_to, due_date, priority,
                      undone_at IS NOT NULL AS "is_undone!"
               FROM dna_app.customer_task_changes
               WHERE customer_id = $1 AND batch_id = $2 AND changed_by = $3 ORDER BY task_id"#,
            customer,
            batch.0,
            actor
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(TaskBefore {
                    task: TaskId(row.task_id),
                    kind: row.kind,
                    version: row.version,
                    status: row.status.parse()?,
                    completed_at: row.completed_at.map(jiff_sqlx::Timestamp::to_jiff),
                    completed_by: row.completed_by.map(UserId),
                    assigned_to: row.assigned_to.map(UserId),
                    due_date: row.due_date.map(jiff_sqlx::Date::to_jiff),
                    priority: row.priority.parse()?,
                    is_undone: row.is_undone,
                })
            })
            .collect()
    }

    /// Puts a locked task back as it was before it was changed with others: only what that change
    /// touched, so that nothing else is lost.
    pub async fn put_task_back(&mut self, batch: BatchId, before: &TaskBefore) -> Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        sqlx::query!(
            r#"UPDATE dna_app.customer_tasks
               SET status = CASE WHEN $3::text IN ('start', 'complete', 'hold') THEN $4 ELSE status END,
                   completed_at = CASE WHEN $3 IN ('start', 'complete', 'hold') THEN $5 ELSE completed_at END,
                   completed_by = CASE WHEN $3 IN ('start', 'complete', 'hold') THEN $6 ELSE completed_by END,
                   assigned_to = CASE WHEN $3 = 'assign' THEN $7 ELSE assigned_to END,
                   due_date = CASE WHEN $3 = 'due' THEN $8 ELSE due_date END,
                   priority = CASE WHEN $3 = 'priority' THEN $9 ELSE priority END,
                   is_ignored = CASE WHEN $3 = 'ignore' THEN false ELSE is_ignored END,
                   ignore_reason = CASE WHEN $3 = 'ignore' THEN NULL ELSE ignore_reason END,
                   ignored_at = CASE WHEN $3 = 'ignore' THEN NULL ELSE ignored_at END,
                   ignored_by = CASE WHEN $3 = 'ignore' THEN NULL ELSE ignored_by END,
                   updated_at = $10, version = version + 1
               WHERE customer_id = $1 AND id = $2"#,
            customer,
            before.task.0,
            before.kind,
            before.status.as_str(),
            before.completed_at.map(ToSqlx::to_sqlx) as Option<jiff_sqlx::Timestamp>,
            before.completed_by.map(|id| id.0),
            before.assigned_to.map(|id| id.0),
            before.due_date.map(ToSqlx::to_sqlx) as Option<jiff_sqlx::Date>,
            before.priority.as_str(),
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        sqlx::query!(
            "UPDATE dna_app.customer_task_changes SET undone_at = $4 WHERE customer_id = $1 AND batch_id = $2 AND task_id = $3",
            customer,
            batch.0,
            before.task.0,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

impl Locator {
    /// The customers whose tasks the actor changed together.
    pub async fn customers_of_batch(&mut self, batch: BatchId, actor: UserId) -> Result<Vec<CustomerId>> {
        let visible = self.customers();
        let rows = sqlx::query_scalar!(
            r#"SELECT DISTINCT customer_id AS "id!" FROM dna_app.customer_task_changes
               WHERE ($1::integer[] IS NULL OR customer_id = ANY($1)) AND batch_id = $2 AND changed_by = $3 ORDER BY 1"#,
            visible.as_deref(),
            batch.0,
            actor.0
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(CustomerId).collect())
    }

    /// The customers of some tasks, as far as the actor may know of them.
    pub async fn customers_of_tasks(&mut self, tasks: &[TaskId]) -> Result<Vec<(TaskId, CustomerId)>> {
        let (visible, ids) = (self.customers(), tasks.iter().map(|id| id.0).collect::<Vec<_>>());
        let rows = sqlx::query!(
            "SELECT id, customer_id FROM dna_app.customer_tasks WHERE ($1::integer[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2)",
            visible.as_deref(),
            &ids
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| (TaskId(row.id), CustomerId(row.customer_id))).collect())
    }
}
