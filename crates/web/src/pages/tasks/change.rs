//! The form that changes a task.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use muster_domain::{
    access::Action,
    ids::TaskId,
    tasks::{Task, TaskChange},
};
use muster_service::{Error, FieldError};

use super::{cell::SentCell, conflict::conflict_page, home, named_person};
use crate::{
    input::tasks::TaskPatch,
    pages::{
        field_errors::FieldErrors,
        surroundings::allow,
        visit::{Form, Said, Visit, go_on},
        workspace::{Address, workspace_page},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
};

/// Changes a task. Somebody who was slower sees both versions; what cannot be taken comes back in
/// the form. A row of a list that is open gets itself back.
pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TaskId,)>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let task = state.context.task(&visit.actor, id).await?;
    allow(&visit, task.customer_id, Action::ChangeTask { approval_step: task.approval_step.as_deref() })?;
    let expected = form.version().ok_or(Error::VersionRequired)?;
    let changed = match wanted(&form, &task) {
        Ok(change) => state.context.update_task(&visit.actor, id, &change, expected).await,
        Err(error) => Err(error),
    };
    if let Some(cell) = SentCell::of(&headers, &task, &form) {
        return cell.answer(&state, &visit, changed).await;
    }
    match changed {
        Ok(_) => Ok(go_on(&form.next(&home(&task)), Some(&Said::Saved))),
        Err(Error::Invalid(errors)) => refuse(&state, &visit, &task, &form, errors).await,
        Err(Error::Stale { .. }) => {
            let page = conflict_page(&state, &visit, id, &form).await?;
            Ok(visit.answer_with(StatusCode::CONFLICT, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form wants to change. A person who has the task already stays, even one who could not
/// be given it any more.
fn wanted(form: &Form, task: &Task) -> Result<TaskChange, Error> {
    let field = |name: &str| form.get(name).map(|value| Some(value.to_owned()));
    let assigned_to = match form.get("assigned_to") {
        None => None,
        Some(_) => Some(named_person(form, "assigned_to")?),
    };
    let current = task.assigned_to.as_ref().map(|person| person.id.0);
    let patch = TaskPatch {
        title: field("title"),
        description: field("description"),
        priority: form.get("priority").map(ToOwned::to_owned),
        assigned_to: assigned_to.filter(|wanted| *wanted != current),
        due_date: field("due_date"),
        recurrence: field("recurrence"),
        notes: field("notes"),
        ..TaskPatch::default()
    };
    patch.parse()
}

/// The task in its workspace once more, with what was typed and what was wrong with it.
async fn refuse(state: &AppState, visit: &Visit, task: &Task, form: &Form, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let address = Address { task: Some(task.id), ..Address::of_form(task.customer_id, &form.text("next")) };
    let mut page = workspace_page(state, visit, &address, true).await?;
    let errors = FieldErrors::beside(errors, &["title", "description", "due_date", "notes", "assigned_to", "recurrence"])?;
    if let Some(drawer) = &mut page.drawer {
        drawer.version = form.version().map_or(drawer.version, i64::from);
        drawer.edit = drawer.edit.take().map(|edit| edit.typed(form, &errors, visit.t));
    }
    Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
