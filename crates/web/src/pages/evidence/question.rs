//! Evidence of a question: handed in on the questionnaire, or by a respondent.

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
    plans::Plan,
};
use muster_service::{AskedQuestion, Error, Once, Questionnaire};

use super::{Block, Bounds, Shown, Upload, handlers::MOST_FILES, refused_page, view};
use crate::{
    format,
    input::evidence::{handed_in, handed_in_link},
    layout::Layout,
    pages::{
        questionnaire::QuestionnairePage,
        surroundings::{customer_crumbs, customer_nav},
        visit::{Form, Said, Visit, go_on, local_path, render, see_other, theme_of},
    },
    problem::Problem,
    request::{Ids, read_uploads},
    state::AppState,
    text::{ENGLISH, Text},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/plans/{id}/templates/{tid}/questions/{key}/files", post(hand_in))
        .route("/plans/{id}/templates/{tid}/questions/{key}/links", post(hand_in_link))
        .route("/respond/{secret}/files/{id}", post(respond))
}

/// Takes files for a question.
async fn hand_in(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template, key)): Ids<(PlanId, TemplateId, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let from = state.context.plan(&visit.actor, plan).await?;
    let begin = state.context.begin_file(&visit.actor, from.customer_id);
    let form = read_uploads(parts.uri.path(), &parts.headers, body, MOST_FILES, begin).await?;
    let next = next_place((plan, template, &key), form.get("next"));
    let again = upload(parts.uri.path(), &next, &|name| form.get(name), state.context.file_limit(), true, visit.t);
    let once = form.once.clone();
    let added = match handed_in(form) {
        Ok(new) => state.context.add_evidence_to_question(&visit.actor, (plan, template, &key), new.pieces, &once).await,
        Err(error) => Err(error),
    };
    went(&state, &visit, &from, added.map(|_| ()), &next, again, false).await
}

/// Takes a link for a question.
async fn hand_in_link(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template, key)): Ids<(PlanId, TemplateId, String)>,
    form: Form,
) -> Result<Response, Problem> {
    let from = state.context.plan(&visit.actor, plan).await?;
    let next = next_place((plan, template, &key), form.get("next"));
    let action = format!("/plans/{plan}/templates/{template}/questions/{key}/files");
    let again = upload(&action, &next, &|name| form.get(name), state.context.file_limit(), true, visit.t);
    let added = match handed_in_link(&|name| form.get(name), std::iter::empty()) {
        Ok(new) => state.context.add_evidence_to_question(&visit.actor, (plan, template, &key), new.pieces, &Once::unkeyed()).await,
        Err(error) => Err(error),
    };
    went(&state, &visit, &from, added.map(|_| ()), &next, again, true).await
}

/// Where to go on to: the question, unless the form says otherwise.
fn next_place((plan, template, key): (PlanId, TemplateId, &str), asked: Option<&str>) -> String {
    let question = || format!("/plans/{plan}/templates/{template}/questionnaire?keep={key}#q-{key}");
    asked.filter(|next| !next.is_empty()).map_or_else(question, local_path)
}

/// Goes on after something was handed in, or shows the form once more with what was refused.
async fn went(
    state: &AppState,
    visit: &Visit,
    from: &Plan,
    added: Result<(), Error>,
    next: &str,
    again: Upload,
    is_link: bool,
) -> Result<Response, Problem> {
    let Err(error) = added else { return Ok(go_on(next, Some(&Said::HandedIn))) };
    let title = if is_link { visit.t.evidence.link_refused } else { visit.t.evidence.refused };
    let layout = visit.layout(state, title, customer_nav(visit), Some(from.customer_id.0)).await?;
    let crumbs = customer_crumbs(visit, from.customer_id, &from.customer_name, visit.t.evidence.title);
    Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &refused_page(error, layout, crumbs, again, is_link, visit.t)?))
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
    let begin = state.context.begin_respondents_file(&now.respondent);
    let form = read_uploads(parts.uri.path(), &parts.headers, body, MOST_FILES, begin).await?;
    let next = format!("/respond/{secret}#q-{id}");
    let again = upload(parts.uri.path(), &next, &|name| form.get(name), state.context.file_limit(), false, &ENGLISH);
    let place = (delegation.plan_id, delegation.template_id, delegation.question_key.as_str());
    let added = match handed_in(form) {
        Ok(new) => state.context.respond_with_evidence(&now.respondent, place, new.pieces).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(see_other(&next)),
        Err(error) => {
            let layout = Layout { theme: theme_of(&parts.headers), ..Layout::public(ENGLISH.evidence.refused) };
            let page = refused_page(error, layout, Vec::new(), again, false, &ENGLISH)?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

fn upload<'a>(action: &str, next: &str, get: &impl Fn(&str) -> Option<&'a str>, limit: u64, has_details: bool, t: &Text) -> Upload {
    let replaces = get("replaces").filter(|_| has_details).map(ToOwned::to_owned);
    Upload {
        action: action.to_owned(),
        link_action: has_details.then(|| action.strip_suffix("/files").map(|place| format!("{place}/links"))).flatten(),
        takes_several: replaces.is_none(),
        replaces,
        kinds: if has_details { view::kinds(get("kind").unwrap_or_default(), t) } else { Vec::new() },
        next: next.to_owned(),
        limit: format::size(limit, t),
        has_details,
        said: view::typed(get),
        ..Upload::default()
    }
}

/// Puts what was handed in for the questions of a page beside them, with the way to hand in more.
pub(crate) fn offer_evidence(state: &AppState, visit: &Visit, from: &Questionnaire, page: &mut QuestionnairePage) {
    let zone = visit.zone();
    let shown = Shown { actor: Some(&visit.actor), today: visit.today(), zone: &zone, bounds: Bounds::of(state), t: visit.t };
    let base = format!("/plans/{}/templates/{}", from.plan.id, from.assignment.template_id);
    for one in page.parts.iter_mut().flat_map(|part| &mut part.questions) {
        let asked = from.release.content.question(&one.key).zip(from.tasks.get(&one.key));
        one.evidence = asked.and_then(|(question, task)| view::question_block(shown, question, task, &from.evidence, &base));
    }
}

/// What a respondent sees of the files of a question: what they handed in, and the way to hand in more.
pub(crate) fn respondents_block(
    one: &AskedQuestion,
    base: &str,
    today: jiff::civil::Date,
    bounds: Bounds,
    t: &'static Text,
) -> Option<Block> {
    if !one.takes_files() {
        return None;
    }
    let shown = Shown { actor: None, today, zone: &TimeZone::UTC, bounds, t };
    let id = one.delegation.id.to_string();
    Some(Block {
        is_needed: one.question.requires_evidence && one.evidence.is_empty(),
        wanted: one.question.evidence_description.clone(),
        files: one.evidence.iter().map(|evidence: &Evidence| shown.file(evidence)).collect(),
        upload: Some(Upload {
            action: format!("{base}/files/{id}"),
            next: format!("{base}#q-{id}"),
            takes_several: true,
            limit: format::size(bounds.file, t),
            ..Upload::default()
        }),
        next: String::new(),
        changes: vec![format!("#q-{id}"), "#progress".to_owned()],
        id,
    })
}
