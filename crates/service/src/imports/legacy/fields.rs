//! The older shape: a text with `{{name}}` tags, and fields.

use std::collections::HashMap;

use muster_domain::templates::{Question, QuestionKind, ReleaseContent};
use muster_word::label_of;
use serde_json::{Map, Value};

use super::{Keys, flag, kinds::set_kind, line, objects, renamed, text_of};
use crate::imports::ReadTemplate;

/// Takes each field as a question, and each tag of the text as the placeholder of its question. A
/// tag without a field becomes a short text.
pub(super) fn read(structure: &Map<String, Value>) -> Result<ReadTemplate, String> {
    let (mut keys, mut notices, mut questions, mut by_name) = (Keys::default(), Vec::new(), Vec::new(), HashMap::new());
    for (number, item) in objects(structure, "fields")? {
        let name = text_of(item, "name");
        let shown = name.clone().or_else(|| text_of(item, "label")).unwrap_or_else(|| format!("Field {number}"));
        let label = text_of(item, "label").unwrap_or_else(|| label_of(&shown));
        let mut question = Question::new(&keys.make(name.as_deref(), &shown), &line(&label, 500), QuestionKind::Text);
        question.required = flag(item, "required").unwrap_or(true);
        question.help = text_of(item, "description");
        question.example = text_of(item, "example");
        question.section = text_of(item, "section").map(|section| line(&section, 255));
        notices.extend(set_kind(&mut question, item));
        notices.extend(renamed(&question, name.as_deref()));
        if let Some(name) = name {
            by_name.entry(name).or_insert_with(|| question.key.clone());
        }
        questions.push(question);
    }
    let text = text_of(structure, "tagged_document").unwrap_or_default();
    let body = tagged(&text, |name| {
        let key = by_name.entry(name.to_owned()).or_insert_with(|| {
            let question = Question::new(&keys.make(Some(name), name), &line(&label_of(name), 500), QuestionKind::Text);
            notices.push(format!("The text has `{{{{{}}}}}` without a field; it is a required short text now.", line(name, 60)));
            let key = question.key.clone();
            questions.push(question);
            key
        });
        key.clone()
    });
    Ok(ReadTemplate::of(ReleaseContent { document_title: String::new(), questions, body: format!("{}\n", body.trim_end()) }, notices))
}

/// A text with its tags named anew. What is no name stays as it is.
fn tagged(text: &str, mut key: impl FnMut(&str) -> String) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(open) = rest.find("{{") {
        let inside = &rest[open + 2..];
        let Some(close) = inside.find("}}") else { break };
        let name = inside[..close].trim();
        let is_name =
            !name.is_empty() && name.len() <= 200 && !name.contains(['{', '\n', '#', '/']) && !muster_word::key_of(name).is_empty();
        if is_name {
            out.push_str(&rest[..open]);
            out.push_str(&format!("{{{{{}}}}}", key(name)));
        } else {
            out.push_str(&rest[..open + 2 + close + 2]);
        }
        rest = &inside[close + 2..];
    }
    out + rest
}
