//! The outbox as the firm's admin sees it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{Actor, FirmAction, decide_firm},
    audit::{AuditActor, AuditNote, Subject},
    ids::{CustomerId, JobId},
    mail::JobState,
};
use serde_json::json;

use super::wake;
use crate::{Error, Page, Result, Slice, Store, audit::note_for_firm, scope::allow};

/// Which mails the outbox shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxFilter {
    /// Only those in this state.
    pub state: Option<JobState>,
}

/// A mail in the outbox. Its text is left out: nobody needs it to run the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMail {
    /// The job's id.
    pub id: JobId,
    /// The customer that it belongs to.
    pub customer_id: Option<CustomerId>,
    /// Who gets it.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// Where its job stands.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next.
    pub run_at: Timestamp,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was accepted or given up.
    pub finished_at: Option<Timestamp>,
}

impl Store {
    /// One page of the outbox, the latest first.
    pub async fn outbox(&self, actor: &Actor, filter: OutboxFilter, slice: Slice) -> Result<Page<OutboxMail>> {
        allow(decide_firm(actor, FirmAction::RunOutbox))?;
        let state = filter.state.map(JobState::as_str);
        let rows = sqlx::query!(
            r#"SELECT id, customer_id, payload ->> 'to' AS "to!", payload ->> 'subject' AS "subject!", state, attempts, run_at, last_error,
                      created_at, finished_at
               FROM dna_app.jobs
               WHERE kind = 'mail' AND ($1::text IS NULL OR state = $1)
               ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3"#,
            state,
            slice.limit,
            slice.offset
        )
        .fetch_all(&self.pool)
        .await?;
        let total = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM dna_app.jobs WHERE kind = 'mail' AND ($1::text IS NULL OR state = $1)"#,
            state
        )
        .fetch_one(&self.pool)
        .await?;
        let mails = rows.into_iter().map(|row| {
            Ok(OutboxMail {
                id: JobId(row.id),
                customer_id: row.customer_id.map(CustomerId),
                to: row.to,
                subject: row.subject,
                state: row.state.parse()?,
                attempts: row.attempts,
                run_at: row.run_at.to_jiff(),
                last_error: row.last_error,
                created_at: row.created_at.to_jiff(),
                finished_at: row.finished_at.map(jiff_sqlx::Timestamp::to_jiff),
            })
        });
        Ok(Page { items: mails.collect::<Result<_>>()?, total })
    }

    /// How many mails are due and have not left, and for how many seconds the oldest of them has been due.
    pub async fn mails_waiting(&self, at: Timestamp) -> Result<(i64, i64)> {
        let row = sqlx::query!(
            r#"SELECT count(*) AS "count!", coalesce(extract(epoch FROM $1 - min(run_at)), 0)::bigint AS "seconds!"
               FROM dna_app.jobs WHERE kind = 'mail' AND state IN ('queued', 'running') AND coalesce(leased_until, run_at) <= $1"#,
            at.to_sqlx()
        )
        .fetch_one(&self.pool)
        .await?;
        Ok((row.count, row.seconds))
    }

    /// Has a mail that was given up tried again, from the first attempt on. One that is not given
    /// up stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such mail.
    pub async fn retry_mail(&self, actor: &Actor, id: JobId, at: Timestamp) -> Result<()> {
        allow(decide_firm(actor, FirmAction::RunOutbox))?;
        let mut tx = self.begin_plain().await?;
        let mail = sqlx::query!(
            r#"SELECT payload ->> 'to' AS "to!", payload ->> 'subject' AS "subject!" FROM dna_app.jobs
               WHERE id = $1 AND kind = 'mail' FOR UPDATE"#,
            id.0
        )
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(Error::NotFound)?;
        let retried = sqlx::query!(
            r#"UPDATE dna_app.jobs SET state = 'queued', attempts = 0, run_at = $2, last_error = NULL, finished_at = NULL
               WHERE id = $1 AND state = 'dead'"#,
            id.0,
            at.to_sqlx()
        )
        .execute(&mut *tx)
        .await?;
        wake(&mut tx).await?;
        if retried.rows_affected() > 0 {
            let subject = Subject { kind: "mail".to_owned(), id: id.to_string(), title: mail.subject };
            let note = AuditNote::made("mail.retried", subject, json!({ "to": mail.to }));
            note_for_firm(&mut tx, AuditActor::of(actor), at, note).await?;
        }
        Ok(tx.commit().await?)
    }
}
