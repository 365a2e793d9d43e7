//! Showing a questionnaire.

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use muster_domain::{
    access::Action,
    answers::AnswerValue,
    ids::{PlanId, TemplateId},
    templates::QuestionKind,
};
use muster_service::Questionnaire;

use super::{QuestionnairePage, answer, changed, delegate, document, uses, view};
use crate::{
    layout::Layout,
    pages::{
        evidence::offer_evidence,
        surroundings::{customer_nav, may},
        visit::Visit,
    },
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/plans/{id}/templates/{tid}/questionnaire", get(show))
        .route("/plans/{id}/templates/{tid}/answers/{key}", post(answer::save))
        .route("/plans/{id}/templates/{tid}/answers/{key}/reuse", post(answer::reuse))
        .route("/plans/{id}/templates/{tid}/answers/{key}/withdraw", post(answer::withdraw))
        .route("/plans/{id}/templates/{tid}/questions/{key}", get(changed::show))
        .route("/plans/{id}/templates/{tid}/questions/{key}/uses", get(uses::show))
        .route("/plans/{id}/templates/{tid}/questions/{key}/delegate", post(delegate::send))
        .route("/plans/{id}/templates/{tid}/documents", post(document::save))
}

async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let from = state.context.questionnaire(&visit.actor, plan, template).await?;
    // The question that has just been answered stays in sight.
    let shown = Shown {
        only_open: parameters.is_on("open")?,
        only_mine: parameters.is_on("mine")?,
        keep: parameters.get("keep").map(ToOwned::to_owned),
        only: None,
    };
    Ok(visit.answer(&page(&state, &visit, &from, &shown).await?))
}

/// Which questions are shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Only those without an answer.
    pub(super) only_open: bool,
    /// Only those that the visitor is to answer.
    pub(super) only_mine: bool,
    /// And this one.
    pub(super) keep: Option<String>,
    /// This one alone, whatever else.
    pub(super) only: Option<String>,
}

/// The page of a questionnaire as it stands.
pub(super) async fn page(state: &AppState, visit: &Visit, from: &Questionnaire, shown: &Shown) -> Result<QuestionnairePage, Problem> {
    let customer = from.plan.customer_id;
    let layout = visit.layout(state, &from.assignment.template_name, customer_nav(visit), Some(customer.0)).await?;
    furnished(state, visit, layout, from, shown).await
}

/// The same in a frame that is there, with what the visitor may do.
pub(super) async fn furnished(
    state: &AppState,
    visit: &Visit,
    layout: Layout,
    from: &Questionnaire,
    shown: &Shown,
) -> Result<QuestionnairePage, Problem> {
    let customer = from.plan.customer_id;
    let is_ignored = from.plan.ignored.is_some() || from.assignment.ignored.is_some();
    let may_answer = !is_ignored && may(visit, customer, Action::AnswerQuestion);
    let may_delegate = !is_ignored && may(visit, customer, Action::Delegate);
    let asks_for_people = from.release.content.questions.iter().any(|question| question.kind == QuestionKind::Person);
    let people = if may_delegate || (may_answer && asks_for_people) {
        state.context.assignable_people(&visit.actor, customer).await?
    } else {
        Vec::new()
    };
    let names: Vec<String> = if may_answer { people.iter().map(|person| person.name.clone()).collect() } else { Vec::new() };
    let mut page = view::page(visit, layout, from, shown, &names);
    offer_evidence(state, visit, from, &mut page);
    if may_delegate {
        delegate::offer(&mut page, &people, visit.t);
    }
    if !is_ignored && may(visit, customer, Action::AssignPlan) {
        page.newer = state.context.newer_release(&visit.actor, from.plan.id, from.assignment.template_id).await?;
    }
    Ok(QuestionnairePage { may_answer, is_ignored, save: page.save.filter(|_| may_answer), ..page })
}

/// Whether a value is what is saved already.
pub(super) fn is_saved(from: &Questionnaire, key: &str, value: Option<&AnswerValue>) -> bool {
    from.answers.get(key).is_some_and(|answer| Some(&answer.value) == value && answer.not_applicable_reason.is_none())
}
