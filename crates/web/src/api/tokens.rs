//! API tokens: a person's own, and those of the firm's integrations.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use muster_domain::{
    access::Actor,
    ids::TokenId,
    tokens::{TokenDetails, TokenOwner, TokenRight},
};
use muster_service::TokenMade;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::List;
use crate::{
    input::tokens::NewToken,
    problem::Problem,
    request::{Ids, JsonBody, Parameters},
    session::InPerson,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(my_tokens, make_my_token))
        .routes(routes!(revoke_my_token))
        .routes(routes!(integrations, make_integration))
        .routes(routes!(revoke_integration))
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
struct TokenBody {
    id: Uuid,
    name: String,
    /// Its beginning, to tell it from others.
    prefix: String,
    /// read, work, shape, people, library, audit.
    rights: Vec<&'static str>,
    /// The customers that it is for; null for all that its issuer may see.
    customer_ids: Option<Vec<i32>>,
    /// Who made it. It never does more than this person may do at the time.
    issued_by: i32,
    issued_by_name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: String,
    /// To the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<String>,
}

/// A token that has just been made, with its secret: shown here once, and never again.
#[derive(Debug, Serialize, ToSchema)]
struct NewTokenMade {
    /// The token itself, to be sent as `Authorization: Bearer`.
    #[schema(example = "mst_5f0c…")]
    token: String,
    #[serde(flatten)]
    details: TokenBody,
}

impl From<TokenDetails> for TokenBody {
    fn from(token: TokenDetails) -> Self {
        Self {
            id: token.id.0,
            name: token.name,
            prefix: token.prefix,
            rights: token.rights.into_iter().map(TokenRight::as_str).collect(),
            customer_ids: token.customer_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            issued_by: token.issuer.0,
            issued_by_name: token.issuer_name,
            created_at: token.created_at.to_string(),
            expires_at: token.expires_at.to_string(),
            last_used_at: token.last_used_at.map(|at| at.to_string()),
        }
    }
}

async fn list(state: &AppState, actor: &Actor, owner: TokenOwner, parameters: &Parameters) -> Result<Json<List<TokenBody>>, Problem> {
    let tokens = state.context.tokens(actor, owner).await?;
    List::part_of(tokens.into_iter().map(TokenBody::from).collect(), parameters, &["-created_at"]).map(Json)
}

async fn make(state: &AppState, actor: &Actor, owner: TokenOwner, place: &str, body: &NewToken) -> Result<Response, Problem> {
    let TokenMade { token, details } = state.context.create_token(actor, owner, &body.parse()?).await?;
    let location = format!("{place}/{}", details.id);
    let made = NewTokenMade { token: token.expose().to_owned(), details: details.into() };
    let mut response = (StatusCode::CREATED, Json(made)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

async fn revoke(state: &AppState, actor: &Actor, owner: TokenOwner, id: TokenId) -> Result<StatusCode, Problem> {
    state.context.revoke_token(actor, owner, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// My API tokens, the latest first
#[utoipa::path(
    get,
    path = "/me/tokens",
    tag = "tokens",
    security(("session" = [])),
    params(("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<TokenBody>), (status = 401, body = Problem), (status = 403, body = Problem))
)]
async fn my_tokens(
    State(state): State<AppState>,
    InPerson(actor): InPerson,
    parameters: Parameters,
) -> Result<Json<List<TokenBody>>, Problem> {
    list(&state, &actor, TokenOwner::Person, &parameters).await
}

/// Make an API token; the answer shows it, this once
#[utoipa::path(
    post,
    path = "/me/tokens",
    tag = "tokens",
    security(("session" = [])),
    request_body = NewToken,
    responses((status = 201, body = NewTokenMade), (status = 403, body = Problem), (status = 422, body = Problem))
)]
async fn make_my_token(
    State(state): State<AppState>,
    InPerson(actor): InPerson,
    JsonBody(body): JsonBody<NewToken>,
) -> Result<Response, Problem> {
    make(&state, &actor, TokenOwner::Person, "/api/v1/me/tokens", &body).await
}

/// Revoke one of my API tokens, at once and for good
#[utoipa::path(
    delete,
    path = "/me/tokens/{token_id}",
    tag = "tokens",
    security(("session" = [])),
    params(("token_id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn revoke_my_token(
    State(state): State<AppState>,
    InPerson(actor): InPerson,
    Ids((id,)): Ids<(TokenId,)>,
) -> Result<StatusCode, Problem> {
    revoke(&state, &actor, TokenOwner::Person, id).await
}

/// The tokens of the firm's integrations, the latest first
#[utoipa::path(
    get,
    path = "/integrations",
    tag = "tokens",
    security(("session" = [])),
    params(("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<TokenBody>), (status = 401, body = Problem), (status = 403, body = Problem))
)]
async fn integrations(
    State(state): State<AppState>,
    InPerson(actor): InPerson,
    parameters: Parameters,
) -> Result<Json<List<TokenBody>>, Problem> {
    list(&state, &actor, TokenOwner::Integration, &parameters).await
}

/// Make a token for an integration; the answer shows it, this once
#[utoipa::path(
    post,
    path = "/integrations",
    tag = "tokens",
    security(("session" = [])),
    request_body = NewToken,
    responses((status = 201, body = NewTokenMade), (status = 403, body = Problem), (status = 422, body = Problem))
)]
async fn make_integration(
    State(state): State<AppState>,
    InPerson(actor): InPerson,
    JsonBody(body): JsonBody<NewToken>,
) -> Result<Response, Problem> {
    make(&state, &actor, TokenOwner::Integration, "/api/v1/integrations", &body).await
}

/// Revoke the token of an integration, at once and for good
#[utoipa::path(
    delete,
    path = "/integrations/{integration_id}",
    tag = "tokens",
    security(("session" = [])),
    params(("integration_id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn revoke_integration(
    State(state): State<AppState>,
    InPerson(actor): InPerson,
    Ids((id,)): Ids<(TokenId,)>,
) -> Result<StatusCode, Problem> {
    revoke(&state, &actor, TokenOwner::Integration, id).await
}
