//! The firm's customers at a glance.

mod handlers;
pub(crate) use handlers::routes;

mod chart;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Due, Paging, Person, Progress};

pub use chart::{Bar, Chart, Column, Weight};

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

/// Filters and order of the list.
#[derive(Debug, Clone, Default)]
pub struct PortfolioFilters {
    /// Words in the name.
    pub q: String,
    /// With overdue tasks.
    pub overdue: bool,
    /// How many customers have some.
    pub overdue_count: u32,
    /// Waiting on the customer.
    pub waiting: bool,
    /// How many customers are waited for.
    pub waiting_count: u32,
    /// With a plan that has no templates.
    pub no_templates: bool,
    /// How many customers have one.
    pub no_templates_count: u32,
    /// `name`, `overdue`, `due` or `progress`.
    pub sort: String,
    /// The filters as a query for links of the table's head, ending in `&`, or `?`.
    pub query: String,
}

impl PortfolioFilters {
    /// Any filter is set; the order is none.
    #[must_use]
    pub fn any(&self) -> bool {
        self.overdue || self.waiting || self.no_templates || !self.q.is_empty()
    }
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
        let all = [("name", words.sort_name), ("overdue", words.sort_overdue), ("due", words.sort_due), ("progress", words.sort_progress)];
        all.map(|(key, word)| Choice::new(key, word, &self.filters.sort)).to_vec()
    }

    fn sorted(&self, key: &str) -> bool {
        self.filters.sort == key
    }
}
