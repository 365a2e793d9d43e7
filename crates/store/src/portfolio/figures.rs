//! The figures of customers: derived from their tasks, plans and evidence each time something of them
//! has changed, never stored.

use jiff::{Timestamp, ToSpan as _, civil::Date};
use muster_domain::{
    ids::{PlanId, StandardId, TaskId},
    progress::Progress,
};

/// How many weeks the trend looks back, this one included.
const WEEKS: usize = 12;

/// One week of the trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrendWeek {
    /// Its Monday.
    pub monday: Date,
    /// Tasks that were completed in it and are still complete.
    pub completed: i64,
    /// Tasks that were past their present due date at its end; in this week: that are past it today.
    pub overdue: i64,
}

/// A plan's share of the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFigures {
    /// The plan.
    pub id: PlanId,
    /// The standard that it follows.
    pub standard: StandardId,
    /// Tasks that count, and of these done and overdue.
    pub progress: Progress,
}

/// What is counted of one customer, ignored and hidden tasks aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerFigures {
    /// All tasks that count.
    pub progress: Progress,
    /// Open tasks whose next step is the customer's.
    pub waiting: i64,
    /// Of these, questions to be answered.
    pub answers_waiting: i64,
    /// Open tasks past their due date whose next step is the firm's.
    pub overdue_firm: i64,
    /// Open tasks due today whose next step is the firm's.
    pub due_today_firm: i64,
    /// Open tasks due from today to Sunday.
    pub due_this_week: i64,
    /// Open approvals, whoever they wait for.
    pub to_approve: i64,
    /// Open reviews and approvals of documents that wait for the firm.
    pub to_review_firm: i64,
    /// The open task that is due first.
    pub next_due: Option<(TaskId, Date)>,
    /// The plans that are not ignored.
    pub plans: Vec<PlanFigures>,
    /// A plan of it has no templates, or it has no plan.
    pub without_templates: bool,
    /// Accepted evidence whose last day has passed.
    pub evidence_expired: i64,
    /// Accepted evidence whose last day is within the next 30 days.
    pub evidence_expiring: i64,
    /// Evidence that nobody has decided about.
    pub evidence_pending: i64,
    /// When anything was done here last.
    pub last_movement: Timestamp,
    /// Open tasks by the Monday of the week in which they are due, up to eight weeks ahead.
    pub due_weeks: Vec<(Date, i64)>,
    /// The last twelve weeks, the earliest first.
    pub trend: Vec<TrendWeek>,
}

impl CustomerFigures {
    pub(super) fn empty(today: Date) -> Self {
        let monday = monday(today);
        let week = |ago: usize| monday.checked_sub((i64::try_from(ago).unwrap_or(0) * 7).days()).unwrap_or(monday);
        Self {
            progress: Progress::default(),
            waiting: 0,
            answers_waiting: 0,
            overdue_firm: 0,
            due_today_firm: 0,
            due_this_week: 0,
            to_approve: 0,
            to_review_firm: 0,
            next_due: None,
            plans: Vec::new(),
            without_templates: true,
            evidence_expired: 0,
            evidence_expiring: 0,
            evidence_pending: 0,
            last_movement: Timestamp::UNIX_EPOCH,
            due_weeks: Vec::new(),
            trend: (0..WEEKS).rev().map(|ago| TrendWeek { monday: week(ago), completed: 0, overdue: 0 }).collect(),
        }
    }

    /// Adds tasks that are due in one week and were done in another, or are open.
    pub(super) fn add_weeks(&mut self, due: Option<Date>, done: Option<Date>, count: i64) {
        if let (Some(due), None) = (due, done) {
            self.due_weeks.push((due, count));
        }
        for week in &mut self.trend {
            if done == Some(week.monday) {
                week.completed += count;
            }
            if due.is_some_and(|due| due <= week.monday) && done.is_none_or(|done| done > week.monday) {
                week.overdue += count;
            }
        }
    }
}

/// The Monday of a day's week.
fn monday(day: Date) -> Date {
    day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_task_counts_in_the_weeks_in_which_it_was_late() {
        let mut figures = CustomerFigures::empty(date(2026, 3, 17));
        assert_eq!((figures.trend.len(), figures.trend[0].monday, figures.trend[11].monday), (12, date(2025, 12, 29), date(2026, 3, 16)));
        // Due long ago, done three weeks ago; due two weeks ago and open; done before it was due.
        figures.add_weeks(Some(date(2025, 6, 2)), Some(date(2026, 2, 23)), 2);
        figures.add_weeks(Some(date(2026, 3, 2)), None, 1);
        figures.add_weeks(Some(date(2026, 4, 6)), Some(date(2026, 3, 9)), 5);
        figures.add_weeks(None, Some(date(2026, 3, 9)), 1);
        let late: Vec<i64> = figures.trend.iter().map(|week| week.overdue).collect();
        assert_eq!(late, [2, 2, 2, 2, 2, 2, 2, 2, 0, 1, 1, 1]);
        let done: Vec<i64> = figures.trend.iter().map(|week| week.completed).collect();
        assert_eq!(done, [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 6, 0]);
        assert_eq!(figures.due_weeks, [(date(2026, 3, 2), 1)]);
    }
}
