//! Task rules as the library shows them.

use muster_domain::{
    people::AssigneeRole,
    rules::TaskRule,
    tasks::{TaskScope, TaskType},
    templates::{Standard, Template},
};

use super::{RuleForm, RuleGroup, RuleRow};
use crate::{
    input::rules::NewTaskRule,
    pages::{
        conflict::Versions,
        field_errors::FieldErrors,
        surroundings::{level, priority, role_word},
        visit::Form,
    },
    parts::{Choice, Field, Level, Priority},
    recurrence,
    text::Text,
};

/// The rules by level.
pub(super) fn groups(rules: Vec<TaskRule>, t: &Text) -> Vec<RuleGroup> {
    let mut groups = Level::ALL.map(|level| RuleGroup { level, rows: Vec::new() }).to_vec();
    for rule in rules {
        let at = level(rule.level);
        groups.iter_mut().filter(|group| group.level == at).for_each(|group| group.rows.push(row(&rule, t)));
    }
    groups
}

fn row(rule: &TaskRule, t: &Text) -> RuleRow {
    RuleRow {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        standard: rule.iso_code.clone(),
        template: rule.template_name.clone(),
        priority: priority(rule.priority),
        requires_evidence: rule.requires_evidence,
        due_offset_days: rule.due_offset_days.and_then(|days| u32::try_from(days).ok()),
        recurs: rule.recurrence.as_ref().map(|pattern| recurrence::words(pattern, t)),
        role: rule.assignee_role.map(|role| role_word(role, t).to_owned()),
        approval_step: rule.approval_step.clone(),
        active: rule.is_active,
    }
}

/// The fields of a rule with the days as they were typed.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) rule: NewTaskRule,
    pub(super) days: String,
}

impl Given {
    /// A rule that is still to be written.
    pub(super) fn blank() -> Self {
        let rule = NewTaskRule { level: Some(TaskScope::Customer.to_string()), is_active: Some(true), ..NewTaskRule::default() };
        Self { rule, days: String::new() }
    }

    /// The fields as they are stored.
    pub(super) fn stored(rule: TaskRule) -> Self {
        let days = rule.due_offset_days.map(|days| days.to_string()).unwrap_or_default();
        Self { rule: crate::input::rules::TaskRulePatch::default().applied_to(rule), days }
    }

    /// The fields as they were sent.
    pub(super) fn sent(form: &Form) -> Self {
        let text = |name: &str| form.get(name).map(ToOwned::to_owned);
        let days = form.text("due_offset_days").trim().to_owned();
        let rule = NewTaskRule {
            level: text("level"),
            iso_standard_id: text("iso_standard_id"),
            template_id: text("template_id"),
            title: text("title"),
            description: text("description"),
            task_type: text("task_type"),
            priority: text("priority"),
            requires_evidence: Some(form.is_on("requires_evidence")),
            evidence_description: text("evidence_description"),
            due_offset_days: days.parse().ok(),
            recurrence: text("recurrence"),
            assignee_role: text("assignee_role"),
            approval_step: text("approval_step"),
            is_active: Some(form.is_on("is_active")),
        };
        Self { rule, days }
    }

    /// Whether something stands for the days that is no number.
    pub(super) fn has_odd_days(&self) -> bool {
        !self.days.is_empty() && self.rule.due_offset_days.is_none()
    }
}

/// What rules may be for.
pub(super) struct Offered {
    pub(super) standards: Vec<Standard>,
    pub(super) templates: Vec<Template>,
}

impl Offered {
    fn standard_choices(&self, current: &str, t: &Text) -> Vec<Choice> {
        let each = self.standards.iter().map(|one| Choice::new(one.id.to_string(), &one.code, current));
        std::iter::once(Choice::new("", t.rules.any_standard, current)).chain(each).collect()
    }

    fn template_choices(&self, current: &str, t: &Text) -> Vec<Choice> {
        let each = self.templates.iter().map(|one| Choice::new(one.id.to_string(), &one.name, current));
        std::iter::once(Choice::new("", t.rules.any_template, current)).chain(each).collect()
    }
}

fn type_choices(current: &str, t: &Text) -> Vec<Choice> {
    let known = TaskType::BY_HAND.iter().copied().chain([TaskType::APPROVE_DOCUMENT]);
    known.map(|word| Choice::new(word, t.rules.type_word(word).unwrap_or(word), current)).collect()
}

fn role_choices(current: &str, t: &Text) -> Vec<Choice> {
    let each = AssigneeRole::ALL.iter().map(|role| Choice::new(role.as_str(), role_word(*role, t), current));
    std::iter::once(Choice::new("", t.rules.any_role, current)).chain(each).collect()
}

/// The form with what is stored or was typed, and what was wrong with it.
pub(super) fn form(given: &Given, offered: &Offered, errors: &FieldErrors, t: &Text) -> RuleForm {
    let rule = &given.rule;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (level, task_type, priority) = (text(&rule.level), text(&rule.task_type), text(&rule.priority));
    let field = |name: &str, value: &Option<String>| errors.field(name, text(value), t);
    let or = |given: String, usual: &str| if given.is_empty() { usual.to_owned() } else { given };
    RuleForm {
        levels: Level::ALL.map(|one| Choice::new(one.key(), one.word(t), &level)).to_vec(),
        standards: offered.standard_choices(&text(&rule.iso_standard_id), t),
        templates: offered.template_choices(&text(&rule.template_id), t),
        applies_error: applies_error(errors, t),
        title: errors.field_or("title", text(&rule.title), t.rules.title_blank, t),
        description: field("description", &rule.description),
        task_types: type_choices(&or(task_type, TaskType::GENERAL), t),
        priorities: Priority::ALL.map(|one| Choice::new(one.key(), one.word(t), &or(priority.clone(), Priority::default().key()))).to_vec(),
        requires_evidence: rule.requires_evidence.unwrap_or_default(),
        evidence_description: field("evidence_description", &rule.evidence_description),
        due_offset_days: Field { value: given.days.clone(), error: errors.get("due_offset_days").map(|_| t.rules.days.to_owned()) },
        recurrences: recurrence::choices(&text(&rule.recurrence), t),
        recurrence_error: errors
            .get("recurrence")
            .map(|error| if error.code == "recurs-at-documents" { t.recurs.at_documents } else { t.recurs.refused }.to_owned()),
        roles: role_choices(&text(&rule.assignee_role), t),
        approval_step: Field {
            value: text(&rule.approval_step),
            error: match errors.get("approval_step") {
                Some(error) if error.code == "approval-misplaced" => Some(t.rules.approval.to_owned()),
                _ => errors.word("approval_step", t),
            },
        },
        is_active: rule.is_active.unwrap_or(true),
    }
}

/// Why the place and the type of the task do not go together.
fn applies_error(errors: &FieldErrors, t: &Text) -> Option<String> {
    let error =
        ["level", "iso_standard_id", "template_id", "task_type", "priority", "assignee_role"].iter().find_map(|name| errors.get(name))?;
    Some(match error.code {
        "scope-too-narrow" => t.rules.too_narrow.to_owned(),
        "generated-only" => t.rules.by_question.to_owned(),
        "unknown-reference" => t.rules.gone.to_owned(),
        _ => t.fields.option.to_owned(),
    })
}

/// What was sent beside what is saved, field by field.
pub(super) fn versions(yours: &Given, theirs: &Given, offered: &Offered, t: &Text) -> Vec<Versions> {
    let none = FieldErrors::default();
    let (mine, saved) = (form(yours, offered, &none, t), form(theirs, offered, &none, t));
    let w = &t.rules;
    let chosen =
        |choices: &[Choice]| choices.iter().find(|one| one.chosen).map(|one| (one.value.clone(), one.label.clone())).unwrap_or_default();
    let choice = |name: &str, label: &str, mine: &[Choice], saved: &[Choice]| {
        let ((yours, yours_shown), (_, theirs_shown)) = (chosen(mine), chosen(saved));
        Versions { name: name.to_owned(), label: label.to_owned(), yours, yours_shown, theirs_shown }
    };
    let text = |name: &str, label: &str, mine: &Field, saved: &Field| Versions {
        name: name.to_owned(),
        label: label.to_owned(),
        yours: mine.value.clone(),
        yours_shown: mine.value.replace("\r\n", "\n").trim().to_owned(),
        theirs_shown: saved.value.clone(),
    };
    let switch = |name: &str, label: &str, mine: bool, saved: bool| {
        let word = |is_on: bool| if is_on { t.common.yes } else { t.common.no };
        Versions {
            name: name.to_owned(),
            label: label.to_owned(),
            yours: if mine { "1" } else { "" }.to_owned(),
            yours_shown: word(mine).to_owned(),
            theirs_shown: word(saved).to_owned(),
        }
    };
    vec![
        choice("level", w.level, &mine.levels, &saved.levels),
        choice("iso_standard_id", w.standard, &mine.standards, &saved.standards),
        choice("template_id", w.template, &mine.templates, &saved.templates),
        switch("is_active", w.is_active, mine.is_active, saved.is_active),
        text("title", w.title, &mine.title, &saved.title),
        text("description", w.description, &mine.description, &saved.description),
        choice("priority", w.priority, &mine.priorities, &saved.priorities),
        choice("assignee_role", w.assignee_role, &mine.roles, &saved.roles),
        text("due_offset_days", w.due_offset, &mine.due_offset_days, &saved.due_offset_days),
        choice("recurrence", t.recurs.label, &mine.recurrences, &saved.recurrences),
        choice("task_type", w.task_type, &mine.task_types, &saved.task_types),
        text("approval_step", w.approval_step, &mine.approval_step, &saved.approval_step),
        switch("requires_evidence", w.requires_evidence, mine.requires_evidence, saved.requires_evidence),
        text("evidence_description", w.evidence_description, &mine.evidence_description, &saved.evidence_description),
    ]
}
