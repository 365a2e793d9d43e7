//! The machine of a document's moves: what may be done to a version where it stands.

use super::DocumentStatus;
use crate::words::word_enum;

word_enum! {
    /// What can be done to the latest version of a document.
    DocumentMove {
        /// Change its text, name, number or classification.
        Edit = "edit",
        /// Take over the latest answers.
        Refresh = "refresh",
        /// Hand it in for review and approval.
        Submit = "submit",
        /// Take it back out of review.
        Withdraw = "withdraw",
        /// Complete the review, or approve a step.
        Approve = "approve",
        /// Send it back with a reason.
        Reject = "reject",
        /// Begin the next version.
        NewVersion = "new_version",
    }
}

impl DocumentMove {
    /// The status that the move leads to, if it is allowed from `status`. Approving leads to
    /// `approved` with the last step only; a new version begins as a draft, and supersedes the one
    /// in force when it is approved itself.
    pub const fn apply(self, status: DocumentStatus) -> Option<DocumentStatus> {
        use DocumentStatus::{Approved, Draft, InReview, Rejected};
        match (self, status) {
            // The author's next edit makes a rejected version a draft again.
            (Self::Edit | Self::Refresh, Draft | Rejected) | (Self::Withdraw, InReview) | (Self::NewVersion, Approved) => Some(Draft),
            (Self::Submit, Draft) => Some(InReview),
            (Self::Approve, InReview) => Some(Approved),
            (Self::Reject, InReview) => Some(Rejected),
            _ => None,
        }
    }

    /// The moves that are allowed from a status, in the order in which they are offered.
    pub fn allowed_from(status: DocumentStatus) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|one| one.apply(status).is_some()).collect()
    }
}

/// A move that the machine does not have from where the document stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a document that is {from} cannot be moved by `{attempted}`")]
pub struct DocumentRefusal {
    /// Where it stands.
    pub from: DocumentStatus,
    /// The move that was tried.
    pub attempted: DocumentMove,
    /// The moves that are allowed.
    pub allowed: Vec<DocumentMove>,
}

/// Judges a move and gives the status that it leads to.
pub fn judge_document_move(from: DocumentStatus, attempted: DocumentMove) -> Result<DocumentStatus, DocumentRefusal> {
    attempted.apply(from).ok_or_else(|| DocumentRefusal { from, attempted, allowed: DocumentMove::allowed_from(from) })
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    #[test]
    fn the_machine_as_documented() {
        use DocumentStatus::{Approved, Draft, InReview, Rejected};
        let sources = |one: DocumentMove| DocumentStatus::ALL.iter().copied().filter(|s| one.apply(*s).is_some()).collect::<Vec<_>>();
        assert_eq!(sources(DocumentMove::Edit), [Draft, Rejected]);
        assert_eq!(sources(DocumentMove::Refresh), [Draft, Rejected]);
        assert_eq!(sources(DocumentMove::Submit), [Draft]);
        assert_eq!(sources(DocumentMove::Withdraw), [InReview]);
        assert_eq!(sources(DocumentMove::Approve), [InReview]);
        assert_eq!(sources(DocumentMove::Reject), [InReview]);
        assert_eq!(sources(DocumentMove::NewVersion), [Approved]);
    }

    proptest! {
        /// However a document is moved about: it is approved only out of review, is never edited
        /// while it is in review or approved, and what is refused tells what would be allowed.
        #[test]
        fn every_walk_stays_in_the_machine(moves in prop::collection::vec(select(DocumentMove::ALL), 0..60)) {
            let (mut status, mut version) = (DocumentStatus::Draft, 1);
            for attempted in moves {
                match judge_document_move(status, attempted) {
                    Ok(to) => {
                        prop_assert!(to != DocumentStatus::Approved || status == DocumentStatus::InReview);
                        prop_assert!(to != DocumentStatus::Superseded);
                        let is_writing = matches!(attempted, DocumentMove::Edit | DocumentMove::Refresh);
                        prop_assert!(!is_writing || matches!(status, DocumentStatus::Draft | DocumentStatus::Rejected));
                        version += i32::from(attempted == DocumentMove::NewVersion);
                        prop_assert!(attempted != DocumentMove::NewVersion || status == DocumentStatus::Approved);
                        status = to;
                    }
                    Err(refusal) => {
                        prop_assert_eq!(refusal.from, status);
                        prop_assert!(!refusal.allowed.contains(&attempted));
                        prop_assert!(!refusal.allowed.is_empty());
                    }
                }
            }
            prop_assert!(version >= 1);
        }
    }
}
