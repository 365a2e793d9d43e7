//! Task rules: what the firm wants to be created at each level. Data, not code.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{RuleId, StandardId, TemplateId},
    people::AssigneeRole,
    recurrence::Recurrence,
    tasks::{Priority, TaskScope, TaskType},
    text::{Line, Prose, Title},
};

/// A rule's data as given when it is created or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDetails {
    /// The level at which the task is created.
    pub level: TaskScope,
    /// Only for plans of this standard.
    pub standard_id: Option<StandardId>,
    /// Only for this template.
    pub template_id: Option<TemplateId>,
    /// The task's title.
    pub title: Title,
    /// The task's description.
    pub description: Option<Prose>,
    /// The task's type.
    pub task_type: TaskType,
    /// The task's priority.
    pub priority: Priority,
    /// Whether the task needs evidence.
    pub requires_evidence: bool,
    /// What evidence.
    pub evidence_description: Option<Prose>,
    /// Days from creation until the task is due.
    pub due_offset_days: Option<i32>,
    /// How often its task comes back once it is done.
    pub recurrence: Option<Recurrence>,
    /// Who the task falls to.
    pub assignee_role: Option<AssigneeRole>,
    /// The approval step of an approval task, such as `manager` or `ciso`.
    pub approval_step: Option<Line<50>>,
    /// Whether the rule is on.
    pub is_active: bool,
}

/// A rule that contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A standard or template on a level that has none.
    #[error("a rule for this level cannot name a standard or template")]
    ScopeTooNarrow,
    /// An approval on another level than documents, or without its step.
    #[error("an approval rule belongs to documents and names its step")]
    ApprovalMisplaced,
    /// Question tasks come from templates, not from rules.
    #[error("question tasks come from the template's questions, not from rules")]
    QuestionByRule,
    /// Due before it exists, or in ten years.
    #[error("the due offset must be between 0 and 3650 days")]
    DueOffset,
    /// Coming back at documents, which have reviews of their own.
    #[error("tasks of documents come anew with each version; set when the document has to be read again instead")]
    RecursAtDocuments,
}

impl RuleDetails {
    /// The most days a due offset may have.
    pub const MAX_DUE_OFFSET: i32 = 3650;

    /// Checks what concerns several fields at once.
    pub fn check(&self) -> Result<(), RuleError> {
        let approval = self.task_type.as_str() == TaskType::APPROVE_DOCUMENT;
        if self.task_type.as_str() == TaskType::ANSWER_QUESTION {
            return Err(RuleError::QuestionByRule);
        }
        if approval != self.approval_step.is_some() || (approval && self.level != TaskScope::Document) {
            return Err(RuleError::ApprovalMisplaced);
        }
        let too_narrow = match self.level {
            TaskScope::Customer => self.standard_id.is_some() || self.template_id.is_some(),
            TaskScope::Plan => self.template_id.is_some(),
            TaskScope::Template | TaskScope::Document => false,
        };
        if too_narrow {
            return Err(RuleError::ScopeTooNarrow);
        }
        if self.due_offset_days.is_some_and(|days| !(0..=Self::MAX_DUE_OFFSET).contains(&days)) {
            return Err(RuleError::DueOffset);
        }
        if self.recurrence.is_some() && self.level == TaskScope::Document {
            return Err(RuleError::RecursAtDocuments);
        }
        Ok(())
    }
}

/// A rule as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRule {
    /// The id.
    pub id: RuleId,
    /// The level at which the task is created.
    pub level: TaskScope,
    /// Only for plans of this standard.
    pub standard_id: Option<StandardId>,
    /// That standard's code.
    pub iso_code: Option<String>,
    /// Only for this template.
    pub template_id: Option<TemplateId>,
    /// That template's name.
    pub template_name: Option<String>,
    /// The task's title.
    pub title: String,
    /// The task's description.
    pub description: Option<String>,
    /// The task's type.
    pub task_type: TaskType,
    /// The task's priority.
    pub priority: Priority,
    /// Whether the task needs evidence.
    pub requires_evidence: bool,
    /// What evidence.
    pub evidence_description: Option<String>,
    /// Days from creation until the task is due.
    pub due_offset_days: Option<i32>,
    /// How often its task comes back once it is done.
    #[serde(default)]
    pub recurrence: Option<Recurrence>,
    /// Who the task falls to.
    pub assignee_role: Option<AssigneeRole>,
    /// The approval step of an approval task.
    pub approval_step: Option<String>,
    /// Whether the rule is on.
    pub is_active: bool,
    /// Where it stands among the rules of its level.
    pub position: i32,
    /// Counts the changes of this row.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
