//! One's own sessions.

use axum::{Json, extract::State, http::StatusCode};
use muster_domain::{access::Actor, account::Session, ids::SessionId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    api::List,
    problem::Problem,
    request::{Ids, Parameters},
    session::AtOwnAccount,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, end_others)).routes(routes!(end))
}

/// A session of the signed-in person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnSession)]
struct SessionBody {
    id: Uuid,
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last used, to the minute.
    #[schema(format = DateTime)]
    last_seen_at: String,
    /// When it ends at the latest.
    #[schema(format = DateTime)]
    expires_at: String,
    /// The network address that it began from.
    network: String,
    /// The browser or program, by its own account.
    user_agent: String,
    /// Whether this request came with it.
    is_current: bool,
}

impl SessionBody {
    fn of(session: Session, actor: &Actor) -> Self {
        Self {
            id: session.id.0,
            created_at: session.created_at.to_string(),
            last_seen_at: session.last_seen_at.to_string(),
            expires_at: session.expires_at.to_string(),
            network: session.network,
            user_agent: session.user_agent,
            is_current: actor.session() == Some(session.id),
        }
    }
}

/// My sessions, the one used last first
#[utoipa::path(
    get,
    path = "/me/sessions",
    tag = "me",
    security(("session" = [])),
    params(("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<SessionBody>), (status = 401, body = Problem))
)]
async fn list(
    State(state): State<AppState>,
    AtOwnAccount(actor): AtOwnAccount,
    parameters: Parameters,
) -> Result<Json<List<SessionBody>>, Problem> {
    let sessions = state.context.own_sessions(&actor).await?;
    let bodies = sessions.into_iter().map(|one| SessionBody::of(one, &actor)).collect();
    Ok(Json(List::part_of(bodies, &parameters, &["last_seen_at"])?))
}

/// End all my sessions but this one
#[utoipa::path(delete, path = "/me/sessions", tag = "me", security(("session" = [])), responses((status = 204), (status = 401, body = Problem)))]
async fn end_others(State(state): State<AppState>, AtOwnAccount(actor): AtOwnAccount) -> Result<StatusCode, Problem> {
    state.context.end_other_sessions(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End one of my sessions
#[utoipa::path(
    delete,
    path = "/me/sessions/{session_id}",
    tag = "me",
    security(("session" = [])),
    params(("session_id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem))
)]
async fn end(
    State(state): State<AppState>,
    AtOwnAccount(actor): AtOwnAccount,
    Ids((id,)): Ids<(SessionId,)>,
) -> Result<StatusCode, Problem> {
    state.context.end_own_session(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
