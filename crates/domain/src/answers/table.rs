//! Tables as answers: rows of cells, each cell read as its column says.

use serde_json::{Map, Value};

use super::value::{AnswerError, date, number, option, yes_or_no};
use crate::{
    templates::{Column, QuestionKind},
    text::{Line, Prose, TextError},
};

/// How many rows a table holds.
const MOST_ROWS: usize = 500;

/// Reads the rows of a table. Empty cells are left out, empty rows too; rows are kept in their order.
pub(super) fn parse(columns: &[Column], value: &Value) -> Result<Value, AnswerError> {
    let wrong = AnswerError::WrongKind { expected: "a list of rows, each an object of cells by column key" };
    let given = value.as_array().ok_or(wrong.clone())?;
    if given.len() > MOST_ROWS {
        return Err(AnswerError::TooMany { most: MOST_ROWS });
    }
    let mut rows = Vec::new();
    for (number, row) in (1..).zip(given) {
        let row = row.as_object().ok_or(wrong.clone())?;
        if row.keys().any(|key| columns.iter().all(|column| column.key != *key)) {
            return Err(wrong);
        }
        if row.values().all(is_empty) {
            continue;
        }
        let mut cells = Map::new();
        for column in columns {
            let at_cell = |error: AnswerError| AnswerError::Cell {
                row: number,
                column: column.label.clone(),
                key: column.key.clone(),
                error: Box::new(error),
            };
            match row.get(&column.key).filter(|value| !is_empty(value)) {
                Some(value) => drop(cells.insert(column.key.clone(), cell(column, value).map_err(at_cell)?)),
                None if column.required => return Err(at_cell(TextError::Blank.into())),
                None => {}
            }
        }
        rows.push(Value::Object(cells));
    }
    if rows.is_empty() { Err(TextError::Blank.into()) } else { Ok(Value::Array(rows)) }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn cell(column: &Column, value: &Value) -> Result<Value, AnswerError> {
    let text = |expected| value.as_str().ok_or(AnswerError::WrongKind { expected });
    Ok(match column.kind {
        QuestionKind::LongText => Value::from(Prose::parse(text("a text")?)?.as_str()),
        QuestionKind::Choice => Value::from(option(&column.options, text("the value of one option")?)?),
        QuestionKind::Date => date(text("a date, YYYY-MM-DD")?)?,
        QuestionKind::Number => number(value)?,
        QuestionKind::YesNo => yes_or_no(value)?,
        // The kinds that no column has are refused with the template.
        QuestionKind::Text | QuestionKind::Person | QuestionKind::Choices | QuestionKind::Table | QuestionKind::File => {
            Value::from(Line::<500>::parse(text("a text")?)?.as_str())
        }
    })
}
