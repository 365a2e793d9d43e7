//! The firm's own log: adding to it beside a change, and reading it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{Actor, FirmAction, decide_firm},
    audit::{AuditActor, AuditEntry, AuditNote, SignedCheckpoint, export::Record},
};
use sqlx::{Postgres, Transaction};

use super::{AuditFilter, EntryRow, checkpoints::latest_checkpoint, write::note_for_firm};
use crate::{Page, Result, Slice, Store, db::Mode, scope::allow};

/// Reads the firm's own log.
#[derive(Debug)]
pub struct FirmAuditReader {
    tx: Transaction<'static, Postgres>,
}

impl Store {
    /// Adds to the firm's log what changes nothing else, such as a sign-in that failed.
    pub async fn firm_note(&self, by: AuditActor, note: AuditNote, at: Timestamp) -> Result<()> {
        let mut tx = self.begin(Mode::Write, "").await?;
        note_for_firm(&mut tx, by, at, note).await?;
        Ok(tx.commit().await?)
    }

    /// A reader of the firm's own log, for those who may.
    pub async fn firm_audit(&self, actor: &Actor) -> Result<FirmAuditReader> {
        allow(decide_firm(actor, FirmAction::ReadFirmAudit))?;
        Ok(FirmAuditReader { tx: self.begin(Mode::Read, "").await? })
    }
}

impl FirmAuditReader {
    /// One page of the firm's log, the latest first.
    pub async fn entries(&mut self, filter: &AuditFilter, slice: Slice) -> Result<Page<AuditEntry>> {
        let (from, until) = (filter.from.map(ToSqlx::to_sqlx), filter.until.map(ToSqlx::to_sqlx));
        let rows = sqlx::query_as!(
            EntryRow,
            r#"SELECT id, at, actor_id, actor_name, actor_email, action, subject_kind, subject_id, subject_title,
                      before::text AS before, after::text AS after, previous_hash, hash
               FROM dna_app.firm_audit_log
               WHERE ($1::text IS NULL OR strpos(lower(actor_name || ' ' || actor_email), lower($1)) > 0)
                 AND ($2::text IS NULL OR action = $2 OR split_part(action, '.', 1) = $2)
                 AND ($3::text IS NULL OR subject_id = $3 OR strpos(lower(subject_title), lower($3)) > 0)
                 AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)
               ORDER BY id DESC LIMIT $6 OFFSET $7"#,
            filter.actor,
            filter.action,
            filter.subject,
            from as Option<jiff_sqlx::Timestamp>,
            until as Option<jiff_sqlx::Timestamp>,
            slice.limit,
            slice.offset
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let total = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM dna_app.firm_audit_log
               WHERE ($1::text IS NULL OR strpos(lower(actor_name || ' ' || actor_email), lower($1)) > 0)
                 AND ($2::text IS NULL OR action = $2 OR split_part(action, '.', 1) = $2)
                 AND ($3::text IS NULL OR subject_id = $3 OR strpos(lower(subject_title), lower($3)) > 0)
                 AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)"#,
            filter.actor,
            filter.action,
            filter.subject,
            from as Option<jiff_sqlx::Timestamp>,
            until as Option<jiff_sqlx::Timestamp>
        )
        .fetch_one(&mut *self.tx)
        .await?;
        let items = rows.into_iter().map(|row| row.entry(None)).collect::<Result<_>>()?;
        Ok(Page { items, total })
    }

    /// How many entries the whole log has.
    pub async fn length(&mut self) -> Result<i64> {
        let length = sqlx::query_scalar!("SELECT number FROM dna_app.firm_audit_head WHERE id = 1").fetch_optional(&mut *self.tx);
        Ok(length.await?.unwrap_or_default())
    }

    /// The latest checkpoint of the firm's log.
    pub async fn latest_checkpoint(&mut self) -> Result<Option<SignedCheckpoint>> {
        latest_checkpoint(&mut self.tx, None).await
    }

    /// The whole log, from the first entry on.
    pub async fn whole(&mut self) -> Result<Vec<Record>> {
        let rows = sqlx::query_as!(
            EntryRow,
            r#"SELECT id, at, actor_id, actor_name, actor_email, action, subject_kind, subject_id, subject_title,
                      before::text AS before, after::text AS after, previous_hash, hash
               FROM dna_app.firm_audit_log ORDER BY id"#
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(|row| Ok(Record::Entry(Box::new(row.entry(None)?)))).collect()
    }
}
