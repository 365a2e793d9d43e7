//! The questionnaire of an assigned template, and answering it.

use axum::{Json, extract::State, response::Response};
use muster_domain::{
    answers::Answer,
    ids::{PlanId, TemplateId},
    templates::QuestionOption,
};
use muster_service::{AnswerRequest, Questionnaire};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::created;
use crate::{
    input::templates::QuestionOptionSchema,
    problem::Problem,
    request::{Ids, IfMatch, JsonBody},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(questionnaire)).routes(routes!(answer))
}

/// The questions of a template of a plan, with what has been answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Questionnaire)]
struct QuestionnaireBody {
    plan_id: Uuid,
    template_id: Uuid,
    template_name: String,
    /// The number of the release that the plan pins.
    release: i32,
    questions: Vec<AskedQuestion>,
    /// The keys of the required questions without an answer.
    missing: Vec<String>,
}

/// A question with its answer.
#[derive(Debug, Serialize, ToSchema)]
struct AskedQuestion {
    key: String,
    label: String,
    /// text, long_text, choice, choices, date, number, yes_no or person.
    kind: &'static str,
    required: bool,
    requires_evidence: bool,
    section: Option<String>,
    help: Option<String>,
    example: Option<String>,
    unit: Option<String>,
    #[schema(value_type = Vec<QuestionOptionSchema>)]
    options: Vec<QuestionOption>,
    answer: Option<AnswerBody>,
    task_id: Option<Uuid>,
    suggestion: Option<SuggestionBody>,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Answer)]
struct AnswerBody {
    /// As the question's kind asks for: a text, a list of option values, a number, true or false.
    value: Value,
    version: i32,
    answered_by: Option<i32>,
    answered_by_name: Option<String>,
    /// The respondent who answered, where it was nobody with an account; the name is theirs then.
    respondent_id: Option<Uuid>,
    #[schema(value_type = String, format = DateTime)]
    answered_at: String,
    /// The template it was reused from.
    reused_from: Option<String>,
}

impl From<Answer> for AnswerBody {
    fn from(answer: Answer) -> Self {
        Self {
            value: answer.value.as_json().clone(),
            version: answer.version,
            answered_by: answer.answered_by.as_ref().map(|person| person.id.0),
            respondent_id: answer.respondent.as_ref().map(|one| one.id.0),
            answered_by_name: answer.answered_by.map(|person| person.name).or(answer.respondent.map(|one| one.name)),
            answered_at: answer.answered_at.to_string(),
            reused_from: answer.reused_from,
        }
    }
}

/// An answer given elsewhere that could be reused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Suggestion)]
struct SuggestionBody {
    value: Value,
    iso_code: String,
    template_name: String,
    #[schema(value_type = String, format = DateTime)]
    answered_at: String,
}

/// An answer to be given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAnswer {
    /// As the question's kind asks for: a text, a list of option values, a number, true or false.
    value: Value,
}

/// An answer that has been kept, with its question's task.
#[derive(Debug, Serialize, ToSchema)]
struct SavedAnswer {
    #[serde(flatten)]
    answer: AnswerBody,
    key: String,
    task_id: Option<Uuid>,
}

impl From<Questionnaire> for QuestionnaireBody {
    fn from(mut from: Questionnaire) -> Self {
        let missing = from.missing().into_iter().map(ToOwned::to_owned).collect();
        let questions = from.release.content.questions.into_iter().map(|question| AskedQuestion {
            answer: from.answers.remove(&question.key).map(AnswerBody::from),
            task_id: from.task_ids.get(&question.key).map(|id| id.0),
            suggestion: from.suggestions.remove(&question.key).map(|one| SuggestionBody {
                value: one.value.as_json().clone(),
                iso_code: one.iso_code,
                template_name: one.template_name,
                answered_at: one.answered_at.to_string(),
            }),
            key: question.key,
            label: question.label,
            kind: question.kind.as_str(),
            required: question.required,
            requires_evidence: question.requires_evidence,
            section: question.section,
            help: question.help,
            example: question.example,
            unit: question.unit,
            options: question.options,
        });
        Self {
            questions: questions.collect(),
            plan_id: from.assignment.plan_id.0,
            template_id: from.assignment.template_id.0,
            template_name: from.assignment.template_name,
            release: from.assignment.release_number,
            missing,
        }
    }
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

/// Answer one question; its task is completed by it
#[utoipa::path(
    put,
    path = "/plans/{plan_id}/templates/{template_id}/answers/{key}",
    tag = "answers",
    params(
        ("plan_id" = Uuid, Path), ("template_id" = Uuid, Path), ("key" = String, Path),
        ("If-Match" = Option<String>, Header, description = "the version that is replaced, when the question has been answered before")
    ),
    request_body = NewAnswer,
    responses((status = 201, body = SavedAnswer), (status = 200, body = SavedAnswer), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem))
)]
async fn answer(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan_id, template_id, key)): Ids<(PlanId, TemplateId, String)>,
    version: IfMatch,
    JsonBody(body): JsonBody<NewAnswer>,
) -> Result<Response, Problem> {
    let request = AnswerRequest { plan_id, template_id, key: &key, value: Some(&body.value), expected: version.0 };
    let saved = state.context.answer(&actor, &request).await?;
    let (location, version) = (format!("/api/v1/plans/{plan_id}/templates/{template_id}/questionnaire"), saved.answer.version);
    let body = SavedAnswer { answer: saved.answer.into(), key, task_id: saved.task_id.map(|id| id.0) };
    Ok(created(saved.is_new, &location, version, body))
}
