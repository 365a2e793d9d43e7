//! Files of a question: handed in on the questionnaire, or by a respondent.

use std::net::SocketAddr;

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::StatusCode,
    response::Response,
    routing::post,
};
use jiff::tz::TimeZone;
use muster_domain::{
    evidence::Evidence,
    ids::{DelegationId, PlanId, TemplateId},
};
use muster_service::{AskedQuestion, Error, Questionnaire};

use super::{Block, Shown, Upload, refused_page, view};
use crate::{
    format,
    input::evidence::handed_in_file,
    layout::Layout,
    pages::{
        questionnaire::QuestionnairePage,
        surroundings::{customer_crumbs, customer_nav},
        visit::{Said, Visit, go_on, local_path, render, see_other, theme_of},
    },
    problem::Problem,
    request::{Ids, UploadForm, read_upload},
    state::AppState,
    text::{ENGLISH, Text},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/plans/{id}/templates/{tid}/questions/{key}/files", post(hand_in))
        .route("/respond/{secret}/files/{id}", post(respond))
}

/// Takes a file for a question.
async fn hand_in(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template, key)): Ids<(PlanId, TemplateId, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let from = state.context.plan(&visit.actor, plan).await?;
    let form = read_upload(parts.uri.path(), &parts.headers, body, state.context.begin_file(&visit.actor, from.customer_id)).await?;
    let page = format!("/plans/{plan}/templates/{template}/questionnaire?keep={key}#q-{key}");
    let next = form.get("next").filter(|next| !next.is_empty()).map_or_else(|| page.clone(), local_path);
    let again = upload(parts.uri.path(), &next, &form, state.context.file_limit(), true, visit.t);
    let added = match handed_in_file(form) {
        Ok(file) => state.context.add_file_to_question(&visit.actor, (plan, template, &key), file).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(go_on(&next, Some(&Said::HandedIn))),
        Err(error) => {
            let customer = from.customer_id;
            let layout = visit.layout(&state, visit.t.evidence.refused, customer_nav(&visit), Some(customer.0)).await?;
            let crumbs = customer_crumbs(&visit, customer, &from.customer_name, visit.t.evidence.title);
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &refused_page(error, layout, crumbs, again, visit.t)?))
        }
    }
}

/// Takes a file from somebody without an account, for a question that was delegated to them.
async fn respond(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Ids((secret, id)): Ids<(String, DelegationId)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let now = state.context.asked(&secret, &peer.ip().to_string()).await?;
    let one = now.questions.iter().find(|one| one.delegation.id == id).ok_or(Error::NotFound)?;
    let AskedQuestion { delegation, .. } = one;
    let form = read_upload(parts.uri.path(), &parts.headers, body, state.context.begin_respondents_file(&now.respondent)).await?;
    let next = format!("/respond/{secret}#q-{id}");
    let again = upload(parts.uri.path(), &next, &form, state.context.file_limit(), false, &ENGLISH);
    let place = (delegation.plan_id, delegation.template_id, delegation.question_key.as_str());
    let added = match handed_in_file(form) {
        Ok(file) => state.context.respond_with_file(&now.respondent, place, file).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(see_other(&next)),
        Err(error) => {
            let layout = Layout { theme: theme_of(&parts.headers), ..Layout::public(ENGLISH.evidence.refused) };
            let page = refused_page(error, layout, Vec::new(), again, &ENGLISH)?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

fn upload(action: &str, next: &str, form: &UploadForm, limit: u64, has_details: bool, t: &Text) -> Upload {
    Upload {
        action: action.to_owned(),
        replaces: form.get("replaces").filter(|_| has_details).map(ToOwned::to_owned),
        next: next.to_owned(),
        limit: format::size(limit, t),
        has_details,
        said: view::typed(form),
        ..Upload::default()
    }
}

/// Puts what was handed in for the questions of a page beside them, with the way to hand in more.
pub(crate) fn offer_evidence(state: &AppState, visit: &Visit, from: &Questionnaire, page: &mut QuestionnairePage) {
    let (zone, limit) = (visit.zone(), state.context.file_limit());
    let shown = Shown { actor: Some(&visit.actor), today: visit.today(), zone: &zone, limit, t: visit.t };
    let base = format!("/plans/{}/templates/{}", from.plan.id, from.assignment.template_id);
    for one in page.parts.iter_mut().flat_map(|part| &mut part.questions) {
        let asked = from.release.content.question(&one.key).zip(from.tasks.get(&one.key));
        one.evidence = asked.and_then(|(question, task)| view::question_block(shown, question, task, &from.evidence, &base));
    }
}

/// What a respondent sees of the files of a question: what they handed in, and the way to hand in more.
pub(crate) fn respondents_block(one: &AskedQuestion, base: &str, today: jiff::civil::Date, limit: u64, t: &'static Text) -> Option<Block> {
    if !one.takes_files() {
        return None;
    }
    let shown = Shown { actor: None, today, zone: &TimeZone::UTC, limit, t };
    let id = one.delegation.id.to_string();
    Some(Block {
        is_needed: one.question.requires_evidence && one.evidence.is_empty(),
        wanted: one.question.evidence_description.clone(),
        files: one.evidence.iter().map(|evidence: &Evidence| shown.file(evidence)).collect(),
        upload: Some(Upload {
            action: format!("{base}/files/{id}"),
            next: format!("{base}#q-{id}"),
            limit: format::size(limit, t),
            ..Upload::default()
        }),
        next: String::new(),
        changes: vec![format!("#q-{id}"), "#progress".to_owned()],
        id,
    })
}
