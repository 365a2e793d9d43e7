//! Files that stand as documents.

use axum::{
    extract::{Request, State},
    http::HeaderMap,
    response::Response,
};
use muster_domain::ids::{DocumentId, PlanId, TemplateId};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    bodies::{DocumentBody, SavedDocument},
    shown,
};
use crate::{
    api::{
        created,
        evidence::{SentFile, send_file},
    },
    input::documents::uploaded,
    problem::Problem,
    request::{Ids, IfMatch, Parameters, read_upload},
    session::SignedIn,
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(upload)).routes(routes!(replace, read))
}

/// A file that shall stand as a document, as multipart/form-data.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read piece by piece")]
struct DocumentForm {
    /// A Word (.docx, without macros) or PDF file.
    #[schema(value_type = String, format = Binary)]
    file: String,
    /// The document's name; the file's unless given.
    name: Option<String>,
    /// The SHA-256 of the file, as 64 hexadecimal digits: where what arrived has another, nothing is kept.
    sha256: Option<String>,
}

/// Save a Word or PDF file of one's own as a document, with the same life cycle
#[utoipa::path(
    post,
    path = "/plans/{plan_id}/templates/{template_id}/documents/file",
    tag = "documents",
    params(
        ("plan_id" = Uuid, Path), ("template_id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header),
        ("Content-Digest" = Option<String>, Header, description = "sha-256 of the body, or of the file")
    ),
    request_body(content = DocumentForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = SavedDocument), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
        (status = 507, body = Problem)
    )
)]
async fn upload(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let form = read_upload(parts.uri.path(), &parts.headers, body, state.context.begin_document_file(&actor, plan)).await?;
    let once = form.once.clone();
    let made = state.context.upload_document(&actor, plan, template, uploaded(form)?, &once).await?;
    let (location, version) = (format!("/api/v1/documents/{}", made.value.document.id), made.value.document.version);
    Ok(created(true, &location, version, SavedDocument::from(made.value)))
}

/// Put another file in the place of a draft's
#[utoipa::path(
    post,
    path = "/documents/{document_id}/file",
    tag = "documents",
    params(("document_id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    request_body(content = DocumentForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = DocumentBody), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "it is in review or approved"), (status = 412, body = Problem), (status = 413, body = Problem),
        (status = 415, body = Problem), (status = 422, body = Problem), (status = 507, body = Problem)
    )
)]
async fn replace(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    IfMatch(expected): IfMatch,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let form = read_upload(parts.uri.path(), &parts.headers, body, state.context.begin_new_document_file(&actor, id)).await?;
    state.context.replace_document_file(&actor, id, uploaded(form)?, expected).await?;
    shown(&state, &actor, id).await
}

/// The file that a document is: it is hashed before the first byte goes out
#[utoipa::path(
    get,
    path = "/documents/{document_id}/file",
    tag = "documents",
    params(("document_id" = Uuid, Path), ("version" = Option<String>, Query, description = "a version such as 2 or 2.1; the latest unless given")),
    responses(
        (status = 200, body = String, content_type = "application/octet-stream", description = "its ETag is the SHA-256 of the file"),
        (status = 304), (status = 404, body = Problem, description = "there is no such document, or it is a text"),
        (status = 409, body = Problem, description = "document-tampered"), (status = 500, body = Problem, description = "file-damaged")
    )
)]
async fn read(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    parameters: Parameters,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let (file, verified) = state.context.document_file(&actor, id, parameters.parse("version")?).await?;
    let sent = SentFile { sha256: &file.sha256, media_type: &file.media_type, name: &file.file_name };
    send_file(&sent, &asked, std::future::ready(Ok(verified))).await
}
