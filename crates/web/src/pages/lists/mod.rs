//! Lists of tasks: a customer's, and what it shares with my work: filters, views, changes of several tasks.

mod bulk;
mod filter;
mod handlers;
mod open;
#[cfg(any(test, feature = "samples"))]
pub(crate) mod samples;
mod view;
mod views;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::pages::workspace::Drawer;
use crate::parts::{Choice, TaskRow};
use crate::text::Text;

pub(crate) use filter::{List, PAGE, Wanted};
pub(crate) use handlers::{routes, show};
pub(crate) use open::OpenList;
pub(crate) use view::{Around, bulk, filters, listed_row, pages, task_beside, with_default};

/// `GET /customers/{id}/tasks`.
#[derive(Debug, Clone, Template)]
#[template(path = "lists/page.html")]
pub struct TaskListPage {
    /// Frame of the page.
    pub layout: Layout,
    /// Whose tasks these are.
    pub customer_id: i32,
    /// The customer's name.
    pub customer: String,
    /// Open tasks, whatever is filtered.
    pub open: u32,
    /// How many of them are overdue.
    pub late: u32,
    /// Filters, as they are set.
    pub filters: Filters,
    /// Views that the reader keeps.
    pub views: Views,
    /// The tasks of this page.
    pub rows: Vec<TaskRow>,
    /// Where this page stands.
    pub pages: Pages,
    /// What can be done with several of them; none for those who may only read.
    pub bulk: Option<Bulk>,
    /// The task beside the list.
    pub drawer: Option<Drawer>,
    /// The stream that tells of changes.
    pub events: String,
    /// The version of what is shown: what is told of later ones is fetched.
    pub version: i64,
}

/// What became of a change of several tasks, where not all of them were changed.
#[derive(Debug, Clone, Template)]
#[template(path = "lists/result.html")]
pub struct BulkResultPage {
    /// Frame of the page.
    pub layout: Layout,
    /// "Not all of them".
    pub title: String,
    /// What was done with the others.
    pub done: String,
    /// The tasks that were left as they are: title, address, and why.
    pub refused: Vec<(String, String, String)>,
    /// Where the change of the others is taken back.
    pub undo: Option<String>,
    /// Back to the list.
    pub next: String,
}

/// Filters of a list.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// The address of the list.
    pub path: String,
    /// Words in the title.
    pub words: String,
    /// Where tasks stand.
    pub statuses: Vec<Choice>,
    /// Whose they are.
    pub assignees: Vec<Choice>,
    /// When they are due.
    pub dues: Vec<Choice>,
    /// Due on this day or later.
    pub due_from: String,
    /// Due on this day or earlier.
    pub due_until: String,
    /// Customers to choose from; none in a customer's list.
    pub customers: Vec<Choice>,
    /// Levels to choose from.
    pub levels: Vec<Choice>,
    /// Plans to choose from; none across customers.
    pub plans: Vec<Choice>,
    /// Templates to choose from.
    pub templates: Vec<Choice>,
    /// Orders to choose from.
    pub sorts: Vec<Choice>,
    /// Needs evidence, and how many do.
    pub evidence: (bool, u32),
    /// Waits on the customer, and how many do; only for the firm.
    pub waiting: Option<(bool, u32)>,
    /// Waits for an approval, and how many do.
    pub approve: (bool, u32),
    /// Any filter is set.
    pub any: bool,
    /// One of those that are folded away is set.
    pub more: bool,
    /// How many tasks are left.
    pub left: u32,
}

/// Views that a person keeps of a list, as chips.
#[derive(Debug, Clone, Default)]
pub struct Views {
    /// Which list they are of: `my_work` or `tasks`.
    pub list: &'static str,
    /// The customer whose list is open.
    pub customer: Option<i32>,
    /// The views.
    pub chips: Vec<ViewChip>,
    /// The list without a view.
    pub all: String,
    /// No view is open.
    pub all_current: bool,
    /// The filters as they are set.
    pub query: String,
    /// They can be kept.
    pub may_keep: bool,
    /// This page, to come back to.
    pub next: String,
}

/// A view.
#[derive(Debug, Clone)]
pub struct ViewChip {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The list with its filters.
    pub href: String,
    /// It is open.
    pub current: bool,
    /// The list opens with it.
    pub is_default: bool,
}

/// What can be done with several tasks.
#[derive(Debug, Clone, Default)]
pub struct Bulk {
    /// People to give them to, nobody first.
    pub people: Vec<Choice>,
    /// Priorities to choose from.
    pub priorities: Vec<Choice>,
    /// How many are picked, in words that scripts fill in: for one, for more.
    pub selected: (&'static str, &'static str),
    /// They can be ignored.
    pub may_ignore: bool,
    /// This page, to come back to.
    pub next: String,
}

/// Where a page of a list stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages {
    /// The first row's number.
    pub from: u32,
    /// The last row's number.
    pub until: u32,
    /// Rows of the whole list.
    pub total: u32,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

impl Pages {
    /// "101–200 of 10,000".
    pub(crate) fn told(&self, t: &Text) -> String {
        let grouped = |number: u32| crate::text::grouped(number.into());
        t.lists.between.with3(grouped(self.from), grouped(self.until), grouped(self.total))
    }

    /// There is more than this page.
    pub(crate) fn several(&self) -> bool {
        self.previous.is_some() || self.next.is_some()
    }
}
