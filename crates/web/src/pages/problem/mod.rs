//! The error page.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::problem::Problem;
use crate::text::Text;

/// What went wrong, and what to do about it. Never internal text.
#[derive(Debug, Clone, Template)]
#[template(path = "problem/page.html")]
pub struct ProblemPage {
    /// Frame of the page; its title is filled by [`ProblemPage::new`].
    pub layout: Layout,
    /// Status of the answer.
    pub status: u16,
    /// What happened.
    pub title: String,
    /// More about it, where there is more to say.
    pub detail: Option<String>,
    /// What to do now.
    pub advice: String,
    /// Number of the request, to find it in the log.
    pub request_id: String,
}

impl ProblemPage {
    /// The page for a status, with the usual words for it.
    #[must_use]
    pub fn new(mut layout: Layout, status: u16, detail: Option<String>, request_id: impl Into<String>) -> Self {
        let (title, advice) = words(status, layout.t);
        layout.title = title.to_owned();
        Self { layout, status, title: title.to_owned(), detail, advice: advice.to_owned(), request_id: request_id.into() }
    }
}

/// The page for a problem, for nobody in particular: who is signed in is not known here, and an
/// error must not depend on finding out.
pub(crate) fn render(problem: &Problem) -> Response {
    let page = ProblemPage::new(Layout::public(""), problem.status.as_u16(), Some(problem.detail.clone()), problem.request_id.as_str());
    // Should the page itself fail, its words are still told.
    let html = page.render().unwrap_or_else(|_| problem.detail.clone());
    (problem.status, Html(html)).into_response()
}

fn words(status: u16, t: &Text) -> (&'static str, &'static str) {
    let t = &t.problem;
    match status {
        401 => (t.not_signed_in, t.not_signed_in_do),
        403 => (t.forbidden, t.forbidden_do),
        404 | 405 => (t.not_found, t.not_found_do),
        409 | 412 | 428 => (t.conflict, t.conflict_do),
        413 => (t.too_large, t.too_large_do),
        422 => (t.unprocessable, t.unprocessable_do),
        429 => (t.too_many, t.too_many_do),
        502..=504 => (t.unavailable, t.unavailable_do),
        500..=599 => (t.internal, t.internal_do),
        _ => (t.bad_request, t.bad_request_do),
    }
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for ProblemPage {
    const NAME: &'static str = "problem";

    fn samples() -> Vec<(&'static str, Self)> {
        let request = "0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11";
        let frame = || crate::samples::consultant("", Nav::Elsewhere);
        vec![
            ("not-found", Self::new(frame(), 404, None, request)),
            ("forbidden", Self::new(frame(), 403, None, request)),
            ("conflict", Self::new(frame(), 409, Some("The task is done already, so it cannot be put on hold.".into()), request)),
            ("public", Self::new(Layout::public(""), 503, None, request)),
            ("internal", Self::new(frame(), 500, None, request)),
        ]
    }
}
