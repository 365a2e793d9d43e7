//! Writing a template: its draft, its questions, its releases.

mod changes;
mod details;
mod fields;
mod guide;
mod handlers;
mod parsing;
mod preview;
mod problems;
mod question;
mod release;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;

pub(crate) use details::create as create_template;
pub(crate) use handlers::routes;

use askama::Template;

pub use changes::{ChangedQuestion, Changes, TextLine};
pub use details::{DetailsForm, DetailsPage};
pub use fields::{ColumnForm, QuestionForm};
pub use guide::GuidePage;
pub use problems::{Fix, ProblemRow};
pub use question::QuestionPage;
pub use release::{ReleasePage, ReleaseTemplatePage};

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Crumb, Field};

/// `GET /library/templates/{id}/draft`, and what is seen after each step there.
#[derive(Debug, Clone, Template)]
#[template(path = "editor/page.html")]
pub struct EditorPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the template.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The version that a change is meant for.
    pub version: i64,
    /// What is being edited: a saved draft, or what a new one begins with.
    pub about: String,
    /// There is a draft that can be discarded.
    pub has_draft: bool,
    /// What is shown was not saved.
    pub unsaved: bool,
    /// Title of the document.
    pub title: Field,
    /// Text of the document.
    pub body: Field,
    /// Which optional sections the preview shows.
    pub sections: Vec<Choice>,
    /// What stands in the way of the release.
    pub problems: Vec<ProblemRow>,
    /// The document with sample answers, made by us. Empty when there is nothing to show.
    pub preview: String,
    /// The questions in their parts; nothing where only the preview was asked for.
    pub parts: Vec<EditorPart>,
}

/// A group of questions.
#[derive(Debug, Clone)]
pub struct EditorPart {
    /// Its title.
    pub title: Option<String>,
    /// Its questions.
    pub questions: Vec<EditorQuestion>,
}

/// A question in the list of the editor.
#[derive(Debug, Clone)]
pub struct EditorQuestion {
    /// Its number.
    pub number: usize,
    /// Its key.
    pub key: String,
    /// Its words.
    pub label: String,
    /// Stored name of its kind.
    pub kind: &'static str,
    /// Required.
    pub required: bool,
    /// Needs evidence.
    pub requires_evidence: bool,
    /// What to write into the text.
    pub snippet: String,
    /// Something is wrong with it.
    pub has_problem: bool,
    /// There is a question before it.
    pub may_go_up: bool,
    /// There is a question after it.
    pub may_go_down: bool,
}

impl EditorPage {
    fn count(&self) -> usize {
        self.parts.iter().map(|part| part.questions.len()).sum()
    }

    fn base(&self) -> String {
        format!("/library/templates/{}/draft", self.id)
    }
}
