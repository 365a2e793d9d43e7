//! The firm's settings.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use muster_domain::firm::{Firm, Logo};
use muster_service::{Error, FieldError};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::resource;
use crate::{
    input::firm::FirmPatch,
    problem::Problem,
    request::{IfMatch, JsonBody, read_body},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read, change)).routes(routes!(set_logo, remove_logo))
}

/// The firm's settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Firm)]
struct FirmBody {
    name: String,
    /// Whom mails come from; null: as the program was started with.
    mail_from: Option<String>,
    /// Where people reach Muster; null: as the program was started with.
    public_url: Option<String>,
    /// Proxies that are believed about where requests come from.
    trusted_proxies: Option<String>,
    /// Whether there is a logo, at /firm/logo.
    has_logo: bool,
    version: i32,
}

impl From<Firm> for FirmBody {
    fn from(firm: Firm) -> Self {
        Self {
            name: firm.name,
            mail_from: firm.mail_from,
            public_url: firm.public_url,
            trusted_proxies: firm.trusted_proxies,
            has_logo: firm.has_logo,
            version: firm.version,
        }
    }
}

fn body(firm: Firm) -> Response {
    let version = firm.version;
    resource(FirmBody::from(firm), version)
}

/// The firm's settings
#[utoipa::path(get, path = "/firm", tag = "firm", security(("session" = [])), responses((status = 200, body = FirmBody), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn read(State(state): State<AppState>, SignedIn(actor): SignedIn) -> Result<Response, Problem> {
    Ok(body(state.context.firm(&actor).await?))
}

/// Change the firm's settings
#[utoipa::path(
    patch,
    path = "/firm",
    tag = "firm",
    security(("session" = [])),
    params(("If-Match" = String, Header, description = "the ETag that was read")),
    request_body = FirmPatch,
    responses(
        (status = 200, body = FirmBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)
    )
)]
async fn change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    version: IfMatch,
    JsonBody(patch): JsonBody<FirmPatch>,
) -> Result<Response, Problem> {
    let current = state.context.firm(&actor).await?;
    let expected = version.required()?;
    Ok(body(state.context.update_firm(&actor, &patch.applied_to(&current)?, expected).await?))
}

/// Set the firm's logo: the body is a picture, PNG or JPEG
#[utoipa::path(
    put,
    path = "/firm/logo",
    tag = "firm",
    security(("session" = [])),
    request_body(content = Vec<u8>, content_type = "image/png"),
    responses((status = 200, body = FirmBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem))
)]
async fn set_logo(State(state): State<AppState>, SignedIn(actor): SignedIn, request: Request) -> Result<Response, Problem> {
    state.context.firm(&actor).await?;
    let logo = read_logo(read_body(request.into_body()).await?.to_vec())?;
    Ok(body(state.context.set_firm_logo(&actor, Some(&logo)).await?))
}

/// Take the firm's logo away
#[utoipa::path(delete, path = "/firm/logo", tag = "firm", security(("session" = [])), responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn remove_logo(State(state): State<AppState>, SignedIn(actor): SignedIn) -> Result<Response, Problem> {
    state.context.set_firm_logo(&actor, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Reads a picture.
pub fn read_logo(bytes: Vec<u8>) -> Result<Logo, Error> {
    Logo::parse(bytes).map_err(|error| Error::field(FieldError::text("/logo", error)))
}
