//! What a use case notes: an entry before it has a place in the log.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Fields that are never written down, wherever they stand.
const SECRET: [&str; 5] = ["password", "secret", "token", "key_hash", "credential"];

/// Bookkeeping that changes with everything and says nothing.
const NOISE: [&str; 4] = ["updated_at", "workspace_version", "answered_at", "customer_name"];

/// What something was done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// What kind of thing, such as `task`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its name at that time.
    pub title: String,
}

/// What a use case notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditNote {
    /// What was done, as a word such as `task.completed`.
    pub action: &'static str,
    /// What it was done to.
    pub subject: Subject,
    /// What it was before, as JSON text; none where there was nothing.
    pub before: Option<String>,
    /// What it was after.
    pub after: Option<String>,
}

impl AuditNote {
    /// Something that is there now and was not before.
    pub fn made(action: &'static str, subject: Subject, after: Value) -> Self {
        Self { action, subject, before: None, after: Some(plain(after).to_string()) }
    }

    /// Something that was read or taken out, and is as it was.
    pub const fn read(action: &'static str, subject: Subject) -> Self {
        Self { action, subject, before: None, after: None }
    }

    /// Something that was changed: the fields that differ, before and after.
    pub fn changed(action: &'static str, subject: Subject, before: Value, after: Value) -> Self {
        let (before, after) = match (plain(before), plain(after)) {
            (Value::Object(before), Value::Object(after)) => {
                let differs = |key: &String| before.get(key) != after.get(key);
                let keep = |map: &Map<String, Value>| {
                    Value::Object(map.iter().filter(|(key, _)| differs(key)).map(|(key, value)| (key.clone(), value.clone())).collect())
                };
                (keep(&before), keep(&after))
            }
            other => other,
        };
        Self { action, subject, before: Some(before.to_string()), after: Some(after.to_string()) }
    }
}

/// The same without secrets and bookkeeping.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(key, _)| !NOISE.contains(&key.as_str()))
                .map(|(key, value)| if is_secret(&key) && !value.is_null() { (key, REDACTED.into()) } else { (key, plain(value)) })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(plain).collect()),
        other => other,
    }
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SECRET.iter().any(|word| key.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn subject() -> Subject {
        Subject { kind: "task".into(), id: "1".into(), title: "T".into() }
    }

    #[test]
    fn only_what_differs_is_kept() {
        let before = json!({ "title": "A", "status": "pending", "version": 1, "updated_at": "x" });
        let after = json!({ "title": "A", "status": "completed", "version": 2, "updated_at": "y" });
        let note = AuditNote::changed("task.completed", subject(), before, after);
        assert_eq!(note.before.unwrap(), r#"{"status":"pending","version":1}"#);
        assert_eq!(note.after.unwrap(), r#"{"status":"completed","version":2}"#);
    }

    #[test]
    fn secrets_are_never_written_down() {
        let note = AuditNote::made("x", subject(), json!({ "a": [{ "password_hash": "h", "Token": "t", "token": null }] }));
        let after = note.after.unwrap();
        assert_eq!(after, r#"{"a":[{"Token":"[redacted]","password_hash":"[redacted]","token":null}]}"#);
    }
}
