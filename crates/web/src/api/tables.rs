//! The portfolio, tasks and evidence as tables to keep.

use axum::{extract::State, response::Response};
use muster_domain::{
    ids::CustomerId,
    tasks::{TaskFilter, TaskSort},
};
use muster_service::{Error, FieldError, TableFormat};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::portfolio::portfolio_filter;
use crate::{
    download,
    input::{
        evidence::{evidence_filter, evidence_sort},
        task_lists::{task_filter, task_sort},
    },
    problem::Problem,
    request::{Ids, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(portfolio)).routes(routes!(tasks)).routes(routes!(evidence))
}

/// The kind of file that is asked for; a workbook unless said.
pub fn table_format(parameters: &Parameters) -> Result<TableFormat, Problem> {
    let refused = || Error::field(FieldError::new("/format", "not-an-option", "must be xlsx or csv")).into();
    parameters.get("format").map_or(Ok(TableFormat::Xlsx), |word| TableFormat::of(word).ok_or_else(refused))
}

/// The portfolio as a table, 50,000 customers at most
///
/// No text in it becomes a formula; CSV is UTF-8 with its mark.
#[utoipa::path(
    get,
    path = "/portfolio/export",
    tag = "portfolio",
    params(
        ("format" = Option<String>, Query, description = "xlsx (unless given) or csv"), ("sort" = Option<String>, Query, description = "as for the portfolio"),
        ("filter" = Option<String>, Query, description = "as for the portfolio"), ("standard" = Option<Uuid>, Query), ("q" = Option<String>, Query)
    ),
    responses((status = 200, description = "the file", content_type = "application/octet-stream"), (status = 403, body = Problem), (status = 422, body = Problem))
)]
async fn portfolio(State(state): State<AppState>, SignedIn(actor): SignedIn, parameters: Parameters) -> Result<Response, Problem> {
    let ((filter, sort), format) = (portfolio_filter(&parameters)?, table_format(&parameters)?);
    Ok(download::table("Portfolio", format, state.context.portfolio_table(&actor, &filter, sort, format).await?))
}

/// A customer's tasks as a table, 50,000 at most
///
/// No text in it becomes a formula; CSV is UTF-8 with its mark.
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/tasks/export",
    tag = "tasks",
    params(
        ("customer_id" = i32, Path), ("format" = Option<String>, Query, description = "xlsx (unless given) or csv"),
        ("sort" = Option<String>, Query, description = "as for the list of tasks, with its filters")
    ),
    responses((status = 200, description = "the file", content_type = "application/octet-stream"), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn tasks(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let (filter, sort, format) =
        (task_filter(&parameters, TaskFilter::default())?, task_sort(&parameters, &TaskSort::ALL)?, table_format(&parameters)?);
    let (name, bytes) = state.context.task_table(&actor, customer, &filter, sort, format).await?;
    Ok(download::table(&format!("{name} tasks"), format, bytes))
}

/// A customer's evidence as a table, 50,000 pieces at most
///
/// No text in it becomes a formula; CSV is UTF-8 with its mark.
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/evidence/export",
    tag = "evidence",
    params(
        ("customer_id" = i32, Path), ("format" = Option<String>, Query, description = "xlsx (unless given) or csv"),
        ("sort" = Option<String>, Query, description = "as for the register, with its filters")
    ),
    responses((status = 200, description = "the file", content_type = "application/octet-stream"), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn evidence(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let (filter, sort, format) = (evidence_filter(&parameters)?, evidence_sort(&parameters)?, table_format(&parameters)?);
    let (name, bytes) = state.context.evidence_table(&actor, customer, &filter, sort, format).await?;
    Ok(download::table(&format!("{name} evidence"), format, bytes))
}
