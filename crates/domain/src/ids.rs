//! Typed ids: an id of one kind cannot be passed where another is meant.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where new ids come from. Use cases draw them once and pass them down; tests seed them.
pub trait IdSource: Send + Sync {
    /// A new id, never given out before.
    fn next(&self) -> Uuid;
}

macro_rules! uuid_ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    )+};
}

macro_rules! number_ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i32);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

number_ids! {
    /// A customer of the firm (`dna_app.customers.id`, an integer as in the original schema).
    CustomerId,
    /// A person who signs in (`auth.users.id`, an integer as in the original schema).
    UserId,
}

uuid_ids! {
    /// A standard in the library.
    StandardId,
    /// A template in the library.
    TemplateId,
    /// One immutable release of a template, or its draft.
    ReleaseId,
    /// A plan: one customer following one standard.
    PlanId,
    /// A document made from a filled template.
    DocumentId,
    /// A task at any of the four levels.
    TaskId,
    /// A task rule of the firm.
    RuleId,
    /// A job: work to be done after a transaction, such as a mail.
    JobId,
    /// A session, where its holder sees it. It is no secret: the session's token is another.
    SessionId,
    /// An API token.
    TokenId,
    /// Somebody without an account who answers single questions.
    RespondentId,
    /// A question delegated to a respondent.
    DelegationId,
    /// A file that shows that something is so.
    EvidenceId,
    /// A comment on a task.
    CommentId,
    /// A change of several tasks at once, to be taken back as one.
    BatchId,
    /// A list of tasks as a person likes to see it.
    ViewId,
    /// A spreadsheet that somebody brings in.
    ImportId,
}
