//! What is done to one task: changing, moving, taking, ignoring, restoring. A task is shown in its
//! customer's workspace.

mod cell;
mod change;
mod conflict;
mod ignore;
mod moves;
mod row;
mod talk;

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use muster_domain::{ids::TaskId, tasks::Task};
use muster_service::{Error, FieldError};

pub(crate) use self::row::{Eyes, done_at};
use super::visit::{Form, Visit, see_other};
use crate::{problem::Problem, request::Ids, state::AppState};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/tasks/{id}", get(show).post(change::change))
        .route("/tasks/{id}/due", get(cell::due))
        .route("/tasks/{id}/assignee", get(cell::assignee))
        .route("/tasks/{id}/comments", post(talk::say))
        .route("/tasks/{id}/moves", post(moves::make))
        .route("/tasks/{id}/take", post(moves::take))
        .route("/tasks/{id}/ignore", get(ignore::ask).post(ignore::ignore))
        .route("/tasks/{id}/restore", post(ignore::restore))
}

/// Leads to the task in its workspace.
async fn show(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TaskId,)>) -> Result<Response, Problem> {
    let task = state.context.task(&visit.actor, id).await?;
    Ok(see_other(&home(&task)))
}

/// Where a task is seen.
fn home(task: &Task) -> String {
    format!("/customers/{}?task={}#task", task.customer_id, task.id)
}

/// The person that a form names, if any; what cannot be a person is told like one that does not exist.
pub(crate) fn named_person(form: &Form, name: &str) -> Result<Option<i32>, Error> {
    let given = form.get(name).map(str::trim).filter(|given| !given.is_empty());
    let unknown = || Error::field(FieldError::unknown_reference(format!("/{name}")));
    given.map(|given| given.parse().map_err(|_| unknown())).transpose()
}
