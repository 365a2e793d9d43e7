//! The signed-in person's own work.

use axum::{Router, extract::State, response::Response, routing::get};

use super::{filter::Wanted, view::work_page};
use crate::{layout::Nav, pages::visit::Visit, problem::Problem, request::Parameters, state::AppState};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/my-work", get(show))
}

/// The open tasks of the signed-in person, across customers.
async fn show(State(state): State<AppState>, visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let wanted = Wanted::read(&parameters);
    let tasks = state.context.my_work(&visit.actor).await?;
    let layout = visit.layout(&state, visit.t.my_work.title, Nav::MyWork, None).await?;
    Ok(visit.answer(&work_page(&visit, layout, &wanted, &tasks)))
}
