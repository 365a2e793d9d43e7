//! Answers as they might be, for the preview of a template.

use jiff::civil::Date;
use serde_json::Value;

use super::AnswerValue;
use crate::templates::{Column, Question, QuestionKind, QuestionOption};

/// How many rows a table has in a preview: two, so that the repetition is seen.
const ROWS: usize = 2;

impl AnswerValue {
    /// An answer as it might be: the question's example where it is one, otherwise what its kind
    /// offers. None where nothing can be made up, as for a text without an example.
    pub fn sample(question: &Question, today: Date) -> Option<Self> {
        let example = question.example.as_deref().map(str::trim).filter(|example| !example.is_empty());
        let from_example = example.and_then(|example| Self::parse(question, &read(question, example)).ok());
        from_example.or_else(|| Self::parse(question, &made_up(question, today)?).ok())
    }
}

/// An example as the value that it stands for.
fn read(question: &Question, example: &str) -> Value {
    let value_of = |label: &str| chosen(&question.options, label.trim()).map(|option| option.value.clone());
    match question.kind {
        QuestionKind::Choice => value_of(example).into(),
        QuestionKind::Choices => example.split([',', ';', '\n']).filter_map(value_of).collect::<Vec<_>>().into(),
        QuestionKind::Table => example.lines().map(|line| row(&question.columns, line)).collect::<Vec<_>>().into(),
        QuestionKind::YesNo if example.eq_ignore_ascii_case("yes") => true.into(),
        QuestionKind::YesNo if example.eq_ignore_ascii_case("no") => false.into(),
        _ => example.into(),
    }
}

/// A row of a table's example: its cells in the order of the columns, with `|` between them.
fn row(columns: &[Column], line: &str) -> Value {
    let cell = |(column, text): (&Column, &str)| {
        let text = text.trim();
        let value = chosen(&column.options, text).map_or(text, |option| &option.value);
        (column.key.clone(), Value::from(value))
    };
    Value::Object(columns.iter().zip(line.trim_matches('|').split('|')).map(cell).collect())
}

fn chosen<'a>(options: &'a [QuestionOption], words: &str) -> Option<&'a QuestionOption> {
    options.iter().find(|option| option.value == words || option.label == words)
}

fn made_up(question: &Question, today: Date) -> Option<Value> {
    Some(match question.kind {
        QuestionKind::Choice => question.options.first()?.value.clone().into(),
        QuestionKind::Choices => question.options.iter().take(2).map(|option| option.value.clone()).collect::<Vec<_>>().into(),
        QuestionKind::Date => today.to_string().into(),
        QuestionKind::Number => question.minimum.or(question.maximum)?.into(),
        QuestionKind::YesNo => true.into(),
        QuestionKind::Table => {
            let row = |number| question.columns.iter().map(|column| (column.key.clone(), cell(column, number, today))).collect();
            (1..=ROWS).map(|number| Value::Object(row(number))).collect::<Vec<Value>>().into()
        }
        // Files have a name of their own, and what a text says cannot be guessed.
        QuestionKind::Text | QuestionKind::LongText | QuestionKind::Person | QuestionKind::File => return None,
    })
}

fn cell(column: &Column, number: usize, today: Date) -> Value {
    match column.kind {
        QuestionKind::Choice => column.options.get((number - 1) % column.options.len().max(1)).map(|option| option.value.clone()).into(),
        QuestionKind::Date => today.to_string().into(),
        QuestionKind::Number => number.into(),
        QuestionKind::YesNo => (number == 1).into(),
        _ => format!("{} {number}", column.label.trim()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(question: &Question) -> Option<Value> {
        AnswerValue::sample(question, "2026-03-17".parse().unwrap()).map(|value| value.as_json().clone())
    }

    fn option(value: &str, label: &str) -> QuestionOption {
        QuestionOption { value: value.into(), label: label.into() }
    }

    #[test]
    fn an_example_is_the_sample_where_it_is_an_answer() {
        let with = |kind, example: &str| {
            let options = if matches!(kind, QuestionKind::Choice | QuestionKind::Choices) {
                vec![option("w", "Weekly"), option("m", "Monthly")]
            } else {
                Vec::new()
            };
            sample(&Question { example: Some(example.into()), options, ..Question::new("a", "A?", kind) })
        };
        assert_eq!(with(QuestionKind::Text, "Acme"), Some("Acme".into()));
        assert_eq!(with(QuestionKind::Number, "14"), Some(14.into()));
        assert_eq!(with(QuestionKind::Choice, "Monthly"), Some("m".into()));
        assert_eq!(with(QuestionKind::Choices, "Monthly, Never"), Some(vec!["m"].into()));
        assert_eq!(with(QuestionKind::YesNo, "No"), Some(false.into()));
        // An example that is no answer does not stand in the way.
        assert_eq!(with(QuestionKind::Choice, "Never"), Some("w".into()));
        assert_eq!(with(QuestionKind::Date, "next spring"), Some("2026-03-17".into()));
    }

    #[test]
    fn what_cannot_be_made_up_is_left_open() {
        assert_eq!(sample(&Question::new("a", "A?", QuestionKind::Text)), None);
        assert_eq!(sample(&Question::new("a", "A?", QuestionKind::Choice)), None);
        assert_eq!(sample(&Question::new("a", "A?", QuestionKind::Table)), None);
        assert_eq!(sample(&Question { minimum: Some(3), ..Question::new("a", "A?", QuestionKind::Number) }), Some(3.into()));
    }

    #[test]
    fn a_table_has_two_rows() {
        let column =
            |key: &str, kind| Column { key: key.into(), label: "Heading".into(), kind, required: true, options: vec![option("x", "X")] };
        let columns = vec![column("a", QuestionKind::Text), column("b", QuestionKind::Choice), column("c", QuestionKind::Number)];
        let rows = sample(&Question { columns, ..Question::new("t", "T?", QuestionKind::Table) }).unwrap();
        assert_eq!(rows[1], serde_json::json!({ "a": "Heading 2", "b": "x", "c": 2 }));
        assert_eq!(rows.as_array().unwrap().len(), 2);
        let columns = vec![column("a", QuestionKind::Text), column("b", QuestionKind::Choice), column("c", QuestionKind::Number)];
        let example = Some("| One | X | 7 |\nTwo | x | 8".to_owned());
        let rows = sample(&Question { columns, example, ..Question::new("t", "T?", QuestionKind::Table) }).unwrap();
        assert_eq!(rows, serde_json::json!([{ "a": "One", "b": "x", "c": 7 }, { "a": "Two", "b": "x", "c": 8 }]));
    }
}
