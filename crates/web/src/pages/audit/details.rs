//! What an entry tells in detail, from the log's JSON to words.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use muster_domain::audit::{AuditEntry, REDACTED};
use serde_json::{Map, Value};

use super::Change;
use crate::{format, text::Text};

/// The details of an entry. Of something new, what is empty says nothing and is left out; numbers
/// that only the database needs are left out always.
pub(super) fn changes(entry: &AuditEntry, zone: &TimeZone, t: &Text) -> Vec<Change> {
    let read = |text: &Option<String>| match text.as_deref().map(serde_json::from_str) {
        Some(Ok(Value::Object(map))) => map,
        _ => Map::new(),
    };
    let (before, after) = (read(&entry.before), read(&entry.after));
    let is_new = entry.before.is_none();
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let shown = names.into_iter().filter(|name| !is_bookkeeping(name)).filter(|name| !(is_new && after.get(*name).is_none_or(is_empty)));
    let change = |name: &String| Change {
        name: detail_name(name, t),
        before: (!is_new).then(|| words(name, before.get(name), zone, t)),
        after: Some(words(name, after.get(name), zone, t)),
    };
    let mut changes: Vec<_> = shown.map(change).collect();
    changes.sort_by(|left, right| left.name.cmp(&right.name));
    changes
}

fn is_bookkeeping(name: &str) -> bool {
    matches!(name, "id" | "version" | "position" | "created_at" | "created_by" | "auto_generated") || name.ends_with("_id")
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn detail_name(name: &str, t: &Text) -> String {
    let known = t.audit_details.iter().find(|(one, _)| *one == name);
    known.map_or_else(|| readable(name), |(_, words)| (*words).to_owned())
}

/// `approval_steps` as "Approval steps".
pub(super) fn readable(word: &str) -> String {
    let spaced = word.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn words(name: &str, value: Option<&Value>, zone: &TimeZone, t: &Text) -> String {
    match value {
        None | Some(Value::Null) => t.audit.nothing.to_owned(),
        Some(Value::Bool(true)) => t.common.yes.to_owned(),
        Some(Value::Bool(false)) => t.common.no.to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text_words(name, text, zone, t),
        Some(Value::Array(items)) if items.is_empty() => t.audit.nothing.to_owned(),
        Some(Value::Array(items)) => items.iter().map(|one| words(name, Some(one), zone, t)).collect::<Vec<_>>().join("\n"),
        Some(Value::Object(map)) => match ["name", "title", "reason"].iter().find_map(|key| map.get(*key)) {
            Some(known) => words("", Some(known), zone, t),
            None => {
                let pairs = map.iter().map(|(key, one)| format!("{}: {}", detail_name(key, t), words(key, Some(one), zone, t)));
                pairs.collect::<Vec<_>>().join("\n")
            }
        },
    }
}

fn text_words(name: &str, text: &str, zone: &TimeZone, t: &Text) -> String {
    if text == REDACTED {
        return t.audit.redacted.to_owned();
    }
    if text.is_empty() {
        return t.audit.nothing.to_owned();
    }
    let is_word = matches!(name, "status" | "priority" | "scope" | "level" | "task_type" | "role" | "assignee_role");
    if is_word {
        let known = t.audit_values.iter().find(|(one, _)| *one == text);
        return known.map_or_else(|| readable(text), |(_, words)| (*words).to_owned());
    }
    if name.ends_with("_at")
        && let Ok(instant) = text.parse::<Timestamp>()
    {
        return format::moment(instant, zone, t).text;
    }
    if (name.ends_with("_date") || name.ends_with("_on"))
        && let Ok(day) = text.parse::<Date>()
    {
        return format::full(day, t);
    }
    text.to_owned()
}
