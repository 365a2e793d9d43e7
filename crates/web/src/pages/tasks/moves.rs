//! Moving a task on, and taking it.

use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{
    ids::TaskId,
    tasks::{MoveRefusal, TaskMove},
};
use muster_service::{Error, FieldError};

use super::home;
use crate::{
    pages::{
        surroundings::status,
        visit::{Form, Visit, go_on},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
    text::Text,
};

/// Makes the move that the form names.
pub(super) async fn make(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TaskId,)>, form: Form) -> Result<Response, Problem> {
    let unknown = |error: muster_domain::UnknownWord| Error::field(FieldError::new("/move", "not-an-option", error.to_string()));
    let attempted: TaskMove = form.text("move").parse().map_err(unknown)?;
    let moved = state.context.move_task(&visit.actor, id, attempted, form.version()).await;
    let task = moved.map_err(|error| in_words(error, visit.t))?;
    Ok(go_on(&form.next(&home(&task)), None))
}

/// Takes a task that nobody has.
pub(super) async fn take(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TaskId,)>, form: Form) -> Result<Response, Problem> {
    let task = state.context.take_task(&visit.actor, id).await?;
    Ok(go_on(&form.next(&home(&task)), None))
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
