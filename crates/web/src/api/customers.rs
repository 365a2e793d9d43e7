//! Customers.

use axum::{Json, extract::State, response::Response};
use muster_domain::{ids::CustomerId, plans::IgnoredKind};
use muster_service::CustomerFilter;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    List,
    bodies::{CustomerBody, CustomerProgressBody, IgnoredBody, TaskBody, tasks},
    created, resource,
};
use crate::{
    input::customers::{CustomerPatch, NewCustomer},
    problem::Problem,
    request::{Creation, Ids, IfMatch, JsonBody, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, change))
        .routes(routes!(progress))
        .routes(routes!(ignored))
        .routes(routes!(archive))
        .routes(routes!(unarchive))
}

/// A customer that has just been created.
#[derive(Debug, Serialize, ToSchema)]
struct CreatedCustomer {
    #[serde(flatten)]
    customer: CustomerBody,
    /// The tasks that the rules asked for.
    generated_tasks: Vec<TaskBody>,
}

/// Something ignored.
#[derive(Debug, Serialize, ToSchema)]
struct IgnoredItemBody {
    /// plan, template or task.
    kind: &'static str,
    plan_id: Option<Uuid>,
    template_id: Option<Uuid>,
    task_id: Option<Uuid>,
    title: String,
    path: Vec<String>,
    ignored: IgnoredBody,
    /// Where to POST to restore it.
    restore: String,
}

/// What is ignored.
#[derive(Debug, Serialize, ToSchema)]
struct IgnoredList {
    items: Vec<IgnoredItemBody>,
}

/// The customers I may see, by name
#[utoipa::path(
    get,
    path = "/customers",
    tag = "customers",
    params(
        ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query),
        ("q" = Option<String>, Query, description = "words in the name"), ("archived" = Option<bool>, Query, description = "archived ones too")
    ),
    responses((status = 200, body = List<CustomerBody>), (status = 401, body = Problem), (status = 422, body = Problem))
)]
async fn list(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    parameters: Parameters,
) -> Result<Json<List<CustomerBody>>, Problem> {
    let filter = CustomerFilter { words: parameters.get("q").map(ToOwned::to_owned), with_archived: parameters.is_on("archived")? };
    parameters.sort(&["name"])?;
    let slice = parameters.slice()?;
    let page = state.context.customers(&actor, &filter, slice).await?;
    let next_cursor = parameters.next_cursor(slice, page.total);
    Ok(Json(List { items: page.items.into_iter().map(CustomerBody::from).collect(), next_cursor, total: page.total }))
}

/// Create a customer, with its customer-level tasks
#[utoipa::path(
    post,
    path = "/customers",
    tag = "customers",
    request_body = NewCustomer,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = CreatedCustomer), (status = 403, body = Problem), (status = 422, body = Problem))
)]
async fn create(State(state): State<AppState>, SignedIn(actor): SignedIn, input: Creation<NewCustomer>) -> Result<Response, Problem> {
    let made = state.context.create_customer(&actor, &input.body.parse()?, &input.once).await?.value;
    let (location, version) = (format!("/api/v1/customers/{}", made.customer.id), made.customer.version);
    let body = CreatedCustomer { customer: made.customer.into(), generated_tasks: tasks(made.generated_tasks) };
    Ok(created(true, &location, version, body))
}

/// A customer
#[utoipa::path(
    get,
    path = "/customers/{customer_id}",
    tag = "customers",
    params(("customer_id" = i32, Path)),
    responses((status = 200, body = CustomerBody), (status = 404, body = Problem))
)]
async fn read(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    let customer = CustomerBody::from(state.context.customer(&actor, id).await?);
    let version = customer.version;
    Ok(resource(customer, version))
}

/// Change a customer
#[utoipa::path(
    patch,
    path = "/customers/{customer_id}",
    tag = "customers",
    params(("customer_id" = i32, Path), ("If-Match" = String, Header, description = "the ETag that was read")),
    request_body = CustomerPatch,
    responses((status = 200, body = CustomerBody), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem))
)]
async fn change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(CustomerId,)>,
    version: IfMatch,
    JsonBody(patch): JsonBody<CustomerPatch>,
) -> Result<Response, Problem> {
    let current = state.context.customer(&actor, id).await?;
    let expected = version.required()?;
    let details = patch.applied_to(current).parse()?;
    let customer = CustomerBody::from(state.context.update_customer(&actor, id, &details, expected).await?);
    let version = customer.version;
    Ok(resource(customer, version))
}

/// Put a customer away: nothing of it changes any more
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/archive",
    tag = "customers",
    params(("customer_id" = i32, Path)),
    responses((status = 200, body = CustomerBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn archive(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    let customer = CustomerBody::from(state.context.archive_customer(&actor, id).await?);
    let version = customer.version;
    Ok(resource(customer, version))
}

/// Take up a customer that was put away
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/unarchive",
    tag = "customers",
    params(("customer_id" = i32, Path)),
    responses((status = 200, body = CustomerBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn unarchive(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    let customer = CustomerBody::from(state.context.unarchive_customer(&actor, id).await?);
    let version = customer.version;
    Ok(resource(customer, version))
}

/// Progress of a customer's plans and their templates
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/progress",
    tag = "progress",
    params(("customer_id" = i32, Path)),
    responses((status = 200, body = CustomerProgressBody), (status = 404, body = Problem))
)]
async fn progress(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(CustomerId,)>,
) -> Result<Json<CustomerProgressBody>, Problem> {
    let progress = state.context.customer_progress(&actor, id).await?;
    Ok(Json(CustomerProgressBody {
        plans: progress.plans.into_iter().map(Into::into).collect(),
        templates: progress.templates.into_iter().map(Into::into).collect(),
    }))
}

/// What is ignored, with who, when and why
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/ignored",
    tag = "customers",
    params(("customer_id" = i32, Path)),
    responses((status = 200, body = IgnoredList), (status = 404, body = Problem))
)]
async fn ignored(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(CustomerId,)>,
) -> Result<Json<IgnoredList>, Problem> {
    let items = state.context.ignored_items(&actor, id).await?.into_iter().map(|item| {
        let (kind, plan_id, template_id, task_id, restore) = match item.kind {
            IgnoredKind::Plan(plan) => ("plan", Some(plan.0), None, None, format!("/api/v1/plans/{plan}/restore")),
            IgnoredKind::Assignment(plan, template) => {
                ("template", Some(plan.0), Some(template.0), None, format!("/api/v1/plans/{plan}/templates/{template}/restore"))
            }
            IgnoredKind::Task(task) => ("task", None, None, Some(task.0), format!("/api/v1/tasks/{task}/restore")),
        };
        IgnoredItemBody { kind, plan_id, template_id, task_id, title: item.title, path: item.path, ignored: item.ignored.into(), restore }
    });
    Ok(Json(IgnoredList { items: items.collect() }))
}
