//! Which tasks a list shows, and in which order. One filter for a customer's list and for a
//! person's own work, for pages and for programs.

use std::iter::Sum;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{TaskScope, TaskStatus};
use crate::ids::{CustomerId, PlanId, TemplateId, UserId};

/// How a list of tasks is ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskSort {
    /// The order of the hierarchy, then of creation.
    #[default]
    Hierarchy,
    /// The earliest due date first, tasks without one last.
    DueDate,
    /// The title.
    Title,
    /// The most pressing first.
    Priority,
    /// The latest change first.
    Updated,
}

impl TaskSort {
    /// All of them, the first one unless another is asked for.
    pub const ALL: [Self; 5] = [Self::Hierarchy, Self::DueDate, Self::Title, Self::Priority, Self::Updated];

    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hierarchy => "hierarchy",
            Self::DueDate => "due_date",
            Self::Title => "title",
            Self::Priority => "priority",
            Self::Updated => "updated",
        }
    }

    /// The order that a word means.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word)
    }
}

/// Where a task may stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StatusFilter {
    /// Anywhere.
    #[default]
    Any,
    /// Something is still to be done.
    Open,
    /// Nothing is to be done any more.
    Closed,
    /// Here.
    Is(TaskStatus),
}

impl StatusFilter {
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Is(status) => status.as_str(),
        }
    }
}

/// Whose a task may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AssigneeFilter {
    /// Anybody's.
    #[default]
    Anybody,
    /// The reader's.
    Me,
    /// Nobody's so far; it falls to a role that the reader has, and they may take it.
    MyRoles,
    /// The reader's, or one that they may take: their own work.
    Mine,
    /// Nobody's.
    Nobody,
    /// This person's.
    Person(UserId),
}

/// When a task may be due, by the day of its customer. The days of the calendar that a person names
/// are told apart from what passes: what is overdue is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DueFilter {
    /// Whenever, or not at all.
    #[default]
    Whenever,
    /// Before today, and open.
    Overdue,
    /// Today.
    Today,
    /// From today until the coming Sunday.
    ThisWeek,
    /// After the coming Sunday.
    Later,
    /// It has no date.
    Undated,
    /// Between two days, both included; an open end has none.
    Between(Option<Date>, Option<Date>),
}

/// Which tasks a list shows. Ignored and hidden ones never.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Of this customer, in a list across customers.
    pub customer: Option<CustomerId>,
    /// Of this level.
    pub scope: Option<TaskScope>,
    /// Of this plan.
    pub plan_id: Option<PlanId>,
    /// Of this template.
    pub template_id: Option<TemplateId>,
    /// Standing here.
    pub status: StatusFilter,
    /// Of these people.
    pub assignee: AssigneeFilter,
    /// Due then.
    pub due: DueFilter,
    /// Open, and cannot be completed before evidence is there.
    pub needs_evidence: bool,
    /// Open, and the next step is the customer's.
    pub waits_on_customer: bool,
    /// Completed only by the approval of its document.
    pub is_approval: bool,
    /// With these words in the title or the description.
    pub words: Option<String>,
}

/// How many tasks a filter leaves, and of what kind they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskCounts {
    /// All of them.
    pub total: i64,
    /// Nobody has taken them.
    pub untaken: i64,
    /// Taken, and past their due date.
    pub overdue: i64,
    /// Taken, and due today.
    pub today: i64,
    /// Taken, and due after today until the coming Sunday.
    pub this_week: i64,
    /// Taken, and due after that.
    pub later: i64,
    /// Taken, without a date.
    pub undated: i64,
    /// All that are open and past their due date, whoever has them.
    pub late: i64,
    /// All that cannot be completed before evidence is there.
    pub need_evidence: i64,
    /// All whose next step is the customer's.
    pub wait_on_customer: i64,
    /// All that an approval completes.
    pub approvals: i64,
}

impl Sum for TaskCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, one| Self {
            total: sum.total + one.total,
            untaken: sum.untaken + one.untaken,
            overdue: sum.overdue + one.overdue,
            today: sum.today + one.today,
            this_week: sum.this_week + one.this_week,
            later: sum.later + one.later,
            undated: sum.undated + one.undated,
            late: sum.late + one.late,
            need_evidence: sum.need_evidence + one.need_evidence,
            wait_on_customer: sum.wait_on_customer + one.wait_on_customer,
            approvals: sum.approvals + one.approvals,
        })
    }
}
