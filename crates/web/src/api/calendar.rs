//! Links to calendars. The calendar itself is outside: `GET /calendar/{secret}.ics`.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use muster_domain::ids::CustomerId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    problem::Problem,
    request::Ids,
    session::{InPerson, SignedIn},
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(make, revoke)).routes(routes!(make_of_customer, revoke_of_customer))
}

/// A link to a calendar, shown here once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CalendarLink)]
struct CalendarLinkBody {
    /// Where calendar programs read it: iCalendar, RFC 5545. Whoever has the address sees the calendar.
    #[schema(example = "https://muster.example/calendar/5f0c….ics")]
    url: String,
}

fn made(url: String) -> Response {
    let mut response = (StatusCode::CREATED, Json(CalendarLinkBody { url })).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Make a link to my calendar; the one before ends
#[utoipa::path(
    post,
    path = "/me/calendar",
    tag = "me",
    security(("session" = [])),
    responses((status = 201, body = CalendarLinkBody), (status = 401, body = Problem), (status = 403, body = Problem))
)]
async fn make(State(state): State<AppState>, InPerson(actor): InPerson) -> Result<Response, Problem> {
    Ok(made(state.context.make_calendar_link(&actor).await?))
}

/// End my link
#[utoipa::path(
    delete,
    path = "/me/calendar",
    tag = "me",
    security(("session" = [])),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem))
)]
async fn revoke(State(state): State<AppState>, InPerson(actor): InPerson) -> Result<StatusCode, Problem> {
    state.context.revoke_calendar_link(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a link to a customer's calendar; mine from before ends
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/calendar",
    tag = "customers",
    security(("session" = [])),
    params(("customer_id" = i32, Path)),
    responses(
        (status = 201, body = CalendarLinkBody), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "the customer is archived")
    )
)]
async fn make_of_customer(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
) -> Result<Response, Problem> {
    Ok(made(state.context.make_customer_calendar_link(&actor, customer).await?))
}

/// End my link to a customer's calendar
#[utoipa::path(
    delete,
    path = "/customers/{customer_id}/calendar",
    tag = "customers",
    security(("session" = [])),
    params(("customer_id" = i32, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn revoke_of_customer(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
) -> Result<StatusCode, Problem> {
    state.context.revoke_customer_calendar_link(&actor, customer).await?;
    Ok(StatusCode::NO_CONTENT)
}
