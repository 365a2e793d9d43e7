//! Taking back what an import made of a customer.

use jiff_sqlx::ToSqlx;
use muster_domain::ids::{ImportId, TaskId, UserId};
use uuid::Uuid;

use super::items::KeptBecause;
use crate::{CustomerReader, CustomerWriter, Result};

/// A task to be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskToTakeBack {
    /// Its item.
    pub item: Uuid,
    /// The task.
    pub task: TaskId,
    /// Somebody has worked on it since it was made.
    pub is_worked_on: bool,
}

impl CustomerReader {
    /// The people and the customer itself, of what an import made here and has not taken back, each
    /// with its item and the version that it was made in.
    pub async fn people_of_import(&mut self, import: ImportId) -> Result<Vec<(Uuid, Option<UserId>, i32)>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT id, user_id, made_version FROM dna_app.customer_import_items
               WHERE customer_id = $1 AND import_id = $2 AND state = 'made' AND task_id IS NULL ORDER BY line"#,
            customer,
            import.0
        );
        Ok(rows.fetch_all(self.connection()).await?.into_iter().map(|row| (row.id, row.user_id.map(UserId), row.made_version)).collect())
    }

    /// Whether anything has been done at a customer since it was made, but for making it.
    pub async fn has_work_since_made(&mut self) -> Result<bool> {
        let customer = self.customer.0;
        let found = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM dna_app.customer_audit_log l WHERE l.customer_id = $1 AND l.action NOT IN ('customer.created', 'import.made'))
                   OR EXISTS (SELECT FROM dna_app.customer_members m WHERE m.customer_id = $1)
                   OR EXISTS (SELECT FROM dna_app.customer_iso_plans p WHERE p.customer_id = $1) AS "found!""#,
            customer
        );
        Ok(found.fetch_one(self.connection()).await?)
    }
}

impl CustomerWriter {
    /// The tasks that an import made here and has not taken back, held until the transaction ends.
    /// Worked on is what was changed, moved, ignored, or got evidence, and whatever else the audit log
    /// tells of it.
    pub async fn lock_tasks_of_import(&mut self, import: ImportId) -> Result<Vec<TaskToTakeBack>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT i.id, t.id AS task_id,
                      t.version <> i.made_version OR t.is_ignored OR t.status <> 'pending'
                      OR EXISTS (SELECT FROM dna_app.customer_evidence_tasks l WHERE l.customer_id = t.customer_id AND l.task_id = t.id)
                      OR EXISTS (SELECT FROM dna_app.customer_audit_log g
                                 WHERE g.customer_id = t.customer_id AND g.subject_kind = 'task' AND g.subject_id = t.id::text
                                   AND g.action <> 'task.added') AS "is_worked_on!"
               FROM dna_app.customer_import_items i
               JOIN dna_app.customer_tasks t ON t.customer_id = i.customer_id AND t.id = i.task_id
               WHERE i.customer_id = $1 AND i.import_id = $2 AND i.state = 'made'
               ORDER BY t.id FOR NO KEY UPDATE OF t"#,
            customer,
            import.0
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| TaskToTakeBack { item: row.id, task: TaskId(row.task_id), is_worked_on: row.is_worked_on }).collect())
    }

    /// Ignores several locked tasks with one reason.
    pub async fn ignore_tasks(&mut self, tasks: &[TaskId], reason: &str) -> Result<()> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let ids: Vec<Uuid> = tasks.iter().map(|id| id.0).collect();
        sqlx::query!(
            r#"UPDATE dna_app.customer_tasks
               SET is_ignored = true, ignore_reason = $3, ignored_at = $4, ignored_by = $5, updated_at = $4, version = version + 1
               WHERE customer_id = $1 AND id = ANY($2) AND NOT is_ignored"#,
            customer,
            &ids,
            reason,
            at.to_sqlx(),
            actor
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Notes what became of things that an import made.
    pub async fn set_import_items(&mut self, items: &[Uuid], kept: Option<KeptBecause>) -> Result<()> {
        let customer = self.customer.0;
        sqlx::query!(
            r#"UPDATE dna_app.customer_import_items
               SET state = CASE WHEN $3::text IS NULL THEN 'taken_back' ELSE 'kept' END, kept_because = $3
               WHERE customer_id = $1 AND id = ANY($2) AND state = 'made'"#,
            customer,
            items,
            kept.map(KeptBecause::as_str)
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
