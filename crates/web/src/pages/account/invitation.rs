//! `GET /invitations/{token}`, `POST /invitations/{token}`: accepting an invitation.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use muster_domain::{ids::UserId, people::Invitation};
use muster_service::{Error, FieldError};

use super::handlers::{begin_session, public_frame};
use crate::{
    filters,
    input::people::NewAccount,
    layout::{Layout, Theme},
    pages::{
        field_errors::FieldErrors,
        visit::{Form, Said, go_on, render},
    },
    parts::Field,
    problem::Problem,
    request::Ids,
    session::Visitor,
    session::session_holder,
    state::AppState,
    text::ENGLISH,
};

/// The page behind an invitation link.
#[derive(Debug, Clone, Template)]
#[template(path = "account/invitation.html")]
pub struct InvitationPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The form; nothing where the link does not work any more.
    pub form: Option<InvitationForm>,
}

/// What somebody who is invited enters.
#[derive(Debug, Clone, Default)]
pub struct InvitationForm {
    /// The secret of the link.
    pub token: String,
    /// The customer; none for the firm.
    pub customer: Option<String>,
    /// The firm's name.
    pub firm: String,
    /// Address to sign in with.
    pub email: String,
    /// They have an account already.
    pub has_account: bool,
    /// They are signed in with it.
    pub signed_in: bool,
    /// Full name.
    pub name: Field,
    /// Password; its value is never sent back.
    pub password: Field,
    /// Password once more.
    pub password_again: Field,
}

pub(super) async fn show(State(state): State<AppState>, headers: HeaderMap, Ids((token,)): Ids<(String,)>) -> Result<Response, Problem> {
    match state.context.invitation(&token).await {
        Ok(invitation) => {
            let signed_in = session_holder(&headers, &state).await == Some(invitation.user_id);
            let form = InvitationForm { signed_in, name: Field::of(invitation.name.as_str()), ..of(&state, token, invitation).await? };
            Ok(answer(&headers, StatusCode::OK, Some(form)))
        }
        Err(Error::NotFound) => Ok(answer(&headers, StatusCode::NOT_FOUND, None)),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn accept(
    State(state): State<AppState>,
    visitor: Visitor,
    headers: HeaderMap,
    Ids((token,)): Ids<(String,)>,
    form: Form,
) -> Result<Response, Problem> {
    let invitation = match state.context.invitation(&token).await {
        Ok(invitation) => invitation,
        Err(Error::NotFound) => return Ok(answer(&headers, StatusCode::NOT_FOUND, None)),
        Err(other) => return Err(other.into()),
    };
    let accepted = match parse(&form, invitation.has_account) {
        Ok(account) => account.accept(&state, &token, session_holder(&headers, &state).await).await,
        Err(error) => Err(error),
    };
    match accepted {
        Ok(accepted) => {
            let next = accepted.customer.map_or_else(|| "/".to_owned(), |customer| format!("/customers/{customer}"));
            if accepted.is_new {
                return Ok(begin_session(&state, &visitor, (&accepted.email, &form.text("password")), &next).await?);
            }
            Ok(go_on(&next, Some(&Said::Saved)))
        }
        Err(Error::NotFound) => Ok(answer(&headers, StatusCode::NOT_FOUND, None)),
        Err(Error::Unauthenticated) => Ok(answer(&headers, StatusCode::UNAUTHORIZED, Some(of(&state, token, invitation).await?))),
        Err(error) => {
            let refused = FieldErrors::of(error)?;
            let secret = |name: &str| refused.field(name, "", &ENGLISH);
            let shown = InvitationForm {
                name: refused.field("name", form.text("name"), &ENGLISH),
                password: secret("password"),
                password_again: secret("password_again"),
                ..of(&state, token, invitation).await?
            };
            Ok(answer(&headers, StatusCode::UNPROCESSABLE_ENTITY, Some(shown)))
        }
    }
}

impl NewAccount {
    async fn accept(self, state: &AppState, token: &str, signed_in: Option<UserId>) -> Result<muster_service::Accepted, Error> {
        let (name, password) = self.parse()?;
        state.context.accept_invitation(token, name.as_ref(), password.as_ref(), signed_in).await
    }
}

fn parse(form: &Form, has_account: bool) -> Result<NewAccount, Error> {
    if has_account {
        return Ok(NewAccount::default());
    }
    if form.text("password") != form.text("password_again") {
        return Err(Error::field(FieldError::new("/password_again", "not-the-same", "must be the same")));
    }
    Ok(NewAccount { name: Some(form.text("name")), password: Some(form.text("password")) })
}

async fn of(state: &AppState, token: String, invitation: Invitation) -> Result<InvitationForm, Problem> {
    Ok(InvitationForm {
        token,
        customer: invitation.customer_name,
        firm: state.context.firm_name().await?,
        email: invitation.email,
        has_account: invitation.has_account,
        ..InvitationForm::default()
    })
}

fn answer(headers: &HeaderMap, status: StatusCode, form: Option<InvitationForm>) -> Response {
    render(status, &InvitationPage { layout: public_frame(headers, ENGLISH.invitation.title), form })
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for InvitationPage {
    const NAME: &'static str = "invitation";

    fn samples() -> Vec<(&'static str, Self)> {
        let layout = Layout::public(ENGLISH.invitation.title);
        let fresh = InvitationForm {
            token: "4f9k2".into(),
            customer: Some("Acme Corp".into()),
            firm: "Nordlicht Compliance".into(),
            email: "elena.brandt@acme.example".into(),
            name: Field::of("Elena Brandt"),
            ..InvitationForm::default()
        };
        let refused = InvitationForm { password: Field::refused("", "Use at least 12 characters."), customer: None, ..fresh.clone() };
        let known = InvitationForm { has_account: true, ..fresh.clone() };
        let signed_in = InvitationForm { signed_in: true, ..known.clone() };
        let page = |form| Self { layout: layout.clone(), form };
        vec![
            ("fresh", page(Some(fresh))),
            ("refused", page(Some(refused))),
            ("known", page(Some(known))),
            ("signed-in", page(Some(signed_in))),
            ("used", page(None)),
        ]
    }
}
