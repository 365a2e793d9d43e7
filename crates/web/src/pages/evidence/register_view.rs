//! From a customer's evidence to the pages of its register.

use muster_domain::{
    evidence::{Evidence, EvidenceGap, EvidenceKind, EvidenceSort, EvidenceState, EvidenceValidity, GapReason},
    ids::{CustomerId, TemplateId},
    plans::Plan,
    tasks::{Task, TaskStatus},
};

use super::{
    ServedTask, Shown,
    register::{GapRow, RegisterFilters, RegisterRow},
    view::{kind_word, place_of, state},
};
use crate::{
    format,
    pages::{surroundings::role_word, visit::Visit},
    parts::{Choice, Crumb},
    request::Parameters,
    text::Text,
};

/// Names of the filters in the address.
const FILTERS: [&str; 6] = ["q", "state", "validity", "kind", "plan_id", "template_id"];

/// The way to a page below the register.
pub(super) fn crumbs(visit: &Visit, customer: CustomerId, name: &str, here: &str) -> Vec<Crumb> {
    let mut crumbs = visit.way_to(customer, name);
    crumbs.push(Crumb::to(visit.t.evidence.title, format!("/customers/{customer}/evidence")));
    crumbs.push(Crumb::here(here));
    crumbs
}

/// The filters as they are set.
pub(super) fn filters(parameters: &Parameters, plans: &[Plan], templates: &[(TemplateId, String)], t: &Text) -> RegisterFilters {
    let (e, text) = (&t.evidence, |name: &str| parameters.get(name).unwrap_or_default().to_owned());
    let validity = |one: EvidenceValidity| match one {
        EvidenceValidity::Expiring => e.expiring,
        EvidenceValidity::Expired => e.expired,
    };
    let sort = |one: EvidenceSort| match one {
        EvidenceSort::Received => e.latest_first,
        EvidenceSort::Name => e.by_name,
        EvidenceSort::ValidUntil => e.ending_first,
    };
    let choices = |name: &str, all: &'static str, each: Vec<(&'static str, &'static str)>| {
        let current = text(name);
        let first = Choice::new("", all, &current);
        std::iter::once(first).chain(each.into_iter().map(|(value, label)| Choice::new(value, label, &current))).collect()
    };
    RegisterFilters {
        q: text("q"),
        states: choices("state", e.any_state, EvidenceState::ALL.iter().map(|one| (one.as_str(), state(*one).word(t))).collect()),
        validities: choices("validity", e.any_validity, EvidenceValidity::ALL.iter().map(|one| (one.as_str(), validity(*one))).collect()),
        kinds: choices("kind", e.any_kind, EvidenceKind::ALL.iter().map(|one| (one.as_str(), kind_word(*one, t))).collect()),
        plans: plan_choices(plans, &text("plan_id"), t),
        templates: template_choices(templates, &text("template_id"), t),
        sorts: EvidenceSort::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), sort(*one), parameters.get("sort").unwrap_or(EvidenceSort::Received.as_str())))
            .collect(),
        any: FILTERS.iter().any(|name| parameters.get(name).is_some()),
    }
}

/// The plans to choose from; the first is all.
pub(super) fn plan_choices(plans: &[Plan], current: &str, t: &Text) -> Vec<Choice> {
    let all = Choice::new("", t.evidence.any_plan, current);
    let name = |plan: &Plan| plan.name.clone().unwrap_or_else(|| plan.iso_code.clone());
    std::iter::once(all).chain(plans.iter().map(|plan| Choice::new(plan.id.to_string(), name(plan), current))).collect()
}

/// The templates to choose from; the first is all.
pub(super) fn template_choices(templates: &[(TemplateId, String)], current: &str, t: &Text) -> Vec<Choice> {
    let all = Choice::new("", t.evidence.any_template, current);
    std::iter::once(all).chain(templates.iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str(), current))).collect()
}

/// A piece of evidence in the register. `tasks` are those that the page's evidence serves.
pub(super) fn row(shown: Shown<'_>, one: &Evidence, tasks: &[Task]) -> RegisterRow {
    let task = one.task_ids.iter().find_map(|id| tasks.iter().find(|task| task.id == *id));
    RegisterRow {
        file: shown.file(one),
        kind: kind_word(one.details.kind, shown.t),
        state: state(one.state()),
        task: task.map(|task| served(task, shown.t)),
        more: one.task_ids.len().saturating_sub(1),
    }
}

fn served(task: &Task, t: &Text) -> ServedTask {
    ServedTask {
        href: format!("/customers/{}?task={}#task", task.customer_id, task.id),
        title: task.title.clone(),
        place: place_of(task, t),
        unlink: None,
    }
}

/// A task that lacks evidence.
pub(super) fn gap(gap: &EvidenceGap, t: &Text) -> GapRow {
    let (e, task) = (&t.evidence, &gap.task);
    let reason = match (gap.reason, gap.expired_on) {
        (GapReason::Missing, _) => (e.gap_missing.to_owned(), "bad", "clip"),
        (GapReason::Waiting, _) => (e.waiting.to_owned(), "warn", "review"),
        (GapReason::SentBack, _) => (e.rejected.to_owned(), "bad", "reject"),
        (GapReason::Expired, Some(last)) => (e.ended.with(format::full(last, t)), "bad", "late"),
        (GapReason::Expired, None) => (e.expired.to_owned(), "bad", "late"),
    };
    let role = || task.assignee_role.map(|role| role_word(role, t).to_owned());
    GapRow {
        task: served(task, t),
        wanted: task.evidence_description.clone(),
        reason,
        assignee: task.assigned_to.as_ref().map(|person| person.name.clone()).or_else(role),
        is_done: task.status == TaskStatus::Completed,
    }
}
