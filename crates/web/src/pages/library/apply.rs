//! `GET /library/task-rules/{id}/apply`, `POST` of the same: make the rule's task where it would have been made before.

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::Crumb;

/// The preview of applying a rule to what exists.
#[derive(Debug, Clone, Template)]
#[template(path = "library/apply.html")]
pub struct ApplyRulePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the rule.
    pub id: String,
    /// Title of its task.
    pub title: String,
    /// The rule is on.
    pub active: bool,
    /// Counts for each customer where there is something to say.
    pub rows: Vec<ApplyRow>,
}

/// What applying does for one customer.
#[derive(Debug, Clone)]
pub struct ApplyRow {
    /// Id of the customer.
    pub customer_id: i32,
    /// Its name.
    pub customer: String,
    /// Tasks that would be made.
    pub new: u32,
}

impl ApplyRulePage {
    fn new_total(&self) -> u32 {
        self.rows.iter().map(|row| row.new).sum()
    }
}
