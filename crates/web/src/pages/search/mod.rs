//! Search by words, in a customer or in all that the reader may see.

mod handlers;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;

use askama::Template;

pub(crate) use self::handlers::routes;
use crate::{
    filters,
    layout::{Layout, Nav, Theme},
    parts::Paging,
};

/// `GET /search`.
#[derive(Debug, Clone, Template)]
#[template(path = "search/page.html")]
pub struct SearchPage {
    /// Frame of the page.
    pub layout: Layout,
    /// What was typed.
    pub typed: String,
    /// The customer that is looked in, or that could be: id and name.
    pub customer: Option<(i32, String)>,
    /// It is looked in that customer only.
    pub is_in_customer: bool,
    /// Something was asked for.
    pub is_asked: bool,
    /// The words that were looked for instead.
    pub corrected: Option<String>,
    /// What was found.
    pub hits: Vec<HitRow>,
    /// How many there are.
    pub total: u32,
    /// Where this page of the list stands.
    pub paging: Paging,
}

/// A result as a row.
#[derive(Debug, Clone)]
pub struct HitRow {
    /// Its icon.
    pub icon: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// Where it leads.
    pub href: String,
    /// Its title in parts, each with whether it was looked for.
    pub title: Vec<(String, bool)>,
    /// The text around what was found, in the same way.
    pub excerpt: Vec<(String, bool)>,
    /// Where it stands: the customer, the standard, the template, the document.
    pub path: String,
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for SearchPage {
    const NAME: &'static str = "search";

    fn samples() -> Vec<(&'static str, Self)> {
        samples::all()
    }
}
