//! Filling a template: its questions, and the document that grows from the answers.

mod answer;
mod delegate;
mod document;
mod handlers;
mod preview;
mod view;
pub(crate) use answer::{error_words, given, over_the_question};
pub(crate) use handlers::routes;
pub(crate) use preview::of_template as template_text;
pub(crate) use view::{answered_by, asked, keep_typed, words};

mod question;
#[cfg(any(test, feature = "samples"))]
mod samples;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Crumb, Field, Progress};

pub use question::{Clash, DelegateForm, Kind, Question, Saved, Suggestion};

/// `GET /plans/{pid}/templates/{tid}/questionnaire`.
#[derive(Debug, Clone, Template)]
#[template(path = "questionnaire/page.html")]
pub struct QuestionnairePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the plan.
    pub plan_id: String,
    /// Id of the library's template.
    pub template_id: String,
    /// Name of the template.
    pub name: String,
    /// "ISMS 20", where the template has a short mark.
    pub mark: Option<String>,
    /// The reader may answer, and nothing stands against it.
    pub may_answer: bool,
    /// The template or its plan is ignored, so that nobody may answer.
    pub is_ignored: bool,
    /// Questions in their parts.
    pub parts: Vec<Part>,
    /// Answered questions of all.
    pub progress: Progress,
    /// Required questions without an answer.
    pub missing: Vec<Missing>,
    /// Only questions without an answer are shown.
    pub only_open: bool,
    /// The document's text with the answers in place: made by us, every answer escaped. Answers are
    /// `<a class="fill" href="#q-KEY">`, gaps `<a class="fill gap" href="#q-KEY">`.
    pub preview: Option<String>,
    /// Documents made from these answers.
    pub documents: Vec<(String, String)>,
    /// The form that saves the answers as a document, for those who may.
    pub save: Option<Field>,
}

/// A group of questions.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its title; a template with one part may have none.
    pub title: Option<String>,
    /// Its questions.
    pub questions: Vec<Question>,
    /// Answered questions of all in this part, shown or not.
    pub progress: Progress,
}

/// A required question without an answer.
#[derive(Debug, Clone)]
pub struct Missing {
    /// Its number in the questionnaire.
    pub number: u32,
    /// Its key.
    pub key: String,
}

impl QuestionnairePage {
    /// Where the forms of this page are sent.
    fn base(&self) -> String {
        format!("/plans/{}/templates/{}", self.plan_id, self.template_id)
    }

    /// "ISMS 20 · 14 questions in three parts".
    fn about(&self) -> String {
        let t = self.layout.t;
        let count = t.questionnaire.questions.n(self.progress.total);
        let count = match self.parts.len() {
            0 | 1 => count,
            parts => format!("{count} {}", t.questionnaire.parts.n(parts)),
        };
        match &self.mark {
            Some(mark) => format!("{mark}{}{count}", t.common.separator),
            None => count,
        }
    }

    fn open(&self) -> u32 {
        self.progress.total.saturating_sub(self.progress.done)
    }
}
