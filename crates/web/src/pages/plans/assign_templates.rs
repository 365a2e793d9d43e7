//! Assigning templates to a plan.

use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{
    access::Action,
    ids::{PlanId, TemplateId},
    plans::Plan,
};
use muster_service::{Conflict, Error};

use super::{AssignTemplatesPage, choices};
use crate::{
    layout::Layout,
    pages::{
        surroundings::{allow, customer_nav},
        visit::{Form, Said, Visit, go_on},
    },
    parts::Crumb,
    problem::Problem,
    request::Ids,
    state::AppState,
};

pub(super) async fn form(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(PlanId,)>) -> Result<Response, Problem> {
    Ok(visit.answer(&page(&state, &visit, id, &[]).await?))
}

pub(super) async fn assign(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(PlanId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let chosen: Vec<&str> = form.all("template_id").collect();
    let words = &visit.t.assign;
    let parsed: Result<Vec<TemplateId>, _> = chosen.iter().map(|id| id.parse()).collect();
    let (status, error) = match parsed.ok() {
        Some(templates) if templates.is_empty() => (StatusCode::UNPROCESSABLE_ENTITY, words.choose_template),
        None => (StatusCode::UNPROCESSABLE_ENTITY, words.gone),
        Some(templates) => match state.context.assign_templates(&visit.actor, id, &templates).await {
            Ok(tasks) => return done(&state, &visit, id, tasks).await,
            Err(Error::Conflict(Conflict::Ignored(_))) => (StatusCode::CONFLICT, words.ignored),
            Err(Error::Invalid(_)) => (StatusCode::UNPROCESSABLE_ENTITY, words.gone),
            Err(other) => return Err(other.into()),
        },
    };
    let page = page(&state, &visit, id, &chosen).await?;
    Ok(visit.answer_with(status, &AssignTemplatesPage { error: Some(error.to_owned()), ..page }))
}

async fn done(state: &AppState, visit: &Visit, id: PlanId, tasks: usize) -> Result<Response, Problem> {
    let customer = state.context.customer_of_plan(&visit.actor, id).await?;
    Ok(go_on(&format!("/customers/{customer}#plan-{id}"), Some(&Said::TasksMade(tasks))))
}

async fn page(state: &AppState, visit: &Visit, id: PlanId, chosen: &[&str]) -> Result<AssignTemplatesPage, Problem> {
    let (plan, assigned) = state.context.plan_with_templates(&visit.actor, id).await?;
    allow(visit, plan.customer_id, Action::AssignPlan)?;
    let (_, mut templates) = state.context.assignable(&visit.actor, plan.customer_id, None).await?;
    templates.retain(|template| assigned.iter().all(|one| one.template_id != template.id));
    let (own, other): (Vec<_>, Vec<_>) = templates.iter().partition(|template| template.iso_codes.contains(&plan.iso_code));
    let layout = visit.layout(state, visit.t.assign.templates_title, customer_nav(visit), Some(plan.customer_id.0)).await?;
    let page = view(visit, layout, &plan);
    Ok(AssignTemplatesPage { own: choices(own.into_iter(), chosen), other: choices(other.into_iter(), chosen), ..page })
}

fn view(visit: &Visit, layout: Layout, plan: &Plan) -> AssignTemplatesPage {
    let words = &visit.t.assign;
    let mut crumbs = visit.way_to(plan.customer_id, &plan.customer_name);
    crumbs.push(Crumb::to(&plan.iso_code, format!("/customers/{}#plan-{}", plan.customer_id, plan.id)));
    crumbs.push(Crumb::here(words.templates_title));
    AssignTemplatesPage {
        layout,
        crumbs,
        plan_id: plan.id.to_string(),
        plan: words.plan_of.with2(&plan.iso_code, &plan.customer_name),
        code: plan.iso_code.clone(),
        customer_id: plan.customer_id.0,
        own: Vec::new(),
        other: Vec::new(),
        error: None,
    }
}
