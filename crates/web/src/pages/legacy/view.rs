//! The page from what the service tells.

use std::collections::BTreeMap;

use muster_domain::{legacy::Destination, tasks::TaskScope};
use muster_service::legacy::{UpgradePage, WaitingTask};
use uuid::Uuid;

use super::{LegacyPage, LevelRow, Place, SumRow, TaskRow};
use crate::{
    format,
    layout::Layout,
    pages::{surroundings::status, visit::Visit},
    parts::Crumb,
    text::Text,
};

/// How many tasks stand on one page.
pub(super) const MANY: i64 = 20;

pub(super) fn page(visit: &Visit, layout: Layout, found: &UpgradePage, skip: i64) -> LegacyPage {
    let (t, state) = (layout.t, &found.state);
    let total: i64 = state.levels.iter().map(|(_, rows, _)| rows).sum();
    let level = |(scope, word, icon): (&str, &'static str, &'static str)| {
        let (rows, to_review) = state.levels.iter().find(|one| one.0 == scope).map_or((0, 0), |one| (one.1, one.2));
        LevelRow { word, icon, rows, to_review, share: 100 * rows / total.max(1) }
    };
    let levels = [
        ("customer", t.legacy.customer, "customer"),
        ("plan", t.legacy.plan, "plan"),
        ("template", t.legacy.template, "template"),
        ("document", t.legacy.document, "document"),
    ];
    let address = |skip: i64| format!("/firm/older-database?skip={skip}#review");
    LegacyPage {
        crumbs: vec![Crumb::to(t.firm.title, "/firm"), Crumb::here(t.legacy.title)],
        total,
        at: state.cut_over_at.map(|at| format::moment(at, &visit.zone(), t)),
        levels: levels.map(level).to_vec(),
        rules: state.rules.iter().map(|(rule, rows)| (rule_word(rule, t), *rows)).collect(),
        tasks: rows(visit, &found.tasks, t),
        skip,
        waiting: state.waiting,
        decided: state.decided,
        previous: (skip > 0).then(|| address((skip - MANY).max(0))),
        next: (skip + MANY < state.waiting).then(|| address(skip + MANY)),
        sums: state.sums.iter().map(|(what, before, after)| SumRow { what: what.clone(), before: *before, after: *after }).collect(),
        remarks: state
            .remarks
            .iter()
            .map(|(customer, table, row, remark)| {
                (customer.clone().unwrap_or_else(|| t.legacy.of_firm.to_owned()), format!("{table} {row}"), remark.clone())
            })
            .collect(),
        remark_count: state.remark_count,
        layout,
    }
}

fn rule_word(rule: &str, t: &Text) -> &'static str {
    match rule {
        "document" => t.legacy.rule_document,
        "customer" => t.legacy.rule_customer,
        "section" => t.legacy.rule_section,
        "paired" => t.legacy.rule_paired,
        "undecided" => t.legacy.rule_undecided,
        "no_section" => t.legacy.rule_no_section,
        "contradiction" => t.legacy.rule_contradiction,
        "person" => t.legacy.rule_person,
        _ => t.legacy.rule_plan,
    }
}

fn rows(visit: &Visit, tasks: &[WaitingTask], t: &Text) -> Vec<TaskRow> {
    let is_like = |one: &WaitingTask, other: &WaitingTask| {
        one.customer_id == other.customer_id
            && one.title == other.title
            && one.placement.candidates == other.placement.candidates
            && other.decision.is_none()
    };
    let row = |task: &WaitingTask| {
        let here = task.decision.unwrap_or(task.placement.chosen);
        TaskRow {
            id: task.placement.task_id.to_string(),
            customer_id: task.customer_id.0,
            customer: task.customer_name.clone(),
            title: task.title.clone(),
            status: task.status.parse().map_or("", |stored| status(stored, false).word(t)),
            made: format::moment(task.created_at, &visit.zone(), t).text,
            why: task.placement.why.clone().unwrap_or_default(),
            places: task.placement.candidates.iter().zip(0..).map(|(place, value)| shown(place, value, here, &task.names, t)).collect(),
            decided_by: task.decided_by.clone(),
            alike: tasks.iter().filter(|other| other.placement.task_id != task.placement.task_id && is_like(task, other)).count(),
        }
    };
    tasks.iter().map(row).collect()
}

fn shown(place: &Destination, value: usize, here: Destination, names: &BTreeMap<Uuid, String>, t: &Text) -> Place {
    let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
    let w = t.legacy;
    let (name, hint) = match place.task_scope {
        TaskScope::Customer => (w.place_customer.to_owned(), None),
        TaskScope::Plan => (w.place_plan.with(name(place.plan_id)), None),
        TaskScope::Template => (name(place.template_id), Some(w.place_template_in.with(name(place.plan_id)))),
        TaskScope::Document => (w.place_document.to_owned(), None),
    };
    Place { value, name, hint, is_chosen: *place == here }
}
