//! One's own data, password and sessions.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use muster_domain::ids::SessionId;
use muster_service::Error;

use super::{
    PasswordForm, ProfilePage,
    totp_handlers::{begin, codes, confirm, remove, totp},
    view,
};
use crate::{
    input::account::{ProfileFields, new_password_twice},
    layout::Nav,
    pages::{
        field_errors::FieldErrors,
        visit::{AccountVisit, Form, Said, Visit, go_on},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
};

/// Where the account stands.
const HERE: &str = "/profile";

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/profile", get(show).post(change))
        .route("/profile/password", post(change_password))
        .route("/profile/sessions/end", post(end_others))
        .route("/profile/sessions/{id}/end", post(end))
        .route("/profile/totp", get(totp).post(begin))
        .route("/profile/totp/confirm", post(confirm))
        .route("/profile/totp/codes", post(codes))
        .route("/profile/totp/remove", post(remove))
}

async fn show(State(state): State<AppState>, AccountVisit(visit): AccountVisit) -> Result<Response, Problem> {
    Ok(visit.answer(&page(&state, &visit, None, &FieldErrors::default()).await?))
}

async fn change(State(state): State<AppState>, AccountVisit(visit): AccountVisit, form: Form) -> Result<Response, Problem> {
    let version = form.version().ok_or(Error::VersionRequired)?;
    let given = view::given(&form);
    let changed = match given.parse() {
        Ok(details) => state.context.update_profile(&visit.actor, &details, version).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(_) => Ok(go_on(HERE, Some(&Said::Saved))),
        Err(Error::Stale { .. }) => {
            let saved = state.context.profile(&visit.actor).await?;
            let layout = visit.layout(&state, visit.t.conflict.title, Nav::Elsewhere, None).await?;
            Ok(visit.answer_with(StatusCode::CONFLICT, &view::conflict(&visit, layout, &given, &saved)))
        }
        Err(error) => {
            let mut page = page(&state, &visit, Some(&given), &FieldErrors::of(error)?).await?;
            page.version = version;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn change_password(State(state): State<AppState>, AccountVisit(visit): AccountVisit, form: Form) -> Result<Response, Problem> {
    let changed = match new_password_twice("/new_password", &form.text("new_password"), &form.text("password_again")) {
        Ok(new) => state.context.change_password(&visit.actor, &form.text("current_password"), &new).await,
        Err(error) => Err(error),
    };
    let Err(error) = changed else { return Ok(go_on(HERE, Some(&Said::PasswordChanged))) };
    let refused = FieldErrors::of(error)?;
    let secret = |name: &str| refused.field(name, "", visit.t);
    let password = PasswordForm { current: secret("current_password"), new: secret("new_password"), again: secret("password_again") };
    let page = ProfilePage { password, ..page(&state, &visit, None, &FieldErrors::default()).await? };
    Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn end_others(State(state): State<AppState>, AccountVisit(visit): AccountVisit) -> Result<Response, Problem> {
    state.context.end_other_sessions(&visit.actor).await?;
    Ok(go_on("/profile#sessions", Some(&Said::SessionsEnded)))
}

async fn end(State(state): State<AppState>, AccountVisit(visit): AccountVisit, Ids((id,)): Ids<(SessionId,)>) -> Result<Response, Problem> {
    state.context.end_own_session(&visit.actor, id).await?;
    Ok(go_on("/profile#sessions", Some(&Said::SessionEnded)))
}

/// The page with what is stored, or with what was typed.
async fn page(state: &AppState, visit: &Visit, typed: Option<&ProfileFields>, refused: &FieldErrors) -> Result<ProfilePage, Problem> {
    let profile = state.context.profile(&visit.actor).await?;
    let sessions = state.context.own_sessions(&visit.actor).await?;
    let totp = state.context.totp_state(&visit.actor).await?;
    let linked = match state.context.identity_provider() {
        Some(provider) => Some(state.context.identities_of(&visit.actor).await?.iter().any(|one| one.issuer == provider.issuer())),
        None => None,
    };
    let stored = ProfileFields::of(&profile);
    Ok(ProfilePage {
        layout: visit.layout(state, visit.t.account.title, Nav::Elsewhere, None).await?,
        version: profile.version,
        email: profile.email,
        form: view::form(visit, typed.unwrap_or(&stored), refused),
        password: PasswordForm::default(),
        totp: view::totp(totp),
        sessions: sessions.into_iter().map(|one| view::session(visit, one)).collect(),
        linked,
    })
}
