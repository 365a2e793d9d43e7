//! The types of questions that the older program had.

use muster_domain::templates::{Column, Question, QuestionKind, QuestionOption};
use muster_word::{key_of, label_of};
use serde_json::{Map, Value};

use super::{line, text_of};

/// Gives a question the kind that a type names, with what that kind needs; what had to be guessed
/// comes back in words.
pub(super) fn set_kind(question: &mut Question, item: &Map<String, Value>) -> Option<String> {
    let named = text_of(item, "type").unwrap_or_else(|| "text".to_owned());
    let word = named.to_ascii_lowercase().replace([' ', '-'], "_");
    let label = line(&question.label, 60);
    match word.as_str() {
        "text" | "field" | "string" | "input" | "short_text" | "email" | "url" => question.kind = QuestionKind::Text,
        "paragraph" | "textarea" | "long_text" | "text_area" | "section" => question.kind = QuestionKind::LongText,
        "date" | "datetime" => question.kind = QuestionKind::Date,
        "number" | "integer" | "decimal" => question.kind = QuestionKind::Number,
        "boolean" | "checkbox" | "yes_no" => question.kind = QuestionKind::YesNo,
        "person" | "user" => question.kind = QuestionKind::Person,
        "file" | "image" | "attachment" | "upload" => question.kind = QuestionKind::File,
        "list" => {
            question.kind = QuestionKind::LongText;
            return Some(format!("The list “{label}” is a long text now: one entry in each line."));
        }
        "table" => return set_table(question, item),
        "select" | "choice" | "dropdown" | "radio" | "multiselect" | "choices" => {
            let options = options(item);
            if options.is_empty() {
                question.kind = QuestionKind::Text;
                return Some(format!("The choice “{label}” names nothing to choose from; it is a short text now."));
            }
            question.kind = if matches!(word.as_str(), "multiselect" | "choices") { QuestionKind::Choices } else { QuestionKind::Choice };
            question.options = options;
        }
        _ => {
            question.kind = QuestionKind::Text;
            return Some(format!("“{label}” has the type `{}`, which is not known; it is a short text now.", line(&named, 40)));
        }
    }
    None
}

fn options(item: &Map<String, Value>) -> Vec<QuestionOption> {
    let listed = ["options", "choices", "values"].iter().find_map(|name| item.get(*name)).and_then(Value::as_array);
    let mut options: Vec<QuestionOption> = Vec::new();
    for entry in listed.into_iter().flatten() {
        let (value, label) = match entry {
            Value::Object(object) => (text_of(object, "value"), text_of(object, "label")),
            Value::String(text) => (Some(text.trim().to_owned()), None),
            other => (Some(other.to_string()), None),
        };
        let Some(value) = value.or_else(|| label.clone()).map(|value| line(&value, 500)).filter(|value| !value.is_empty()) else {
            continue;
        };
        if options.iter().all(|one| one.value != value) {
            options.push(QuestionOption { label: label.map_or_else(|| value.clone(), |label| line(&label, 500)), value });
        }
    }
    options
}

/// A table takes its columns from a list, or from the table that was there before; without either
/// it has one column.
fn set_table(question: &mut Question, item: &Map<String, Value>) -> Option<String> {
    let listed = ["columns", "headers"].iter().find_map(|name| item.get(*name)).and_then(Value::as_array);
    let heading = |entry: &Value| match entry {
        Value::Object(object) => ["label", "title", "name", "key"].iter().find_map(|name| text_of(object, name)),
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let mut headings: Vec<String> = listed.into_iter().flatten().filter_map(heading).collect();
    if headings.is_empty() {
        let content = text_of(item, "current_content").unwrap_or_default();
        let first = content.lines().find(|line| line.matches('|').count() >= 2).unwrap_or_default();
        headings =
            first.trim().trim_matches('|').split('|').map(str::trim).filter(|words| !words.is_empty()).map(ToOwned::to_owned).collect();
    }
    let is_guessed = headings.is_empty();
    if is_guessed {
        headings.push("Entry".to_owned());
    }
    question.kind = QuestionKind::Table;
    for words in headings.iter().take(20) {
        let base = key_of(words);
        let base = if base.is_empty() { format!("column_{}", question.columns.len() + 1) } else { base.chars().take(70).collect() };
        let is_taken = question.columns.iter().any(|column| column.key == base);
        let key = if is_taken { format!("{base}_{}", question.columns.len() + 1) } else { base };
        question.columns.push(Column {
            key,
            label: line(&label_of(words), 500),
            kind: QuestionKind::Text,
            required: false,
            options: Vec::new(),
        });
    }
    is_guessed.then(|| format!("The table “{}” names no columns; it has one now.", line(&question.label, 60)))
}
