//! Evidence: files that show that something is so.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Json,
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use http_body::{Frame, SizeHint};
use muster_domain::{
    evidence::{Evidence, EvidenceFilter, EvidenceStatus},
    ids::{CustomerId, EvidenceId, TaskId},
};
use muster_service::VerifiedFile;
use serde::Serialize;
use tokio::sync::mpsc;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, created, plans::ReasonBody, resource};
use crate::{
    input::{
        evidence::{handed_in, refuse_unknown_fields},
        reason,
    },
    problem::Problem,
    request::{Ids, IfMatch, JsonBody, Parameters, read_upload},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(read))
        .routes(routes!(content))
        .routes(routes!(accept))
        .routes(routes!(reject))
}

/// A file that was handed in as evidence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Evidence)]
struct EvidenceBody {
    id: Uuid,
    customer_id: i32,
    /// A name, never a path.
    filename: String,
    /// Of the content as it was handed in.
    sha256: String,
    /// In bytes.
    size: i64,
    media_type: String,
    /// pending, accepted or rejected.
    status: &'static str,
    /// The first day that it tells of.
    #[schema(value_type = Option<String>, format = Date)]
    covers_from: Option<String>,
    /// The last one.
    #[schema(value_type = Option<String>, format = Date)]
    covers_to: Option<String>,
    /// The last day on which it shows anything.
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<String>,
    note: Option<String>,
    /// The tasks that it serves, as far as one may see them.
    task_ids: Vec<Uuid>,
    #[schema(value_type = String, format = DateTime)]
    received_at: String,
    uploaded_by: Option<i32>,
    uploaded_by_name: Option<String>,
    /// The respondent who handed it in, where it was nobody with an account; the name is theirs then.
    respondent_id: Option<Uuid>,
    decided_by: Option<i32>,
    decided_by_name: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<String>,
    /// Why it was sent back.
    decision_reason: Option<String>,
    /// The evidence that came in its place.
    replaced_by: Option<Uuid>,
    /// Counts the decisions about it.
    version: i32,
}

impl From<Evidence> for EvidenceBody {
    fn from(from: Evidence) -> Self {
        Self {
            id: from.id.0,
            customer_id: from.customer_id.0,
            filename: from.filename,
            sha256: from.sha256,
            size: from.size,
            media_type: from.media_type,
            status: from.status.as_str(),
            covers_from: from.details.covers_from.map(|date| date.to_string()),
            covers_to: from.details.covers_to.map(|date| date.to_string()),
            valid_until: from.details.valid_until.map(|date| date.to_string()),
            note: from.details.note,
            task_ids: from.task_ids.into_iter().map(|id| id.0).collect(),
            received_at: from.received_at.to_string(),
            uploaded_by: from.uploaded_by.as_ref().map(|person| person.id.0),
            respondent_id: from.respondent.as_ref().map(|one| one.id.0),
            uploaded_by_name: from.uploaded_by.map(|person| person.name).or(from.respondent.map(|one| one.name)),
            decided_by: from.decided_by.as_ref().map(|person| person.id.0),
            decided_by_name: from.decided_by.map(|person| person.name),
            decided_at: from.decided_at.map(|at| at.to_string()),
            decision_reason: from.decision_reason,
            replaced_by: from.replaced_by.map(|id| id.0),
            version: from.version,
        }
    }
}

/// A file to be handed in, as multipart/form-data.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read piece by piece")]
struct EvidenceForm {
    /// The file. Its name and its content have to say the same kind; that of pages, programs, pictures with
    /// scripts and office files with macros is not accepted.
    #[schema(value_type = String, format = Binary)]
    file: String,
    /// A task that it serves; may be repeated.
    #[schema(value_type = Vec<Uuid>)]
    task_id: Option<Vec<Uuid>>,
    /// The first day that it tells of.
    #[schema(value_type = Option<String>, format = Date)]
    covers_from: Option<String>,
    /// The last one.
    #[schema(value_type = Option<String>, format = Date)]
    covers_to: Option<String>,
    /// The last day on which it shows anything.
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<String>,
    /// Words about it.
    note: Option<String>,
    /// The evidence that it comes in the place of.
    replaces: Option<Uuid>,
    /// The SHA-256 of the file, as 64 hexadecimal digits: where what arrived has another, nothing is kept.
    sha256: Option<String>,
}

/// A customer's evidence, the latest first
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/evidence",
    tag = "evidence",
    params(
        ("customer_id" = i32, Path), ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query),
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
    let filter = EvidenceFilter {
        task_id: parameters.parse::<TaskId>("task_id")?,
        status: parameters.parse::<EvidenceStatus>("status")?,
        is_current: parameters.is_on("current")?,
    };
    let slice = parameters.slice()?;
    let page = state.context.evidence_list(&actor, customer, &filter, slice).await?;
    let next_cursor = parameters.next_cursor(slice, page.total);
    Ok(Json(List { items: page.items.into_iter().map(EvidenceBody::from).collect(), next_cursor, total: page.total }))
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
    let evidence = state.context.add_evidence(&actor, customer, handed_in(form)?, &once).await?.value;
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

/// What is said of a file that is sent.
pub(crate) struct SentFile<'a> {
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub(crate) sha256: &'a str,
    /// What it is.
    pub(crate) media_type: &'a str,
    /// Its name.
    pub(crate) name: &'a str,
}

/// The file of a piece of evidence.
pub(crate) async fn download(state: &AppState, evidence: &Evidence, asked: &HeaderMap) -> Result<Response, Problem> {
    let file = SentFile { sha256: &evidence.sha256, media_type: &evidence.media_type, name: &evidence.filename };
    send_file(&file, asked, state.context.evidence_file(evidence)).await
}

/// A file as something to keep, never to show: whatever it holds, a browser runs nothing of it.
pub(crate) async fn send_file(
    file: &SentFile<'_>,
    asked: &HeaderMap,
    open: impl Future<Output = Result<VerifiedFile, muster_service::Error>>,
) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", file.sha256);
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::new(Pieces::of(open.await?)).into_response()
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| drop(HeaderValue::from_str(value).map(|value| headers.insert(name, value)));
    set(header::ETAG, &tag);
    set(header::CONTENT_TYPE, file.media_type);
    set(header::CONTENT_DISPOSITION, &attachment(file.name));
    set(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'");
    // As it was handed in, byte for byte: nothing on the way packs it.
    set(header::CONTENT_ENCODING, "identity");
    Ok(response)
}

/// A name that every browser keeps: plain letters for old ones, the whole name (RFC 5987) for the rest.
fn attachment(filename: &str) -> String {
    let plain: String = filename
        .chars()
        .map(|sign| if sign.is_ascii_graphic() && !matches!(sign, '"' | '\\' | '%') || sign == ' ' { sign } else { '_' })
        .collect();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let whole: String =
        filename.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// The pieces of a file as a body of known length. A piece that is an error breaks the connection off,
/// so that what is not whole is never taken for it.
struct Pieces {
    pieces: mpsc::Receiver<Result<Vec<u8>, muster_service::FileError>>,
    left: u64,
}

impl Pieces {
    fn of(file: VerifiedFile) -> Self {
        Self { left: file.size(), pieces: file.pieces() }
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = muster_service::FileError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.pieces.poll_recv(context).map(|piece| {
            piece.map(|piece| {
                let piece = piece?;
                self.left = self.left.saturating_sub(piece.len() as u64);
                Ok(Frame::data(piece.into()))
            })
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_reach_the_browser_whole_and_harmless() {
        assert_eq!(attachment("Policy 1.pdf"), "attachment; filename=\"Policy 1.pdf\"; filename*=UTF-8''Policy%201.pdf");
        assert_eq!(attachment("a\"b;é.pdf"), "attachment; filename=\"a_b;_.pdf\"; filename*=UTF-8''a%22b%3B%C3%A9.pdf");
        assert!(HeaderValue::from_str(&attachment("報告 \u{7f}.pdf")).is_ok());
    }
}
