//! A customer's list of tasks.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
    routing::post,
};
use muster_domain::{access::Action, customers::CustomerStatus, ids::CustomerId, views::ViewedList};
use muster_service::Slice;

use super::{
    Around, List, PAGE, TaskListPage, Views, Wanted,
    bulk::{change, undo},
    view,
    views::{change as change_view, delete as delete_view, keep as keep_view},
};
use crate::{
    pages::{
        surroundings::{count, customer_nav, may},
        visit::{Visit, see_other},
        workspace::is_for,
    },
    parts::TaskRow,
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/tasks/bulk", post(change))
        .route("/tasks/bulk/{batch}/undo", post(undo))
        .route("/views", post(keep_view))
        .route("/views/{id}", post(change_view))
        .route("/views/{id}/delete", post(delete_view))
}

/// A customer's tasks, with a task beside them; for a list that is open already, only that task.
pub(crate) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer,)): Ids<(CustomerId,)>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let wanted = Wanted::read(List::of_customer(customer), &parameters);
    let kept = state.context.views(&visit.actor, ViewedList::Tasks, Some(customer)).await?;
    if let Some(first) = view::with_default(&wanted, &kept) {
        return Ok(see_other(&first));
    }
    let mut response = match wanted.task {
        Some(task) if is_for(&headers, "drawer") => visit.answer(&view::task_beside(&state, &visit, &wanted, task).await?),
        _ => {
            visit.answer(&list_page(&state, &visit, customer, &wanted, Views::of(ViewedList::Tasks, Some(customer), &kept, &wanted)).await?)
        }
    };
    // One address, two answers: a browser that goes back must not take the part for the page.
    response.headers_mut().append(header::VARY, HeaderValue::from_static("hx-target"));
    Ok(response)
}

async fn list_page(state: &AppState, visit: &Visit, customer: CustomerId, wanted: &Wanted, views: Views) -> Result<TaskListPage, Problem> {
    let slice = Slice { limit: PAGE, offset: (wanted.page - 1) * PAGE };
    let list = state.context.task_list(&visit.actor, customer, &wanted.filter, wanted.sort, slice).await?;
    let drawer = match wanted.task {
        Some(task) => view::task_beside(state, visit, wanted, task).await?.drawer,
        None => None,
    };
    let title = visit.t.lists.of_customer.with(&list.customer.name);
    let (counts, people) = (list.open, list.people.as_slice());
    let around = Around { visit, wanted, counts, customers: &[], plans: &list.plans, people, left: list.page.total };
    let may_change = list.customer.status != CustomerStatus::Archived && may(visit, customer, Action::CHANGE_TASK);
    let row = |one| {
        let row = view::listed_row(visit, wanted, one, false);
        TaskRow { pick: row.pick && may_change, ..row }
    };
    Ok(TaskListPage {
        layout: visit.layout(state, title, customer_nav(visit), Some(customer.0)).await?,
        customer_id: customer.0,
        customer: list.customer.name,
        open: count(counts.total),
        late: count(counts.late),
        filters: view::filters(around),
        views,
        rows: list.page.items.iter().map(row).collect(),
        pages: view::pages(wanted, list.page.items.len(), list.page.total),
        bulk: may_change.then(|| view::bulk(visit, wanted, people, may(visit, customer, Action::ShapeWork))),
        drawer,
        events: format!("/api/v1/customers/{customer}/events"),
        version: list.version,
    })
}
