//! Whether the process lives, and whether it can serve.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{problem::Problem, state::AppState, text::ENGLISH};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ready))
}

/// How it is.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`.
    status: &'static str,
}

/// Whether the process lives
#[utoipa::path(get, path = "/health/live", tag = "health", security(()), responses((status = 200, body = Health)))]
async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether it can serve: the database answers and has this program's schema
#[utoipa::path(
    get,
    path = "/health/ready",
    tag = "health",
    security(()),
    responses((status = 200, body = Health), (status = 503, body = Problem))
)]
async fn ready(State(state): State<AppState>) -> impl IntoResponse {
    if !state.draining.has_begun() && state.context.is_ready().await {
        return Json(Health { status: "ok" }).into_response();
    }
    let t = &ENGLISH.problem;
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", t.unavailable, t.unavailable_do);
    problem.retry_after(2).into_response()
}
