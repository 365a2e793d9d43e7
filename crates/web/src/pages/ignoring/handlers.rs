//! Ignoring and restoring plans and templates of plans, and the list of what is ignored. Tasks are
//! ignored in [`crate::pages::tasks`].

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use muster_domain::{
    ids::{CustomerId, PlanId, TemplateId},
    plans::IgnoredKind,
};

use super::{
    list::list_page,
    reason::{Subject, ask, submit},
};
use crate::{
    pages::visit::{Form, Said, Visit, go_on},
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/customers/{id}/ignored", get(list))
        .route("/plans/{id}/ignore", get(ask_plan).post(ignore_plan))
        .route("/plans/{id}/restore", post(restore_plan))
        .route("/plans/{id}/templates/{tid}/ignore", get(ask_template).post(ignore_template))
        .route("/plans/{id}/templates/{tid}/restore", post(restore_template))
}

/// What is ignored of a customer.
async fn list(State(state): State<AppState>, visit: Visit, Ids((customer,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    Ok(visit.answer(&list_page(&state, &visit, customer).await?))
}

/// Asks why a plan does not apply.
async fn ask_plan(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan,)): Ids<(PlanId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    ask(&state, &visit, &plan_subject(&state, &visit, plan).await?, parameters.get("next")).await
}

/// Ignores a plan.
async fn ignore_plan(State(state): State<AppState>, visit: Visit, Ids((plan,)): Ids<(PlanId,)>, form: Form) -> Result<Response, Problem> {
    submit(&state, &visit, &plan_subject(&state, &visit, plan).await?, &form).await
}

/// Restores a plan with all below it.
async fn restore_plan(State(state): State<AppState>, visit: Visit, Ids((plan,)): Ids<(PlanId,)>, form: Form) -> Result<Response, Problem> {
    let plan = state.context.restore_plan(&visit.actor, plan, form.version()).await?;
    Ok(go_on(&form.next(&format!("/customers/{}#plan-{}", plan.customer_id, plan.id)), Some(&Said::Restored)))
}

/// Asks why a template of a plan does not apply.
async fn ask_template(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    ask(&state, &visit, &template_subject(&state, &visit, plan, template).await?, parameters.get("next")).await
}

/// Ignores a template of a plan.
async fn ignore_template(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    form: Form,
) -> Result<Response, Problem> {
    submit(&state, &visit, &template_subject(&state, &visit, plan, template).await?, &form).await
}

/// Restores a template of a plan with all below it.
async fn restore_template(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    form: Form,
) -> Result<Response, Problem> {
    let restored = state.context.restore_assignment(&visit.actor, plan, template, form.version()).await?;
    let home = format!("/customers/{}#template-{plan}-{template}", restored.customer_id);
    Ok(go_on(&form.next(&home), Some(&Said::Restored)))
}

async fn plan_subject(state: &AppState, visit: &Visit, id: PlanId) -> Result<Subject, Problem> {
    let plan = state.context.plan(&visit.actor, id).await?;
    Ok(Subject { customer: plan.customer_id, customer_name: plan.customer_name, kind: IgnoredKind::Plan(id), name: plan.iso_code })
}

async fn template_subject(state: &AppState, visit: &Visit, plan: PlanId, template: TemplateId) -> Result<Subject, Problem> {
    let customer_name = state.context.plan(&visit.actor, plan).await?.customer_name;
    let assignment = state.context.assignment(&visit.actor, plan, template).await?;
    let kind = IgnoredKind::Assignment(plan, template);
    Ok(Subject { customer: assignment.customer_id, customer_name, kind, name: assignment.template_name })
}
