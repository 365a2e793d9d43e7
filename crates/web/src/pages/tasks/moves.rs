//! Moving a task on, and taking it.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use muster_domain::{
    ids::TaskId,
    tasks::{MoveRefusal, Task, TaskMove},
};
use muster_service::{Error, FieldError};

use super::home;
use crate::{
    pages::{
        surroundings::status,
        visit::{Form, Visit, go_on},
        workspace::{Address, MovedPage, is_for, workspace_page},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
    text::Text,
};

/// Makes the move that the form names.
pub(super) async fn make(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TaskId,)>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let unknown = |error: muster_domain::UnknownWord| Error::field(FieldError::new("/move", "not-an-option", error.to_string()));
    let attempted: TaskMove = form.text("move").parse().map_err(unknown)?;
    let moved = state.context.move_task(&visit.actor, id, attempted, form.version()).await;
    let task = moved.map_err(|error| in_words(error, visit.t))?;
    what_moved(&state, &visit, &task, &headers, &form).await
}

/// Takes a task that nobody has.
pub(super) async fn take(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TaskId,)>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let task = state.context.take_task(&visit.actor, id).await?;
    what_moved(&state, &visit, &task, &headers, &form).await
}

/// Back to where the form stood. A workspace that is open already only gets what changed in it.
async fn what_moved(state: &AppState, visit: &Visit, task: &Task, headers: &HeaderMap, form: &Form) -> Result<Response, Problem> {
    let next = form.next(&home(task));
    if is_for(headers, "workspace") && Address::is_workspace(task.customer_id, &next) {
        let address = Address { add: None, ..Address::of_form(task.customer_id, &next) };
        let page = workspace_page(state, visit, &address, true).await?;
        if let Some(changed) = MovedPage::of(page, &task.id.to_string()) {
            return Ok(visit.answer(&changed));
        }
    }
    Ok(go_on(&next, None))
}

/// A move that is not possible, told with the words of the page instead of those that are stored.
fn in_words(error: Error, t: &Text) -> Problem {
    match error {
        Error::Move(MoveRefusal::InvalidTransition { from, attempted, .. }) => {
            let detail = t.task.cannot_move.with2(status(from, false).word(t), t.task.move_word(attempted.as_str()));
            Problem::new(StatusCode::CONFLICT, "invalid-transition", t.problem.conflict, detail)
        }
        other => other.into(),
    }
}
