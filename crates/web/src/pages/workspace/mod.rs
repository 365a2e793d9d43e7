//! The workspace of a customer: everything there is to do, as one tree.

mod address;
mod drawer;
mod handlers;
mod moved;
#[cfg(any(test, feature = "samples"))]
pub(crate) mod samples;
mod tree;
mod view;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Due, Level, Progress, Status};
use crate::text::Text;

pub(crate) use address::Address;
pub(crate) use handlers::routes;
pub(crate) use moved::{MovedPage, is_for};
pub(crate) use view::{Shelf, drawer_beside, drawer_page, frame, page_of, workspace_page};

pub use drawer::{Drawer, EditForm, Ignored, Link, Move, Place, SaidHere, Talk, TaskMail};
pub use tree::{AddForm, CustomerNode, DocumentNode, IgnoredNode, PlanNode, TemplateNode};

/// `GET /customers/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "workspace/page.html")]
pub struct WorkspacePage {
    /// Frame of the page.
    pub layout: Layout,
    /// Whose workspace it is.
    pub customer: Head,
    /// What the reader may do here.
    pub may: May,
    /// Progress, figures, deadlines.
    pub summary: Summary,
    /// Filters, as they are set.
    pub filters: Filters,
    /// Tasks that stand above all plans.
    pub tasks: CustomerNode,
    /// Plans in the order of their standards.
    pub plans: Vec<PlanNode>,
    /// Plans that were ignored.
    pub ignored_plans: Vec<IgnoredNode>,
    /// Number of ignored things, for the outline.
    pub ignored: u32,
    /// The open form for a new task.
    pub adding: Option<AddForm>,
    /// The task shown beside the tree.
    pub drawer: Option<Drawer>,
    /// "17 Mar 2026", for the head of a printed workspace.
    pub today: String,
    /// The version of all that is shown: what is told of later ones is fetched.
    pub version: i64,
}

/// One task alone, for a workspace that is open already.
#[derive(Debug, Clone, Template)]
#[template(path = "workspace/alone.html")]
pub struct DrawerPage {
    /// The words of the reader's language.
    pub t: &'static Text,
    /// The task.
    pub drawer: Option<Drawer>,
}

/// The customer, as the head of the page names it.
#[derive(Debug, Clone)]
pub struct Head {
    /// Id.
    pub id: i32,
    /// Name.
    pub name: String,
    /// About the customer, in a line or two.
    pub about: Option<String>,
    /// Contact person.
    pub contact: Option<String>,
    /// Archived: nothing of it changes.
    pub archived: bool,
}

/// What the reader may do in this workspace; a control that may not be used is not shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct May {
    /// Assign standards and templates.
    pub assign: bool,
    /// Add tasks.
    pub add: bool,
    /// Ignore and restore.
    pub ignore: bool,
    /// Change the customer's details.
    pub edit_customer: bool,
    /// Read the audit log.
    pub read_audit: bool,
    /// See the customer's people.
    pub people: bool,
    /// Share the customer's calendar.
    pub calendar: bool,
}

/// The card at the top.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Over all tasks.
    pub progress: Progress,
    /// Overdue tasks.
    pub overdue: u32,
    /// Tasks whose next move is the customer's; only for the firm.
    pub waiting: Option<u32>,
    /// Tasks that need evidence.
    pub evidence: u32,
    /// Tasks in review.
    pub review: u32,
    /// The next few due dates.
    pub deadlines: Vec<Deadline>,
}

/// A task that is due soon.
#[derive(Debug, Clone)]
pub struct Deadline {
    /// When.
    pub due: Due,
    /// What.
    pub title: String,
    /// Where it leads.
    pub href: String,
}

/// The filters of the tree and what they leave.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// Tasks of the reader.
    pub mine: bool,
    /// How many those are.
    pub mine_count: u32,
    /// Overdue tasks.
    pub overdue: bool,
    /// Tasks that need evidence.
    pub evidence: bool,
    /// Tasks that are not done.
    pub open: bool,
    /// Only this level.
    pub level: Option<Level>,
    /// Only this state: `waiting` or `review`, set by the figures.
    pub task: Option<Status>,
    /// Words in the title.
    pub q: String,
    /// Tasks that are left.
    pub shown: u32,
    /// The filters as a query, ending in `&` when there is one: `?mine=1&`, or `?`.
    pub query: String,
}

impl Filters {
    /// Any filter is set.
    #[must_use]
    pub fn any(&self) -> bool {
        self.mine || self.overdue || self.evidence || self.open || self.level.is_some() || self.task.is_some() || !self.q.is_empty()
    }
}

impl WorkspacePage {
    /// The choices of the level filter.
    fn levels(&self) -> Vec<Choice> {
        let t = self.layout.t;
        let current = self.filters.level.map_or("", Level::key);
        let mut list = vec![Choice::new("", t.common.all_levels, current)];
        list.extend(Level::ALL.map(|level| Choice::new(level.key(), level.word(t), current)));
        list
    }

    /// The sentence beside the filters.
    fn count_line(&self) -> String {
        let words = &self.layout.t.workspace;
        match self.filters.shown {
            shown if self.filters.any() => words.tasks_matching.n(shown),
            0 => words.no_tasks.to_owned(),
            shown => words.tasks_folded.n(shown),
        }
    }

    /// A filter leaves nothing of what there is.
    fn nothing_left(&self) -> bool {
        self.filters.any() && self.filters.shown == 0
    }

    /// The form for a new task stands at this node.
    fn adding_at(&self, node: &str) -> Option<&AddForm> {
        self.adding.as_ref().filter(|form| form.node == node)
    }
}
