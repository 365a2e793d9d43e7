//! The audit log: reading and exporting it. Nothing changes or removes an entry.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use jiff::tz::TimeZone;
use muster_domain::{
    audit::{AuditEntry, hex},
    ids::CustomerId,
};
use muster_service::{Page, Slice};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::List;
use crate::{
    input::audit::audit_filter,
    problem::Problem,
    request::{Ids, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(export))
        .routes(routes!(firm_list))
        .routes(routes!(firm_export))
        .routes(routes!(checkpoints))
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct EntryBody {
    /// Its place in the log, counted from 1.
    number: i64,
    #[schema(value_type = String, format = DateTime)]
    at: String,
    /// Null where the program itself did it.
    actor_id: Option<i32>,
    /// As it was then.
    actor_name: String,
    /// As it was then.
    actor_email: String,
    /// What was done, such as task.completed.
    action: String,
    subject_kind: String,
    subject_id: String,
    subject_title: String,
    /// The fields that changed, as they were.
    #[schema(value_type = Object, nullable)]
    before: Option<Value>,
    /// The fields that changed, as they are since; of something new all of them.
    #[schema(value_type = Object, nullable)]
    after: Option<Value>,
    previous_hash: String,
    hash: String,
}

impl From<AuditEntry> for EntryBody {
    fn from(entry: AuditEntry) -> Self {
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            number: entry.number,
            at: entry.at.to_string(),
            actor_id: entry.actor.id.map(|id| id.0),
            actor_name: entry.actor.name,
            actor_email: entry.actor.email,
            action: entry.action,
            subject_kind: entry.subject.kind,
            subject_id: entry.subject.id,
            subject_title: entry.subject.title,
            before: json(entry.before),
            after: json(entry.after),
            previous_hash: hex(&entry.previous),
            hash: hex(&entry.hash),
        }
    }
}

/// Who did what, the latest first
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/audit",
    tag = "audit",
    params(
        ("customer_id" = i32, Path),
        ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query),
        ("actor" = Option<String>, Query, description = "words in the actor's name or address"),
        ("action" = Option<String>, Query, description = "an action such as task.completed, or its first part"),
        ("subject" = Option<String>, Query, description = "words in the subject's title, or its id"),
        ("from" = Option<String>, Query, description = "the first day, YYYY-MM-DD, in UTC"),
        ("to" = Option<String>, Query, description = "the last day")
    ),
    responses((status = 200, body = List<EntryBody>), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn list(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Json<List<EntryBody>>, Problem> {
    let filter = audit_filter(&parameters, &TimeZone::UTC)?;
    let slice = parameters.slice()?;
    let page = state.context.audit_entries(&actor, id, &filter, slice).await?;
    Ok(body(&parameters, slice, page))
}

fn body(parameters: &Parameters, slice: Slice, page: Page<AuditEntry>) -> Json<List<EntryBody>> {
    let next_cursor = parameters.next_cursor(slice, page.total);
    Json(List { items: page.items.into_iter().map(EntryBody::from).collect(), next_cursor, total: page.total })
}

/// The whole log as a file that can be verified without a database
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/audit/export",
    tag = "audit",
    params(("customer_id" = i32, Path)),
    responses(
        (status = 200, body = String, content_type = "application/x-ndjson", description = "JSON lines: a header, then the entries from the first on. That it was taken is an entry itself"),
        (status = 403, body = Problem), (status = 404, body = Problem)
    )
)]
async fn export(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    let text = state.context.export_audit_log(&actor, id).await?;
    Ok(download(&format!("audit-{id}.jsonl"), text))
}

/// JSON lines as a file to keep.
fn download(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}

/// Who did what for the firm itself (people, sign-ins, the library, the outbox), the latest first
#[utoipa::path(
    get,
    path = "/audit",
    tag = "audit",
    params(
        ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query),
        ("actor" = Option<String>, Query, description = "words in the actor's name or address"),
        ("action" = Option<String>, Query, description = "an action such as user.signed_in, or its first part"),
        ("subject" = Option<String>, Query, description = "words in the subject's title, or its id"),
        ("from" = Option<String>, Query, description = "the first day, YYYY-MM-DD, in UTC"),
        ("to" = Option<String>, Query, description = "the last day")
    ),
    responses((status = 200, body = List<EntryBody>), (status = 403, body = Problem), (status = 422, body = Problem))
)]
async fn firm_list(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    parameters: Parameters,
) -> Result<Json<List<EntryBody>>, Problem> {
    let filter = audit_filter(&parameters, &TimeZone::UTC)?;
    let slice = parameters.slice()?;
    let page = state.context.firm_audit_entries(&actor, &filter, slice).await?;
    Ok(body(&parameters, slice, page))
}

/// The firm's whole log as a file that can be verified without a database
#[utoipa::path(
    get,
    path = "/audit/export",
    tag = "audit",
    responses(
        (status = 200, body = String, content_type = "application/x-ndjson", description = "JSON lines: a header, then the entries from the first on. That it was taken is an entry itself"),
        (status = 403, body = Problem)
    )
)]
async fn firm_export(State(state): State<AppState>, SignedIn(actor): SignedIn) -> Result<Response, Problem> {
    Ok(download("audit-firm.jsonl", state.context.export_firm_audit_log(&actor).await?))
}

/// Where every log stands, signed now, to be kept outside
#[utoipa::path(
    get,
    path = "/audit/checkpoints",
    tag = "audit",
    responses(
        (status = 200, body = String, content_type = "application/x-ndjson", description = "JSON lines: a signed checkpoint for each log that has entries"),
        (status = 403, body = Problem)
    )
)]
async fn checkpoints(State(state): State<AppState>, SignedIn(actor): SignedIn) -> Result<Response, Problem> {
    Ok(download("checkpoints.jsonl", state.context.take_checkpoints(&actor).await?))
}
