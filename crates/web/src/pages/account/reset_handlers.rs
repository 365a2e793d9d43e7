//! Setting a lost password anew, by a link.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use muster_domain::text::Email;
use muster_service::Error;

use super::{
    ResetAskPage, ResetForm, ResetSetPage,
    handlers::{public_frame, throttled},
};
use crate::{
    input::{Check, account::new_password_twice},
    pages::{
        field_errors::FieldErrors,
        visit::{Form, render, see_other},
    },
    parts::Field,
    problem::Problem,
    request::Ids,
    session::Visitor,
    state::AppState,
    text::ENGLISH,
};

pub(super) async fn ask_form(State(state): State<AppState>, headers: HeaderMap) -> Response {
    render(StatusCode::OK, &ask_page(&state, &headers))
}

pub(super) async fn ask(State(state): State<AppState>, visitor: Visitor, headers: HeaderMap, form: Form) -> Result<Response, Problem> {
    let page = ask_page(&state, &headers);
    let mut check = Check::default();
    let email = check.required("/email", form.get("email"), Email::parse);
    let email = match check.finish(email) {
        Ok(email) => email,
        Err(error) => {
            let email = FieldErrors::of(error)?.field("email", form.text("email"), &ENGLISH);
            return Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &ResetAskPage { email, ..page }));
        }
    };
    match state.context.request_password_reset(email.as_str(), visitor.network()).await {
        Ok(()) => Ok(render(StatusCode::OK, &ResetAskPage { asked: Some(email.to_string()), ..page })),
        Err(Error::TooManyAttempts { wait_seconds, .. }) => {
            let email = Field::of(email.as_str());
            let page = |wait| render(StatusCode::TOO_MANY_REQUESTS, &ResetAskPage { email, wait_seconds: Some(wait), ..page });
            Ok(throttled(wait_seconds, page))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn set_form(
    State(state): State<AppState>,
    headers: HeaderMap,
    Ids((token,)): Ids<(String,)>,
) -> Result<Response, Problem> {
    if !state.context.is_reset_secret(&token).await? {
        return Ok(used(&headers));
    }
    Ok(set_page(&headers, StatusCode::OK, Some(ResetForm { token, ..ResetForm::default() })))
}

pub(super) async fn set(
    State(state): State<AppState>,
    headers: HeaderMap,
    Ids((token,)): Ids<(String,)>,
    form: Form,
) -> Result<Response, Problem> {
    if !state.context.is_reset_secret(&token).await? {
        return Ok(used(&headers));
    }
    let set = match new_password_twice("/password", &form.text("password"), &form.text("password_again")) {
        Ok(password) => state.context.reset_password(&token, &password).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => Ok(see_other("/sign-in?changed=1")),
        Err(Error::NotFound) => Ok(used(&headers)),
        Err(error) => {
            let refused = FieldErrors::of(error)?;
            let secret = |name: &str| refused.field(name, "", &ENGLISH);
            let form = ResetForm { token, password: secret("password"), password_again: secret("password_again") };
            Ok(set_page(&headers, StatusCode::UNPROCESSABLE_ENTITY, Some(form)))
        }
    }
}

fn ask_page(state: &AppState, headers: &HeaderMap) -> ResetAskPage {
    let layout = public_frame(headers, ENGLISH.reset.title);
    ResetAskPage { layout, email: Field::default(), asked: None, held: !state.context.has_mail_server(), wait_seconds: None }
}

fn used(headers: &HeaderMap) -> Response {
    set_page(headers, StatusCode::NOT_FOUND, None)
}

fn set_page(headers: &HeaderMap, status: StatusCode, form: Option<ResetForm>) -> Response {
    render(status, &ResetSetPage { layout: public_frame(headers, ENGLISH.reset.title), form })
}
