//! A cell of a task's row: the form that it opens as, and the row after that was sent. Whoever asks for a whole page
//! gets none of this: the drawer's form and pages without scripts go through `change` alone.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use muster_domain::{
    access::Action,
    customers::CustomerStatus,
    ids::{CustomerId, TaskId},
    tasks::Task,
};
use muster_service::{Conflict, Error};

use crate::{
    filters, format,
    layout::Toast,
    pages::{
        field_errors::FieldErrors,
        lists::OpenList,
        surroundings::{allow, assignee_choices},
        visit::{Form, Visit},
        workspace::is_for,
    },
    parts::{Cell, CellKind, Choice, Field, TaskRow},
    problem::Problem,
    request::Ids,
    state::AppState,
    text::Text,
};

/// The row of a list that is open already, and what is said about it.
#[derive(Debug, Template)]
#[template(path = "parts/changed_row.html")]
struct ChangedRow {
    t: &'static Text,
    row: TaskRow,
    toast: Option<Toast>,
}

/// The form that changes until when a task is to be done.
pub(super) async fn due(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TaskId,)>) -> Result<Response, Problem> {
    open(&state, &visit, id, CellKind::Due).await
}

/// The form that changes who does a task.
pub(super) async fn assignee(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TaskId,)>) -> Result<Response, Problem> {
    open(&state, &visit, id, CellKind::Assignee).await
}

async fn open(state: &AppState, visit: &Visit, id: TaskId, kind: CellKind) -> Result<Response, Problem> {
    let task = state.context.task(&visit.actor, id).await?;
    allow(visit, task.customer_id, Action::ChangeTask { approval_step: task.approval_step.as_deref() })?;
    if is_archived(state, visit, task.customer_id).await? {
        return Err(Error::Conflict(Conflict::CustomerArchived).into());
    }
    Ok(visit.answer(&as_it_stands(state, visit, &task, kind).await?.html(visit.t)))
}

/// Nothing of an archived customer changes.
async fn is_archived(state: &AppState, visit: &Visit, customer: CustomerId) -> Result<bool, Error> {
    Ok(state.context.customer(&visit.actor, customer).await?.status == CustomerStatus::Archived)
}

/// A cell of a task, open. People are read for it alone: rows of a list do not carry them.
async fn as_it_stands(state: &AppState, visit: &Visit, task: &Task, kind: CellKind) -> Result<Cell, Problem> {
    let current = task.assigned_to.as_ref();
    let (value, people) = match kind {
        CellKind::Due => (task.due_date.map(|due| due.to_string()), Vec::new()),
        CellKind::Assignee => {
            let people = state.context.assignable_people(&visit.actor, task.customer_id).await?;
            (current.map(|person| person.id.to_string()), assignee_choices(&people, current, &task.customer_name, visit.t))
        }
    };
    let value = value.unwrap_or_default();
    Ok(Cell {
        id: task.id.to_string(),
        title: task.title.clone(),
        version: task.version,
        was: value.clone(),
        kind,
        field: Field::of(value),
        people,
        is_clash: false,
    })
}

/// What a cell says of a task, in words.
fn in_words(task: &Task, kind: CellKind, t: &Text) -> String {
    match kind {
        CellKind::Due => task.due_date.map_or_else(|| t.task.no_due.to_owned(), |due| format::full(due, t)),
        CellKind::Assignee => task.assigned_to.as_ref().map_or_else(|| t.common.nobody.to_owned(), |person| person.name.clone()),
    }
}

/// What is said of a task whose cell was saved.
fn saved(task: &Task, kind: CellKind, t: &Text) -> String {
    let w = &t.cells;
    match kind {
        CellKind::Due => task.due_date.map_or_else(|| w.no_due.to_owned(), |due| w.due.with(format::full(due, t))),
        CellKind::Assignee => task.assigned_to.as_ref().map_or_else(|| w.nobody.to_owned(), |person| w.assigned.with(&person.name)),
    }
}

/// A cell that was sent from its row.
pub(super) struct SentCell<'a> {
    task: &'a Task,
    form: &'a Form,
    kind: CellKind,
    list: OpenList,
}

impl<'a> SentCell<'a> {
    /// The cell that a form is, if an open list sent it for one of its rows.
    pub(super) fn of(headers: &HeaderMap, task: &'a Task, form: &'a Form) -> Option<Self> {
        let list = OpenList::at(&form.text("next"), task.customer_id).filter(|_| is_for(headers, &format!("t-{}", task.id)))?;
        let kind = [CellKind::Due, CellKind::Assignee].into_iter().find(|kind| form.get(kind.field()).is_some())?;
        Some(Self { task, form, kind, list })
    }

    /// The row as it is now. Where the change was not taken, its cell stands open with what was typed, and says why.
    pub(super) async fn answer(self, state: &AppState, visit: &Visit, changed: Result<Task, Error>) -> Result<Response, Problem> {
        let archived = is_archived(state, visit, self.task.customer_id).await?;
        let (status, said, cell) = match changed {
            Ok(task) => (StatusCode::OK, Some(saved(&task, self.kind, visit.t)), None),
            // A form to be sent once more would only be refused for this.
            Err(Error::Invalid(_) | Error::Stale { .. }) if archived => return Err(Error::Conflict(Conflict::CustomerArchived).into()),
            Err(Error::Invalid(errors)) => {
                let errors = FieldErrors::beside(errors, &[self.kind.field()])?;
                let why = errors.word(self.kind.field(), visit.t).unwrap_or_default();
                (StatusCode::UNPROCESSABLE_ENTITY, None, Some(self.refused(state, visit, why).await?))
            }
            Err(Error::Stale { .. }) => (StatusCode::CONFLICT, None, Some(self.clashed(state, visit).await?)),
            Err(error) => return Err(error.into()),
        };
        let one = state.context.listed_task(&visit.actor, self.task.id).await?;
        let row = TaskRow { cell: cell.map(Box::new), ..self.list.row(visit, &one, archived) };
        let toast = said.map(|text| Toast { text, undo: None });
        Ok(visit.answer_with(status, &ChangedRow { t: visit.t, row, toast }))
    }

    /// Refused for what was typed. It stays at the version that it was typed for, so that a change of somebody else
    /// is not passed over.
    async fn refused(&self, state: &AppState, visit: &Visit, why: String) -> Result<Cell, Problem> {
        let cell = as_it_stands(state, visit, self.task, self.kind).await?;
        let version = self.form.version().unwrap_or(cell.version);
        let was = self.form.get("was").unwrap_or(&cell.was).to_owned();
        Ok(Cell { version, was, ..self.typed(cell, why) })
    }

    /// Refused because somebody else was faster. Sent again, it goes over theirs, which its words name.
    async fn clashed(&self, state: &AppState, visit: &Visit) -> Result<Cell, Problem> {
        let theirs = state.context.task(&visit.actor, self.task.id).await?;
        let cell = as_it_stands(state, visit, &theirs, self.kind).await?;
        let is_elsewhere = self.form.get("was") == Some(cell.was.as_str());
        let words = if is_elsewhere { &visit.t.cells.clash_elsewhere } else { &visit.t.cells.clash };
        let why = words.with(in_words(&theirs, self.kind, visit.t));
        Ok(Cell { is_clash: true, ..self.typed(cell, why) })
    }

    /// With what was typed. A person who is not offered any more cannot be shown: then it is who does the task now.
    fn typed(&self, cell: Cell, why: String) -> Cell {
        let typed = self.form.text(self.kind.field());
        let is_offered = cell.people.iter().any(|one| one.value == typed);
        let people = cell.people.into_iter();
        let people = people.map(|one| Choice { chosen: if is_offered { one.value == typed } else { one.chosen }, ..one }).collect();
        Cell { field: Field::refused(typed, why), people, ..cell }
    }
}
