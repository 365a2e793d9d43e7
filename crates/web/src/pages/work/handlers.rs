//! The signed-in person's own work.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
    routing::get,
};
use muster_domain::views::ViewedList;
use muster_service::Slice;

use super::view::work_page;
use crate::{
    layout::Nav,
    pages::{
        lists::{List, PAGE, Views, Wanted, task_beside, with_default},
        visit::{Visit, see_other},
        workspace::is_for,
    },
    problem::Problem,
    request::Parameters,
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/my-work", get(show))
}

/// The open tasks of the signed-in person, across customers; for a list that is open already, only
/// the task that was asked for.
async fn show(State(state): State<AppState>, visit: Visit, headers: HeaderMap, parameters: Parameters) -> Result<Response, Problem> {
    let wanted = Wanted::read(List::my_work(), &parameters);
    let kept = state.context.views(&visit.actor, ViewedList::MyWork, None).await?;
    if let Some(first) = with_default(&wanted, &kept) {
        return Ok(see_other(&first));
    }
    let beside = match wanted.task {
        Some(task) => Some(task_beside(&state, &visit, &wanted, task).await?),
        None => None,
    };
    let mut response = match beside {
        Some(task) if is_for(&headers, "drawer") => visit.answer(&task),
        beside => {
            let slice = Slice { limit: PAGE, offset: (wanted.page - 1) * PAGE };
            let work = state.context.my_work(&visit.actor, &wanted.filter, wanted.sort, slice).await?;
            let people = match wanted.filter.customer.filter(|id| work.customers.iter().any(|(known, _)| known == id)) {
                Some(customer) => state.context.assignable_people(&visit.actor, customer).await?,
                None => Vec::new(),
            };
            let layout = visit.layout(&state, visit.t.my_work.title, Nav::MyWork, None).await?;
            let views = Views::of(ViewedList::MyWork, None, &kept, &wanted);
            visit.answer(&work_page(&visit, layout, &wanted, &work, &people, views, beside.and_then(|page| page.drawer)))
        }
    };
    // One address, two answers: a browser that goes back must not take the part for the page.
    response.headers_mut().append(header::VARY, HeaderValue::from_static("hx-target"));
    Ok(response)
}
