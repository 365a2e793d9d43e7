//! The worker's side: taking a job for a while, and saying what became of it.
//!
//! A lease is held by nobody's transaction, so that the network is never waited for inside one. A
//! worker that dies leaves its lease behind, and the job is taken again when that has ended: at
//! least once, never lost. Whoever reports on a job names the attempt, so that a worker that was
//! thought dead changes nothing any more.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    account::Notification,
    audit::{AuditActor, AuditNote, Subject},
    ids::{CustomerId, JobId, TaskId, UserId},
    mail::Mail,
};
use serde_json::json;
use sqlx::postgres::{PgListener, PgPoolOptions};

use super::CHANNEL;
use crate::{
    CustomerWriter, Result, Store,
    audit::{Notebook, note_for_firm},
    db::Mode,
    scope::customer_settings,
};

/// A job that this worker has for a while.
#[derive(Debug)]
pub struct LeasedJob {
    /// Its id.
    pub id: JobId,
    /// The Message-ID, without the angle brackets.
    pub message_id: String,
    /// The mail. What is stored and cannot be read any more is told in words.
    pub mail: Result<Mail, String>,
    /// The task that is completed by it.
    pub task: Option<TaskId>,
    /// Whom it reminds, where it is a reminder.
    pub reminder: Option<LeasedReminder>,
    /// How often it has been tried, this time included.
    pub attempts: i32,
    customer: Option<CustomerId>,
    requested_by: Option<UserId>,
}

/// A reminder as it waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeasedReminder {
    /// The customer that it is about.
    pub customer: CustomerId,
    /// Who gets it.
    pub to: UserId,
    /// What kind it is.
    pub kind: Notification,
    /// The task or the piece of evidence that it is about, where that is one.
    pub about: Option<uuid::Uuid>,
    /// When it was queued.
    pub queued_at: Timestamp,
}

impl LeasedJob {
    /// What the audit log says of its mail.
    pub fn note(&self, action: &'static str) -> AuditNote {
        let (to, title) = match &self.mail {
            Ok(mail) => (mail.to.address.to_string(), mail.subject.to_string()),
            Err(_) => (String::new(), String::new()),
        };
        let subject = Subject { kind: "mail".to_owned(), id: self.id.to_string(), title };
        AuditNote::made(action, subject, json!({ "to": to, "attempts": self.attempts }))
    }
}

/// Hears of new jobs, as long as the connection lasts.
#[derive(Debug)]
pub struct JobListener(PgListener);

impl JobListener {
    /// Waits for the next hint.
    pub async fn heard(&mut self) -> Result<()> {
        self.0.recv().await?;
        Ok(())
    }
}

impl Store {
    /// Listens for new jobs, on a connection of its own.
    pub async fn job_listener(&self) -> Result<JobListener> {
        let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with((*self.pool.connect_options()).clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(JobListener(listener))
    }

    /// Takes the job that is due first, for `lease`; other workers pass it by.
    pub async fn lease_job(&self, at: Timestamp, lease: SignedDuration) -> Result<Option<LeasedJob>> {
        let row = sqlx::query!(
            r#"UPDATE dna_app.jobs SET state = 'running', attempts = attempts + 1, leased_until = $1::timestamptz + make_interval(secs => $2)
               WHERE id = (
                   SELECT id FROM dna_app.jobs
                   WHERE state IN ('queued', 'running') AND coalesce(leased_until, run_at) <= $1
                   ORDER BY coalesce(leased_until, run_at) LIMIT 1 FOR UPDATE SKIP LOCKED)
               RETURNING id, customer_id, requested_by, once_key, message_id, payload, attempts, recipient, notification, about, created_at"#,
            at.to_sqlx(),
            lease.as_secs_f64()
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let reminder = match (row.customer_id, row.recipient, row.notification) {
            (Some(customer), Some(to), Some(kind)) => Some(LeasedReminder {
                customer: CustomerId(customer),
                to: UserId(to),
                kind: kind.parse()?,
                about: row.about,
                queued_at: row.created_at.to_jiff(),
            }),
            _ => None,
        };
        Ok(Some(LeasedJob {
            id: JobId(row.id),
            message_id: row.message_id,
            mail: serde_json::from_value(row.payload).map_err(|error| error.to_string()),
            task: row.once_key.as_deref().and_then(|key| key.strip_prefix("task:")).and_then(|id| id.parse().ok()),
            reminder,
            attempts: row.attempts,
            customer: row.customer_id.map(CustomerId),
            requested_by: row.requested_by.map(UserId),
        }))
    }

    /// The scope that a job is finished in: its customer's, as the person who asked for it. What
    /// that person may do was decided when the job was queued, in the same transaction.
    pub async fn job_writer(&self, job: &LeasedJob, at: Timestamp) -> Result<Option<CustomerWriter>> {
        let Some((customer, actor)) = job.customer.zip(job.requested_by) else { return Ok(None) };
        let tx = self.begin(Mode::Write, &customer_settings(customer, actor)).await?;
        Ok(Some(CustomerWriter::for_job(self.scope_of_customer(tx, customer, actor, at))))
    }

    /// Notes that a job without a customer is done.
    pub async fn finish_job(&self, job: &LeasedJob, at: Timestamp) -> Result<bool> {
        let mut tx = self.begin(Mode::Write, "").await?;
        let is_ours = finish(&mut tx, job, at).await?;
        if is_ours {
            note_for_firm(&mut tx, AuditActor::program(), at, job.note("mail.sent")).await?;
        }
        tx.commit().await?;
        Ok(is_ours)
    }

    /// Lets a job that was taken wait until `until`, as if it had not been taken.
    pub async fn postpone_job(&self, job: &LeasedJob, until: Timestamp) -> Result<()> {
        sqlx::query!(
            r#"UPDATE dna_app.jobs SET state = 'queued', attempts = attempts - 1, run_at = $3, leased_until = NULL
               WHERE id = $1 AND state = 'running' AND attempts = $2"#,
            job.id.0,
            job.attempts,
            until.to_sqlx()
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Ends a job that has lost its point, and notes why. Nobody has seen anything of it, so the log
    /// has no word of it.
    pub async fn drop_job(&self, job: &LeasedJob, why: &str, at: Timestamp) -> Result<()> {
        sqlx::query!(
            r#"UPDATE dna_app.jobs SET state = 'dropped', leased_until = NULL, last_error = $3, finished_at = $4
               WHERE id = $1 AND state = 'running' AND attempts = $2"#,
            job.id.0,
            job.attempts,
            why,
            at.to_sqlx()
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Notes why an attempt failed: the job waits until `again`, or is given up.
    pub async fn fail_job(&self, job: &LeasedJob, why: &str, again: Option<Timestamp>, at: Timestamp) -> Result<()> {
        let scope = job.customer.zip(job.requested_by);
        let settings = scope.map(|(customer, actor)| customer_settings(customer, actor)).unwrap_or_default();
        let mut tx = self.begin(Mode::Write, &settings).await?;
        let failed = sqlx::query!(
            r#"UPDATE dna_app.jobs
               SET state = CASE WHEN $3::timestamptz IS NULL THEN 'dead' ELSE 'queued' END, run_at = coalesce($3, run_at), leased_until = NULL,
                   last_error = $4, finished_at = CASE WHEN $3 IS NULL THEN $5::timestamptz END
               WHERE id = $1 AND state = 'running' AND attempts = $2"#,
            job.id.0,
            job.attempts,
            again.map(ToSqlx::to_sqlx) as Option<jiff_sqlx::Timestamp>,
            why,
            at.to_sqlx()
        )
        .execute(&mut *tx)
        .await?;
        // Trying again changes nothing yet.
        if failed.rows_affected() > 0 && again.is_none() {
            let mut notebook = Notebook::of_the_program(at);
            notebook.add(job.note("mail.given_up"));
            match scope {
                Some((customer, _)) => notebook.write_for_customer(&mut tx, customer).await?,
                None => notebook.write_for_firm(&mut tx).await?,
            }
        }
        Ok(tx.commit().await?)
    }
}

impl CustomerWriter {
    /// Notes in this transaction that a job is done. `false`: another worker has taken it over.
    pub async fn finish_job(&mut self, job: &LeasedJob) -> Result<bool> {
        let at = self.at;
        finish(self.connection(), job, at).await
    }
}

async fn finish(connection: &mut sqlx::PgConnection, job: &LeasedJob, at: Timestamp) -> Result<bool> {
    let finished = sqlx::query!(
        r#"UPDATE dna_app.jobs SET state = 'done', leased_until = NULL, last_error = NULL, finished_at = $3,
               payload = CASE WHEN is_secret THEN payload || '{"text": "-", "html": ""}' ELSE payload END
           WHERE id = $1 AND state = 'running' AND attempts = $2"#,
        job.id.0,
        job.attempts,
        at.to_sqlx()
    )
    .execute(connection)
    .await?;
    Ok(finished.rows_affected() > 0)
}
