//! The error page.

use askama::Template;
use axum::extract::Request;
use axum::http::Method;
use axum::response::{Html, IntoResponse, Response};

use crate::filters;
use crate::layout::{Layout, Nav, Theme, Viewer};
use crate::pages::visit::{local_path, referer_path, theme_of};
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
    /// The page that the visitor came from.
    pub back: Option<String>,
    /// Number of the request, to find it in the log.
    pub request_id: String,
}

impl ProblemPage {
    /// The page for a status, with the usual words for it.
    #[must_use]
    pub fn new(mut layout: Layout, status: u16, detail: Option<String>, request_id: impl Into<String>) -> Self {
        let (title, advice) = words(status, layout.t);
        layout.title = title.to_owned();
        // What happened and what to do may be the same words, which are told once.
        let detail = detail.filter(|detail| detail != advice);
        Self { layout, status, title: title.to_owned(), detail, advice: advice.to_owned(), back: None, request_id: request_id.into() }
    }
}

/// What the error page takes over from the request.
pub(crate) struct Surroundings {
    theme: Theme,
    here: Option<String>,
    back: Option<String>,
}

impl Surroundings {
    /// What a request tells before it is answered.
    pub(crate) fn of(request: &Request) -> Self {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let came_from = referer_path(request.headers()).filter(|from| from != path);
        Self {
            theme: theme_of(request.headers()),
            here: (request.method() == Method::GET).then(|| path.to_owned()),
            back: came_from.map(|from| local_path(&from)).filter(|from| from != "/"),
        }
    }
}

/// The page for a problem. Its frame is that of the visitor as far as the request came to know them: an error must not
/// depend on finding out.
pub(crate) fn render(problem: &Problem, viewer: Option<Viewer>, surroundings: Surroundings) -> Response {
    // Should the page itself fail, its words are still told.
    let html = page(problem, viewer, surroundings).render().unwrap_or_else(|_| problem.detail.clone());
    (problem.status, Html(html)).into_response()
}

fn page(problem: &Problem, viewer: Option<Viewer>, surroundings: Surroundings) -> ProblemPage {
    let mut layout = match viewer {
        Some(viewer) => Layout::signed_in("", viewer, Nav::Elsewhere),
        None => Layout::public(""),
    };
    layout.theme = surroundings.theme;
    layout.here = surroundings.here.unwrap_or(layout.here);
    let mut page = ProblemPage::new(layout, problem.status.as_u16(), Some(problem.detail.clone()), problem.request_id.as_str());
    page.back = surroundings.back;
    page
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
            ("conflict", {
                let detail = "The task is done already, so it cannot be put on hold.";
                Self { back: Some("/customers/1".into()), ..Self::new(frame(), 409, Some(detail.into()), request) }
            }),
            ("public", Self::new(Layout::public(""), 503, None, request)),
            ("internal", Self::new(frame(), 500, None, request)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_told_once() {
        let layout = Layout::public("");
        let advice = layout.t.problem.not_found_do;
        let page = ProblemPage::new(layout, 404, Some(advice.to_owned()), "1");
        assert_eq!(page.render().unwrap().matches(advice).count(), 1);
    }

    #[test]
    fn whoever_is_known_keeps_the_top_bar_and_is_not_asked_to_sign_in() {
        let request =
            Request::builder().uri("/customers/9").header("referer", "http://host/my-work").body(axum::body::Body::empty()).unwrap();
        let known = crate::samples::consultant("", Nav::Elsewhere).viewer;
        let surroundings = Surroundings::of(&request);
        assert_eq!(surroundings.back.as_deref(), Some("/my-work"));
        let page =
            |viewer| page(&Problem::of_status(axum::http::StatusCode::NOT_FOUND), viewer, Surroundings::of(&request)).render().unwrap();
        assert!(page(known.clone()).contains("/sign-out") && !page(known).contains("href=\"/sign-in\""));
        assert!(page(None).contains("href=\"/sign-in\""));
    }
}
