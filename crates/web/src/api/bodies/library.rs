//! Bodies of standards, templates and task rules.

use muster_domain::{
    rules::TaskRule,
    templates::{ContentProblem, Standard, Template},
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
    /// The id.
    pub id: Uuid,
    /// The name.
    name: String,
    /// A short number shown beside the name.
    reference: Option<String>,
    /// What its document is for.
    description: Option<String>,
    /// draft, approved or archived.
    status: &'static str,
    /// The codes of the standards it is meant for.
    iso_codes: Vec<String>,
    /// The number of the latest release.
    latest_release: Option<i32>,
    /// How many questions the latest release asks.
    question_count: i64,
    /// Counts the changes of the template and of its draft (`If-Match`).
    pub version: i32,
    /// When it was last changed.
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

/// Something that stands in the way of releasing a draft.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ContentProblem)]
pub struct ContentProblemBody {
    /// A stable word for the kind of problem.
    #[schema(example = "placeholder-without-question")]
    code: &'static str,
    /// The question or placeholder it is about.
    key: Option<String>,
    /// The column of a table it is about.
    column: Option<String>,
    /// The line of the text where it stands, counted from 1.
    line: Option<usize>,
    /// What is wrong.
    message: String,
}

impl From<&ContentProblem> for ContentProblemBody {
    fn from(problem: &ContentProblem) -> Self {
        Self {
            code: problem.code(),
            key: problem.key().map(ToOwned::to_owned),
            column: problem.column().map(ToOwned::to_owned),
            line: problem.line(),
            message: problem.to_string(),
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
    /// How often its task comes back once it is done: monthly, quarterly, yearly or a recurrence rule.
    recurrence: Option<String>,
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
            recurrence: rule.recurrence.map(|pattern| pattern.to_string()),
            assignee_role: rule.assignee_role.map(|role| role.as_str()),
            approval_step: rule.approval_step,
            is_active: rule.is_active,
            position: rule.position,
            version: rule.version,
            updated_at: rule.updated_at.to_string(),
        }
    }
}
