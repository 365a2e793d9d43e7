//! Samples of the task rules.

use super::frame;
use crate::pages::library::{ApplyRow, ApplyRulePage, RuleForm, RuleFormPage, RuleGroup, RuleRow, RulesPage};
use crate::parts::{Choice, Crumb, Field, Level, Priority};
use crate::samples::Sampled;

impl Sampled for RulesPage {
    const NAME: &'static str = "rules";

    fn samples() -> Vec<(&'static str, Self)> {
        let rule = |id: &str, title: &str| RuleRow {
            id: id.into(),
            title: title.into(),
            standard: None,
            template: None,
            priority: Priority::Medium,
            requires_evidence: false,
            due_offset_days: Some(7),
            recurs: None,
            role: None,
            approval_step: None,
            active: true,
        };
        let step = |id: &str, title: &str, step: &str| RuleRow {
            approval_step: Some(step.into()),
            role: Some("Approver".into()),
            ..rule(id, title)
        };
        let scope = RuleRow {
            standard: Some("ISO 27001:2022".into()),
            priority: Priority::High,
            requires_evidence: true,
            ..rule("r3", "Review scope and objectives")
        };
        let groups = vec![
            RuleGroup {
                level: Level::Customer,
                rows: vec![
                    rule("r1", "Send welcome email"),
                    RuleRow { recurs: Some("every quarter".into()), active: false, ..rule("r2", "Complete onboarding survey") },
                ],
            },
            RuleGroup { level: Level::Plan, rows: vec![scope] },
            RuleGroup { level: Level::Template, rows: Vec::new() },
            RuleGroup {
                level: Level::Document,
                rows: vec![step("r4", "Get manager approval", "manager"), step("r5", "Get CISO approval", "ciso")],
            },
        ];
        let full = Self { layout: frame("Task rules"), groups, may_edit: true };
        vec![("full", full.clone()), ("reader", Self { may_edit: false, ..full })]
    }
}

fn rule_form() -> RuleForm {
    let levels = Level::ALL.map(|level| Choice::new(level.key(), level.word(&crate::text::ENGLISH), "plan")).to_vec();
    let words = &crate::text::ENGLISH.rules;
    RuleForm {
        levels,
        standards: vec![Choice::new("", words.any_standard, ""), Choice::new("1", "ISO 27001:2022", "")],
        templates: vec![Choice::new("", words.any_template, ""), Choice::new("31", "Patch management", "")],
        priorities: Priority::ALL.map(|one| Choice::new(one.key(), one.word(&crate::text::ENGLISH), "medium")).to_vec(),
        recurrences: crate::recurrence::choices("quarterly", &crate::text::ENGLISH),
        roles: vec![Choice::new("", words.any_role, ""), Choice::new("approver", "Approver", "")],
        task_types: vec![Choice::new("general", words.type_general, "general"), Choice::new("meeting", words.type_meeting, "")],
        is_active: true,
        ..RuleForm::default()
    }
}

impl Sampled for RuleFormPage {
    const NAME: &'static str = "rule-form";

    fn samples() -> Vec<(&'static str, Self)> {
        let words = &crate::text::ENGLISH.rules;
        let new = Self {
            layout: frame(words.new_title),
            crumbs: vec![Crumb::to("Task rules", "/library/task-rules"), Crumb::here(words.new_title)],
            existing: None,
            form: rule_form(),
        };
        let refused = RuleForm {
            title: Field::refused("", "Give the task a title."),
            due_offset_days: Field::refused("-3", "Enter a number of days from 0."),
            applies_error: Some("A rule for customers cannot name a template.".into()),
            recurrence_error: Some(crate::text::ENGLISH.recurs.at_documents.into()),
            ..rule_form()
        };
        let edit = RuleForm { title: Field::of("Review scope and objectives"), ..rule_form() };
        vec![
            ("new", new.clone()),
            ("refused", Self { form: refused, ..new.clone() }),
            ("edit", Self { existing: Some(("r3".into(), 4)), form: edit, ..new }),
        ]
    }
}

impl Sampled for ApplyRulePage {
    const NAME: &'static str = "rule-apply";

    fn samples() -> Vec<(&'static str, Self)> {
        let words = &crate::text::ENGLISH.rules;
        let row = |customer_id, customer: &str, new| ApplyRow { customer_id, customer: customer.into(), new };
        let full = Self {
            layout: frame(words.apply_title),
            crumbs: vec![Crumb::to("Task rules", "/library/task-rules"), Crumb::here(words.apply_title)],
            id: "r3".into(),
            title: "Review scope and objectives".into(),
            active: true,
            rows: vec![row(5, "Acme Corp", 3), row(8, "دار الأفق للنشر", 1)],
        };
        vec![("full", full.clone()), ("off", Self { active: false, ..full.clone() }), ("nothing", Self { rows: Vec::new(), ..full })]
    }
}
