//! Schemas of the OpenAPI document as lists of fields.

use serde_json::Value;

use super::ApiField;
use crate::text::Text;

/// How deep fields of fields are told.
const DEEPEST: usize = 4;

/// The schemas of a document.
pub(super) struct Schemas<'a> {
    document: &'a Value,
    t: &'a Text,
}

impl<'a> Schemas<'a> {
    pub(super) const fn new(document: &'a Value, t: &'a Text) -> Self {
        Self { document, t }
    }

    /// The fields of a body, with fields of fields behind their own.
    pub(super) fn fields(&self, schema: &'a Value) -> Vec<ApiField> {
        let mut found = Vec::new();
        self.collect(schema, "", &mut Vec::new(), &mut found);
        found
    }

    fn collect(&self, schema: &'a Value, before: &str, path: &mut Vec<&'a Value>, found: &mut Vec<ApiField>) {
        let schema = self.resolve(schema);
        // A schema within itself is told once; far down nobody looks for it.
        if path.len() > DEEPEST || path.iter().any(|one| std::ptr::eq(*one, schema)) {
            return;
        }
        path.push(schema);
        if let Some(items) = schema.get("items") {
            self.collect(items, &format!("{}[]", before.trim_end_matches('.')), path, found);
        }
        for part in self.alternatives(schema) {
            self.collect(part, before, path, found);
        }
        let is_required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name));
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let before = if before.ends_with("[]") { format!("{before}.") } else { before.to_owned() };
            let full = format!("{before}{name}");
            found.push(ApiField {
                name: full.clone(),
                place: String::new(),
                kind: self.kind(property),
                required: is_required(name),
                description: self.description(property),
            });
            self.collect(property, &format!("{full}."), path, found);
        }
        path.pop();
    }

    /// What a schema consists of, or may be; null is no field.
    fn alternatives(&self, schema: &'a Value) -> Vec<&'a Value> {
        let lists = ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|name| schema[name].as_array());
        lists.flatten().filter(|part| part["type"] != "null").collect()
    }

    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let target =
            schema["$ref"].as_str().and_then(|address| address.strip_prefix('#')).and_then(|pointer| self.document.pointer(pointer));
        target.unwrap_or(schema)
    }

    fn description(&self, schema: &'a Value) -> Option<String> {
        let own = schema["description"].as_str().or_else(|| self.resolve(schema)["description"].as_str());
        own.filter(|text| !text.is_empty()).map(ToOwned::to_owned)
    }

    /// `integer (int32)`, `one of low, medium`, `list of string (uuid)`.
    pub(super) fn kind(&self, schema: &'a Value) -> String {
        let words = &self.t.api;
        let schema = self.resolve(schema);
        if let Some(values) = schema["enum"].as_array() {
            let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            return words.one_of.with(values.join(", "));
        }
        let (name, may_be_null) = type_name(schema);
        let kind = match (name, schema["format"].as_str(), schema.get("items")) {
            (Some("array"), _, Some(items)) => words.list_of.with(self.kind(items)),
            (Some(name), Some(format), _) => words.formatted.with2(name, format),
            (Some(name), None, _) => name.to_owned(),
            (None, ..) => {
                let parts: Vec<String> = self.alternatives(schema).into_iter().map(|part| self.kind(part)).collect();
                if parts.is_empty() { words.any.to_owned() } else { parts.join(words.or) }
            }
        };
        let null_among =
            ["oneOf", "anyOf"].into_iter().filter_map(|name| schema[name].as_array()).flatten().any(|part| part["type"] == "null");
        if may_be_null || null_among { words.or_null.with(kind) } else { kind }
    }
}

/// The type of a schema, and whether it may be null.
fn type_name(schema: &Value) -> (Option<&str>, bool) {
    match &schema["type"] {
        Value::String(name) => (Some(name), false),
        Value::Array(names) => {
            let named = |name: &&str| *name != "null";
            (names.iter().filter_map(Value::as_str).find(named), names.iter().any(|name| name == "null"))
        }
        _ => (schema.get("properties").map(|_| "object"), false),
    }
}
