//! Two people changed the same task: both versions, to compare.

use jiff::civil::Date;
use muster_domain::{
    customers::Customer,
    ids::TaskId,
    people::Person,
    recurrence::Recurrence,
    tasks::{Priority, Task},
};

use super::home;
use crate::{
    format,
    pages::{
        conflict::{ConflictPage, Versions},
        surroundings::{customer_crumbs, customer_nav, priority, zone},
        visit::{Form, Visit},
    },
    problem::Problem,
    recurrence,
    state::AppState,
    text::Text,
};

/// The page that shows what was sent beside what is saved now.
pub(super) async fn conflict_page(state: &AppState, visit: &Visit, id: TaskId, form: &Form) -> Result<ConflictPage, Problem> {
    let view = state.context.task(&visit.actor, id).await?;
    let customer = state.context.customer(&visit.actor, view.customer_id).await?;
    let people = state.context.assignable_people(&visit.actor, view.customer_id).await?;
    let t = visit.t;
    let next = form.next(&home(&view));
    let mut layout = visit.layout(state, t.conflict.title, customer_nav(visit), Some(customer.id.0)).await?;
    layout.here.clone_from(&next);
    Ok(ConflictPage {
        layout,
        crumbs: customer_crumbs(visit, customer.id, &customer.name, t.conflict.title),
        name: view.title.clone(),
        by: None,
        at: Some(format::moment(view.updated_at, &zone(&customer.time_zone), t)),
        fields: versions(&view, &customer, &people, form, t),
        action: format!("/tasks/{id}"),
        version: view.version.into(),
        next,
    })
}

/// The fields that were sent, as a person reads them.
fn versions(task: &Task, customer: &Customer, people: &[Person], form: &Form, t: &'static Text) -> Vec<Versions> {
    let version = |name: &str, label: &str, theirs_shown: String, show: &dyn Fn(&str) -> String| {
        let yours = form.get(name)?;
        Some(Versions { name: name.into(), label: label.into(), yours: yours.into(), yours_shown: show(yours), theirs_shown })
    };
    let plain = |text: &str| text.replace('\r', "").trim().to_owned();
    let text = |stored: &Option<String>| stored.clone().unwrap_or_default();
    let day = |date: Date| format::full(date, t);
    let read_day = |text: &str| text.trim().parse().map_or_else(|_| text.to_owned(), day);
    let pattern = |stored: &Recurrence| recurrence::words(stored, t);
    let read_pattern = |text: &str| match text.trim() {
        "" => t.recurs.never.to_owned(),
        text => text.parse().map_or_else(|_| text.to_owned(), |read: Recurrence| recurrence::words(&read, t)),
    };
    let word = |stored: Priority| priority(stored).word(t).to_owned();
    let read_word = |text: &str| text.parse().map_or_else(|_| text.to_owned(), word);
    let label = |one: &Person| if one.is_firm { one.name.clone() } else { t.task.person_of.with2(&one.name, &customer.name) };
    let name = |id: &str| people.iter().chain(&task.assigned_to).find(|one| one.id.to_string() == id).map(label).unwrap_or_default();
    let all = [
        version("title", t.task.title, task.title.clone(), &plain),
        version("description", t.task.description, text(&task.description), &plain),
        version("assigned_to", t.task.assignee, task.assigned_to.as_ref().map(label).unwrap_or_default(), &name),
        version("due_date", t.task.due, task.due_date.map(day).unwrap_or_default(), &read_day),
        version("recurrence", t.recurs.label, task.recurrence.as_ref().map_or_else(|| t.recurs.never.to_owned(), pattern), &read_pattern),
        version("priority", t.task.priority, word(task.priority), &read_word),
        version("notes", t.task.notes, text(&task.notes), &plain),
    ];
    all.into_iter().flatten().collect()
}
