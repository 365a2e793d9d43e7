//! Signing in by the password and out, and the choice of appearance.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use muster_service::{Credentials, Error, Purpose, SignInStep, SignedIn};

use super::{
    SignInNote, SignInPage,
    code_handlers::{code_form, finish},
    invitation,
    organisation_handlers::{come_back, go_to_provider, link, unlink},
    reset_handlers::{ask, ask_form, set, set_form},
    setup_handlers::{make_admin, setup_form},
    unsubscribe,
};
use crate::{
    layout::{Layout, Theme},
    pages::visit::{AccountVisit, Form, go_on, local_path, render, see_other, theme_cookie, theme_of},
    parts::Field,
    problem::Problem,
    request::Parameters,
    session::{Visitor, begin_cookie, end_cookie, pending_cookie, session_token},
    state::AppState,
    text::ENGLISH,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/sign-in", get(sign_in_form).post(sign_in))
        .route("/sign-in/code", get(code_form).post(finish))
        .route("/unsubscribe/{link}", get(unsubscribe::ask).post(unsubscribe::end))
        .route("/password-reset", get(ask_form).post(ask))
        .route("/password-reset/{token}", get(set_form).post(set))
        .route("/sign-in/organisation", post(go_to_provider))
        .route("/sign-in/organisation/return", get(come_back))
        .route("/profile/identity/link", post(link))
        .route("/profile/identity/unlink", post(unlink))
        .route("/sign-out", post(sign_out))
        .route("/preferences", post(keep_preferences))
        .route("/invitations/{token}", get(invitation::show).post(invitation::accept))
        .route("/setup/{token}", get(setup_form).post(make_admin))
}

/// The frame of a page for nobody in particular, as the browser likes it.
pub(super) fn public_frame(headers: &HeaderMap, title: &str) -> Layout {
    Layout { theme: theme_of(headers), ..Layout::public(title) }
}

/// Signs somebody in and goes on: to `next`, or to the page that asks for their code.
pub(super) async fn begin_session(
    state: &AppState,
    visitor: &Visitor,
    (email, password): (&str, &str),
    next: &str,
) -> Result<Response, Error> {
    match state.context.begin_sign_in(Credentials { email, password }, visitor.browser()).await? {
        SignInStep::Done(session) => Ok(signed_in(state, &session, next)),
        SignInStep::CodeWanted(pending) => {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            let mut response = see_other(&format!("/sign-in/code?{query}"));
            if let Some(cookie) = pending_cookie(&pending, state.is_secure) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
    }
}

/// Goes on with a session that has begun.
pub(super) fn signed_in(state: &AppState, session: &SignedIn, next: &str) -> Response {
    let mut response = go_on(next, None);
    if let Some(cookie) = begin_cookie(&session.token, state.is_secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A page that says how long to wait.
pub(super) fn throttled(wait_seconds: i64, page: impl FnOnce(u32) -> Response) -> Response {
    let wait = u32::try_from(wait_seconds).unwrap_or(u32::MAX);
    let mut response = page(wait);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    response
}

pub(super) fn sign_in_page(state: &AppState, headers: &HeaderMap, next: &str) -> SignInPage {
    let t = &ENGLISH.sign_in;
    let organisation = state.context.identity_provider().map(|provider| match provider.name() {
        Some(name) => t.organisation.with(name),
        None => t.organisation_unnamed.to_owned(),
    });
    SignInPage {
        layout: public_frame(headers, ENGLISH.sign_in.title),
        logo: None,
        email: Field::default(),
        password: Field::default(),
        next: local_path(next),
        note: None,
        wait_seconds: None,
        organisation,
        trouble: None,
    }
}

async fn sign_in_form(State(state): State<AppState>, headers: HeaderMap, parameters: Parameters) -> Result<Response, Problem> {
    let logo = state.context.firm_mark().await?;
    let page = SignInPage { logo, ..sign_in_page(&state, &headers, parameters.get("next").unwrap_or("/")) };
    if let Some(token) = session_token(&headers, state.is_secure)
        && state.context.actor_at_own_account(&token, Purpose::Other).await.is_ok()
    {
        return Ok(see_other(&page.next));
    }
    let notes = [("ended", SignInNote::Ended), ("out", SignInNote::SignedOut), ("changed", SignInNote::PasswordChanged)];
    let note = notes.into_iter().find(|(name, _)| parameters.get(name).is_some()).map(|(_, note)| note);
    Ok(render(StatusCode::OK, &SignInPage { note, ..page }))
}

async fn sign_in(State(state): State<AppState>, visitor: Visitor, headers: HeaderMap, form: Form) -> Result<Response, Problem> {
    let (email, password) = (form.text("email"), form.text("password"));
    let logo = state.context.firm_mark().await?;
    let page = SignInPage { logo, email: Field::of(email.as_str()), ..sign_in_page(&state, &headers, &form.next("/")) };
    match begin_session(&state, &visitor, (&email, &password), &page.next).await {
        Ok(response) => Ok(response),
        Err(Error::WrongCredentials) => {
            let password = Field::refused("", ENGLISH.sign_in.wrong);
            Ok(render(StatusCode::UNAUTHORIZED, &SignInPage { password, ..page }))
        }
        Err(Error::TooManyAttempts { wait_seconds, .. }) => {
            let page = |wait| render(StatusCode::TOO_MANY_REQUESTS, &SignInPage { wait_seconds: Some(wait), ..page });
            Ok(throttled(wait_seconds, page))
        }
        Err(other) => Err(other.into()),
    }
}

async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = session_token(&headers, state.is_secure) {
        state.context.sign_out(&token).await?;
    }
    let mut response = see_other("/sign-in?out=1");
    if let Some(cookie) = end_cookie(state.is_secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn keep_preferences(_visit: AccountVisit, form: Form) -> Response {
    let mut response = go_on(&form.next("/"), None);
    if let Some(cookie) = theme_cookie(Theme::from_key(form.get("theme").unwrap_or_default())) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
