//! `GET` and `POST` of `/password-reset` and `/password-reset/{token}`: a lost password is set anew.

use askama::Template;

use super::sign_in::wait;
use crate::filters;
use crate::layout::{Layout, Theme};
use crate::parts::Field;

/// The page that sends a link.
#[derive(Debug, Clone, Template)]
#[template(path = "account/reset_ask.html")]
pub struct ResetAskPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The address.
    pub email: Field,
    /// The address for which a link was just asked, whether somebody has it or not.
    pub asked: Option<String>,
    /// No mails go out.
    pub held: bool,
    /// Seconds until the next request, when there were too many.
    pub wait_seconds: Option<u32>,
}

/// The page behind the link.
#[derive(Debug, Clone, Template)]
#[template(path = "account/reset_set.html")]
pub struct ResetSetPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The form; nothing when the link does not work any more.
    pub form: Option<ResetForm>,
}

/// The new password. What was typed is never sent back.
#[derive(Debug, Clone, Default)]
pub struct ResetForm {
    /// The secret of the link.
    pub token: String,
    /// The password.
    pub password: Field,
    /// The password once more.
    pub password_again: Field,
}

impl ResetAskPage {
    fn wait_text(&self) -> Option<String> {
        self.wait_seconds.map(|seconds| self.layout.t.reset.throttled.with(wait(seconds, self.layout.t)))
    }
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for ResetAskPage {
    const NAME: &'static str = "password-reset";

    fn samples() -> Vec<(&'static str, Self)> {
        let t = &crate::text::ENGLISH;
        let layout = Layout::public(t.reset.title);
        let plain = Self { layout, email: Field::default(), asked: None, held: false, wait_seconds: None };
        vec![
            ("plain", plain.clone()),
            ("refused", Self { email: Field::refused("mara.lindqvist@", t.fields.email), ..plain.clone() }),
            ("asked", Self { asked: Some("mara.lindqvist@nordlicht.example".into()), ..plain.clone() }),
            ("throttled", Self { wait_seconds: Some(120), ..plain.clone() }),
            ("held", Self { held: true, ..plain }),
        ]
    }
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for ResetSetPage {
    const NAME: &'static str = "password-reset-set";

    fn samples() -> Vec<(&'static str, Self)> {
        let t = &crate::text::ENGLISH;
        let layout = Layout::public(t.reset.title);
        let form = ResetForm { token: "4f9k2".into(), ..ResetForm::default() };
        let refused =
            ResetForm { password: Field::refused("", t.fields.short), password_again: Field::refused("", t.fields.again), ..form.clone() };
        vec![
            ("plain", Self { layout: layout.clone(), form: Some(form) }),
            ("refused", Self { layout: layout.clone(), form: Some(refused) }),
            ("used", Self { layout, form: None }),
        ]
    }
}
