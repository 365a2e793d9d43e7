//! The portfolio, and where people without one begin.

use axum::{Router, extract::State, response::Response, routing::get};
use muster_domain::access::FirmAction;
use muster_service::{CustomerFilter, PortfolioFilter, PortfolioSort, Slice};

use super::view;
use crate::{
    layout::Nav,
    pages::visit::{Visit, see_other},
    problem::Problem,
    request::Parameters,
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/", get(start))
}

async fn start(State(state): State<AppState>, visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    if !visit.may_firm(FirmAction::ReadPortfolio) {
        return Ok(see_other(&own_place(&state, &visit).await?));
    }
    let asked = Asked::read(&parameters)?;
    let slice = parameters.slice()?;
    let (rows, totals) = state.context.portfolio(&visit.actor, &asked.filter, asked.sort, slice).await?;
    let attention = match totals.overdue {
        0 => None,
        _ => state.context.most_overdue(&visit.actor).await?,
    };
    let layout = visit.layout(&state, visit.t.portfolio.title, Nav::Portfolio, None).await?;
    let paging = view::paging(&parameters, slice, &rows, &totals);
    Ok(visit.answer(&view::page(&visit, layout, &asked, rows, &totals, attention, paging)))
}

/// Where somebody of a customer begins: in its workspace, or at their own work when there are
/// several workspaces or none.
async fn own_place(state: &AppState, visit: &Visit) -> Result<String, Problem> {
    let mine = state.context.customers(&visit.actor, &CustomerFilter::default(), Slice { limit: 2, offset: 0 }).await?;
    Ok(match mine.items.as_slice() {
        [only] => format!("/customers/{}", only.id),
        _ => "/my-work".to_owned(),
    })
}

/// What is asked of the portfolio.
pub(super) struct Asked {
    pub(super) filter: PortfolioFilter,
    pub(super) sort: PortfolioSort,
    /// The order's name in the address.
    pub(super) sort_key: &'static str,
}

impl Asked {
    fn read(parameters: &Parameters) -> Result<Self, Problem> {
        let filter = PortfolioFilter {
            words: parameters.get("q").map(ToOwned::to_owned),
            is_overdue: parameters.is_on("overdue")?,
            is_waiting: parameters.is_on("waiting")?,
            has_no_templates: parameters.is_on("no_templates")?,
        };
        let (sort_key, sort) = match parameters.get("sort") {
            Some("overdue") => ("overdue", PortfolioSort::Overdue),
            Some("due") => ("due", PortfolioSort::NextDue),
            Some("progress") => ("progress", PortfolioSort::Progress),
            _ => ("name", PortfolioSort::Name),
        };
        Ok(Self { filter, sort, sort_key })
    }
}
