//! The life cycle of a document: handing in, taking back, reviewing, approving, sending back.

use axum::{extract::State, response::Response};
use muster_domain::ids::DocumentId;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{bodies::DocumentBody, shown};
use crate::{
    api::plans::ReasonBody,
    input::{
        documents::{Approval, Review, remark},
        reason,
    },
    problem::Problem,
    request::{Ids, IfMatch, JsonBody, OptionalCreation},
    session::SignedIn,
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(submit))
        .routes(routes!(withdraw))
        .routes(routes!(review))
        .routes(routes!(approve))
        .routes(routes!(reject))
}

/// Hand a document in for review and approval: from now on its content stands still
#[utoipa::path(
    post,
    path = "/documents/{document_id}/submit",
    tag = "documents",
    params(("document_id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses(
        (status = 200, body = DocumentBody), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "it is no draft, has gaps, or no rule asks for a review or an approval"), (status = 412, body = Problem)
    )
)]
async fn submit(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    IfMatch(expected): IfMatch,
) -> Result<Response, Problem> {
    state.context.submit_document(&actor, id, expected).await?;
    shown(&state, &actor, id).await
}

/// Take a document back out of review: it is a draft again
#[utoipa::path(
    post,
    path = "/documents/{document_id}/withdraw",
    tag = "documents",
    params(("document_id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = DocumentBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem))
)]
async fn withdraw(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    IfMatch(expected): IfMatch,
) -> Result<Response, Problem> {
    state.context.withdraw_document(&actor, id, expected).await?;
    shown(&state, &actor, id).await
}

/// Complete the review whose turn it is; completing its task does the same. Not for its authors
#[utoipa::path(
    post,
    path = "/documents/{document_id}/review",
    tag = "documents",
    params(("document_id" = Uuid, Path)),
    request_body = Option<Review>,
    responses((status = 200, body = DocumentBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn review(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    OptionalCreation(input): OptionalCreation<Review>,
) -> Result<Response, Problem> {
    let remark = remark(input.body.remark.as_deref())?;
    state.context.review_document(&actor, id, remark.as_ref()).await?;
    shown(&state, &actor, id).await
}

/// Approve at every step that is mine, in order; the last one puts the version in force. Not for its authors, not for tokens
#[utoipa::path(
    post,
    path = "/documents/{document_id}/approve",
    tag = "documents",
    security(("session" = [])),
    params(("document_id" = Uuid, Path)),
    request_body = Option<Approval>,
    responses(
        (status = 200, body = DocumentBody), (status = 403, body = Problem, description = "an author, a token, or nobody who is named for a step"),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "it is not in review, or an earlier step is somebody else's"),
        (status = 422, body = Problem, description = "the password or code is missing or wrong"), (status = 429, body = Problem)
    )
)]
async fn approve(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    OptionalCreation(input): OptionalCreation<Approval>,
) -> Result<Response, Problem> {
    let remark = input.body.remark()?;
    state.context.approve_document(&actor, id, input.body.proof(), remark.as_ref()).await?;
    shown(&state, &actor, id).await
}

/// Send a document back with a reason; its author gets a task. Not for its authors, who take it back
#[utoipa::path(
    post,
    path = "/documents/{document_id}/reject",
    tag = "documents",
    params(("document_id" = Uuid, Path)),
    request_body = ReasonBody,
    responses((status = 200, body = DocumentBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn reject(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    JsonBody(body): JsonBody<ReasonBody>,
) -> Result<Response, Problem> {
    state.context.reject_document(&actor, id, &reason(body.reason.as_deref())?).await?;
    shown(&state, &actor, id).await
}
