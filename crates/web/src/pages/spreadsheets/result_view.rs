//! An import that was started, as its page shows it.

use muster_domain::spreadsheets::{ImportKind, ImportState};
use muster_service::{ImportItem, ImportedThing, SpreadsheetImport, TakenBack};

use super::{ItemLine, ResultPage, words};
use crate::{
    layout::Layout,
    pages::surroundings::{count, length},
    parts::{Crumb, Tone},
    text::Text,
};

/// Rows that are shown.
const SHOWN: usize = 200;

pub(super) fn page(layout: Layout, import: SpreadsheetImport, items: &[ImportItem], t: &Text) -> ResultPage {
    let w = &t.spreadsheets;
    let (state, tone, icon) = words::state(import.state, t);
    let taken = items.iter().filter(|item| item.taken_back == TakenBack::Yes).count();
    let kept: Vec<&ImportItem> = items.iter().filter(|item| matches!(item.taken_back, TakenBack::Kept(_))).collect();
    let mut outcome = Vec::new();
    match import.state {
        ImportState::Done => outcome.push(match import.holds {
            ImportKind::Customers => w.done_customers.n(items.len()),
            ImportKind::People => w.done_people.n(items.len()),
            ImportKind::Tasks => w.done_tasks.n(items.len()),
        }),
        ImportState::Refused => {
            outcome.push(why(import.refusal.as_deref().unwrap_or_default(), t).to_owned());
            outcome.push(if kept.is_empty() { w.refused_back.to_owned() } else { w.kept.n(kept.len()) });
        }
        ImportState::Undone => {
            outcome.push(w.undone.n(taken));
            if !kept.is_empty() {
                outcome.push(w.kept.n(kept.len()));
            }
        }
        _ => outcome.push(w.working.to_owned()),
    }
    let done = if import.state == ImportState::Running { items.len() } else { taken + kept.len() };
    let planned = count(i64::from(import.planned));
    let undo = match import.holds {
        ImportKind::Customers => w.undo_customers,
        ImportKind::People => w.undo_people,
        ImportKind::Tasks => w.undo_tasks,
    };
    // What stays is what somebody has to see.
    let mut shown: Vec<&ImportItem> = kept;
    shown.extend(items.iter().filter(|item| !matches!(item.taken_back, TakenBack::Kept(_))));
    let hidden = shown.len().saturating_sub(SHOWN);
    ResultPage {
        layout,
        crumbs: vec![Crumb::to(w.title, "/imports"), Crumb::here(&import.file_name)],
        id: import.id.to_string(),
        file_name: import.file_name,
        state,
        tone,
        icon,
        outcome,
        working: import.state.is_in_work().then(|| (u32::try_from(done).unwrap_or(0).min(planned), planned.max(length(items)))),
        undo: (import.state == ImportState::Done).then_some(undo),
        items: shown.into_iter().take(SHOWN).map(|item| line(item, t)).collect(),
        more: (hidden > 0).then(|| w.more_rows.n(hidden)),
    }
}

fn why(code: &str, t: &Text) -> &'static str {
    let w = &t.spreadsheets;
    match code {
        "archived" => w.why_archived,
        "place-gone" => w.why_place_gone,
        "person-gone" => w.why_person_gone,
        "already-there" => w.why_already_there,
        _ => w.why_failed,
    }
}

fn line(item: &ImportItem, t: &Text) -> ItemLine {
    let w = &t.spreadsheets;
    let (state, tone, icon) = match &item.taken_back {
        TakenBack::No => (w.there, Tone::Ok, "done"),
        TakenBack::Yes => (w.taken_back, Tone::Mute, "restore"),
        TakenBack::Kept(why) => {
            let word = match why.as_str() {
                "accepted" => w.kept_accepted,
                "has_work" => w.kept_has_work,
                "archived" => w.kept_archived,
                _ => w.kept_worked_on,
            };
            (word, Tone::Warn, "lock")
        }
    };
    let customer = item.customer_id;
    let href = match item.thing {
        ImportedThing::Customer => format!("/customers/{customer}"),
        ImportedThing::Member(user) => format!("/customers/{customer}/people/{user}"),
        ImportedThing::Task(_) if item.taken_back == TakenBack::Yes => format!("/customers/{customer}/ignored"),
        ImportedThing::Task(task) => format!("/customers/{customer}?task={task}#task"),
    };
    ItemLine {
        line: count(i64::from(item.line)),
        title: item.title.clone(),
        href: if matches!((item.thing, &item.taken_back), (ImportedThing::Member(_), TakenBack::Yes)) {
            format!("/customers/{customer}/people")
        } else {
            href
        },
        customer: item.customer_name.clone(),
        state,
        tone,
        icon,
    }
}
