//! Showing what a respondent is asked, and taking their answers.

use std::net::SocketAddr;

use axum::{
    Router,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use jiff::tz::TimeZone;
use muster_domain::{answers::AnswerValue, ids::DelegationId};
use muster_service::{AnswerRequest, Asked, AskedQuestion, Error, Given};
use serde_json::Value;

use super::{AskedView, RespondPage};
use crate::{
    format,
    input::answers::reason,
    layout::Layout,
    pages::{
        evidence::{Bounds, respondents_block},
        questionnaire::{Question, asked, clash_of, given, keep_refused, keep_typed, over_the_question, words},
        visit::{Form, render, see_other, theme_of},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
    text::{ENGLISH, Text},
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/respond/{secret}", get(show)).route("/respond/{secret}/answers/{id}", post(save))
}

/// Where a request comes from.
type Peer = ConnectInfo<SocketAddr>;

async fn show(
    State(state): State<AppState>,
    ConnectInfo(peer): Peer,
    headers: HeaderMap,
    Ids((secret,)): Ids<(String,)>,
) -> Result<Response, Problem> {
    match state.context.asked(&secret, &peer.ip().to_string()).await {
        Ok(asked) => Ok(render(StatusCode::OK, &page(&state, &headers, &secret, &asked))),
        Err(error) => gone(&headers, error),
    }
}

async fn save(
    State(state): State<AppState>,
    ConnectInfo(peer): Peer,
    headers: HeaderMap,
    Ids((secret, id)): Ids<(String, DelegationId)>,
    form: Form,
) -> Result<Response, Problem> {
    let now = match state.context.asked(&secret, &peer.ip().to_string()).await {
        Ok(now) => now,
        Err(error) => return gone(&headers, error),
    };
    let one = now.questions.iter().find(|one| one.delegation.id == id);
    let Some(AskedQuestion { delegation, question, .. }) = one else { return gone(&headers, Error::NotFound) };
    let value = given(question, &form);
    // A row more or less, for whoever has no script: nothing is saved by it.
    if form.get("add_rows").or(form.get("remove")).is_some() {
        let page = with_question(&page(&state, &headers, &secret, &now), id, |asked| {
            keep_typed(asked, &value);
            asked.unsaved = true;
        });
        return Ok(render(StatusCode::OK, &page));
    }
    let reason = match form.get("not_applicable_reason").map(reason).transpose() {
        Ok(reason) => reason,
        Err(error) => return refused(&page(&state, &headers, &secret, &now), &now, (id, &secret), &form, &value, error),
    };
    let request = AnswerRequest {
        plan_id: delegation.plan_id,
        template_id: delegation.template_id,
        key: &delegation.question_key,
        given: reason.as_ref().map_or(Given::Value(&value), Given::NotApplicable),
        expected: form.version(),
    };
    match state.context.respond(&now.respondent, &request).await {
        Ok(_) => Ok(see_other(&format!("/respond/{secret}#q-{id}"))),
        Err(Error::NotFound) => gone(&headers, Error::NotFound),
        Err(error) => {
            let now = state.context.asked(&secret, &peer.ip().to_string()).await?;
            refused(&page(&state, &headers, &secret, &now), &now, (id, &secret), &form, &value, error)
        }
    }
}

/// One page for every link that is not good, so that nothing tells them apart.
fn gone(headers: &HeaderMap, error: Error) -> Result<Response, Problem> {
    match error {
        Error::NotFound => {
            Ok(render(StatusCode::NOT_FOUND, &RespondPage { layout: frame(headers, ENGLISH.respondents.gone_title), asked: None }))
        }
        other => Err(other.into()),
    }
}

fn frame(headers: &HeaderMap, title: impl Into<String>) -> Layout {
    Layout { theme: theme_of(headers), ..Layout::public(title) }
}

/// The page again, with what stood against the answer. One that somebody else gave meanwhile is
/// shown beside what was entered, and not overwritten.
fn refused(
    page: &RespondPage,
    now: &Asked,
    (id, secret): (DelegationId, &str),
    form: &Form,
    value: &Value,
    error: Error,
) -> Result<Response, Problem> {
    let t = page.layout.t;
    let one = now.questions.iter().find(|one| one.delegation.id == id).ok_or(Error::NotFound)?;
    let parsed = AnswerValue::parse(&one.question, value).ok();
    let is_there = one.answer.as_ref().is_some_and(|answer| Some(&answer.value) == parsed.as_ref());
    match error {
        Error::Stale { .. } | Error::VersionRequired if is_there => Ok(see_other(&format!("/respond/{secret}#q-{id}"))),
        Error::Stale { .. } | Error::VersionRequired => {
            let status = if form.version().is_some() { StatusCode::PRECONDITION_FAILED } else { StatusCode::CONFLICT };
            let yours = match form.get("not_applicable_reason") {
                Some(reason) => t.questionnaire.does_not_apply.with(reason),
                None => words(&one.question, value, parsed.as_ref(), t),
            };
            let clash = clash_of(&one.question, one.answer.as_ref(), form, yours, t);
            let page = with_question(page, id, |question| question.clash = Some(clash.clone()));
            Ok(over_the_question(render(status, &page), &id.to_string()))
        }
        Error::Invalid(errors) => {
            let page = with_question(page, id, |asked| {
                keep_refused(asked, &one.question, value, form, &errors, one.answer.is_some(), t);
            });
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        other => Err(other.into()),
    }
}

fn with_question(page: &RespondPage, id: DelegationId, change: impl Fn(&mut Question)) -> RespondPage {
    let (mut page, key) = (page.clone(), id.to_string());
    let groups = page.asked.iter_mut().flat_map(|asked| &mut asked.groups);
    groups.flat_map(|(_, questions)| questions).filter(|question| question.key == key).for_each(change);
    page
}

fn page(state: &AppState, headers: &HeaderMap, secret: &str, from: &Asked) -> RespondPage {
    let t = &ENGLISH;
    let w = &t.respondents;
    let by = from.asked_by.as_deref().unwrap_or(w.somebody);
    RespondPage {
        layout: frame(headers, w.page_title.with(&from.customer_name)),
        asked: Some(AskedView {
            base: format!("/respond/{secret}"),
            intro: w.intro.with3(format_args!("{by} ({})", from.firm), from.respondent.name(), &from.customer_name),
            until: w.until.with(format::moment(from.expires_at, &TimeZone::UTC, t).text),
            groups: groups(from, &format!("/respond/{secret}"), (state.context.now().to_zoned(TimeZone::UTC).date(), Bounds::of(state)), t),
        }),
    }
}

fn groups(from: &Asked, base: &str, (today, bounds): (jiff::civil::Date, Bounds), t: &'static Text) -> Vec<(String, Vec<Question>)> {
    let mut number = 0;
    let place = |one: &AskedQuestion| (one.delegation.plan_id, one.delegation.template_id);
    let grouped = from.questions.chunk_by(|one, next| place(one) == place(next));
    grouped
        .map(|group| {
            let name = group.first().map(|one| one.delegation.template_name.clone()).unwrap_or_default();
            let questions = group.iter().map(|one| {
                number += 1;
                let shown = asked(number, &one.question, one.answer.as_ref(), &[], today, &TimeZone::UTC, t);
                let said = one.delegation.note.as_ref().map(|note| t.respondents.says.with(note));
                let help: Vec<String> = said.into_iter().chain(shown.help.clone()).collect();
                // Two templates may ask under the same key, so a question is known by its delegation here.
                let evidence = respondents_block(one, base, today, bounds, t);
                Question { key: one.delegation.id.to_string(), evidence, help: (!help.is_empty()).then(|| help.join("\n")), ..shown }
            });
            (name, questions.collect())
        })
        .collect()
}
