//! The audit log: what use cases note, and verification.

mod notes;
mod read;
mod verify;

pub(crate) use self::notes::{AnswerIn, AppliedRule, DelegatedQuestion, Notes, TransferredTasks};
pub use self::verify::{Checkpoint, LogReport};
