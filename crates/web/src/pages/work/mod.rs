//! The work of the signed-in person, across customers.

mod filter;
mod handlers;
mod view;

pub(crate) use handlers::routes;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Action, Choice, Paging, TaskRow, Tone};

/// `GET /my-work`.
#[derive(Debug, Clone, Template)]
#[template(path = "work/page.html")]
pub struct MyWorkPage {
    /// Frame of the page.
    pub layout: Layout,
    /// "Tuesday 17 March".
    pub today: String,
    /// Open tasks, without filters.
    pub open: u32,
    /// Customers they are for.
    pub customers: u32,
    /// How many are overdue.
    pub late: u32,
    /// Filters, as they are set.
    pub filters: WorkFilters,
    /// The groups that have tasks, in order.
    pub groups: Vec<WorkGroup>,
    /// Tasks that wait for somebody of the reader's role.
    pub for_role: Vec<TaskRow>,
    /// Where this page of the list stands.
    pub paging: Paging,
}

/// Filters of my work.
#[derive(Debug, Clone, Default)]
pub struct WorkFilters {
    /// Needs evidence.
    pub evidence: bool,
    /// How many do.
    pub evidence_count: u32,
    /// Waits for the reader's approval.
    pub approve: bool,
    /// How many do.
    pub approve_count: u32,
    /// Customers to choose from; the first is all.
    pub customers: Vec<Choice>,
    /// Levels to choose from; the first is all.
    pub levels: Vec<Choice>,
}

impl WorkFilters {
    /// Any filter is set.
    #[must_use]
    pub fn any(&self) -> bool {
        let chosen = |list: &[Choice]| list.iter().skip(1).any(|one| one.chosen);
        self.evidence || self.approve || chosen(&self.customers) || chosen(&self.levels)
    }
}

/// Tasks that are due at about the same time.
#[derive(Debug, Clone)]
pub struct WorkGroup {
    /// Names the group in the page: `late`, `today`, `week`, `later`, `undated`.
    pub key: &'static str,
    /// Its heading.
    pub title: String,
    /// Its tone.
    pub tone: Tone,
    /// Its tasks.
    pub rows: Vec<TaskRow>,
    /// All tasks of the group, more than the rows when the list has pages.
    pub count: u32,
}

impl MyWorkPage {
    fn summary(&self) -> String {
        let words = &self.layout.t.my_work;
        let line = words.summary.with3(&self.today, words.open_tasks.n(self.open), words.with_customers.n(self.customers));
        if self.late == 0 {
            return line;
        }
        words.summary_late.with2(line.trim_end_matches('.'), words.late.n(self.late))
    }
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for MyWorkPage {
    const NAME: &'static str = "my-work";

    fn samples() -> Vec<(&'static str, Self)> {
        samples::all()
    }
}

#[cfg(any(test, feature = "samples"))]
mod samples;
