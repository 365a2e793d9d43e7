//! A questionnaire and its answers.

use muster_domain::{
    answers::{Answer, AnswerSource, Suggestion, Use},
    templates::{Column, QuestionOption},
};
use muster_service::Questionnaire;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::input::templates::{ColumnSchema, QuestionOptionSchema};

/// The questions of a template of a plan, with what has been answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Questionnaire)]
pub struct QuestionnaireBody {
    /// The plan.
    plan_id: Uuid,
    /// The template.
    template_id: Uuid,
    /// Its name.
    template_name: String,
    /// The number of the release that the plan pins.
    release: i32,
    /// The questions in their order.
    questions: Vec<AskedQuestion>,
    /// The keys of the required questions without an answer.
    missing: Vec<String>,
    /// The version of the workspace at which this was read: events of a later one tell of changes.
    workspace_version: i64,
}

/// A question with its answer.
#[derive(Debug, Serialize, ToSchema)]
struct AskedQuestion {
    /// Its name in the template.
    key: String,
    /// The question.
    label: String,
    /// text, long_text, choice, choices, date, number, yes_no, person, table or file.
    kind: &'static str,
    /// Whether the document needs it.
    required: bool,
    /// Whether the answer has to be proved.
    requires_evidence: bool,
    /// What proof is asked for.
    evidence_description: Option<String>,
    /// The heading that it stands under.
    section: Option<String>,
    /// What helps to answer it.
    help: Option<String>,
    /// An answer as it might be.
    example: Option<String>,
    /// The unit of a number.
    unit: Option<String>,
    /// The least number that answers it.
    minimum: Option<i64>,
    /// The greatest number that answers it.
    maximum: Option<i64>,
    /// The options of a choice.
    #[schema(value_type = Vec<QuestionOptionSchema>)]
    options: Vec<QuestionOption>,
    /// The columns of a table.
    #[schema(value_type = Vec<ColumnSchema>)]
    columns: Vec<Column>,
    /// Questions with the same reuse key ask for the same fact.
    reuse_key: Option<String>,
    /// The answer, if there is one.
    answer: Option<AnswerBody>,
    /// The question's task.
    task_id: Option<Uuid>,
    /// An answer elsewhere that could be taken over; only where there is no answer here.
    suggestion: Option<SuggestionBody>,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Answer)]
pub struct AnswerBody {
    /// As the question's kind asks for: a text, a list of option values, a number, true or false, the
    /// rows of a table; null where the question does not apply.
    value: Value,
    /// Why the question does not apply.
    not_applicable_reason: Option<String>,
    /// Counts the changes of this answer: the If-Match of the next.
    version: i32,
    /// Who answered last.
    answered_by: Option<i32>,
    /// Their name.
    answered_by_name: Option<String>,
    /// The respondent who answered, where it was nobody with an account; the name is theirs then.
    respondent_id: Option<Uuid>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    answered_at: String,
    /// The answer that it was taken over from.
    reused_from: Option<SourceBody>,
    /// What stands there now, where that has changed since.
    newer_there: Option<NewerBody>,
}

/// An answer elsewhere: what `reused_from` names when it is taken over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnswerSource)]
struct SourceBody {
    /// The plan that it stands in.
    plan_id: Uuid,
    /// The code of that plan's standard.
    iso_code: String,
    /// The template that it stands in.
    template_id: Uuid,
    /// The name of that template.
    template_name: String,
    /// The key of the question there.
    question_key: String,
    /// The version of the answer there.
    version: i32,
}

/// What a source says since it was taken over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewerAnswer)]
struct NewerBody {
    /// The value there now.
    value: Value,
    /// Its version.
    version: i32,
}

/// An answer given elsewhere that could be taken over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Suggestion)]
struct SuggestionBody {
    /// The value there.
    value: Value,
    #[serde(flatten)]
    source: SourceBody,
    /// When it was given.
    #[schema(value_type = String, format = DateTime)]
    answered_at: String,
}

/// A place where the same fact is asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UseOfAnswer)]
pub struct UseBody {
    /// The plan.
    plan_id: Uuid,
    /// The code of its standard.
    iso_code: String,
    /// The template.
    template_id: Uuid,
    /// Its name.
    template_name: String,
    /// The key of the question there.
    question_key: String,
    /// The question there.
    label: String,
    /// How it is answered there.
    answer: Option<AnswerBody>,
}

impl From<AnswerSource> for SourceBody {
    fn from(from: AnswerSource) -> Self {
        Self {
            plan_id: from.plan_id.0,
            iso_code: from.iso_code,
            template_id: from.template_id.0,
            template_name: from.template_name,
            question_key: from.question_key,
            version: from.version,
        }
    }
}

impl From<Answer> for AnswerBody {
    fn from(answer: Answer) -> Self {
        Self {
            value: answer.value.as_json().clone(),
            not_applicable_reason: answer.not_applicable_reason,
            version: answer.version,
            answered_by: answer.answered_by.as_ref().map(|person| person.id.0),
            respondent_id: answer.respondent.as_ref().map(|one| one.id.0),
            answered_by_name: answer.answered_by.map(|person| person.name).or(answer.respondent.map(|one| one.name)),
            answered_at: answer.answered_at.to_string(),
            reused_from: answer.reused_from.map(SourceBody::from),
            newer_there: answer.newer_there.map(|newer| NewerBody { value: newer.value.as_json().clone(), version: newer.version }),
        }
    }
}

impl From<Suggestion> for SuggestionBody {
    fn from(from: Suggestion) -> Self {
        Self { value: from.value.as_json().clone(), source: from.source.into(), answered_at: from.answered_at.to_string() }
    }
}

impl From<Use> for UseBody {
    fn from(from: Use) -> Self {
        Self {
            plan_id: from.plan_id.0,
            iso_code: from.iso_code,
            template_id: from.template_id.0,
            template_name: from.template_name,
            question_key: from.question_key,
            label: from.label,
            answer: from.answer.map(AnswerBody::from),
        }
    }
}

impl From<Questionnaire> for QuestionnaireBody {
    fn from(mut from: Questionnaire) -> Self {
        let missing = from.missing().into_iter().map(ToOwned::to_owned).collect();
        let questions = std::mem::take(&mut from.release.content.questions).into_iter().map(|question| AskedQuestion {
            answer: from.answers.remove(&question.key).map(AnswerBody::from),
            task_id: from.task_id(&question.key).map(|id| id.0),
            suggestion: from.suggestions.remove(&question.key).map(SuggestionBody::from),
            key: question.key,
            label: question.label,
            kind: question.kind.as_str(),
            required: question.required,
            requires_evidence: question.requires_evidence,
            evidence_description: question.evidence_description,
            section: question.section,
            help: question.help,
            example: question.example,
            unit: question.unit,
            minimum: question.minimum,
            maximum: question.maximum,
            options: question.options,
            columns: question.columns,
            reuse_key: question.reuse_key,
        });
        Self {
            questions: questions.collect(),
            plan_id: from.assignment.plan_id.0,
            template_id: from.assignment.template_id.0,
            template_name: from.assignment.template_name.clone(),
            release: from.assignment.release_number,
            missing,
            workspace_version: from.workspace_version,
        }
    }
}
