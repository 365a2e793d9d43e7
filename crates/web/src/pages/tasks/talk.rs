//! Saying something about a task.

use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{access::Action, ids::TaskId, tasks::Task};
use muster_service::{Error, FieldError, Once};

use super::home;
use crate::{
    input::task_lists::NewComment,
    pages::{
        field_errors::FieldErrors,
        surroundings::allow,
        visit::{Form, Visit, go_on},
        workspace::{Address, workspace_page},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
};

/// Adds a comment. Who is chosen beside it is named in it.
pub(super) async fn say(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TaskId,)>, form: Form) -> Result<Response, Problem> {
    let task = state.context.task(&visit.actor, id).await?;
    allow(&visit, task.customer_id, Action::Comment)?;
    let said = match (NewComment { body: Some(written(&form)) }).parse() {
        Ok(body) => state.context.add_comment(&visit.actor, id, &body, &Once::unkeyed()).await,
        Err(error) => Err(error),
    };
    match said {
        Ok(_) => Ok(go_on(&form.next(&home(&task)), None)),
        Err(Error::Invalid(errors)) => refuse(&state, &visit, &task, &form, errors).await,
        Err(error) => Err(error.into()),
    }
}

/// What was written, with whom was chosen beside it, unless they are named in it already. A comment
/// that only names somebody says nothing.
fn written(form: &Form) -> String {
    let (body, chosen) = (form.text("body"), form.text("mention"));
    if chosen.is_empty() || body.trim().is_empty() || body.contains(&chosen) { body } else { format!("{chosen} {body}") }
}

/// The task in its workspace once more, with what was typed and what was wrong with it.
async fn refuse(state: &AppState, visit: &Visit, task: &Task, form: &Form, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let address = Address { task: Some(task.id), ..Address::of_form(task.customer_id, &form.text("next")) };
    let mut page = workspace_page(state, visit, &address, true).await?;
    let errors = FieldErrors::beside(errors, &["body"])?;
    if let Some(drawer) = &mut page.drawer {
        drawer.talk.body = errors.field_or("body", form.text("body"), visit.t.talk.blank, visit.t);
    }
    Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
