//! The description of the API as a page.

use std::sync::Arc;

use axum::{Extension, Router, extract::State, response::Response, routing::get};
use muster_service::Error;
use utoipa::openapi::OpenApi;

use super::view;
use crate::{layout::Nav, pages::visit::Visit, problem::Problem, state::AppState};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/api/docs", get(show))
}

async fn show(State(state): State<AppState>, visit: Visit, Extension(document): Extension<Arc<OpenApi>>) -> Result<Response, Problem> {
    let document = serde_json::to_value(&*document).map_err(Error::internal)?;
    let layout = visit.layout(&state, visit.t.api.title, Nav::Elsewhere, None).await?;
    Ok(visit.answer(&view::page(layout, &document, visit.t)))
}
