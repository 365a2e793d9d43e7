//! The audit log: adding to it when a writer commits, and reading it.

mod checkpoints;
mod firm;
mod list;
mod read;
mod write;

use muster_domain::{
    audit::{AuditActor, AuditEntry, Hash, Head, Subject},
    ids::{CustomerId, UserId},
};

pub(crate) use self::write::{Notebook, note_for_firm};
pub use self::{
    checkpoints::MovedLog,
    firm::FirmAuditReader,
    list::AuditFilter,
    read::{AuditLogs, LogOwner},
};
use crate::{Error, Result};

/// An entry as stored, of a customer's log or of the firm's.
struct EntryRow {
    id: i64,
    at: jiff_sqlx::Timestamp,
    actor_id: Option<i32>,
    actor_name: String,
    actor_email: String,
    action: String,
    subject_kind: String,
    subject_id: String,
    subject_title: String,
    before: Option<String>,
    after: Option<String>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
}

impl EntryRow {
    fn entry(self, customer: Option<CustomerId>) -> Result<AuditEntry> {
        Ok(AuditEntry {
            customer,
            number: self.id,
            at: self.at.to_jiff(),
            actor: AuditActor { id: self.actor_id.map(UserId), name: self.actor_name, email: self.actor_email },
            action: self.action,
            subject: Subject { kind: self.subject_kind, id: self.subject_id, title: self.subject_title },
            before: self.before,
            after: self.after,
            previous: hash(&self.previous_hash)?,
            hash: hash(&self.hash)?,
        })
    }
}

struct HeadRow {
    number: i64,
    hash: Vec<u8>,
}

impl HeadRow {
    fn head(self) -> Result<Head> {
        Ok(Head { number: self.number, hash: hash(&self.hash)? })
    }
}

fn hash(stored: &[u8]) -> Result<Hash> {
    bytes(stored)
}

fn bytes<const N: usize>(stored: &[u8]) -> Result<[u8; N]> {
    stored.try_into().map_err(|_| Error::Corrupt(format!("a hash, key or signature of the audit log is not {N} bytes long")))
}
