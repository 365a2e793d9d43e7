//! A task rule's fields.

use muster_domain::{
    rules::{RuleDetails, TaskRule},
    tasks::Priority,
    text::{Line, Prose, Title},
};
use muster_service::Error;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Check,
    tasks::{recurrence, task_type},
};
use crate::request::sent;

/// A task rule to be added.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTaskRule {
    /// Where its tasks stand: customer, plan, template or document.
    #[schema(required)]
    pub level: Option<String>,
    /// Only for plans of this standard.
    #[schema(format = Uuid)]
    pub iso_standard_id: Option<String>,
    /// Only for this template.
    #[schema(format = Uuid)]
    pub template_id: Option<String>,
    /// The task's title.
    #[schema(required, max_length = 500)]
    pub title: Option<String>,
    /// The task's description.
    pub description: Option<String>,
    /// general (unless given), meeting, send_email, provide_evidence, review_document or approve_document.
    pub task_type: Option<String>,
    /// low, medium (unless given), high or urgent.
    pub priority: Option<String>,
    /// Whether the task needs evidence.
    pub requires_evidence: Option<bool>,
    /// What evidence.
    pub evidence_description: Option<String>,
    /// Days from creation until the task is due, 0 to 3650.
    pub due_offset_days: Option<i32>,
    /// How often its task comes back once it is done: monthly, quarterly, yearly, or a recurrence rule;
    /// not at document level.
    #[schema(max_length = 200, example = "quarterly")]
    pub recurrence: Option<String>,
    /// Who the task falls to: admin, consultant, manager, contributor or approver.
    pub assignee_role: Option<String>,
    /// The step of an approval, such as manager or ciso.
    pub approval_step: Option<String>,
    /// Whether the rule is on; it is unless this says otherwise.
    pub is_active: Option<bool>,
}

/// A change of a task rule: what is not sent stays as it is, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskRulePatch {
    /// Where its tasks stand.
    pub level: Option<String>,
    /// Only for plans of this standard.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub iso_standard_id: Option<Option<String>>,
    /// Only for this template.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub template_id: Option<Option<String>>,
    /// The task's title.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub title: Option<Option<String>>,
    /// The task's description.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub description: Option<Option<String>>,
    /// The task's type.
    pub task_type: Option<String>,
    /// The task's priority.
    pub priority: Option<String>,
    /// Whether the task needs evidence.
    pub requires_evidence: Option<bool>,
    /// What evidence.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub evidence_description: Option<Option<String>>,
    /// Days from creation until the task is due.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<i32>)]
    pub due_offset_days: Option<Option<i32>>,
    /// How often its task comes back once it is done.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub recurrence: Option<Option<String>>,
    /// Who the task falls to.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub assignee_role: Option<Option<String>>,
    /// The step of an approval.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub approval_step: Option<Option<String>>,
    /// Whether the rule is on.
    pub is_active: Option<bool>,
}

impl NewTaskRule {
    /// Parses the fields.
    pub fn parse(&self) -> Result<RuleDetails, Error> {
        let mut check = Check::default();
        let level = check.word("/level", self.level.as_deref());
        if level.is_none() && self.level.as_deref().is_none_or(|level| level.trim().is_empty()) {
            check.refuse("/level", "blank", "must be customer, plan, template or document");
        }
        let title = check.required("/title", self.title.as_deref(), Title::parse);
        let description = check.text("/description", Prose::parse_optional(self.description.as_deref()));
        let evidence_description = check.text("/evidence_description", Prose::parse_optional(self.evidence_description.as_deref()));
        let approval_step = check.text("/approval_step", Line::parse_optional(self.approval_step.as_deref()));
        let task_type = task_type(&mut check, self.task_type.as_deref());
        let standard_id = check.id("/iso_standard_id", self.iso_standard_id.as_deref());
        let template_id = check.id("/template_id", self.template_id.as_deref());
        let priority = check.word("/priority", self.priority.as_deref()).unwrap_or(Priority::Medium);
        let recurrence = recurrence(&mut check, self.recurrence.as_deref());
        let assignee_role = check.word("/assignee_role", self.assignee_role.as_deref());
        let details = (|| {
            Some(RuleDetails {
                level: level?,
                standard_id,
                template_id,
                title: title?,
                description: description?,
                task_type: task_type?,
                priority,
                requires_evidence: self.requires_evidence.unwrap_or(false),
                evidence_description: evidence_description?,
                due_offset_days: self.due_offset_days,
                recurrence,
                assignee_role,
                approval_step: approval_step?,
                is_active: self.is_active.unwrap_or(true),
            })
        })();
        check.finish(details)
    }
}

impl TaskRulePatch {
    /// The rule's fields as they are to be, from those it has.
    pub fn applied_to(self, rule: TaskRule) -> NewTaskRule {
        NewTaskRule {
            level: self.level.or(Some(rule.level.to_string())),
            iso_standard_id: self.iso_standard_id.unwrap_or(rule.standard_id.map(|id| id.to_string())),
            template_id: self.template_id.unwrap_or(rule.template_id.map(|id| id.to_string())),
            title: self.title.unwrap_or(Some(rule.title)),
            description: self.description.unwrap_or(rule.description),
            task_type: self.task_type.or(Some(rule.task_type.as_str().to_owned())),
            priority: self.priority.or(Some(rule.priority.to_string())),
            requires_evidence: self.requires_evidence.or(Some(rule.requires_evidence)),
            evidence_description: self.evidence_description.unwrap_or(rule.evidence_description),
            due_offset_days: self.due_offset_days.unwrap_or(rule.due_offset_days),
            recurrence: self.recurrence.unwrap_or(rule.recurrence.map(|pattern| pattern.to_string())),
            assignee_role: self.assignee_role.unwrap_or(rule.assignee_role.map(|role| role.to_string())),
            approval_step: self.approval_step.unwrap_or(rule.approval_step),
            is_active: self.is_active.or(Some(rule.is_active)),
        }
    }
}
