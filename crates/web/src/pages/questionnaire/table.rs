//! The control of a table: rows of cells, and the form fields that they are.
//!
//! A cell's field is `cell-ROW-COLUMN`, its row counted from 0. Rows keep their order; empty ones
//! count for nothing, so there are always some to write into.

use std::collections::BTreeMap;

use muster_domain::templates::{self, QuestionKind};
use serde_json::{Map, Value};

use crate::{pages::visit::Form, parts::Choice};

/// How many empty rows stand below what is filled.
const SPARE: usize = 2;
/// How many more the button for rows gives, without a script.
const MORE: usize = 3;
/// Rows beyond this are no table that a person fills by hand.
const MOST: usize = 500;

/// A table to be filled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, empty ones at the end.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its key.
    pub key: String,
    /// Its heading.
    pub label: String,
    /// Each row needs it.
    pub required: bool,
    /// How its cells are filled; of a choice nothing is chosen.
    pub input: CellInput,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it.
    pub value: String,
    /// How it is filled.
    pub input: CellInput,
    /// Why it was refused.
    pub error: Option<String>,
}

/// How a cell is filled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CellInput {
    /// One line, or several in one.
    #[default]
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// One of several.
    Choice(Vec<Choice>),
}

impl Table {
    /// A table with nothing but some empty rows.
    pub(crate) fn of(columns: &[templates::Column], yes: &str, no: &str) -> Self {
        let column = |one: &templates::Column| Column {
            key: one.key.clone(),
            label: one.label.clone(),
            required: one.required,
            input: CellInput::of(one, yes, no),
        };
        let mut table = Self { columns: columns.iter().map(column).collect(), rows: Vec::new() };
        table.fill(&Value::Null);
        table
    }

    /// Puts in what is stored or was typed; some empty rows follow.
    pub(crate) fn fill(&mut self, value: &Value) {
        let filled = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let rows = filled.iter().chain(std::iter::repeat_n(&Value::Null, SPARE)).take(MOST);
        self.rows = rows.map(|row| self.columns.iter().map(|column| Cell::of(column, row.get(&column.key))).collect()).collect();
    }

    /// Notes why a cell was refused.
    pub(crate) fn refuse(&mut self, row: usize, key: &str, error: String) {
        let at = self.columns.iter().position(|column| column.key == key);
        if let Some(cell) = at.and_then(|at| self.rows.get_mut(row)?.get_mut(at)) {
            cell.error = Some(error);
        }
    }

    /// The cells that were refused: row, column key, heading, why.
    #[must_use]
    pub fn refused(&self) -> Vec<(usize, &str, &str, &str)> {
        let cells = self.rows.iter().enumerate().flat_map(|(row, cells)| self.columns.iter().zip(cells).map(move |pair| (row, pair)));
        cells.filter_map(|(row, (column, cell))| Some((row, column.key.as_str(), column.label.as_str(), cell.error.as_deref()?))).collect()
    }
}

impl CellInput {
    fn of(column: &templates::Column, yes: &str, no: &str) -> Self {
        let choice = |value: &str, label: &str| Choice::new(value, label, "\0");
        match column.kind {
            QuestionKind::Number => Self::Number,
            QuestionKind::Date => Self::Date,
            QuestionKind::Choice => Self::Choice(column.options.iter().map(|one| choice(&one.value, &one.label)).collect()),
            QuestionKind::YesNo => Self::Choice(vec![choice("yes", yes), choice("no", no)]),
            _ => Self::Text,
        }
    }
}

impl Cell {
    fn of(column: &Column, value: Option<&Value>) -> Self {
        let value = match value {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Bool(true)) => "yes".to_owned(),
            Some(Value::Bool(false)) => "no".to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let mut input = column.input.clone();
        if let CellInput::Choice(choices) = &mut input {
            choices.iter_mut().for_each(|choice| choice.chosen = choice.value == value);
        }
        Self { value, input, error: None }
    }
}

/// The rows that a form sends, in their order, empty ones in between kept: what is refused is named
/// by its row.
pub(crate) fn sent(columns: &[templates::Column], form: &Form) -> Value {
    let mut rows: BTreeMap<usize, Map<String, Value>> = BTreeMap::new();
    for column in columns {
        for (row, text) in form.numbered("cell-", &column.key).filter(|(row, _)| *row < MOST) {
            rows.entry(row).or_default().insert(column.key.clone(), Value::from(text));
        }
    }
    let removed = form.get("remove").and_then(|row| row.parse::<usize>().ok());
    let mut rows: Vec<Value> = rows.into_iter().filter(|(row, _)| Some(*row) != removed).map(|(_, cells)| Value::Object(cells)).collect();
    while rows.last().is_some_and(|row| row.as_object().is_some_and(is_empty)) {
        rows.pop();
    }
    if form.get("add_rows").is_some() {
        rows.extend(std::iter::repeat_n(Value::Object(Map::new()), MORE));
    }
    Value::Array(rows)
}

fn is_empty(cells: &Map<String, Value>) -> bool {
    cells.values().all(|cell| cell.as_str().is_some_and(|text| text.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn columns() -> Vec<templates::Column> {
        let column = |key: &str, kind| templates::Column { key: key.into(), label: key.into(), kind, required: true, options: vec![] };
        vec![column("name", QuestionKind::Text), column("count_2", QuestionKind::Number)]
    }

    fn form(pairs: &[(&str, &str)]) -> Form {
        Form::of(pairs)
    }

    #[test]
    fn rows_come_as_they_stand_on_the_page() {
        let pairs = [("cell-10-name", "Ten"), ("cell-2-name", "Two"), ("cell-2-count_2", "2"), ("cell-3-name", " "), ("cell-11-name", "")];
        assert_eq!(sent(&columns(), &form(&pairs)), json!([{ "count_2": "2", "name": "Two" }, { "name": " " }, { "name": "Ten" }]));
    }

    #[test]
    fn a_row_goes_and_others_come() {
        let mut pairs = vec![("cell-0-name", "A"), ("cell-1-name", "B"), ("remove", "0")];
        assert_eq!(sent(&columns(), &form(&pairs)), json!([{ "name": "B" }]));
        pairs.push(("add_rows", "1"));
        assert_eq!(sent(&columns(), &form(&pairs)).as_array().unwrap().len(), 1 + MORE);
        let unfit = [("cell-x-name", "A"), ("cell-99999999999999999999-name", "A"), ("cell-7-other", "A"), ("cell-500-name", "A")];
        assert_eq!(sent(&columns(), &form(&unfit)), json!([]));
    }

    #[test]
    fn there_is_always_a_row_to_write_into_and_a_refusal_finds_its_cell() {
        let mut table = Table::of(&columns(), "Yes", "No");
        assert_eq!(table.rows.len(), SPARE);
        table.fill(&json!([{ "name": "A", "count_2": 3 }]));
        assert_eq!((table.rows.len(), table.rows[0][1].value.as_str()), (1 + SPARE, "3"));
        table.refuse(0, "count_2", "Enter a number.".into());
        table.refuse(99, "count_2", "nowhere".into());
        assert_eq!(table.refused(), [(0, "count_2", "count_2", "Enter a number.")]);
    }
}
