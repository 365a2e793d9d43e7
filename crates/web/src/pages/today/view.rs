//! The board as its page shows it.

use muster_service::{Board, BoardCustomer, BoardEvidence, BoardList, BoardTask};

use super::{BoardRow, BoardSection};
use crate::{
    format,
    pages::{surroundings::count, visit::Visit},
};

/// The lists that hold something, the most pressing first.
pub(super) fn sections(board: Board, visit: &Visit) -> Vec<BoardSection> {
    let w = &visit.t.today;
    let (late_total, answers_total) = (count(board.customers_late.total), count(board.answers.total));
    let all = [
        section("overdue", (w.overdue, "late", "bad"), board.overdue, |task| task_row(task, visit), Some("/?overdue=1&sort=overdue")),
        section("due", (w.due_today, "clock", "warn"), board.due_today, |task| task_row(task, visit), None),
        section("reviews", (w.reviews, "review", "see"), board.reviews, |task| task_row(task, visit), None),
        section("evidence", (w.evidence, "clip", "info"), board.evidence, |one| evidence_row(one, visit), None),
        section(
            "late",
            (w.late, "waiting", "warn"),
            board.customers_late,
            |one| customer_row(one, "?overdue=1", |count| w.late_tasks.n(count)),
            (late_total > 0).then_some("/?overdue=1&sort=overdue"),
        ),
        section(
            "answers",
            (w.answers, "template", "info"),
            board.answers,
            |one| customer_row(one, "?task=waiting", |count| w.open_answers.n(count)),
            (answers_total > 0).then_some("/?waiting=1&sort=waiting"),
        ),
        section("quiet", (w.quiet, "hold", "info"), board.quiet, |one| quiet_row(one, visit), Some("/?quiet=1&sort=quiet")),
    ];
    all.into_iter().filter(|list| list.total > 0).collect()
}

fn section<T>(
    key: &'static str,
    (title, icon, tone): (&'static str, &'static str, &'static str),
    list: BoardList<T>,
    row: impl Fn(T) -> BoardRow,
    all: Option<&str>,
) -> BoardSection {
    let total = count(list.total);
    BoardSection { key, title, icon, tone, total, rows: list.items.into_iter().map(row).collect(), all: all.map(ToOwned::to_owned) }
}

fn task_row(task: BoardTask, visit: &Visit) -> BoardRow {
    let customer = task.customer_id;
    let (href, place) = match &task.document {
        Some((document, name)) => (format!("/documents/{document}"), Some(name.clone())),
        None => (format!("/customers/{customer}?task={}#task", task.id), task.iso_code),
    };
    BoardRow {
        title: task.title,
        href,
        customer: Some(task.customer_name),
        place,
        note: Some(task.assigned_to.unwrap_or_else(|| visit.t.today.unassigned.to_owned())),
        due: task.due_date.map(|day| format::due(day, task.today, true, visit.t)),
    }
}

fn evidence_row(one: BoardEvidence, visit: &Visit) -> BoardRow {
    let came = format::recent(one.received_at, visit.today(), &visit.zone(), visit.t);
    BoardRow {
        title: one.filename,
        href: format!("/evidence/{}", one.id),
        customer: Some(one.customer_name),
        place: None,
        note: Some(visit.t.today.received.with(came.text)),
        due: None,
    }
}

fn customer_row(one: BoardCustomer, filter: &str, words: impl Fn(u32) -> String) -> BoardRow {
    BoardRow {
        title: one.name,
        href: format!("/customers/{}{filter}", one.id),
        customer: None,
        place: None,
        note: Some(words(count(one.count))),
        due: None,
    }
}

fn quiet_row(one: BoardCustomer, visit: &Visit) -> BoardRow {
    let day = one.last_movement.to_zoned(visit.zone()).date();
    BoardRow {
        title: one.name,
        href: format!("/customers/{}", one.id),
        customer: None,
        place: None,
        note: Some(visit.t.today.last.with(format::full(day, visit.t))),
        due: None,
    }
}
