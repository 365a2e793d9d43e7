//! The people without an account who were asked about a customer.

pub(crate) mod handlers;
pub(crate) use handlers::routes;
#[cfg(any(test, feature = "samples"))]
mod samples;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Crumb, Moment};

/// `GET /customers/{id}/respondents`, and the answer to delegating where no mail takes the link.
#[derive(Debug, Clone, Template)]
#[template(path = "respondents/page.html")]
pub struct RespondentsPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The customer.
    pub customer_id: i32,
    /// A link that has just been drawn, and for whom. Shown this once.
    pub made: Option<(String, String)>,
    /// Who was asked, the latest first.
    pub rows: Vec<RespondentRow>,
}

/// Somebody who was asked.
#[derive(Debug, Clone)]
pub struct RespondentRow {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The templates that their questions stand in, each with its questionnaire.
    pub templates: Vec<(String, String)>,
    /// How many of their questions have an answer, of how many.
    pub answered: (usize, usize),
    /// Who asked them first.
    pub by: Option<String>,
    /// When their links end.
    pub ends: Moment,
    /// They have ended.
    pub ended: bool,
    /// They were revoked.
    pub revoked: bool,
    /// When they last came.
    pub used: Option<Moment>,
}
