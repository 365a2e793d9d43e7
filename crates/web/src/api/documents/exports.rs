//! Documents as files.

use axum::{extract::State, response::Response};
use muster_domain::{
    documents::ExportFormat,
    ids::{DocumentId, PlanId},
};
use muster_service::{Error, FieldError};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    download,
    problem::Problem,
    request::{Ids, Parameters},
    session::SignedIn,
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(export)).routes(routes!(archive))
}

/// A document as a file: the latest version as it stands, or the given one. The file of an approved version never changes
#[utoipa::path(
    get,
    path = "/documents/{document_id}/export",
    tag = "documents",
    params(
        ("document_id" = Uuid, Path),
        ("format" = String, Query, description = "html, pdf or docx"),
        ("version" = Option<i32>, Query, description = "a version that was handed in, or the draft; the latest unless given")
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "the file, of the media type of its format"),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "what is kept is not what was handed in, or the document is a file already"),
        (status = 422, body = Problem),
        (status = 503, body = Problem, description = "there is no PDF at present; its type says why, Retry-After when to ask again")
    )
)]
async fn export(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let (format, version) = which(&parameters)?;
    Ok(download::document(state.context.export_document(&actor, id, format, version).await?))
}

/// Format and version of an export.
pub(crate) fn which(parameters: &Parameters) -> Result<(ExportFormat, Option<i32>), Problem> {
    let format = parameters.parse::<ExportFormat>("format")?;
    let format = format.ok_or_else(|| Error::field(FieldError::new("/format", "required", "must be html, pdf or docx")))?;
    Ok((format, parameters.parse("version")?))
}

/// All documents of a plan as a ZIP with an index: of each the version in force, else its draft, marked as one
#[utoipa::path(
    get,
    path = "/plans/{plan_id}/documents.zip",
    tag = "documents",
    params(("plan_id" = Uuid, Path)),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/zip", description = "as Word files, and as PDF where the PDF program is there"),
        (status = 404, body = Problem)
    )
)]
async fn archive(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(PlanId,)>) -> Result<Response, Problem> {
    let (name, archive) = state.context.plan_archive(&actor, id).await?;
    Ok(download::archive(&name, archive))
}
