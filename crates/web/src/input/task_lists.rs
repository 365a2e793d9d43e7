//! What is asked of a list of tasks, and a change of several of them.

use std::fmt::Display;

use muster_domain::{
    ids::{TaskId, UserId},
    tasks::{AssigneeFilter, BulkChange, DueFilter, Priority, StatusFilter, TaskFilter, TaskMove, TaskSort},
    text::Prose,
};
use muster_service::{Error, FieldError};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;
use crate::{
    problem::Problem,
    request::{Parameters, sent},
};

/// Reads the filters of a list strictly: what cannot be meant is refused with its name. What is not
/// asked for is as in `otherwise`.
pub fn task_filter(parameters: &Parameters, otherwise: TaskFilter) -> Result<TaskFilter, Problem> {
    Ok(TaskFilter {
        customer: parameters.parse("customer_id")?,
        scope: parameters.parse("task_scope")?.or(parameters.parse("scope")?),
        plan_id: parameters.parse("plan_id")?,
        template_id: parameters.parse("template_id")?,
        status: status(parameters, otherwise.status)?,
        assignee: assignee(parameters, otherwise.assignee)?,
        due: due(parameters)?,
        needs_evidence: parameters.is_on("needs_evidence")?,
        waits_on_customer: parameters.is_on("waiting_on_customer")?,
        is_approval: parameters.is_on("approval")?,
        words: parameters.get("q").map(ToOwned::to_owned),
    })
}

/// Reads the order of a list; the first of the sorts unless given.
pub fn task_sort(parameters: &Parameters, sorts: &[TaskSort]) -> Result<TaskSort, Problem> {
    let words: Vec<&str> = sorts.iter().map(|sort| sort.as_str()).collect();
    Ok(TaskSort::of(parameters.sort(&words)?).unwrap_or_default())
}

fn refused(name: &str, error: impl Display) -> Problem {
    Error::field(FieldError::new(format!("/{name}"), "malformed", error.to_string())).into()
}

fn status(parameters: &Parameters, otherwise: StatusFilter) -> Result<StatusFilter, Problem> {
    Ok(match parameters.get("status") {
        Some("any") => StatusFilter::Any,
        Some("open") => StatusFilter::Open,
        Some("closed") => StatusFilter::Closed,
        Some(word) => StatusFilter::Is(word.parse().map_err(|error| refused("status", error))?),
        None if parameters.is_on("open")? => StatusFilter::Open,
        None => otherwise,
    })
}

fn assignee(parameters: &Parameters, otherwise: AssigneeFilter) -> Result<AssigneeFilter, Problem> {
    if let Some(id) = parameters.parse::<UserId>("assigned_to")? {
        return Ok(AssigneeFilter::Person(id));
    }
    match parameters.get("assignee") {
        None => Ok(otherwise),
        Some(word) => {
            assignee_word(word).ok_or_else(|| refused("assignee", "must be anybody, me, my_roles, mine, nobody, or the id of a person"))
        }
    }
}

/// Whose tasks a word means.
pub fn assignee_word(word: &str) -> Option<AssigneeFilter> {
    Some(match word {
        "anybody" => AssigneeFilter::Anybody,
        "me" => AssigneeFilter::Me,
        "my_roles" => AssigneeFilter::MyRoles,
        "mine" => AssigneeFilter::Mine,
        "nobody" => AssigneeFilter::Nobody,
        id => AssigneeFilter::Person(id.parse().ok()?),
    })
}

fn due(parameters: &Parameters) -> Result<DueFilter, Problem> {
    let (from, until) = (parameters.parse("due_from")?, parameters.parse("due_until")?);
    if from.is_some() || until.is_some() {
        return Ok(DueFilter::Between(from, until));
    }
    match parameters.get("due") {
        None if parameters.is_on("overdue")? => Ok(DueFilter::Overdue),
        None => Ok(DueFilter::Whenever),
        Some(word) => due_word(word).ok_or_else(|| refused("due", "must be overdue, today, this_week, later or undated")),
    }
}

/// When tasks are due that a word means.
pub fn due_word(word: &str) -> Option<DueFilter> {
    Some(match word {
        "overdue" => DueFilter::Overdue,
        "today" => DueFilter::Today,
        "this_week" => DueFilter::ThisWeek,
        "later" => DueFilter::Later,
        "undated" => DueFilter::Undated,
        _ => return None,
    })
}

/// One change of several tasks: the tasks, and exactly one of the others.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TasksChange {
    /// The tasks, 1 to 200.
    #[schema(required, value_type = Vec<Uuid>)]
    pub task_ids: Option<Vec<String>>,
    /// start, complete or hold.
    #[serde(rename = "move")]
    pub attempted: Option<String>,
    /// Who does them; null: nobody.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<i32>)]
    pub assigned_to: Option<Option<i32>>,
    /// The day by which they shall be done; null: none.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due_date: Option<Option<String>>,
    /// low, medium, high or urgent.
    pub priority: Option<String>,
    /// They are ignored, for this reason.
    pub ignore_reason: Option<String>,
}

impl TasksChange {
    /// Parses the fields.
    pub fn parse(&self) -> Result<(Vec<TaskId>, BulkChange), Error> {
        let mut check = Check::default();
        let ids: Vec<TaskId> = self
            .task_ids
            .iter()
            .flatten()
            .enumerate()
            .filter_map(|(index, id)| check.id(&format!("/task_ids/{index}"), Some(if id.trim().is_empty() { "none" } else { id })))
            .collect();
        let given = [
            self.attempted.is_some(),
            self.assigned_to.is_some(),
            self.due_date.is_some(),
            self.priority.is_some(),
            self.ignore_reason.is_some(),
        ];
        if given.iter().filter(|one| **one).count() != 1 {
            check.refuse("", "one-change", "exactly one of move, assigned_to, due_date, priority and ignore_reason is to be given");
            return check.finish(None);
        }
        let change = self.change(&mut check);
        check.finish(change.map(|change| (ids, change)))
    }

    fn change(&self, check: &mut Check) -> Option<BulkChange> {
        if let Some(attempted) = &self.attempted {
            return self.parsed_move(check, attempted).map(BulkChange::Move);
        }
        if let Some(person) = self.assigned_to {
            return Some(BulkChange::Assign(person.map(UserId)));
        }
        if let Some(day) = &self.due_date {
            return Some(BulkChange::Due(check.date("/due_date", day.as_deref())));
        }
        if let Some(word) = &self.priority {
            return check.required_word::<Priority>("/priority", word).map(BulkChange::Priority);
        }
        check.required("/ignore_reason", self.ignore_reason.as_deref(), Prose::parse).map(BulkChange::Ignore)
    }

    fn parsed_move(&self, check: &mut Check, word: &str) -> Option<TaskMove> {
        let attempted = check.required_word::<TaskMove>("/move", word)?;
        if !BulkChange::MOVES.contains(&attempted) {
            check.refuse("/move", "not-an-option", "must be start, complete or hold");
            return None;
        }
        Some(attempted)
    }
}

/// A comment to be written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// What it says. `@Name` names somebody of the customer or of the firm, and `@[7]` the person with
    /// this id; they are told.
    #[schema(required, max_length = 20000, example = "@Sophie Martens, could you add the Maribor branch?")]
    pub body: Option<String>,
}

impl NewComment {
    /// Parses the field.
    pub fn parse(&self) -> Result<Prose, Error> {
        let mut check = Check::default();
        let body = check.required("/body", self.body.as_deref(), Prose::parse);
        check.finish(body)
    }
}
