//! Tasks.

use axum::{Json, extract::State, response::Response};
use muster_domain::{
    ids::{CustomerId, PlanId, TaskId, TemplateId, UserId},
    tasks::{TaskFilter, TaskMove, TaskSort},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    List,
    bodies::{TaskBody, tasks},
    created,
    plans::ReasonBody,
    resource,
};
use crate::{
    input::{
        reason,
        tasks::{NewTask, TaskPatch},
    },
    problem::Problem,
    request::{Creation, Ids, IfMatch, JsonBody, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(read, change))
        .routes(routes!(start))
        .routes(routes!(submit))
        .routes(routes!(complete))
        .routes(routes!(reopen))
        .routes(routes!(hold))
        .routes(routes!(block))
        .routes(routes!(cancel))
        .routes(routes!(take))
        .routes(routes!(ignore))
        .routes(routes!(restore))
}

/// Reads the filters of a task list.
pub fn task_filter(parameters: &Parameters) -> Result<TaskFilter, Problem> {
    Ok(TaskFilter {
        scope: parameters.parse("task_scope")?.or(parameters.parse("scope")?),
        plan_id: parameters.parse::<PlanId>("plan_id")?,
        template_id: parameters.parse::<TemplateId>("template_id")?,
        status: parameters.parse("status")?,
        is_open: parameters.is_on("open")?,
        is_overdue: parameters.is_on("overdue")?,
        needs_evidence: parameters.is_on("needs_evidence")?,
        assigned_to: parameters.parse::<UserId>("assigned_to")?,
        words: parameters.get("q").map(ToOwned::to_owned),
    })
}

/// Reads the order of a task list.
pub fn task_sort(parameters: &Parameters) -> Result<TaskSort, Problem> {
    Ok(match parameters.sort(&["hierarchy", "due_date", "title", "priority", "updated"])? {
        "due_date" => TaskSort::DueDate,
        "title" => TaskSort::Title,
        "priority" => TaskSort::Priority,
        "updated" => TaskSort::Updated,
        _ => TaskSort::Hierarchy,
    })
}

/// A customer's tasks
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/tasks",
    tag = "tasks",
    params(
        ("customer_id" = i32, Path), ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query),
        ("sort" = Option<String>, Query, description = "hierarchy, due_date, title, priority or updated"),
        ("q" = Option<String>, Query, description = "words in the title or the description"),
        ("scope" = Option<String>, Query, description = "customer, plan, template or document; `task_scope` does the same"), ("task_scope" = Option<String>, Query), ("plan_id" = Option<Uuid>, Query), ("template_id" = Option<Uuid>, Query),
        ("status" = Option<String>, Query), ("open" = Option<bool>, Query), ("overdue" = Option<bool>, Query),
        ("needs_evidence" = Option<bool>, Query), ("assigned_to" = Option<i32>, Query)
    ),
    responses((status = 200, body = List<TaskBody>), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn list(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Json<List<TaskBody>>, Problem> {
    let (filter, sort, slice) = (task_filter(&parameters)?, task_sort(&parameters)?, parameters.slice()?);
    let page = state.context.tasks(&actor, customer, &filter, sort, slice).await?;
    Ok(Json(List { next_cursor: parameters.next_cursor(slice, page.total), total: page.total, items: tasks(page.items) }))
}

/// Add a task by hand, at the level that its links lead to
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/tasks",
    tag = "tasks",
    params(("customer_id" = i32, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewTask,
    responses((status = 201, body = TaskBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn add(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    input: Creation<NewTask>,
) -> Result<Response, Problem> {
    let task = state.context.add_task(&actor, customer, &input.body.parse()?, &input.once).await?.value;
    let (location, version) = (format!("/api/v1/tasks/{}", task.id), task.version);
    Ok(created(true, &location, version, TaskBody::from(task)))
}

fn answer(task: muster_domain::tasks::Task) -> Response {
    let version = task.version;
    resource(TaskBody::from(task), version)
}

/// A task
#[utoipa::path(get, path = "/tasks/{task_id}", tag = "tasks", params(("task_id" = Uuid, Path)), responses((status = 200, body = TaskBody), (status = 404, body = Problem)))]
async fn read(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(TaskId,)>) -> Result<Response, Problem> {
    Ok(answer(state.context.task(&actor, id).await?))
}

/// Change a task's own fields
#[utoipa::path(
    patch,
    path = "/tasks/{task_id}",
    tag = "tasks",
    params(("task_id" = Uuid, Path), ("If-Match" = String, Header, description = "the ETag that was read")),
    request_body = TaskPatch,
    responses((status = 200, body = TaskBody), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem))
)]
async fn change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(TaskId,)>,
    version: IfMatch,
    JsonBody(patch): JsonBody<TaskPatch>,
) -> Result<Response, Problem> {
    state.context.task(&actor, id).await?;
    let expected = version.required()?;
    Ok(answer(state.context.update_task(&actor, id, &patch.parse()?, expected).await?))
}

/// Declares the handler of a move; all of them do the same with another word.
macro_rules! moves {
    ($($(#[$about:meta])* $name:ident = $path:literal, $attempted:expr;)+) => {$(
        $(#[$about])*
        #[utoipa::path(
            post,
            path = $path,
            tag = "tasks",
            params(("task_id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
            responses((status = 200, body = TaskBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "the move is not allowed; `allowed` lists those that are"))
        )]
        async fn $name(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(TaskId,)>, version: IfMatch) -> Result<Response, Problem> {
            Ok(answer(state.context.move_task(&actor, id, $attempted, version.0).await?))
        }
    )+};
}

moves! {
    /// Begin a task, or go on with it
    start = "/tasks/{task_id}/start", TaskMove::Start;
    /// Hand a task in for review
    submit = "/tasks/{task_id}/submit", TaskMove::Submit;
    /// Complete a task
    complete = "/tasks/{task_id}/complete", TaskMove::Complete;
    /// Take a completed or cancelled task up again
    reopen = "/tasks/{task_id}/reopen", TaskMove::Reopen;
    /// Put a task on hold
    hold = "/tasks/{task_id}/hold", TaskMove::Hold;
    /// Say that a task is blocked
    block = "/tasks/{task_id}/block", TaskMove::Block;
    /// Cancel a task
    cancel = "/tasks/{task_id}/cancel", TaskMove::Cancel;
}

/// Take a task that nobody has
#[utoipa::path(post, path = "/tasks/{task_id}/take", tag = "tasks", params(("task_id" = Uuid, Path)), responses((status = 200, body = TaskBody), (status = 409, body = Problem)))]
async fn take(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(TaskId,)>) -> Result<Response, Problem> {
    Ok(answer(state.context.take_task(&actor, id).await?))
}

/// Ignore a task with a reason; it is hidden, nothing of it is lost
#[utoipa::path(post, path = "/tasks/{task_id}/ignore", tag = "tasks", params(("task_id" = Uuid, Path)), request_body = ReasonBody, responses((status = 200, body = TaskBody), (status = 422, body = Problem)))]
async fn ignore(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(TaskId,)>,
    version: IfMatch,
    JsonBody(body): JsonBody<ReasonBody>,
) -> Result<Response, Problem> {
    Ok(answer(state.context.ignore_task(&actor, id, &reason(body.reason.as_deref())?, version.0).await?))
}

/// Restore an ignored task as it was
#[utoipa::path(post, path = "/tasks/{task_id}/restore", tag = "tasks", params(("task_id" = Uuid, Path)), responses((status = 200, body = TaskBody), (status = 404, body = Problem)))]
async fn restore(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(TaskId,)>,
    version: IfMatch,
) -> Result<Response, Problem> {
    Ok(answer(state.context.restore_task(&actor, id, version.0).await?))
}
