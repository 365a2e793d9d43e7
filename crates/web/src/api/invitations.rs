//! Invitations, for whoever holds the link.

use axum::{Json, extract::State, http::HeaderMap};
use muster_domain::people::Invitation;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    input::people::NewAccount,
    problem::Problem,
    request::{Ids, JsonBody},
    session::session_holder,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(accept))
}

/// What an invitation is for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
struct InvitationBody {
    #[schema(format = Email)]
    email: String,
    /// The name to begin with.
    name: String,
    /// The customer; null for the firm.
    customer_name: Option<String>,
    /// Whether they have an account: then they sign in with it to accept.
    has_account: bool,
}

/// An invitation that was accepted.
#[derive(Debug, Serialize, ToSchema)]
struct AcceptedBody {
    user_id: i32,
    #[schema(format = Email)]
    email: String,
    /// The customer; null for the firm.
    customer_id: Option<i32>,
}

impl From<Invitation> for InvitationBody {
    fn from(invitation: Invitation) -> Self {
        Self {
            email: invitation.email,
            name: invitation.name,
            customer_name: invitation.customer_name,
            has_account: invitation.has_account,
        }
    }
}

/// What an invitation is for; unknown, used and ended ones are not told apart
#[utoipa::path(
    get,
    path = "/invitations/{token}",
    tag = "people",
    security(()),
    params(("token" = String, Path)),
    responses((status = 200, body = InvitationBody), (status = 404, body = Problem))
)]
async fn read(State(state): State<AppState>, Ids((token,)): Ids<(String,)>) -> Result<Json<InvitationBody>, Problem> {
    Ok(Json(state.context.invitation(&token).await?.into()))
}

/// Accept an invitation; whoever has no account yet sets a password, whoever has one is signed in with it
#[utoipa::path(
    post,
    path = "/invitations/{token}/accept",
    tag = "people",
    security(()),
    params(("token" = String, Path)),
    request_body = NewAccount,
    responses((status = 200, body = AcceptedBody), (status = 401, body = Problem, description = "they have an account, and are not signed in with it"), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn accept(
    State(state): State<AppState>,
    headers: HeaderMap,
    Ids((token,)): Ids<(String,)>,
    JsonBody(body): JsonBody<NewAccount>,
) -> Result<Json<AcceptedBody>, Problem> {
    // A link that is not good is told before anything else.
    state.context.invitation(&token).await?;
    let (name, password) = body.parse()?;
    let accepted =
        state.context.accept_invitation(&token, name.as_ref(), password.as_ref(), session_holder(&headers, &state).await).await?;
    Ok(Json(AcceptedBody { user_id: accepted.user_id.0, email: accepted.email, customer_id: accepted.customer.map(|id| id.0) }))
}
