//! `POST /sign-in/organisation`: on the way to the organisation's sign-in.

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Theme};

/// The page between ours and the identity provider's. The browser goes on by itself, told by the
/// `Refresh` header; a redirect would be refused by our own `form-action`, which lets forms lead
/// to no other site.
#[derive(Debug, Clone, Template)]
#[template(path = "account/onwards.html")]
pub struct OnwardsPage {
    /// Frame of the page.
    pub layout: Layout,
    /// Where the browser goes.
    pub address: String,
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for OnwardsPage {
    const NAME: &'static str = "onwards";

    fn samples() -> Vec<(&'static str, Self)> {
        let layout = Layout::public(crate::text::ENGLISH.sign_in.onwards_title);
        vec![("plain", Self { layout, address: "https://login.nordlicht.example/authorize?response_type=code&client_id=muster".into() })]
    }
}
