//! `GET /setup/{token}`, `POST /setup/{token}`: the first administrator of a new installation.

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Theme};
use crate::parts::Field;

/// The page behind the one-time link that a new installation prints.
#[derive(Debug, Clone, Template)]
#[template(path = "account/setup.html")]
pub struct SetupPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The form; nothing when the link does not work any more.
    pub form: Option<SetupForm>,
}

/// What the first administrator enters.
#[derive(Debug, Clone, Default)]
pub struct SetupForm {
    /// The token of the link.
    pub token: String,
    /// Full name.
    pub name: Field,
    /// Address to sign in with.
    pub email: Field,
    /// Password; its value is never sent back.
    pub password: Field,
    /// Password once more.
    pub password_again: Field,
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for SetupPage {
    const NAME: &'static str = "setup";

    fn samples() -> Vec<(&'static str, Self)> {
        let layout = Layout::public(crate::text::ENGLISH.setup.title);
        let form = SetupForm { token: "mst_setup_4f9k2".into(), ..SetupForm::default() };
        let refused = SetupForm {
            name: Field::of("Mara Lindqvist"),
            email: Field::refused("mara.lindqvist@", "Enter an address like name@example.org."),
            password: Field::refused("", "Use at least 12 characters."),
            ..form.clone()
        };
        vec![
            ("plain", Self { layout: layout.clone(), form: Some(form) }),
            ("refused", Self { layout: layout.clone(), form: Some(refused) }),
            ("used", Self { layout, form: None }),
        ]
    }
}
