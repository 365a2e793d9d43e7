//! The pieces of a questionnaire as HTML: a question, what it is answered with, what is said below it.

use askama::Template;

use super::{CellInput, DelegateForm, Kind, Question, Table};
use crate::{filters, text::Text};

/// What the page around a question says of it.
#[derive(Debug)]
pub(crate) struct Around<'a> {
    /// Where the forms are sent.
    pub(crate) base: String,
    /// Where the page is.
    pub(crate) here: String,
    /// The reader may answer.
    pub(crate) may_answer: bool,
    /// Only questions without an answer are shown.
    pub(crate) only_open: bool,
    /// Only questions that the reader is to answer are shown.
    pub(crate) only_mine: bool,
    /// The page hears of changes, and takes parts of itself.
    pub(crate) live: bool,
    /// The words of the reader's language.
    pub(crate) t: &'a Text,
}

/// A question with everything that can be said to it.
#[derive(Debug, Template)]
#[template(path = "questionnaire/question.html")]
pub(crate) struct QuestionHtml<'a> {
    around: &'a Around<'a>,
    question: &'a Question,
}

/// What it is answered with.
#[derive(Debug, Template)]
#[template(path = "questionnaire/control.html")]
pub(crate) struct ControlHtml<'a> {
    around: &'a Around<'a>,
    question: &'a Question,
}

/// How it stands.
#[derive(Debug, Template)]
#[template(path = "questionnaire/state.html")]
pub(crate) struct StateHtml<'a> {
    around: &'a Around<'a>,
    question: &'a Question,
}

/// Rows of cells.
#[derive(Debug, Template)]
#[template(path = "questionnaire/table.html")]
pub(crate) struct TableHtml<'a> {
    table: &'a Table,
    question: &'a Question,
    t: &'a Text,
}

/// Asking somebody else.
#[derive(Debug, Template)]
#[template(path = "questionnaire/delegate.html")]
pub(crate) struct DelegateHtml<'a> {
    delegate: &'a DelegateForm,
    question: &'a Question,
    base: &'a str,
    t: &'a Text,
}

impl Around<'_> {
    pub(crate) const fn question<'a>(&'a self, question: &'a Question) -> QuestionHtml<'a> {
        QuestionHtml { around: self, question }
    }

    pub(crate) const fn state<'a>(&'a self, question: &'a Question) -> StateHtml<'a> {
        StateHtml { around: self, question }
    }

    const fn control<'a>(&'a self, question: &'a Question) -> ControlHtml<'a> {
        ControlHtml { around: self, question }
    }
}

impl Table {
    const fn html<'a>(&'a self, question: &'a Question, t: &'a Text) -> TableHtml<'a> {
        TableHtml { table: self, question, t }
    }
}

impl DelegateForm {
    const fn html<'a>(&'a self, question: &'a Question, base: &'a str, t: &'a Text) -> DelegateHtml<'a> {
        DelegateHtml { delegate: self, question, base, t }
    }
}
