//! What an answer changes in a questionnaire that is open already: its question, the figures, the
//! preview. A template may ask three hundred questions, and one of them was answered.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use muster_domain::ids::{PlanId, TemplateId};
use muster_service::{Error, Questionnaire};

use super::{
    Question, QuestionnairePage,
    handlers::{Shown, furnished},
};
use crate::{
    filters,
    layout::Layout,
    pages::visit::Visit,
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

/// The parts of the page that an answer changes.
#[derive(Debug, Clone, Template)]
#[template(path = "questionnaire/changed.html")]
pub struct ChangedPage {
    /// The page as it would be, with this question alone.
    pub page: QuestionnairePage,
    /// The question.
    pub question: Question,
    /// Its control has changed too, not only what is said below it.
    pub is_whole: bool,
}

/// The question that a page asks for by itself, or by "keep theirs".
pub(super) async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template, key)): Ids<(PlanId, TemplateId, String)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let from = state.context.asked_question(&visit.actor, plan, template, &key).await?;
    let shown = Shown { only_open: parameters.is_on("open")?, only_mine: parameters.is_on("mine")?, ..Shown::default() };
    Change { state: &state, visit: &visit, from: &from, key: &key, shown, status: StatusCode::OK, is_whole: true }.answer(|_| {}).await
}

/// Whether an open page asks for what changes of it.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// What has changed, and how it is answered.
pub(super) struct Change<'a> {
    pub(super) state: &'a AppState,
    pub(super) visit: &'a Visit,
    /// As it is now.
    pub(super) from: &'a Questionnaire,
    /// The question.
    pub(super) key: &'a str,
    /// The filters of the page that is open.
    pub(super) shown: Shown,
    pub(super) status: StatusCode,
    /// The control has changed, too.
    pub(super) is_whole: bool,
}

impl Change<'_> {
    /// The parts of the page; `change` has the last word about the question.
    pub(super) async fn answer(self, change: impl FnOnce(&mut Question)) -> Result<Response, Problem> {
        let layout = Layout { t: self.visit.t, ..Layout::public(self.from.assignment.template_name.as_str()) };
        let shown = Shown { only: Some(self.key.to_owned()), ..self.shown };
        let mut page = furnished(self.state, self.visit, layout, self.from, &shown).await?;
        let question = page.parts.iter_mut().flat_map(|part| &mut part.questions).find(|question| question.key == self.key);
        let question = question.ok_or(Error::NotFound)?;
        change(question);
        let question = question.clone();
        let mut response = self.visit.answer_with(self.status, &ChangedPage { page, question, is_whole: self.is_whole });
        response.headers_mut().append(header::VARY, HeaderValue::from_static("hx-request"));
        Ok(response)
    }
}
