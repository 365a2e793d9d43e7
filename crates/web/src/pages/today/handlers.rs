//! The firm's board.

use axum::{Router, extract::State, response::Response, routing::get};

use super::{TodayPage, view};
use crate::{format, layout::Nav, pages::visit::Visit, problem::Problem, request::Parameters, state::AppState};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/today", get(today))
}

async fn today(State(state): State<AppState>, visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let mine = parameters.is_on("mine")?;
    let board = state.context.board(&visit.actor, mine).await?;
    let layout = visit.layout(&state, visit.t.today.title, Nav::Today, None).await?;
    let page = TodayPage {
        layout,
        today: format::long(visit.today(), visit.t),
        mine,
        // Who sees all customers may look after some of them; who sees only theirs looks after all.
        has_mine: visit.actor.is_admin() && (mine || !visit.actor.memberships().is_empty()),
        has_customers: board.customers > 0 || mine,
        lists: view::sections(board, &visit),
    };
    Ok(visit.answer(&page))
}
