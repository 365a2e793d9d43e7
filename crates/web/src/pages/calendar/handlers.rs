//! Making and ending links, and giving the calendar out.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use muster_domain::ids::CustomerId;
use muster_service::Error;

use super::CalendarPage;
use crate::{
    format,
    layout::Nav,
    pages::{
        surroundings::{customer_crumbs, customer_nav},
        visit::{AccountVisit, Said, Visit, go_on},
    },
    parts::Crumb,
    problem::Problem,
    request::Ids,
    state::AppState,
};

const OWN: &str = "/profile/calendar";

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route(OWN, get(own).post(make_own))
        .route("/profile/calendar/revoke", post(revoke_own))
        .route("/customers/{id}/calendar", get(of_customer).post(make_of_customer))
        .route("/customers/{id}/calendar/revoke", post(revoke_of_customer))
        .route("/calendar/{file}", get(calendar))
}

async fn own(State(state): State<AppState>, AccountVisit(visit): AccountVisit) -> Result<Response, Problem> {
    let made_at = state.context.calendar_link_made_at(&visit.actor).await?;
    Ok(visit.answer(&own_page(&state, &visit, made_at, None).await?))
}

async fn make_own(State(state): State<AppState>, AccountVisit(visit): AccountVisit) -> Result<Response, Problem> {
    let link = state.context.make_calendar_link(&visit.actor).await?;
    Ok(shown_once(&visit, &own_page(&state, &visit, Some(visit.now), Some(link)).await?))
}

async fn revoke_own(State(state): State<AppState>, AccountVisit(visit): AccountVisit) -> Result<Response, Problem> {
    state.context.revoke_calendar_link(&visit.actor).await?;
    Ok(go_on(OWN, Some(&Said::LinkRevoked)))
}

async fn of_customer(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    let made_at = state.context.customer_calendar_link_made_at(&visit.actor, id).await?;
    Ok(visit.answer(&customer_page(&state, &visit, id, made_at, None).await?))
}

async fn make_of_customer(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    let link = state.context.make_customer_calendar_link(&visit.actor, id).await?;
    Ok(shown_once(&visit, &customer_page(&state, &visit, id, Some(visit.now), Some(link)).await?))
}

async fn revoke_of_customer(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    state.context.revoke_customer_calendar_link(&visit.actor, id).await?;
    Ok(go_on(&format!("/customers/{id}/calendar"), Some(&Said::LinkRevoked)))
}

/// The calendar of a secret link. It is all that lets a calendar program in.
async fn calendar(State(state): State<AppState>, headers: HeaderMap, Ids((file,)): Ids<(String,)>) -> Result<Response, Problem> {
    let secret = file.strip_suffix(".ics").ok_or(Error::NotFound)?;
    let calendar = state.context.calendar(secret).await?;
    let tag = HeaderValue::from_str(&format!("\"{}\"", calendar.tag)).map_err(|_| Error::NotFound)?;
    let is_known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|sent| {
        // Compressing on the way makes a tag a weak one; it is of the same text all the same.
        sent.split(',').any(|one| one.trim().trim_start_matches("W/").as_bytes() == tag.as_bytes())
    });
    let mut response = if is_known { StatusCode::NOT_MODIFIED.into_response() } else { calendar.text.into_response() };
    let set = response.headers_mut();
    set.insert(header::ETAG, tag);
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if !is_known {
        set.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
        set.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"muster.ics\""));
    }
    Ok(response)
}

/// A page with a secret, which nobody keeps: a redirect would have to carry it along.
fn shown_once(visit: &Visit, page: &CalendarPage) -> Response {
    let mut response = visit.answer(page);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn own_page(state: &AppState, visit: &Visit, made_at: Option<Timestamp>, link: Option<String>) -> Result<CalendarPage, Problem> {
    let title = visit.t.calendars.title;
    Ok(CalendarPage {
        layout: visit.layout(state, title, Nav::Elsewhere, None).await?,
        crumbs: vec![Crumb::to(visit.t.account.title, "/profile"), Crumb::here(title)],
        customer: None,
        made_on: made_at.map(|at| on(at, visit)),
        link,
    })
}

async fn customer_page(
    state: &AppState,
    visit: &Visit,
    id: CustomerId,
    made_at: Option<Timestamp>,
    link: Option<String>,
) -> Result<CalendarPage, Problem> {
    let title = visit.t.calendars.title;
    let customer = state.context.customer(&visit.actor, id).await?;
    Ok(CalendarPage {
        layout: visit.layout(state, title, customer_nav(visit), Some(id.0)).await?,
        crumbs: customer_crumbs(visit, id, &customer.name, title),
        customer: Some(id.0),
        made_on: made_at.map(|at| on(at, visit)),
        link,
    })
}

fn on(at: Timestamp, visit: &Visit) -> String {
    format::full(at.to_zoned(visit.zone()).date(), visit.t)
}
