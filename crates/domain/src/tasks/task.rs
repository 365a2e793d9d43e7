//! A task as stored, and what people give to make, change and find one.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{CompletedBy, Priority, TaskPlace, TaskScope, TaskState, TaskStatus, TaskType, waits_on_customer};
use crate::{
    ids::{CustomerId, DocumentId, PlanId, TaskId, TemplateId, UserId},
    people::{AssigneeRole, Person},
    plans::Ignored,
    recurrence::Recurrence,
    text::{Prose, Title},
};

/// A task with the names that stand around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The id.
    pub id: TaskId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// The level.
    pub scope: TaskScope,
    /// The plan, below customer level.
    pub plan_id: Option<PlanId>,
    /// The standard's code.
    pub iso_code: Option<String>,
    /// The template, at template and document level.
    pub template_id: Option<TemplateId>,
    /// The template's name.
    pub template_name: Option<String>,
    /// The document, at document level.
    pub document_id: Option<DocumentId>,
    /// The document's name.
    pub document_name: Option<String>,
    /// What it is about.
    pub task_type: TaskType,
    /// The title.
    pub title: String,
    /// The description.
    pub description: Option<String>,
    /// Where it stands.
    pub status: TaskStatus,
    /// How much it presses.
    pub priority: Priority,
    /// Whether it needs evidence.
    pub requires_evidence: bool,
    /// What evidence.
    pub evidence_description: Option<String>,
    /// Whether evidence for it has been accepted.
    pub evidence_uploaded: bool,
    /// Who does it.
    pub assigned_to: Option<Person>,
    /// Who it falls to until a person takes it.
    pub assignee_role: Option<AssigneeRole>,
    /// The day by which it shall be done.
    pub due_date: Option<Date>,
    /// How often it comes back once it is done.
    #[serde(default)]
    pub recurrence: Option<Recurrence>,
    /// The day of the month that it is counted by, where that of its due date is an earlier one only
    /// because the month is short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_by: Option<i8>,
    /// When it was done.
    pub completed_at: Option<Timestamp>,
    /// By whom.
    pub completed_by: Option<Person>,
    /// Notes.
    pub notes: Option<String>,
    /// Whether the system made it.
    pub auto_generated: bool,
    /// The key of its question.
    pub question_key: Option<String>,
    /// Whether that question is answered.
    pub is_answered: bool,
    /// Whether the answer is that it does not apply: then it needs no evidence.
    #[serde(default)]
    pub is_not_applicable: bool,
    /// The step of an approval.
    pub approval_step: Option<String>,
    /// Set while it is ignored.
    pub ignored: Option<Ignored>,
    /// Whether its plan or template is ignored, which hides it too.
    pub is_hidden: bool,
    /// Counts the changes of this row.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom; none where the system made it.
    pub created_by: Option<Person>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Task {
    /// Where it stands. The database keeps the links whole.
    pub fn place(&self) -> TaskPlace {
        TaskPlace::from_links(self.plan_id, self.template_id, self.document_id, None).unwrap_or(TaskPlace::Customer)
    }

    /// Whether it is a review that the system made: a step of its document's round.
    pub fn is_review(&self) -> bool {
        self.auto_generated && self.task_type.as_str() == TaskType::REVIEW_DOCUMENT
    }

    /// Whether it may come back. What follows from a template's questions or from a document's rounds
    /// comes anew with those, and not by the calendar.
    pub fn may_recur(&self) -> bool {
        self.question_key.is_none() && !self.is_review() && self.task_type.may_recur()
    }

    /// Whether it is open, and the next step is the customer's.
    pub fn waits_on_customer(&self) -> bool {
        self.status.is_open() && waits_on_customer(self.assigned_to.as_ref(), self.assignee_role)
    }

    /// Whether it is open and cannot be completed before evidence is there.
    pub fn lacks_evidence(&self) -> bool {
        let needed = self.state().requires_evidence || self.task_type.completed_by() == CompletedBy::Evidence;
        self.status.is_open() && needed && !self.evidence_uploaded
    }

    /// What the machine has to know.
    pub fn state(&self) -> TaskState<'_> {
        TaskState {
            status: self.status,
            task_type: &self.task_type,
            is_ignored: self.ignored.is_some() || self.is_hidden,
            requires_evidence: self.requires_evidence && !self.is_not_applicable,
            has_accepted_evidence: self.evidence_uploaded,
            is_answered: self.is_answered,
        }
    }
}

/// A task that a person adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandMadeTask {
    /// Where it stands.
    pub place: TaskPlace,
    /// What it is about.
    pub task_type: TaskType,
    /// The title.
    pub title: Title,
    /// The description.
    pub description: Option<Prose>,
    /// How much it presses.
    pub priority: Priority,
    /// Whether it needs evidence.
    pub requires_evidence: bool,
    /// What evidence.
    pub evidence_description: Option<Prose>,
    /// Who does it.
    pub assigned_to: Option<UserId>,
    /// Who it falls to until a person takes it.
    pub assignee_role: Option<AssigneeRole>,
    /// The day by which it shall be done.
    pub due_date: Option<Date>,
    /// How often it comes back once it is done.
    pub recurrence: Option<Recurrence>,
    /// Notes.
    pub notes: Option<Prose>,
}

/// A change of a task's own fields. `None` leaves a field as it is; `Some(None)` empties it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskChange {
    /// The title.
    pub title: Option<Title>,
    /// The description.
    pub description: Option<Option<Prose>>,
    /// How much it presses.
    pub priority: Option<Priority>,
    /// Who does it.
    pub assigned_to: Option<Option<UserId>>,
    /// Who it falls to until a person takes it.
    pub assignee_role: Option<Option<AssigneeRole>>,
    /// The day by which it shall be done.
    pub due_date: Option<Option<Date>>,
    /// How often it comes back once it is done.
    pub recurrence: Option<Option<Recurrence>>,
    /// Whether it needs evidence.
    pub requires_evidence: Option<bool>,
    /// What evidence.
    pub evidence_description: Option<Option<Prose>>,
    /// Notes.
    pub notes: Option<Option<Prose>>,
}

/// How a list of tasks is ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskSort {
    /// The order of the hierarchy, then of creation.
    #[default]
    Hierarchy,
    /// The earliest due date first, tasks without one last.
    DueDate,
    /// The title.
    Title,
    /// The most pressing first.
    Priority,
    /// The latest change first.
    Updated,
}

/// Which tasks a list shows. Ignored and hidden ones never.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Of this level.
    pub scope: Option<TaskScope>,
    /// Of this plan.
    pub plan_id: Option<PlanId>,
    /// Of this template.
    pub template_id: Option<TemplateId>,
    /// With this status.
    pub status: Option<TaskStatus>,
    /// Still to be done.
    pub is_open: bool,
    /// Past their due date, and open.
    pub is_overdue: bool,
    /// Still needing evidence.
    pub needs_evidence: bool,
    /// Assigned to this person.
    pub assigned_to: Option<UserId>,
    /// With these words in the title or the description.
    pub words: Option<String>,
}
