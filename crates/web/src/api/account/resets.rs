//! Links that set a new password.

use axum::{Json, extract::State, http::StatusCode};
use muster_domain::ids::UserId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    input::account::new_password,
    problem::Problem,
    request::{Ids, JsonBody},
    session::{SignedIn, Visitor},
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(ask)).routes(routes!(set)).routes(routes!(make))
}

/// Whose password is lost.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetRequest {
    /// The address that they sign in with.
    #[schema(format = Email)]
    email: String,
}

/// What becomes of the mail, if the address is somebody's.
#[derive(Serialize, ToSchema)]
struct ResetAnswer {
    /// queued, or held where this installation has no mail server.
    mail: &'static str,
}

/// The new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    /// 12 to 128 characters, not a common one.
    #[schema(format = Password, min_length = 12, max_length = 128)]
    password: String,
}

/// A link that sets a new password, once.
#[derive(Serialize, ToSchema)]
#[schema(as = ResetLink)]
struct LinkBody {
    /// Hand it to the person; it is shown this one time.
    url: String,
    /// When it ends.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Ask for a link that sets a new password; the answer does not tell whether somebody has the address
#[utoipa::path(
    post,
    path = "/password-reset",
    tag = "session",
    security(()),
    request_body = ResetRequest,
    responses((status = 202, body = ResetAnswer), (status = 422, body = Problem), (status = 429, body = Problem))
)]
async fn ask(
    State(state): State<AppState>,
    visitor: Visitor,
    JsonBody(body): JsonBody<ResetRequest>,
) -> Result<(StatusCode, Json<ResetAnswer>), Problem> {
    state.context.request_password_reset(&body.email, visitor.network()).await?;
    let mail = if state.context.has_mail_server() { "queued" } else { "held" };
    Ok((StatusCode::ACCEPTED, Json(ResetAnswer { mail })))
}

/// Set a new password by a link; it is used up, and all sessions of the person end
#[utoipa::path(
    post,
    path = "/password-reset/{token}",
    tag = "session",
    security(()),
    params(("token" = String, Path)),
    request_body = NewPassword,
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn set(
    State(state): State<AppState>,
    Ids((token,)): Ids<(String,)>,
    JsonBody(body): JsonBody<NewPassword>,
) -> Result<StatusCode, Problem> {
    let password = new_password("/password", &body.password)?;
    state.context.reset_password(&token, &password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a link for somebody, to be handed to them: only where no mails go out
#[utoipa::path(
    post,
    path = "/users/{user_id}/password-reset",
    tag = "people",
    security(("session" = [])),
    params(("user_id" = i32, Path)),
    responses(
        (status = 201, body = LinkBody), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "there is a mail server: the person asks for the link themselves")
    )
)]
async fn make(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(UserId,)>,
) -> Result<(StatusCode, Json<LinkBody>), Problem> {
    let link = state.context.make_reset_link(&actor, id).await?;
    Ok((StatusCode::CREATED, Json(LinkBody { url: link.url, expires_at: link.expires_at.to_string() })))
}
