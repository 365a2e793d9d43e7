//! Answers to the questions of an assigned template.

mod sample;
mod table;
mod value;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::value::{AnswerError, AnswerValue};
use crate::{people::Person, respondents::RespondentName, templates::Question};

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
    /// The template it was reused from, if a person accepted a suggestion.
    pub reused_from: Option<String>,
}

/// An answer that the customer gave elsewhere to a question with the same reuse key.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The key of the question that it could answer here.
    pub question_key: String,
    /// The value.
    pub value: AnswerValue,
    /// The code of the standard it was given for.
    pub iso_code: String,
    /// The template it was given in.
    pub template_name: String,
    /// When it was given.
    pub answered_at: Timestamp,
}

/// The keys of the required questions that have no answer yet, in the template's order.
pub fn missing_keys(questions: &[Question], is_answered: impl Fn(&str) -> bool) -> Vec<&str> {
    questions.iter().filter(|question| question.required && !is_answered(&question.key)).map(|question| question.key.as_str()).collect()
}
