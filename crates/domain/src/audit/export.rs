//! An exported log: JSON lines, a header first, that can be verified without a database.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AuditActor, AuditEntry, Head, Link, PublicKey, SignedCheckpoint, Subject, Tampering, Verification, from_hex, hex};
use crate::ids::{CustomerId, UserId};

/// What the header's `format` says.
pub const FORMAT: &str = "muster audit 1";

/// The first line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportHeader {
    /// [`FORMAT`].
    pub format: String,
    /// Whose log it is; none for the firm's.
    pub customer_id: Option<CustomerId>,
    /// Their name, or the firm's, when it was exported.
    pub customer_name: String,
    /// When it was exported.
    pub exported_at: Timestamp,
    /// How many entries follow.
    pub entries: i64,
    /// Of how many of them only the place in the chain follows, because whoever took the export may
    /// not read them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub withheld: i64,
    /// The hash of the last entry.
    pub head: String,
    /// The signed checkpoint of just this export; none where there was no key to sign with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<SignedCheckpoint>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over like this")]
const fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// What follows the header of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// An entry.
    Entry(Box<AuditEntry>),
    /// The place of an entry that whoever took the export may not read.
    Withheld(Link),
}

impl ExportHeader {
    /// The end of the log when it was exported.
    pub fn end(&self) -> Option<Head> {
        Some(Head { number: self.entries, hash: from_hex(&self.head)? })
    }

    /// Whether the checkpoint speaks of just this export, and is signed.
    fn check_checkpoint(&self, end: Head, keys: &[PublicKey]) -> Result<(), ExportProblem> {
        let Some(signed) = &self.checkpoint else {
            return if keys.is_empty() { Ok(()) } else { Err(ExportProblem::NoCheckpoint) };
        };
        let stated = &signed.checkpoint;
        if stated.customer != self.customer_id || stated.head != end || stated.name != self.customer_name || stated.at != self.exported_at {
            return Err(ExportProblem::OtherCheckpoint);
        }
        let signed_well = if keys.is_empty() { signed.check_signature() } else { signed.check_by(keys) };
        Ok(signed_well?)
    }
}

/// A line of an export. `before` and `after` are JSON as text: the hash is over just these bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    customer_id: Option<CustomerId>,
    number: i64,
    at: Timestamp,
    actor_id: Option<UserId>,
    actor_name: String,
    actor_email: String,
    action: String,
    subject_kind: String,
    subject_id: String,
    subject_title: String,
    before: Option<String>,
    after: Option<String>,
    previous_hash: String,
    hash: String,
}

/// The line of an entry that is withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WithheldLine {
    number: i64,
    withheld: bool,
    previous_hash: String,
    hash: String,
}

/// What is wrong with an exported file.
#[derive(Debug, thiserror::Error)]
pub enum ExportProblem {
    /// It does not begin with a header of this format.
    #[error("it does not begin with the header of an exported audit log")]
    NoHeader,
    /// A line is no entry.
    #[error("line {0} is no entry of an audit log")]
    NoEntry(usize),
    /// Other entries are withheld than when it was exported.
    #[error("its header says that {says} entries are withheld, but {found} are")]
    WithheldOthers {
        /// What the header says.
        says: i64,
        /// How many there are.
        found: i64,
    },
    /// A key was given, and nothing in the file is signed.
    #[error("it carries no signed checkpoint that a key could be held against")]
    NoCheckpoint,
    /// Its checkpoint is that of another export.
    #[error("its signed checkpoint is not that of this export: the header was changed")]
    OtherCheckpoint,
    /// The chain does not hold.
    #[error(transparent)]
    Tampering(#[from] Tampering),
}

/// Writes an export.
///
/// # Errors
/// Only where a text could not be written as JSON.
pub fn write(header: &ExportHeader, records: &[Record]) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string(header)?;
    text.push('\n');
    for record in records {
        text.push_str(&match record {
            Record::Entry(entry) => serde_json::to_string(&line(entry))?,
            Record::Withheld(link) => serde_json::to_string(&WithheldLine {
                number: link.number,
                withheld: true,
                previous_hash: hex(&link.previous),
                hash: hex(&link.hash),
            })?,
        });
        text.push('\n');
    }
    Ok(text)
}

/// Verifies an export: the chain from the first entry to the head that its header names, and the
/// header's signed checkpoint. With `keys` one of them has to have signed it; without, an export
/// that carries none is good, too.
///
/// # Errors
/// What is wrong with it, and where.
pub fn verify(text: &str, keys: &[PublicKey]) -> Result<ExportHeader, ExportProblem> {
    let mut lines = text.lines().enumerate();
    let header: ExportHeader = lines.next().and_then(|(_, line)| read(line)).ok_or(ExportProblem::NoHeader)?;
    let end = header.end().filter(|_| header.format == FORMAT).ok_or(ExportProblem::NoHeader)?;
    let mut verification = Verification::new(header.customer_id, Vec::new());
    let mut withheld = 0;
    for (index, text) in lines {
        if let Some(entry) = read(text).and_then(entry) {
            verification.check(&entry)?;
        } else {
            let link = read(text).and_then(link).ok_or(ExportProblem::NoEntry(index + 1))?;
            verification.pass(link)?;
            withheld += 1;
        }
    }
    verification.finish(Some(end))?;
    if withheld != header.withheld {
        return Err(ExportProblem::WithheldOthers { says: header.withheld, found: withheld });
    }
    header.check_checkpoint(end, keys)?;
    Ok(header)
}

/// Reads a line, if it is written as [`write`] does: there is one way, so that nothing of a line can
/// be changed unnoticed.
fn read<T: Serialize + serde::de::DeserializeOwned>(line: &str) -> Option<T> {
    let value = serde_json::from_str(line).ok()?;
    (serde_json::to_string(&value).ok()? == line).then_some(value)
}

fn line(entry: &AuditEntry) -> Line {
    Line {
        customer_id: entry.customer,
        number: entry.number,
        at: entry.at,
        actor_id: entry.actor.id,
        actor_name: entry.actor.name.clone(),
        actor_email: entry.actor.email.clone(),
        action: entry.action.clone(),
        subject_kind: entry.subject.kind.clone(),
        subject_id: entry.subject.id.clone(),
        subject_title: entry.subject.title.clone(),
        before: entry.before.clone(),
        after: entry.after.clone(),
        previous_hash: hex(&entry.previous),
        hash: hex(&entry.hash),
    }
}

fn link(line: WithheldLine) -> Option<Link> {
    let link = Link { number: line.number, previous: from_hex(&line.previous_hash)?, hash: from_hex(&line.hash)? };
    line.withheld.then_some(link)
}

fn entry(line: Line) -> Option<AuditEntry> {
    Some(AuditEntry {
        customer: line.customer_id,
        number: line.number,
        at: line.at,
        actor: AuditActor { id: line.actor_id, name: line.actor_name, email: line.actor_email },
        action: line.action,
        subject: Subject { kind: line.subject_kind, id: line.subject_id, title: line.subject_title },
        before: line.before,
        after: line.after,
        previous: from_hex(&line.previous_hash)?,
        hash: from_hex(&line.hash)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::AuditNote;

    fn export() -> String {
        let mut head = Head::default();
        let entries: Vec<Record> = (0..50)
            .map(|index| {
                let subject = Subject { kind: "task".into(), id: index.to_string(), title: "\u{1F600} \"quoted\"".into() };
                let note = AuditNote::made("task.added", subject, serde_json::json!({ "n": index, "f": 0.1, "big": 1e300 }));
                let (entry, next) = head.append(Some(CustomerId(1)), Timestamp::UNIX_EPOCH, &AuditActor::program(), note);
                head = next;
                Record::Entry(Box::new(entry))
            })
            .collect();
        let header = ExportHeader {
            format: FORMAT.into(),
            customer_id: Some(CustomerId(1)),
            customer_name: "Acme".into(),
            exported_at: Timestamp::UNIX_EPOCH,
            entries: head.number,
            withheld: 0,
            head: hex(&head.hash),
            checkpoint: None,
        };
        write(&header, &entries).unwrap()
    }

    #[test]
    fn an_export_as_written_is_good() {
        assert_eq!(verify(&export(), &[]).unwrap().entries, 50);
    }

    /// What is withheld keeps its place, and nothing is withheld in secret.
    #[test]
    fn withheld_entries_keep_their_place() {
        let text = export();
        let hide = |line: &str| {
            let line: Line = serde_json::from_str(line).unwrap();
            let hidden = WithheldLine { number: line.number, withheld: true, previous_hash: line.previous_hash, hash: line.hash };
            serde_json::to_string(&hidden).unwrap()
        };
        let hidden: Vec<String> =
            text.lines().enumerate().map(|(index, line)| if index == 7 || index == 50 { hide(line) } else { line.to_owned() }).collect();
        assert!(matches!(verify(&hidden.join("\n"), &[]), Err(ExportProblem::WithheldOthers { says: 0, found: 2 })));
        let told = hidden.join("\n").replacen("\"entries\":50,", "\"entries\":50,\"withheld\":2,", 1);
        assert_eq!(verify(&told, &[]).unwrap().withheld, 2);
        for index in 1..51 {
            let mut fewer: Vec<&str> = told.lines().collect();
            fewer.remove(index);
            assert!(verify(&fewer.join("\n"), &[]).is_err(), "left out {index}");
        }
        assert!(
            verify(&told.replacen("\"withheld\":true,\"previous_hash\":\"", "\"withheld\":false,\"previous_hash\":\"", 1), &[]).is_err()
        );
    }

    /// No line can be left out, doubled or moved, and no byte of an entry's values changed.
    #[test]
    fn a_changed_export_is_found() {
        let text = export();
        let lines: Vec<&str> = text.lines().collect();
        for index in 0..lines.len() {
            let mut fewer = lines.clone();
            fewer.remove(index);
            assert!(verify(&fewer.join("\n"), &[]).is_err(), "left out {index}");
            let mut more = lines.clone();
            more.insert(index, lines[index]);
            assert!(verify(&more.join("\n"), &[]).is_err(), "doubled {index}");
        }
        for (from, to) in [("\"task\"", "\"plan\""), ("Muster", "Mustar"), ("1970", "1971"), ("task.added", "task.taken"), ("0.1", "0.2")] {
            let changed =
                lines.iter().enumerate().map(|(index, line)| if index == 7 { line.replace(from, to) } else { (*line).to_owned() });
            let changed: Vec<String> = changed.collect();
            assert_ne!(changed[7], lines[7], "{from}");
            assert!(verify(&changed.join("\n"), &[]).is_err(), "{from}");
        }
        assert!(verify("", &[]).is_err() && verify("{}", &[]).is_err());
    }
}
