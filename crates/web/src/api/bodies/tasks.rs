//! A task's body, at every level.

use muster_domain::{
    plans::Ignored,
    tasks::{Task, TaskMove},
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
    /// How often it comes back once it is done: monthly, quarterly, yearly or a recurrence rule.
    recurrence: Option<String>,
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
            recurrence: task.recurrence.map(|pattern| pattern.to_string()),
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
