//! Calendars by a secret link: one's own, a customer's, and the calendar itself.

mod handlers;
pub(crate) use handlers::routes;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::Crumb;

/// `GET /profile/calendar` and `GET /customers/{id}/calendar`, and the answer to making a link there.
#[derive(Debug, Clone, Template)]
#[template(path = "calendar/page.html")]
pub struct CalendarPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The customer; none where it is one's own.
    pub customer: Option<i32>,
    /// When the link was made, if there is one.
    pub made_on: Option<String>,
    /// A link that has just been made. Shown this once.
    pub link: Option<String>,
}

impl CalendarPage {
    /// Where the forms of this page are sent.
    fn base(&self) -> String {
        self.customer.map_or_else(|| "/profile/calendar".to_owned(), |id| format!("/customers/{id}/calendar"))
    }

    /// The link as calendar programs take it over from a browser.
    fn program_link(&self) -> Option<String> {
        let (_, rest) = self.link.as_ref()?.split_once("://")?;
        Some(format!("webcal://{rest}"))
    }
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for CalendarPage {
    const NAME: &'static str = "calendar";

    fn samples() -> Vec<(&'static str, Self)> {
        use crate::samples::{consultant, member};
        let t = &crate::text::ENGLISH;
        let own = Self {
            layout: member(t.calendars.title, Nav::Elsewhere),
            crumbs: vec![Crumb::to(t.account.title, "/profile"), Crumb::here(t.calendars.title)],
            customer: None,
            made_on: None,
            link: None,
        };
        let link = format!("https://muster.example/calendar/{}.ics", "5f0c9a1e".repeat(8));
        let there = Self { made_on: Some("17 Mar 2026".into()), ..own.clone() };
        let of_customer = Self {
            layout: consultant(t.calendars.title, Nav::Portfolio),
            crumbs: vec![Crumb::to("Acme Corp", "/customers/5"), Crumb::here(t.calendars.title)],
            customer: Some(5),
            ..there.clone()
        };
        vec![("none", own.clone()), ("made", Self { link: Some(link), ..there.clone() }), ("there", there), ("customer", of_customer)]
    }
}
