//! Where a customer is asked for the same fact.

use askama::Template;
use axum::{extract::State, response::Response};
use muster_domain::ids::{PlanId, TemplateId};

use super::view;
use crate::{
    filters, format,
    layout::{Layout, Nav, Theme},
    pages::{surroundings::customer_nav, visit::Visit},
    parts::{Crumb, Moment},
    problem::Problem,
    request::Ids,
    state::AppState,
};

/// `GET /plans/{pid}/templates/{tid}/questions/{key}/uses`.
#[derive(Debug, Clone, Template)]
#[template(path = "questionnaire/uses.html")]
pub struct UsesPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The question.
    pub label: String,
    /// The places.
    pub rows: Vec<UseRow>,
}

/// One place.
#[derive(Debug, Clone)]
pub struct UseRow {
    /// "ISO 9001, Context and interested parties".
    pub place: String,
    /// The questionnaire there, at the question.
    pub href: String,
    /// The question as it is asked there.
    pub label: String,
    /// The answer as a person reads it.
    pub answer: Option<String>,
    /// When it was saved.
    pub at: Option<Moment>,
    /// By whom.
    pub by: Option<String>,
    /// It is the question that was asked about.
    pub is_here: bool,
}

pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template, key)): Ids<(PlanId, TemplateId, String)>,
) -> Result<Response, Problem> {
    let (at, question, uses) = state.context.uses_of_answer(&visit.actor, plan, template, &key).await?;
    let (t, today, zone) = (visit.t, visit.today(), visit.zone());
    let layout = visit.layout(&state, t.questionnaire.uses_title, customer_nav(&visit), Some(at.customer_id.0)).await?;
    let mut crumbs = visit.way_to(at.customer_id, &at.customer_name);
    crumbs.push(Crumb::to(&at.iso_code, format!("/customers/{}#plan-{plan}", at.customer_id)));
    crumbs.push(Crumb::to(t.questionnaire.question_link, format!("/plans/{plan}/templates/{template}/questionnaire#q-{key}")));
    crumbs.push(Crumb::here(t.questionnaire.uses_title));
    let rows = uses.into_iter().map(|one| UseRow {
        place: t.questionnaire.place.with2(&one.iso_code, &one.template_name),
        href: format!("/plans/{}/templates/{}/questionnaire#q-{}", one.plan_id, one.template_id, one.question_key),
        is_here: (one.plan_id, one.template_id, one.question_key.as_str()) == (plan, template, key.as_str()),
        answer: one.answer.as_ref().map(|answer| view::shown(&question, answer, t)),
        at: one.answer.as_ref().map(|answer| format::recent(answer.answered_at, today, &zone, t)),
        by: one.answer.as_ref().and_then(|answer| view::answered_by(answer, t)),
        label: one.label,
    });
    Ok(visit.answer(&UsesPage { layout, crumbs, label: question.label.clone(), rows: rows.collect() }))
}
