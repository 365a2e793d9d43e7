//! `GET /library/task-rules`, and the form of a rule.

use askama::Template;

use super::Tab;
use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Crumb, Field, Level, Priority};
use crate::text::Text;

/// The rules, grouped by the moment at which they make their task.
#[derive(Debug, Clone, Template)]
#[template(path = "library/rules.html")]
pub struct RulesPage {
    /// Frame of the page.
    pub layout: Layout,
    /// One group for each level.
    pub groups: Vec<RuleGroup>,
    /// The reader may add and change rules.
    pub may_edit: bool,
}

/// The rules of a level.
#[derive(Debug, Clone)]
pub struct RuleGroup {
    /// The level.
    pub level: Level,
    /// Its rules, in the order of their tasks.
    pub rows: Vec<RuleRow>,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct RuleRow {
    /// Id.
    pub id: String,
    /// Title of the task it makes.
    pub title: String,
    /// "ISO 27001:2022", when only for one.
    pub standard: Option<String>,
    /// "Patch management", when only for one.
    pub template: Option<String>,
    /// Priority of the task.
    pub priority: Priority,
    /// Needs evidence.
    pub requires_evidence: bool,
    /// Days until it is due.
    pub due_offset_days: Option<u32>,
    /// How often its task comes back.
    pub recurs: Option<String>,
    /// The role it is for.
    pub role: Option<String>,
    /// Step of the approval, such as manager or ciso.
    pub approval_step: Option<String>,
    /// It makes tasks.
    pub active: bool,
}

impl RulesPage {
    fn tab(&self) -> Tab {
        Tab::Rules
    }
}

impl RuleGroup {
    fn title(&self, t: &Text) -> &'static str {
        match self.level {
            Level::Customer => t.rules.when_customer,
            Level::Plan => t.rules.when_plan,
            Level::Template => t.rules.when_template,
            Level::Document => t.rules.when_document,
        }
    }

    /// For what a rule of this group is, for whom, until when. A rule for customers knows no standard.
    fn about(&self, rule: &RuleRow, t: &Text) -> Vec<String> {
        let standard = match (&rule.standard, self.level) {
            (Some(code), _) => Some(code.clone()),
            (None, Level::Customer) => None,
            (None, _) => Some(t.rules.any_standard.to_owned()),
        };
        let due = rule.due_offset_days.map(|days| t.rules.due_after.n(days));
        let recurs = rule.recurs.as_ref().map(|told| t.recurs.comes_back.with(told));
        [standard, rule.template.clone(), rule.role.clone(), due, recurs].into_iter().flatten().collect()
    }

    fn empty(&self, t: &Text) -> &'static str {
        if self.level == Level::Template { t.rules.none_template } else { t.rules.none_here }
    }
}

/// `GET /library/task-rules/new`, `GET /library/task-rules/{id}`, and their `POST`.
#[derive(Debug, Clone, Template)]
#[template(path = "library/rule_form.html")]
pub struct RuleFormPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id and version of the rule that is changed; nothing for a new one.
    pub existing: Option<(String, i64)>,
    /// The fields.
    pub form: RuleForm,
}

/// The fields of a rule.
#[derive(Debug, Clone, Default)]
pub struct RuleForm {
    /// Levels to choose from; why the choice was refused stands in its field.
    pub levels: Vec<Choice>,
    /// Standards to choose from; the first is every one.
    pub standards: Vec<Choice>,
    /// Templates to choose from; the first is every one.
    pub templates: Vec<Choice>,
    /// Why level, standard, template and type do not go together.
    pub applies_error: Option<String>,
    /// Title of the task.
    pub title: Field,
    /// Description of the task.
    pub description: Field,
    /// Types to choose from.
    pub task_types: Vec<Choice>,
    /// Priorities to choose from.
    pub priorities: Vec<Choice>,
    /// Needs evidence.
    pub requires_evidence: bool,
    /// Which evidence.
    pub evidence_description: Field,
    /// Days until it is due.
    pub due_offset_days: Field,
    /// How often its task comes back; the first is not at all.
    pub recurrences: Vec<Choice>,
    /// Why that was refused.
    pub recurrence_error: Option<String>,
    /// Roles to choose from; the first is nobody in particular.
    pub roles: Vec<Choice>,
    /// Step of the approval.
    pub approval_step: Field,
    /// It makes tasks.
    pub is_active: bool,
}

impl RuleForm {
    /// How many fields were refused.
    #[must_use]
    pub fn refused(&self) -> u32 {
        let fields = [&self.title, &self.description, &self.evidence_description, &self.due_offset_days, &self.approval_step];
        let count = fields.iter().filter(|field| field.error.is_some()).count()
            + usize::from(self.applies_error.is_some())
            + usize::from(self.recurrence_error.is_some());
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}
