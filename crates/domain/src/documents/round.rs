//! One round of review and approval: the steps that were asked for when the version was handed in,
//! and what people decided.
//!
//! The steps are kept with the version as it was handed in. Cancelling or ignoring a task does not
//! take a step away: whoever wants a step gone changes the rules and hands the document in again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{TaskId, UserId},
    words::word_enum,
};

word_enum! {
    /// What a step is.
    StepKind {
        /// Somebody else than the author reads it and finds it complete.
        Review = "review",
        /// An approver who is named for the step agrees.
        Approval = "approval",
    }
}

/// A step that a version has to pass, as the rules asked for it when it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its place in the order: reviews first, then approvals in the order of the rules. Counted from 1.
    pub position: i32,
    /// What it is.
    pub kind: StepKind,
    /// The approval step, such as `manager`; of a review, `review`.
    pub step: String,
    /// The task's title.
    pub title: String,
    /// The task that stands for it.
    pub task_id: TaskId,
}

word_enum! {
    /// What somebody decided.
    DecisionKind {
        /// The review found it complete.
        Reviewed = "reviewed",
        /// Approved.
        Approved = "approved",
        /// Sent back.
        Rejected = "rejected",
    }
}

/// What somebody decided, recorded once and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The step's place in the order.
    pub position: i32,
    /// The step.
    pub step: String,
    /// What was decided.
    pub kind: DecisionKind,
    /// Who.
    pub user_id: UserId,
    /// Their name as it was.
    pub user_name: String,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of what was decided on, in hexadecimal digits.
    pub content_sha256: String,
    /// Why it was sent back, or what was said with the approval.
    pub remark: Option<String>,
}

/// A round: its steps in their order, and the decisions so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    /// The steps.
    pub steps: Vec<Step>,
    /// The decisions, the earliest first.
    pub decisions: Vec<Decision>,
}

/// Which steps somebody can complete now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// These, in their order; with the last of all steps the version is approved.
    Theirs(Vec<Step>),
    /// None: an earlier step is somebody else's.
    WaitsFor(Step),
    /// None: they are not named for any step that is still open.
    NotNamed,
}

impl Round {
    /// Whether a step has been passed.
    pub fn is_passed(&self, step: &Step) -> bool {
        self.decisions.iter().any(|one| one.position == step.position && one.kind != DecisionKind::Rejected)
    }

    /// The step whose turn it is.
    pub fn next(&self) -> Option<&Step> {
        self.steps.iter().find(|step| !self.is_passed(step))
    }

    /// Whether every step has been passed. A round without steps never is: nobody has agreed.
    pub fn is_complete(&self) -> bool {
        !self.steps.is_empty() && self.next().is_none()
    }

    /// How it was sent back, if it was.
    pub fn rejection(&self) -> Option<&Decision> {
        self.decisions.iter().find(|one| one.kind == DecisionKind::Rejected)
    }

    /// The steps that somebody can pass now, who holds those for which `holds` says so: all from
    /// the next one on, up to the first that is somebody else's.
    pub fn turn_of(&self, holds: impl Fn(&Step) -> bool) -> Turn {
        let open: Vec<&Step> = self.steps.iter().filter(|step| !self.is_passed(step)).collect();
        let theirs: Vec<Step> = open.iter().take_while(|step| holds(step)).map(|step| (*step).clone()).collect();
        match open.first() {
            Some(_) if !theirs.is_empty() => Turn::Theirs(theirs),
            Some(first) if open.iter().any(|step| holds(step)) => Turn::WaitsFor((*first).clone()),
            _ => Turn::NotNamed,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn step(position: i32, step: &str) -> Step {
        let kind = if step == "review" { StepKind::Review } else { StepKind::Approval };
        Step { position, kind, step: step.into(), title: step.into(), task_id: TaskId(Uuid::from_u128(1)) }
    }

    fn decision(position: i32, kind: DecisionKind) -> Decision {
        let at = Timestamp::UNIX_EPOCH;
        let (step, user_name, content_sha256) = ("s".into(), "N".into(), String::new());
        Decision { position, step, kind, user_id: UserId(1), user_name, at, content_sha256, remark: None }
    }

    fn round(names: &[&str]) -> Round {
        let steps = (1..).zip(names).map(|(position, name)| step(position, name)).collect();
        Round { steps, decisions: Vec::new() }
    }

    #[test]
    fn steps_are_passed_in_their_order() {
        let mut round = round(&["review", "manager", "ciso"]);
        let holds = |names: &'static [&'static str]| move |step: &Step| names.contains(&step.step.as_str());
        assert_eq!(round.turn_of(holds(&["ciso"])), Turn::WaitsFor(step(1, "review")));
        assert_eq!(round.turn_of(holds(&["board"])), Turn::NotNamed);
        round.decisions.push(decision(1, DecisionKind::Reviewed));
        assert_eq!(round.turn_of(holds(&["ciso"])), Turn::WaitsFor(step(2, "manager")));
        assert_eq!(round.turn_of(holds(&["manager", "ciso"])), Turn::Theirs(vec![step(2, "manager"), step(3, "ciso")]));
        assert_eq!(round.turn_of(holds(&["manager"])), Turn::Theirs(vec![step(2, "manager")]));
        round.decisions.push(decision(2, DecisionKind::Approved));
        assert!(!round.is_complete());
        round.decisions.push(decision(3, DecisionKind::Approved));
        assert!(round.is_complete());
        assert_eq!(round.turn_of(holds(&["manager", "ciso"])), Turn::NotNamed);
    }

    #[test]
    fn without_steps_nobody_has_agreed() {
        assert!(!Round::default().is_complete());
    }

    proptest! {
        /// Whoever holds whichever steps, in whatever order they come: no step is passed before the
        /// ones above it.
        #[test]
        fn no_step_is_passed_out_of_order(count in 1_i32..6, turns in prop::collection::vec(0_u8..64, 0..12)) {
            let mut round = Round { steps: (1..=count).map(|one| step(one, "manager")).collect(), decisions: Vec::new() };
            for held in turns {
                if let Turn::Theirs(steps) = round.turn_of(|step| held & (1 << step.position) != 0) {
                    round.decisions.extend(steps.iter().map(|step| decision(step.position, DecisionKind::Approved)));
                }
                let passed: Vec<bool> = round.steps.iter().map(|step| round.is_passed(step)).collect();
                prop_assert!(passed.windows(2).all(|pair| pair[0] || !pair[1]));
                prop_assert_eq!(round.is_complete(), passed.iter().all(|one| *one));
            }
        }
    }
}
