//! Bringing templates in, taking them out, and bringing plans to a newer release.

mod import_handlers;
mod import_view;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod upgrade;
mod upgrade_handlers;
mod upgrade_view;

pub use upgrade::{AddedRow, AgainRow, ChangedRow, CustomerRow, CustomersPage, DroppedRow, DroppedRowTask, UpgradePage};

use askama::Template;
use axum::Router;

use crate::{
    filters,
    layout::{Layout, Nav, Theme},
    parts::{Choice, Crumb, Field},
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().merge(import_handlers::routes()).merge(upgrade_handlers::routes())
}

/// `GET /library/templates/import`, and the same after a file was refused.
#[derive(Debug, Clone, Template)]
#[template(path = "exchange/import.html")]
pub struct ImportPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// What makes sending the form twice import once.
    pub once: String,
    /// The file; only what is wrong with it is known again.
    pub file: Field,
    /// The template's name.
    pub name: Field,
    /// Standards to choose from; the first is none.
    pub standards: Vec<Choice>,
    /// Why the file was refused, place by place.
    pub refusals: Vec<String>,
}

/// `POST /library/templates/import`: what came of it.
#[derive(Debug, Clone, Template)]
#[template(path = "exchange/imported.html")]
pub struct ImportedPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// What the import led to, in a sentence.
    pub outcome: String,
    /// Whether anything was changed.
    pub is_new: bool,
    /// Id of the template.
    pub template_id: String,
    /// How much was understood, in words.
    pub counts: Vec<String>,
    /// The questions.
    pub questions: Vec<ImportedQuestion>,
    /// What stands in the way of a release.
    pub problems: Vec<String>,
    /// What was left out or guessed.
    pub notices: Vec<String>,
}

/// A question as it was understood.
#[derive(Debug, Clone)]
pub struct ImportedQuestion {
    /// Its key.
    pub key: String,
    /// The question.
    pub label: String,
    /// Stored name of its kind.
    pub kind: String,
    /// Required.
    pub required: bool,
    /// Needs evidence.
    pub requires_evidence: bool,
    /// The heading that it stands under.
    pub section: Option<String>,
    /// The headings of its columns, or what can be chosen.
    pub parts: Vec<String>,
}
