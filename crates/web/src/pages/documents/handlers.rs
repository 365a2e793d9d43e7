//! Reading a document.

use axum::{Router, extract::State, response::Response, routing::get};
use muster_domain::ids::DocumentId;

use super::view;
use crate::{
    pages::{surroundings::customer_nav, visit::Visit},
    problem::Problem,
    request::Ids,
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/documents/{id}", get(show)).merge(super::exports::routes())
}

async fn show(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(DocumentId,)>) -> Result<Response, Problem> {
    let (document, tasks) = state.context.document(&visit.actor, id).await?;
    let has_pdf = state.context.has_pdf();
    let layout = visit.layout(&state, &document.name, customer_nav(&visit), Some(document.customer_id.0)).await?;
    Ok(visit.answer(&view::page(&visit, layout, document, &tasks, has_pdf)))
}
