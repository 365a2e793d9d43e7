//! `GET /sign-in/code`, `POST /sign-in/code`: the second step of signing in.

use askama::Template;

use super::sign_in::wait;
use crate::filters;
use crate::layout::{Layout, Theme};
use crate::parts::Field;

/// The page that asks for the code of a two-step sign-in.
#[derive(Debug, Clone, Template)]
#[template(path = "account/code.html")]
pub struct CodePage {
    /// Frame of the page.
    pub layout: Layout,
    /// Why the code was refused; its value is never sent back.
    pub code: Field,
    /// Where to go afterwards; a path of this site.
    pub next: String,
    /// Seconds until the next attempt, when there were too many.
    pub wait_seconds: Option<u32>,
}

impl CodePage {
    fn wait_text(&self) -> Option<String> {
        self.wait_seconds.map(|seconds| self.layout.t.sign_in.throttled.with(wait(seconds, self.layout.t)))
    }
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for CodePage {
    const NAME: &'static str = "sign-in-code";

    fn samples() -> Vec<(&'static str, Self)> {
        let t = &crate::text::ENGLISH.sign_in;
        let plain = Self { layout: Layout::public(t.code_title), code: Field::default(), next: "/".into(), wait_seconds: None };
        vec![
            ("plain", plain.clone()),
            ("refused", Self { code: Field::refused("", t.code_wrong), ..plain.clone() }),
            ("throttled", Self { wait_seconds: Some(30), ..plain }),
        ]
    }
}
