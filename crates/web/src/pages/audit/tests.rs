use std::{fs, path::Path};

use jiff::{Timestamp, tz::TimeZone};
use muster_domain::{
    audit::{AuditActor, AuditEntry, AuditNote, Head, Subject},
    ids::{CustomerId, UserId},
};
use serde_json::json;

use super::*;
use crate::text::ENGLISH;

/// Texts of this form in the code that are no action of the log.
const NO_ACTIONS: [&str; 2] = ["organisation.name", "muster.localhost"];

/// Endings of files, which no action has: what somebody did is a past tense.
const FILE_ENDINGS: [&str; 6] = ["docx", "html", "json", "md", "pdf", "yaml"];

/// Schemas, whose tables are named in this form too. Names of a single letter are rows in a statement.
const SCHEMAS: [&str; 3] = ["auth", "dna_app", "muster_upgrade"];

/// Every text of the form `word.word` that stands in the code of a crate.
fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let is_part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let is_word = |word: &str| is_part(word) && !FILE_ENDINGS.contains(&word);
        let is_action = |text: &&str| {
            text.split_once('.')
                .is_some_and(|(group, word)| is_part(group) && group.len() > 1 && !SCHEMAS.contains(&group) && is_word(word))
        };
        found.extend(source.lines().flat_map(|line| line.split('"')).filter(is_action).map(ToOwned::to_owned));
    }
}

#[test]
fn every_action_of_the_code_has_its_sentence() {
    let mut found = Vec::new();
    for code in ["service", "store"] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(code).join("src"), &mut found);
    }
    found.retain(|action| !NO_ACTIONS.contains(&action.as_str()));
    found.sort();
    found.dedup();
    assert!(found.len() > 40, "{found:?}");
    for action in &found {
        assert!(ENGLISH.audit_actions.iter().any(|one| one.action == action), "{action} has no sentence in text/audit.rs");
    }
}

#[test]
fn actions_have_one_sentence_each_and_say_who() {
    for (index, one) in ENGLISH.audit_actions.iter().enumerate() {
        assert!(ENGLISH.audit_actions[index + 1..].iter().all(|other| other.action != one.action), "{} stands there twice", one.action);
        assert!(one.sentence.parts().contains(&crate::text::Part::Gap(0)), "{}", one.action);
    }
}

fn entry(actor: AuditActor, note: AuditNote) -> Entry {
    let (entry, _): (AuditEntry, _) = Head::default().append(Some(CustomerId(1)), Timestamp::UNIX_EPOCH, &actor, note);
    view::entry(&entry, &TimeZone::UTC, &ENGLISH)
}

fn told(entry: &Entry) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => (*words).to_owned(),
        Piece::Name(name, _) => name.clone(),
    };
    entry.sentence.iter().map(piece).collect()
}

fn subject() -> Subject {
    Subject { kind: "task".into(), id: "t1".into(), title: "Review {0} scope".into() }
}

fn sophie() -> AuditActor {
    AuditActor { id: Some(UserId(1)), name: "Sophie Martens".into(), email: "s@example.com".into() }
}

#[test]
fn an_entry_is_told_in_plain_words() {
    let before = json!({ "status": "under_review", "due_date": null, "assigned_to": { "id": 1, "name": "Ana" }, "version": 1 });
    let after = json!({ "status": "completed", "due_date": "2026-03-20", "assigned_to": null, "version": 2 });
    let one = entry(sophie(), AuditNote::changed("task.completed", subject(), before, after));
    assert_eq!(told(&one), "Sophie Martens completed the task “Review {0} scope”");
    assert_eq!(one.sentence[2], Piece::Name("Review {0} scope".into(), Some("/customers/1?task=t1#task".into())));
    let change =
        |name: &str, before: &str, after: &str| Change { name: name.into(), before: Some(before.into()), after: Some(after.into()) };
    assert_eq!(
        one.changes,
        [change("Assigned to", "Ana", "nothing"), change("Due date", "nothing", "20 Mar 2026"), change("Status", "In review", "Done")]
    );
}

#[test]
fn an_action_without_words_is_told_by_its_own() {
    let one = entry(AuditActor::unknown(), AuditNote::read("moon.landed", subject()));
    assert_eq!(told(&one), "Somebody did something that has no words here yet: moon.landed, on “Review {0} scope”");
    let one = entry(AuditActor::program(), AuditNote::made("mail.sent", subject(), json!({ "to": "", "attempts": 2, "token": "x" })));
    assert_eq!(told(&one), "Muster handed the mail “Review {0} scope” to the mail server");
    let names: Vec<_> = one.changes.iter().map(|change| (change.name.as_str(), change.after.as_deref())).collect();
    assert_eq!(names, [("Attempts", Some("2")), ("Token", Some("not kept"))]);
}
