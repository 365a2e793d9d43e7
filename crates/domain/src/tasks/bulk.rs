//! One change of several tasks: what it can be, and why a task of them is left as it was.

use jiff::civil::Date;

use super::{MoveRefusal, Priority, TaskMove};
use crate::{ids::UserId, text::Prose, words::word_enum};

/// The most tasks of one change: as many as a list shows on one page at most.
pub const MOST_TASKS: usize = 200;

/// What is done to each of several tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkChange {
    /// Begin, complete or hold them.
    Move(TaskMove),
    /// Give them to somebody, or to nobody.
    Assign(Option<UserId>),
    /// Give them a due date, or none.
    Due(Option<Date>),
    /// Say how much they press.
    Priority(Priority),
    /// Ignore them with a reason.
    Ignore(Prose),
}

impl BulkChange {
    /// The most tasks of one change.
    pub const MOST_TASKS: usize = MOST_TASKS;
    /// The moves that several tasks can make at once. The others want a look at each task.
    pub const MOVES: [TaskMove; 3] = [TaskMove::Start, TaskMove::Complete, TaskMove::Hold];

    /// The word that is stored and sent.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Move(attempted) => attempted.as_str(),
            Self::Assign(_) => "assign",
            Self::Due(_) => "due",
            Self::Priority(_) => "priority",
            Self::Ignore(_) => "ignore",
        }
    }
}

word_enum! {
    /// Why one of several tasks is left as it was.
    BulkRefusal {
        /// It is ignored, or what is above it is.
        Ignored = "ignored",
        /// The person may change tasks here, but not this one.
        Forbidden = "forbidden",
        /// There is no such move from where it stands.
        InvalidTransition = "invalid-transition",
        /// Its answer completes it, and there is none.
        AnswerRequired = "answer-required",
        /// It needs accepted evidence first.
        EvidenceRequired = "evidence-required",
        /// Only the approval of its document completes it.
        ApprovalRequired = "approval-required",
        /// It is done on its document's page, with a look at the document.
        AtDocument = "at-document",
    }
}

impl From<&MoveRefusal> for BulkRefusal {
    fn from(refusal: &MoveRefusal) -> Self {
        match refusal {
            MoveRefusal::InvalidTransition { .. } => Self::InvalidTransition,
            MoveRefusal::Ignored => Self::Ignored,
            MoveRefusal::AnswerRequired => Self::AnswerRequired,
            MoveRefusal::EvidenceRequired => Self::EvidenceRequired,
            MoveRefusal::ApprovalRequired => Self::ApprovalRequired,
        }
    }
}

word_enum! {
    /// Why a change of one of several tasks is not taken back.
    UndoRefusal {
        /// Somebody has changed the task since.
        ChangedSince = "changed-since",
        /// The person may not change the task any more.
        Forbidden = "forbidden",
    }
}
