//! Visiting a customer's workspace: who it is and what has changed are asked in one round trip.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use muster_domain::ids::CustomerId;
use muster_service::WorkspacePass;

use super::{AccountVisit, BY_ITSELF, Visit, here_of, purpose_of, see_other};
use crate::{problem::Problem, request::Ids, session::session_token, state::AppState};

/// A visitor of a customer's workspace, with their pass to it.
pub(crate) struct WorkspaceVisit {
    /// The visitor.
    pub(crate) visit: Visit,
    /// Leave to see it, in the versions that are in force.
    pub(crate) pass: WorkspacePass,
}

impl FromRequestParts<AppState> for WorkspaceVisit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let Ids((customer,)) = match Ids::<(CustomerId,)>::from_request_parts(parts, state).await {
            Ok(ids) => ids,
            // Whoever is not signed in is told so first, as everywhere.
            Err(problem) => return Err(Visit::from_request_parts(parts, state).await.err().unwrap_or_else(|| problem.into_response())),
        };
        let by_itself = parts.headers.contains_key(BY_ITSELF);
        let (visit, pass) = match session_token(&parts.headers, state.is_secure) {
            Some(token) if !by_itself => {
                let (actor, pass) = match state.context.open_workspace_in_session(&token, customer, purpose_of(parts)).await {
                    Ok((actor, pass)) => (Ok(actor), Some(pass)),
                    Err(error) => (Err(error), None),
                };
                let here = here_of(parts);
                (Visit::of(parts, state, actor, here, true)?, pass)
            }
            _ => (AccountVisit::from_request_parts(parts, state).await?.0, None),
        };
        if state.context.is_held_back(&visit.actor) {
            return Err(see_other("/profile/totp"));
        }
        let pass = match pass {
            Some(pass) => pass,
            None => state.context.workspace_pass(&visit.actor, customer).await,
        };
        match pass {
            Ok(pass) => Ok(Self { visit, pass }),
            Err(error) => Err(Problem::from(error).into_response()),
        }
    }
}
