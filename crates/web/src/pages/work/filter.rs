//! The filters of my work, as the address says them.

use muster_domain::{
    ids::CustomerId,
    tasks::{CompletedBy, TaskScope},
    workspace::PersonalTask,
};

use crate::request::Parameters;

/// Which tasks the reader wants to see. What cannot be meant is left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Those that need evidence.
    pub(super) evidence: bool,
    /// Approvals.
    pub(super) approve: bool,
    /// Of one customer.
    pub(super) customer: Option<CustomerId>,
    /// Of one level.
    pub(super) level: Option<TaskScope>,
    /// How many rows stand on the pages before this one.
    pub(super) from: usize,
}

impl Wanted {
    pub(super) fn read(parameters: &Parameters) -> Self {
        let is_on = |name| parameters.get(name).is_some_and(|value| !matches!(value, "0" | "false" | "off" | "no"));
        Self {
            evidence: is_on("evidence"),
            approve: is_on("approve"),
            customer: parameters.get("customer").and_then(|id| id.parse().ok()),
            level: parameters.get("level").and_then(|word| word.parse().ok()),
            from: parameters.get("from").and_then(|from| from.parse().ok()).unwrap_or_default(),
        }
    }

    /// Whether the filters leave a task.
    pub(super) fn leaves(&self, one: &PersonalTask) -> bool {
        (!self.evidence || one.task.lacks_evidence())
            && (!self.approve || is_approval(one))
            && self.customer.is_none_or(|id| id == one.customer_id)
            && self.level.is_none_or(|level| level == one.place.scope())
    }

    /// The address of the page that begins after so many rows.
    pub(super) fn page(&self, from: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, _) in [("evidence", self.evidence), ("approve", self.approve)].iter().filter(|(_, is_set)| *is_set) {
            query.append_pair(name, "1");
        }
        if let Some(customer) = self.customer {
            query.append_pair("customer", &customer.to_string());
        }
        if let Some(level) = self.level {
            query.append_pair("level", level.as_str());
        }
        if from > 0 {
            query.append_pair("from", &from.to_string());
        }
        let query = query.finish();
        if query.is_empty() { "/my-work".to_owned() } else { format!("/my-work?{query}") }
    }
}

/// Whether a task waits for an approval.
pub(super) fn is_approval(one: &PersonalTask) -> bool {
    one.task.task_type.completed_by() == CompletedBy::Approval
}
