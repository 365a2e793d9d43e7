//! Tasks: what they are, where they stand in the hierarchy, and the machine of their moves.

mod machine;
mod place;
mod task;

use serde::{Deserialize, Serialize};

pub use self::{
    machine::{MoveRefusal, TaskMove, TaskState, judge_move, status_after_answer, status_after_evidence, status_after_withdrawal},
    place::{PlaceError, TaskPlace},
    task::{HandMadeTask, Task, TaskChange, TaskFilter, TaskSort},
};
use crate::{
    people::{AssigneeRole, Person},
    words::word_enum,
};

word_enum! {
    /// The level of a task, `customer_tasks.task_scope`. The order is the order of the hierarchy.
    TaskScope {
        /// Not tied to a standard.
        Customer = "customer",
        /// Of a plan.
        Plan = "plan",
        /// Of a template assigned to a plan.
        Template = "template",
        /// Of a document made from a filled template.
        Document = "document",
    }
}

word_enum! {
    /// Where a task stands.
    TaskStatus {
        /// Not begun.
        Pending = "pending",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// Put aside for now.
        OnHold = "on_hold",
        /// Cannot go on until something else happens.
        Blocked = "blocked",
        /// Done by its doer, looked at by somebody else.
        UnderReview = "under_review",
        /// Done.
        Completed = "completed",
        /// Will not be done; counts neither as total nor as overdue.
        Cancelled = "cancelled",
    }
}

impl TaskStatus {
    /// Whether something is still to be done.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Completed | Self::Cancelled)
    }
}

word_enum! {
    /// How much a task presses.
    Priority {
        /// Can wait.
        Low = "low",
        /// As it comes.
        Medium = "medium",
        /// Before others.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
}

/// What a task is about, `customer_tasks.task_type`: one of our words, or a legacy word kept as
/// it came.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskType(String);

/// What finishes a task of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletedBy {
    /// A person says that it is done.
    Person,
    /// The answer to its question.
    Answer,
    /// Accepted evidence.
    Evidence,
    /// The approval of its document, and nothing else.
    Approval,
}

impl TaskType {
    /// Answer one question of a template.
    pub const ANSWER_QUESTION: &'static str = "answer_question";
    /// Anything that a person does.
    pub const GENERAL: &'static str = "general";
    /// Give one approval of a document.
    pub const APPROVE_DOCUMENT: &'static str = "approve_document";
    /// Review a document that was handed in.
    pub const REVIEW_DOCUMENT: &'static str = "review_document";
    /// Change a document that was sent back.
    pub const REVISE_DOCUMENT: &'static str = "revise_document";
    /// Read a valid document again, and say that it still holds or begin a new version.
    pub const REREAD_DOCUMENT: &'static str = "reread_document";
    /// Hand in evidence that is accepted.
    pub const PROVIDE_EVIDENCE: &'static str = "provide_evidence";
    /// Send a mail.
    pub const SEND_EMAIL: &'static str = "send_email";
    /// The types that a person may give to a task or a rule, in the order in which they are offered.
    pub const BY_HAND: &'static [&'static str] =
        &[Self::GENERAL, "meeting", Self::SEND_EMAIL, Self::PROVIDE_EVIDENCE, Self::REVIEW_DOCUMENT];

    /// A type of ours. Unknown words become `None`: only the upgrade brings those in.
    pub fn known(word: &str) -> Option<Self> {
        let ours = Self::BY_HAND.contains(&word) || [Self::ANSWER_QUESTION, Self::APPROVE_DOCUMENT].contains(&word);
        ours.then(|| Self(word.to_owned()))
    }

    /// A type as it is stored, known or not.
    pub fn stored(word: impl Into<String>) -> Self {
        Self(word.into())
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a mail is sent for it.
    pub fn is_mail(&self) -> bool {
        self.0 == Self::SEND_EMAIL
    }

    /// Whether a task of this type may come back by the calendar: one that a person may add.
    pub fn may_recur(&self) -> bool {
        Self::BY_HAND.contains(&self.as_str())
    }

    /// What finishes a task of this type.
    pub fn completed_by(&self) -> CompletedBy {
        match self.as_str() {
            Self::ANSWER_QUESTION => CompletedBy::Answer,
            "provide_evidence" => CompletedBy::Evidence,
            Self::APPROVE_DOCUMENT => CompletedBy::Approval,
            _ => CompletedBy::Person,
        }
    }
}

/// Whether the next step of an open task is the customer's: one of its people has the task, or it
/// falls to one of them.
pub fn waits_on_customer(assignee: Option<&Person>, role: Option<AssigneeRole>) -> bool {
    match assignee {
        Some(person) => !person.is_firm,
        None => role.is_some_and(AssigneeRole::is_customer_side),
    }
}
