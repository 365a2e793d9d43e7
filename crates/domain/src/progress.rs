//! Progress: always counted, never stored.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::tasks::TaskStatus;

/// How much of something is done. Cancelled tasks count neither as total nor as overdue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Tasks that count.
    pub total: i64,
    /// Of these, done.
    pub completed: i64,
    /// Of these, open and past their due date.
    pub overdue: i64,
}

impl Progress {
    /// Counts one task.
    pub fn count(&mut self, status: TaskStatus, due_date: Option<Date>, today: Date) {
        if status == TaskStatus::Cancelled {
            return;
        }
        self.total += 1;
        if status == TaskStatus::Completed {
            self.completed += 1;
        } else if due_date.is_some_and(|due| due < today) {
            self.overdue += 1;
        }
    }

    /// Adds the counts of a part.
    pub fn add(&mut self, part: Self) {
        self.total += part.total;
        self.completed += part.completed;
        self.overdue += part.overdue;
    }

    /// Per cent done, rounded down, so that 100 means that nothing is left; 0 where nothing is to do.
    pub const fn percentage(&self) -> i64 {
        if self.total == 0 { 0 } else { self.completed * 100 / self.total }
    }
}

/// One row of `v_plan_progress`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanProgress {
    /// The plan.
    pub plan_id: crate::ids::PlanId,
    /// The standard's code.
    pub iso_code: String,
    /// The standard's short title.
    pub iso_name: String,
    /// Where the plan stands.
    pub plan_status: crate::plans::PlanStatus,
    /// Templates assigned.
    pub total_templates: i64,
    /// Of these, templates that the library still offers.
    pub approved_templates: i64,
    /// Tasks by status.
    pub tasks: TaskCounts,
}

/// One row of `v_template_progress`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateProgress {
    /// The plan.
    pub plan_id: crate::ids::PlanId,
    /// The template.
    pub template_id: crate::ids::TemplateId,
    /// Its name.
    pub template_name: String,
    /// Tasks by status.
    pub tasks: TaskCounts,
}

/// The counts that both progress views have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskCounts {
    /// All that count.
    pub total: i64,
    /// Done.
    pub completed: i64,
    /// Not begun.
    pub pending: i64,
    /// Being worked on.
    pub in_progress: i64,
    /// Open and past their due date.
    pub overdue: i64,
    /// Will not be done.
    pub cancelled: i64,
    /// Per cent done, rounded down.
    pub percentage: i32,
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    proptest! {
        #[test]
        fn a_hundred_means_that_nothing_is_left(statuses in prop::collection::vec(select(TaskStatus::ALL), 0..1200)) {
            let today = jiff::civil::date(2026, 3, 17);
            let mut progress = Progress::default();
            for status in &statuses {
                progress.count(*status, None, today);
            }
            let left = statuses.iter().filter(|status| status.is_open()).count();
            prop_assert_eq!(progress.percentage() == 100, left == 0 && progress.total > 0);
            prop_assert!((0..=100).contains(&progress.percentage()));
        }
    }

    #[test]
    fn a_task_is_overdue_from_the_day_after() {
        let today = jiff::civil::date(2026, 3, 17);
        let mut progress = Progress::default();
        progress.count(TaskStatus::Pending, Some(today), today);
        progress.count(TaskStatus::Pending, today.yesterday().ok(), today);
        progress.count(TaskStatus::Completed, today.yesterday().ok(), today);
        progress.count(TaskStatus::Cancelled, today.yesterday().ok(), today);
        assert_eq!(progress, Progress { total: 3, completed: 1, overdue: 1 });
    }
}
