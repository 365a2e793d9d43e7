//! The chain of hashes: how an entry follows the one before it, and what verification finds.

use sha2::{Digest, Sha256};

use super::{AuditActor, AuditEntry, AuditNote, Hash};
use crate::ids::CustomerId;

/// What the bytes begin with, so that a later form cannot be taken for this one.
const FORM: &[u8] = b"muster audit 1";

/// The end of a log: how many entries it has, and the hash of the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the last entry; 0 for an empty log.
    pub number: i64,
    /// The hash of the last entry; zeros for an empty log.
    pub hash: Hash,
}

impl Head {
    /// The entry that follows, and the end of the log after it.
    pub fn append(self, customer: Option<CustomerId>, at: jiff::Timestamp, actor: &AuditActor, note: AuditNote) -> (AuditEntry, Self) {
        let mut entry = AuditEntry {
            customer,
            number: self.number + 1,
            // The database keeps microseconds.
            at: jiff::Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at),
            actor: actor.clone(),
            action: note.action.to_owned(),
            subject: note.subject,
            before: note.before,
            after: note.after,
            previous: self.hash,
            hash: [0; 32],
        };
        entry.hash = hash_of(&entry);
        let head = Self { number: entry.number, hash: entry.hash };
        (entry, head)
    }
}

/// Puts fields together, each with its length before it, so that nothing can move from one field to
/// its neighbour.
#[derive(Default)]
pub(super) struct Fields(Vec<u8>);

impl Fields {
    pub(super) fn add(&mut self, value: Option<&[u8]>) {
        match value {
            None => self.0.push(0),
            Some(value) => {
                self.0.push(1);
                self.0.extend_from_slice(&(value.len() as u64).to_be_bytes());
                self.0.extend_from_slice(value);
            }
        }
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.0
    }
}

/// The bytes that are hashed.
pub fn canonical_bytes(entry: &AuditEntry) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.add(Some(FORM));
    fields.add(entry.customer.map(|id| id.0.to_be_bytes()).as_ref().map(|id| &id[..]));
    fields.add(Some(&entry.number.to_be_bytes()));
    fields.add(Some(&entry.at.as_microsecond().to_be_bytes()));
    fields.add(entry.actor.id.map(|id| id.0.to_be_bytes()).as_ref().map(|id| &id[..]));
    for text in [&entry.actor.name, &entry.actor.email, &entry.action, &entry.subject.kind, &entry.subject.id, &entry.subject.title] {
        fields.add(Some(text.as_bytes()));
    }
    fields.add(entry.before.as_deref().map(str::as_bytes));
    fields.add(entry.after.as_deref().map(str::as_bytes));
    fields.add(Some(&entry.previous));
    fields.bytes()
}

/// The hash of an entry, from everything in it but the hash itself.
pub fn hash_of(entry: &AuditEntry) -> Hash {
    Sha256::digest(canonical_bytes(entry)).into()
}

/// The place of an entry in the chain, without what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub number: i64,
    /// The hash of the entry before it.
    pub previous: Hash,
    /// Its own hash.
    pub hash: Hash,
}

impl AuditEntry {
    /// Its place in the chain.
    pub const fn link(&self) -> Link {
        Link { number: self.number, previous: self.previous, hash: self.hash }
    }
}

/// What is wrong with a log, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Tampering {
    /// An entry stands where another should.
    #[error("entry {expected} should follow, but entry {found} stands there: entries were deleted, inserted or moved")]
    OutOfOrder {
        /// The number that should follow.
        expected: i64,
        /// The number that stands there.
        found: i64,
    },
    /// An entry does not say what it said when it was written.
    #[error("entry {number} was changed after it was written")]
    Altered {
        /// Which.
        number: i64,
    },
    /// An entry follows another one than the one that stands before it.
    #[error("entry {number} does not continue the entry before it: what stands before it was replaced")]
    Unlinked {
        /// Which.
        number: i64,
    },
    /// An entry of another log.
    #[error("entry {number} belongs to another log")]
    Foreign {
        /// Which.
        number: i64,
    },
    /// The log ends elsewhere than its head says.
    #[error("the log ends at entry {last}, but its head says {head}: entries at the end were deleted or added")]
    WrongEnd {
        /// The last entry that is there.
        last: i64,
        /// The last entry that there should be.
        head: i64,
    },
    /// There are entries, but no head.
    #[error("the log has {last} entries, but no head")]
    NoHead {
        /// The last entry that is there.
        last: i64,
    },
    /// A checkpoint is ahead of the log.
    #[error("a checkpoint knows entry {number}, but the log ends at entry {last}: entries at the end were deleted")]
    BeforeCheckpoint {
        /// The last entry that is there.
        last: i64,
        /// The entry of the checkpoint.
        number: i64,
    },
    /// A checkpoint knows another entry under this number.
    #[error("entry {number} is not the one that a checkpoint knows: the log was rewritten")]
    OtherThanCheckpoint {
        /// Which.
        number: i64,
    },
    /// A checkpoint whose signature does not fit it.
    #[error("the checkpoint of entry {number} is not as it was signed: it was changed or forged")]
    BadSignature {
        /// The entry of the checkpoint.
        number: i64,
    },
    /// A checkpoint that is signed with a key that is not known.
    #[error("the checkpoint of entry {number} is signed with another key than this installation's")]
    UnknownKey {
        /// The entry of the checkpoint.
        number: i64,
    },
}

/// Walks through one log, entry by entry.
#[derive(Debug, Clone)]
pub struct Verification {
    customer: Option<CustomerId>,
    end: Head,
    /// Sorted by number; those before `next` have been compared.
    checkpoints: Vec<Head>,
    next: usize,
}

impl Verification {
    /// Begins before the first entry. `checkpoints` are ends of this log as they were known.
    pub fn new(customer: Option<CustomerId>, mut checkpoints: Vec<Head>) -> Self {
        checkpoints.sort_unstable_by_key(|one| one.number);
        let next = checkpoints.partition_point(|one| one.number < 1);
        Self { customer, end: Head::default(), checkpoints, next }
    }

    /// Begins after an end that is known to be good, such as that of a checkpoint.
    pub const fn after(customer: Option<CustomerId>, end: Head) -> Self {
        Self { customer, end, checkpoints: Vec::new(), next: 0 }
    }

    /// How far the log has been found good.
    pub const fn end(&self) -> Head {
        self.end
    }

    /// Looks at the next entry.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&mut self, entry: &AuditEntry) -> Result<(), Tampering> {
        let number = entry.number;
        if entry.customer != self.customer {
            return Err(Tampering::Foreign { number });
        }
        self.expect(number)?;
        if hash_of(entry) != entry.hash {
            return Err(Tampering::Altered { number });
        }
        self.step(entry.link())
    }

    /// Steps over an entry of which only the place in the chain is known.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn pass(&mut self, link: Link) -> Result<(), Tampering> {
        self.expect(link.number)?;
        self.step(link)
    }

    const fn expect(&self, number: i64) -> Result<(), Tampering> {
        if number == self.end.number + 1 { Ok(()) } else { Err(Tampering::OutOfOrder { expected: self.end.number + 1, found: number }) }
    }

    fn step(&mut self, Link { number, previous, hash }: Link) -> Result<(), Tampering> {
        if previous != self.end.hash {
            return Err(Tampering::Unlinked { number });
        }
        while let Some(one) = self.checkpoints.get(self.next).filter(|one| one.number == number) {
            if one.hash != hash {
                return Err(Tampering::OtherThanCheckpoint { number });
            }
            self.next += 1;
        }
        self.end = Head { number, hash };
        Ok(())
    }

    /// Compares the end with the head that was kept beside the log.
    ///
    /// # Errors
    /// Where they differ, or a checkpoint knows of more.
    pub fn finish(self, head: Option<Head>) -> Result<Head, Tampering> {
        let last = self.end.number;
        match head {
            None if last > 0 => return Err(Tampering::NoHead { last }),
            Some(head) if head != self.end => return Err(Tampering::WrongEnd { last, head: head.number }),
            _ => {}
        }
        match self.checkpoints.last() {
            Some(one) if one.number > last => Err(Tampering::BeforeCheckpoint { last, number: one.number }),
            _ => Ok(self.end),
        }
    }
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
