//! Signing in with the firm's identity provider, and linking it to one's account.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use muster_service::{CameBack, Error, IdentityRefusal, SignInBegun};

use super::{
    OnwardsPage, SignInPage,
    handlers::{public_frame, sign_in_page},
};
use crate::{
    pages::visit::{Form, Visit, go_on, render},
    problem::Problem,
    request::Parameters,
    session::{Visitor, attempt_cookie, attempt_secret, begin_cookie, end_attempt_cookie},
    state::AppState,
    text::ENGLISH,
};

pub(super) async fn go_to_provider(State(state): State<AppState>, headers: HeaderMap, form: Form) -> Result<Response, Problem> {
    let next = form.next("/");
    match state.context.begin_organisation_sign_in(&next).await {
        Ok(begun) => Ok(onwards(&state, &headers, begun)),
        Err(Error::Identity(refusal)) => Ok(refused(&state, &headers, &next, refusal)),
        Err(other) => Err(other.into()),
    }
}

/// Where the provider sends the browser back to. It is a GET because it comes from another site;
/// the state that it brings has to fit the cookie of the browser that began, so nobody is signed
/// in by a link that somebody else made.
pub(super) async fn come_back(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let secret = attempt_secret(&headers, state.is_secure);
    let came_back = CameBack {
        secret: secret.as_deref(),
        state: parameters.get("state"),
        code: parameters.get("code"),
        error: parameters.get("error"),
        issuer: parameters.get("iss"),
    };
    let finished = match state.context.finish_organisation_sign_in(came_back, visitor.browser()).await {
        Ok(finished) => finished,
        Err(Error::Identity(refusal)) if refusal != IdentityRefusal::LinkedOtherwise => {
            return Ok(refused(&state, &headers, "/", refusal));
        }
        Err(other) => return Err(other.into()),
    };
    let mut response = go_on(&finished.next, None);
    let begun = finished.session.and_then(|session| begin_cookie(&session.token, state.is_secure));
    for cookie in [begun, end_attempt_cookie(state.is_secure)].into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

pub(super) async fn link(State(state): State<AppState>, visit: Visit, headers: HeaderMap, form: Form) -> Result<Response, Problem> {
    let begun = state.context.link_identity(&visit.actor, &form.next("/")).await?;
    Ok(onwards(&state, &headers, begun))
}

pub(super) async fn unlink(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    state.context.unlink_identity(&visit.actor).await?;
    Ok(go_on(&form.next("/"), None))
}

fn onwards(state: &AppState, headers: &HeaderMap, begun: SignInBegun) -> Response {
    let refresh = HeaderValue::from_str(&format!("0; url={}", begun.address));
    let page = OnwardsPage { layout: public_frame(headers, ENGLISH.sign_in.onwards_title), address: begun.address };
    let mut response = render(StatusCode::OK, &page);
    if let Ok(refresh) = refresh {
        response.headers_mut().insert(HeaderName::from_static("refresh"), refresh);
    }
    if let Some(cookie) = attempt_cookie(&begun.secret, state.is_secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The sign-in page, which says what stood in the way. What only helps the firm's administrator
/// goes to the log.
fn refused(state: &AppState, headers: &HeaderMap, next: &str, refusal: IdentityRefusal) -> Response {
    match &refusal {
        IdentityRefusal::Away(_) | IdentityRefusal::NotProven(_) => tracing::warn!(%refusal, "sign-in with the identity provider"),
        _ => tracing::info!(%refusal, "sign-in with the identity provider"),
    }
    let is_away = matches!(refusal, IdentityRefusal::Away(_));
    let problem = Problem::from(Error::Identity(refusal));
    let page = SignInPage { trouble: Some(problem.detail), ..sign_in_page(state, headers, next) };
    let mut response = render(problem.status, &page);
    if is_away {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}
