//! Answers to the questions of an assigned template.

mod sample;
mod table;
mod value;
mod words;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    value::{AnswerError, AnswerValue},
    words::FillWords,
};
use crate::{
    ids::{PlanId, TemplateId},
    people::Person,
    respondents::RespondentName,
    templates::Question,
};

/// An answer as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The key of the question.
    pub question_key: String,
    /// The value; null where the question does not apply.
    pub value: AnswerValue,
    /// Why the question does not apply, if somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_applicable_reason: Option<String>,
    /// Counts the changes of this answer (`If-Match`).
    pub version: i32,
    /// Who answered last.
    pub answered_by: Option<Person>,
    /// The respondent who answered last, where it was nobody with an account.
    #[serde(default)]
    pub respondent: Option<RespondentName>,
    /// When.
    pub answered_at: Timestamp,
    /// Where it was taken over from, if a person accepted a suggestion.
    pub reused_from: Option<AnswerSource>,
    /// What stands there now, where that has changed since.
    #[serde(skip)]
    pub newer_there: Option<NewerAnswer>,
}

/// The answer that another one was taken over from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerSource {
    /// The plan it stands in.
    pub plan_id: PlanId,
    /// The code of that plan's standard.
    pub iso_code: String,
    /// The template it stands in.
    pub template_id: TemplateId,
    /// The name of that template.
    pub template_name: String,
    /// The key of the question there.
    pub question_key: String,
    /// The version that was taken over.
    pub version: i32,
}

/// A value that a source has got since it was taken over.
#[derive(Debug, Clone, PartialEq)]
pub struct NewerAnswer {
    /// The value.
    pub value: AnswerValue,
    /// Its version.
    pub version: i32,
}

/// An answer that the customer gave elsewhere to a question with the same reuse key.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The key of the question that it could answer here.
    pub question_key: String,
    /// The value.
    pub value: AnswerValue,
    /// Where it stands, and its version now.
    pub source: AnswerSource,
    /// When it was given.
    pub answered_at: Timestamp,
}

/// A question of the customer's that asks for the same fact as another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The plan it stands in.
    pub plan_id: PlanId,
    /// The code of that plan's standard.
    pub iso_code: String,
    /// The template it stands in.
    pub template_id: TemplateId,
    /// The name of that template.
    pub template_name: String,
    /// The key of the question there.
    pub question_key: String,
    /// The question there.
    pub label: String,
    /// How it is answered there, if it is.
    pub answer: Option<Answer>,
}

/// The keys of the required questions that have no answer yet, in the template's order.
pub fn missing_keys(questions: &[Question], is_answered: impl Fn(&str) -> bool) -> Vec<&str> {
    questions.iter().filter(|question| question.required && !is_answered(&question.key)).map(|question| question.key.as_str()).collect()
}
