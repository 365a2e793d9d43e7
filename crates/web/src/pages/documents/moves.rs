//! Moving a document on: handing it in, taking it back, filling it anew, beginning the next version.

use axum::{extract::State, response::Response};
use muster_domain::ids::DocumentId;
use muster_service::NextVersion;

use crate::{
    pages::visit::{Form, Said, Visit, go_on},
    problem::Problem,
    request::Ids,
    state::AppState,
};

fn back(id: DocumentId, said: &Said) -> Response {
    go_on(&format!("/documents/{id}"), Some(said))
}

pub(super) async fn submit(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(DocumentId,)>,
    form: Form,
) -> Result<Response, Problem> {
    state.context.submit_document(&visit.actor, id, form.version()).await?;
    Ok(back(id, &Said::DocumentSubmitted))
}

pub(super) async fn withdraw(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(DocumentId,)>,
    form: Form,
) -> Result<Response, Problem> {
    state.context.withdraw_document(&visit.actor, id, form.version()).await?;
    Ok(back(id, &Said::DocumentWithdrawn))
}

pub(super) async fn refresh(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(DocumentId,)>,
    form: Form,
) -> Result<Response, Problem> {
    state.context.refresh_document(&visit.actor, id, form.version()).await?;
    Ok(back(id, &Said::Saved))
}

pub(super) async fn begin_version(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(DocumentId,)>,
) -> Result<Response, Problem> {
    let begun = state.context.begin_version(&visit.actor, id, NextVersion::default()).await?;
    Ok(back(id, &Said::TasksMade(begun.value.generated_tasks.len())))
}
