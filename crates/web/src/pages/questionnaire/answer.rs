//! Answering a question, and taking over an answer given elsewhere.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode},
    response::Response,
};
use muster_domain::{
    answers::AnswerValue,
    ids::{PlanId, TemplateId},
    templates::{Question, QuestionKind},
};
use muster_service::{AnswerRequest, Error, FieldError, Given, Questionnaire, SourceRef};
use serde_json::Value;

use super::{
    Clash, QuestionnairePage,
    handlers::{Shown, is_saved, page},
    view,
};
use crate::{
    pages::visit::{Form, Visit, see_other},
    problem::Problem,
    request::Ids,
    state::AppState,
    text::Text,
};

type Place = (PlanId, TemplateId, String);

pub(super) async fn save(State(state): State<AppState>, visit: Visit, Ids(place): Ids<Place>, form: Form) -> Result<Response, Problem> {
    let (plan_id, template_id, key) = (place.0, place.1, place.2.as_str());
    let asked = state.context.questionnaire(&visit.actor, plan_id, template_id).await?;
    let question = asked.release.content.question(key).ok_or(Error::NotFound)?;
    let value = given(question, &form);
    let request = AnswerRequest { plan_id, template_id, key, given: Given::Value(&value), expected: form.version() };
    match state.context.answer(&visit.actor, &request).await {
        Ok(_) => Ok(on_to(&place, &form)),
        Err(error) => refused(&state, &visit, &place, &form, &value, error).await,
    }
}

pub(super) async fn reuse(State(state): State<AppState>, visit: Visit, Ids(place): Ids<Place>, form: Form) -> Result<Response, Problem> {
    let (plan_id, template_id, key) = (place.0, place.1, place.2.as_str());
    let asked = state.context.questionnaire(&visit.actor, plan_id, template_id).await?;
    asked.release.content.question(key).ok_or(Error::NotFound)?;
    // Answered meanwhile, or taken over already: the page shows what is saved.
    let Some(offered) = asked.suggestions.get(key) else { return Ok(on_to(&place, &form)) };
    // What is taken over is what the person saw: where it has changed since, it is offered anew.
    let seen = SourceRef { plan_id: offered.source.plan_id, template_id: offered.source.template_id, version: offered.source.version };
    if view::source(&offered.source) != form.text("source") {
        return Ok(visit.answer_with(StatusCode::CONFLICT, &page(&state, &visit, &asked, &shown(&place, &form)).await?));
    }
    let value = offered.value.as_json().clone();
    let request = AnswerRequest { plan_id, template_id, key, given: Given::Reused(seen), expected: form.version() };
    match state.context.answer(&visit.actor, &request).await {
        Ok(_) => Ok(on_to(&place, &form)),
        Err(error) => refused(&state, &visit, &place, &form, &value, error).await,
    }
}

/// The value that a form sends, as the question's kind has it.
pub(crate) fn given(question: &Question, form: &Form) -> Value {
    match question.kind {
        QuestionKind::Choices => form.all("value").collect(),
        _ => Value::from(form.text("value")),
    }
}

fn shown(place: &Place, form: &Form) -> Shown {
    Shown { only_open: form.is_on("open"), keep: Some(place.2.clone()) }
}

/// Back to the question that was answered.
fn on_to((plan, template, key): &Place, form: &Form) -> Response {
    let query = if form.is_on("open") { format!("?open=1&keep={key}") } else { String::new() };
    see_other(&format!("/plans/{plan}/templates/{template}/questionnaire{query}#q-{key}"))
}

/// The questionnaire again, with what stood against the answer.
async fn refused(state: &AppState, visit: &Visit, place: &Place, form: &Form, value: &Value, error: Error) -> Result<Response, Problem> {
    let key = place.2.as_str();
    let now = state.context.questionnaire(&visit.actor, place.0, place.1).await?;
    let question = now.release.content.question(key).ok_or(Error::NotFound)?;
    let parsed = AnswerValue::parse(question, value).ok();
    let shown = shown(place, form);
    match error {
        // Sent twice, or answered alike by two people: what was wanted is there.
        Error::Stale { .. } | Error::VersionRequired if is_saved(&now, key, parsed.as_ref()) => Ok(on_to(place, form)),
        Error::Stale { .. } | Error::VersionRequired => {
            let status = if form.version().is_some() { StatusCode::PRECONDITION_FAILED } else { StatusCode::CONFLICT };
            let clash = Clash { by: answered_by(&now, key, visit.t), yours: view::words(question, value, parsed.as_ref(), visit.t) };
            let page = with_question(page(state, visit, &now, &shown).await?, key, |asked| asked.clash = Some(clash.clone()));
            Ok(over_the_question(visit.answer_with(status, &page), key))
        }
        Error::Invalid(errors) => {
            let words = error_words(question, &errors, now.answers.contains_key(key), visit.t);
            let page = with_question(page(state, visit, &now, &shown).await?, key, |asked| {
                asked.error = Some(words.clone());
                view::keep_typed(asked, value);
            });
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        other => Err(other.into()),
    }
}

/// Somebody else's answer replaces the control too, not only what is said below it.
pub(crate) fn over_the_question(mut response: Response, key: &str) -> Response {
    if let Ok(target) = HeaderValue::from_str(&format!("#q-{key}")) {
        response.headers_mut().insert("hx-retarget", target.clone());
        response.headers_mut().insert("hx-reselect", target);
    }
    response
}

fn with_question(mut page: QuestionnairePage, key: &str, change: impl Fn(&mut super::Question)) -> QuestionnairePage {
    page.parts.iter_mut().flat_map(|part| &mut part.questions).filter(|question| question.key == key).for_each(change);
    page
}

fn answered_by(now: &Questionnaire, key: &str, t: &Text) -> String {
    let by = now.answers.get(key).and_then(|answer| view::answered_by(answer, t));
    by.unwrap_or_else(|| t.questionnaire.somebody.to_owned())
}

/// Why a value does not answer the question, and what would.
pub(crate) fn error_words(question: &Question, errors: &[FieldError], is_answered: bool, t: &Text) -> String {
    let words = &t.questionnaire;
    let Some(error) = errors.first() else { return words.enter.to_owned() };
    match (error.code, question.kind) {
        ("blank", _) if is_answered => words.not_emptied.to_owned(),
        ("blank", QuestionKind::Choice | QuestionKind::Choices | QuestionKind::YesNo) => words.choose.to_owned(),
        ("blank", _) => words.enter.to_owned(),
        ("wrong-kind", QuestionKind::Number) => words.enter_number.to_owned(),
        ("wrong-kind", QuestionKind::Date) => words.enter_day.to_owned(),
        ("wrong-kind" | "not-an-option", _) => words.choose.to_owned(),
        ("control-character", _) => t.fields.control.to_owned(),
        _ => t.fields.other.with(&error.message),
    }
}
