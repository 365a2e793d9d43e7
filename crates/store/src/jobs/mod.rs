//! Jobs: asking for one here, the worker's side in `lease`, the admin's list in `outbox`.

mod lease;
mod outbox;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{CustomerId, JobId, TaskId, UserId},
    mail::{JobState, Mail},
};
use sqlx::PgConnection;

pub use self::{
    lease::{JobListener, LeasedJob, LeasedReminder},
    outbox::{OutboxFilter, OutboxMail},
};
use crate::{CustomerReader, CustomerWriter, PeopleWriter, Result};

/// The channel on which a new job is told. Only a hint: whoever misses it finds the job by looking.
const CHANNEL: &str = "muster_jobs";

/// A mail to be sent once this transaction is kept.
#[derive(Debug, Clone)]
pub struct NewMail<'a> {
    /// The job's id.
    pub id: JobId,
    /// Its Message-ID, without the angle brackets.
    pub message_id: &'a str,
    /// The mail.
    pub mail: &'a Mail,
    /// The task that it completes. A task has one mail, however often it is asked for; only one
    /// that was given up is replaced.
    pub task: Option<TaskId>,
    /// It carries a secret: its words are kept only until it is out.
    pub is_secret: bool,
}

/// What is known of the mail of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskMail {
    /// Where its job stands.
    pub state: JobState,
    /// The mail as it was queued.
    pub mail: Mail,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When the mail server accepted it, or when it was given up.
    pub finished_at: Option<Timestamp>,
}

/// The key under which a task has one mail.
fn task_key(task: TaskId) -> String {
    format!("task:{task}")
}

impl CustomerWriter {
    /// Queues a mail in this transaction. `false`: the task's mail is there already.
    pub async fn queue_mail(&mut self, new: &NewMail<'_>) -> Result<bool> {
        let (customer, actor, at) = (self.customer, self.actor, self.at);
        queue(self.connection(), Some(customer), Some(actor), at, new).await
    }
}

impl PeopleWriter {
    /// Queues a mail of the firm's own in this transaction.
    pub async fn queue_mail(&mut self, new: &NewMail<'_>) -> Result<bool> {
        let (actor, at) = (self.actor, self.at);
        queue(self.connection(), None, Some(actor), at, new).await
    }
}

impl CustomerReader {
    /// The mail of a task, if it was ever queued.
    pub async fn task_mail(&mut self, task: TaskId) -> Result<Option<TaskMail>> {
        let customer = self.customer.0;
        let row = sqlx::query!(
            "SELECT state, payload, last_error, finished_at FROM dna_app.jobs WHERE once_key = $1 AND customer_id = $2",
            task_key(task),
            customer
        )
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| {
            Ok(TaskMail {
                state: row.state.parse()?,
                mail: serde_json::from_value(row.payload)?,
                last_error: row.last_error,
                finished_at: row.finished_at.map(jiff_sqlx::Timestamp::to_jiff),
            })
        })
        .transpose()
    }
}

pub(crate) async fn queue(
    connection: &mut PgConnection,
    customer: Option<CustomerId>,
    actor: Option<UserId>,
    at: Timestamp,
    new: &NewMail<'_>,
) -> Result<bool> {
    let queued = sqlx::query!(
        r#"INSERT INTO dna_app.jobs AS j (id, kind, customer_id, requested_by, once_key, message_id, payload, run_at, created_at,
                                         is_secret)
           VALUES ($1, 'mail', $2, $3, $4, $5, $6, $7, $7, $8)
           ON CONFLICT (once_key) DO UPDATE
           SET requested_by = excluded.requested_by, message_id = excluded.message_id, payload = excluded.payload, state = 'queued',
               attempts = 0, run_at = excluded.run_at, last_error = NULL, finished_at = NULL
           WHERE j.state = 'dead' AND j.customer_id IS NOT DISTINCT FROM excluded.customer_id"#,
        new.id.0,
        customer.map(|id| id.0),
        actor.map(|id| id.0),
        new.task.map(task_key),
        new.message_id,
        serde_json::to_value(new.mail)?,
        at.to_sqlx(),
        new.is_secret
    )
    .execute(&mut *connection)
    .await?;
    wake(connection).await?;
    Ok(queued.rows_affected() > 0)
}

/// Tells the workers, once the transaction is kept, that there is something to do.
pub(crate) async fn wake(connection: &mut PgConnection) -> Result<()> {
    sqlx::query!(r#"SELECT true AS "told!" FROM pg_notify($1, '')"#, CHANNEL).fetch_one(connection).await?;
    Ok(())
}
