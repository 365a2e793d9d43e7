//! Bodies that several slices answer with.

use muster_domain::{
    customers::Customer,
    plans::{Assignment, Ignored, Plan},
    progress::{PlanProgress, Progress, TaskCounts, TemplateProgress},
    rules::TaskRule,
    tasks::{Task, TaskMove},
    templates::{Standard, Template},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Task)]
pub struct TaskBody {
    id: Uuid,
    customer_id: i32,
    customer_name: String,
    /// customer, plan, template or document.
    task_scope: &'static str,
    plan_id: Option<Uuid>,
    iso_code: Option<String>,
    template_id: Option<Uuid>,
    template_name: Option<String>,
    document_id: Option<Uuid>,
    document_name: Option<String>,
    task_type: String,
    title: String,
    description: Option<String>,
    /// pending, in_progress, on_hold, blocked, under_review, completed or cancelled.
    status: &'static str,
    /// low, medium, high or urgent.
    priority: &'static str,
    requires_evidence: bool,
    evidence_description: Option<String>,
    evidence_uploaded: bool,
    assigned_to: Option<i32>,
    assigned_to_name: Option<String>,
    assignee_role: Option<&'static str>,
    #[schema(value_type = Option<String>, format = Date)]
    due_date: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<String>,
    completed_by: Option<i32>,
    completed_by_name: Option<String>,
    notes: Option<String>,
    auto_generated: bool,
    question_key: Option<String>,
    approval_step: Option<String>,
    is_ignored: bool,
    ignored: Option<IgnoredBody>,
    /// The moves that the task machine allows from here.
    allowed_moves: Vec<&'static str>,
    version: i32,
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
    #[schema(value_type = String, format = DateTime)]
    updated_at: String,
}

impl From<Task> for TaskBody {
    fn from(task: Task) -> Self {
        let allowed = if task.state().is_ignored { Vec::new() } else { TaskMove::allowed_from(task.status) };
        Self {
            id: task.id.0,
            customer_id: task.customer_id.0,
            customer_name: task.customer_name,
            task_scope: task.scope.as_str(),
            plan_id: task.plan_id.map(|id| id.0),
            iso_code: task.iso_code,
            template_id: task.template_id.map(|id| id.0),
            template_name: task.template_name,
            document_id: task.document_id.map(|id| id.0),
            document_name: task.document_name,
            task_type: task.task_type.as_str().to_owned(),
            title: task.title,
            description: task.description,
            status: task.status.as_str(),
            priority: task.priority.as_str(),
            requires_evidence: task.requires_evidence,
            evidence_description: task.evidence_description,
            evidence_uploaded: task.evidence_uploaded,
            assigned_to: task.assigned_to.as_ref().map(|person| person.id.0),
            assigned_to_name: task.assigned_to.map(|person| person.name),
            assignee_role: task.assignee_role.map(|role| role.as_str()),
            due_date: task.due_date.map(|date| date.to_string()),
            completed_at: task.completed_at.map(|at| at.to_string()),
            completed_by: task.completed_by.as_ref().map(|person| person.id.0),
            completed_by_name: task.completed_by.map(|person| person.name),
            notes: task.notes,
            auto_generated: task.auto_generated,
            question_key: task.question_key,
            approval_step: task.approval_step,
            is_ignored: task.ignored.is_some(),
            ignored: task.ignored.map(IgnoredBody::from),
            allowed_moves: allowed.into_iter().map(TaskMove::as_str).collect(),
            version: task.version,
            created_at: task.created_at.to_string(),
            updated_at: task.updated_at.to_string(),
        }
    }
}

/// Tasks as bodies.
pub fn tasks(tasks: Vec<Task>) -> Vec<TaskBody> {
    tasks.into_iter().map(TaskBody::from).collect()
}

/// Who ignored something, when and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ignored)]
pub struct IgnoredBody {
    #[schema(value_type = String, format = DateTime)]
    at: String,
    by: Option<String>,
    reason: String,
}

impl From<Ignored> for IgnoredBody {
    fn from(ignored: Ignored) -> Self {
        Self { at: ignored.at.to_string(), by: ignored.by, reason: ignored.reason }
    }
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
pub struct CustomerBody {
    id: i32,
    name: String,
    email: Option<String>,
    contact_person: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    website: Option<String>,
    description: Option<String>,
    time_zone: String,
    status: &'static str,
    pub version: i32,
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
    #[schema(value_type = String, format = DateTime)]
    updated_at: String,
}

impl From<Customer> for CustomerBody {
    fn from(customer: Customer) -> Self {
        Self {
            id: customer.id.0,
            name: customer.name,
            email: customer.email,
            contact_person: customer.contact_person,
            phone: customer.phone,
            address: customer.address,
            website: customer.website,
            description: customer.description,
            time_zone: customer.time_zone,
            status: customer.status.as_str(),
            version: customer.version,
            created_at: customer.created_at.to_string(),
            updated_at: customer.updated_at.to_string(),
        }
    }
}

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
pub struct PlanBody {
    id: Uuid,
    customer_id: i32,
    customer_name: String,
    iso_standard_id: Uuid,
    iso_code: String,
    iso_name: String,
    plan_name: Option<String>,
    /// active, paused, completed or cancelled.
    plan_status: &'static str,
    #[schema(value_type = Option<String>, format = Date)]
    target_completion_date: Option<String>,
    is_ignored: bool,
    ignored: Option<IgnoredBody>,
    version: i32,
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
    #[schema(value_type = String, format = DateTime)]
    updated_at: String,
}

impl From<Plan> for PlanBody {
    fn from(plan: Plan) -> Self {
        Self {
            id: plan.id.0,
            customer_id: plan.customer_id.0,
            customer_name: plan.customer_name,
            iso_standard_id: plan.standard_id.0,
            iso_code: plan.iso_code,
            iso_name: plan.iso_name,
            plan_name: plan.name,
            plan_status: plan.status.as_str(),
            target_completion_date: plan.target_completion_date.map(|date| date.to_string()),
            is_ignored: plan.ignored.is_some(),
            ignored: plan.ignored.map(IgnoredBody::from),
            version: plan.version,
            created_at: plan.created_at.to_string(),
            updated_at: plan.updated_at.to_string(),
        }
    }
}

/// A template of a plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Assignment)]
pub struct AssignmentBody {
    plan_id: Uuid,
    template_id: Uuid,
    template_name: String,
    /// The number of the release that is pinned.
    release: i32,
    is_ignored: bool,
    ignored: Option<IgnoredBody>,
    version: i32,
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
}

impl From<Assignment> for AssignmentBody {
    fn from(assignment: Assignment) -> Self {
        Self {
            plan_id: assignment.plan_id.0,
            template_id: assignment.template_id.0,
            template_name: assignment.template_name,
            release: assignment.release_number,
            is_ignored: assignment.ignored.is_some(),
            ignored: assignment.ignored.map(IgnoredBody::from),
            version: assignment.version,
            created_at: assignment.created_at.to_string(),
        }
    }
}

/// A standard.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Standard)]
pub struct StandardBody {
    pub id: Uuid,
    code: String,
    name: String,
    description: Option<String>,
    is_active: bool,
    pub version: i32,
}

impl From<Standard> for StandardBody {
    fn from(standard: Standard) -> Self {
        Self {
            id: standard.id.0,
            code: standard.code,
            name: standard.name,
            description: standard.description,
            is_active: standard.is_active,
            version: standard.version,
        }
    }
}

/// A template of the library.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Template)]
pub struct TemplateBody {
    pub id: Uuid,
    name: String,
    reference: Option<String>,
    description: Option<String>,
    /// draft, approved or archived.
    status: &'static str,
    iso_codes: Vec<String>,
    latest_release: Option<i32>,
    question_count: i64,
    pub version: i32,
    #[schema(value_type = String, format = DateTime)]
    updated_at: String,
}

impl From<Template> for TemplateBody {
    fn from(template: Template) -> Self {
        Self {
            id: template.id.0,
            name: template.name,
            reference: template.reference,
            description: template.description,
            status: template.status.as_str(),
            iso_codes: template.iso_codes,
            latest_release: template.latest_release,
            question_count: template.question_count,
            version: template.version,
            updated_at: template.updated_at.to_string(),
        }
    }
}

/// A task rule.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskRule)]
pub struct TaskRuleBody {
    pub id: Uuid,
    /// customer, plan, template or document.
    level: &'static str,
    iso_standard_id: Option<Uuid>,
    iso_code: Option<String>,
    template_id: Option<Uuid>,
    template_name: Option<String>,
    title: String,
    description: Option<String>,
    task_type: String,
    priority: &'static str,
    requires_evidence: bool,
    evidence_description: Option<String>,
    due_offset_days: Option<i32>,
    assignee_role: Option<&'static str>,
    approval_step: Option<String>,
    is_active: bool,
    position: i32,
    pub version: i32,
    #[schema(value_type = String, format = DateTime)]
    updated_at: String,
}

impl From<TaskRule> for TaskRuleBody {
    fn from(rule: TaskRule) -> Self {
        Self {
            id: rule.id.0,
            level: rule.level.as_str(),
            iso_standard_id: rule.standard_id.map(|id| id.0),
            iso_code: rule.iso_code,
            template_id: rule.template_id.map(|id| id.0),
            template_name: rule.template_name,
            title: rule.title,
            description: rule.description,
            task_type: rule.task_type.as_str().to_owned(),
            priority: rule.priority.as_str(),
            requires_evidence: rule.requires_evidence,
            evidence_description: rule.evidence_description,
            due_offset_days: rule.due_offset_days,
            assignee_role: rule.assignee_role.map(|role| role.as_str()),
            approval_step: rule.approval_step,
            is_active: rule.is_active,
            position: rule.position,
            version: rule.version,
            updated_at: rule.updated_at.to_string(),
        }
    }
}

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
