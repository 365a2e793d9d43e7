//! The handlers of the page about the older database.

use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use muster_domain::ids::{CustomerId, TaskId};
use muster_service::Error;
use serde::Deserialize;
use uuid::Uuid;

use super::view::{self, MANY};
use crate::{
    layout::Nav,
    pages::visit::{Form, Said, Visit, go_on},
    problem::Problem,
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/firm/older-database", get(show).post(decide))
}

/// Where in the list of tasks the page begins.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    skip: i64,
}

async fn show(State(state): State<AppState>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let skip = asked.skip.clamp(0, i64::from(i32::MAX));
    let found = state.context.upgrade_of_database(&visit.actor, skip, MANY).await?.ok_or(Error::NotFound)?;
    let layout = visit.layout(&state, visit.t.legacy.title, Nav::Elsewhere, None).await?;
    Ok(visit.answer(&view::page(&visit, layout, &found, skip)))
}

/// Puts every task that something was decided of where it belongs: the form has `place-<task>` with
/// the number of one of its places, and `same-<task>` where those like it go there too.
async fn decide(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    let skip = form.text("skip").parse::<i64>().unwrap_or_default().clamp(0, i64::from(i32::MAX));
    // By the form, not by the page: somebody else may have decided meanwhile, and the list has moved on.
    let named: Vec<Uuid> = form.pairs().filter_map(|(name, _)| name.strip_prefix("place-")?.parse().ok()).collect();
    let found = state.context.waiting_legacy_tasks(&visit.actor, &named).await?;
    let mut placed = 0;
    let chosen = |task: Uuid| form.text(&format!("place-{task}")).parse::<usize>().ok();
    for task in &found {
        let id = task.placement.task_id;
        let like = found.iter().find(|one| {
            !form.text(&format!("same-{}", one.placement.task_id)).is_empty()
                && (one.customer_id, &one.title) == (task.customer_id, &task.title)
                && one.placement.candidates == task.placement.candidates
                && task.decision.is_none()
        });
        let number = like.and_then(|one| chosen(one.placement.task_id)).or_else(|| chosen(id));
        let Some(place) = number.and_then(|number| task.placement.candidates.iter().nth(number)).copied() else { continue };
        let is_new = task.decision != Some(place);
        if is_new {
            state.context.place_legacy_task(&visit.actor, CustomerId(task.customer_id.0), TaskId(id), place).await?;
            placed += 1;
        }
    }
    Ok(go_on(&format!("/firm/older-database?skip={skip}"), Some(&Said::LegacyPlaced(placed))))
}
