//! Task rules.

use axum::{Json, extract::State, response::Response};
use muster_domain::ids::RuleId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, bodies::TaskRuleBody, created, resource};
use crate::{
    input::rules::{NewTaskRule, TaskRulePatch},
    problem::Problem,
    request::{Creation, Ids, IfMatch, JsonBody, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, change)).routes(routes!(apply))
}

/// Whether to look only, or to do it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplyBody {
    /// true: say what would be done; false: do it.
    preview: bool,
}

/// What applying a rule would do, or did.
#[derive(Debug, Serialize, ToSchema)]
struct AppliedRule {
    rule_id: Uuid,
    /// Whether this was only a look.
    preview: bool,
    /// Tasks in all.
    tasks: usize,
    customers: Vec<RuleEffectBody>,
}

/// What applying a rule means for one customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleEffect)]
struct RuleEffectBody {
    customer_id: i32,
    customer_name: String,
    tasks: usize,
}

/// The task rules, by level and position
#[utoipa::path(get, path = "/task-rules", tag = "rules", responses((status = 200, body = List<TaskRuleBody>), (status = 403, body = Problem)))]
async fn list(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    parameters: Parameters,
) -> Result<Json<List<TaskRuleBody>>, Problem> {
    let items: Vec<TaskRuleBody> = state.context.task_rules(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(List::part_of(items, &parameters, &["level"])?))
}

/// Add a task rule; it applies to what happens from now on
#[utoipa::path(
    post,
    path = "/task-rules",
    tag = "rules",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewTaskRule,
    responses((status = 201, body = TaskRuleBody), (status = 403, body = Problem), (status = 422, body = Problem))
)]
async fn create(State(state): State<AppState>, SignedIn(actor): SignedIn, input: Creation<NewTaskRule>) -> Result<Response, Problem> {
    let rule = TaskRuleBody::from(state.context.create_task_rule(&actor, &input.body.parse()?, &input.once).await?.value);
    let (location, version) = (format!("/api/v1/task-rules/{}", rule.id), rule.version);
    Ok(created(true, &location, version, rule))
}

/// A task rule
#[utoipa::path(get, path = "/task-rules/{rule_id}", tag = "rules", params(("rule_id" = Uuid, Path)), responses((status = 200, body = TaskRuleBody), (status = 404, body = Problem)))]
async fn read(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(RuleId,)>) -> Result<Response, Problem> {
    let rule = TaskRuleBody::from(state.context.task_rule(&actor, id).await?);
    let version = rule.version;
    Ok(resource(rule, version))
}

/// Change a task rule; tasks that it made stay
#[utoipa::path(
    patch,
    path = "/task-rules/{rule_id}",
    tag = "rules",
    params(("rule_id" = Uuid, Path), ("If-Match" = String, Header, description = "the ETag that was read")),
    request_body = TaskRulePatch,
    responses((status = 200, body = TaskRuleBody), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem))
)]
async fn change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(RuleId,)>,
    version: IfMatch,
    JsonBody(patch): JsonBody<TaskRulePatch>,
) -> Result<Response, Problem> {
    let current = state.context.task_rule(&actor, id).await?;
    let expected = version.required()?;
    let rule = TaskRuleBody::from(state.context.update_task_rule(&actor, id, &patch.applied_to(current).parse()?, expected).await?);
    let version = rule.version;
    Ok(resource(rule, version))
}

/// Apply a rule to what exists already, or see what that would do
#[utoipa::path(
    post,
    path = "/task-rules/{rule_id}/apply",
    tag = "rules",
    params(("rule_id" = Uuid, Path)),
    request_body = ApplyBody,
    responses((status = 200, body = AppliedRule), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn apply(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(RuleId,)>,
    JsonBody(body): JsonBody<ApplyBody>,
) -> Result<Json<AppliedRule>, Problem> {
    let applied =
        if body.preview { state.context.preview_task_rule(&actor, id).await? } else { state.context.apply_task_rule(&actor, id).await? };
    let customers = applied.customers.into_iter().map(|one| RuleEffectBody {
        customer_id: one.customer_id.0,
        customer_name: one.customer_name,
        tasks: one.tasks,
    });
    let customers: Vec<RuleEffectBody> = customers.collect();
    Ok(Json(AppliedRule { rule_id: id.0, preview: !applied.is_done, tasks: customers.iter().map(|one| one.tasks).sum(), customers }))
}
