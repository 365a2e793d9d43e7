//! The portfolio.

use axum::{Json, extract::State};
use muster_service::{Error, FieldError, PortfolioFilter, PortfolioSort};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, bodies::ProgressBody};
use crate::{problem::Problem, request::Parameters, session::SignedIn, state::AppState};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(portfolio))
}

/// A customer in the portfolio.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortfolioRow)]
struct PortfolioBody {
    customer_id: i32,
    customer_name: String,
    progress: ProgressBody,
    /// Open tasks whose next step is the customer's.
    waiting: i64,
    next_due: Option<NextDue>,
    consultants: Vec<String>,
    plans: Vec<PortfolioPlanBody>,
}

/// The open task that is due first.
#[derive(Debug, Serialize, ToSchema)]
struct NextDue {
    task_id: Uuid,
    title: String,
    #[schema(format = Date)]
    due_date: String,
}

/// A plan in the portfolio.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortfolioPlan)]
struct PortfolioPlanBody {
    id: Uuid,
    iso_code: String,
    total: i64,
    completed: i64,
    percentage: i32,
}

/// Reads the filter and the order of the portfolio.
pub fn portfolio_filter(parameters: &Parameters) -> Result<(PortfolioFilter, PortfolioSort), Problem> {
    let refuse = |name: &str, message: &str| Problem::from(Error::field(FieldError::new(format!("/{name}"), "not-an-option", message)));
    let mut filter = PortfolioFilter { words: parameters.get("q").map(ToOwned::to_owned), ..PortfolioFilter::default() };
    for word in parameters.get("filter").unwrap_or_default().split(',').filter(|word| !word.is_empty()) {
        match word {
            "overdue" => filter.is_overdue = true,
            "waiting" => filter.is_waiting = true,
            "no_templates" => filter.has_no_templates = true,
            _ => return Err(refuse("filter", "must be overdue, waiting or no_templates")),
        }
    }
    let sort = match parameters.get("sort") {
        None | Some("name") => PortfolioSort::Name,
        Some("overdue") => PortfolioSort::Overdue,
        Some("waiting") => PortfolioSort::Waiting,
        Some("next_due") => PortfolioSort::NextDue,
        Some("progress") => PortfolioSort::Progress,
        Some(_) => return Err(refuse("sort", "must be name, overdue, waiting, next_due or progress")),
    };
    Ok((filter, sort))
}

/// The firm's customers with progress, overdue, waiting and next due
#[utoipa::path(
    get,
    path = "/portfolio",
    tag = "portfolio",
    params(
        ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query),
        ("sort" = Option<String>, Query, description = "name, overdue, waiting, next_due or progress (the least first)"),
        ("filter" = Option<String>, Query, description = "overdue, waiting, no_templates; several with commas"), ("q" = Option<String>, Query)
    ),
    responses((status = 200, body = List<PortfolioBody>), (status = 403, body = Problem), (status = 422, body = Problem))
)]
async fn portfolio(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    parameters: Parameters,
) -> Result<Json<List<PortfolioBody>>, Problem> {
    let (filter, sort) = portfolio_filter(&parameters)?;
    let slice = parameters.slice()?;
    let (rows, totals) = state.context.portfolio(&actor, &filter, sort, slice).await?;
    let items = rows.into_iter().map(|row| PortfolioBody {
        customer_id: row.customer_id.0,
        customer_name: row.name,
        progress: row.progress.into(),
        waiting: row.waiting,
        next_due: row.next_due.map(|(id, title, due)| NextDue { task_id: id.0, title, due_date: due.to_string() }),
        consultants: row.consultants,
        plans: row
            .plans
            .into_iter()
            .map(|plan| PortfolioPlanBody {
                id: plan.id.0,
                iso_code: plan.iso_code,
                total: plan.total,
                completed: plan.completed,
                percentage: plan.percentage,
            })
            .collect(),
    });
    Ok(Json(List { items: items.collect(), next_cursor: parameters.next_cursor(slice, totals.matching), total: totals.matching }))
}
