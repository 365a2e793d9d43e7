//! The pages of the register.

use axum::{Router, extract::State, response::Response, routing::get};
use muster_domain::{
    access::Action,
    customers::CustomerStatus,
    evidence::Evidence,
    ids::{CustomerId, TaskId},
};
use muster_service::{Page, Slice};

use super::{
    Bounds, Shown, Upload,
    register::{GapsPage, RegisterPage},
    register_view, view,
};
use crate::{
    api::table_format,
    download, format,
    input::evidence::{evidence_filter, evidence_sort},
    pages::{
        surroundings::{count, customer_crumbs, customer_nav, may, zone},
        visit::Visit,
    },
    parts::Paging,
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/customers/{id}/evidence", get(register))
        .route("/customers/{id}/evidence/gaps", get(gaps))
        .route("/customers/{id}/evidence/export", get(export))
}

async fn register(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let customer = state.context.customer(&visit.actor, id).await?;
    let (filter, sort, slice) = (evidence_filter(&parameters)?, evidence_sort(&parameters)?, parameters.slice()?);
    let evidence = state.context.evidence_list(&visit.actor, id, &filter, sort, slice).await?;
    let tasks = state.context.tasks_by_ids(&visit.actor, id, &first_tasks(&evidence.items)).await?;
    let missing = state.context.evidence_gaps(&visit.actor, id, (None, None), Slice { limit: 1, offset: 0 }).await?.total;
    let (plans, templates) = state.context.register_places(&visit.actor, id).await?;
    let (zone, action) = (zone(&customer.time_zone), format!("/customers/{id}/evidence"));
    let shown = Shown { actor: Some(&visit.actor), today: visit.today(), zone: &zone, bounds: Bounds::of(&state), t: visit.t };
    let may_add = customer.status != CustomerStatus::Archived && may(&visit, id, Action::AddEvidence);
    let layout = visit.layout(&state, visit.t.evidence.title, customer_nav(&visit), Some(id.0)).await?;
    Ok(visit.answer(&RegisterPage {
        layout,
        crumbs: customer_crumbs(&visit, id, &customer.name, visit.t.evidence.title),
        filters: register_view::filters(&parameters, &plans, &templates, visit.t),
        rows: evidence.items.iter().map(|one| register_view::row(shown, one, &tasks)).collect(),
        paging: paging(&action, &parameters, slice, &evidence),
        exports: ["xlsx", "csv"].map(|format| format!("{action}/export{}", parameters.query_with("format", format))),
        gaps: count(missing),
        upload: may_add.then(|| Upload {
            action: action.clone(),
            link_action: Some(format!("{action}/links")),
            takes_several: true,
            kinds: view::kinds("", visit.t),
            next: action.clone(),
            limit: format::size(shown.bounds.file, visit.t),
            has_details: true,
            ..Upload::default()
        }),
        action,
    }))
}

/// A customer's evidence as a file, with the filters of the register.
async fn export(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let (filter, sort, format) = (evidence_filter(&parameters)?, evidence_sort(&parameters)?, table_format(&parameters)?);
    let (name, bytes) = state.context.evidence_table(&visit.actor, customer, &filter, sort, format).await?;
    Ok(download::table(&format!("{name} evidence"), format, bytes))
}

/// The first task that each piece of evidence serves.
fn first_tasks(evidence: &[Evidence]) -> Vec<TaskId> {
    evidence.iter().filter_map(|one| one.task_ids.first().copied()).collect()
}

async fn gaps(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let customer = state.context.customer(&visit.actor, id).await?;
    let (of, slice) = ((parameters.parse("plan_id")?, parameters.parse("template_id")?), parameters.slice()?);
    let gaps = state.context.evidence_gaps(&visit.actor, id, of, slice).await?;
    let (plans, templates) = state.context.register_places(&visit.actor, id).await?;
    let register = format!("/customers/{id}/evidence");
    let (action, chosen) = (format!("{register}/gaps"), |name: &str| parameters.get(name).unwrap_or_default());
    let layout = visit.layout(&state, visit.t.evidence.gaps, customer_nav(&visit), Some(id.0)).await?;
    Ok(visit.answer(&GapsPage {
        layout,
        crumbs: register_view::crumbs(&visit, id, &customer.name, visit.t.evidence.gaps),
        plans: register_view::plan_choices(&plans, chosen("plan_id"), visit.t),
        templates: register_view::template_choices(&templates, chosen("template_id"), visit.t),
        any: of != (None, None),
        rows: gaps.items.iter().map(|gap| register_view::gap(gap, visit.t)).collect(),
        paging: paging(&action, &parameters, slice, &gaps),
        register,
        action,
    }))
}

/// Where a page of a list stands among all.
fn paging<T>(path: &str, parameters: &Parameters, slice: Slice, page: &Page<T>) -> Paging {
    Paging {
        shown: count(i64::try_from(page.items.len()).unwrap_or_default()),
        total: count(page.total),
        next: parameters.next_query(slice, page.total).map(|query| format!("{path}{query}")),
        first: (slice.offset > 0).then(|| format!("{path}{}", parameters.first_query())),
    }
}
