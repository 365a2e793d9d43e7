//! Plans: one customer following one standard; and the templates assigned to them.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{CustomerId, PlanId, ReleaseId, StandardId, TemplateId},
    tasks::TaskPlace,
    words::word_enum,
};

word_enum! {
    /// Where a plan stands. Any of the four may follow any other: a person decides.
    PlanStatus {
        /// Being worked on.
        Active = "active",
        /// Resting.
        Paused = "paused",
        /// Done.
        Completed = "completed",
        /// Given up.
        Cancelled = "cancelled",
    }
}

/// Who ignored something, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignored {
    /// When.
    pub at: Timestamp,
    /// The person's name, if they are still known.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The id.
    pub id: PlanId,
    /// Whose plan.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// The standard.
    pub standard_id: StandardId,
    /// The standard's code, edition included, such as `ISO 27001:2022`.
    pub iso_code: String,
    /// The standard's short title.
    pub iso_name: String,
    /// A name of its own, if it was given one.
    pub name: Option<String>,
    /// Where it stands.
    pub status: PlanStatus,
    /// The day by which it shall be done.
    pub target_completion_date: Option<Date>,
    /// Set while it is ignored.
    pub ignored: Option<Ignored>,
    /// Counts the changes of this row.
    pub version: i32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A template assigned to a plan. It pins the release whose questions became tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Whose.
    pub customer_id: CustomerId,
    /// The plan.
    pub plan_id: PlanId,
    /// The template.
    pub template_id: TemplateId,
    /// The template's name.
    pub template_name: String,
    /// The release.
    pub release_id: ReleaseId,
    /// The release's number, counted from 1.
    pub release_number: i32,
    /// Set while it is ignored.
    pub ignored: Option<Ignored>,
    /// Counts the changes of this row.
    pub version: i32,
    /// When it was assigned.
    pub created_at: Timestamp,
}

/// Something ignored, as the list of a customer's ignored work shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredItem {
    /// What it is.
    pub kind: IgnoredKind,
    /// Where it stands: the place of a task, the plan or the template itself.
    pub place: TaskPlace,
    /// Its name or title.
    pub title: String,
    /// Where it stands: the standard's code and the template's name, as far as there are any.
    pub path: Vec<String>,
    /// Who, when and why.
    pub ignored: Ignored,
}

/// What an [`IgnoredItem`] is, with the ids that restore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IgnoredKind {
    /// A plan.
    Plan(PlanId),
    /// A template of a plan.
    Assignment(PlanId, TemplateId),
    /// A task.
    Task(crate::ids::TaskId),
}
