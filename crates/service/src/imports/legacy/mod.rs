//! Templates of the program that Muster follows, as JSON in either of its two shapes.
//!
//! The newer one has sections: fixed ones with text, and fillable ones that become questions. The
//! older one has a text with `{{name}}` tags and a list of fields. Either may arrive as a JSON text
//! inside JSON, or inside the row of a table of templates.

mod fields;
mod kinds;
mod sections;

use std::collections::HashMap;

use muster_domain::templates::Question;
use muster_word::key_of;
use serde_json::{Map, Value};

use super::ReadTemplate;

/// How often JSON may be wrapped in a text.
const WRAPPINGS: usize = 3;

/// Reads a template; what is wrong in words where it has neither shape.
pub(crate) fn read(value: Value) -> Result<ReadTemplate, String> {
    let object = unwrapped(value)?;
    let structure = object.get("template_structure").cloned().map(unwrapped).transpose()?;
    let text = |name: &str| text_of(&object, name).or_else(|| structure.as_ref().and_then(|inner| text_of(inner, name)));
    let name = ["name", "template_name", "document_title", "title"].into_iter().find_map(text);
    let description = text("description");
    let iso_codes = ["iso_standard", "iso_code"].into_iter().find_map(text).into_iter().collect();
    let inner = structure.as_ref().unwrap_or(&object);
    let mut read = if inner.contains_key("fixed_sections") || inner.contains_key("fillable_sections") {
        sections::read(inner)?
    } else if inner.contains_key("tagged_document") || inner.contains_key("fields") {
        fields::read(inner)?
    } else {
        return Err("it has neither `fixed_sections` and `fillable_sections` nor `tagged_document` and `fields`".to_owned());
    };
    read.name = name.unwrap_or_default();
    read.description = description;
    read.legacy_codes = iso_codes;
    if read.content.document_title.is_empty() {
        read.content.document_title.clone_from(&read.name);
    }
    Ok(read)
}

fn unwrapped(value: Value) -> Result<Map<String, Value>, String> {
    let mut value = value;
    for _ in 0..WRAPPINGS {
        match value {
            Value::Object(object) => return Ok(object.into_iter().map(|(name, value)| (name, clean(value))).collect()),
            Value::String(text) => {
                value = serde_json::from_str(&text).map_err(|error| format!("the JSON inside its text is broken: {error}"))?
            }
            _ => break,
        }
    }
    Err("it is no JSON object".to_owned())
}

/// The same without the control characters that no text here has.
fn clean(value: Value) -> Value {
    match value {
        Value::String(text) => {
            Value::String(text.replace("\r\n", "\n").replace(|one: char| one.is_control() && !matches!(one, '\n' | '\t'), " "))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(clean).collect()),
        Value::Object(object) => Value::Object(object.into_iter().map(|(name, value)| (name, clean(value))).collect()),
        other => other,
    }
}

/// A text of an object; none where it is missing, empty or no text.
fn text_of(object: &Map<String, Value>, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn flag(object: &Map<String, Value>, name: &str) -> Option<bool> {
    match object.get(name)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => Some(matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "yes" | "1")),
        _ => None,
    }
}

/// An object of a list, with its number, counted from 1.
type Numbered<'a> = (usize, &'a Map<String, Value>);

/// The objects of a list, each with its number, counted from 1.
fn objects<'a>(object: &'a Map<String, Value>, name: &str) -> Result<Vec<Numbered<'a>>, String> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            let item = |(number, item): (usize, &'a Value)| Some((number, item.as_object().ok_or(number)));
            let found = (1..).zip(items).filter_map(item);
            found
                .map(|(number, item)| item.map(|item| (number, item)).map_err(|number| format!("item {number} of `{name}` is no object")))
                .collect()
        }
        Some(_) => Err(format!("`{name}` is no list")),
    }
}

/// One line of at most so many characters.
fn line(text: &str, most: usize) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

/// Gives each question a key of its own: made from its id, where ids are there and differ.
#[derive(Default)]
struct Keys {
    /// How often each has been asked for.
    taken: HashMap<String, usize>,
}

impl Keys {
    fn make(&mut self, id: Option<&str>, otherwise: &str) -> String {
        let made = id.map(key_of).filter(|key| !key.is_empty()).unwrap_or_else(|| key_of(otherwise));
        let base: String = if made.is_empty() { "question".to_owned() } else { made.chars().take(70).collect() };
        let number = self.taken.entry(base.clone()).and_modify(|number| *number += 1).or_insert(1);
        if *number == 1 {
            return base;
        }
        let key = format!("{base}_{number}");
        // It may be the id of another question, made before or still to come.
        if self.taken.contains_key(&key) {
            return self.make(None, &key);
        }
        self.taken.insert(key.clone(), 1);
        key
    }
}

/// What is told of a question whose key is not the id that it had.
fn renamed(question: &Question, id: Option<&str>) -> Option<String> {
    let id = id.filter(|id| *id != question.key)?;
    Some(format!("The question “{}” had the id `{}` and has the key `{}` now.", line(&question.label, 60), line(id, 60), question.key))
}
