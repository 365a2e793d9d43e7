//! Filling a template: its questions, and the document that grows from the answers.

mod answer;
mod changed;
mod delegate;
mod document;
mod handlers;
mod pieces;
mod preview;
mod table;
mod uses;
mod view;
pub(crate) use answer::{clash_of, given, keep_refused, over_the_question};
pub(crate) use handlers::routes;
pub(crate) use pieces::Around;
pub(crate) use preview::{of_content as document_text, of_markdown as plain_document, of_template as template_text};
pub(crate) use view::{asked, keep_typed, words};

mod question;
#[cfg(any(test, feature = "samples"))]
mod samples;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Crumb, Field, Moment, Progress};

pub use changed::ChangedPage;
pub use question::{Asked, Clash, DelegateForm, Kind, Question, Saved, Suggestion};
pub use table::{Cell, CellInput, Column, Table};
pub use uses::{UseRow, UsesPage};

/// How many answered questions in a row are folded together.
const FOLDED: usize = 3;

/// `GET /plans/{pid}/templates/{tid}/questionnaire`.
#[derive(Debug, Clone, Template)]
#[template(path = "questionnaire/page.html")]
pub struct QuestionnairePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The customer.
    pub customer_id: i32,
    /// Id of the plan.
    pub plan_id: String,
    /// Id of the library's template.
    pub template_id: String,
    /// The version of the workspace that the page shows.
    pub workspace_version: i64,
    /// Name of the template.
    pub name: String,
    /// "ISMS 20", where the template has a short mark.
    pub mark: Option<String>,
    /// The reader may answer, and nothing stands against it.
    pub may_answer: bool,
    /// The template or its plan is ignored, so that nobody may answer.
    pub is_ignored: bool,
    /// The number of a newer release that the reader may bring the plan to.
    pub newer: Option<i32>,
    /// Questions in their parts.
    pub parts: Vec<Part>,
    /// Answered questions of all.
    pub progress: Progress,
    /// Required questions without an answer.
    pub missing: Vec<Missing>,
    /// Only questions without an answer are shown.
    pub only_open: bool,
    /// Only questions that the reader is to answer are shown.
    pub only_mine: bool,
    /// How many open questions the reader is to answer.
    pub mine: u32,
    /// When the latest answer was saved.
    pub saved_at: Option<Moment>,
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
    /// Its questions, as far as they are shown.
    pub questions: Vec<Question>,
    /// Answered questions of all in this part, shown or not.
    pub progress: Progress,
}

/// Questions that stand together: folded away, or as they are.
#[derive(Debug)]
pub struct Group<'a> {
    /// They are folded away.
    pub is_folded: bool,
    /// The questions.
    pub questions: &'a [Question],
}

/// A required question without an answer.
#[derive(Debug, Clone)]
pub struct Missing {
    /// Its number in the questionnaire.
    pub number: u32,
    /// Its key.
    pub key: String,
}

impl Part {
    /// The number before the title. A title that came with one, as in `1. Purpose`, keeps its own.
    fn number(&self, place: &usize) -> Option<usize> {
        let has_its_own = self.title.as_ref().is_some_and(|title| title.trim_start().starts_with(|first: char| first.is_numeric()));
        (!has_its_own).then_some(*place)
    }

    /// The questions, longer runs of answered ones folded. `is_long`: only then there is something
    /// to win by folding.
    fn groups(&self, is_long: bool) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let runs = self.questions.chunk_by(|one, next| one.is_quiet() == next.is_quiet());
        for run in runs {
            let is_folded = is_long && run.len() >= FOLDED && run.iter().all(Question::is_quiet);
            groups.push(Group { is_folded, questions: run });
        }
        groups
    }
}

impl Group<'_> {
    /// "3 more answered questions: 7, 8 and 9".
    fn title(&self, t: &crate::text::Text) -> String {
        let w = &t.questionnaire;
        let numbers = match self.questions {
            [one, two, three] => w.numbers_three.with3(one.number, two.number, three.number),
            [first, .., last] => w.numbers_to.with2(first.number, last.number),
            [only] => only.number.to_string(),
            [] => String::new(),
        };
        w.folded.with2(w.more_answered.n(self.questions.len()), numbers)
    }

    /// Names the fold, so that what a person folded stays so.
    fn id(&self) -> String {
        self.questions.first().map(|first| format!("more-{}", first.key)).unwrap_or_default()
    }
}

impl QuestionnairePage {
    /// Where the forms of this page are sent.
    pub(crate) fn base(&self) -> String {
        format!("/plans/{}/templates/{}", self.plan_id, self.template_id)
    }

    /// Where the page itself is.
    pub(crate) fn here(&self) -> String {
        format!("{}/questionnaire", self.base())
    }

    /// What its questions are told of it.
    fn around(&self) -> Around<'_> {
        Around {
            base: self.base(),
            here: self.here(),
            may_answer: self.may_answer,
            only_open: self.only_open,
            only_mine: self.only_mine,
            live: true,
            t: self.layout.t,
        }
    }

    /// Whether the filters leave nothing to show.
    fn is_filtered_out(&self) -> bool {
        self.progress.total > 0 && self.parts.iter().all(|part| part.questions.is_empty())
    }

    /// Where the page hears of changes.
    fn events(&self) -> String {
        format!("/api/v1/customers/{}/events?plan_id={}&template_id={}", self.customer_id, self.plan_id, self.template_id)
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

    pub(crate) fn open(&self) -> u32 {
        self.progress.total.saturating_sub(self.progress.done)
    }

    /// Folding helps only where there is much, and where nothing has been filtered out.
    fn is_long(&self) -> bool {
        self.progress.total > 8 && !self.only_open && !self.only_mine
    }
}
