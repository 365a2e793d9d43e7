//! States and kinds, each with its word, its icon and the attribute that gives it a tone.

use crate::text::Text;

/// What a tone says; the attribute `data-tone`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Info,
    /// Good.
    Ok,
    /// Look here.
    Warn,
    /// Wrong or late.
    Bad,
    /// In review.
    See,
    /// Nothing in particular.
    Mute,
}

impl Tone {
    /// The value of `data-tone`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::See => "see",
            Self::Mute => "mute",
        }
    }
}

/// The state of a task, as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not begun.
    Open,
    /// Somebody works on it.
    Progress,
    /// Open, and the next move is the customer's; shown to the firm only.
    Waiting,
    /// Somebody looks at the result.
    Review,
    /// Set aside for now.
    Hold,
    /// Cannot go on.
    Blocked,
    /// Finished.
    Done,
    /// Given up.
    Cancelled,
    /// Does not apply here.
    Ignored,
}

impl Status {
    /// The value of `data-status`, and the name of the icon.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Progress => "progress",
            Self::Waiting => "waiting",
            Self::Review => "review",
            Self::Hold => "hold",
            Self::Blocked => "blocked",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Ignored => "ignored",
        }
    }

    /// The word for it.
    #[must_use]
    pub fn word(self, t: &Text) -> &'static str {
        let names = &t.names;
        match self {
            Self::Open => names.open,
            Self::Progress => names.progress,
            Self::Waiting => names.waiting,
            Self::Review => names.review,
            Self::Hold => names.hold,
            Self::Blocked => names.blocked,
            Self::Done => names.done,
            Self::Cancelled => names.cancelled,
            Self::Ignored => names.ignored,
        }
    }

    /// No more work: done, given up or ignored.
    #[must_use]
    pub fn closed(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Ignored)
    }

    /// The state deserves a word in a row, because its icon alone is not enough to act on.
    #[must_use]
    pub fn said(self) -> bool {
        matches!(self, Self::Waiting | Self::Review | Self::Hold | Self::Blocked)
    }
}

/// How much a task presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Priority {
    /// Less than others.
    Low,
    /// As usual.
    #[default]
    Medium,
    /// More than others.
    High,
    /// Now.
    Urgent,
}

impl Priority {
    /// Every priority, in order.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Urgent];

    /// The stored value.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// The word for it.
    #[must_use]
    pub fn word(self, t: &Text) -> &'static str {
        match self {
            Self::Low => t.names.low,
            Self::Medium => t.names.medium,
            Self::High => t.names.high,
            Self::Urgent => t.names.urgent,
        }
    }

    /// What a screen reader hears after the title; the usual and the low say nothing.
    #[must_use]
    pub fn note(self, t: &Text) -> Option<&'static str> {
        match self {
            Self::Low | Self::Medium => None,
            Self::High => Some(t.names.high_priority),
            Self::Urgent => Some(t.names.urgent_priority),
        }
    }
}

/// Where in the tree a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// With the customer as a whole.
    Customer,
    /// With a plan.
    Plan,
    /// With a template of a plan.
    Template,
    /// With a document.
    Document,
}

impl Level {
    /// Every level, from the top.
    pub const ALL: [Self; 4] = [Self::Customer, Self::Plan, Self::Template, Self::Document];

    /// The stored value, and the name of the icon.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Plan => "plan",
            Self::Template => "template",
            Self::Document => "document",
        }
    }

    /// The word for the level.
    #[must_use]
    pub fn word(self, t: &Text) -> &'static str {
        match self {
            Self::Customer => t.names.customer,
            Self::Plan => t.names.plan,
            Self::Template => t.names.template,
            Self::Document => t.names.document,
        }
    }

    /// The word for a task of this level.
    #[must_use]
    pub fn task_word(self, t: &Text) -> &'static str {
        match self {
            Self::Customer => t.names.customer_task,
            Self::Plan => t.names.plan_task,
            Self::Template => t.names.template_task,
            Self::Document => t.names.document_task,
        }
    }
}

/// The state of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentStatus {
    /// Being written.
    Draft,
    /// Waiting for decisions.
    InReview,
    /// Decided and locked.
    Approved,
    /// Sent back to its author.
    Rejected,
    /// Replaced by a newer version.
    Superseded,
}

impl DocumentStatus {
    /// The word for it.
    #[must_use]
    pub fn word(self, t: &Text) -> &'static str {
        match self {
            Self::Draft => t.names.draft,
            Self::InReview => t.names.in_review,
            Self::Approved => t.names.approved,
            Self::Rejected => t.names.rejected,
            Self::Superseded => t.names.superseded,
        }
    }

    /// Its tone.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::Draft | Self::Superseded => Tone::Mute,
            Self::InReview => Tone::See,
            Self::Approved => Tone::Ok,
            Self::Rejected => Tone::Bad,
        }
    }

    /// Its icon.
    #[must_use]
    pub fn icon(self) -> &'static str {
        match self {
            Self::Draft => "edit",
            Self::InReview => "review",
            Self::Approved => "done",
            Self::Rejected => "reject",
            Self::Superseded => "ignored",
        }
    }
}

/// The state of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlanStatus {
    /// Worked on.
    #[default]
    Active,
    /// Resting.
    Paused,
    /// Finished.
    Completed,
    /// Given up.
    Cancelled,
}

impl PlanStatus {
    /// The word for it; an active plan needs none.
    #[must_use]
    pub fn badge(self, t: &Text) -> Option<&'static str> {
        match self {
            Self::Active => None,
            Self::Paused => Some(t.names.plan_paused),
            Self::Completed => Some(t.names.plan_completed),
            Self::Cancelled => Some(t.names.plan_cancelled),
        }
    }
}
