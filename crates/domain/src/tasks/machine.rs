//! The machine of a task's moves, and what stands in the way of a move.

use super::{CompletedBy, TaskStatus, TaskType};
use crate::words::word_enum;

word_enum! {
    /// What a person can do to a task's status.
    TaskMove {
        /// Begin, or go on.
        Start = "start",
        /// Hand it in for review.
        Submit = "submit",
        /// Finish it.
        Complete = "complete",
        /// Take it up again after it was finished or cancelled.
        Reopen = "reopen",
        /// Put it aside.
        Hold = "hold",
        /// Say that it cannot go on.
        Block = "block",
        /// Say that it will not be done.
        Cancel = "cancel",
    }
}

impl TaskMove {
    /// The status that the move leads to, if it is allowed from `status`.
    pub const fn apply(self, status: TaskStatus) -> Option<TaskStatus> {
        use TaskStatus::{Blocked, Cancelled, Completed, InProgress, OnHold, Pending, UnderReview};
        match (self, status) {
            (Self::Start, Pending | OnHold | Blocked | UnderReview) => Some(InProgress),
            (Self::Submit, Pending | InProgress) => Some(UnderReview),
            (Self::Complete, Pending | InProgress | UnderReview) => Some(Completed),
            (Self::Hold, Pending | InProgress) => Some(OnHold),
            (Self::Block, Pending | InProgress) => Some(Blocked),
            (Self::Reopen, Completed | Cancelled) => Some(Pending),
            (Self::Cancel, Pending | InProgress | OnHold | Blocked | UnderReview) => Some(Cancelled),
            _ => None,
        }
    }

    /// The moves that are allowed from a status, in the order in which they are offered.
    pub fn allowed_from(status: TaskStatus) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|one| one.apply(status).is_some()).collect()
    }
}

/// What the machine has to know of a task to judge a move.
#[derive(Debug, Clone)]
pub struct TaskState<'a> {
    /// Where it stands.
    pub status: TaskStatus,
    /// What it is about.
    pub task_type: &'a TaskType,
    /// Whether it, or anything above it, is ignored.
    pub is_ignored: bool,
    /// Whether evidence must be there before it can be completed.
    pub requires_evidence: bool,
    /// Whether accepted evidence is there.
    pub has_accepted_evidence: bool,
    /// Whether its question is answered (question tasks).
    pub is_answered: bool,
}

/// Why a move is refused. All of them are conflicts with the task's state: 409.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoveRefusal {
    /// The machine has no such move from here.
    #[error("a task that is {from} cannot be moved by `{attempted}`")]
    InvalidTransition {
        /// The present status.
        from: TaskStatus,
        /// The move that was tried.
        attempted: TaskMove,
        /// The moves that are allowed.
        allowed: Vec<TaskMove>,
    },
    /// An ignored task does not move; it has to be restored first.
    #[error("the task is ignored")]
    Ignored,
    /// Its answer completes it, and there is none.
    #[error("the question is not answered")]
    AnswerRequired,
    /// It needs accepted evidence first.
    #[error("accepted evidence is missing")]
    EvidenceRequired,
    /// Only the approval of the document completes it.
    #[error("only the approval of the document completes it")]
    ApprovalRequired,
}

/// Judges a move and gives the status that it leads to.
pub fn judge_move(task: &TaskState<'_>, attempted: TaskMove) -> Result<TaskStatus, MoveRefusal> {
    if task.is_ignored {
        return Err(MoveRefusal::Ignored);
    }
    let from = task.status;
    let to =
        attempted.apply(from).ok_or_else(|| MoveRefusal::InvalidTransition { from, attempted, allowed: TaskMove::allowed_from(from) })?;
    if to == TaskStatus::Completed {
        match task.task_type.completed_by() {
            CompletedBy::Answer if !task.is_answered => return Err(MoveRefusal::AnswerRequired),
            CompletedBy::Approval => return Err(MoveRefusal::ApprovalRequired),
            CompletedBy::Evidence if !task.has_accepted_evidence => return Err(MoveRefusal::EvidenceRequired),
            _ if task.requires_evidence && !task.has_accepted_evidence => return Err(MoveRefusal::EvidenceRequired),
            _ => {}
        }
    }
    Ok(to)
}

/// The status of a question task once its question has been answered: completed, unless evidence
/// is still missing. A cancelled task stays cancelled, whoever cancelled it meant it.
pub const fn status_after_answer(status: TaskStatus, evidence_missing: bool) -> TaskStatus {
    match status {
        TaskStatus::Cancelled => TaskStatus::Cancelled,
        TaskStatus::Pending if evidence_missing => TaskStatus::InProgress,
        TaskStatus::Completed if evidence_missing => TaskStatus::InProgress,
        open if evidence_missing => open,
        _ => TaskStatus::Completed,
    }
}

/// The status of a task once evidence for it has been accepted or sent back. Accepted evidence
/// completes a task that is about it, and a question that was only waiting for it; where the last
/// accepted one is sent back, what could not have been completed without is taken up again. What
/// is ignored or cancelled stays as it is, and so does an approval.
pub fn status_after_evidence(task: &TaskState<'_>) -> TaskStatus {
    let completed_by = task.task_type.completed_by();
    let is_needed = task.requires_evidence || completed_by == CompletedBy::Evidence;
    if task.is_ignored || !is_needed || completed_by == CompletedBy::Approval {
        return task.status;
    }
    let is_enough = match completed_by {
        CompletedBy::Evidence => true,
        CompletedBy::Answer => task.is_answered,
        CompletedBy::Person | CompletedBy::Approval => false,
    };
    match (task.has_accepted_evidence, task.status) {
        (true, status) if status.is_open() && is_enough => TaskStatus::Completed,
        (false, TaskStatus::Completed) => TaskStatus::InProgress,
        (_, status) => status,
    }
}

/// The status of a question task once its answer has been taken back: open again, if the answer had
/// completed it or handed it in. Whatever a person said of it besides stays.
pub const fn status_after_withdrawal(status: TaskStatus) -> TaskStatus {
    match status {
        TaskStatus::Completed | TaskStatus::UnderReview => TaskStatus::Pending,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn state(status: TaskStatus, task_type: &TaskType) -> TaskState<'_> {
        TaskState { status, task_type, is_ignored: false, requires_evidence: false, has_accepted_evidence: false, is_answered: false }
    }

    #[test]
    fn the_machine_as_written_in_the_contract() {
        use TaskStatus::{Blocked, Cancelled, Completed, InProgress, OnHold, Pending, UnderReview};
        let sources = |one: TaskMove| TaskStatus::ALL.iter().copied().filter(|s| one.apply(*s).is_some()).collect::<Vec<_>>();
        assert_eq!(sources(TaskMove::Start), [Pending, OnHold, Blocked, UnderReview]);
        assert_eq!(sources(TaskMove::Submit), [Pending, InProgress]);
        assert_eq!(sources(TaskMove::Complete), [Pending, InProgress, UnderReview]);
        assert_eq!(sources(TaskMove::Hold), [Pending, InProgress]);
        assert_eq!(sources(TaskMove::Block), [Pending, InProgress]);
        assert_eq!(sources(TaskMove::Reopen), [Completed, Cancelled]);
        assert_eq!(sources(TaskMove::Cancel), [Pending, InProgress, OnHold, Blocked, UnderReview]);
    }

    #[test]
    fn what_completes_a_task() {
        let question = TaskType::stored(TaskType::ANSWER_QUESTION);
        let approval = TaskType::stored(TaskType::APPROVE_DOCUMENT);
        let evidence = TaskType::stored("provide_evidence");
        let legacy = TaskType::stored("fillable_section");
        let complete = |state: &TaskState<'_>| judge_move(state, TaskMove::Complete);
        let mut asked = state(TaskStatus::Pending, &question);
        assert_eq!(complete(&asked), Err(MoveRefusal::AnswerRequired));
        asked.is_answered = true;
        assert_eq!(complete(&asked), Ok(TaskStatus::Completed));
        asked.requires_evidence = true;
        assert_eq!(complete(&asked), Err(MoveRefusal::EvidenceRequired));
        assert_eq!(complete(&state(TaskStatus::UnderReview, &approval)), Err(MoveRefusal::ApprovalRequired));
        assert_eq!(complete(&state(TaskStatus::Pending, &evidence)), Err(MoveRefusal::EvidenceRequired));
        assert_eq!(complete(&state(TaskStatus::Pending, &legacy)), Ok(TaskStatus::Completed));
    }

    proptest! {
        #[test]
        fn every_walk_stays_in_the_machine(
            moves in prop::collection::vec(select(TaskMove::ALL), 0..40),
            start in select(TaskStatus::ALL),
            requires_evidence: bool, has_accepted_evidence: bool, is_ignored: bool,
        ) {
            let general = TaskType::stored(TaskType::GENERAL);
            let mut status = start;
            for attempted in moves {
                let task = TaskState { status, task_type: &general, is_ignored, requires_evidence, has_accepted_evidence, is_answered: false };
                match judge_move(&task, attempted) {
                    Ok(to) => {
                        prop_assert!(!is_ignored);
                        prop_assert_ne!(to, status);
                        prop_assert!(to != TaskStatus::Completed || !requires_evidence || has_accepted_evidence);
                        prop_assert!(TaskMove::allowed_from(status).contains(&attempted));
                        status = to;
                    }
                    Err(MoveRefusal::InvalidTransition { from, allowed, .. }) => {
                        prop_assert_eq!(from, status);
                        prop_assert!(!allowed.contains(&attempted) && !allowed.is_empty());
                    }
                    Err(MoveRefusal::Ignored) => prop_assert!(is_ignored),
                    Err(MoveRefusal::EvidenceRequired) => prop_assert!(requires_evidence && attempted == TaskMove::Complete),
                    Err(other) => prop_assert!(false, "{other}"),
                }
            }
        }

        #[test]
        fn from_every_status_there_is_a_way_back_to_work(status in select(TaskStatus::ALL)) {
            let reachable = |from: TaskStatus| TaskMove::ALL.iter().filter_map(move |one| one.apply(from));
            let two_steps = reachable(status).chain(reachable(status).flat_map(reachable)).any(|s| s == TaskStatus::InProgress);
            prop_assert!(two_steps || status == TaskStatus::InProgress);
        }

        #[test]
        fn evidence_leaves_nothing_done_without_it(
            status in select(TaskStatus::ALL), kind in select(&["general", "answer_question", "provide_evidence", "approve_document"][..]),
            requires_evidence: bool, has_accepted_evidence: bool, is_answered: bool, is_ignored: bool,
        ) {
            let task_type = TaskType::stored(kind);
            let task = TaskState { requires_evidence, has_accepted_evidence, is_answered, is_ignored, ..state(status, &task_type) };
            let after = status_after_evidence(&task);
            prop_assert_eq!(status_after_evidence(&TaskState { status: after, ..task.clone() }), after, "twice is once");
            if is_ignored || status == TaskStatus::Cancelled || kind == "approve_document" {
                prop_assert_eq!(after, status);
            } else if after == TaskStatus::Completed && status != TaskStatus::Completed {
                // What evidence completes, a person could have completed.
                prop_assert!(has_accepted_evidence && (kind == "provide_evidence" || (is_answered && requires_evidence)));
            } else if after == TaskStatus::Completed {
                prop_assert!(has_accepted_evidence || !(requires_evidence || kind == "provide_evidence"));
            }
        }

        #[test]
        fn what_is_taken_back_is_never_done(status in select(TaskStatus::ALL)) {
            let after = status_after_withdrawal(status);
            prop_assert!(after != TaskStatus::Completed);
            prop_assert_eq!(status_after_answer(after, false) == TaskStatus::Completed, status != TaskStatus::Cancelled);
        }

        #[test]
        fn an_answer_reopens_nothing(status in select(TaskStatus::ALL), evidence_missing: bool) {
            let after = status_after_answer(status, evidence_missing);
            prop_assert_eq!(after == TaskStatus::Cancelled, status == TaskStatus::Cancelled);
            prop_assert!(!(evidence_missing && after == TaskStatus::Completed));
        }
    }
}
