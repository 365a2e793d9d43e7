//! What the words of the older database become. What is kept as it was written is not here.

use crate::{
    customers::CustomerStatus,
    documents::DocumentStatus,
    plans::PlanStatus,
    tasks::{Priority, TaskStatus},
    templates::TemplateStatus,
};

/// A task's status: words outside the list count as open, `answered` as done. The flag says whether
/// the word was on the list.
pub fn task_status(word: Option<&str>) -> (TaskStatus, bool) {
    match word.map(str::trim) {
        Some("answered") => (TaskStatus::Completed, true),
        None => (TaskStatus::Pending, true),
        Some(word) => word.parse().map_or((TaskStatus::Pending, false), |status| (status, true)),
    }
}

/// A priority: none is medium, `critical` is urgent, unknown words are medium.
pub fn priority(word: Option<&str>) -> (Priority, bool) {
    match word.map(str::trim) {
        Some("critical") => (Priority::Urgent, true),
        None => (Priority::Medium, true),
        Some(word) => word.parse().map_or((Priority::Medium, false), |priority| (priority, true)),
    }
}

/// A plan's status: what was assigned or generated is active.
pub fn plan_status(word: Option<&str>) -> (PlanStatus, bool) {
    match word.map(str::trim) {
        Some("assigned" | "generated") | None => (PlanStatus::Active, true),
        Some(word) => word.parse().map_or((PlanStatus::Active, false), |status| (status, true)),
    }
}

/// A document's status. What was completed was never approved by anybody, so it is a draft; what was
/// in review is one too, because nobody is named here for the steps of that review: it is handed in
/// again.
pub fn document_status(word: Option<&str>) -> (DocumentStatus, bool) {
    match word.map(str::trim) {
        Some("not_started" | "in_progress" | "completed" | "ready" | "active" | "draft" | "pending_review") | None => {
            (DocumentStatus::Draft, true)
        }
        Some("approved") => (DocumentStatus::Approved, true),
        Some("rejected") => (DocumentStatus::Rejected, true),
        Some(_) => (DocumentStatus::Draft, false),
    }
}

/// A template's status; older code wrote `active` for approved.
pub fn template_status(word: Option<&str>) -> (TemplateStatus, bool) {
    match word.map(str::trim) {
        Some("active") => (TemplateStatus::Approved, true),
        None => (TemplateStatus::Draft, true),
        Some(word) => word.parse().map_or((TemplateStatus::Draft, false), |status| (status, true)),
    }
}

/// A customer's status.
pub fn customer_status(word: Option<&str>) -> (CustomerStatus, bool) {
    match word.map(str::trim) {
        None => (CustomerStatus::Active, true),
        Some(word) => word.parse().map_or((CustomerStatus::Active, false), |status| (status, true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_in_the_wild() {
        assert_eq!(task_status(Some("answered")), (TaskStatus::Completed, true));
        assert_eq!(task_status(Some("odd")), (TaskStatus::Pending, false));
        assert_eq!(priority(Some("critical")), (Priority::Urgent, true));
        assert_eq!(plan_status(Some("generated")), (PlanStatus::Active, true));
        assert_eq!(document_status(Some("completed")), (DocumentStatus::Draft, true));
        assert_eq!(document_status(Some("approved")), (DocumentStatus::Approved, true));
        assert_eq!(template_status(Some("active")), (TemplateStatus::Approved, true));
    }
}
