//! The firm's settings.

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use muster_domain::{
    account::TotpRequirements,
    firm::{Firm, Logo},
};
use muster_service::{Error, FieldError};
use serde::{Deserialize, Serialize};
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
    OpenApiRouter::new()
        .routes(routes!(read, change))
        .routes(routes!(set_logo, remove_logo))
        .routes(routes!(read_two_step, require_two_step))
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

/// For whom the firm requires two-step sign-in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TwoStepRequirements)]
#[serde(deny_unknown_fields)]
struct TwoStepBody {
    /// For the firm's own people.
    for_firm: bool,
    /// For approvers.
    for_approvers: bool,
}

impl From<TotpRequirements> for TwoStepBody {
    fn from(required: TotpRequirements) -> Self {
        Self { for_firm: required.for_firm, for_approvers: required.for_approvers }
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

/// For whom the firm requires two-step sign-in
#[utoipa::path(get, path = "/firm/two-step", tag = "firm", security(("session" = [])), responses((status = 200, body = TwoStepBody), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn read_two_step(State(state): State<AppState>, SignedIn(actor): SignedIn) -> Result<Json<TwoStepBody>, Problem> {
    state.context.firm(&actor).await?;
    Ok(Json(state.context.totp_requirements().await?.into()))
}

/// Require two-step sign-in of the firm's people, or of approvers
#[utoipa::path(
    put,
    path = "/firm/two-step",
    tag = "firm",
    security(("session" = [])),
    request_body = TwoStepBody,
    responses((status = 200, body = TwoStepBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem))
)]
async fn require_two_step(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    JsonBody(body): JsonBody<TwoStepBody>,
) -> Result<Json<TwoStepBody>, Problem> {
    let wanted = TotpRequirements { for_firm: body.for_firm, for_approvers: body.for_approvers };
    state.context.set_totp_requirements(&actor, wanted).await?;
    Ok(Json(wanted.into()))
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
