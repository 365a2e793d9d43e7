//! The audit log: who did what, when, and what it was before and after.
//!
//! Every customer has a log of its own, and the firm one for what belongs to no customer. The
//! entries of a log are numbered from 1 and form a chain: each carries the hash of the one before
//! it. [`chain`] says how, and finds out whether a log has been tampered with.

pub mod chain;
pub mod export;
mod note;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    chain::{Head, Tampering, Verification},
    note::{AuditNote, REDACTED, Subject},
};
use crate::ids::{CustomerId, UserId};

/// A SHA-256.
pub type Hash = [u8; 32];

/// A hash as text.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A hash from text.
pub fn hash_from_hex(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(hash)
}

/// Who did it, copied as text: a person who is renamed later keeps their old name here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditActor {
    /// The person; none for the program itself.
    pub id: Option<UserId>,
    /// Their name at that time.
    pub name: String,
    /// Their address at that time; empty for the program itself.
    pub email: String,
}

impl AuditActor {
    /// The program itself, as when it loads the starter library.
    pub fn program() -> Self {
        Self { id: None, name: "Muster".to_owned(), email: String::new() }
    }
}

/// One entry of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Whose log; none for the firm's.
    pub customer: Option<CustomerId>,
    /// Its place in the log, counted from 1.
    pub number: i64,
    /// When, to the microsecond.
    pub at: Timestamp,
    /// Who.
    pub actor: AuditActor,
    /// What was done, as a word such as `task.completed`.
    pub action: String,
    /// What it was done to.
    pub subject: Subject,
    /// What it was before, as JSON text: the hash is over just these bytes.
    pub before: Option<String>,
    /// What it was after, as JSON text.
    pub after: Option<String>,
    /// The hash of the entry before it; zeros for the first.
    pub previous: Hash,
    /// The hash of this entry.
    pub hash: Hash,
}
