//! A document as its page shows it.

use jiff::{Timestamp, civil::Date};
use muster_domain::{
    access::Action as Right,
    documents::{Document, DocumentStatus},
    tasks::{CompletedBy, Task, TaskMove, TaskStatus, TaskType},
};
use muster_paper::{Marks, Paper};

use super::{Approval, Decision, DocumentPage};
use crate::{
    format,
    layout::Layout,
    pages::{
        surroundings::{document_status, may, person, priority, status},
        visit::Visit,
    },
    parts::{Action, Crumb, Progress, TaskRow},
    text::Text,
};

pub(super) fn page(visit: &Visit, layout: Layout, document: Document, tasks: &[Task]) -> DocumentPage {
    let t = visit.t;
    let counted = tasks.iter().filter(|task| task.status != TaskStatus::Cancelled && task.ignored.is_none());
    let (done, total) = counted.fold((0, 0), |(done, total), task| (done + u32::from(task.status == TaskStatus::Completed), total + 1));
    DocumentPage {
        layout,
        crumbs: crumbs(visit, &document),
        id: document.id.to_string(),
        name: document.name.clone(),
        status: document_status(document.status),
        version: document.document_version.to_string(),
        author: document.created_by.as_ref().map(|person| person.name.clone()),
        out_of_date: document.out_of_date,
        questionnaire: Some(format!("/plans/{}/templates/{}/questionnaire", document.plan_id, document.template_id)),
        colophon: colophon(&document, visit),
        html: html(&document, t),
        tasks: tasks.iter().filter(|task| task.ignored.is_none()).map(|task| row(visit, task)).collect(),
        progress: Progress::new(done, total),
        approvals: approvals(&document, tasks, visit),
        facts: facts(&document, visit),
        fingerprint: None,
    }
}

/// The text as it was saved. What was left unanswered then stays visibly so.
fn html(document: &Document, t: &Text) -> String {
    let paper = Paper::of(&document.content, &|_, _| t.questionnaire.no_answer.to_owned());
    muster_paper::html(&paper, Marks::Gaps)
}

fn crumbs(visit: &Visit, document: &Document) -> Vec<Crumb> {
    let workspace = format!("/customers/{}", document.customer_id);
    let mut crumbs = visit.way_to(document.customer_id, &document.customer_name);
    crumbs.push(Crumb::to(&document.iso_code, format!("{workspace}#plan-{}", document.plan_id)));
    crumbs.push(Crumb::to(&document.template_name, format!("{workspace}#template-{}-{}", document.plan_id, document.template_id)));
    crumbs.push(Crumb::here(&document.name));
    crumbs
}

fn day(instant: Timestamp, visit: &Visit) -> Date {
    instant.to_zoned(visit.zone()).date()
}

fn colophon(document: &Document, visit: &Visit) -> Vec<String> {
    let t = visit.t;
    let version = t.document.version.with(document.document_version);
    vec![
        document.customer_name.clone(),
        document.iso_code.clone(),
        t.dates.at.with2(version, format::full(day(document.created_at, visit), t)),
    ]
}

fn facts(document: &Document, visit: &Visit) -> Vec<(String, String)> {
    let t = visit.t;
    let words = &t.document;
    let release = t.dates.at.with2(&document.template_name, t.document.release.with(document.release_number));
    let fact = |name: &str, value: String| (name.to_owned(), value);
    vec![
        fact(words.plan, document.iso_code.clone()),
        fact(words.template, release),
        fact(words.created, format::full(day(document.created_at, visit), t)),
        fact(words.completion, t.common.percent.with(document.completion_percentage)),
    ]
}

/// The steps of the approval, from its tasks. Nobody's turn comes before the document is handed in.
fn approvals(document: &Document, tasks: &[Task], visit: &Visit) -> Vec<Approval> {
    let t = visit.t;
    let is_step = |task: &&Task| task.task_type.as_str() == TaskType::APPROVE_DOCUMENT && task.ignored.is_none();
    let steps: Vec<&Task> = tasks.iter().filter(is_step).filter(|task| task.status != TaskStatus::Cancelled).collect();
    let next = steps.iter().position(|task| task.status.is_open()).filter(|_| document.status == DocumentStatus::InReview);
    let approval = |(index, task): (usize, &&Task)| Approval {
        role: step_word(task.approval_step.as_deref().unwrap_or_default(), t),
        person: task.completed_by.as_ref().or(task.assigned_to.as_ref()).map(|person| person.name.clone()),
        decision: match task.status {
            TaskStatus::Completed => Decision::Approved,
            _ if next == Some(index) => Decision::Current,
            _ => Decision::Later,
        },
        at: task.completed_at.map(|at| format::moment(at, &visit.zone(), t)),
        remark: None,
    };
    steps.iter().enumerate().map(approval).collect()
}

/// The word for a step: of those that ship, or as the firm's rule calls it.
fn step_word(step: &str, t: &Text) -> String {
    match step {
        "manager" => t.names.manager.to_owned(),
        "ciso" => t.document.step_ciso.to_owned(),
        other => other.to_owned(),
    }
}

fn row(visit: &Visit, task: &Task) -> TaskRow {
    let href = format!("/customers/{}?task={}#task", task.customer_id, task.id);
    let lacks_evidence = task.lacks_evidence();
    let may_change = may(visit, task.customer_id, Right::ChangeTask { approval_step: task.approval_step.as_deref() });
    let action = match task.task_type.completed_by() {
        _ if !may_change => Action::None,
        CompletedBy::Approval => Action::None,
        _ if lacks_evidence => Action::Go(href.clone()),
        _ => [TaskMove::Complete, TaskMove::Reopen, TaskMove::Start]
            .iter()
            .find(|one| one.apply(task.status).is_some())
            .map_or(Action::None, |one| Action::Move(one.as_str())),
    };
    TaskRow {
        id: task.id.to_string(),
        title: task.title.clone(),
        status: status(task.status, visit.actor.is_firm() && task.waits_on_customer()),
        priority: priority(task.priority),
        needs_evidence: lacks_evidence,
        assignee: task.assigned_to.as_ref().map(person),
        due: task.due_date.map(|due| format::due(due, visit.today(), task.status.is_open(), visit.t)),
        note: None,
        place: None,
        action,
        href,
        current: false,
    }
}
