//! One's own password.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{input::account::new_password, problem::Problem, request::JsonBody, session::AtOwnAccount, state::AppState};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(change))
}

/// A password for another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    /// The present password.
    #[schema(format = Password)]
    current_password: String,
    /// The new one: 12 to 128 characters, not a common one.
    #[schema(format = Password, min_length = 12, max_length = 128)]
    new_password: String,
}

/// Change my password; all my other sessions end
#[utoipa::path(
    post,
    path = "/me/password",
    tag = "me",
    security(("session" = [])),
    request_body = PasswordChange,
    responses(
        (status = 204), (status = 401, body = Problem),
        (status = 422, body = Problem, description = "the present password is wrong, or the new one cannot be taken"),
        (status = 429, body = Problem)
    )
)]
async fn change(
    State(state): State<AppState>,
    AtOwnAccount(actor): AtOwnAccount,
    JsonBody(body): JsonBody<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let new = new_password("/new_password", &body.new_password)?;
    state.context.change_password(&actor, &body.current_password, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}
