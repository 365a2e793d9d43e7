//! The worker's side: taking a job for a while, and saying what became of it.
//!
//! A lease is held by nobody's transaction, so that the network is never waited for inside one. A
//! worker that dies leaves its lease behind, and the job is taken again when that has ended: at
//! least once, never lost. Whoever reports on a job names the attempt, so that a worker that was
//! thought dead changes nothing any more.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{CustomerId, JobId, TaskId, UserId},
    mail::Mail,
};
use sqlx::postgres::{PgListener, PgPoolOptions};

use super::CHANNEL;
use crate::{CustomerReader, CustomerWriter, Result, Store, db::Mode, scope::customer_settings};

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
    /// How often it has been tried, this time included.
    pub attempts: i32,
    customer: Option<CustomerId>,
    requested_by: Option<UserId>,
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
               RETURNING id, customer_id, requested_by, once_key, message_id, payload, attempts"#,
            at.to_sqlx(),
            lease.as_secs_f64()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| LeasedJob {
            id: JobId(row.id),
            message_id: row.message_id,
            mail: serde_json::from_value(row.payload).map_err(|error| error.to_string()),
            task: row.once_key.as_deref().and_then(|key| key.strip_prefix("task:")).and_then(|id| id.parse().ok()),
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
        Ok(Some(CustomerWriter::for_job(CustomerReader { tx, customer, actor, at })))
    }

    /// Notes that a job without a customer is done.
    pub async fn finish_job(&self, job: &LeasedJob, at: Timestamp) -> Result<bool> {
        let mut connection = self.pool.acquire().await?;
        finish(&mut connection, job, at).await
    }

    /// Notes why an attempt failed: the job waits until `again`, or is given up.
    pub async fn fail_job(&self, job: &LeasedJob, why: &str, again: Option<Timestamp>, at: Timestamp) -> Result<()> {
        sqlx::query!(
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
        .execute(&self.pool)
        .await?;
        Ok(())
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
