//! The firm's board: what needs somebody of the firm today.

mod handlers;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;

use askama::Template;

pub(crate) use self::handlers::routes;
use crate::{
    filters,
    layout::{Layout, Nav, Theme},
    parts::Due,
};

/// `GET /today`.
#[derive(Debug, Clone, Template)]
#[template(path = "today/page.html")]
pub struct TodayPage {
    /// Frame of the page.
    pub layout: Layout,
    /// "Tuesday 17 March".
    pub today: String,
    /// Only the customers that the reader looks after.
    pub mine: bool,
    /// The reader looks after some.
    pub has_mine: bool,
    /// There are customers at all.
    pub has_customers: bool,
    /// The lists that hold something, the most pressing first.
    pub lists: Vec<BoardSection>,
}

/// A list of the board.
#[derive(Debug, Clone)]
pub struct BoardSection {
    /// Its key, for the heading's id.
    pub key: &'static str,
    /// What it holds.
    pub title: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// `bad`, `warn`, `see` or `info`.
    pub tone: &'static str,
    /// How many there are.
    pub total: u32,
    /// The first of them.
    pub rows: Vec<BoardRow>,
    /// Where all of them are.
    pub all: Option<String>,
}

impl BoardSection {
    /// How many are not shown.
    #[must_use]
    pub fn hidden(&self) -> u32 {
        self.total.saturating_sub(u32::try_from(self.rows.len()).unwrap_or(u32::MAX))
    }
}

/// A row of the board.
#[derive(Debug, Clone)]
pub struct BoardRow {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// The customer, where the title is not its name.
    pub customer: Option<String>,
    /// The plan or the document.
    pub place: Option<String>,
    /// Who has it, or how many, or since when.
    pub note: Option<String>,
    /// By when.
    pub due: Option<Due>,
}
