//! One change of several tasks, and taking it back.

use axum::{Json, extract::State};
use muster_domain::{
    ids::{BatchId, CustomerId},
    tasks::Task,
};
use muster_service::{BulkOutcome, UndoOutcome};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    input::task_lists::TasksChange,
    problem::Problem,
    request::{Ids, JsonBody},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(change)).routes(routes!(undo))
}

/// A task of several.
#[derive(Debug, Serialize, ToSchema)]
struct TaskOfSeveral {
    /// The id.
    id: Uuid,
    /// The title.
    title: String,
    /// Where it stands.
    status: &'static str,
    /// Its version.
    version: i32,
}

/// A task that was left as it is.
#[derive(Debug, Serialize, ToSchema)]
struct RefusedTask {
    /// The id.
    id: Uuid,
    /// The title.
    title: String,
    /// Why: ignored, forbidden, invalid-transition, answer-required, evidence-required,
    /// approval-required or at-document; of taking back: changed-since or forbidden.
    code: &'static str,
}

/// What became of the tasks.
#[derive(Debug, Serialize, ToSchema)]
struct TasksChanged {
    /// By which the change is taken back.
    batch_id: Uuid,
    /// The tasks that were changed.
    changed: Vec<TaskOfSeveral>,
    /// Those that were so already.
    unchanged: Vec<TaskOfSeveral>,
    /// Those that were left as they were, and why.
    refused: Vec<RefusedTask>,
}

/// What became of taking it back.
#[derive(Debug, Serialize, ToSchema)]
struct TasksPutBack {
    /// The tasks that are as they were before.
    undone: Vec<TaskOfSeveral>,
    /// Those that were left as they are, and why.
    refused: Vec<RefusedTask>,
}

impl From<Task> for TaskOfSeveral {
    fn from(task: Task) -> Self {
        Self { id: task.id.0, title: task.title, status: task.status.as_str(), version: task.version }
    }
}

fn each(tasks: Vec<Task>) -> Vec<TaskOfSeveral> {
    tasks.into_iter().map(TaskOfSeveral::from).collect()
}

fn refused(task: Task, code: &'static str) -> RefusedTask {
    RefusedTask { id: task.id.0, title: task.title, code }
}

impl From<BulkOutcome> for TasksChanged {
    fn from(outcome: BulkOutcome) -> Self {
        Self {
            batch_id: outcome.batch.0,
            changed: each(outcome.changed),
            unchanged: each(outcome.unchanged),
            refused: outcome.refused.into_iter().map(|(task, why)| refused(task, why.as_str())).collect(),
        }
    }
}

impl From<UndoOutcome> for TasksPutBack {
    fn from(outcome: UndoOutcome) -> Self {
        Self { undone: each(outcome.undone), refused: outcome.refused.into_iter().map(|(task, why)| refused(task, why.as_str())).collect() }
    }
}

/// Change several tasks, each in its own right
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/tasks/bulk",
    tag = "tasks",
    params(("customer_id" = i32, Path)),
    request_body = TasksChange,
    responses(
        (status = 200, description = "what was changed, and what was not and why", body = TasksChanged),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)
    )
)]
async fn change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    JsonBody(body): JsonBody<TasksChange>,
) -> Result<Json<TasksChanged>, Problem> {
    let (ids, change) = body.parse()?;
    Ok(Json(state.context.change_tasks(&actor, customer, &ids, &change).await?.into()))
}

/// Take a change of several tasks back, where nobody has changed them since
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/tasks/bulk/{batch_id}/undo",
    tag = "tasks",
    params(("customer_id" = i32, Path), ("batch_id" = Uuid, Path)),
    responses(
        (status = 200, description = "what is as it was before, and what is not and why", body = TasksPutBack),
        (status = 403, body = Problem), (status = 404, body = Problem)
    )
)]
async fn undo(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer, batch)): Ids<(CustomerId, BatchId)>,
) -> Result<Json<TasksPutBack>, Problem> {
    Ok(Json(state.context.undo_changes(&actor, customer, batch).await?.into()))
}
