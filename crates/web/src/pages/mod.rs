//! The pages, one folder for each family. A page is a struct with a template; its handler stands beside it.

pub mod account;
pub mod audit;
pub mod calendar;
pub mod conflict;
pub mod customers;
pub mod documents;
pub mod editor;
pub mod evidence;
pub mod exchange;
mod field_errors;
pub mod firm;
pub mod ignoring;
pub mod legacy;
pub mod library;
pub mod mail;
pub mod people;
pub mod plans;
pub mod portfolio;
pub mod problem;
pub mod profile;
pub mod questionnaire;
pub mod reference;
pub mod respond;
pub mod respondents;
mod rights;
mod said;
mod surroundings;
mod tasks;
pub mod tokens;
mod visit;
pub mod work;
pub mod workspace;

use axum::{
    Extension, Router,
    extract::{FromRequestParts, Request, State},
    http::StatusCode,
};

use crate::{problem::Problem, state::AppState};

/// All pages. The OpenAPI document is what the reference page is made from.
pub(crate) fn router(document: utoipa::openapi::OpenApi) -> Router<AppState> {
    Router::new()
        .merge(account::routes())
        .merge(audit::routes())
        .merge(calendar::routes())
        .merge(customers::routes())
        .merge(documents::routes())
        .merge(exchange::routes())
        .merge(editor::routes())
        .merge(evidence::routes())
        .merge(firm::routes())
        .merge(ignoring::routes())
        .merge(library::routes())
        .merge(legacy::routes())
        .merge(mail::routes())
        .merge(people::routes())
        .merge(plans::routes())
        .merge(portfolio::routes())
        .merge(profile::routes())
        .merge(questionnaire::routes())
        .merge(reference::routes().layer(Extension(std::sync::Arc::new(document))))
        .merge(respond::routes())
        .merge(respondents::routes())
        .merge(tasks::routes())
        .merge(tokens::routes())
        .merge(work::routes())
        .merge(workspace::routes())
        .fallback(nothing_here)
}

/// An address that leads nowhere. Whoever is signed in keeps their top bar; whoever is not learns no more than that.
async fn nothing_here(State(state): State<AppState>, request: Request) -> Problem {
    let (mut parts, _) = request.into_parts();
    // Who it is stands on the error page, if that can be told at all.
    drop(visit::Visit::from_request_parts(&mut parts, &state).await);
    Problem::of_status(StatusCode::NOT_FOUND)
}
