//! What people who look at a customer's work are told while they look: that something has changed,
//! and who else is there. All of it is a hint: whoever misses one reads anew and has lost nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    audit::Subject,
    ids::{CustomerId, PlanId, TemplateId, UserId},
    people::Person,
};

/// How many bytes of subjects a hint carries: a notification of PostgreSQL holds fewer than 8000.
const MOST_BYTES: usize = 6000;

/// Kinds of subjects that are told only to whoever may read them in the audit log, too.
const NOT_WORK: [&str; 5] = ["member", "respondent", "mail", "user", "api_token"];

/// Something of a customer has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Whose it is.
    pub customer: CustomerId,
    /// The version of the workspace since.
    pub workspace_version: i64,
    /// What has changed, as the audit log calls it, each once.
    pub subjects: Vec<ChangedSubject>,
    /// Whether more has changed than the subjects say.
    #[serde(default)]
    pub has_more: bool,
}

/// One thing that has changed: its kind and its id, as in the audit log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChangedSubject {
    /// Such as `answer`.
    pub kind: String,
    /// Such as `plan/template/key`.
    pub id: String,
}

impl Change {
    /// A hint of what was noted. Of many things only so many are named as fit.
    pub fn of<'a>(customer: CustomerId, workspace_version: i64, noted: impl Iterator<Item = &'a Subject>) -> Self {
        let all: BTreeSet<ChangedSubject> =
            noted.map(|subject| ChangedSubject { kind: subject.kind.clone(), id: subject.id.clone() }).collect();
        let (mut subjects, mut bytes, mut has_more) = (Vec::new(), 0, false);
        for subject in all {
            bytes += subject.kind.len() + subject.id.len() + 24;
            if bytes > MOST_BYTES {
                has_more = true;
                break;
            }
            subjects.push(subject);
        }
        Self { customer, workspace_version, subjects, has_more }
    }

    /// Whether somebody's access may have changed with it.
    pub fn is_about_people(&self) -> bool {
        self.has_more || self.subjects.iter().any(|subject| NOT_WORK.contains(&subject.kind.as_str()))
    }

    /// The same for somebody who sees the work and not the audit log.
    #[must_use]
    pub fn of_work(mut self) -> Self {
        self.subjects.retain(|subject| !NOT_WORK.contains(&subject.kind.as_str()));
        self
    }

    /// Whether it says nothing that could be looked at.
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty() && !self.has_more
    }
}

/// A questionnaire that somebody is at: a template of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The plan.
    pub plan: PlanId,
    /// The template.
    pub template: TemplateId,
}

/// Who is at a place by way of one server: what servers tell each other. It replaces what that
/// server said of the place before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// The server that says so, drawn anew whenever it starts.
    pub server: uuid::Uuid,
    /// The customer.
    pub customer: CustomerId,
    /// The place.
    pub place: Place,
    /// Who is there, each once.
    pub people: Vec<Person>,
}

/// Everybody at a place, each once, by name; the reader themselves left out.
pub fn others(reader: UserId, mut people: Vec<Person>) -> Vec<Person> {
    people.retain(|person| person.id != reader);
    people.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    people.dedup_by_key(|person| person.id);
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(kind: &str, id: String) -> Subject {
        Subject { kind: kind.into(), id, title: "not told".into() }
    }

    #[test]
    fn a_hint_always_fits_a_notification() {
        let noted: Vec<Subject> = (0..5000).map(|number| subject("task", format!("0190-{number}"))).collect();
        let change = Change::of(CustomerId(1), i64::MAX, noted.iter());
        assert!(change.has_more && serde_json::to_string(&change).unwrap().len() < 8000);
        assert!(!serde_json::to_string(&change).unwrap().contains("not told"));
    }

    #[test]
    fn people_are_not_work() {
        let noted = [subject("answer", "p/t/k".into()), subject("member", "3".into()), subject("answer", "p/t/k".into())];
        let change = Change::of(CustomerId(1), 2, noted.iter());
        assert_eq!(change.subjects.len(), 2);
        assert!(change.is_about_people());
        let work = change.of_work();
        assert_eq!(work.subjects, [ChangedSubject { kind: "answer".into(), id: "p/t/k".into() }]);
        assert!(!work.is_empty() && !work.is_about_people());
    }

    #[test]
    fn each_of_the_others_once() {
        let person = |id, name: &str| Person { id: UserId(id), name: name.into(), is_firm: false };
        let found = others(UserId(1), vec![person(3, "B"), person(1, "A"), person(2, "B"), person(3, "B")]);
        assert_eq!(found.iter().map(|person| person.id.0).collect::<Vec<_>>(), [2, 3]);
    }
}
