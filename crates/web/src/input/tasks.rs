//! A task's fields.

use muster_domain::{
    ids::UserId,
    people::AssigneeRole,
    recurrence::{Recurrence, RecurrenceError},
    tasks::{HandMadeTask, PlaceError, Priority, TaskChange, TaskPlace, TaskScope, TaskType},
    text::{Prose, Title},
};
use muster_service::Error;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;
use crate::request::sent;

/// A task to be added. Its level follows from the links given.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// The title.
    #[schema(required, max_length = 500, example = "Send welcome email")]
    pub title: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// general (unless given), meeting, send_email, provide_evidence or review_document.
    pub task_type: Option<String>,
    /// The level, if it shall be checked against the links: customer, plan, template or document.
    pub task_scope: Option<String>,
    /// The plan, below customer level.
    #[schema(format = Uuid)]
    pub plan_id: Option<String>,
    /// The template, at template and document level.
    #[schema(format = Uuid)]
    pub template_id: Option<String>,
    /// The document, at document level.
    #[schema(format = Uuid)]
    pub document_id: Option<String>,
    /// low, medium (unless given), high or urgent.
    pub priority: Option<String>,
    /// Whether evidence is needed before it can be completed.
    pub requires_evidence: Option<bool>,
    /// What evidence.
    pub evidence_description: Option<String>,
    /// Who does it.
    pub assigned_to: Option<i32>,
    /// Who it falls to until a person takes it: admin, consultant, manager, contributor or approver.
    pub assignee_role: Option<String>,
    /// The day by which it shall be done.
    #[schema(format = Date)]
    pub due_date: Option<String>,
    /// How often it comes back once it is done: monthly, quarterly, yearly, or a recurrence rule of RFC
    /// 5545 such as FREQ=WEEKLY;BYDAY=MO. Which part of the standard is taken, the description tells.
    #[schema(max_length = 200, example = "quarterly")]
    pub recurrence: Option<String>,
    /// Notes.
    pub notes: Option<String>,
}

/// A change of a task: what is not sent stays as it is, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskPatch {
    /// The title.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub title: Option<Option<String>>,
    /// The description.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub description: Option<Option<String>>,
    /// low, medium, high or urgent.
    pub priority: Option<String>,
    /// Who does it.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<i32>)]
    pub assigned_to: Option<Option<i32>>,
    /// Who it falls to until a person takes it.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub assignee_role: Option<Option<String>>,
    /// The day by which it shall be done.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due_date: Option<Option<String>>,
    /// How often it comes back once it is done: monthly, quarterly, yearly, or a recurrence rule.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub recurrence: Option<Option<String>>,
    /// Whether evidence is needed before it can be completed.
    pub requires_evidence: Option<bool>,
    /// What evidence.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub evidence_description: Option<Option<String>>,
    /// Notes.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub notes: Option<Option<String>>,
}

impl NewTask {
    /// Parses the fields.
    pub fn parse(&self) -> Result<HandMadeTask, Error> {
        let mut check = Check::default();
        let title = check.required("/title", self.title.as_deref(), Title::parse);
        let description = check.text("/description", Prose::parse_optional(self.description.as_deref()));
        let evidence_description = check.text("/evidence_description", Prose::parse_optional(self.evidence_description.as_deref()));
        let notes = check.text("/notes", Prose::parse_optional(self.notes.as_deref()));
        let priority = check.word("/priority", self.priority.as_deref()).unwrap_or(Priority::Medium);
        let assignee_role: Option<AssigneeRole> = check.word("/assignee_role", self.assignee_role.as_deref());
        let due_date = check.date("/due_date", self.due_date.as_deref());
        let recurrence = recurrence(&mut check, self.recurrence.as_deref());
        let task_type = task_type(&mut check, self.task_type.as_deref());
        let place = self.place(&mut check);
        let task = (|| {
            Some(HandMadeTask {
                place: place?,
                task_type: task_type?,
                title: title?,
                description: description?,
                priority,
                requires_evidence: self.requires_evidence.unwrap_or(false),
                evidence_description: evidence_description?,
                assigned_to: self.assigned_to.map(UserId),
                assignee_role,
                due_date,
                recurrence,
                notes: notes?,
            })
        })();
        check.finish(task)
    }

    fn place(&self, check: &mut Check) -> Option<TaskPlace> {
        let plan = check.id("/plan_id", self.plan_id.as_deref());
        let template = check.id("/template_id", self.template_id.as_deref());
        let document = check.id("/document_id", self.document_id.as_deref());
        let scope: Option<TaskScope> = check.word("/task_scope", self.task_scope.as_deref());
        let place = TaskPlace::from_links(plan, template, document, scope);
        place
            .map_err(|error| {
                let code = match error {
                    PlaceError::LinkMissing => "link-missing",
                    PlaceError::ScopeMismatch { .. } => "scope-mismatch",
                };
                check.refuse("/task_scope", code, error.to_string());
            })
            .ok()
    }
}

/// A task type that the product knows; `general` unless given.
pub fn task_type(check: &mut Check, given: Option<&str>) -> Option<TaskType> {
    let word = given.map(str::trim).filter(|word| !word.is_empty()).unwrap_or(TaskType::GENERAL);
    let known = TaskType::known(word);
    if known.is_none() {
        check.refuse("/task_type", "not-an-option", format!("must be one of {}", TaskType::BY_HAND.join(", ")));
    }
    known
}

/// How often something comes back; blank is not at all.
pub fn recurrence(check: &mut Check, given: Option<&str>) -> Option<Recurrence> {
    let given = given.map(str::trim).filter(|text| !text.is_empty())?;
    given.parse().map_err(|error: RecurrenceError| check.refuse("/recurrence", "malformed", error.to_string())).ok()
}

impl TaskPatch {
    /// Parses the fields.
    pub fn parse(&self) -> Result<TaskChange, Error> {
        let mut check = Check::default();
        let title = self.title.as_ref().and_then(|title| check.required("/title", title.as_deref(), Title::parse));
        let mut prose = |pointer, given: &Option<Option<String>>| {
            given.as_ref().map(|text| check.text(pointer, Prose::parse_optional(text.as_deref())).flatten())
        };
        let description = prose("/description", &self.description);
        let evidence_description = prose("/evidence_description", &self.evidence_description);
        let notes = prose("/notes", &self.notes);
        let priority = check.word("/priority", self.priority.as_deref());
        let due_date = self.due_date.as_ref().map(|date| check.date("/due_date", date.as_deref()));
        let recurrence = self.recurrence.as_ref().map(|pattern| recurrence(&mut check, pattern.as_deref()));
        let assignee_role = self.assignee_role.as_ref().map(|role| check.word("/assignee_role", role.as_deref()));
        let assigned_to = self.assigned_to.map(|id| id.map(UserId));
        let requires_evidence = self.requires_evidence;
        check.finish(Some(TaskChange {
            title,
            description,
            priority,
            assigned_to,
            assignee_role,
            due_date,
            recurrence,
            requires_evidence,
            evidence_description,
            notes,
        }))
    }
}
