//! `/unsubscribe/{link}`: ending a kind of mail by the link in it, without signing in. Looking changes
//! nothing; mail programs and people send the same request to end it (RFC 8058).

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use muster_domain::account::Notification;
use muster_service::Error;

use super::handlers::public_frame;
use crate::filters;
use crate::layout::{Layout, Theme};
use crate::{pages::visit::render, problem::Problem, request::Ids, state::AppState, text::ENGLISH};

/// The page behind the link.
#[derive(Debug, Clone, Template)]
#[template(path = "account/unsubscribe.html")]
pub struct UnsubscribePage {
    /// Frame of the page.
    pub layout: Layout,
    /// What it asks, or says.
    pub state: Unsubscribing,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsubscribing {
    /// It is asked whether these mails are to stop.
    Asked {
        /// The end of the link.
        link: String,
        /// When one gets them, in words.
        when: &'static str,
    },
    /// They have stopped.
    Done,
    /// The link is none.
    Gone,
}

pub(super) async fn ask(State(state): State<AppState>, headers: HeaderMap, Ids((link,)): Ids<(String,)>) -> Result<Response, Problem> {
    match state.context.read_unsubscribe_link(&link) {
        Ok(asked) => {
            let words = &ENGLISH.unsubscribe;
            let when = if asked.kind == Notification::WeeklyDigest { words.weekly } else { words.reminder };
            Ok(page(&headers, StatusCode::OK, words.title, Unsubscribing::Asked { link, when }))
        }
        Err(error) => gone(&headers, error),
    }
}

pub(super) async fn end(State(state): State<AppState>, headers: HeaderMap, Ids((link,)): Ids<(String,)>) -> Result<Response, Problem> {
    let asked = match state.context.read_unsubscribe_link(&link) {
        Ok(asked) => asked,
        Err(error) => return gone(&headers, error),
    };
    match state.context.unsubscribe(asked).await {
        Ok(()) => Ok(page(&headers, StatusCode::OK, ENGLISH.unsubscribe.done_title, Unsubscribing::Done)),
        Err(error) => gone(&headers, error),
    }
}

fn gone(headers: &HeaderMap, error: Error) -> Result<Response, Problem> {
    match error {
        Error::NotFound => Ok(page(headers, StatusCode::NOT_FOUND, ENGLISH.unsubscribe.gone_title, Unsubscribing::Gone)),
        other => Err(other.into()),
    }
}

fn page(headers: &HeaderMap, status: StatusCode, title: &'static str, state: Unsubscribing) -> Response {
    render(status, &UnsubscribePage { layout: public_frame(headers, title), state })
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for UnsubscribePage {
    const NAME: &'static str = "unsubscribe";

    fn samples() -> Vec<(&'static str, Self)> {
        let w = &crate::text::ENGLISH.unsubscribe;
        let asked = Unsubscribing::Asked { link: "7.weekly_digest.5f0c9a1e".into(), when: w.weekly };
        vec![
            ("asked", Self { layout: Layout::public(w.title), state: asked }),
            ("done", Self { layout: Layout::public(w.done_title), state: Unsubscribing::Done }),
            ("gone", Self { layout: Layout::public(w.gone_title), state: Unsubscribing::Gone }),
        ]
    }
}
