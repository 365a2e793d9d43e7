//! Answering a question, taking over an answer given elsewhere, and taking one back.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode},
    response::Response,
};
use muster_domain::{
    answers::{Answer, AnswerValue},
    ids::{PlanId, TemplateId},
    templates::{Question, QuestionKind},
};
use muster_service::{AnswerRequest, Conflict, Error, FieldError, Given, Questionnaire, SourceRef};
use serde_json::Value;

use super::{
    Clash, Kind, QuestionnairePage, changed,
    handlers::{Shown, is_saved, page},
    table, view,
};
use crate::{
    input::answers::reason,
    pages::visit::{Form, Visit, see_other},
    parts::Field,
    problem::Problem,
    request::Ids,
    state::AppState,
    text::Text,
};

type Place = (PlanId, TemplateId, String);

/// A form that was sent, and where.
struct Sent<'a> {
    state: &'a AppState,
    visit: &'a Visit,
    place: &'a Place,
    form: &'a Form,
    headers: &'a HeaderMap,
}

pub(super) async fn save(
    State(state): State<AppState>,
    visit: Visit,
    Ids(place): Ids<Place>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let sent = Sent { state: &state, visit: &visit, place: &place, form: &form, headers: &headers };
    let question = state.context.question(&visit.actor, place.0, place.1, &place.2).await?;
    let value = given(&question, &form);
    if form.get("add_rows").is_some() || form.get("remove").is_some() {
        return sent.with_rows(&value).await;
    }
    let outcome = match form.get("not_applicable_reason") {
        Some(text) => match reason(text) {
            Ok(reason) => sent.keep(Given::NotApplicable(&reason)).await,
            Err(error) => Err(error),
        },
        None => sent.keep(Given::Value(&value)).await,
    };
    match outcome {
        Ok(()) => sent.kept().await,
        Err(error) => sent.refused(&value, error).await,
    }
}

pub(super) async fn reuse(
    State(state): State<AppState>,
    visit: Visit,
    Ids(place): Ids<Place>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let sent = Sent { state: &state, visit: &visit, place: &place, form: &form, headers: &headers };
    state.context.question(&visit.actor, place.0, place.1, &place.2).await?;
    // What is taken over is what the person saw.
    let Some(seen) = source(&form.text("source")) else { return sent.kept().await };
    match sent.keep(Given::Reused(seen)).await {
        Ok(()) => sent.kept().await,
        // It has changed since, or is not there any more: the page shows what there is.
        Err(Error::Conflict(Conflict::SourceChanged) | Error::Invalid(_)) => sent.anew(StatusCode::CONFLICT).await,
        // Answered meanwhile, or taken over already.
        Err(Error::Stale { .. } | Error::VersionRequired) => sent.kept().await,
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn withdraw(
    State(state): State<AppState>,
    visit: Visit,
    Ids(place): Ids<Place>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let sent = Sent { state: &state, visit: &visit, place: &place, form: &form, headers: &headers };
    let question = state.context.question(&visit.actor, place.0, place.1, &place.2).await?;
    match state.context.withdraw_answer(&visit.actor, place.0, place.1, &question.key, form.version()).await {
        // Taken back twice is taken back.
        Ok(()) | Err(Error::NotFound) => sent.kept().await,
        // Somebody changed it meanwhile: that is shown, and not taken back unseen.
        Err(Error::Stale { .. } | Error::VersionRequired) => sent.anew(StatusCode::CONFLICT).await,
        Err(error) => Err(error.into()),
    }
}

impl Sent<'_> {
    fn key(&self) -> &str {
        &self.place.2
    }

    fn shown(&self) -> Shown {
        Shown { only_open: self.form.is_on("open"), only_mine: self.form.is_on("mine"), keep: Some(self.place.2.clone()), only: None }
    }

    async fn keep(&self, given: Given<'_>) -> Result<(), Error> {
        let (plan_id, template_id) = (self.place.0, self.place.1);
        let request = AnswerRequest { plan_id, template_id, key: self.key(), given, expected: self.form.version() };
        self.state.context.answer(&self.visit.actor, &request).await.map(drop)
    }

    /// Whether the control itself is to be shown anew: the form says so by what it wants replaced.
    fn wants_all(&self) -> bool {
        let target = self.headers.get("hx-target").and_then(|target| target.to_str().ok());
        target.and_then(|target| target.split_once('#')).is_some_and(|(_, id)| id.starts_with("q-"))
    }

    fn change<'a>(&'a self, from: &'a Questionnaire, status: StatusCode, is_whole: bool) -> changed::Change<'a> {
        changed::Change { state: self.state, visit: self.visit, from, key: self.key(), shown: self.shown(), status, is_whole }
    }

    /// An open page gets what has changed; a page without scripts is read anew.
    async fn kept(&self) -> Result<Response, Problem> {
        if changed::is_wanted(self.headers) {
            let now = self.state.context.asked_question(&self.visit.actor, self.place.0, self.place.1, self.key()).await?;
            return self.change(&now, StatusCode::OK, self.wants_all()).answer(|_| {}).await;
        }
        let (plan, template, key) = self.place;
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, is_on) in [("open", self.form.is_on("open")), ("mine", self.form.is_on("mine"))] {
            if is_on {
                query.append_pair(name, "1").append_pair("keep", key);
            }
        }
        let query = query.finish();
        let query = if query.is_empty() { query } else { format!("?{query}") };
        Ok(see_other(&format!("/plans/{plan}/templates/{template}/questionnaire{query}#q-{key}")))
    }

    /// The question as it stands now.
    async fn anew(&self, status: StatusCode) -> Result<Response, Problem> {
        self.changed_by(status, true, |_| {}).await
    }

    /// What was typed, with the rows that were asked for; nothing is saved.
    async fn with_rows(&self, value: &Value) -> Result<Response, Problem> {
        self.changed_by(StatusCode::OK, true, |asked| {
            view::keep_typed(asked, value);
            asked.unsaved = true;
        })
        .await
    }

    /// The question with what stood against the answer.
    async fn refused(&self, value: &Value, error: Error) -> Result<Response, Problem> {
        let key = self.key();
        let t = self.visit.t;
        let now = self.state.context.asked_question(&self.visit.actor, self.place.0, self.place.1, key).await?;
        let question = now.release.content.question(key).ok_or(Error::NotFound)?;
        let parsed = AnswerValue::parse(question, value).ok();
        match error {
            // Sent twice, or answered alike by two people: what was wanted is there.
            Error::Stale { .. } | Error::VersionRequired if is_saved(&now, key, parsed.as_ref()) => self.kept().await,
            Error::Stale { .. } | Error::VersionRequired => {
                let status = if self.form.version().is_some() { StatusCode::PRECONDITION_FAILED } else { StatusCode::CONFLICT };
                let yours = match self.form.get("not_applicable_reason") {
                    Some(reason) => t.questionnaire.does_not_apply.with(reason),
                    None => view::words(question, value, parsed.as_ref(), t),
                };
                let clash = clash_of(question, now.answers.get(key), self.form, yours, t);
                // It was taken back meanwhile: nothing stands against it any more, but somebody should look.
                let version = now.answers.get(key).map(|answer| answer.version.into());
                self.show(&now, status, true, |asked| {
                    asked.version = version;
                    asked.clash = Some(clash);
                })
                .await
            }
            Error::Invalid(errors) => {
                let is_answered = now.answers.contains_key(key);
                self.show(&now, StatusCode::UNPROCESSABLE_ENTITY, self.wants_all(), |asked| {
                    keep_refused(asked, question, value, self.form, &errors, is_answered, t);
                })
                .await
            }
            other => Err(other.into()),
        }
    }

    async fn changed_by(&self, status: StatusCode, is_whole: bool, change: impl FnOnce(&mut super::Question)) -> Result<Response, Problem> {
        let now = self.state.context.asked_question(&self.visit.actor, self.place.0, self.place.1, self.key()).await?;
        self.show(&now, status, is_whole, change).await
    }

    async fn show(
        &self,
        now: &Questionnaire,
        status: StatusCode,
        is_whole: bool,
        change: impl FnOnce(&mut super::Question),
    ) -> Result<Response, Problem> {
        if changed::is_wanted(self.headers) {
            return self.change(now, status, is_whole).answer(change).await;
        }
        // Without scripts the whole page comes, for which all tasks and suggestions are read.
        let now = self.state.context.questionnaire(&self.visit.actor, self.place.0, self.place.1).await?;
        let page = with_question(page(self.state, self.visit, &now, &self.shown()).await?, self.key(), change);
        Ok(self.visit.answer_with(status, &page))
    }
}

/// The value that a form sends, as the question's kind has it.
pub(crate) fn given(question: &Question, form: &Form) -> Value {
    match question.kind {
        QuestionKind::Choices => form.all("value").collect(),
        QuestionKind::Table => table::sent(&question.columns, form),
        _ => Value::from(form.text("value")),
    }
}

/// `plan/template/version`, as a suggestion names its source.
fn source(text: &str) -> Option<SourceRef> {
    let mut parts = text.splitn(3, '/');
    Some(SourceRef { plan_id: parts.next()?.parse().ok()?, template_id: parts.next()?.parse().ok()?, version: parts.next()?.parse().ok()? })
}

/// Two answers at once: what is saved, and what was sent.
pub(crate) fn clash_of(question: &Question, saved: Option<&Answer>, form: &Form, yours: String, t: &Text) -> Clash {
    let by = saved.and_then(|answer| view::answered_by(answer, t));
    Clash {
        by: by.unwrap_or_else(|| t.questionnaire.somebody.to_owned()),
        theirs: saved.map_or_else(|| t.questionnaire.no_answer.to_owned(), |answer| view::shown(question, answer, t)),
        yours,
        mine: form.fields_without(&["version", "open", "mine"]),
    }
}

/// Keeps what was typed, with why it was refused: at the cell, if it is one.
pub(crate) fn keep_refused(
    asked: &mut super::Question,
    question: &Question,
    value: &Value,
    form: &Form,
    errors: &[FieldError],
    is_answered: bool,
    t: &Text,
) {
    if let Some(text) = form.get("not_applicable_reason") {
        asked.refusal = Field::refused(text, t.questionnaire.enter_reason);
        return;
    }
    view::keep_typed(asked, value);
    for error in errors {
        let cell = error.pointer.strip_prefix("/value/").and_then(|rest| rest.split_once('/'));
        let column = cell.and_then(|(_, key)| question.columns.iter().find(|column| column.key == key));
        match (&mut asked.kind, cell.and_then(|(row, _)| row.parse().ok()), column) {
            (Kind::Table(table), Some(row), Some(column)) => {
                let words = if error.code == "blank" { t.questionnaire.fill_cell.to_owned() } else { refusal_words(column.kind, error, t) };
                table.refuse(row, &column.key, words);
                asked.error = Some(t.questionnaire.cells_refused.to_owned());
            }
            _ => asked.error = Some(error_words(question, errors, is_answered, t)),
        }
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

fn with_question(mut page: QuestionnairePage, key: &str, change: impl FnOnce(&mut super::Question)) -> QuestionnairePage {
    if let Some(question) = page.parts.iter_mut().flat_map(|part| &mut part.questions).find(|question| question.key == key) {
        change(question);
    }
    page
}

/// Why a value does not answer the question, and what would.
fn error_words(question: &Question, errors: &[FieldError], is_answered: bool, t: &Text) -> String {
    let words = &t.questionnaire;
    let Some(error) = errors.first() else { return words.enter.to_owned() };
    match (error.code, question.kind) {
        ("blank", _) if is_answered => words.not_emptied.to_owned(),
        ("out-of-range", _) => match (question.minimum, question.maximum) {
            (Some(least), Some(most)) => words.enter_between.with2(least, most),
            (Some(least), None) => words.enter_least.with(least),
            (None, Some(most)) => words.enter_most.with(most),
            (None, None) => words.enter_number.to_owned(),
        },
        (_, kind) => refusal_words(kind, error, t),
    }
}

fn refusal_words(kind: QuestionKind, error: &FieldError, t: &Text) -> String {
    let words = &t.questionnaire;
    match (error.code, kind) {
        ("blank", QuestionKind::Choice | QuestionKind::Choices | QuestionKind::YesNo) => words.choose.to_owned(),
        ("blank", QuestionKind::Table) => words.fill_row.to_owned(),
        ("blank", _) => words.enter.to_owned(),
        ("wrong-kind", QuestionKind::Number) => words.enter_number.to_owned(),
        ("wrong-kind", QuestionKind::Date) => words.enter_day.to_owned(),
        ("wrong-kind" | "not-an-option", _) => words.choose.to_owned(),
        ("control-character", _) => t.fields.control.to_owned(),
        _ => t.fields.other.with(&error.message),
    }
}
