//! Taking a document out: as a file, on paper, or all of a plan at once.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use muster_domain::ids::{DocumentId, PlanId};

use crate::{
    api::export_parameters,
    download, filters,
    pages::visit::Visit,
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
    text::Text,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/documents/{id}/export", get(export))
        .route("/documents/{id}/print", get(print))
        .route("/plans/{id}/documents.zip", get(archive))
}

/// What a document can be taken out as.
#[derive(Debug, Clone)]
pub struct ExportMenu {
    /// The document's id.
    pub id: String,
    /// The version that is shown.
    pub version: String,
    /// Whether PDF files can be made now.
    pub has_pdf: bool,
}

/// `GET /documents/{id}/print`.
#[derive(Debug, Clone, Template)]
#[template(path = "documents/print.html")]
pub struct PrintPage {
    /// Words.
    pub t: &'static Text,
    /// The document's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Title, whose it is and which version, text and approvals: made by us, every answer escaped.
    pub html: String,
}

async fn export(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(DocumentId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let (format, version) = export_parameters(&parameters)?;
    Ok(download::document(state.context.export_document(&visit.actor, id, format, version).await?))
}

async fn archive(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(PlanId,)>) -> Result<Response, Problem> {
    let (name, archive) = state.context.plan_archive(&visit.actor, id).await?;
    Ok(download::archive(&name, archive))
}

async fn print(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(DocumentId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let (document, sheet) = state.context.document_sheet(&visit.actor, id, parameters.parse("version")?).await?;
    Ok(visit.answer(&PrintPage {
        t: visit.t,
        id: document.id.to_string(),
        name: sheet.frame.name.clone(),
        html: muster_paper::content(&sheet),
    }))
}
