//! Ignoring a task with a reason, and restoring it.

use axum::{extract::State, response::Response};
use muster_domain::{ids::TaskId, plans::IgnoredKind};

use crate::{
    pages::{
        ignoring::{Subject, ask as ask_for_reason, submit},
        visit::{Form, Said, Visit, go_on},
    },
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

/// Asks for the reason.
pub(super) async fn ask(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TaskId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let subject = subject(&state, &visit, id).await?;
    ask_for_reason(&state, &visit, &subject, parameters.get("next")).await
}

/// Ignores the task.
pub(super) async fn ignore(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TaskId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let subject = subject(&state, &visit, id).await?;
    submit(&state, &visit, &subject, &form).await
}

/// Restores the task as it was.
pub(super) async fn restore(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TaskId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let task = state.context.restore_task(&visit.actor, id, form.version()).await?;
    Ok(go_on(&form.next(&format!("/customers/{}#t-{id}", task.customer_id)), Some(&Said::Restored)))
}

async fn subject(state: &AppState, visit: &Visit, id: TaskId) -> Result<Subject, Problem> {
    let task = state.context.task(&visit.actor, id).await?;
    Ok(Subject { customer: task.customer_id, customer_name: task.customer_name, kind: IgnoredKind::Task(id), name: task.title })
}
