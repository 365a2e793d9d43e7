//! `GET /evidence/{id}/tasks`: finding the further tasks that evidence serves, and taking it off one.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use muster_domain::{
    access::{Decision, decide_on_linking},
    evidence::Evidence,
    ids::{EvidenceId, TaskId},
    tasks::{Task, TaskFilter, TaskSort},
};
use muster_service::{Error, FieldError, Slice};

use super::{ServedTask, register_view, view};
use crate::{
    filters,
    layout::{Layout, Nav, Theme},
    pages::{
        surroundings::{count, customer_nav},
        visit::{Form, Said, Visit, go_on},
    },
    parts::{Crumb, Paging},
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

/// Tasks to choose from for evidence.
#[derive(Debug, Clone, Template)]
#[template(path = "evidence/tasks.html")]
pub struct TasksPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Its own address.
    pub action: String,
    /// The evidence's name, and its page.
    pub evidence: (String, String),
    /// Words in the title.
    pub q: String,
    /// The tasks that were found, with their ids.
    pub rows: Vec<(String, ServedTask)>,
    /// Where this page of the list stands.
    pub paging: Paging,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/evidence/{id}/tasks", get(find).post(link)).route("/evidence/{id}/tasks/{task}/unlink", post(unlink))
}

async fn find(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(EvidenceId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let evidence = state.context.evidence(&visit.actor, id).await?;
    if let Decision::Forbid(denial) = decide_on_linking(&visit.actor, evidence.customer_id, &evidence, visit.today()) {
        return Err(Error::Forbidden(denial).into());
    }
    let customer = state.context.customer(&visit.actor, evidence.customer_id).await?;
    let slice = Slice { limit: 25, ..parameters.slice()? };
    let filter = TaskFilter { words: parameters.get("q").map(ToOwned::to_owned), ..TaskFilter::default() };
    let tasks = state.context.tasks(&visit.actor, customer.id, &filter, TaskSort::Hierarchy, slice).await?;
    let layout = visit.layout(&state, visit.t.evidence.link_more, customer_nav(&visit), Some(customer.id.0)).await?;
    let mut crumbs = register_view::crumbs(&visit, customer.id, &customer.name, &evidence.filename);
    let address = format!("/evidence/{id}");
    if let Some(last) = crumbs.last_mut() {
        *last = Crumb::to(evidence.filename.clone(), address.clone());
    }
    crumbs.push(Crumb::here(visit.t.evidence.link_more));
    let action = format!("{address}/tasks");
    Ok(visit.answer(&TasksPage {
        layout,
        crumbs,
        evidence: (evidence.filename.clone(), address),
        q: parameters.get("q").unwrap_or_default().to_owned(),
        rows: tasks.items.iter().filter(|task| !evidence.task_ids.contains(&task.id)).map(|task| row(&visit, &evidence, task)).collect(),
        paging: Paging {
            shown: count(i64::try_from(tasks.items.len()).unwrap_or_default()),
            total: count(tasks.total),
            next: parameters.next_query(slice, tasks.total).map(|query| format!("{action}{query}")),
            first: (slice.offset > 0).then(|| format!("{action}{}", parameters.first_query())),
        },
        action,
    }))
}

fn row(visit: &Visit, evidence: &Evidence, task: &Task) -> (String, ServedTask) {
    let served = ServedTask {
        href: format!("/customers/{}?task={}#task", evidence.customer_id, task.id),
        title: task.title.clone(),
        place: view::place_of(task, visit.t),
        unlink: None,
    };
    (task.id.to_string(), served)
}

async fn link(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(EvidenceId,)>, form: Form) -> Result<Response, Problem> {
    let given = form.get("task_id").unwrap_or_default();
    let task: TaskId = given.parse().map_err(|_| Error::field(FieldError::unknown_reference("/task_id")))?;
    state.context.link_evidence(&visit.actor, id, task).await?;
    Ok(go_on(&form.next(&format!("/evidence/{id}")), Some(&Said::EvidenceLinked)))
}

async fn unlink(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id, task)): Ids<(EvidenceId, TaskId)>,
    form: Form,
) -> Result<Response, Problem> {
    state.context.unlink_evidence(&visit.actor, id, task).await?;
    Ok(go_on(&form.next(&format!("/evidence/{id}")), Some(&Said::EvidenceUnlinked)))
}
