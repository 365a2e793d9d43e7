//! From a log's entries to the page that shows them.

use jiff::tz::TimeZone;
use muster_domain::audit::AuditEntry;
use muster_service::{LogState, Page, Slice};

use super::{Entry, LogFilters, Piece, details};
use crate::{
    format,
    pages::surroundings::count,
    parts::{Choice, Moment, Paging},
    request::Parameters,
    text::{In, Part, Phrase, Text},
};

/// Names of the filters in the address.
const FILTERS: [&str; 5] = ["actor", "action", "subject", "from", "to"];

/// An entry in plain words. `zone` is that of its log.
pub(super) fn entry(entry: &AuditEntry, zone: &TimeZone, t: &Text) -> Entry {
    let group = entry.action.split('.').next().unwrap_or_default();
    Entry {
        number: entry.number,
        at: format::moment(entry.at, zone, t),
        icon: t.audit_groups.iter().find(|(word, ..)| *word == group).map_or("info", |(.., icon)| icon),
        sentence: sentence(entry, t),
        changes: details::changes(entry, zone, t),
    }
}

/// The same beside the task that it tells of: the task is not named again, and only what people
/// changed of it is told in detail.
pub(crate) fn entry_beside(told: &AuditEntry, zone: &TimeZone, t: &Text) -> Entry {
    const NAMED: &str = " the task “";
    let mut one = entry(told, zone, t);
    if told.subject.kind == "task" {
        let mut sentence = Vec::new();
        let mut pieces = one.sentence.into_iter();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Words(words) if words.ends_with(NAMED) => {
                    sentence.push(Piece::Words(words.strip_suffix("“").map_or(words, str::trim_end)));
                    pieces.next();
                    if let Some(Piece::Words(rest)) = pieces.next() {
                        sentence.extend(rest.strip_prefix("”").filter(|rest| !rest.is_empty()).map(Piece::Words));
                    }
                }
                other => sentence.push(other),
            }
        }
        one.sentence = sentence;
    }
    let is_told = matches!(told.action.as_str(), "task.changed" | "task.put_back" | "task.taken");
    one.changes.retain(|change| is_told && change.name != details::readable("updated_at"));
    one
}

/// What happened, in a sentence. An action that has no words yet is told by its own.
fn sentence(entry: &AuditEntry, t: &Text) -> Vec<Piece> {
    let known = t.audit_actions.iter().find(|one| one.action == entry.action);
    let phrase: Phrase = known.map_or(t.audit.unknown_action, |one| one.sentence);
    let who = if entry.actor.name.is_empty() { t.audit.somebody } else { &entry.actor.name };
    let filled = |part: Part| match part {
        Part::Words(words) => Piece::Words(words),
        Part::Gap(0) => Piece::Name(who.to_owned(), None),
        Part::Gap(1) => Piece::Name(entry.subject.title.clone(), place(entry)),
        Part::Gap(_) => Piece::Name(entry.action.clone(), None),
    };
    phrase.parts().into_iter().map(filled).collect()
}

/// Where the subject of an entry stands.
fn place(entry: &AuditEntry) -> Option<String> {
    let (customer, id) = (entry.customer?, &entry.subject.id);
    Some(match entry.subject.kind.as_str() {
        "task" => format!("/customers/{customer}?task={id}#task"),
        "plan" => format!("/customers/{customer}#plan-{id}"),
        "template" => {
            let (plan, template) = id.split_once('/')?;
            format!("/customers/{customer}#template-{plan}-{template}")
        }
        "answer" => {
            let mut ids = id.splitn(3, '/');
            format!("/plans/{}/templates/{}/questionnaire", ids.next()?, ids.next()?)
        }
        "document" => format!("/documents/{id}"),
        _ => return None,
    })
}

/// The filters as they are set. `log` says whose actions can be chosen.
pub(super) fn filters(parameters: &Parameters, log: In, t: &Text) -> LogFilters {
    let text = |name: &str| parameters.get(name).unwrap_or_default().to_owned();
    let current = text("action");
    let of_log = || t.audit_actions.iter().filter(|one| one.log == log || one.log == In::Both);
    let group_of = |action: &'static str| action.split('.').next().unwrap_or_default();
    let is_named = |group: &str| t.audit_groups.iter().any(|(word, ..)| *word == group);
    let choices = |all: Option<(&str, &str)>, belongs: &dyn Fn(&'static str) -> bool| {
        let all = all.map(|(word, name)| Choice::new(word, t.audit.all_of.with(name), &current));
        let each = of_log().filter(|one| belongs(group_of(one.action))).map(|one| Choice::new(one.action, one.label, &current));
        all.into_iter().chain(each).collect::<Vec<_>>()
    };
    let named = t.audit_groups.iter().map(|(word, name, _)| (*name, choices(Some((word, name)), &|group| group == *word)));
    let mut actions: Vec<_> = named.filter(|(_, list)| list.len() > 1).collect();
    let other = choices(None, &|group| !is_named(group));
    if !other.is_empty() {
        actions.push((t.audit.other, other));
    }
    LogFilters {
        actor: text("actor"),
        everything: vec![Choice::new("", t.audit.everything, &current)],
        actions,
        subject: text("subject"),
        from: text("from"),
        to: text("to"),
        any: FILTERS.iter().any(|name| parameters.get(name).is_some()),
    }
}

/// Where this page stands among all.
pub(super) fn paging(path: &str, parameters: &Parameters, slice: Slice, page: &Page<AuditEntry>) -> Paging {
    Paging {
        shown: count(i64::try_from(page.items.len()).unwrap_or_default()),
        total: count(page.total),
        next: parameters.next_query(slice, page.total).map(|query| format!("{path}{query}")),
        first: (slice.offset > 0).then(|| format!("{path}{}", parameters.first_query())),
    }
}

/// The last signed checkpoint of a log.
pub(super) fn signed(state: &LogState, zone: &TimeZone, t: &Text) -> Option<(i64, Moment)> {
    let stated = &state.checkpoint.as_ref()?.checkpoint;
    Some((stated.head.number, format::moment(stated.at, zone, t)))
}
