//! How templates are written: the authors' page of the documentation, also here.

use askama::Template;
use axum::{extract::State, response::Response};
use muster_domain::access::FirmAction;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::Crumb;
use crate::{
    pages::{questionnaire::plain_document, visit::Visit},
    problem::Problem,
    state::AppState,
};

/// The page of the documentation, as it stands in the repository.
const GUIDE: &str = include_str!("../../../../../docs/TEMPLATES.md");

/// `GET /library/guide`.
#[derive(Debug, Clone, Template)]
#[template(path = "editor/guide.html")]
pub struct GuidePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The text, made by us.
    pub html: String,
}

pub(super) async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::ReadLibrary)?;
    let title = visit.t.editor.guide;
    let layout = visit.layout(&state, title, Nav::Library, None).await?;
    let crumbs = vec![Crumb::to(visit.t.library.templates, "/library/templates"), Crumb::here(title)];
    Ok(visit.answer(&GuidePage { layout, crumbs, html: html() }))
}

/// The guide without its own title, which the page has already.
pub(super) fn html() -> String {
    let body = GUIDE.split_once('\n').map_or(GUIDE, |(_, rest)| rest);
    plain_document(body)
}
