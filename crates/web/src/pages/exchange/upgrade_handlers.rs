//! Bringing one plan, or many customers, to a newer release.

use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use muster_domain::{
    access::FirmAction,
    ids::{PlanId, TemplateId},
    upgrades::{Decisions, DroppedTask},
};
use muster_service::{CustomerUpgrade, Error, UpgradeChoice, UpgradeOutcome, UpgradeRequest};

use super::{upgrade::CustomersPage, upgrade_view};
use crate::{
    layout::Nav,
    pages::visit::{Form, Said, Visit, go_on},
    parts::Crumb,
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/plans/{plan_id}/templates/{template_id}/upgrade", get(preview).post(upgrade))
        .route("/library/templates/{template_id}/customers", get(customers).post(upgrade_customers))
}

/// The release that an address or a form names; none for the latest.
fn release(given: Option<&str>) -> Result<Option<i32>, Problem> {
    let number = given.map(str::trim).filter(|given| !given.is_empty()).map(str::parse).transpose();
    number.map_err(|_| Problem::from(Error::NotFound))
}

async fn preview(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let request =
        UpgradeRequest { plan, template, release: release(parameters.get("release"))?, decisions: Decisions::new(), expected: None };
    shown(&state, &visit, &request, StatusCode::OK).await
}

async fn shown(state: &AppState, visit: &Visit, request: &UpgradeRequest, status: StatusCode) -> Result<Response, Problem> {
    let effect = state.context.preview_upgrade(&visit.actor, request).await?;
    let title = visit.t.upgrade.title.with2(effect.to.number, &effect.assignment.template_name);
    let layout = visit.layout(state, title, Nav::Workspace, Some(effect.assignment.customer_id.0)).await?;
    Ok(visit.answer_with(status, &upgrade_view::page(layout, &effect, status != StatusCode::OK, visit.t)))
}

async fn upgrade(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    form: Form,
) -> Result<Response, Problem> {
    let request =
        UpgradeRequest { plan, template, release: release(form.get("release"))?, decisions: decisions(&form), expected: form.version() };
    match state.context.upgrade_template(&visit.actor, &request).await {
        Ok(effect) => {
            let said = Said::Upgraded(effect.to.number);
            Ok(go_on(&format!("/plans/{plan}/templates/{template}/questionnaire"), Some(&said)))
        }
        // What was decided was decided on something else: look again.
        Err(Error::Stale { .. } | Error::Invalid(_)) => {
            let again = UpgradeRequest { decisions: Decisions::new(), expected: None, ..request };
            shown(&state, &visit, &again, StatusCode::CONFLICT).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The fields `decision-KEY` of the form.
fn decisions(form: &Form) -> Decisions {
    let decision = |(name, value): (&str, &str)| Some((name.strip_prefix("decision-")?.to_owned(), value.parse::<DroppedTask>().ok()?));
    form.pairs().filter_map(decision).collect()
}

async fn customers(
    State(state): State<AppState>,
    visit: Visit,
    Ids((template,)): Ids<(TemplateId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let number = release(parameters.get("release"))?;
    let upgrades = state.context.upgrade_customers(&visit.actor, template, number, &UpgradeChoice::All, true).await?;
    let page = customers_page(&state, &visit, template, number, upgrades, false).await?;
    Ok(visit.answer(&page))
}

async fn upgrade_customers(
    State(state): State<AppState>,
    visit: Visit,
    Ids((template,)): Ids<(TemplateId,)>,
    form: Form,
) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let number = release(form.get("release"))?;
    let plans: Vec<PlanId> = form.all("plan").filter_map(|id| id.parse().ok()).collect();
    let is_empty = plans.is_empty();
    let upgrades = if is_empty {
        state.context.upgrade_customers(&visit.actor, template, number, &UpgradeChoice::All, true).await?
    } else {
        state.context.upgrade_customers(&visit.actor, template, number, &UpgradeChoice::These(plans), false).await?
    };
    let page = customers_page(&state, &visit, template, number, upgrades, is_empty).await?;
    Ok(visit.answer_with(if is_empty { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page))
}

async fn customers_page(
    state: &AppState,
    visit: &Visit,
    template: TemplateId,
    number: Option<i32>,
    upgrades: Vec<CustomerUpgrade>,
    none_chosen: bool,
) -> Result<CustomersPage, Problem> {
    let detail = state.context.template(&visit.actor, template).await?;
    let release = number.or_else(|| detail.latest_release().map(|one| one.number)).unwrap_or_default();
    let title = visit.t.upgrade.customers_title.with(release);
    let layout = visit.layout(state, &title, Nav::Library, None).await?;
    let done = upgrades.iter().filter(|one| matches!(&one.outcome, UpgradeOutcome::Effect(effect) if effect.is_done)).count();
    Ok(CustomersPage {
        layout,
        crumbs: vec![
            Crumb::to(visit.t.library.templates, "/library/templates"),
            Crumb::to(&detail.template.name, format!("/library/templates/{template}")),
            Crumb::here(title),
        ],
        template_id: template.to_string(),
        template: detail.template.name,
        release,
        done: (done > 0).then(|| visit.t.upgrade.customers_done.n(done)),
        none_chosen,
        rows: upgrades.into_iter().filter_map(upgrade_view::row).collect(),
    })
}
