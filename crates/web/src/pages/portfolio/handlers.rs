//! The portfolio, and where people without one begin.

use axum::{Router, extract::State, response::Response, routing::get};
use muster_domain::{
    access::FirmAction,
    ids::CustomerId,
    tasks::{TaskFilter, TaskSort},
};
use muster_service::{CustomerFilter, PortfolioFilter, PortfolioSort, Slice};

use super::view;
use crate::{
    api::table_format,
    download,
    input::task_lists::{task_filter, task_sort},
    layout::Nav,
    pages::visit::{Visit, see_other},
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/", get(start)).route("/portfolio/export", get(export)).route("/customers/{id}/tasks/export", get(export_tasks))
}

async fn start(State(state): State<AppState>, visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    if !visit.may_firm(FirmAction::ReadPortfolio) {
        return Ok(see_other(&own_place(&state, &visit).await?));
    }
    let asked = Asked::read(&parameters)?;
    let slice = parameters.slice()?;
    let (rows, totals) = state.context.portfolio(&visit.actor, &asked.filter, asked.sort, slice).await?;
    let standards = state.context.standards(&visit.actor).await?;
    let layout = visit.layout(&state, visit.t.portfolio.title, Nav::Portfolio, None).await?;
    let paging = view::paging(&parameters, slice, &rows, &totals);
    Ok(visit.answer(&view::page(&visit, layout, &asked, rows, &totals, &standards, paging)))
}

/// The list as it is filtered, as a file.
async fn export(State(state): State<AppState>, visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::ReadPortfolio)?;
    let (asked, format) = (Asked::read(&parameters)?, table_format(&parameters)?);
    Ok(download::table("Portfolio", format, state.context.portfolio_table(&visit.actor, &asked.filter, asked.sort, format).await?))
}

/// A customer's tasks as a file, with the filters of the list of tasks.
async fn export_tasks(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let (filter, sort, format) =
        (task_filter(&parameters, TaskFilter::default())?, task_sort(&parameters, &TaskSort::ALL)?, table_format(&parameters)?);
    let (name, bytes) = state.context.task_table(&visit.actor, customer, &filter, sort, format).await?;
    Ok(download::table(&format!("{name} tasks"), format, bytes))
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
            is_mine: parameters.is_on("mine")?,
            is_overdue: parameters.is_on("overdue")?,
            is_waiting: parameters.is_on("waiting")?,
            is_due_this_week: parameters.is_on("week")?,
            has_expiring_evidence: parameters.is_on("expiring")?,
            has_no_templates: parameters.is_on("no_templates")?,
            is_quiet: parameters.is_on("quiet")?,
            standard: parameters.parse("standard")?,
        };
        let (sort_key, sort) = match parameters.get("sort") {
            Some("overdue") => ("overdue", PortfolioSort::Overdue),
            Some("waiting") => ("waiting", PortfolioSort::Waiting),
            Some("due") => ("due", PortfolioSort::NextDue),
            Some("progress") => ("progress", PortfolioSort::Progress),
            Some("expiring") => ("expiring", PortfolioSort::Evidence),
            Some("quiet") => ("quiet", PortfolioSort::Quiet),
            _ => ("name", PortfolioSort::Name),
        };
        Ok(Self { filter, sort, sort_key })
    }
}
