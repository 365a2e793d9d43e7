//! Evidence: files and links that show that something is so.

mod bodies;
mod files;

use axum::{
    Json,
    extract::{Request, State},
    http::HeaderMap,
    response::Response,
};
use muster_domain::{
    evidence::Evidence,
    ids::{CustomerId, EvidenceId, TaskId},
};
use muster_service::Error;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::bodies::{EvidenceBody, EvidenceForm, GapBody};
pub(crate) use self::files::{SentFile, download, preview, send_file};
use super::{List, created, plans::ReasonBody, resource};
use crate::{
    input::{
        evidence::{EvidenceTask, NewEvidenceLink, evidence_filter, evidence_sort, handed_in, refuse_unknown_fields},
        reason,
    },
    problem::Problem,
    request::{Creation, Ids, IfMatch, JsonBody, Parameters, read_upload},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(add_link))
        .routes(routes!(gaps))
        .routes(routes!(read))
        .routes(routes!(versions))
        .routes(routes!(content))
        .routes(routes!(show))
        .routes(routes!(link))
        .routes(routes!(unlink))
        .routes(routes!(accept))
        .routes(routes!(reject))
}

/// A customer's evidence, the latest first
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/evidence",
    tag = "evidence",
    params(
        ("customer_id" = i32, Path), ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query),
        ("sort" = Option<String>, Query, description = "received, name or valid_until"),
        ("q" = Option<String>, Query, description = "words in the name, the note or the address"),
        ("state" = Option<String>, Query, description = "waiting, accepted, sent_back or replaced"),
        ("validity" = Option<String>, Query, description = "expiring (its last day is near) or expired"),
        ("kind" = Option<String>, Query, description = "record, policy, screenshot, certificate, report, contract or other"),
        ("plan_id" = Option<Uuid>, Query, description = "that serves a task of this plan, or of what is below it"),
        ("template_id" = Option<Uuid>, Query, description = "that serves a task of this template, or of a document of it"),
        ("task_id" = Option<Uuid>, Query, description = "that serves this task"),
        ("status" = Option<String>, Query, description = "pending, accepted or rejected"),
        ("current" = Option<bool>, Query, description = "without what something else came in the place of")
    ),
    responses((status = 200, body = List<EvidenceBody>), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn list(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Json<List<EvidenceBody>>, Problem> {
    let (filter, sort, slice) = (evidence_filter(&parameters)?, evidence_sort(&parameters)?, parameters.slice()?);
    let page = state.context.evidence_list(&actor, customer, &filter, sort, slice).await?;
    let next_cursor = parameters.next_cursor(slice, page.total);
    Ok(Json(List { items: page.items.into_iter().map(EvidenceBody::from).collect(), next_cursor, total: page.total }))
}

/// Tasks that need evidence and have none that is accepted and still valid
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/evidence/gaps",
    tag = "evidence",
    params(
        ("customer_id" = i32, Path), ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query),
        ("plan_id" = Option<Uuid>, Query), ("template_id" = Option<Uuid>, Query)
    ),
    responses((status = 200, body = List<GapBody>), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn gaps(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Json<List<GapBody>>, Problem> {
    let (of, slice) = ((parameters.parse("plan_id")?, parameters.parse("template_id")?), parameters.slice()?);
    let page = state.context.evidence_gaps(&actor, customer, of, slice).await?;
    let next_cursor = parameters.next_cursor(slice, page.total);
    Ok(Json(List { items: page.items.into_iter().map(GapBody::from).collect(), next_cursor, total: page.total }))
}

/// Hand in a file as evidence for tasks
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/evidence",
    tag = "evidence",
    params(
        ("customer_id" = i32, Path), ("Idempotency-Key" = Option<String>, Header),
        ("Content-Digest" = Option<String>, Header, description = "sha-256 of the body, or of the file")
    ),
    request_body(content = EvidenceForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = EvidenceBody), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
        (status = 507, body = Problem)
    )
)]
async fn add(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let form = read_upload(parts.uri.path(), &parts.headers, body, state.context.begin_file(&actor, customer)).await?;
    refuse_unknown_fields(&form)?;
    let once = form.once.clone();
    made(state.context.add_evidence(&actor, customer, handed_in(form)?, &once).await?.value)
}

/// Hand in a link as evidence for tasks
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/evidence/links",
    tag = "evidence",
    params(("customer_id" = i32, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewEvidenceLink,
    responses(
        (status = 201, body = EvidenceBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
async fn add_link(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    input: Creation<NewEvidenceLink>,
) -> Result<Response, Problem> {
    made(state.context.add_evidence(&actor, customer, input.body.parse()?, &input.once).await?.value)
}

fn made(handed_in: Vec<Evidence>) -> Result<Response, Problem> {
    let evidence = handed_in.into_iter().next().ok_or_else(|| Error::internal("nothing was handed in"))?;
    let (location, version) = (format!("/api/v1/evidence/{}", evidence.id), evidence.version);
    Ok(created(true, &location, version, EvidenceBody::from(evidence)))
}

fn answer(evidence: Evidence) -> Response {
    let version = evidence.version;
    resource(EvidenceBody::from(evidence), version)
}

/// What is known of a file
#[utoipa::path(get, path = "/evidence/{evidence_id}", tag = "evidence", params(("evidence_id" = Uuid, Path)), responses((status = 200, body = EvidenceBody), (status = 404, body = Problem)))]
async fn read(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(EvidenceId,)>) -> Result<Response, Problem> {
    Ok(answer(state.context.evidence(&actor, id).await?))
}

/// All versions of a piece of evidence, the latest first: what came in its place, and what it came in the place of
#[utoipa::path(
    get,
    path = "/evidence/{evidence_id}/versions",
    tag = "evidence",
    params(("evidence_id" = Uuid, Path), ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<EvidenceBody>), (status = 404, body = Problem))
)]
async fn versions(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(EvidenceId,)>,
    parameters: Parameters,
) -> Result<Json<List<EvidenceBody>>, Problem> {
    let all = state.context.evidence_versions(&actor, id).await?;
    Ok(Json(List::part_of(all.into_iter().map(EvidenceBody::from).collect(), &parameters, &["received"])?))
}

/// The file itself, as it was handed in: it is hashed before the first byte goes out
#[utoipa::path(
    get,
    path = "/evidence/{evidence_id}/content",
    tag = "evidence",
    params(("evidence_id" = Uuid, Path)),
    responses(
        (status = 200, body = String, content_type = "application/octet-stream", description = "its ETag is the SHA-256 of the file"),
        (status = 304), (status = 404, body = Problem), (status = 500, body = Problem, description = "file-damaged: it is not what was handed in any more")
    )
)]
async fn content(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(EvidenceId,)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let evidence = state.context.evidence(&actor, id).await?;
    download(&state, &evidence, &headers).await
}

/// The file to be shown inside a page, where it is a PDF, a picture or text: it is hashed before the first byte goes out
#[utoipa::path(
    get,
    path = "/evidence/{evidence_id}/preview",
    tag = "evidence",
    params(("evidence_id" = Uuid, Path)),
    responses(
        (status = 200, body = String, content_type = "application/octet-stream", description = "as it is, inline, in a sandbox; text as text/plain, whatever kind of text it is"),
        (status = 304), (status = 404, body = Problem, description = "also of what is not shown in pages"),
        (status = 500, body = Problem, description = "file-damaged: it is not what was handed in any more")
    )
)]
async fn show(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(EvidenceId,)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let evidence = state.context.evidence(&actor, id).await?;
    preview(&state, &evidence, &headers).await
}

/// Let evidence serve a further task
#[utoipa::path(
    post,
    path = "/evidence/{evidence_id}/tasks",
    tag = "evidence",
    params(("evidence_id" = Uuid, Path)),
    request_body = EvidenceTask,
    responses(
        (status = 200, body = EvidenceBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
async fn link(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(EvidenceId,)>,
    JsonBody(body): JsonBody<EvidenceTask>,
) -> Result<Response, Problem> {
    Ok(answer(state.context.link_evidence(&actor, id, body.parse()?).await?))
}

/// Take evidence off a task that it was linked to by mistake
#[utoipa::path(
    delete,
    path = "/evidence/{evidence_id}/tasks/{task_id}",
    tag = "evidence",
    params(("evidence_id" = Uuid, Path), ("task_id" = Uuid, Path)),
    responses((status = 200, body = EvidenceBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn unlink(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id, task)): Ids<(EvidenceId, TaskId)>,
) -> Result<Response, Problem> {
    Ok(answer(state.context.unlink_evidence(&actor, id, task).await?))
}

/// Accept evidence: what only waited for it is completed
#[utoipa::path(
    post,
    path = "/evidence/{evidence_id}/accept",
    tag = "evidence",
    params(("evidence_id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = EvidenceBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem))
)]
async fn accept(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(EvidenceId,)>,
    version: IfMatch,
) -> Result<Response, Problem> {
    Ok(answer(state.context.accept_evidence(&actor, id, version.0).await?))
}

/// Send evidence back with a reason: what cannot be done without it is taken up again
#[utoipa::path(
    post,
    path = "/evidence/{evidence_id}/reject",
    tag = "evidence",
    params(("evidence_id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    request_body = ReasonBody,
    responses((status = 200, body = EvidenceBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem))
)]
async fn reject(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(EvidenceId,)>,
    version: IfMatch,
    JsonBody(body): JsonBody<ReasonBody>,
) -> Result<Response, Problem> {
    let reason = reason(body.reason.as_deref())?;
    Ok(answer(state.context.send_back_evidence(&actor, id, &reason, version.0).await?))
}
