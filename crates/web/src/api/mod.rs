//! The JSON API under `/api/v1`, one module for each slice.

mod account;
mod answers;
mod audit;
mod bodies;
mod bulk;
mod calendar;
mod comments;
mod customers;
mod documents;
mod events;
mod evidence;
mod exports;
mod firm;
mod health;
mod imports;
mod invitations;
mod mail;
mod me;
mod members;
mod plans;
mod portfolio;
mod respondents;
mod rules;
mod search;
mod security;
mod sessions;
mod spreadsheets;
mod tables;
mod tasks;
mod templates;
mod today;
mod tokens;
mod upgrades;
mod users;
mod views;
mod workspace;

pub(crate) use self::{
    bodies::ContentProblemBody,
    documents::export_parameters,
    evidence::{download, preview},
    firm::read_logo,
    tables::table_format,
};

use axum::{
    Json, Router,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{problem::Problem, request::Parameters, state::AppState};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Muster",
        description = "The customer workspace for ISO compliance programmes. Errors are application/problem+json; single resources carry an ETag, changes take it as If-Match; creations accept an Idempotency-Key."
    ),
    components(schemas(Problem))
)]
struct Document;

/// The API with its routes, and the OpenAPI document made from them.
pub fn router() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    let slices = [
        sessions::routes(),
        me::routes(),
        account::routes(),
        calendar::routes(),
        tokens::routes(),
        respondents::routes(),
        customers::routes(),
        workspace::routes(),
        plans::routes(),
        answers::routes(),
        events::routes(),
        documents::routes(),
        evidence::routes(),
        tasks::routes(),
        bulk::routes(),
        comments::routes(),
        views::routes(),
        mail::routes(),
        templates::routes(),
        imports::routes(),
        exports::routes(),
        upgrades::routes(),
        rules::routes(),
        portfolio::routes(),
        search::routes(),
        today::routes(),
        tables::routes(),
        spreadsheets::routes(),
        audit::routes(),
        members::routes(),
        users::routes(),
        invitations::routes(),
        firm::routes(),
    ];
    let api = slices.into_iter().fold(OpenApiRouter::new(), OpenApiRouter::merge);
    let all = OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", api).merge(health::routes());
    let (router, mut document) = all.split_for_parts();
    security::describe(&mut document);
    let text = document.to_json().unwrap_or_default();
    let serve = move || {
        let text = text.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], text) }
    };
    (router.route("/api/v1/openapi.json", get(serve)), document)
}

/// The OpenAPI document as text, for the command that prints it.
pub fn openapi_text() -> String {
    router().1.to_pretty_json().unwrap_or_default()
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
struct List<T> {
    /// The rows of this page.
    items: Vec<T>,
    /// Ask for the next page with this cursor; null on the last page.
    next_cursor: Option<String>,
    /// How many rows there are in all.
    total: i64,
}

impl<T> List<T> {
    /// One page of a list that is short enough to be read whole.
    fn part_of(all: Vec<T>, parameters: &Parameters, sorts: &[&str]) -> Result<Self, Problem> {
        parameters.sort(sorts)?;
        let slice = parameters.slice()?;
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let (skip, take) = (usize::try_from(slice.offset).unwrap_or(usize::MAX), usize::try_from(slice.limit).unwrap_or_default());
        Ok(Self { items: all.into_iter().skip(skip).take(take).collect(), next_cursor: parameters.next_cursor(slice, total), total })
    }
}

/// The entity tag of a version.
fn tag(version: i32) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}

/// A resource with its entity tag.
fn resource(body: impl Serialize, version: i32) -> Response {
    with_tag(Json(body).into_response(), version)
}

fn with_tag(mut response: Response, version: i32) -> Response {
    if let Some(tag) = tag(version) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// What was made and never changes, with its address.
fn created_without_version(location: &str, body: impl Serialize) -> Response {
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// What was made (201) or found (200), with its address and entity tag.
fn created(is_new: bool, location: &str, version: i32, body: impl Serialize) -> Response {
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = with_tag((status, Json(body)).into_response(), version);
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
