//! From a person's tasks to the page that shows them.

use muster_domain::{
    access::Action,
    clock::day_in,
    people::Person,
    tasks::{StatusFilter, TaskSort},
    workspace::ListedTask,
};
use muster_service::WorkList;

use super::{MyWorkPage, WorkGroup};
use crate::{
    format::{self, When},
    layout::Layout,
    pages::{
        lists::{Around, Views, Wanted, bulk, filters, listed_row, pages},
        surroundings::{count, may},
        visit::Visit,
        workspace::Drawer,
    },
    parts::{self, TaskRow, Tone},
};

/// The page for the filters that were asked for.
pub(super) fn work_page(
    visit: &Visit,
    layout: Layout,
    wanted: &Wanted,
    work: &WorkList,
    people: &[Person],
    views: Views,
    drawer: Option<Drawer>,
) -> MyWorkPage {
    let (counts, left) = (work.open, work.left.total);
    let around = Around { visit, wanted, counts, customers: &work.customers, plans: &[], people: &[], left };
    let is_grouped = wanted.sort == TaskSort::DueDate && wanted.filter.status == StatusFilter::Open;
    let (mine, for_role): (Vec<_>, Vec<_>) = work.page.items.iter().partition(|one| !is_grouped || one.task.assigned_to.is_some());
    let may_ignore = work.customers.iter().any(|(id, _)| may(visit, *id, Action::ShapeWork));
    MyWorkPage {
        layout,
        today: format::long(visit.today(), visit.t),
        open: count(work.assigned.total),
        customers: count(work.assigned.customers),
        late: count(work.assigned.late),
        filters: filters(around),
        views,
        rows: if is_grouped { Vec::new() } else { mine.iter().map(|one| row(visit, wanted, one)).collect() },
        groups: if is_grouped { groups(visit, wanted, work, &mine) } else { Vec::new() },
        for_role: for_role.iter().map(|one| row(visit, wanted, one)).collect(),
        for_role_count: count(work.left.untaken),
        pages: pages(wanted, work.page.items.len(), work.page.total),
        bulk: work.customers.iter().any(|(id, _)| may(visit, *id, Action::CHANGE_TASK)).then(|| bulk(visit, wanted, people, may_ignore)),
        drawer,
    }
}

/// The groups by when their tasks are due, each with the number of all its tasks.
fn groups(visit: &Visit, wanted: &Wanted, work: &WorkList, mine: &[&ListedTask]) -> Vec<WorkGroup> {
    let (w, left) = (&visit.t.my_work, work.left);
    let all = [
        (When::Overdue, "late", w.overdue, Tone::Bad, left.overdue),
        (When::Today, "today", w.today, Tone::Warn, left.today),
        (When::ThisWeek, "week", w.this_week, Tone::Mute, left.this_week),
        (When::Later, "later", w.later, Tone::Mute, left.later),
        (When::Undated, "undated", w.undated, Tone::Mute, left.undated),
    ];
    let group = |(when, key, title, tone, total): (When, &'static str, &str, Tone, i64)| {
        let due = mine.iter().filter(|one| format::when(one.task.due_date, day_in(visit.now, &one.time_zone)) == when);
        WorkGroup { key, title: title.to_owned(), tone, count: count(total), rows: due.map(|one| row(visit, wanted, one)).collect() }
    };
    all.into_iter().map(group).filter(|group| !group.rows.is_empty()).collect()
}

/// A task as a row of somebody's own work.
pub(crate) fn row(visit: &Visit, wanted: &Wanted, one: &ListedTask) -> TaskRow {
    let row = listed_row(visit, wanted, one, true);
    TaskRow {
        action: match row.action {
            action if one.task.assigned_to.is_some() || !one.task.status.is_open() => action,
            parts::Action::Go(place) => parts::Action::Take(Some(place)),
            _ => parts::Action::Take(None),
        },
        // What stands in this list is one's own: only other people are named.
        assignee: row.assignee.filter(|_| one.task.assigned_to.as_ref().is_some_and(|person| person.id != visit.actor.user_id())),
        ..row
    }
}
