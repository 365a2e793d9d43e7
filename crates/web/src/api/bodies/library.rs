//! Bodies of standards, templates and task rules.

use muster_domain::{
    rules::TaskRule,
    templates::{Standard, Template},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

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
