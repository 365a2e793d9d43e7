//! The work of the signed-in person, across customers.

mod handlers;
mod view;

pub(crate) use handlers::routes;
pub(crate) use view::row;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::pages::lists::{Bulk, Filters, Pages, Views};
use crate::pages::workspace::Drawer;
use crate::parts::{TaskRow, Tone};

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
    pub filters: Filters,
    /// Views that the reader keeps.
    pub views: Views,
    /// The groups that have tasks, in order; none where the list is sorted otherwise.
    pub groups: Vec<WorkGroup>,
    /// The tasks of a list that is sorted otherwise.
    pub rows: Vec<TaskRow>,
    /// Tasks that wait for somebody of the reader's role.
    pub for_role: Vec<TaskRow>,
    /// How many of those there are.
    pub for_role_count: u32,
    /// Where this page of the list stands.
    pub pages: Pages,
    /// What can be done with several of them.
    pub bulk: Option<Bulk>,
    /// The task beside the list.
    pub drawer: Option<Drawer>,
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
    /// There is nothing to show.
    fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.rows.is_empty() && self.for_role.is_empty()
    }

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
