//! The register of a customer's evidence: what it is filtered and ordered by, and its gaps.

use jiff::civil::Date;
use serde::Serialize;

use super::{Evidence, EvidenceKind, EvidenceStatus};
use crate::{
    ids::{PlanId, TaskId, TemplateId},
    tasks::Task,
    words::word_enum,
};

word_enum! {
    /// Where evidence stands in the register.
    EvidenceState {
        /// It waits to be looked at.
        Waiting = "waiting",
        /// It was accepted.
        Accepted = "accepted",
        /// It was sent back.
        SentBack = "sent_back",
        /// Something else came in its place.
        Replaced = "replaced",
    }
}

word_enum! {
    /// Evidence whose last day is near, or past. What was sent back or replaced is neither.
    EvidenceValidity {
        /// Its last day is near.
        Expiring = "expiring",
        /// Its last day is past.
        Expired = "expired",
    }
}

word_enum! {
    /// How the register is ordered.
    EvidenceSort {
        /// The latest first.
        Received = "received",
        /// By name.
        Name = "name",
        /// What ends first comes first, what does not end last.
        ValidUntil = "valid_until",
    }
}

/// Which evidence a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EvidenceFilter {
    /// That serves this task.
    pub task_id: Option<TaskId>,
    /// That serves a task of this plan, or of anything below it.
    pub plan_id: Option<PlanId>,
    /// That serves a task of this template, in any plan, or of a document of it.
    pub template_id: Option<TemplateId>,
    /// With this status.
    pub status: Option<EvidenceStatus>,
    /// Standing there in the register.
    pub state: Option<EvidenceState>,
    /// Of this kind.
    pub kind: Option<EvidenceKind>,
    /// Whose last day is near, or past.
    pub validity: Option<EvidenceValidity>,
    /// Without what something else came in the place of.
    pub is_current: bool,
    /// With these words in its name, its note or its address.
    pub words: Option<String>,
}

word_enum! {
    /// What is there in the place of the evidence that a task needs.
    GapReason {
        /// Nothing.
        Missing = "missing",
        /// Something that waits to be looked at.
        Waiting = "waiting",
        /// Something that was sent back.
        SentBack = "sent_back",
        /// Something that was accepted and has come to its last day.
        Expired = "expired",
    }
}

/// A task that needs evidence and has none that is accepted and still valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceGap {
    /// The task.
    pub task: Task,
    /// What is there in its place.
    pub reason: GapReason,
    /// The last day of what expired last.
    pub expired_on: Option<Date>,
}

impl EvidenceGap {
    /// Says why a task that has no valid evidence has none. `serving` is what serves it. What is
    /// nearest to closing the gap counts.
    pub fn of(task: Task, serving: &[Evidence], today: Date) -> Self {
        let has = |status: EvidenceStatus| serving.iter().any(|one| one.status == status && one.replaced_by.is_none());
        let expired = serving.iter().filter(|one| one.status == EvidenceStatus::Accepted && one.has_expired(today));
        let expired_on = expired.filter_map(|one| one.details.valid_until).max();
        let reason = if has(EvidenceStatus::Pending) {
            GapReason::Waiting
        } else if expired_on.is_some() {
            GapReason::Expired
        } else if has(EvidenceStatus::Rejected) {
            GapReason::SentBack
        } else {
            GapReason::Missing
        };
        Self { task, reason, expired_on }
    }
}
