//! Changing several tasks that were picked in a list, and taking that back.

use axum::{extract::State, http::HeaderMap, response::Response};
use muster_domain::{
    ids::{BatchId, TaskId},
    tasks::{BulkRefusal, Task, UndoRefusal},
};
use muster_service::{BulkOutcome, Error, UndoOutcome};

use super::BulkResultPage;
use crate::{
    input::task_lists::TasksChange,
    layout::Nav,
    pages::{
        tasks::named_person,
        visit::{Form, Said, Visit, go_on, local_path, referer_path},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
    text::Text,
};

/// Where to go on without a page to come back to.
const HOME: &str = "/my-work";

/// Does with the picked tasks what the pressed button says.
pub(super) async fn change(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    let next = form.next(HOME);
    if form.all("task").next().is_none() {
        return Ok(go_on(&next, Some(&Said::NothingPicked)));
    }
    let (ids, wanted) = change_of(&form)?.parse()?;
    let outcome = state.context.change_tasks_across(&visit.actor, &ids, &wanted).await?;
    if outcome.refused.is_empty() {
        return Ok(go_on(&next, Some(&Said::TasksChanged(outcome.batch.to_string(), outcome.changed.len()))));
    }
    Ok(visit.answer(&result_page(&state, &visit, &outcome, next).await?))
}

/// Takes a change of several tasks back.
pub(super) async fn undo(
    State(state): State<AppState>,
    visit: Visit,
    Ids((batch,)): Ids<(BatchId,)>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let came_from = referer_path(&headers).map_or_else(|| HOME.to_owned(), |path| local_path(&path));
    // A result page is no list: from there the way back leads to my work, unless it says another.
    let next = form.next(if came_from.starts_with("/tasks/bulk") { HOME } else { &came_from });
    let outcome = state.context.undo_changes_across(&visit.actor, batch).await?;
    if outcome.refused.is_empty() {
        return Ok(go_on(&next, Some(&Said::TasksPutBack(outcome.undone.len()))));
    }
    Ok(visit.answer(&undone_page(&state, &visit, &outcome, next).await?))
}

/// The change that a form asks for: the pressed button says which of its fields counts.
fn change_of(form: &Form) -> Result<TasksChange, Error> {
    let field = |name: &str| Some(form.text(name));
    let ids: Vec<String> = form.all("task").map(ToOwned::to_owned).collect();
    let asked = TasksChange { task_ids: Some(ids), ..TasksChange::default() };
    Ok(match form.text("do").as_str() {
        "assign" => TasksChange { assigned_to: Some(named_person(form, "assigned_to")?), ..asked },
        "due" => TasksChange { due_date: Some(field("due_date")), ..asked },
        "priority" => TasksChange { priority: field("priority"), ..asked },
        "ignore" => TasksChange { ignore_reason: field("reason"), ..asked },
        attempted => TasksChange { attempted: Some(attempted.to_owned()), ..asked },
    })
}

async fn result_page(state: &AppState, visit: &Visit, outcome: &BulkOutcome, next: String) -> Result<BulkResultPage, Problem> {
    let t = visit.t;
    let changed = outcome.changed.len();
    Ok(BulkResultPage {
        layout: visit.layout(state, t.bulk.result_title, Nav::Elsewhere, None).await?,
        title: t.bulk.result_title.to_owned(),
        done: t.bulk.changed.n(changed),
        refused: outcome.refused.iter().map(|(task, why)| left(task, why_left(*why, t))).collect(),
        undo: (changed > 0).then(|| format!("/tasks/bulk/{}/undo", outcome.batch)),
        next,
    })
}

async fn undone_page(state: &AppState, visit: &Visit, outcome: &UndoOutcome, next: String) -> Result<BulkResultPage, Problem> {
    let t = visit.t;
    Ok(BulkResultPage {
        layout: visit.layout(state, t.bulk.undo_title, Nav::Elsewhere, None).await?,
        title: t.bulk.undo_title.to_owned(),
        done: t.bulk.put_back.n(outcome.undone.len()),
        refused: outcome.refused.iter().map(|(task, why)| left(task, why_kept(*why, t))).collect(),
        undo: None,
        next,
    })
}

fn left(task: &Task, why: &str) -> (String, String, String) {
    let id: TaskId = task.id;
    (task.title.clone(), format!("/customers/{}?task={id}#task", task.customer_id), why.to_owned())
}

const fn why_left(refusal: BulkRefusal, t: &Text) -> &'static str {
    match refusal {
        BulkRefusal::Ignored => t.bulk.why_ignored,
        BulkRefusal::Forbidden => t.bulk.why_forbidden,
        BulkRefusal::InvalidTransition => t.bulk.why_transition,
        BulkRefusal::AnswerRequired => t.bulk.why_answer,
        BulkRefusal::EvidenceRequired => t.bulk.why_evidence,
        BulkRefusal::ApprovalRequired => t.bulk.why_approval,
        BulkRefusal::AtDocument => t.bulk.why_document,
    }
}

const fn why_kept(refusal: UndoRefusal, t: &Text) -> &'static str {
    match refusal {
        UndoRefusal::ChangedSince => t.bulk.why_changed,
        UndoRefusal::Forbidden => t.bulk.why_forbidden,
    }
}
