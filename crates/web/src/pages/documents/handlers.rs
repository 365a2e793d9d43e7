//! Reading a document.

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use muster_domain::{documents::VersionChoice, ids::DocumentId};

use super::{DocumentPage, decide, edit, exports, moves, upload, view};
use crate::{
    pages::{surroundings::customer_nav, visit::Visit},
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/documents/{id}", get(show))
        .route("/documents/{id}/edit", get(edit::show).post(edit::save))
        .route("/documents/{id}/decision", post(decide::decide))
        .route("/documents/{id}/submit", post(moves::submit))
        .route("/documents/{id}/withdraw", post(moves::withdraw))
        .route("/documents/{id}/refresh", post(moves::refresh))
        .route("/documents/{id}/versions", post(moves::begin_version))
        .route("/documents/{id}/file", post(upload::replace))
        .route("/plans/{id}/templates/{tid}/documents/file", post(upload::upload))
        .merge(exports::routes())
}

/// What of a document is shown.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shown {
    /// The version that is read; none: the latest.
    pub(super) version: Option<VersionChoice>,
    /// What it is compared with, where the changes are shown.
    pub(super) from: Option<VersionChoice>,
}

async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(DocumentId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let version = parameters.parse("version")?.filter(|one| *one != VersionChoice::Latest);
    let is_on = parameters.get("view") == Some("changes");
    let from = if is_on { Some(parameters.parse("from")?.unwrap_or(VersionChoice::Earlier)) } else { None };
    Ok(visit.answer(&page(&state, &visit, id, Shown { version, from }).await?))
}

/// The page of a document.
pub(super) async fn page(state: &AppState, visit: &Visit, id: DocumentId, shown: Shown) -> Result<DocumentPage, Problem> {
    let from = state.context.document_view(&visit.actor, id).await?;
    let read = match shown.version {
        Some(VersionChoice::Kept { number, round }) => Some(state.context.document_version(&visit.actor, id, number, round).await?),
        _ => None,
    };
    let compared = match shown.from {
        Some(with) => Some(state.context.document_texts(&visit.actor, id, with, shown.version.unwrap_or(VersionChoice::Latest)).await?),
        None => None,
    };
    let document = &from.document;
    let layout = visit.layout(state, &document.name, customer_nav(visit), Some(document.customer_id.0)).await?;
    let has_pdf = state.context.has_pdf();
    let needs_proof = !state.context.is_confirmed(&visit.actor);
    Ok(view::page(
        visit,
        layout,
        &view::Source { from: &from, read: read.as_ref(), compared: compared.as_ref(), shown, needs_proof, has_pdf },
    ))
}
