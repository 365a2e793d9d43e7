//! The lists of the library.

use std::collections::HashMap;

use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use muster_domain::{
    access::FirmAction,
    ids::TemplateId,
    templates::{Standard, Template},
};
use muster_service::{Conflict, Error, FieldError, Once, Slice};

use super::{RulesPage, StandardForm, StandardRow, StandardsPage, TemplatesPage, rule_edit, rule_view, template_view};
use crate::{
    input::templates::NewStandardBody,
    layout::Nav,
    pages::{
        editor::create_template,
        field_errors::FieldErrors,
        surroundings::{count, length},
        visit::{Form, Said, Visit, go_on},
    },
    parts::Paging,
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/library/standards", get(standards).post(add_standard))
        .route("/library/templates", get(templates).post(create_template))
        .route("/library/templates/{id}", get(template))
        .route("/library/task-rules", get(rules).post(rule_edit::create))
        .route("/library/task-rules/new", get(rule_edit::new))
        .route("/library/task-rules/{id}", get(rule_edit::edit).post(rule_edit::change))
        .route("/library/task-rules/{id}/apply", get(rule_edit::preview).post(rule_edit::apply))
}

async fn standards(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    let form = visit.may_firm(FirmAction::EditLibrary).then(StandardForm::default);
    Ok(visit.answer(&standards_page(&state, &visit, form).await?))
}

async fn add_standard(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let text = |name: &str| form.get(name).map(ToOwned::to_owned);
    let given = NewStandardBody { code: text("code"), name: text("name"), description: text("description") };
    let made = match given.parse() {
        Ok(standard) => state.context.create_standard(&visit.actor, &standard, &Once::unkeyed()).await,
        Err(error) => Err(error),
    };
    let (status, errors) = match made {
        Ok(_) => return Ok(go_on("/library/standards", Some(&Said::Saved))),
        Err(Error::Conflict(Conflict::CodeTaken)) => {
            (StatusCode::CONFLICT, FieldErrors::of(Error::field(FieldError::new("/code", "code-taken", "")))?)
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, FieldErrors::of(error)?),
    };
    let field = |name: &str| errors.field(name, form.text(name), visit.t);
    let form = StandardForm { code: field("code"), name: field("name"), description: field("description"), unfolded: true };
    Ok(visit.answer_with(status, &standards_page(&state, &visit, Some(form)).await?))
}

async fn standards_page(state: &AppState, visit: &Visit, form: Option<StandardForm>) -> Result<StandardsPage, Problem> {
    let standards = state.context.standards(&visit.actor).await?;
    let templates = state.context.templates(&visit.actor, None).await?;
    let plans = state.context.plans_by_standard(&visit.actor).await?;
    let layout = visit.layout(state, visit.t.library.standards, Nav::Library, None).await?;
    Ok(StandardsPage { layout, rows: standard_rows(standards, &templates, &plans), form })
}

fn standard_rows(
    standards: Vec<Standard>,
    templates: &[Template],
    plans: &HashMap<muster_domain::ids::StandardId, i64>,
) -> Vec<StandardRow> {
    let of = |code: &str| templates.iter().filter(|template| template.iso_codes.iter().any(|one| one == code)).count();
    let row = |standard: Standard| StandardRow {
        id: standard.id.to_string(),
        templates: u32::try_from(of(&standard.code)).unwrap_or(u32::MAX),
        plans: count(plans.get(&standard.id).copied().unwrap_or_default()),
        code: standard.code,
        name: standard.name,
        description: standard.description,
    };
    standards.into_iter().map(row).collect()
}

async fn templates(State(state): State<AppState>, visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let slice = parameters.slice()?;
    let standards = state.context.standards(&visit.actor).await?;
    let chosen = parameters.get("iso").and_then(|id| standards.iter().find(|standard| standard.id.to_string() == id));
    let mut templates = state.context.templates(&visit.actor, chosen.map(|standard| standard.code.as_str())).await?;
    let words = parameters.get("q").unwrap_or_default();
    templates.retain(|template| template.name.to_lowercase().contains(&words.to_lowercase()));
    let layout = visit.layout(&state, visit.t.library.templates, Nav::Library, None).await?;
    let rows = template_view::rows(&templates, slice);
    Ok(visit.answer(&TemplatesPage {
        layout,
        may_edit: visit.may_firm(FirmAction::EditLibrary),
        q: words.to_owned(),
        standards: template_view::standard_choices(&standards, chosen, visit.t),
        filtered: chosen.is_some() || !words.is_empty(),
        paging: paging(&parameters, slice, rows.len(), &templates),
        rows,
    }))
}

fn paging(parameters: &Parameters, slice: Slice, shown: usize, templates: &[Template]) -> Paging {
    let total = i64::try_from(templates.len()).unwrap_or(i64::MAX);
    let at = |query: String| format!("/library/templates{query}");
    Paging {
        shown: u32::try_from(shown).unwrap_or(u32::MAX),
        total: length(templates),
        next: parameters.next_query(slice, total).map(at),
        first: (slice.offset > 0).then(|| at(parameters.first_query())),
    }
}

async fn template(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TemplateId,)>) -> Result<Response, Problem> {
    let detail = state.context.template(&visit.actor, id).await?;
    let layout = visit.layout(&state, &detail.template.name, Nav::Library, None).await?;
    Ok(visit.answer(&template_view::page(&visit, layout, &detail)))
}

async fn rules(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    let rules = state.context.task_rules(&visit.actor).await?;
    let layout = visit.layout(&state, visit.t.library.rules, Nav::Library, None).await?;
    let may_edit = visit.may_firm(FirmAction::EditLibrary);
    Ok(visit.answer(&RulesPage { layout, groups: rule_view::groups(rules, visit.t), may_edit }))
}
