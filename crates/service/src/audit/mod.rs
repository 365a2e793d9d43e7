//! The audit log: what use cases note, reading it, its signed checkpoints, and verification.

mod checkpoints;
mod notes;
mod read;
mod verify;

pub(crate) use self::notes::{
    AnswerIn, AppliedRule, Audited, DecidedDocument, DelegatedQuestion, DraftedTemplate, Notes, QueuedMail, TransferredTasks,
    UpgradedTemplate,
};
pub use self::{
    checkpoints::{CheckpointRound, LogState},
    verify::{KnownEnd, LogReport},
};
