//! Bodies of progress.

use muster_domain::progress::{PlanProgress, Progress, TaskCounts, TemplateProgress};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How much of something is done.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = Progress)]
pub struct ProgressBody {
    total: i64,
    completed: i64,
    overdue: i64,
    /// Rounded down: 100 only when nothing is left.
    percentage: i64,
}

impl From<Progress> for ProgressBody {
    fn from(progress: Progress) -> Self {
        Self { total: progress.total, completed: progress.completed, overdue: progress.overdue, percentage: progress.percentage() }
    }
}

/// A row of `v_plan_progress`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanProgress)]
pub struct PlanProgressBody {
    plan_id: Uuid,
    iso_code: String,
    iso_name: String,
    plan_status: &'static str,
    total_templates: i64,
    approved_templates: i64,
    #[serde(flatten)]
    tasks: TaskCountsBody,
}

/// A row of `v_template_progress`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TemplateProgress)]
pub struct TemplateProgressBody {
    plan_id: Uuid,
    template_id: Uuid,
    template_name: String,
    #[serde(flatten)]
    tasks: TaskCountsBody,
}

/// The counts of both.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskCounts)]
pub struct TaskCountsBody {
    total_tasks: i64,
    completed_tasks: i64,
    pending_tasks: i64,
    in_progress_tasks: i64,
    overdue_tasks: i64,
    cancelled_tasks: i64,
    progress_percentage: i32,
}

impl From<TaskCounts> for TaskCountsBody {
    fn from(counts: TaskCounts) -> Self {
        Self {
            total_tasks: counts.total,
            completed_tasks: counts.completed,
            pending_tasks: counts.pending,
            in_progress_tasks: counts.in_progress,
            overdue_tasks: counts.overdue,
            cancelled_tasks: counts.cancelled,
            progress_percentage: counts.percentage,
        }
    }
}

impl From<PlanProgress> for PlanProgressBody {
    fn from(row: PlanProgress) -> Self {
        Self {
            plan_id: row.plan_id.0,
            iso_code: row.iso_code,
            iso_name: row.iso_name,
            plan_status: row.plan_status.as_str(),
            total_templates: row.total_templates,
            approved_templates: row.approved_templates,
            tasks: row.tasks.into(),
        }
    }
}

impl From<TemplateProgress> for TemplateProgressBody {
    fn from(row: TemplateProgress) -> Self {
        Self { plan_id: row.plan_id.0, template_id: row.template_id.0, template_name: row.template_name, tasks: row.tasks.into() }
    }
}

/// Progress of plans and their templates.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerProgress)]
pub struct CustomerProgressBody {
    pub plans: Vec<PlanProgressBody>,
    pub templates: Vec<TemplateProgressBody>,
}
