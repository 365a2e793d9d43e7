//! What pages of a customer have in common: the way there, rights, zones, and the domain's words as parts of a page.

use jiff::tz::TimeZone;
use muster_domain::{
    access::{Action, Decision, decide},
    documents::DocumentStatus,
    ids::CustomerId,
    people::{AssigneeRole, Person},
    tasks::{Priority, TaskScope, TaskStatus},
};
use muster_service::Error;

use super::visit::Visit;
use crate::{
    layout::Nav,
    parts::{self, Choice, Crumb, Level, Status},
    text::Text,
};

/// The first parts of the names of zones that people choose; the others are old or technical.
const REGIONS: [&str; 10] = ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
/// The zone of somebody who has not chosen one.
const NO_ZONE: &str = "UTC";

/// Whether the visitor may do something with a customer's work; a control that may not be used is not shown.
pub(crate) fn may(visit: &Visit, customer: CustomerId, action: Action<'_>) -> bool {
    decide(&visit.actor, customer, action, visit.today()) == Decision::Allow
}

/// Refuses a page that is only good for doing something.
pub(crate) fn allow(visit: &Visit, customer: CustomerId, action: Action<'_>) -> Result<(), Error> {
    match decide(&visit.actor, customer, action, visit.today()) {
        Decision::Allow => Ok(()),
        Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
        Decision::Invisible => Err(Error::NotFound),
    }
}

/// The item of the main navigation that a customer's pages belong to.
pub(crate) fn customer_nav(visit: &Visit) -> Nav {
    if visit.actor.is_firm() { Nav::Portfolio } else { Nav::Workspace }
}

/// The way to a page of a customer.
pub(crate) fn customer_crumbs(visit: &Visit, id: CustomerId, name: &str, here: &str) -> Vec<Crumb> {
    let mut crumbs = visit.way_to(id, name);
    crumbs.push(Crumb::here(here));
    crumbs
}

/// The zone in which a customer's dates and moments are told.
pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The zones to choose from; the current one is among them however it is called.
pub(crate) fn zone_choices(current: Option<&str>) -> Vec<Choice> {
    let current = current.filter(|zone| !zone.is_empty()).unwrap_or(NO_ZONE);
    let mut names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    names.retain(|name| name.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region)));
    names.sort_unstable();
    names.insert(0, NO_ZONE.to_owned());
    if !names.iter().any(|name| name == current) {
        names.insert(0, current.to_owned());
    }
    names.into_iter().map(|name| Choice::new(name.clone(), name, current)).collect()
}

/// A status as it is shown; `waits`: to somebody of the firm, and the customer is next.
pub(crate) fn status(stored: TaskStatus, waits: bool) -> Status {
    match stored {
        TaskStatus::Pending if waits => Status::Waiting,
        TaskStatus::Pending => Status::Open,
        TaskStatus::InProgress => Status::Progress,
        TaskStatus::UnderReview => Status::Review,
        TaskStatus::OnHold => Status::Hold,
        TaskStatus::Blocked => Status::Blocked,
        TaskStatus::Completed => Status::Done,
        TaskStatus::Cancelled => Status::Cancelled,
    }
}

/// A priority as it is shown.
pub(crate) fn priority(stored: Priority) -> parts::Priority {
    match stored {
        Priority::Low => parts::Priority::Low,
        Priority::Medium => parts::Priority::Medium,
        Priority::High => parts::Priority::High,
        Priority::Urgent => parts::Priority::Urgent,
    }
}

/// A level as it is shown.
pub(crate) fn level(scope: TaskScope) -> Level {
    match scope {
        TaskScope::Customer => Level::Customer,
        TaskScope::Plan => Level::Plan,
        TaskScope::Template => Level::Template,
        TaskScope::Document => Level::Document,
    }
}

/// A document's status as it is shown.
pub(crate) fn document_status(stored: DocumentStatus) -> parts::DocumentStatus {
    match stored {
        DocumentStatus::Draft => parts::DocumentStatus::Draft,
        DocumentStatus::InReview => parts::DocumentStatus::InReview,
        DocumentStatus::Approved => parts::DocumentStatus::Approved,
        DocumentStatus::Rejected => parts::DocumentStatus::Rejected,
        DocumentStatus::Superseded => parts::DocumentStatus::Superseded,
    }
}

/// A person as they are shown.
pub(crate) fn person(one: &Person) -> parts::Person {
    parts::Person::new(one.name.as_str(), one.is_firm)
}

/// People to give a task to, nobody first. Who has it now is among them even if they could not be
/// given it any more.
pub(crate) fn assignee_choices(people: &[Person], current: Option<&Person>, customer: &str, t: &Text) -> Vec<Choice> {
    let chosen = current.map(|one| one.id.to_string()).unwrap_or_default();
    let label = |one: &Person| if one.is_firm { one.name.clone() } else { t.task.person_of.with2(&one.name, customer) };
    let gone = current.filter(|one| people.iter().all(|other| other.id != one.id));
    let choices = people.iter().chain(gone).map(|one| Choice::new(one.id.to_string(), label(one), &chosen));
    std::iter::once(Choice::new("", t.common.nobody, &chosen)).chain(choices).collect()
}

/// The word for the role that a task falls to.
pub(crate) fn role_word(role: AssigneeRole, t: &Text) -> &'static str {
    match role {
        AssigneeRole::Admin => t.names.admin,
        AssigneeRole::Consultant => t.names.consultant,
        AssigneeRole::Manager => t.names.manager,
        AssigneeRole::Contributor => t.names.contributor,
        AssigneeRole::Approver => t.names.approver,
    }
}

/// Progress as it is shown.
pub(crate) fn progress(counted: muster_domain::progress::Progress) -> parts::Progress {
    parts::Progress::new(count(counted.completed), count(counted.total))
}

/// A count as pages show it.
pub(crate) fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// How many there are of something.
pub(crate) fn length<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}
