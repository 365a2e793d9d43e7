//! Adding what a writer noted to the log, as the last thing before its commit.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::Actor,
    audit::{AuditActor, AuditEntry, AuditNote, Head, Subject},
    ids::CustomerId,
};
use sqlx::PgConnection;

use super::HeadRow;
use crate::Result;

/// What a writer has noted so far.
#[derive(Debug)]
pub(crate) struct Notebook {
    by: AuditActor,
    at: Timestamp,
    notes: Vec<AuditNote>,
}

impl Notebook {
    pub(crate) fn of(actor: &Actor, at: Timestamp) -> Self {
        Self::by(AuditActor::of(actor), at)
    }

    pub(crate) const fn by(by: AuditActor, at: Timestamp) -> Self {
        Self { by, at, notes: Vec::new() }
    }

    pub(crate) fn of_the_program(at: Timestamp) -> Self {
        Self::by(AuditActor::program(), at)
    }

    pub(crate) fn add(&mut self, note: AuditNote) {
        self.notes.push(note);
    }

    /// What the notes tell of.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.notes.iter().map(|note| &note.subject)
    }

    /// The entries that follow `head`, and the end of the log after them.
    fn entries(&mut self, customer: Option<CustomerId>, head: Head) -> (Vec<AuditEntry>, Head) {
        let mut end = head;
        let entries = std::mem::take(&mut self.notes).into_iter().map(|note| {
            let (entry, next) = end.append(customer, self.at, &self.by, note);
            end = next;
            entry
        });
        let entries = entries.collect();
        (entries, end)
    }

    /// Adds the notes to a customer's log. The head is held from here to the end of the
    /// transaction: two writers never continue the same entry.
    pub(crate) async fn write_for_customer(&mut self, connection: &mut PgConnection, customer: CustomerId) -> Result<()> {
        if self.notes.is_empty() {
            return Ok(());
        }
        let id = customer.0;
        let mut head = hold_head(connection, id).await?;
        if head.is_none() {
            sqlx::query!("INSERT INTO dna_app.customer_audit_heads (customer_id) VALUES ($1) ON CONFLICT (customer_id, id) DO NOTHING", id)
                .execute(&mut *connection)
                .await?;
            head = hold_head(connection, id).await?;
        }
        let (entries, end) = self.entries(Some(customer), head.unwrap_or_default());
        let columns = Columns::of(&entries);
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_audit_log (customer_id, at, actor_id, actor_name, actor_email, id, action, subject_kind,
                   subject_id, subject_title, before, after, previous_hash, hash)
               SELECT $1, $2, $3, $4, $5, g.id, g.action, g.kind, g.subject, g.title, g.before::json, g.after::json, g.previous, g.hash
               FROM unnest($6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bytea[],
                           $14::bytea[]) AS g (id, action, kind, subject, title, before, after, previous, hash)"#,
            id,
            self.at.to_sqlx(),
            self.by.id.map(|id| id.0),
            self.by.name,
            self.by.email,
            &columns.numbers,
            &columns.actions,
            &columns.kinds,
            &columns.subjects,
            &columns.titles,
            &columns.befores as &[Option<String>],
            &columns.afters as &[Option<String>],
            &columns.previous,
            &columns.hashes
        )
        .execute(&mut *connection)
        .await?;
        sqlx::query!(
            "UPDATE dna_app.customer_audit_heads SET number = $2, hash = $3 WHERE customer_id = $1 AND id = 1",
            id,
            end.number,
            &end.hash[..]
        )
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Adds the notes to the firm's log.
    pub(crate) async fn write_for_firm(&mut self, connection: &mut PgConnection) -> Result<()> {
        if self.notes.is_empty() {
            return Ok(());
        }
        let head = sqlx::query_as!(HeadRow, "SELECT number, hash FROM dna_app.firm_audit_head WHERE id = 1 FOR UPDATE")
            .fetch_one(&mut *connection)
            .await?
            .head()?;
        let (entries, end) = self.entries(None, head);
        let columns = Columns::of(&entries);
        sqlx::query!(
            r#"INSERT INTO dna_app.firm_audit_log (at, actor_id, actor_name, actor_email, id, action, subject_kind, subject_id,
                   subject_title, before, after, previous_hash, hash)
               SELECT $1, $2, $3, $4, g.id, g.action, g.kind, g.subject, g.title, g.before::json, g.after::json, g.previous, g.hash
               FROM unnest($5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bytea[],
                           $13::bytea[]) AS g (id, action, kind, subject, title, before, after, previous, hash)"#,
            self.at.to_sqlx(),
            self.by.id.map(|id| id.0),
            self.by.name,
            self.by.email,
            &columns.numbers,
            &columns.actions,
            &columns.kinds,
            &columns.subjects,
            &columns.titles,
            &columns.befores as &[Option<String>],
            &columns.afters as &[Option<String>],
            &columns.previous,
            &columns.hashes
        )
        .execute(&mut *connection)
        .await?;
        sqlx::query!("UPDATE dna_app.firm_audit_head SET number = $1, hash = $2 WHERE id = 1", end.number, &end.hash[..])
            .execute(connection)
            .await?;
        Ok(())
    }
}

async fn hold_head(connection: &mut PgConnection, customer: i32) -> Result<Option<Head>> {
    sqlx::query_as!(HeadRow, "SELECT number, hash FROM dna_app.customer_audit_heads WHERE customer_id = $1 AND id = 1 FOR UPDATE", customer)
        .fetch_optional(connection)
        .await?
        .map(HeadRow::head)
        .transpose()
}

/// Adds a note to the firm's log, in the transaction of the change that it tells of. The head is a
/// lock that everybody needs: call it last.
pub(crate) async fn note_for_firm(connection: &mut PgConnection, by: AuditActor, at: Timestamp, note: AuditNote) -> Result<()> {
    let mut notebook = Notebook::by(by, at);
    notebook.add(note);
    notebook.write_for_firm(connection).await
}

/// Entries as columns, for one statement.
struct Columns {
    numbers: Vec<i64>,
    actions: Vec<String>,
    kinds: Vec<String>,
    subjects: Vec<String>,
    titles: Vec<String>,
    befores: Vec<Option<String>>,
    afters: Vec<Option<String>>,
    previous: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
}

impl Columns {
    fn of(entries: &[AuditEntry]) -> Self {
        let text = |field: fn(&AuditEntry) -> &str| entries.iter().map(|entry| field(entry).to_owned()).collect();
        Self {
            numbers: entries.iter().map(|entry| entry.number).collect(),
            actions: text(|entry| &entry.action),
            kinds: text(|entry| &entry.subject.kind),
            subjects: text(|entry| &entry.subject.id),
            titles: text(|entry| &entry.subject.title),
            befores: entries.iter().map(|entry| entry.before.clone()).collect(),
            afters: entries.iter().map(|entry| entry.after.clone()).collect(),
            previous: entries.iter().map(|entry| entry.previous.to_vec()).collect(),
            hashes: entries.iter().map(|entry| entry.hash.to_vec()).collect(),
        }
    }
}
