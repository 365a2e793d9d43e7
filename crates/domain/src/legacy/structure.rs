//! The sections of a template as the older database keeps them: JSON in one of two forms.

use serde_json::{Map, Value};

use super::{Sections, classify::plain_title};

/// How often JSON may be wrapped in a text.
const WRAPPINGS: usize = 3;

/// A fillable section of a template, or a field of the older form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionItem {
    /// Its id; empty where it has none.
    pub id: String,
    /// What its tasks may be titled.
    pub titles: Vec<String>,
}

impl SectionItem {
    /// Whether a task of this section id and title asks for it. A task without a section is known by
    /// its title.
    pub fn is_asked_by(&self, section: Option<&str>, title: &str) -> bool {
        let section = section.map(str::trim).filter(|id| !id.is_empty());
        let title = plain_title(title);
        section.is_none_or(|id| id == self.id) && self.titles.iter().any(|one| plain_title(one) == title)
    }
}

/// The fillable sections of a template's structure in their order, or the fields of the older form:
/// their tasks bear the name or the label. What has neither form has none.
pub fn section_items(structure: &Value) -> Vec<SectionItem> {
    let Some(structure) = unwrapped(structure) else { return Vec::new() };
    // A version may hold the whole row of its template.
    let inner = structure.get("template_structure").and_then(unwrapped).unwrap_or(structure);
    let items = |name: &str| inner.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let section = |item: &Map<String, Value>| SectionItem {
        id: ["id", "section_id"].iter().find_map(|name| text(item, name)).unwrap_or_default(),
        titles: vec![["title", "name", "id"].iter().find_map(|name| text(item, name)).unwrap_or_default()],
    };
    let field = |item: &Map<String, Value>| {
        let name = text(item, "name").unwrap_or_default();
        let label = ["label", "title"].iter().find_map(|label| text(item, label)).filter(|label| *label != name);
        SectionItem { id: name.clone(), titles: label.into_iter().chain([name]).collect() }
    };
    let of = |name: &str, read: &dyn Fn(&Map<String, Value>) -> SectionItem| {
        items(name).iter().filter_map(Value::as_object).map(read).collect::<Vec<_>>()
    };
    let sections = of("fillable_sections", &section);
    sections.into_iter().chain(of("fields", &field)).collect()
}

/// The same as pairs of id and title, for finding the template that a task is of.
pub fn sections_of(structure: &Value) -> Sections {
    let pairs = section_items(structure).into_iter().flat_map(|item| {
        let id = item.id;
        item.titles.into_iter().map(move |title| (id.clone(), title))
    });
    Sections::new(pairs)
}

fn unwrapped(value: &Value) -> Option<Map<String, Value>> {
    let mut value = value.clone();
    for _ in 0..WRAPPINGS {
        match value {
            Value::Object(object) => return Some(object),
            Value::String(text) => value = serde_json::from_str(&text).ok()?,
            _ => return None,
        }
    }
    None
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_forms_plain_and_wrapped() {
        let newer =
            json!({"fixed_sections": [{"id": "f"}], "fillable_sections": [{"id": "s1", "title": " Team "}, {"id": 2, "title": "Owner"}]});
        let expected = Sections::new([("s1".to_owned(), "Team".to_owned()), ("2".to_owned(), "Owner".to_owned())]);
        assert_eq!(sections_of(&newer), expected);
        assert_eq!(sections_of(&Value::String(newer.to_string())), expected);
        assert_eq!(sections_of(&json!({"template_structure": newer.to_string()})), expected);
        let older = json!({"template_name": "T", "fields": [{"name": "org", "label": "Organisation"}, {"name": "team"}]});
        let pairs = [("org", "Organisation"), ("org", "org"), ("team", "team")].map(|(id, title)| (id.to_owned(), title.to_owned()));
        assert_eq!(sections_of(&older), Sections::new(pairs));
        assert_eq!(sections_of(&json!([1])), Sections::default());
        assert_eq!(sections_of(&json!("no json")), Sections::default());
    }
}
