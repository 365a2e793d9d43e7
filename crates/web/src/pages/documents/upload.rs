//! Files that stand as documents, uploaded through a form.

use axum::{
    extract::{Request, State},
    response::Response,
};
use muster_domain::ids::{DocumentId, PlanId, TemplateId};

use crate::{
    input::documents::uploaded,
    pages::visit::{Said, Visit, go_on},
    problem::Problem,
    request::{Ids, read_upload},
    state::AppState,
};

/// Saves a file as a document.
pub(super) async fn upload(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let form = read_upload(parts.uri.path(), &parts.headers, body, state.context.begin_document_file(&visit.actor, plan)).await?;
    let once = form.once.clone();
    let made = state.context.upload_document(&visit.actor, plan, template, uploaded(form)?, &once).await?;
    let said = Said::TasksMade(made.value.generated_tasks.len());
    Ok(go_on(&format!("/documents/{}", made.value.document.id), Some(&said)))
}

/// Puts another file in the place of a draft's.
pub(super) async fn replace(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(DocumentId,)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let form = read_upload(parts.uri.path(), &parts.headers, body, state.context.begin_new_document_file(&visit.actor, id)).await?;
    let expected = form.get("version").and_then(|version| version.parse().ok());
    state.context.replace_document_file(&visit.actor, id, uploaded(form)?, expected).await?;
    Ok(go_on(&format!("/documents/{id}"), Some(&Said::Saved)))
}
