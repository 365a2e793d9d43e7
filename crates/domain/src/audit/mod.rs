//! The audit log: who did what, when, and what it was before and after.
//!
//! Every customer has a log of its own, and the firm one for what belongs to no customer. The
//! entries of a log are numbered from 1 and form a chain: each carries the hash of the one before
//! it. [`chain`] says how, and finds out whether a log has been tampered with.

pub mod chain;
pub mod checkpoint;
pub mod export;
mod note;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    chain::{Head, Link, Tampering, Verification},
    checkpoint::{Checkpoint, PublicKey, SignedCheckpoint, SigningKey},
    note::{AuditNote, REDACTED, Subject},
};
use crate::{
    access::Actor,
    ids::{CustomerId, UserId},
};

/// A SHA-256.
pub type Hash = [u8; 32];

/// A hash as text.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes from the text that [`hex`] makes of them, and from no other.
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let is_hex = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    if text.len() != 2 * N || !text.bytes().all(is_hex) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
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
    /// A person who is signed in.
    pub fn of(actor: &Actor) -> Self {
        Self { id: Some(actor.user_id()), name: actor.name().to_owned(), email: actor.email().to_owned() }
    }

    /// Somebody of whom nothing is known, as when a sign-in fails.
    pub const fn unknown() -> Self {
        Self { id: None, name: String::new(), email: String::new() }
    }

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
