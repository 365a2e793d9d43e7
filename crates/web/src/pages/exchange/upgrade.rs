//! The pages that bring plans to a newer release.

use askama::Template;

use crate::{
    filters,
    layout::{Layout, Nav, Theme},
    parts::Crumb,
};

/// `GET /plans/{plan}/templates/{template}/upgrade`: what a newer release changes for one plan.
#[derive(Debug, Clone, Template)]
#[template(path = "exchange/upgrade.html")]
pub struct UpgradePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Path of the template of the plan.
    pub path: String,
    /// Name of the template.
    pub template: String,
    /// The plan's standard.
    pub plan: String,
    /// The release that the plan pins.
    pub from: i32,
    /// The release that it is brought to.
    pub to: i32,
    /// What is new in it, as its author says.
    pub note: Option<String>,
    /// The version of the assignment that this was worked out for.
    pub version: i32,
    /// Somebody changed it meanwhile.
    pub stale: bool,
    /// Questions that are new.
    pub added: Vec<AddedRow>,
    /// Questions that are asked otherwise.
    pub changed: Vec<ChangedRow>,
    /// Questions that are not asked any more.
    pub dropped: Vec<DroppedRow>,
    /// How many answers stay, in words.
    pub kept: String,
    /// Answers to be given again.
    pub again: Vec<AgainRow>,
    /// Whether the document's text is another.
    pub has_new_text: bool,
}

/// A question that is new.
#[derive(Debug, Clone)]
pub struct AddedRow {
    /// The question.
    pub label: String,
    /// Stored name of its kind.
    pub kind: String,
    /// Required.
    pub required: bool,
    /// Its task comes back.
    pub restores: bool,
    /// An answer from before is there.
    pub answered: bool,
}

/// A question that is asked otherwise.
#[derive(Debug, Clone)]
pub struct ChangedRow {
    /// The question.
    pub label: String,
    /// As it was, where its words changed.
    pub before: Option<String>,
    /// In what it differs.
    pub aspects: Vec<&'static str>,
}

/// A question that is not asked any more.
#[derive(Debug, Clone)]
pub struct DroppedRow {
    /// Its key.
    pub key: String,
    /// The question.
    pub label: String,
    /// It was answered.
    pub answered: bool,
    /// What becomes of its task.
    pub task: DroppedRowTask,
}

/// What becomes of the task of a dropped question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DroppedRowTask {
    /// There is none to speak of.
    None,
    /// It is ignored.
    Ignored,
    /// A person decides: its title, and whether it is ignored as things are.
    ToDecide(String, bool),
}

/// An answer to be given again.
#[derive(Debug, Clone)]
pub struct AgainRow {
    /// The question.
    pub label: String,
    /// The answer, and why it does not fit.
    pub why: String,
    /// Its task is open again.
    pub reopens: bool,
}

/// `GET /library/templates/{template}/customers`: bringing many customers to a release.
#[derive(Debug, Clone, Template)]
#[template(path = "exchange/customers.html")]
pub struct CustomersPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the template.
    pub template_id: String,
    /// Its name.
    pub template: String,
    /// The release.
    pub release: i32,
    /// How many were brought to it just now, in words.
    pub done: Option<String>,
    /// Nothing was chosen.
    pub none_chosen: bool,
    /// The plans.
    pub rows: Vec<CustomerRow>,
}

/// One plan.
#[derive(Debug, Clone)]
pub struct CustomerRow {
    /// Id of the customer.
    pub customer_id: i32,
    /// Its name.
    pub customer: String,
    /// Id of the plan.
    pub plan_id: String,
    /// Its standard.
    pub standard: String,
    /// The release that it pins.
    pub from: i32,
    /// Questions: new, otherwise, dropped.
    pub counts: (usize, usize, usize),
    /// Tasks that were worked on and are kept.
    pub kept: usize,
    /// Answers to be given again.
    pub again: usize,
    /// It was done.
    pub done: bool,
    /// Why it was not, or could not be.
    pub refused: Option<String>,
}

impl CustomersPage {
    fn is_any_open(&self) -> bool {
        self.rows.iter().any(|row| !row.done && row.refused.is_none())
    }
}
