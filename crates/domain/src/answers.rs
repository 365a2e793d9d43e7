//! Answers to the questions of an assigned template.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    people::Person,
    respondents::RespondentName,
    templates::{Question, QuestionKind},
    text::{Line, Prose, TextError},
};

/// Why a value does not answer a question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The text is blank, too long or holds control characters.
    #[error("{0}")]
    Text(#[from] TextError),
    /// The value is not of the question's kind.
    #[error("must be {expected}")]
    WrongKind {
        /// What is expected.
        expected: &'static str,
    },
    /// Not one of the options.
    #[error("`{value}` is not one of the options")]
    NotAnOption {
        /// What was given.
        value: String,
    },
}

impl AnswerError {
    /// A stable code for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::WrongKind { .. } => "wrong-kind",
            Self::NotAnOption { .. } => "not-an-option",
        }
    }
}

/// A value that answers its question, in the one form in which it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnswerValue(Value);

impl AnswerValue {
    /// Reads a value for a question. Numbers and dates may come as text, as forms send them;
    /// what is stored is a number, or the date as `YYYY-MM-DD`.
    pub fn parse(question: &Question, value: &Value) -> Result<Self, AnswerError> {
        let text = |expected| value.as_str().ok_or(AnswerError::WrongKind { expected });
        let value = match question.kind {
            QuestionKind::Text | QuestionKind::Person => Value::from(Line::<500>::parse(text("a text")?)?.as_str()),
            QuestionKind::LongText => Value::from(Prose::parse(text("a text")?)?.as_str()),
            QuestionKind::Choice => Value::from(option(question, text("the value of one option")?)?),
            QuestionKind::Choices => options(question, value)?,
            QuestionKind::Date => date(text("a date, YYYY-MM-DD")?)?,
            QuestionKind::Number => number(value)?,
            QuestionKind::YesNo => yes_or_no(value)?,
        };
        Ok(Self(value))
    }

    /// A value as it was stored.
    pub fn stored(value: Value) -> Self {
        Self(value)
    }

    /// The stored form.
    pub const fn as_json(&self) -> &Value {
        &self.0
    }

    /// The words that stand for the value in the document and in suggestions.
    pub fn in_words(&self, question: &Question, yes: &str, no: &str) -> String {
        let label = |value: &str| {
            let option = question.options.iter().find(|option| option.value == value);
            option.map_or_else(|| value.to_owned(), |option| option.label.clone())
        };
        match &self.0 {
            Value::String(text) if question.kind == QuestionKind::Choice => label(text),
            Value::String(text) => text.clone(),
            Value::Bool(true) => yes.to_owned(),
            Value::Bool(false) => no.to_owned(),
            Value::Array(items) => items.iter().filter_map(Value::as_str).map(label).collect::<Vec<_>>().join(", "),
            other => other.to_string(),
        }
    }
}

fn option<'a>(question: &'a Question, value: &str) -> Result<&'a str, AnswerError> {
    let option = question.options.iter().find(|option| option.value == value);
    option.map(|option| option.value.as_str()).ok_or_else(|| AnswerError::NotAnOption { value: value.chars().take(60).collect() })
}

/// Several options are stored in the order of the question, each once.
fn options(question: &Question, value: &Value) -> Result<Value, AnswerError> {
    let wrong = AnswerError::WrongKind { expected: "a list of option values" };
    let given = value.as_array().ok_or(wrong.clone())?;
    let mut chosen = Vec::new();
    for item in given {
        chosen.push(option(question, item.as_str().ok_or(wrong.clone())?)?);
    }
    if chosen.is_empty() {
        return Err(TextError::Blank.into());
    }
    Ok(question.options.iter().map(|option| option.value.as_str()).filter(|value| chosen.contains(value)).collect())
}

fn date(text: &str) -> Result<Value, AnswerError> {
    if text.trim().is_empty() {
        return Err(TextError::Blank.into());
    }
    let is_plain = text.trim().len() == 10 && text.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = text.trim().parse::<Date>().ok().filter(|date| is_plain && (1900..=2200).contains(&date.year()));
    date.map(|date| Value::from(date.to_string())).ok_or(AnswerError::WrongKind { expected: "a date, YYYY-MM-DD" })
}

fn number(value: &Value) -> Result<Value, AnswerError> {
    let wrong = AnswerError::WrongKind { expected: "a number" };
    match value {
        // What a float cannot hold exactly would be stored as another number than was given.
        Value::Number(number) if number.is_f64() && number.as_f64().is_none_or(|float| float.abs() >= 9_007_199_254_740_992.0) => {
            Err(wrong)
        }
        Value::Number(_) => Ok(value.clone()),
        Value::String(text) if text.trim().is_empty() => Err(TextError::Blank.into()),
        Value::String(text) => match serde_json::from_str::<Value>(text.trim()) {
            Ok(parsed @ Value::Number(_)) => number(&parsed),
            _ => Err(wrong),
        },
        _ => Err(wrong),
    }
}

fn yes_or_no(value: &Value) -> Result<Value, AnswerError> {
    match value {
        Value::Bool(_) => Ok(value.clone()),
        Value::String(text) if text == "yes" || text == "true" => Ok(Value::Bool(true)),
        Value::String(text) if text == "no" || text == "false" => Ok(Value::Bool(false)),
        Value::String(text) if text.is_empty() => Err(TextError::Blank.into()),
        _ => Err(AnswerError::WrongKind { expected: "yes or no" }),
    }
}

/// An answer as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The key of the question.
    pub question_key: String,
    /// The value.
    pub value: AnswerValue,
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::templates::QuestionOption;

    fn question(kind: QuestionKind) -> Question {
        let option = |value: &str| QuestionOption { value: value.into(), label: value.to_uppercase() };
        Question {
            key: "q".into(),
            section: None,
            label: "Q?".into(),
            help: None,
            example: None,
            kind,
            required: true,
            requires_evidence: false,
            evidence_description: None,
            reuse_key: None,
            options: if kind.has_options() { vec![option("a"), option("b"), option("c")] } else { vec![] },
            unit: None,
        }
    }

    fn parse(kind: QuestionKind, value: Value) -> Result<Value, AnswerError> {
        AnswerValue::parse(&question(kind), &value).map(|answer| answer.0)
    }

    #[test]
    fn each_kind_takes_its_own_values() {
        assert_eq!(parse(QuestionKind::Text, json!(" Acme ")), Ok(json!("Acme")));
        assert_eq!(parse(QuestionKind::Choice, json!("b")), Ok(json!("b")));
        assert_eq!(parse(QuestionKind::Choices, json!(["c", "a", "c"])), Ok(json!(["a", "c"])));
        assert_eq!(parse(QuestionKind::Date, json!("2026-02-28")), Ok(json!("2026-02-28")));
        assert_eq!(parse(QuestionKind::Number, json!(" 14 ")), Ok(json!(14)));
        assert_eq!(parse(QuestionKind::YesNo, json!("yes")), Ok(json!(true)));
    }

    #[test]
    fn wrong_values_are_refused() {
        for (kind, value) in [
            (QuestionKind::Text, json!(5)),
            (QuestionKind::Text, json!("")),
            (QuestionKind::Text, Value::Null),
            (QuestionKind::Choice, json!("z")),
            (QuestionKind::Choices, json!([])),
            (QuestionKind::Choices, json!(["z"])),
            (QuestionKind::Date, json!("2026-02-30")),
            (QuestionKind::Number, json!("many")),
            (QuestionKind::Number, json!("[1]")),
            (QuestionKind::YesNo, json!("perhaps")),
        ] {
            assert!(parse(kind, value.clone()).is_err(), "{kind} {value}");
        }
    }

    #[test]
    fn words_for_the_document() {
        let words = |kind, value| AnswerValue(value).in_words(&question(kind), "yes", "no");
        assert_eq!(words(QuestionKind::Choice, json!("b")), "B");
        assert_eq!(words(QuestionKind::Choices, json!(["a", "c"])), "A, C");
        assert_eq!(words(QuestionKind::YesNo, json!(false)), "no");
        assert_eq!(words(QuestionKind::Number, json!(14)), "14");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            for kind in QuestionKind::ALL {
                if let Ok(stored) = parse(*kind, Value::String(text.clone())) {
                    prop_assert_eq!(parse(*kind, stored.clone()), Ok(stored));
                }
            }
        }
    }
}
