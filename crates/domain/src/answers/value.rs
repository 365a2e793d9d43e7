//! The values of answers: reading them for a question, and the words that stand for them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FillWords, table};
use crate::{
    templates::{Column, Question, QuestionKind, QuestionOption},
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
    /// A number outside the question's limits.
    #[error("must be {}", range_words(*.minimum, *.maximum))]
    OutOfRange {
        /// The least that is taken.
        minimum: Option<i64>,
        /// The most that is taken.
        maximum: Option<i64>,
    },
    /// A cell of a table that cannot be taken.
    #[error("row {row}, {column}: {error}")]
    Cell {
        /// The row, counted from 1.
        row: usize,
        /// The heading of the column.
        column: String,
        /// The key of the column.
        key: String,
        /// What is wrong.
        error: Box<AnswerError>,
    },
    /// More rows or files than an answer holds.
    #[error("may have at most {most} rows or files")]
    TooMany {
        /// How many are taken.
        most: usize,
    },
}

fn range_words(minimum: Option<i64>, maximum: Option<i64>) -> String {
    match (minimum, maximum) {
        (Some(least), Some(most)) => format!("a number from {least} to {most}"),
        (Some(least), None) => format!("{least} or more"),
        (None, Some(most)) => format!("{most} or less"),
        (None, None) => "a number".to_owned(),
    }
}

impl AnswerError {
    /// A stable code for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::WrongKind { .. } => "wrong-kind",
            Self::NotAnOption { .. } => "not-an-option",
            Self::OutOfRange { .. } => "out-of-range",
            Self::Cell { error, .. } => error.code(),
            Self::TooMany { .. } => "too-many",
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
            QuestionKind::Choice => Value::from(option(&question.options, text("the value of one option")?)?),
            QuestionKind::Choices => options(&question.options, value)?,
            QuestionKind::Date => date(text("a date, YYYY-MM-DD")?)?,
            QuestionKind::Number => in_range(question, number(value)?)?,
            QuestionKind::YesNo => yes_or_no(value)?,
            QuestionKind::Table => table::parse(&question.columns, value)?,
            QuestionKind::File => files(value)?,
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
    pub fn in_words(&self, question: &Question, say: FillWords<'_>) -> String {
        let words = |value: &Value| plain_words(value, question.kind, &question.options, say);
        match &self.0 {
            Value::Array(_) if question.kind == QuestionKind::Table => {
                let rows = self.rows_in_words(question, say);
                rows.into_iter()
                    .map(|row| row.into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(", "))
                    .collect::<Vec<_>>()
                    .join("\n")
            }
            Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
            other => words(other),
        }
    }

    /// The cells of a table in words, row by row in the order of the question's columns. Cells
    /// without a value are empty. Of another kind of answer, nothing.
    pub fn rows_in_words(&self, question: &Question, say: FillWords<'_>) -> Vec<Vec<String>> {
        let Value::Array(rows) = &self.0 else { return Vec::new() };
        let cell = |row: &Value, column: &Column| {
            row.get(&column.key).map(|value| plain_words(value, column.kind, &column.options, say)).unwrap_or_default()
        };
        rows.iter().map(|row| question.columns.iter().map(|column| cell(row, column)).collect()).collect()
    }
}

/// What stands for a value that is neither a table nor several values. A file is told by its name.
fn plain_words(value: &Value, kind: QuestionKind, options: &[QuestionOption], say: FillWords<'_>) -> String {
    match value {
        Value::String(text) if kind == QuestionKind::Date => text.parse().map_or_else(|_| text.clone(), |date| say.date(date)),
        Value::String(text) => {
            options.iter().find(|option| option.value == *text).map_or_else(|| text.clone(), |option| option.label.clone())
        }
        Value::Bool(true) => say.yes.to_owned(),
        Value::Bool(false) => say.no.to_owned(),
        Value::Null => String::new(),
        Value::Object(file) => file.get("filename").and_then(Value::as_str).unwrap_or_default().to_owned(),
        other => other.to_string(),
    }
}

pub(super) fn option<'a>(options: &'a [QuestionOption], value: &str) -> Result<&'a str, AnswerError> {
    let option = options.iter().find(|option| option.value == value);
    option.map(|option| option.value.as_str()).ok_or_else(|| AnswerError::NotAnOption { value: value.chars().take(60).collect() })
}

/// Several options are stored in the order of the question, each once.
fn options(offered: &[QuestionOption], value: &Value) -> Result<Value, AnswerError> {
    let wrong = AnswerError::WrongKind { expected: "a list of option values" };
    let given = value.as_array().ok_or(wrong.clone())?;
    let mut chosen = Vec::new();
    for item in given {
        chosen.push(option(offered, item.as_str().ok_or(wrong.clone())?)?);
    }
    if chosen.is_empty() {
        return Err(TextError::Blank.into());
    }
    Ok(offered.iter().map(|option| option.value.as_str()).filter(|value| chosen.contains(value)).collect())
}

pub(super) fn date(text: &str) -> Result<Value, AnswerError> {
    if text.trim().is_empty() {
        return Err(TextError::Blank.into());
    }
    let is_plain = text.trim().len() == 10 && text.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = text.trim().parse::<Date>().ok().filter(|date| is_plain && (1900..=2200).contains(&date.year()));
    date.map(|date| Value::from(date.to_string())).ok_or(AnswerError::WrongKind { expected: "a date, YYYY-MM-DD" })
}

pub(super) fn number(value: &Value) -> Result<Value, AnswerError> {
    let wrong = AnswerError::WrongKind { expected: "a number" };
    match value {
        // What a float cannot hold exactly would be stored as another number than was given.
        Value::Number(number) if number.is_f64() && number.as_f64().is_none_or(|float| float.abs() >= 9_007_199_254_740_992.0) => {
            Err(wrong)
        }
        // However it was written, `1e5` or `100000.0`: a whole number stands in the document as people write it.
        #[expect(clippy::cast_possible_truncation, reason = "whole, and smaller than 2^53")]
        Value::Number(number) if number.is_f64() => match number.as_f64() {
            Some(float) if float.fract() == 0.0 => Ok((float as i64).into()),
            _ => Ok(value.clone()),
        },
        Value::Number(_) => Ok(value.clone()),
        Value::String(text) if text.trim().is_empty() => Err(TextError::Blank.into()),
        Value::String(text) => match serde_json::from_str::<Value>(text.trim()) {
            Ok(parsed @ Value::Number(_)) => number(&parsed),
            _ => Err(wrong),
        },
        _ => Err(wrong),
    }
}

pub(super) fn yes_or_no(value: &Value) -> Result<Value, AnswerError> {
    match value {
        Value::Bool(_) => Ok(value.clone()),
        Value::String(text) if text == "yes" || text == "true" => Ok(Value::Bool(true)),
        Value::String(text) if text == "no" || text == "false" => Ok(Value::Bool(false)),
        Value::String(text) if text.is_empty() => Err(TextError::Blank.into()),
        _ => Err(AnswerError::WrongKind { expected: "yes or no" }),
    }
}

fn in_range(question: &Question, number: Value) -> Result<Value, AnswerError> {
    let given = number.as_f64().unwrap_or_default();
    // Limits are far from where a float would round them.
    #[expect(clippy::cast_precision_loss, reason = "an answer beyond 2^53 is refused as no number")]
    let is_outside = question.minimum.is_some_and(|least| given < least as f64) || question.maximum.is_some_and(|most| given > most as f64);
    if is_outside { Err(AnswerError::OutOfRange { minimum: question.minimum, maximum: question.maximum }) } else { Ok(number) }
}

/// Files are told by the evidence that holds them, each once: `[{"id": ..., "filename": ...}]`. That
/// the evidence is there, and what it is called, is for the use case to see.
fn files(value: &Value) -> Result<Value, AnswerError> {
    const MOST: usize = 50;
    let wrong = AnswerError::WrongKind { expected: "a list of evidence, each with its id" };
    let given = value.as_array().ok_or(wrong.clone())?;
    let mut files: Vec<Value> = Vec::new();
    for file in given {
        let id = file.get("id").and_then(Value::as_str).and_then(|id| id.parse::<uuid::Uuid>().ok()).ok_or(wrong.clone())?;
        let filename = Line::<255>::parse(file.get("filename").and_then(Value::as_str).unwrap_or("file"))?;
        let file = serde_json::json!({ "id": id.to_string(), "filename": filename.as_str() });
        if !files.iter().any(|known| known["id"] == file["id"]) {
            files.push(file);
        }
    }
    match files.len() {
        0 => Err(TextError::Blank.into()),
        count if count > MOST => Err(AnswerError::TooMany { most: MOST }),
        _ => Ok(Value::Array(files)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::templates::QuestionOption;

    fn question(kind: QuestionKind) -> Question {
        let option = |value: &str| QuestionOption { value: value.into(), label: value.to_uppercase() };
        let column = |key: &str, kind, required| Column { key: key.into(), label: key.to_uppercase(), kind, required, options: vec![] };
        Question {
            options: if kind.has_options() { vec![option("a"), option("b"), option("c")] } else { vec![] },
            columns: vec![column("name", QuestionKind::Text, true), column("count", QuestionKind::Number, false)],
            ..Question::new("q", "Q?", kind)
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
        for whole in [json!("1e5"), json!("100000.0"), json!(100_000.0), json!(1e5)] {
            assert_eq!(parse(QuestionKind::Number, whole), Ok(json!(100_000)));
        }
        assert_eq!(parse(QuestionKind::Number, json!("2.50")), Ok(json!(2.5)));
        assert_eq!(parse(QuestionKind::YesNo, json!("yes")), Ok(json!(true)));
        let rows = json!([{"name": " Bench ", "count": "2"}, {"name": "", "count": null}, {"name": "Door"}]);
        assert_eq!(parse(QuestionKind::Table, rows), Ok(json!([{"count": 2, "name": "Bench"}, {"name": "Door"}])));
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(parse(QuestionKind::File, json!([{"id": id}, {"id": id}])), Ok(json!([{"id": id, "filename": "file"}])));
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
            (QuestionKind::Table, json!([])),
            (QuestionKind::Table, json!([{"count": 2}])),
            (QuestionKind::Table, json!([{"name": "x", "other": 2}])),
            (QuestionKind::Table, json!([{"name": "x", "count": "many"}])),
            (QuestionKind::Table, json!(["x"])),
            (QuestionKind::File, json!([{"id": "x"}])),
        ] {
            assert!(parse(kind, value.clone()).is_err(), "{kind} {value}");
        }
    }

    #[test]
    fn words_for_the_document() {
        let words = |kind, value| AnswerValue(value).in_words(&question(kind), FillWords::ENGLISH);
        assert_eq!(words(QuestionKind::Choice, json!("b")), "B");
        assert_eq!(words(QuestionKind::Choices, json!(["a", "c"])), "A, C");
        assert_eq!(words(QuestionKind::YesNo, json!(false)), "no");
        assert_eq!(words(QuestionKind::Number, json!(14)), "14");
        assert_eq!(words(QuestionKind::Date, json!("2027-03-01")), "1 March 2027");
        assert_eq!(words(QuestionKind::Text, json!("2027-03-01")), "2027-03-01");
        assert_eq!(words(QuestionKind::Table, json!([{"name": "Bench", "count": 2}, {"name": "Door"}])), "Bench, 2\nDoor");
        assert_eq!(words(QuestionKind::File, json!([{"id": "x", "filename": "a.pdf"}])), "a.pdf");
    }

    #[test]
    fn numbers_stay_within_their_limits() {
        let asked = Question { minimum: Some(1), maximum: Some(90), ..question(QuestionKind::Number) };
        assert_eq!(AnswerValue::parse(&asked, &json!("90")).map(|one| one.0), Ok(json!(90)));
        let refusal = AnswerValue::parse(&asked, &json!(140)).unwrap_err();
        assert_eq!((refusal.code(), refusal.to_string().as_str()), ("out-of-range", "must be a number from 1 to 90"));
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
