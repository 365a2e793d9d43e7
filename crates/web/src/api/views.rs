//! Views that a person keeps of lists of tasks: the chips above the lists, for programs that show lists of
//! their own. They are the person's alone, like their calendar, so no token reaches them.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use muster_domain::{
    ids::{CustomerId, ViewId},
    views::SavedView,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, created_without_version};
use crate::{
    input::views::{NewTaskView, TaskViewPatch, viewed_list},
    problem::Problem,
    request::{Creation, Ids, JsonBody, Parameters},
    session::InPerson,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, keep)).routes(routes!(change, delete))
}

/// A view: filters of a list of tasks under a name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskView)]
struct TaskViewBody {
    /// The id.
    id: Uuid,
    /// The list that it is of: my_work or tasks.
    list: &'static str,
    /// The only customer whose tasks it is for; null for those of whichever, and for my work.
    customer_id: Option<i32>,
    /// What its person calls it.
    name: String,
    /// The filters and the order, as the address of the list has them after its question mark.
    #[schema(example = "due=overdue&sort=priority")]
    query: String,
    /// The list opens with it.
    is_default: bool,
}

impl From<SavedView> for TaskViewBody {
    fn from(view: SavedView) -> Self {
        Self {
            id: view.id.0,
            list: view.list.as_str(),
            customer_id: view.customer.map(|id| id.0),
            name: view.name,
            query: view.query,
            is_default: view.is_default,
        }
    }
}

/// My views of a list of tasks, by name
#[utoipa::path(
    get,
    path = "/task-views",
    tag = "me",
    security(("session" = [])),
    params(
        ("list" = String, Query, description = "my_work or tasks"),
        ("customer_id" = Option<i32>, Query, description = "with the views that are for this customer's tasks alone"),
        ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)
    ),
    responses(
        (status = 200, body = List<TaskViewBody>), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem, description = "no such customer"), (status = 422, body = Problem)
    )
)]
async fn list(
    State(state): State<AppState>,
    InPerson(actor): InPerson,
    parameters: Parameters,
) -> Result<Json<List<TaskViewBody>>, Problem> {
    let viewed = viewed_list(&parameters)?;
    let customer: Option<CustomerId> = parameters.parse("customer_id")?;
    if let Some(customer) = customer {
        state.context.customer(&actor, customer).await?;
    }
    let views = state.context.views(&actor, viewed, customer).await?;
    List::part_of(views.into_iter().map(TaskViewBody::from).collect(), &parameters, &["name"]).map(Json)
}

/// Keep a view of a list of tasks
#[utoipa::path(
    post,
    path = "/task-views",
    tag = "me",
    security(("session" = [])),
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewTaskView,
    responses(
        (status = 201, body = TaskViewBody), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem, description = "no such customer"), (status = 422, body = Problem)
    )
)]
async fn keep(State(state): State<AppState>, InPerson(actor): InPerson, input: Creation<NewTaskView>) -> Result<Response, Problem> {
    let kept = state.context.keep_view(&actor, &input.body.parse()?, &input.once).await?;
    let view = TaskViewBody::from(kept.value);
    Ok(created_without_version(&format!("/api/v1/task-views/{}", view.id), view))
}

/// Rename one of my views, change its filters, or let its list open with it
#[utoipa::path(
    patch,
    path = "/task-views/{view_id}",
    tag = "me",
    security(("session" = [])),
    params(("view_id" = Uuid, Path)),
    request_body = TaskViewPatch,
    responses(
        (status = 200, body = TaskViewBody), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)
    )
)]
async fn change(
    State(state): State<AppState>,
    InPerson(actor): InPerson,
    Ids((id,)): Ids<(ViewId,)>,
    JsonBody(patch): JsonBody<TaskViewPatch>,
) -> Result<Json<TaskViewBody>, Problem> {
    let view = state.context.view(&actor, id).await?;
    let changed = state.context.change_view(&actor, id, &patch.parse(&view)?).await?;
    Ok(Json(changed.into()))
}

/// Delete one of my views; what it showed is all still there
#[utoipa::path(
    delete,
    path = "/task-views/{view_id}",
    tag = "me",
    security(("session" = [])),
    params(("view_id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn delete(State(state): State<AppState>, InPerson(actor): InPerson, Ids((id,)): Ids<(ViewId,)>) -> Result<StatusCode, Problem> {
    state.context.delete_view(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
