//! The firm's settings, and its logo.

use std::time::Duration;

use axum::{
    Router,
    extract::{Multipart, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use muster_domain::{
    account::TotpRequirements,
    firm::{Firm, Logo},
};
use muster_service::Error;

use super::FirmPage;
use crate::{
    api::read_logo,
    input::firm::FirmPatch,
    layout::Nav,
    pages::{
        field_errors::FieldErrors,
        visit::{Form, Said, Visit, go_on},
    },
    parts::{Crumb, Field},
    problem::Problem,
    state::AppState,
};

/// An upload that takes longer is cut off.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/firm", get(show).post(change))
        .route("/firm/logo", get(logo).post(set_logo))
        .route("/firm/logo/remove", post(remove_logo))
        .route("/firm/two-step", post(require_two_step))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    let firm = state.context.firm(&visit.actor).await?;
    Ok(visit.answer(&page(&state, &visit, &firm, &stored(&firm), &FieldErrors::default()).await?))
}

async fn change(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    let firm = state.context.firm(&visit.actor).await?;
    let version = form.version().ok_or(Error::VersionRequired)?;
    let sent = |name: &str| Some(Some(form.text(name)));
    let given = FirmPatch {
        name: sent("name"),
        mail_from: sent("mail_from"),
        public_url: sent("public_url"),
        trusted_proxies: sent("trusted_proxies"),
    };
    let changed = match given.applied_to(&firm) {
        Ok(details) => state.context.update_firm(&visit.actor, &details, version).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(_) => Ok(go_on("/firm", Some(&Said::Saved))),
        Err(Error::Stale { .. }) => {
            // What was typed stays; saving again overwrites what somebody else saved meanwhile.
            let now = state.context.firm(&visit.actor).await?;
            let page = page(&state, &visit, &now, &given, &FieldErrors::default()).await?;
            Ok(visit.answer_with(StatusCode::CONFLICT, &FirmPage { stale: true, ..page }))
        }
        Err(error) => {
            let page = page(&state, &visit, &firm, &given, &FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &FirmPage { version, ..page }))
        }
    }
}

/// The logo, for everybody. It is a picture and nothing else, whatever its bytes say.
async fn logo(State(state): State<AppState>) -> Result<Response, Problem> {
    let logo = state.context.firm_logo().await?.ok_or(Error::NotFound)?;
    let kind = HeaderValue::from_static(logo.media_type());
    let age = HeaderValue::from_static("public, max-age=300");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, age)], logo.bytes().to_vec()).into_response())
}

async fn set_logo(State(state): State<AppState>, visit: Visit, parts: Multipart) -> Result<Response, Problem> {
    let firm = state.context.firm(&visit.actor).await?;
    let read = tokio::time::timeout(PATIENCE, read_picture(parts)).await;
    let bytes = read.map_err(|_| Problem::of_status(StatusCode::REQUEST_TIMEOUT))??;
    match read_logo(bytes) {
        Ok(logo) => {
            state.context.set_firm_logo(&visit.actor, Some(&logo)).await?;
            Ok(go_on("/firm", Some(&Said::Saved)))
        }
        Err(error) => {
            let page = page(&state, &visit, &firm, &stored(&firm), &FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// The bytes of the field `logo`: at most one chunk more than is allowed, which is enough to know.
async fn read_picture(mut parts: Multipart) -> Result<Vec<u8>, Problem> {
    let broken = |_| Problem::of_status(StatusCode::BAD_REQUEST);
    let mut bytes = Vec::new();
    while let Some(mut part) = parts.next_field().await.map_err(broken)? {
        if part.name() != Some("logo") {
            continue;
        }
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            if bytes.len() <= Logo::MAX {
                bytes.extend_from_slice(&chunk);
            }
        }
    }
    Ok(bytes)
}

async fn remove_logo(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    state.context.set_firm_logo(&visit.actor, None).await?;
    Ok(go_on("/firm", Some(&Said::Saved)))
}

async fn require_two_step(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    let wanted = TotpRequirements { for_firm: form.is_on("for_firm"), for_approvers: form.is_on("for_approvers") };
    state.context.set_totp_requirements(&visit.actor, wanted).await?;
    Ok(go_on("/firm", Some(&Said::Saved)))
}

fn stored(firm: &Firm) -> FirmPatch {
    FirmPatch {
        name: Some(Some(firm.name.clone())),
        mail_from: Some(firm.mail_from.clone()),
        public_url: Some(firm.public_url.clone()),
        trusted_proxies: Some(firm.trusted_proxies.clone()),
    }
}

async fn page(state: &AppState, visit: &Visit, firm: &Firm, given: &FirmPatch, refused: &FieldErrors) -> Result<FirmPage, Problem> {
    let title = visit.t.firm.title;
    let two_step = state.context.totp_requirements().await?;
    let field =
        |name: &str, value: &Option<Option<String>>| -> Field { refused.field(name, value.clone().flatten().unwrap_or_default(), visit.t) };
    Ok(FirmPage {
        layout: visit.layout(state, title, Nav::Elsewhere, None).await?,
        crumbs: vec![Crumb::here(title)],
        stored_name: firm.name.clone(),
        version: firm.version,
        stale: false,
        name: field("name", &given.name),
        mail_from: field("mail_from", &given.mail_from),
        public_url: field("public_url", &given.public_url),
        trusted_proxies: field("trusted_proxies", &given.trusted_proxies),
        has_logo: firm.has_logo,
        logo: refused.field("logo", "", visit.t),
        has_mail_server: state.context.has_mail_server(),
        has_older_database: state.context.was_moved_over(&visit.actor).await?,
        two_step_firm: two_step.for_firm,
        two_step_approvers: two_step.for_approvers,
    })
}
