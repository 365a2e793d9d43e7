//! `GET /library/templates`, `GET /library/templates/{id}`.

use askama::Template;

use super::Tab;
use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Crumb, Paging};

/// The templates of the library.
#[derive(Debug, Clone, Template)]
#[template(path = "library/templates.html")]
pub struct TemplatesPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The reader may add templates.
    pub may_edit: bool,
    /// Words in the name.
    pub q: String,
    /// Standards to choose from; the first is all.
    pub standards: Vec<Choice>,
    /// A filter is set.
    pub filtered: bool,
    /// The templates, by name.
    pub rows: Vec<TemplateRow>,
    /// Where this page of the list stands.
    pub paging: Paging,
}

/// A template.
#[derive(Debug, Clone)]
pub struct TemplateRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Codes of the standards it is for.
    pub standards: Vec<String>,
    /// Questions of the latest release.
    pub questions: u32,
    /// Number of the latest release.
    pub release: Option<u32>,
    /// Not offered any more.
    pub archived: bool,
}

impl TemplatesPage {
    fn tab(&self) -> Tab {
        Tab::Templates
    }
}

/// A template with the questions and the text of its latest release, and all its releases.
#[derive(Debug, Clone, Template)]
#[template(path = "library/template.html")]
pub struct TemplatePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Codes of the standards it is for.
    pub standards: Vec<String>,
    /// Number of the latest release, and its date.
    pub release: Option<(u32, String)>,
    /// Not offered any more.
    pub archived: bool,
    /// The reader may write it.
    pub may_edit: bool,
    /// The draft, if there is one.
    pub draft: Option<DraftNote>,
    /// The releases, the latest first.
    pub releases: Vec<ReleaseRow>,
    /// Questions and text of the latest release; of the draft, as long as there is none.
    pub content: TemplateContent,
}

/// A draft, as it is noted beside the releases.
#[derive(Debug, Clone)]
pub struct DraftNote {
    /// When it was saved, and by whom.
    pub about: String,
    /// How many problems stand in the way of its release.
    pub problems: usize,
}

/// A release in the list.
#[derive(Debug, Clone)]
pub struct ReleaseRow {
    /// Its number.
    pub number: i32,
    /// When it was released.
    pub date: String,
    /// By whom; nothing where a library file brought it.
    pub by: Option<String>,
    /// What is new in it.
    pub note: Option<String>,
    /// How many questions it asks.
    pub questions: usize,
}

/// Questions and text of a release.
#[derive(Debug, Clone, Default)]
pub struct TemplateContent {
    /// Questions in their parts.
    pub parts: Vec<TemplatePart>,
    /// The document's text, made by us, with placeholders as gaps. Empty when there is none.
    pub html: String,
}

/// A group of questions.
#[derive(Debug, Clone)]
pub struct TemplatePart {
    /// Its title.
    pub title: Option<String>,
    /// Its questions.
    pub questions: Vec<TemplateQuestion>,
}

/// A question of a template.
#[derive(Debug, Clone)]
pub struct TemplateQuestion {
    /// Its number.
    pub number: u32,
    /// Its key.
    pub key: String,
    /// The question.
    pub label: String,
    /// More about it.
    pub help: Option<String>,
    /// Stored name of its kind: `text`, `long_text`, ...
    pub kind: String,
    /// Required.
    pub required: bool,
    /// Needs evidence.
    pub requires_evidence: bool,
    /// Labels of its choices.
    pub options: Vec<String>,
    /// Headings of its columns.
    pub columns: Vec<String>,
}

impl TemplateContent {
    /// How many questions there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.parts.iter().map(|part| part.questions.len()).sum()
    }
}
