//! What lists of tasks are shown with: rows, filters, the task beside them.

use jiff::civil::Date;
use muster_domain::{
    access::Action,
    clock::day_in,
    ids::{CustomerId, TaskId},
    people::Person,
    tasks::{AssigneeFilter, DueFilter, StatusFilter, TaskCounts, TaskScope, TaskSort, TaskStatus},
    views::{SavedView, ViewedList},
    workspace::ListedTask,
};
use muster_service::FilterPlan;

use super::{
    Bulk, Filters, PAGE, Pages, ViewChip, Views, Wanted,
    filter::{assignee_value, due_value},
};
use crate::{
    pages::{
        surroundings::{count, level, may, person, status},
        tasks::Eyes,
        visit::Visit,
        workspace::{Drawer, DrawerPage, Shelf, drawer_beside},
    },
    parts::{self, Choice, Level, Priority, TaskRow},
    problem::Problem,
    state::AppState,
};

/// What stands around a list of tasks: who can be chosen, and what was counted.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) visit: &'a Visit,
    pub(crate) wanted: &'a Wanted,
    /// The tasks from which the filters choose.
    pub(crate) counts: TaskCounts,
    /// The customers to choose from, across customers.
    pub(crate) customers: &'a [(CustomerId, String)],
    pub(crate) plans: &'a [FilterPlan],
    pub(crate) people: &'a [Person],
    /// How many tasks are left.
    pub(crate) left: i64,
}

/// A task as a row of a list.
pub(crate) fn listed_row(visit: &Visit, wanted: &Wanted, one: &ListedTask, with_customer: bool) -> TaskRow {
    let today = day_in(visit.now, &one.time_zone);
    let may_change = may(visit, one.customer_id, Action::ChangeTask { approval_step: one.approval_step.as_deref() });
    let eyes = Eyes { t: visit.t, today, is_firm: visit.actor.is_firm(), may_change, base: "", current: wanted.task, roles_held: None };
    let row = eyes.row(one.place, &one.task);
    let href = wanted.address(wanted.page, Some(&row.id));
    // A task of the customer stands below nothing else.
    let name = (with_customer || one.path.is_empty()).then_some(one.customer_name.as_str());
    let path: Vec<_> = name.into_iter().chain(one.path.iter().map(String::as_str)).collect();
    TaskRow {
        // What lacks evidence opens beside the list, and so does the row itself.
        action: match row.action {
            parts::Action::Go(place) if place == row.href => parts::Action::Go(href.clone()),
            action => action,
        },
        place: Some((level(one.place.scope()), path.join(visit.t.common.separator))),
        pick: may(visit, one.customer_id, Action::CHANGE_TASK) && may_change,
        href,
        ..row
    }
}

/// Where a page stands in its list.
pub(crate) fn pages(wanted: &Wanted, shown: usize, total: i64) -> Pages {
    let before = (wanted.page - 1) * PAGE;
    let until = before + i64::try_from(shown).unwrap_or_default();
    Pages {
        from: count(if shown == 0 { before } else { before + 1 }),
        until: count(until),
        total: count(total),
        previous: (wanted.page > 1).then(|| wanted.address(wanted.page - 1, None)),
        next: (until < total && shown > 0).then(|| wanted.address(wanted.page + 1, None)),
    }
}

/// The filters as they are set.
pub(crate) fn filters(around: Around<'_>) -> Filters {
    let Around { visit, wanted, counts, .. } = around;
    let filter = &wanted.filter;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let (due_from, due_until) = match filter.due {
        DueFilter::Between(from, until) => (day(from), day(until)),
        _ => (String::new(), String::new()),
    };
    let is_sorted = !wanted.query().is_empty() && !wanted.is_filtered();
    Filters {
        path: wanted.path().to_owned(),
        words: filter.words.clone().unwrap_or_default(),
        statuses: statuses(around),
        assignees: assignees(around),
        dues: dues(around),
        customers: customers(around),
        levels: levels(around),
        plans: plans(around),
        templates: templates(around),
        sorts: sorts(around),
        evidence: (filter.needs_evidence, count(counts.need_evidence)),
        waiting: visit.actor.is_firm().then(|| (filter.waits_on_customer, count(counts.wait_on_customer))),
        approve: (filter.is_approval, count(counts.approvals)),
        any: wanted.is_filtered(),
        more: is_sorted
            || filter.scope.is_some()
            || filter.plan_id.is_some()
            || filter.template_id.is_some()
            || !due_from.is_empty()
            || !due_until.is_empty(),
        due_from,
        due_until,
        left: count(around.left),
    }
}

fn statuses(around: Around<'_>) -> Vec<Choice> {
    let (t, current) = (around.visit.t, around.wanted.filter.status.as_str());
    let general = [(StatusFilter::Open, t.lists.open), (StatusFilter::Closed, t.lists.closed), (StatusFilter::Any, t.lists.any_status)];
    let each = TaskStatus::ALL.iter().map(|one| Choice::new(one.as_str(), status(*one, false).word(t), current));
    general.into_iter().map(|(one, word)| Choice::new(one.as_str(), word, current)).chain(each).collect()
}

fn assignees(around: Around<'_>) -> Vec<Choice> {
    use AssigneeFilter::{Anybody, Me, Mine, MyRoles, Nobody};
    let (t, current) = (around.visit.t, assignee_value(around.wanted.filter.assignee));
    let words = &t.lists;
    let is_mine = around.wanted.path() == "/my-work";
    let general: &[(AssigneeFilter, &str)] = if is_mine {
        &[(Mine, words.mine), (Me, words.me), (MyRoles, words.my_roles)]
    } else {
        &[(Anybody, words.anybody), (Me, words.me), (MyRoles, words.my_roles), (Nobody, words.nobody)]
    };
    let people = around.people.iter().filter(|one| one.id != around.visit.actor.user_id() && !is_mine);
    let named = people.map(|one| Choice::new(one.id.to_string(), one.name.as_str(), &current));
    general.iter().map(|(one, word)| Choice::new(assignee_value(*one), *word, &current)).chain(named).collect()
}

fn dues(around: Around<'_>) -> Vec<Choice> {
    use DueFilter::{Later, Overdue, ThisWeek, Today, Undated};
    let words = &around.visit.t.lists;
    let current = due_value(around.wanted.filter.due).unwrap_or_default();
    let all = [(Overdue, words.overdue), (Today, words.today), (ThisWeek, words.this_week), (Later, words.later), (Undated, words.undated)];
    let each = all.into_iter().map(|(one, word)| Choice::new(due_value(one).unwrap_or_default(), word, current));
    std::iter::once(Choice::new("", words.whenever, current)).chain(each).collect()
}

fn customers(around: Around<'_>) -> Vec<Choice> {
    if around.customers.is_empty() {
        return Vec::new();
    }
    let current = around.wanted.filter.customer.map(|id| id.to_string()).unwrap_or_default();
    let each = around.customers.iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str(), &current));
    std::iter::once(Choice::new("", around.visit.t.common.all_customers, &current)).chain(each).collect()
}

fn levels(around: Around<'_>) -> Vec<Choice> {
    let (t, current) = (around.visit.t, around.wanted.filter.scope.map_or("", TaskScope::as_str));
    let each = Level::ALL.map(|one| Choice::new(one.key(), one.word(t), current));
    std::iter::once(Choice::new("", t.common.all_levels, current)).chain(each).collect()
}

fn plans(around: Around<'_>) -> Vec<Choice> {
    if around.plans.is_empty() {
        return Vec::new();
    }
    let current = around.wanted.filter.plan_id.map(|id| id.to_string()).unwrap_or_default();
    let each = around.plans.iter().map(|plan| Choice::new(plan.id.to_string(), plan.code.as_str(), &current));
    std::iter::once(Choice::new("", around.visit.t.lists.all_plans, &current)).chain(each).collect()
}

/// The templates of the chosen plan, or of all of them, each once.
fn templates(around: Around<'_>) -> Vec<Choice> {
    let filter = &around.wanted.filter;
    let of_plan = around.plans.iter().filter(|plan| filter.plan_id.is_none_or(|id| id == plan.id));
    let mut all: Vec<_> = of_plan.flat_map(|plan| &plan.templates).collect();
    all.sort_by_key(|(id, name)| (name.to_lowercase(), *id));
    all.dedup();
    if all.is_empty() {
        return Vec::new();
    }
    let current = filter.template_id.map(|id| id.to_string()).unwrap_or_default();
    let each = all.into_iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str(), &current));
    std::iter::once(Choice::new("", around.visit.t.lists.all_templates, &current)).chain(each).collect()
}

fn sorts(around: Around<'_>) -> Vec<Choice> {
    let (words, current) = (&around.visit.t.lists, around.wanted.sort.as_str());
    let all = [
        (TaskSort::DueDate, words.sort_due),
        (TaskSort::Priority, words.sort_priority),
        (TaskSort::Title, words.sort_title),
        (TaskSort::Updated, words.sort_updated),
        (TaskSort::Hierarchy, words.sort_hierarchy),
    ];
    all.into_iter().map(|(sort, word)| Choice::new(sort.as_str(), word, current)).collect()
}

/// What can be done with several tasks. `people` are those to whom all of them can be given.
pub(crate) fn bulk(visit: &Visit, wanted: &Wanted, people: &[Person], may_ignore: bool) -> Bulk {
    let me = visit.actor.user_id();
    let mut choices = vec![Choice::new(me.to_string(), visit.t.bulk.to_me, ""), Choice::new("", visit.t.common.nobody, "-")];
    choices.extend(people.iter().filter(|one| one.id != me).map(|one| Choice::new(one.id.to_string(), person(one).name, "-")));
    let priorities = Priority::ALL.map(|one| Choice::new(one.key(), one.word(visit.t), Priority::Medium.key()));
    let selected = visit.t.bulk.selected.patterns();
    Bulk { people: choices, priorities: priorities.to_vec(), selected, may_ignore, next: wanted.closed() }
}

/// The task beside a list, if one is asked for.
pub(crate) async fn task_beside(state: &AppState, visit: &Visit, wanted: &Wanted, id: TaskId) -> Result<DrawerPage, Problem> {
    let customer = state.context.task(&visit.actor, id).await?.customer_id;
    let (close, here) = (wanted.closed(), wanted.whole());
    let shelf = Shelf { close: &close, here: &here, nodes: &format!("/customers/{customer}") };
    let drawer: Drawer = drawer_beside(state, visit, shelf, customer, id).await?;
    Ok(DrawerPage { t: visit.t, drawer: Some(drawer) })
}

impl Views {
    /// The chips of a list.
    pub(crate) fn of(list: ViewedList, customer: Option<CustomerId>, kept: &[SavedView], wanted: &Wanted) -> Self {
        let chip = |view: &SavedView| {
            let mark = if view.query.is_empty() { "" } else { "&" };
            ViewChip {
                id: view.id.to_string(),
                name: view.name.clone(),
                href: format!("{}?{}{mark}view={}", wanted.path(), view.query, view.id),
                current: wanted.view.as_deref() == Some(view.id.to_string().as_str()),
                is_default: view.is_default,
            }
        };
        let chips: Vec<_> = kept.iter().map(chip).collect();
        let query = wanted.query();
        Self {
            list: list.as_str(),
            customer: customer.map(|id| id.0),
            all: format!("{}?view=none", wanted.path()),
            all_current: query.is_empty(),
            may_keep: !query.is_empty() && chips.iter().all(|chip| !chip.current || !chip.href.contains(&query)),
            query,
            next: wanted.closed(),
            chips,
        }
    }
}

/// Where a list opens: with the view that its person wants to see first, if nothing else is asked
/// for. Of two, the one of this customer goes first.
pub(crate) fn with_default(wanted: &Wanted, kept: &[SavedView]) -> Option<String> {
    if wanted.view.is_some() || wanted.is_filtered() || !wanted.query().is_empty() || wanted.task.is_some() || wanted.page > 1 {
        return None;
    }
    let first = kept.iter().filter(|view| view.is_default).max_by_key(|view| view.customer.is_some())?;
    let mark = if first.query.is_empty() { "" } else { "&" };
    Some(format!("{}?{}{mark}view={}", wanted.path(), first.query, first.id))
}
