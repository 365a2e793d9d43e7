//! The first administrator of a new installation.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use muster_domain::{
    people::Password,
    text::{Email, Name},
};
use muster_service::Error;

use super::{
    SetupForm, SetupPage,
    handlers::{begin_session, public_frame},
};
use crate::{
    input::Check,
    pages::{
        field_errors::FieldErrors,
        visit::{Form, render},
    },
    parts::Field,
    problem::Problem,
    request::Ids,
    session::Visitor,
    state::AppState,
    text::ENGLISH,
};

pub(super) async fn setup_form(
    State(state): State<AppState>,
    headers: HeaderMap,
    Ids((token,)): Ids<(String,)>,
) -> Result<Response, Problem> {
    if !state.context.is_setup_secret(&token).await? {
        return Ok(used(&headers));
    }
    Ok(answer(&headers, StatusCode::OK, Some(SetupForm { token, ..SetupForm::default() })))
}

pub(super) async fn make_admin(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    Ids((token,)): Ids<(String,)>,
    form: Form,
) -> Result<Response, Problem> {
    if !state.context.is_setup_secret(&token).await? {
        return Ok(used(&headers));
    }
    let made = match parse(&form) {
        Ok((name, email, password)) => state.context.create_first_admin(&token, &name, &email, &password).await.map(|_| email),
        Err(error) => Err(error),
    };
    match made {
        Ok(email) => Ok(begin_session(&state, &visitor, (email.as_str(), &form.text("password")), "/").await?),
        Err(Error::NotFound) => Ok(used(&headers)),
        Err(error) => Ok(answer(&headers, StatusCode::UNPROCESSABLE_ENTITY, Some(refused_form(token, &form, &FieldErrors::of(error)?)))),
    }
}

fn parse(form: &Form) -> Result<(Name, Email, Password), Error> {
    let mut check = Check::default();
    let name = check.required("/name", form.get("name"), Name::parse);
    let email = check.required("/email", form.get("email"), Email::parse);
    let typed = form.text("password");
    let password = check.password("/password", &typed);
    if typed != form.text("password_again") {
        check.refuse("/password_again", "not-the-same", "must be the same");
    }
    let parsed = (|| Some((name?, email?, password?)))();
    check.finish(parsed)
}

/// The form with what was typed; passwords are never sent back.
fn refused_form(token: String, form: &Form, refused: &FieldErrors) -> SetupForm {
    let secret = |name: &str| refused.field(name, "", &ENGLISH);
    let kept = |name: &str| -> Field { refused.field(name, form.text(name), &ENGLISH) };
    SetupForm { token, name: kept("name"), email: kept("email"), password: secret("password"), password_again: secret("password_again") }
}

fn used(headers: &HeaderMap) -> Response {
    answer(headers, StatusCode::NOT_FOUND, None)
}

fn answer(headers: &HeaderMap, status: StatusCode, form: Option<SetupForm>) -> Response {
    render(status, &SetupPage { layout: public_frame(headers, ENGLISH.setup.title), form })
}
