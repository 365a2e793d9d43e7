//! What was found.

use axum::{Router, extract::State, response::Response, routing::get};
use muster_domain::{ids::CustomerId, search::SearchWords};

use super::view;
use crate::{
    layout::Nav,
    pages::{surroundings::customer_nav, visit::Visit},
    problem::Problem,
    request::Parameters,
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/search", get(show))
}

/// Finds `q`, in the customer `customer` where one is given, unless `everywhere` says otherwise.
async fn show(State(state): State<AppState>, visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let slice = parameters.slice()?;
    let customer = match parameters.parse::<CustomerId>("customer")? {
        Some(id) => Some(state.context.customer(&visit.actor, id).await?),
        None => None,
    };
    let is_everywhere = parameters.is_on("everywhere")?;
    let scope = customer.as_ref().filter(|_| !is_everywhere).map(|customer| customer.id);
    let found = match SearchWords::read(parameters.get("q").unwrap_or_default()) {
        Some(words) => Some(state.context.search(&visit.actor, scope, words, slice).await?),
        None => None,
    };
    let nav = if customer.is_some() { customer_nav(&visit) } else { Nav::Elsewhere };
    let layout = visit.layout(&state, visit.t.search.title, nav, customer.as_ref().map(|customer| customer.id.0)).await?;
    let paging = view::paging(&parameters, slice, found.as_ref());
    Ok(visit.answer(&view::page(layout, &parameters, customer.as_ref(), scope, found, paging, visit.t)))
}
