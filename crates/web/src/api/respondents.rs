//! Delegated questions: delegating, the customer's respondents, and what a respondent sees and does.

use std::net::SocketAddr;

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use muster_domain::{
    ids::{CustomerId, PlanId, RespondentId, TemplateId},
    respondents::{Delegation, RespondentDetails},
    templates::QuestionOption,
};
use muster_service::{AnswerRequest, Asked, AskedQuestion, Delegated, Given};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, tag};
use crate::{
    input::{respondents::NewDelegate, templates::QuestionOptionSchema},
    problem::Problem,
    request::{Ids, IfMatch, JsonBody, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(delegate))
        .routes(routes!(respondents))
        .routes(routes!(revoke))
        .routes(routes!(asked))
        .routes(routes!(respond))
}

/// A question that was delegated.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delegated)]
struct DelegatedBody {
    /// The name of who is to answer.
    delegated_to: String,
    /// The link to pass on, where there is no mail server that takes it; shown here once, and never again.
    link: Option<String>,
}

/// Somebody without an account who was asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Respondent)]
struct RespondentBody {
    id: Uuid,
    name: String,
    #[schema(format = Email)]
    email: String,
    /// Who asked them first.
    created_by_name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: String,
    /// When they last came, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<String>,
    questions: Vec<DelegationBody>,
}

/// A delegated question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delegation)]
struct DelegationBody {
    plan_id: Uuid,
    template_id: Uuid,
    template_name: String,
    key: String,
    is_answered: bool,
}

/// What the holder of a link sees.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Asked)]
struct AskedBody {
    /// The respondent.
    name: String,
    customer_name: String,
    firm_name: String,
    asked_by_name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: String,
    questions: Vec<AskedQuestionBody>,
}

/// A question that was delegated to the holder of the link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DelegatedQuestion)]
struct AskedQuestionBody {
    plan_id: Uuid,
    template_id: Uuid,
    template_name: String,
    key: String,
    label: String,
    /// text, long_text, choice, choices, date, number, yes_no or person.
    kind: &'static str,
    required: bool,
    help: Option<String>,
    example: Option<String>,
    unit: Option<String>,
    /// What whoever delegated it adds.
    note: Option<String>,
    #[schema(value_type = Vec<QuestionOptionSchema>)]
    options: Vec<QuestionOption>,
    /// The value that it has; null without an answer.
    value: Value,
    /// The version of the answer, to be sent as `If-Match` when changing it.
    version: Option<i32>,
}

/// An answer of a respondent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewResponse {
    /// As the question's kind asks for: a text, a list of option values, a number, true or false.
    value: Value,
}

/// An answer that was kept.
#[derive(Debug, Serialize, ToSchema)]
struct ResponseKept {
    value: Value,
    version: i32,
}

impl From<Delegation> for DelegationBody {
    fn from(one: Delegation) -> Self {
        Self {
            plan_id: one.plan_id.0,
            template_id: one.template_id.0,
            template_name: one.template_name,
            key: one.question_key,
            is_answered: one.is_answered,
        }
    }
}

impl From<RespondentDetails> for RespondentBody {
    fn from(one: RespondentDetails) -> Self {
        Self {
            id: one.id.0,
            name: one.name,
            email: one.email,
            created_by_name: one.created_by,
            created_at: one.created_at.to_string(),
            expires_at: one.expires_at.to_string(),
            last_used_at: one.last_used_at.map(|at| at.to_string()),
            revoked_at: one.revoked_at.map(|at| at.to_string()),
            questions: one.questions.into_iter().map(DelegationBody::from).collect(),
        }
    }
}

impl From<AskedQuestion> for AskedQuestionBody {
    fn from(AskedQuestion { delegation, question, answer, .. }: AskedQuestion) -> Self {
        Self {
            plan_id: delegation.plan_id.0,
            template_id: delegation.template_id.0,
            template_name: delegation.template_name,
            key: question.key,
            label: question.label,
            kind: question.kind.as_str(),
            required: question.required,
            help: question.help,
            example: question.example,
            unit: question.unit,
            note: delegation.note,
            options: question.options,
            value: answer.as_ref().map_or(Value::Null, |answer| answer.value.as_json().clone()),
            version: answer.map(|answer| answer.version),
        }
    }
}

impl From<Asked> for AskedBody {
    fn from(asked: Asked) -> Self {
        Self {
            name: asked.respondent.name().to_owned(),
            customer_name: asked.customer_name,
            firm_name: asked.firm,
            asked_by_name: asked.asked_by,
            expires_at: asked.expires_at.to_string(),
            questions: asked.questions.into_iter().map(AskedQuestionBody::from).collect(),
        }
    }
}

/// An answer that nobody keeps on the way.
fn unstored(body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Delegate a question to a member, or to somebody without an account
#[utoipa::path(
    put,
    path = "/plans/{plan_id}/templates/{template_id}/questions/{key}/delegate",
    tag = "respondents",
    params(("plan_id" = Uuid, Path), ("template_id" = Uuid, Path), ("key" = String, Path)),
    request_body = NewDelegate,
    responses((status = 200, body = DelegatedBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn delegate(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan, template, key)): Ids<(PlanId, TemplateId, String)>,
    JsonBody(body): JsonBody<NewDelegate>,
) -> Result<Response, Problem> {
    let Delegated { to, link, .. } = state.context.delegate(&actor, plan, template, &key, &body.parse()?).await?;
    Ok(unstored(Json(DelegatedBody { delegated_to: to, link })))
}

/// The people without an account who were asked, the latest first
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/respondents",
    tag = "respondents",
    params(
        ("customer_id" = i32, Path), ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)
    ),
    responses((status = 200, body = List<RespondentBody>), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn respondents(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Json<List<RespondentBody>>, Problem> {
    let respondents = state.context.respondents(&actor, customer).await?;
    List::part_of(respondents.into_iter().map(RespondentBody::from).collect(), &parameters, &["-created_at"]).map(Json)
}

/// Revoke the links of a respondent, at once and for good; what they answered stays
#[utoipa::path(
    delete,
    path = "/customers/{customer_id}/respondents/{respondent_id}",
    tag = "respondents",
    params(("customer_id" = i32, Path), ("respondent_id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn revoke(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer, id)): Ids<(CustomerId, RespondentId)>,
) -> Result<StatusCode, Problem> {
    state.context.revoke_respondent(&actor, customer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The questions that are meant for the holder of a link; unknown, ended and revoked links are not told apart
#[utoipa::path(
    get,
    path = "/respond/{secret}",
    tag = "respondents",
    security(()),
    params(("secret" = String, Path)),
    responses((status = 200, body = AskedBody), (status = 404, body = Problem), (status = 429, body = Problem))
)]
async fn asked(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Ids((secret,)): Ids<(String,)>,
) -> Result<Response, Problem> {
    let asked = state.context.asked(&secret, &peer.ip().to_string()).await?;
    Ok(unstored(Json(AskedBody::from(asked))))
}

/// Answer a question that is meant for the holder of a link
#[utoipa::path(
    put,
    path = "/respond/{secret}/answers/{plan_id}/{template_id}/{key}",
    tag = "respondents",
    security(()),
    params(
        ("secret" = String, Path), ("plan_id" = Uuid, Path), ("template_id" = Uuid, Path), ("key" = String, Path),
        ("If-Match" = Option<String>, Header, description = "the version that is replaced, when the question has been answered before")
    ),
    request_body = NewResponse,
    responses(
        (status = 201, body = ResponseKept), (status = 200, body = ResponseKept), (status = 404, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem), (status = 429, body = Problem)
    )
)]
async fn respond(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Ids((secret, plan_id, template_id, key)): Ids<(String, PlanId, TemplateId, String)>,
    version: IfMatch,
    JsonBody(body): JsonBody<NewResponse>,
) -> Result<Response, Problem> {
    let asked = state.context.asked(&secret, &peer.ip().to_string()).await?;
    let request = AnswerRequest { plan_id, template_id, key: &key, given: Given::Value(&body.value), expected: version.0 };
    let saved = state.context.respond(&asked.respondent, &request).await?;
    let status = if saved.is_new { StatusCode::CREATED } else { StatusCode::OK };
    let (version, value) = (saved.answer.version, saved.answer.value.as_json().clone());
    let mut response = unstored((status, Json(ResponseKept { value, version })));
    if let Some(tag) = tag(version) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}
