//! The portfolio.

use axum::{Json, extract::State};
use muster_domain::ids::StandardId;
use muster_service::{Error, FieldError, PortfolioFilter, PortfolioSort, Slice, TrendWeek};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, bodies::ProgressBody};
use crate::{problem::Problem, request::Parameters, session::SignedIn, state::AppState};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(portfolio)).routes(routes!(totals))
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
    /// Accepted evidence whose last day has passed.
    evidence_expired: i64,
    /// Accepted evidence whose last day is within the next 30 days.
    evidence_expiring: i64,
    /// When anything was done there last.
    last_movement: String,
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
    percentage: i64,
}

/// One week of the trend.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrendWeek)]
struct WeekBody {
    /// Its Monday.
    #[schema(format = Date)]
    monday: String,
    /// Tasks that were completed in it and are complete still.
    completed: i64,
    /// Tasks that were past their present due date at its end; in the present week: that are so now.
    overdue: i64,
}

/// The sums over all customers that one may see, whatever the filter of the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortfolioTotals)]
struct TotalsBody {
    /// Customers.
    customers: i64,
    /// Plans.
    plans: i64,
    /// Overdue tasks.
    overdue: i64,
    /// Open tasks whose next step is a customer's.
    waiting: i64,
    /// Open tasks due from today to Sunday.
    due_this_week: i64,
    /// Open approvals.
    to_approve: i64,
    /// Accepted evidence whose last day has passed.
    evidence_expired: i64,
    /// Accepted evidence whose last day is within the next 30 days.
    evidence_expiring: i64,
    /// Customers at whom nothing was done for 14 days.
    quiet_customers: i64,
    /// The last twelve weeks, the earliest first. Derived from the tasks as they are: what was
    /// cancelled, ignored or reopened since is left out of past weeks too.
    trend: Vec<WeekBody>,
}

/// Reads the filter and the order of the portfolio.
pub fn portfolio_filter(parameters: &Parameters) -> Result<(PortfolioFilter, PortfolioSort), Problem> {
    let refuse = |name: &str, message: &str| Problem::from(Error::field(FieldError::new(format!("/{name}"), "not-an-option", message)));
    let standard = parameters.parse::<StandardId>("standard")?;
    let mut filter = PortfolioFilter { words: parameters.get("q").map(ToOwned::to_owned), standard, ..PortfolioFilter::default() };
    for word in parameters.get("filter").unwrap_or_default().split(',').filter(|word| !word.is_empty()) {
        match word {
            "mine" => filter.is_mine = true,
            "overdue" => filter.is_overdue = true,
            "waiting" => filter.is_waiting = true,
            "due_this_week" => filter.is_due_this_week = true,
            "expiring" => filter.has_expiring_evidence = true,
            "no_templates" => filter.has_no_templates = true,
            "quiet" => filter.is_quiet = true,
            _ => return Err(refuse("filter", "must be mine, overdue, waiting, due_this_week, expiring, no_templates or quiet")),
        }
    }
    let sort = match parameters.get("sort") {
        None | Some("name") => PortfolioSort::Name,
        Some("overdue") => PortfolioSort::Overdue,
        Some("waiting") => PortfolioSort::Waiting,
        Some("next_due") => PortfolioSort::NextDue,
        Some("progress") => PortfolioSort::Progress,
        Some("expiring") => PortfolioSort::Evidence,
        Some("quiet") => PortfolioSort::Quiet,
        Some(_) => return Err(refuse("sort", "must be name, overdue, waiting, next_due, progress, expiring or quiet")),
    };
    Ok((filter, sort))
}

/// The sums over my customers, and the trend of the last twelve weeks
#[utoipa::path(
    get,
    path = "/portfolio/totals",
    tag = "portfolio",
    responses((status = 200, body = TotalsBody), (status = 401, body = Problem), (status = 403, body = Problem))
)]
async fn totals(State(state): State<AppState>, SignedIn(actor): SignedIn) -> Result<Json<TotalsBody>, Problem> {
    let none = Slice { limit: 0, offset: 0 };
    let (_, totals) = state.context.portfolio(&actor, &PortfolioFilter::default(), PortfolioSort::Name, none).await?;
    let week = |week: TrendWeek| WeekBody { monday: week.monday.to_string(), completed: week.completed, overdue: week.overdue };
    Ok(Json(TotalsBody {
        customers: totals.customers,
        plans: totals.plans,
        overdue: totals.overdue,
        waiting: totals.waiting,
        due_this_week: totals.due_this_week,
        to_approve: totals.to_approve,
        evidence_expired: totals.evidence_expired,
        evidence_expiring: totals.evidence_expiring,
        quiet_customers: totals.customers_quiet,
        trend: totals.trend.into_iter().map(week).collect(),
    }))
}

/// The firm's customers with progress, overdue, waiting and next due
#[utoipa::path(
    get,
    path = "/portfolio",
    tag = "portfolio",
    params(
        ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query),
        ("sort" = Option<String>, Query, description = "name, overdue, waiting, next_due, progress (the least first), expiring or quiet (the longest first)"),
        ("filter" = Option<String>, Query, description = "mine, overdue, waiting, due_this_week, expiring, no_templates, quiet; several with commas"),
        ("standard" = Option<Uuid>, Query, description = "with a plan for this standard"), ("q" = Option<String>, Query)
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
        evidence_expired: row.evidence_expired,
        evidence_expiring: row.evidence_expiring,
        last_movement: row.last_movement.to_string(),
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
