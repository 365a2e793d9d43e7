//! The firm's settings, and its logo.

mod handlers;

pub(crate) use handlers::routes;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Crumb, Field};

/// `GET` and `POST` of `/firm`.
#[derive(Debug, Clone, Template)]
#[template(path = "firm/page.html")]
pub struct FirmPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The firm's name as stored.
    pub stored_name: String,
    /// Version, so that nobody overwrites somebody else.
    pub version: i32,
    /// Somebody was faster.
    pub stale: bool,
    /// Name.
    pub name: Field,
    /// Whom mails come from.
    pub mail_from: Field,
    /// Where people reach Muster.
    pub public_url: Field,
    /// Proxies that are believed.
    pub trusted_proxies: Field,
    /// There is a logo.
    pub has_logo: bool,
    /// What was wrong with the logo.
    pub logo: Field,
    /// There is a mail server.
    pub has_mail_server: bool,
    /// This database was another program's before.
    pub has_older_database: bool,
    /// Two-step sign-in is required of the firm's people.
    pub two_step_firm: bool,
    /// Two-step sign-in is required of approvers.
    pub two_step_approvers: bool,
}

impl FirmPage {
    fn refused(&self) -> u32 {
        let fields = [&self.name, &self.mail_from, &self.public_url, &self.trusted_proxies];
        u32::try_from(fields.iter().filter(|field| field.error.is_some()).count()).unwrap_or_default()
    }
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for FirmPage {
    const NAME: &'static str = "firm";

    fn samples() -> Vec<(&'static str, Self)> {
        let title = crate::text::ENGLISH.firm.title;
        let plain = Self {
            layout: crate::samples::consultant(title, Nav::Elsewhere),
            crumbs: vec![Crumb::here(title)],
            stored_name: "Nordlicht Compliance".into(),
            version: 3,
            stale: false,
            name: Field::of("Nordlicht Compliance"),
            mail_from: Field::of("Nordlicht <office@nordlicht.example>"),
            public_url: Field::default(),
            trusted_proxies: Field::default(),
            has_logo: true,
            logo: Field::default(),
            has_mail_server: true,
            has_older_database: true,
            two_step_firm: true,
            two_step_approvers: false,
        };
        let refused = Self {
            public_url: Field::refused("muster", "It must be an address of the form https://HOST."),
            logo: Field::refused("", "It must be a picture, PNG or JPEG."),
            has_logo: false,
            has_mail_server: false,
            stale: true,
            ..plain.clone()
        };
        vec![("plain", plain), ("refused", refused)]
    }
}
