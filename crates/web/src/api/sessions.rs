//! Signing in and out.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    problem::Problem,
    request::JsonBody,
    session::{AtOwnAccount, Visitor, begin_cookie, end_cookie, session_token},
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(sign_in, sign_out))
}

/// What signs a person in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    /// The e-mail address.
    #[schema(format = Email)]
    email: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
    /// The code of a two-step sign-in, or a recovery code; only where the account has it.
    totp: Option<String>,
}

/// A session that has begun; its secret is in the cookie only.
#[derive(Debug, Serialize, ToSchema)]
struct Session {
    /// When it ends at the latest.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Sign in; sets the session cookie
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    security(()),
    request_body = Credentials,
    responses(
        (status = 201, body = Session),
        (status = 401, body = Problem, description = "wrong-credentials, or totp-required where only the code is missing"),
        (status = 429, body = Problem)
    )
)]
async fn sign_in(State(state): State<AppState>, visitor: Visitor, JsonBody(body): JsonBody<Credentials>) -> Result<Response, Problem> {
    let credentials = muster_service::Credentials { email: &body.email, password: &body.password };
    let session = state.context.sign_in(credentials, body.totp.as_deref(), visitor.browser()).await?;
    let mut response = (StatusCode::CREATED, Json(Session { expires_at: session.expires_at.to_string() })).into_response();
    if let Some(cookie) = begin_cookie(&session.token, state.is_secure) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Sign out; ends the session
#[utoipa::path(
    delete,
    path = "/session",
    tag = "session",
    security(("session" = [])),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem))
)]
async fn sign_out(State(state): State<AppState>, _account: AtOwnAccount, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = session_token(&headers, state.is_secure) {
        state.context.sign_out(&token).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = end_cookie(state.is_secure) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
