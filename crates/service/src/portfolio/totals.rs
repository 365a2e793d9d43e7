//! Sums over all customers that somebody sees, whatever the filter.

use std::collections::BTreeMap;

use jiff::civil::Date;
use muster_domain::ids::CustomerId;
use muster_store::TrendWeek;

use super::Counted;

/// The sums over all customers the actor may see, whatever the filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortfolioTotals {
    /// Customers.
    pub customers: i64,
    /// Plans.
    pub plans: i64,
    /// Overdue tasks.
    pub overdue: i64,
    /// Open tasks waiting on customers.
    pub waiting: i64,
    /// Open tasks due from today to Sunday.
    pub due_this_week: i64,
    /// Open approval tasks.
    pub to_approve: i64,
    /// Accepted evidence that has run out.
    pub evidence_expired: i64,
    /// Accepted evidence that runs out within 30 days.
    pub evidence_expiring: i64,
    /// Customers that the reader looks after.
    pub customers_mine: i64,
    /// Customers with overdue tasks.
    pub customers_overdue: i64,
    /// Customers with waiting tasks.
    pub customers_waiting: i64,
    /// Customers with tasks due from today to Sunday.
    pub customers_due_this_week: i64,
    /// Customers with evidence that has run out or soon will.
    pub customers_expiring: i64,
    /// Customers with a plan that has no templates, or without a plan.
    pub customers_without_templates: i64,
    /// Customers at whom nothing has been done for a while.
    pub customers_quiet: i64,
    /// Customers that the filter lets through.
    pub matching: i64,
    /// The customer with the most overdue tasks, if any has one: its name and their number.
    pub most_overdue: Option<(CustomerId, String, i64)>,
    /// Open tasks by the Monday of the week in which they are due; weeks before this one are late.
    pub by_week: Vec<(Date, i64)>,
    /// The last twelve weeks, the earliest first.
    pub trend: Vec<TrendWeek>,
}

impl Counted {
    /// The sums, with the number of customers that a filter lets through.
    pub(super) fn totals(&self, matching: usize) -> PortfolioTotals {
        let mut totals = PortfolioTotals { matching: i64::try_from(matching).unwrap_or(i64::MAX), ..PortfolioTotals::default() };
        let mut due = BTreeMap::<Date, i64>::new();
        // Zones differ, so that for some hours one customer's week is another's last.
        let mut trend = BTreeMap::<Date, TrendWeek>::new();
        for (one, figures) in &self.all {
            totals.customers += 1;
            totals.plans += i64::try_from(figures.plans.len()).unwrap_or(0);
            totals.overdue += figures.progress.overdue;
            totals.waiting += figures.waiting;
            totals.due_this_week += figures.due_this_week;
            totals.to_approve += figures.to_approve;
            totals.evidence_expired += figures.evidence_expired;
            totals.evidence_expiring += figures.evidence_expiring;
            totals.customers_mine += i64::from(self.mine.contains(&one.id));
            totals.customers_overdue += i64::from(figures.progress.overdue > 0);
            totals.customers_waiting += i64::from(figures.waiting > 0);
            totals.customers_due_this_week += i64::from(figures.due_this_week > 0);
            totals.customers_expiring += i64::from(figures.evidence_expired + figures.evidence_expiring > 0);
            totals.customers_without_templates += i64::from(figures.without_templates);
            totals.customers_quiet += i64::from(self.is_quiet(figures));
            if figures.progress.overdue > totals.most_overdue.as_ref().map_or(0, |(_, _, most)| *most) {
                totals.most_overdue = Some((one.id, one.name.clone(), figures.progress.overdue));
            }
            for (week, count) in &figures.due_weeks {
                *due.entry(*week).or_default() += count;
            }
            for week in &figures.trend {
                let sum = trend.entry(week.monday).or_insert(TrendWeek { completed: 0, overdue: 0, ..*week });
                sum.completed += week.completed;
                sum.overdue += week.overdue;
            }
        }
        totals.by_week = due.into_iter().collect();
        totals.trend = trend.into_values().rev().take(12).collect();
        totals.trend.reverse();
        totals
    }
}
