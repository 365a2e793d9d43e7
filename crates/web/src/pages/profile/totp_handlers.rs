//! Setting up two-step sign-in, renewing its recovery codes, turning it off.

use axum::{extract::State, http::StatusCode, response::Response};
use muster_service::{Conflict, Error};

use super::{RecoveryCodesPage, SecondStep, TotpPage, view};
use crate::{
    layout::Nav,
    pages::{
        field_errors::FieldErrors,
        visit::{AccountVisit, Form, Said, Visit, go_on, see_other},
    },
    parts::{Crumb, Field},
    problem::Problem,
    state::AppState,
};

/// Where two-step sign-in stands.
const HERE: &str = "/profile/totp";

pub(super) async fn totp(State(state): State<AppState>, AccountVisit(visit): AccountVisit) -> Result<Response, Problem> {
    Ok(visit.answer(&page(&state, &visit).await?))
}

pub(super) async fn begin(State(state): State<AppState>, AccountVisit(visit): AccountVisit, form: Form) -> Result<Response, Problem> {
    let begun = state.context.begin_totp(&visit.actor, &form.text("password")).await;
    let Some(refused) = refusals(begun)? else { return Ok(see_other(HERE)) };
    let step = SecondStep::Off { password: refused.field("password", "", visit.t) };
    refuse(&visit, TotpPage { step, ..page(&state, &visit).await? })
}

pub(super) async fn confirm(State(state): State<AppState>, AccountVisit(visit): AccountVisit, form: Form) -> Result<Response, Problem> {
    match state.context.confirm_totp(&visit.actor, &form.text("code")).await {
        Ok(codes) => show_codes(&state, &visit, codes).await,
        // Sent twice, or so late that the key is no longer good: the page says how it stands.
        Err(Error::Conflict(Conflict::TotpIsOn | Conflict::TotpIsOff)) => Ok(see_other(HERE)),
        Err(error) => {
            let refused = FieldErrors::of(error)?;
            let mut page = page(&state, &visit).await?;
            if let SecondStep::Begun { code, .. } = &mut page.step {
                *code = code_field(&refused, &visit);
            }
            refuse(&visit, page)
        }
    }
}

pub(super) async fn codes(State(state): State<AppState>, AccountVisit(visit): AccountVisit, form: Form) -> Result<Response, Problem> {
    match state.context.renew_recovery_codes(&visit.actor, &form.text("password"), &form.text("code")).await {
        Ok(codes) => show_codes(&state, &visit, codes).await,
        Err(error) => {
            let refused = FieldErrors::of(error)?;
            let mut page = page(&state, &visit).await?;
            if let SecondStep::On { renew, .. } = &mut page.step {
                *renew = (refused.field("password", "", visit.t), code_field(&refused, &visit));
            }
            refuse(&visit, page)
        }
    }
}

pub(super) async fn remove(State(state): State<AppState>, AccountVisit(visit): AccountVisit, form: Form) -> Result<Response, Problem> {
    let removed = state.context.remove_totp(&visit.actor, &form.text("password"), &form.text("code")).await;
    let Some(refused) = refusals(removed)? else { return Ok(go_on("/profile", Some(&Said::TotpOff))) };
    let mut page = page(&state, &visit).await?;
    if let SecondStep::On { remove, .. } = &mut page.step {
        *remove = (refused.field("password", "", visit.t), code_field(&refused, &visit));
    }
    refuse(&visit, page)
}

/// What was refused; nothing where nothing was.
fn refusals<T>(outcome: Result<T, Error>) -> Result<Option<FieldErrors>, Problem> {
    outcome.map_or_else(|error| FieldErrors::of(error).map(Some), |_| Ok(None))
}

/// A refused code has words of its own: it may have been right and used.
fn code_field(refused: &FieldErrors, visit: &Visit) -> Field {
    match refused.get("code") {
        Some(_) => Field::refused("", visit.t.sign_in.code_wrong),
        None => Field::default(),
    }
}

fn refuse(visit: &Visit, page: TotpPage) -> Result<Response, Problem> {
    Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn page(state: &AppState, visit: &Visit) -> Result<TotpPage, Problem> {
    let totp = state.context.totp_state(&visit.actor).await?;
    let step = match state.context.begun_totp(&visit.actor).await? {
        _ if totp.is_on => view::on(totp),
        Some(begun) => SecondStep::Begun { secret: view::grouped(&begun.secret), picture: begun.qr_svg, code: Field::default() },
        None => SecondStep::Off { password: Field::default() },
    };
    Ok(TotpPage {
        layout: visit.layout(state, visit.t.account.totp, Nav::Elsewhere, None).await?,
        crumbs: crumbs(visit, visit.t.account.totp),
        required: totp.is_required,
        step,
    })
}

async fn show_codes(state: &AppState, visit: &Visit, codes: Vec<String>) -> Result<Response, Problem> {
    let title = visit.t.account.codes_title;
    let layout = visit.layout(state, title, Nav::Elsewhere, None).await?;
    Ok(visit.answer(&RecoveryCodesPage { layout, crumbs: crumbs(visit, title), codes }))
}

fn crumbs(visit: &Visit, here: &str) -> Vec<Crumb> {
    vec![Crumb::to(visit.t.account.title, "/profile"), Crumb::here(here)]
}
