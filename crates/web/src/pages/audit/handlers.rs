//! The pages of the audit logs.

use axum::{Router, extract::State, response::Response, routing::get};
use jiff::tz::TimeZone;
use muster_domain::{audit::AuditEntry, ids::CustomerId};
use muster_service::{LogState, Page};

use super::{AuditPage, view};
use crate::{
    input::audit::audit_filter,
    layout::{Layout, Nav},
    pages::{
        surroundings::{count, customer_crumbs, customer_nav, zone},
        visit::Visit,
    },
    parts::Crumb,
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
    text::In,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/customers/{id}/audit", get(of_customer)).route("/audit", get(of_firm))
}

/// A customer's log. Days and moments are those of its zone.
async fn of_customer(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let customer = state.context.customer(&visit.actor, id).await?;
    let (zone, title) = (zone(&customer.time_zone), visit.t.audit.title);
    let entries = state.context.audit_entries(&visit.actor, id, &audit_filter(&parameters, &zone)?, parameters.slice()?).await?;
    let head = Head {
        log: In::Customer,
        crumbs: customer_crumbs(&visit, id, &customer.name, title),
        title,
        about: visit.t.audit.about.with(&customer.name),
        path: format!("/customers/{id}/audit"),
        zone,
    };
    let layout = visit.layout(&state, title, customer_nav(&visit), Some(id.0)).await?;
    let log = state.context.audit_state(&visit.actor, id).await?;
    Ok(visit.answer(&page(&state, &visit, layout, head, &parameters, &entries, &log)?))
}

/// The firm's own log. It has no zone: days and moments are those of UTC.
async fn of_firm(State(state): State<AppState>, visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let (zone, title) = (TimeZone::UTC, visit.t.audit.firm_title);
    let entries = state.context.firm_audit_entries(&visit.actor, &audit_filter(&parameters, &zone)?, parameters.slice()?).await?;
    let about = visit.t.audit.firm_about.to_owned();
    let head = Head { log: In::Firm, crumbs: Vec::new(), title, about, path: "/audit".to_owned(), zone };
    let layout = visit.layout(&state, title, Nav::Elsewhere, None).await?;
    let log = state.context.firm_audit_state(&visit.actor).await?;
    Ok(visit.answer(&page(&state, &visit, layout, head, &parameters, &entries, &log)?))
}

/// What the two logs differ in.
struct Head {
    log: In,
    crumbs: Vec<Crumb>,
    title: &'static str,
    about: String,
    path: String,
    zone: TimeZone,
}

fn page(
    state: &AppState,
    visit: &Visit,
    layout: Layout,
    head: Head,
    parameters: &Parameters,
    entries: &Page<AuditEntry>,
    log: &LogState,
) -> Result<AuditPage, Problem> {
    Ok(AuditPage {
        layout,
        crumbs: head.crumbs,
        title: head.title.to_owned(),
        about: head.about,
        filters: view::filters(parameters, head.log, visit.t),
        entries: entries.items.iter().map(|entry| view::entry(entry, &head.zone, visit.t)).collect(),
        paging: view::paging(&head.path, parameters, parameters.slice()?, entries),
        total: count(log.entries),
        signed: view::signed(log, &head.zone, visit.t),
        export: format!("/api/v1{}/export", head.path),
        checkpoints: (head.log == In::Firm).then_some("/api/v1/audit/checkpoints"),
        key: state.context.audit_key().map(|key| key.to_string()),
        action: head.path,
    })
}
