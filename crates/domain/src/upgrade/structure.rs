//! The sections of a template as the older database keeps them: JSON in one of two forms.

use serde_json::{Map, Value};

use super::Sections;

/// How often JSON may be wrapped in a text.
const WRAPPINGS: usize = 3;

/// The fillable sections of a template's structure, with id and title. The older form names fields:
/// their tasks bear the name or the label. What has neither form has no sections.
pub fn sections_of(structure: &Value) -> Sections {
    let Some(structure) = unwrapped(structure) else { return Sections::default() };
    // A version may hold the whole row of its template.
    let inner = structure.get("template_structure").and_then(unwrapped).unwrap_or(structure);
    let items = |name: &str| inner.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut sections = Vec::new();
    for item in items("fillable_sections").iter().filter_map(Value::as_object) {
        let id = ["id", "section_id"].iter().find_map(|name| text(item, name)).unwrap_or_default();
        let title = ["title", "name", "id"].iter().find_map(|name| text(item, name)).unwrap_or_default();
        sections.push((id, title));
    }
    for item in items("fields").iter().filter_map(Value::as_object) {
        let name = text(item, "name").unwrap_or_default();
        if let Some(label) = ["label", "title"].iter().find_map(|label| text(item, label)).filter(|label| *label != name) {
            sections.push((name.clone(), label));
        }
        sections.push((name.clone(), name));
    }
    Sections::new(sections)
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
