//! Reading one customer's log, for people.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::audit::{AuditEntry, Link, export::Record};

use super::{EntryRow, hash};
use crate::{CustomerReader, Page, Result, Slice};

/// Which entries of a log are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// With these words in the actor's name or address.
    pub actor: Option<String>,
    /// With this action, or with this first part of it, such as `task`.
    pub action: Option<String>,
    /// With these words in the subject's title, or this id.
    pub subject: Option<String>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

impl CustomerReader {
    /// What the log says of some subjects (kinds and ids), the latest first, so many entries at most.
    pub async fn history_of(&mut self, subjects: &[(&str, String)], limit: i64) -> Result<Vec<AuditEntry>> {
        let customer = self.customer;
        let (kinds, ids): (Vec<String>, Vec<String>) = subjects.iter().map(|(kind, id)| ((*kind).to_owned(), id.clone())).unzip();
        let rows = sqlx::query_as!(
            EntryRow,
            r#"SELECT l.id, l.at, l.actor_id, l.actor_name, l.actor_email, l.action, l.subject_kind, l.subject_id, l.subject_title,
                      l.before::text AS before, l.after::text AS after, l.previous_hash, l.hash
               FROM unnest($2::text[], $3::text[]) AS g (kind, id)
               JOIN dna_app.customer_audit_log l ON l.customer_id = $1 AND l.subject_kind = g.kind AND l.subject_id = g.id
               ORDER BY l.id DESC LIMIT $4"#,
            customer.0,
            &kinds,
            &ids,
            limit
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(|row| row.entry(Some(customer))).collect()
    }

    /// One page of the customer's log, the latest first.
    pub async fn audit_entries(&mut self, filter: &AuditFilter, slice: Slice) -> Result<Page<AuditEntry>> {
        let customer = self.customer;
        let (from, until) = (filter.from.map(ToSqlx::to_sqlx), filter.until.map(ToSqlx::to_sqlx));
        let rows = sqlx::query_as!(
            EntryRow,
            r#"SELECT id, at, actor_id, actor_name, actor_email, action, subject_kind, subject_id, subject_title,
                      before::text AS before, after::text AS after, previous_hash, hash
               FROM dna_app.customer_audit_log
               WHERE customer_id = $1
                 AND ($2::text IS NULL OR strpos(lower(actor_name || ' ' || actor_email), lower($2)) > 0)
                 AND ($3::text IS NULL OR action = $3 OR split_part(action, '.', 1) = $3)
                 AND ($4::text IS NULL OR subject_id = $4 OR strpos(lower(subject_title), lower($4)) > 0)
                 AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
               ORDER BY id DESC LIMIT $7 OFFSET $8"#,
            customer.0,
            filter.actor,
            filter.action,
            filter.subject,
            from as Option<jiff_sqlx::Timestamp>,
            until as Option<jiff_sqlx::Timestamp>,
            slice.limit,
            slice.offset
        )
        .fetch_all(self.connection())
        .await?;
        let total = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM dna_app.customer_audit_log
               WHERE customer_id = $1
                 AND ($2::text IS NULL OR strpos(lower(actor_name || ' ' || actor_email), lower($2)) > 0)
                 AND ($3::text IS NULL OR action = $3 OR split_part(action, '.', 1) = $3)
                 AND ($4::text IS NULL OR subject_id = $4 OR strpos(lower(subject_title), lower($4)) > 0)
                 AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)"#,
            customer.0,
            filter.actor,
            filter.action,
            filter.subject,
            from as Option<jiff_sqlx::Timestamp>,
            until as Option<jiff_sqlx::Timestamp>
        )
        .fetch_one(self.connection())
        .await?;
        let items = rows.into_iter().map(|row| row.entry(Some(customer))).collect::<Result<_>>()?;
        Ok(Page { items, total })
    }

    /// How many entries the customer's whole log has.
    pub async fn audit_length(&mut self) -> Result<i64> {
        let id = self.customer.0;
        let length = sqlx::query_scalar!("SELECT number FROM dna_app.customer_audit_heads WHERE customer_id = $1 AND id = 1", id);
        Ok(length.fetch_optional(self.connection()).await?.unwrap_or_default())
    }

    /// The customer's log from the first entry on: what the actor may read of it, and of the rest
    /// the place in the chain.
    pub async fn whole_audit_log(&mut self) -> Result<Vec<Record>> {
        let customer = self.customer;
        let rows = sqlx::query_as!(
            EntryRow,
            r#"SELECT id, at, actor_id, actor_name, actor_email, action, subject_kind, subject_id, subject_title,
                      before::text AS before, after::text AS after, previous_hash, hash
               FROM dna_app.customer_audit_log WHERE customer_id = $1 ORDER BY id"#,
            customer.0
        )
        .fetch_all(self.connection())
        .await?;
        let read = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let mut entries = rows.into_iter().map(|row| row.entry(Some(customer)));
        if read == self.audit_length().await? {
            return entries.map(|entry| Ok(Record::Entry(Box::new(entry?)))).collect();
        }
        let links = sqlx::query!(
            r#"SELECT id AS "id!", previous_hash AS "previous_hash!", hash AS "hash!" FROM dna_app.audit_links($1)"#,
            customer.0
        )
        .fetch_all(self.connection())
        .await?;
        let mut next = entries.next().transpose()?;
        let mut records = Vec::with_capacity(links.len());
        for link in links {
            match next.take_if(|entry| entry.number == link.id) {
                Some(entry) => {
                    records.push(Record::Entry(Box::new(entry)));
                    next = entries.next().transpose()?;
                }
                None => {
                    let (previous, hash) = (hash(&link.previous_hash)?, hash(&link.hash)?);
                    records.push(Record::Withheld(Link { number: link.id, previous, hash }));
                }
            }
        }
        Ok(records)
    }
}
