//! The questionnaire of an assigned template, and answering it.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use muster_domain::ids::{PlanId, TemplateId};
use muster_service::{AnswerRequest, Given};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    bodies::{AnswerBody, QuestionnaireBody, UseBody},
    created,
};
use crate::{
    input::answers::{GivenAnswer, NewAnswer},
    problem::Problem,
    request::{Ids, IfMatch, JsonBody},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(questionnaire)).routes(routes!(answer, withdraw)).routes(routes!(uses))
}

/// An answer that has been kept, with its question's task.
#[derive(Debug, Serialize, ToSchema)]
struct SavedAnswer {
    #[serde(flatten)]
    answer: AnswerBody,
    /// The key of the question.
    key: String,
    /// The question's task.
    task_id: Option<Uuid>,
}

/// The places where the same fact is asked.
#[derive(Debug, Serialize, ToSchema)]
struct Uses {
    /// By standard and template; the question itself is among them.
    items: Vec<UseBody>,
}

/// The questions of a template of a plan, with answers and suggestions
#[utoipa::path(
    get,
    path = "/plans/{plan_id}/templates/{template_id}/questionnaire",
    tag = "answers",
    params(("plan_id" = Uuid, Path), ("template_id" = Uuid, Path)),
    responses((status = 200, body = QuestionnaireBody), (status = 404, body = Problem))
)]
async fn questionnaire(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
) -> Result<Json<QuestionnaireBody>, Problem> {
    Ok(Json(state.context.questionnaire(&actor, plan, template).await?.into()))
}

/// Answer one question, or say why it does not apply; its task is completed by it
#[utoipa::path(
    put,
    path = "/plans/{plan_id}/templates/{template_id}/answers/{key}",
    tag = "answers",
    params(
        ("plan_id" = Uuid, Path), ("template_id" = Uuid, Path), ("key" = String, Path),
        ("If-Match" = Option<String>, Header, description = "the version that is replaced, when the question has been answered before")
    ),
    request_body = NewAnswer,
    responses(
        (status = 201, body = SavedAnswer), (status = 200, body = SavedAnswer),
        (status = 409, description = "what is taken over has changed, or the template is ignored", body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)
    )
)]
async fn answer(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan_id, template_id, key)): Ids<(PlanId, TemplateId, String)>,
    version: IfMatch,
    JsonBody(body): JsonBody<NewAnswer>,
) -> Result<Response, Problem> {
    let given = body.parse()?;
    let given = match &given {
        GivenAnswer::Value(value) => Given::Value(value),
        GivenAnswer::NotApplicable(reason) => Given::NotApplicable(reason),
        GivenAnswer::Reused(source) => Given::Reused(*source),
    };
    let request = AnswerRequest { plan_id, template_id, key: &key, given, expected: version.0 };
    let saved = state.context.answer(&actor, &request).await?;
    let (location, version) = (format!("/api/v1/plans/{plan_id}/templates/{template_id}/questionnaire"), saved.answer.version);
    let body = SavedAnswer { answer: saved.answer.into(), key, task_id: saved.task_id.map(|id| id.0) };
    Ok(created(saved.is_new, &location, version, body))
}

/// Take an answer back: the question is open again, and so is its task
///
/// What stood there stays in the audit log. The next answer counts on from its version.
#[utoipa::path(
    delete,
    path = "/plans/{plan_id}/templates/{template_id}/answers/{key}",
    tag = "answers",
    params(
        ("plan_id" = Uuid, Path), ("template_id" = Uuid, Path), ("key" = String, Path),
        ("If-Match" = String, Header, description = "the version that is taken back")
    ),
    responses(
        (status = 204), (status = 404, description = "also where the question has no answer", body = Problem),
        (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)
    )
)]
async fn withdraw(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan, template, key)): Ids<(PlanId, TemplateId, String)>,
    version: IfMatch,
) -> Result<Response, Problem> {
    state.context.withdraw_answer(&actor, plan, template, &key, version.0).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Where the customer is asked for the same fact, with the answers there
#[utoipa::path(
    get,
    path = "/plans/{plan_id}/templates/{template_id}/questions/{key}/uses",
    tag = "answers",
    params(("plan_id" = Uuid, Path), ("template_id" = Uuid, Path), ("key" = String, Path)),
    responses((status = 200, body = Uses), (status = 404, body = Problem))
)]
async fn uses(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan, template, key)): Ids<(PlanId, TemplateId, String)>,
) -> Result<Json<Uses>, Problem> {
    let (_, _, uses) = state.context.uses_of_answer(&actor, plan, template, &key).await?;
    Ok(Json(Uses { items: uses.into_iter().map(UseBody::from).collect() }))
}
