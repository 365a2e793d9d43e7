//! What became of the older database that Muster took over, and what people decide of it.

mod handlers;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;

pub(crate) use handlers::routes;

use askama::Template;

use crate::{
    filters,
    layout::{Layout, Nav, Theme},
    parts::{Crumb, Moment},
};

/// `GET` and `POST` of `/firm/older-database`.
#[derive(Debug, Clone, Template)]
#[template(path = "legacy/page.html")]
pub struct LegacyPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// How many tasks there were.
    pub total: i64,
    /// When Muster took over.
    pub at: Option<Moment>,
    /// Tasks by level.
    pub levels: Vec<LevelRow>,
    /// Tasks by what placed them.
    pub rules: Vec<(&'static str, i64)>,
    /// Some of the tasks to review.
    pub tasks: Vec<TaskRow>,
    /// How many tasks come before those.
    pub skip: i64,
    /// How many are to be reviewed.
    pub waiting: i64,
    /// How many of them were decided.
    pub decided: i64,
    /// The page with earlier ones.
    pub previous: Option<String>,
    /// The page with later ones.
    pub next: Option<String>,
    /// What was counted on both sides.
    pub sums: Vec<SumRow>,
    /// What else there is to know: whose, where, what.
    pub remarks: Vec<(String, String, String)>,
    /// How many remarks there are.
    pub remark_count: i64,
}

/// A level with its tasks.
#[derive(Debug, Clone)]
pub struct LevelRow {
    /// Its word.
    pub word: &'static str,
    /// Its picture.
    pub icon: &'static str,
    /// All tasks.
    pub rows: i64,
    /// Those to review.
    pub to_review: i64,
    /// Its part of all tasks, in percent.
    pub share: i64,
}

/// A task to review.
#[derive(Debug, Clone)]
pub struct TaskRow {
    /// Its id.
    pub id: String,
    /// The customer's id.
    pub customer_id: i32,
    /// The customer's name.
    pub customer: String,
    /// Its title.
    pub title: String,
    /// Its status, as a word.
    pub status: &'static str,
    /// When it was made.
    pub made: String,
    /// What whoever decides should know.
    pub why: String,
    /// Where it could belong.
    pub places: Vec<Place>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// How many others on this page are like it.
    pub alike: usize,
}

/// A place that a task could belong to.
#[derive(Debug, Clone)]
pub struct Place {
    /// What the form sends.
    pub value: usize,
    /// Its name.
    pub name: String,
    /// What stands below it.
    pub hint: Option<String>,
    /// Whether the task is there.
    pub is_chosen: bool,
}

/// Something that was counted on both sides.
#[derive(Debug, Clone)]
pub struct SumRow {
    /// What.
    pub what: String,
    /// In the older database.
    pub before: i64,
    /// In Muster.
    pub after: i64,
}

impl LegacyPage {
    fn certain(&self) -> i64 {
        self.total - self.waiting
    }

    fn equal(&self) -> usize {
        self.sums.iter().filter(|sum| sum.is_equal()).count()
    }

    fn all_to_review(&self) -> i64 {
        self.levels.iter().map(|level| level.to_review).sum()
    }
}

impl LevelRow {
    fn certain(&self) -> i64 {
        self.rows - self.to_review
    }
}

impl SumRow {
    fn is_equal(&self) -> bool {
        self.before == self.after
    }
}
