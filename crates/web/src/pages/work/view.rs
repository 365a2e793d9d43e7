//! From a person's tasks to the page that shows them.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use muster_domain::{access::Action, clock::day_in, tasks::TaskScope, workspace::PersonalTask};

use super::{
    MyWorkPage, WorkFilters, WorkGroup,
    filter::{Wanted, is_approval},
};
use crate::{
    format::{self, When},
    layout::Layout,
    pages::{
        surroundings::{length, level, may},
        tasks::Eyes,
        visit::Visit,
    },
    parts::{self, Choice, Level, Paging, TaskRow, Tone},
    text::Text,
};

/// The most rows on one page.
const PAGE: usize = 200;

/// The page for the filters that were asked for. `tasks` are all of the reader's open tasks, the
/// earliest due first.
pub(super) fn work_page(visit: &Visit, layout: Layout, wanted: &Wanted, tasks: &[PersonalTask]) -> MyWorkPage {
    let (mine, for_role): (Vec<_>, Vec<_>) = tasks.iter().filter(|one| is_for(visit, one)).partition(|one| is_assigned(one));
    let all: Vec<_> = mine.iter().chain(&for_role).copied().collect();
    let left: Vec<_> = all.iter().copied().filter(|one| wanted.leaves(one)).collect();
    let (left_mine, left_for_role): (Vec<_>, Vec<_>) = left.iter().copied().partition(|one| is_assigned(one));
    let from = wanted.from.min(left.len());
    let page: HashSet<_> = left.iter().skip(from).take(PAGE).map(|one| one.task.id).collect();
    let shown = |one: &PersonalTask| page.contains(&one.task.id);
    let customers: HashSet<_> = mine.iter().map(|one| one.customer_id).collect();
    MyWorkPage {
        layout,
        today: format::long(visit.today(), visit.t),
        open: length(&mine),
        customers: u32::try_from(customers.len()).unwrap_or(u32::MAX),
        late: number(&mine, |one| one.task.is_overdue(day(visit, one))),
        filters: filters(visit.t, wanted, &all),
        groups: groups(visit, &left_mine, shown),
        for_role: left_for_role.iter().filter(|one| shown(one)).map(|one| row(visit, one)).collect(),
        paging: paging(wanted, from, left.len()),
    }
}

/// A task of the reader's role is only for those who may take it: approvals are for the people named for their step.
fn is_for(visit: &Visit, one: &PersonalTask) -> bool {
    is_assigned(one) || may_change(visit, one)
}

fn is_assigned(one: &PersonalTask) -> bool {
    one.task.assigned_to.is_some()
}

fn may_change(visit: &Visit, one: &PersonalTask) -> bool {
    may(visit, one.customer_id, Action::ChangeTask { approval_step: one.approval_step.as_deref() })
}

fn day(visit: &Visit, one: &PersonalTask) -> Date {
    day_in(visit.now, &one.time_zone)
}

fn number(tasks: &[&PersonalTask], wanted: impl Fn(&PersonalTask) -> bool) -> u32 {
    u32::try_from(tasks.iter().filter(|one| wanted(one)).count()).unwrap_or(u32::MAX)
}

fn filters(t: &Text, wanted: &Wanted, all: &[&PersonalTask]) -> WorkFilters {
    let names: BTreeMap<_, _> = all.iter().map(|one| ((one.customer_name.to_lowercase(), one.customer_id), &one.customer_name)).collect();
    let current = wanted.customer.map(|id| id.to_string()).unwrap_or_default();
    let mut customers = vec![Choice::new("", t.common.all_customers, &current)];
    customers.extend(names.iter().map(|((_, id), name)| Choice::new(id.to_string(), name.as_str(), &current)));
    let current = wanted.level.map_or("", TaskScope::as_str);
    let mut levels = vec![Choice::new("", t.common.all_levels, current)];
    levels.extend(Level::ALL.map(|one| Choice::new(one.key(), one.word(t), current)));
    WorkFilters {
        evidence: wanted.evidence,
        evidence_count: number(all, |one| one.task.lacks_evidence()),
        approve: wanted.approve,
        approve_count: number(all, is_approval),
        customers,
        levels,
    }
}

/// The groups by when their tasks are due, each with the number of all its tasks.
fn groups(visit: &Visit, mine: &[&PersonalTask], shown: impl Fn(&PersonalTask) -> bool) -> Vec<WorkGroup> {
    let w = &visit.t.my_work;
    let all = [
        (When::Overdue, "late", w.overdue, Tone::Bad),
        (When::Today, "today", w.today, Tone::Warn),
        (When::ThisWeek, "week", w.this_week, Tone::Mute),
        (When::Later, "later", w.later, Tone::Mute),
        (When::Undated, "undated", w.undated, Tone::Mute),
    ];
    let group = |(when, key, title, tone): (When, &'static str, &str, Tone)| {
        let due: Vec<_> = mine.iter().filter(|one| format::when(one.task.due_date, day(visit, one)) == when).collect();
        let rows: Vec<_> = due.iter().filter(|one| shown(one)).map(|one| row(visit, one)).collect();
        WorkGroup { key, title: title.to_owned(), tone, count: length(&due), rows }
    };
    all.into_iter().map(group).filter(|group| !group.rows.is_empty()).collect()
}

fn row(visit: &Visit, one: &PersonalTask) -> TaskRow {
    let base = format!("/customers/{}?", one.customer_id);
    let eyes = Eyes {
        t: visit.t,
        today: day(visit, one),
        is_firm: visit.actor.is_firm(),
        may_change: may_change(visit, one),
        base: &base,
        current: None,
        roles_held: None,
    };
    let row = eyes.row(one.place, &one.task);
    let path: Vec<_> = std::iter::once(one.customer_name.as_str()).chain(one.path.iter().map(String::as_str)).collect();
    TaskRow {
        assignee: None,
        place: Some((level(one.place.scope()), path.join(visit.t.common.separator))),
        action: match row.action {
            action if is_assigned(one) => action,
            parts::Action::Go(place) => parts::Action::Take(Some(place)),
            _ => parts::Action::Take(None),
        },
        ..row
    }
}

fn paging(wanted: &Wanted, from: usize, total: usize) -> Paging {
    let shown = total.saturating_sub(from).min(PAGE);
    let next = from + shown;
    Paging {
        shown: u32::try_from(shown).unwrap_or(u32::MAX),
        total: u32::try_from(total).unwrap_or(u32::MAX),
        next: (next < total).then(|| wanted.page(next)),
        first: (from > 0).then(|| wanted.page(0)),
    }
}
