//! Plans and the templates assigned to them.

use axum::{Json, extract::State, response::Response};
use muster_domain::ids::{CustomerId, PlanId, TemplateId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    bodies::{AssignmentBody, PlanBody, PlanProgressBody, TaskBody, TemplateProgressBody, tasks},
    created, resource,
};
use crate::{
    input::{
        plans::{NewAssignment, NewPlan, PlanPatch},
        reason,
    },
    problem::Problem,
    request::{Creation, Ids, IfMatch, JsonBody},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(assign))
        .routes(routes!(read, change))
        .routes(routes!(ignore))
        .routes(routes!(restore))
        .routes(routes!(progress))
        .routes(routes!(assign_template))
        .routes(routes!(ignore_template))
        .routes(routes!(restore_template))
}

/// Why something is ignored.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    /// The reason, shown with what is ignored.
    #[schema(required)]
    pub reason: Option<String>,
}

/// A plan with what its assignment brought.
#[derive(Debug, Serialize, ToSchema)]
struct AssignedPlan {
    #[serde(flatten)]
    plan: PlanBody,
    /// The tasks that were generated: the plan's, and those of its templates.
    generated_tasks: Vec<TaskBody>,
}

/// A plan with its templates.
#[derive(Debug, Serialize, ToSchema)]
struct PlanDetail {
    #[serde(flatten)]
    plan: PlanBody,
    /// Its templates, ignored ones too.
    templates: Vec<AssignmentBody>,
}

/// A template of a plan with what its assignment brought.
#[derive(Debug, Serialize, ToSchema)]
struct AssignedTemplate {
    #[serde(flatten)]
    assignment: AssignmentBody,
    /// The tasks that were generated, one for each question.
    generated_tasks: Vec<TaskBody>,
}

/// Progress of one plan: its row of `v_plan_progress`, and its templates' rows.
#[derive(Debug, Serialize, ToSchema)]
struct PlanProgressDetail {
    #[serde(flatten)]
    plan: PlanProgressBody,
    templates: Vec<TemplateProgressBody>,
}

/// Assign a standard, with its plan-level tasks and the templates asked for
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/plans",
    tag = "plans",
    params(("customer_id" = i32, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewPlan,
    responses((status = 201, body = AssignedPlan), (status = 200, body = AssignedPlan, description = "the customer has this plan already"), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn assign(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    input: Creation<NewPlan>,
) -> Result<Response, Problem> {
    let made = state.context.assign_plan(&actor, customer, &input.body.parse()?, &input.once).await?;
    let (location, version) = (format!("/api/v1/plans/{}", made.value.plan.id), made.value.plan.version);
    let body = AssignedPlan { plan: made.value.plan.into(), generated_tasks: tasks(made.value.generated_tasks) };
    Ok(created(made.is_new, &location, version, body))
}

/// A plan with its templates
#[utoipa::path(get, path = "/plans/{plan_id}", tag = "plans", params(("plan_id" = uuid::Uuid, Path)), responses((status = 200, body = PlanDetail), (status = 404, body = Problem)))]
async fn read(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(PlanId,)>) -> Result<Response, Problem> {
    let (plan, templates) = state.context.plan_with_templates(&actor, id).await?;
    let version = plan.version;
    Ok(resource(PlanDetail { plan: plan.into(), templates: templates.into_iter().map(Into::into).collect() }, version))
}

/// Change a plan
#[utoipa::path(
    patch,
    path = "/plans/{plan_id}",
    tag = "plans",
    params(("plan_id" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "the ETag that was read")),
    request_body = PlanPatch,
    responses((status = 200, body = PlanBody), (status = 412, body = Problem), (status = 428, body = Problem))
)]
async fn change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(PlanId,)>,
    version: IfMatch,
    JsonBody(patch): JsonBody<PlanPatch>,
) -> Result<Response, Problem> {
    state.context.plan(&actor, id).await?;
    let plan = state.context.update_plan(&actor, id, &patch.parse()?, version.required()?).await?;
    let version = plan.version;
    Ok(resource(PlanBody::from(plan), version))
}

/// Ignore a plan with a reason; it and all below it are hidden
#[utoipa::path(post, path = "/plans/{plan_id}/ignore", tag = "plans", params(("plan_id" = uuid::Uuid, Path)), request_body = ReasonBody, responses((status = 200, body = PlanBody), (status = 422, body = Problem)))]
async fn ignore(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(PlanId,)>,
    version: IfMatch,
    JsonBody(body): JsonBody<ReasonBody>,
) -> Result<Response, Problem> {
    let plan = state.context.ignore_plan(&actor, id, &reason(body.reason.as_deref())?, version.0).await?;
    let version = plan.version;
    Ok(resource(PlanBody::from(plan), version))
}

/// Restore an ignored plan with all below it
#[utoipa::path(post, path = "/plans/{plan_id}/restore", tag = "plans", params(("plan_id" = uuid::Uuid, Path)), responses((status = 200, body = PlanBody), (status = 404, body = Problem)))]
async fn restore(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(PlanId,)>,
    version: IfMatch,
) -> Result<Response, Problem> {
    let plan = state.context.restore_plan(&actor, id, version.0).await?;
    let version = plan.version;
    Ok(resource(PlanBody::from(plan), version))
}

/// Progress of a plan and its templates
#[utoipa::path(get, path = "/plans/{plan_id}/progress", tag = "progress", params(("plan_id" = uuid::Uuid, Path)), responses((status = 200, body = PlanProgressDetail), (status = 404, body = Problem)))]
async fn progress(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(PlanId,)>,
) -> Result<Json<PlanProgressDetail>, Problem> {
    let (plan, templates) = state.context.plan_progress(&actor, id).await?;
    Ok(Json(PlanProgressDetail { plan: plan.into(), templates: templates.into_iter().map(Into::into).collect() }))
}

/// Assign a template to a plan, with a task for each of its questions
#[utoipa::path(
    post,
    path = "/plans/{plan_id}/templates",
    tag = "plans",
    params(("plan_id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewAssignment,
    responses((status = 201, body = AssignedTemplate), (status = 200, body = AssignedTemplate, description = "it is assigned already"), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn assign_template(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan,)): Ids<(PlanId,)>,
    input: Creation<NewAssignment>,
) -> Result<Response, Problem> {
    let made = state.context.assign_template(&actor, plan, input.body.parse()?, &input.once).await?;
    let assignment = made.value.assignment;
    let (location, version) = (format!("/api/v1/plans/{plan}/templates/{}/questionnaire", assignment.template_id), assignment.version);
    let body = AssignedTemplate { assignment: assignment.into(), generated_tasks: tasks(made.value.generated_tasks) };
    Ok(created(made.is_new, &location, version, body))
}

/// Ignore a template of a plan with a reason; it and all below it are hidden
#[utoipa::path(
    post,
    path = "/plans/{plan_id}/templates/{template_id}/ignore",
    tag = "plans",
    params(("plan_id" = uuid::Uuid, Path), ("template_id" = uuid::Uuid, Path)),
    request_body = ReasonBody,
    responses((status = 200, body = AssignmentBody), (status = 422, body = Problem))
)]
async fn ignore_template(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    version: IfMatch,
    JsonBody(body): JsonBody<ReasonBody>,
) -> Result<Response, Problem> {
    let assignment = state.context.ignore_assignment(&actor, plan, template, &reason(body.reason.as_deref())?, version.0).await?;
    let version = assignment.version;
    Ok(resource(AssignmentBody::from(assignment), version))
}

/// Restore an ignored template of a plan with all below it
#[utoipa::path(
    post,
    path = "/plans/{plan_id}/templates/{template_id}/restore",
    tag = "plans",
    params(("plan_id" = uuid::Uuid, Path), ("template_id" = uuid::Uuid, Path)),
    responses((status = 200, body = AssignmentBody), (status = 404, body = Problem))
)]
async fn restore_template(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    version: IfMatch,
) -> Result<Response, Problem> {
    let assignment = state.context.restore_assignment(&actor, plan, template, version.0).await?;
    let version = assignment.version;
    Ok(resource(AssignmentBody::from(assignment), version))
}
