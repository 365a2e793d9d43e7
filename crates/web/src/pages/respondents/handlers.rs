//! Listing respondents, and revoking their links.

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use muster_domain::{
    ids::{CustomerId, RespondentId},
    respondents::RespondentDetails,
};

use super::{RespondentRow, RespondentsPage};
use crate::{
    format,
    pages::{
        surroundings::{customer_crumbs, customer_nav},
        visit::{Said, Visit, go_on},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/customers/{id}/respondents", get(list)).route("/customers/{id}/respondents/{rid}/revoke", post(revoke))
}

async fn list(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    Ok(visit.answer(&page(&state, &visit, id).await?))
}

async fn revoke(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id, respondent)): Ids<(CustomerId, RespondentId)>,
) -> Result<Response, Problem> {
    state.context.revoke_respondent(&visit.actor, id, respondent).await?;
    Ok(go_on(&format!("/customers/{id}/respondents"), Some(&Said::LinkRevoked)))
}

/// The page with a link that has just been drawn.
pub(crate) async fn with_link(
    state: &AppState,
    visit: &Visit,
    id: CustomerId,
    to: String,
    link: String,
) -> Result<RespondentsPage, Problem> {
    Ok(RespondentsPage { made: Some((to, link)), ..page(state, visit, id).await? })
}

async fn page(state: &AppState, visit: &Visit, id: CustomerId) -> Result<RespondentsPage, Problem> {
    let title = visit.t.respondents.title;
    let respondents = state.context.respondents(&visit.actor, id).await?;
    let customer = state.context.customer(&visit.actor, id).await?;
    Ok(RespondentsPage {
        layout: visit.layout(state, title, customer_nav(visit), Some(id.0)).await?,
        crumbs: customer_crumbs(visit, id, &customer.name, title),
        customer_id: id.0,
        made: None,
        rows: respondents.into_iter().map(|one| row(visit, one)).collect(),
    })
}

fn row(visit: &Visit, one: RespondentDetails) -> RespondentRow {
    let moment = |at| format::moment(at, &visit.zone(), visit.t);
    let mut templates: Vec<(String, String)> = one
        .questions
        .iter()
        .map(|question| {
            let place = format!("/plans/{}/templates/{}/questionnaire#q-{}", question.plan_id, question.template_id, question.question_key);
            (place, question.template_name.clone())
        })
        .collect();
    templates.dedup_by(|one, before| one.0.split('#').next() == before.0.split('#').next());
    RespondentRow {
        id: one.id.to_string(),
        answered: (one.questions.iter().filter(|question| question.is_answered).count(), one.questions.len()),
        templates,
        by: one.created_by,
        ended: one.expires_at <= visit.now,
        ends: moment(one.expires_at),
        revoked: one.revoked_at.is_some(),
        used: one.last_used_at.map(moment),
        name: one.name,
        email: one.email,
    }
}
