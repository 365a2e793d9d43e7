//! The second step of signing in: the code.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use muster_service::Error;

use super::{
    CodePage,
    handlers::{public_frame, signed_in, throttled},
};
use crate::{
    pages::visit::{Form, local_path, render, see_other},
    parts::Field,
    problem::Problem,
    request::Parameters,
    session::{Visitor, end_pending_cookie},
    state::AppState,
    text::ENGLISH,
};

pub(super) async fn code_form(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let next = local_path(parameters.get("next").unwrap_or("/"));
    let is_wanted = match &visitor.pending {
        Some(pending) => state.context.is_code_wanted(pending).await?,
        None => false,
    };
    // Too late, or never begun: the password comes first.
    if !is_wanted {
        return Ok(see_other("/sign-in"));
    }
    Ok(render(StatusCode::OK, &page(&headers, next)))
}

pub(super) async fn finish(State(state): State<AppState>, visitor: Visitor, headers: HeaderMap, form: Form) -> Result<Response, Problem> {
    let page = page(&headers, form.next("/"));
    let pending = visitor.pending.as_deref().unwrap_or_default();
    match state.context.finish_sign_in(pending, &form.text("code"), visitor.browser()).await {
        Ok(session) => {
            let mut response = signed_in(&state, &session, &page.next);
            if let Some(cookie) = end_pending_cookie(state.is_secure) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(Error::Unauthenticated) => Ok(see_other("/sign-in?ended=1")),
        Err(Error::WrongCredentials) => {
            let code = Field::refused("", ENGLISH.sign_in.code_wrong);
            Ok(render(StatusCode::UNAUTHORIZED, &CodePage { code, ..page }))
        }
        Err(Error::TooManyAttempts { wait_seconds, .. }) => {
            let page = |wait| render(StatusCode::TOO_MANY_REQUESTS, &CodePage { wait_seconds: Some(wait), ..page });
            Ok(throttled(wait_seconds, page))
        }
        Err(other) => Err(other.into()),
    }
}

fn page(headers: &HeaderMap, next: String) -> CodePage {
    CodePage { layout: public_frame(headers, ENGLISH.sign_in.code_title), code: Field::default(), next, wait_seconds: None }
}
