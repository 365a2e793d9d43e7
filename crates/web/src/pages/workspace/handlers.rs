//! Opening a workspace, and adding a task to it.

use askama::Template as _;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::get,
};
use muster_domain::{access::Action, ids::CustomerId};
use muster_service::{Error, FieldError, Once, WorkspacePass, WorkspaceView};

use super::{Address, drawer_page, frame, is_for, page_of, workspace_page};
use crate::{
    input::tasks::NewTask,
    pages::{
        field_errors::FieldErrors,
        lists,
        surroundings::allow,
        tasks::named_person,
        visit::{Form, Visit, WorkspaceVisit, go_on},
    },
    problem::Problem,
    ready,
    request::{Ids, Parameters},
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/customers/{id}", get(show)).route("/customers/{id}/tasks", get(lists::show).post(add))
}

/// The workspace of a customer; for a workspace that is open already, only the task that was asked for.
async fn show(
    State(state): State<AppState>,
    WorkspaceVisit { visit, pass }: WorkspaceVisit,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let address = Address::read(pass.customer(), parameters.pairs());
    let mut response = match address.task {
        Some(task) if is_for(&headers, "drawer") => visit.answer(&drawer_page(&state, &visit, &address, task).await?),
        None if visit.is_told_nothing() => ready_page(&state, &visit, &pass, &address, &headers).await?,
        _ => visit.answer(&workspace_page(&state, &visit, &address, false).await?),
    };
    // One address, two answers: a browser that goes back must not take the part for the page.
    response.headers_mut().append(header::VARY, HeaderValue::from_static("hx-target"));
    Ok(response)
}

/// The page as it was written down before, where nothing that it shows has changed.
async fn ready_page(
    state: &AppState,
    visit: &Visit,
    pass: &WorkspacePass,
    address: &Address,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let layout = frame(state, visit, address).await?;
    let name = visit.name_of_page(&layout);
    let write = |view: WorkspaceView| {
        page_of(state, visit, address, &view, layout, false).render().map(String::into_bytes).map_err(Error::internal)
    };
    Ok(ready::answer(&*state.context.ready_page(pass, name, write).await?, headers, "text/html; charset=utf-8"))
}

/// Adds a task. The form stays open for the next one.
async fn add(State(state): State<AppState>, visit: Visit, Ids((customer,)): Ids<(CustomerId,)>, form: Form) -> Result<Response, Problem> {
    allow(&visit, customer, Action::ShapeWork)?;
    let address = Address { add: form.get("node").map(ToOwned::to_owned), task: None, ..Address::of_form(customer, &form.text("next")) };
    let added = match new_task(&form).and_then(|task| task.parse()) {
        Ok(task) => state.context.add_task(&visit.actor, customer, &task, &Once::unkeyed()).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(go_on(&address.whole(), None)),
        Err(Error::Invalid(errors)) => refuse(&state, &visit, &address, &form, errors).await,
        Err(error) => Err(error.into()),
    }
}

/// The workspace once more, with what was typed and what was wrong with it.
async fn refuse(state: &AppState, visit: &Visit, address: &Address, form: &Form, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let mut page = workspace_page(state, visit, address, true).await?;
    let errors = FieldErrors::beside(errors, &["title", "due_date", "assigned_to", "recurrence"])?;
    page.adding = page.adding.map(|adding| adding.typed(form, &errors, visit.t));
    Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn new_task(form: &Form) -> Result<NewTask, Error> {
    let field = |name: &str| form.get(name).map(ToOwned::to_owned);
    Ok(NewTask {
        title: field("title"),
        description: field("description"),
        task_type: field("task_type"),
        task_scope: field("task_scope"),
        plan_id: field("plan_id"),
        template_id: field("template_id"),
        document_id: field("document_id"),
        priority: field("priority"),
        requires_evidence: Some(form.is_on("requires_evidence")),
        evidence_description: field("evidence_description"),
        assigned_to: named_person(form, "assigned_to")?,
        assignee_role: field("assignee_role"),
        due_date: field("due_date"),
        recurrence: field("recurrence"),
        notes: field("notes"),
    })
}
