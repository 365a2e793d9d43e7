//! Documents: saving, reading and writing here, their life cycle in `decisions`, their versions in
//! `versions`, files that stand as documents in `files`.

mod bodies;
mod decisions;
mod exports;
mod files;
mod versions;

use axum::{extract::State, response::Response};
use muster_domain::ids::{DocumentId, PlanId, TemplateId};
use muster_service::DocumentRequest;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::bodies::{DocumentBody, SavedDocument};
pub(crate) use self::exports::which as export_parameters;
use super::{created, resource};
use crate::{
    input::documents::{DocumentPatch, NewDocument},
    problem::Problem,
    request::{Ids, IfMatch, JsonBody, OptionalCreation},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(save))
        .routes(routes!(read, change))
        .routes(routes!(refresh))
        .merge(decisions::routes())
        .merge(files::routes())
        .merge(exports::routes())
        .merge(versions::routes())
}

/// Save a filled template as a document, with its document-level tasks
#[utoipa::path(
    post,
    path = "/plans/{plan_id}/templates/{template_id}/documents",
    tag = "documents",
    params(("plan_id" = Uuid, Path), ("template_id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Option<NewDocument>,
    responses((status = 201, body = SavedDocument), (status = 200, body = SavedDocument, description = "it has been saved already"), (status = 409, body = Problem, description = "required answers are missing"))
)]
async fn save(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    OptionalCreation(input): OptionalCreation<NewDocument>,
) -> Result<Response, Problem> {
    let name = input.body.parse()?;
    let request = DocumentRequest { name: name.as_ref(), is_draft: input.body.draft.unwrap_or(false) };
    let made = state.context.save_document(&actor, plan, template, request, &input.once).await?;
    let (location, version) = (format!("/api/v1/documents/{}", made.value.document.id), made.value.document.version);
    Ok(created(made.is_new, &location, version, SavedDocument::from(made.value)))
}

/// A document with its tasks, its review and approval, and what has changed since
#[utoipa::path(get, path = "/documents/{document_id}", tag = "documents", params(("document_id" = Uuid, Path)), responses((status = 200, body = DocumentBody), (status = 404, body = Problem)))]
async fn read(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(DocumentId,)>) -> Result<Response, Problem> {
    let view = state.context.document_view(&actor, id).await?;
    let version = view.document.version;
    Ok(resource(DocumentBody::from(view), version))
}

/// Change a draft: its name, text, number, classification; or when the document has to be read again
#[utoipa::path(
    patch,
    path = "/documents/{document_id}",
    tag = "documents",
    params(("document_id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = DocumentPatch,
    responses((status = 200, body = DocumentBody), (status = 404, body = Problem), (status = 409, body = Problem, description = "it is in review or approved"), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem))
)]
async fn change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    if_match: IfMatch,
    JsonBody(body): JsonBody<DocumentPatch>,
) -> Result<Response, Problem> {
    state.context.edit_document(&actor, id, &body.parse()?, if_match.required()?).await?;
    shown(&state, &actor, id).await
}

/// Fill a draft with the latest answers; what was written into its text stays
#[utoipa::path(
    post,
    path = "/documents/{document_id}/refresh",
    tag = "documents",
    params(("document_id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = DocumentBody), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem))
)]
async fn refresh(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    IfMatch(expected): IfMatch,
) -> Result<Response, Problem> {
    state.context.refresh_document(&actor, id, expected).await?;
    shown(&state, &actor, id).await
}

/// A document after it has been changed.
async fn shown(state: &AppState, actor: &muster_domain::access::Actor, id: DocumentId) -> Result<Response, Problem> {
    let view = state.context.document_view(actor, id).await?;
    let version = view.document.version;
    Ok(resource(DocumentBody::from(view), version))
}
