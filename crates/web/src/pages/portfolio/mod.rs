//! The firm's customers at a glance.

mod handlers;
pub(crate) use handlers::routes;

mod chart;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod trend;
mod view;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Due, Paging, Person, Progress};

pub use chart::{Bar, Chart, Column, Weight};
pub use trend::{Trend, TrendBar, TrendColumn};

/// `GET /`, for the firm's people.
#[derive(Debug, Clone, Template)]
#[template(path = "portfolio/page.html")]
pub struct PortfolioPage {
    /// Frame of the page.
    pub layout: Layout,
    /// "Tuesday 17 March".
    pub today: String,
    /// All customers that the reader sees, without filters.
    pub customers: u32,
    /// All their plans.
    pub plans: u32,
    /// How many of the customers the reader leads.
    pub lead: u32,
    /// May add customers.
    pub may_add: bool,
    /// The figures.
    pub facts: Facts,
    /// The customer that most needs a look.
    pub attention: Option<Attention>,
    /// Open tasks by the week they are due.
    pub chart: Chart,
    /// Completed and overdue tasks of the last twelve weeks.
    pub trend: Trend,
    /// May bring in spreadsheets.
    pub may_import: bool,
    /// Filters, as they are set.
    pub filters: PortfolioFilters,
    /// Customers of this page of the list.
    pub rows: Vec<CustomerRow>,
    /// Where this page of the list stands.
    pub paging: Paging,
}

/// Figures over all customers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// Overdue tasks.
    pub overdue: u32,
    /// Tasks whose next move is a customer's.
    pub waiting: u32,
    /// Tasks due this week.
    pub due_this_week: u32,
    /// Open approvals.
    pub to_approve: u32,
    /// Evidence that has run out, or will within 30 days.
    pub expiring: u32,
}

/// A customer that needs a look.
#[derive(Debug, Clone)]
pub struct Attention {
    /// Id.
    pub id: i32,
    /// Name.
    pub name: String,
    /// Its overdue tasks.
    pub overdue: u32,
}

/// A filter that is on or off.
#[derive(Debug, Clone)]
pub struct Chip {
    /// Its name in the address.
    pub name: &'static str,
    /// Its word.
    pub label: &'static str,
    /// It is on.
    pub on: bool,
    /// How many customers fit it.
    pub count: u32,
    /// The count presses.
    pub bad: bool,
}

/// Filters and order of the list.
#[derive(Debug, Clone, Default)]
pub struct PortfolioFilters {
    /// Words in the name.
    pub q: String,
    /// Filters that are on or off.
    pub chips: Vec<Chip>,
    /// Standards to choose from; the first is all.
    pub standards: Vec<Choice>,
    /// `name`, `overdue`, `waiting`, `due`, `progress`, `expiring` or `quiet`.
    pub sort: String,
    /// The filters as a query for links of the table's head, ending in `&`, or `?`.
    pub query: String,
}

/// A customer as a row.
#[derive(Debug, Clone)]
pub struct CustomerRow {
    /// Id.
    pub id: i32,
    /// Name.
    pub name: String,
    /// About it, in one line.
    pub about: Option<String>,
    /// Its plans; at most a handful are shown.
    pub plans: Vec<PlanBar>,
    /// Plans that are not shown.
    pub more_plans: u32,
    /// Overdue tasks.
    pub overdue: u32,
    /// Tasks whose next move is the customer's.
    pub waiting: u32,
    /// Evidence that has run out, in words.
    pub expired: Option<String>,
    /// Evidence that soon will, in words.
    pub expiring: Option<String>,
    /// The next due date, and the title of its task.
    pub next: Option<(Due, String)>,
    /// It has plans, and none of them has templates.
    pub no_templates: bool,
    /// Who leads it.
    pub lead: Option<Person>,
}

/// A plan with its progress.
#[derive(Debug, Clone)]
pub struct PlanBar {
    /// "ISO 27001".
    pub label: String,
    /// Its progress.
    pub progress: Progress,
}

impl PortfolioPage {
    fn sorts(&self) -> Vec<Choice> {
        let words = &self.layout.t.portfolio;
        let all = [
            ("name", words.sort_name),
            ("overdue", words.sort_overdue),
            ("waiting", words.sort_waiting),
            ("due", words.sort_due),
            ("progress", words.sort_progress),
            ("expiring", words.sort_expiring),
            ("quiet", words.sort_quiet),
        ];
        all.map(|(key, word)| Choice::new(key, word, &self.filters.sort)).to_vec()
    }

    fn sorted(&self, key: &str) -> bool {
        self.filters.sort == key
    }
}
