//! The texts that a document of the older database consists of: JSON in whatever form its program
//! had at that time.

use serde_json::{Map, Value};

/// A text of a document, under the id and the title that it had there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentText {
    /// Its section; the name of the field where it had none.
    pub id: String,
    /// Its title; the same as the id where it had none.
    pub title: String,
    /// The text.
    pub text: String,
}

/// Names under which a section keeps its text, the surest first.
const TEXTS: [&str; 6] = ["answer", "value", "current_content", "content", "text", "html"];
/// What says nothing to a reader.
const SKIPPED: [&str; 4] = ["metadata", "fixed_sections", "document_title", "title"];

/// All texts in the order in which they stand. Fixed sections are the template's and are left out.
pub fn content_texts(content: &Value) -> Vec<ContentText> {
    let mut texts = Vec::new();
    match content {
        // JSON inside a text, as the older program wrote it at times.
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => return content_texts(&inner),
            _ => add(&mut texts, "content", "content", content),
        },
        other => collect(&mut texts, "content", other),
    }
    texts
}

fn collect(texts: &mut Vec<ContentText>, name: &str, value: &Value) {
    match value {
        Value::Object(object) => match section(object) {
            Some((id, title, text)) => add(texts, &id, &title, text),
            None => {
                object.iter().filter(|(name, _)| !SKIPPED.contains(&name.as_str())).for_each(|(name, value)| collect(texts, name, value))
            }
        },
        Value::Array(items) if items.iter().any(Value::is_object) => items.iter().for_each(|item| collect(texts, name, item)),
        other => add(texts, name, name, other),
    }
}

/// An object that is a section: it has an id or a title, and a text.
fn section(object: &Map<String, Value>) -> Option<(String, String, &Value)> {
    let word = |names: &[&str]| names.iter().find_map(|name| scalar(object.get(*name)?));
    let id = word(&["id", "section_id", "name", "key"]);
    let title = word(&["title", "label"]);
    let text = TEXTS.iter().find_map(|name| object.get(*name).filter(|text| !text.is_null()))?;
    let id = id.or_else(|| title.clone())?;
    Some((id.clone(), title.unwrap_or(id), text))
}

fn add(texts: &mut Vec<ContentText>, id: &str, title: &str, value: &Value) {
    let text = match value {
        Value::Array(items) => items.iter().filter_map(scalar).collect::<Vec<_>>().join("\n"),
        Value::Object(_) => value.to_string(),
        other => scalar(other).unwrap_or_default(),
    };
    if !text.trim().is_empty() {
        texts.push(ContentText { id: id.to_owned(), title: title.to_owned(), text });
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some((if *flag { "yes" } else { "no" }).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(content: &Value) -> Vec<(String, String, String)> {
        content_texts(content).into_iter().map(|one| (one.id, one.title, one.text)).collect()
    }

    #[test]
    fn texts_are_found_in_every_form() {
        let one = |id: &str, title: &str, text: &str| (id.to_owned(), title.to_owned(), text.to_owned());
        assert_eq!(
            read(&json!({"s1": "IT", "days": 5, "done": true})),
            [one("days", "days", "5"), one("done", "done", "yes"), one("s1", "s1", "IT")]
        );
        let sections =
            json!({"fillable_sections": [{"id": "s1", "title": "Team", "current_content": "IT"}], "fixed_sections": [{"content": "x"}]});
        assert_eq!(read(&sections), [one("s1", "Team", "IT")]);
        assert_eq!(read(&Value::String(sections.to_string())), [one("s1", "Team", "IT")]);
        assert_eq!(read(&json!("plain words")), [one("content", "content", "plain words")]);
        assert_eq!(read(&json!({"sections": {"s1": {"title": "Team", "content": ["IT", "HR"]}}})), [one("Team", "Team", "IT\nHR")]);
        assert!(read(&json!({})).is_empty() && read(&Value::Null).is_empty());
    }
}
