//! Assigning a standard to a customer.

use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{
    access::{Action, FirmAction},
    customers::Customer,
    ids::{CustomerId, StandardId},
    templates::{Standard, Template},
};
use muster_service::{Conflict, Error, FieldError, Once, PlanRequest};
use serde_json::Value;

use super::{AssignPlanPage, StandardChoice, choices};
use crate::{
    input::plans::NewPlan,
    layout::Layout,
    pages::{
        field_errors::FieldErrors,
        surroundings::{allow, customer_crumbs, customer_nav, length},
        visit::{Form, Said, Visit, go_on},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
    text::Text,
};

pub(super) async fn form(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    let page = page(&state, &visit, id, &Chosen::default(), &FieldErrors::default()).await?;
    Ok(visit.answer(&page))
}

pub(super) async fn assign(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(CustomerId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let chosen = Chosen::read(&form);
    let made = match chosen.parse() {
        Ok(request) => state.context.assign_plan(&visit.actor, id, &request, &Once::unkeyed()).await,
        Err(error) => Err(error),
    };
    let (status, errors, conflict) = match made {
        Ok(created) => {
            let said = Said::TasksMade(created.value.generated_tasks.len());
            return Ok(go_on(&format!("/customers/{id}#plan-{}", created.value.plan.id), Some(&said)));
        }
        Err(Error::Conflict(Conflict::Ignored(_))) => (StatusCode::CONFLICT, FieldErrors::default(), Some(visit.t.assign.ignored)),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, FieldErrors::of(error)?, None),
    };
    let page = page(&state, &visit, id, &chosen, &errors).await?;
    let error = conflict.map(ToOwned::to_owned).or(page.error);
    Ok(visit.answer_with(status, &AssignPlanPage { error, ..page }))
}

/// What was chosen in the form.
struct Chosen {
    standard: String,
    mode: String,
    templates: Vec<String>,
    target: String,
}

impl Default for Chosen {
    fn default() -> Self {
        Self { standard: String::new(), mode: "all".to_owned(), templates: Vec::new(), target: String::new() }
    }
}

impl Chosen {
    fn read(form: &Form) -> Self {
        Self {
            standard: form.text("iso_standard_id"),
            mode: form.text("mode"),
            templates: form.all("templates").map(ToOwned::to_owned).collect(),
            target: form.text("target_completion_date"),
        }
    }

    fn parse(&self) -> Result<PlanRequest, Error> {
        if self.mode == "some" && self.templates.is_empty() {
            return Err(Error::field(FieldError::new("/templates", "blank", "must name a template")));
        }
        let templates = match self.mode.as_str() {
            "all" => Some(Value::from("all")),
            "some" => Some(Value::from(self.templates.clone())),
            _ => None,
        };
        NewPlan {
            iso_standard_id: Some(self.standard.clone()),
            templates,
            target_completion_date: Some(self.target.clone()),
            ..NewPlan::default()
        }
        .parse()
    }
}

async fn page(state: &AppState, visit: &Visit, id: CustomerId, chosen: &Chosen, errors: &FieldErrors) -> Result<AssignPlanPage, Problem> {
    let customer = state.context.customer(&visit.actor, id).await?;
    allow(visit, id, Action::AssignPlan)?;
    let (standards, templates) = state.context.assignable(&visit.actor, id, None).await?;
    let followed = state.context.plans(&visit.actor, id).await?.into_iter().map(|plan| plan.standard_id).collect::<Vec<_>>();
    let layout = visit.layout(state, visit.t.assign.plan_title, customer_nav(visit), Some(id.0)).await?;
    Ok(view(visit, layout, &customer, (&standards, &followed, &templates), chosen, errors))
}

fn view(
    visit: &Visit,
    layout: Layout,
    customer: &Customer,
    (standards, followed, templates): (&[Standard], &[StandardId], &[Template]),
    chosen: &Chosen,
    errors: &FieldErrors,
) -> AssignPlanPage {
    let t = visit.t;
    let offered = |code: &str| templates.iter().filter(|template| template.iso_codes.iter().any(|one| one == code)).collect::<Vec<_>>();
    let left = standards.iter().filter(|standard| !followed.contains(&standard.id)).count();
    let standard = |standard: &Standard| {
        let assigned = followed.contains(&standard.id);
        StandardChoice {
            id: standard.id.to_string(),
            code: standard.code.clone(),
            name: standard.name.clone(),
            description: standard.description.clone(),
            templates: length(&offered(&standard.code)),
            // Where only one is left, it is the one.
            chosen: !assigned && (standard.id.to_string() == chosen.standard || (left == 1 && chosen.standard.is_empty())),
            assigned,
        }
    };
    let ticked: Vec<&str> = chosen.templates.iter().map(String::as_str).collect();
    AssignPlanPage {
        layout,
        crumbs: customer_crumbs(visit, customer.id, &customer.name, t.assign.plan_title),
        customer_id: customer.id.0,
        customer: customer.name.clone(),
        standards: standards.iter().map(standard).collect(),
        templates: choices(templates.iter(), &ticked),
        mode: chosen.mode.clone(),
        target: errors.field("target_completion_date", chosen.target.as_str(), t),
        error: error(errors, t),
        may_library: visit.may_firm(FirmAction::ReadLibrary),
    }
}

/// Why the choice was refused.
fn error(errors: &FieldErrors, t: &Text) -> Option<String> {
    let words = &t.assign;
    let word = |name, blank| errors.get(name).map(|refused| if refused.code == "blank" { blank } else { words.gone });
    word("iso_standard_id", words.choose_standard).or_else(|| word("templates", words.choose_template)).map(ToOwned::to_owned)
}
