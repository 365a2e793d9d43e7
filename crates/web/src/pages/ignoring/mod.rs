//! Asking for a reason before something is ignored, and the list of what is.

mod handlers;
mod list;
mod reason;

pub(crate) use handlers::routes;
pub(crate) use reason::{Subject, ask, submit};

use askama::Template;
use muster_domain::plans::IgnoredKind;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Crumb, Field, Level, Moment};
use crate::text::Text;

/// `GET` and `POST` of `/plans/{id}/ignore`, `/plans/{id}/templates/{tid}/ignore`, `/tasks/{id}/ignore`.
#[derive(Debug, Clone, Template)]
#[template(path = "ignoring/reason.html")]
pub struct ReasonPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// What is ignored.
    pub what: What,
    /// What it is called.
    pub name: String,
    /// Open tasks that go with it.
    pub open_tasks: u32,
    /// Where the form is sent.
    pub action: String,
    /// Where it leads afterwards, and when cancelled.
    pub next: String,
    /// The reason.
    pub reason: Field,
}

/// What is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A plan with everything below it.
    Plan,
    /// A template of a plan.
    Template,
    /// A single task.
    Task,
}

impl What {
    fn title(self, t: &Text) -> &'static str {
        match self {
            Self::Plan => t.ignoring.plan_title,
            Self::Template => t.ignoring.template_title,
            Self::Task => t.ignoring.task_title,
        }
    }
}

/// Where the form that ignores something is sent.
fn ignore_action(kind: IgnoredKind) -> String {
    format!("{}/ignore", path(kind))
}

/// Where the form that restores something is sent.
pub(crate) fn restore_action(kind: IgnoredKind) -> String {
    format!("{}/restore", path(kind))
}

fn path(kind: IgnoredKind) -> String {
    match kind {
        IgnoredKind::Plan(plan) => format!("/plans/{plan}"),
        IgnoredKind::Assignment(plan, template) => format!("/plans/{plan}/templates/{template}"),
        IgnoredKind::Task(task) => format!("/tasks/{task}"),
    }
}

impl ReasonPage {
    fn title(&self) -> &'static str {
        self.what.title(self.layout.t)
    }

    fn effect(&self) -> String {
        let words = &self.layout.t.ignoring;
        match self.what {
            What::Plan => words.plan_effect.n(self.open_tasks),
            What::Template => words.template_effect.n(self.open_tasks),
            What::Task => words.task_effect.to_owned(),
        }
    }
}

/// `GET /customers/{id}/ignored`.
#[derive(Debug, Clone, Template)]
#[template(path = "ignoring/list.html")]
pub struct IgnoredPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the customer.
    pub customer_id: i32,
    /// Name of the customer.
    pub customer: String,
    /// What is ignored, newest first.
    pub rows: Vec<IgnoredRow>,
    /// The reader may restore.
    pub may_restore: bool,
}

/// Something that is ignored.
#[derive(Debug, Clone)]
pub struct IgnoredRow {
    /// Its level, for the icon.
    pub level: Level,
    /// "Plan", "Template", "Plan task": what it is.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Where it belongs.
    pub path: Option<String>,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Where the form that restores it is sent.
    pub restore: String,
}

#[cfg(any(test, feature = "samples"))]
mod samples {
    use super::*;
    use crate::samples::{Sampled, consultant, member};

    fn way(last: &str) -> Vec<Crumb> {
        vec![Crumb::to("Portfolio", "/"), Crumb::to("Acme Corp", "/customers/5"), Crumb::here(last)]
    }

    impl Sampled for ReasonPage {
        const NAME: &'static str = "reason";

        fn samples() -> Vec<(&'static str, Self)> {
            let plan = Self {
                layout: consultant("Ignore this plan", Nav::Portfolio),
                crumbs: way("Ignore this plan"),
                what: What::Plan,
                name: "ISO 22301:2019".into(),
                open_tasks: 14,
                action: "/plans/p4/ignore".into(),
                next: "/customers/5".into(),
                reason: Field::default(),
            };
            let template = Self {
                what: What::Template,
                name: "Secure development".into(),
                open_tasks: 1,
                action: "/plans/p1/templates/34/ignore".into(),
                reason: Field::refused(" ", "Say why, in a few words."),
                ..plan.clone()
            };
            let task =
                Self {
                    what: What::Task, name: "ما الاسم القانوني للمؤسسة؟".into(), action: "/tasks/k2/ignore".into(), ..plan.clone()
                };
            vec![("plan", plan), ("template-refused", template), ("task", task)]
        }
    }

    impl Sampled for IgnoredPage {
        const NAME: &'static str = "ignored";

        fn samples() -> Vec<(&'static str, Self)> {
            let row = |level: Level, kind: &str, name: &str, path: Option<&str>, restore: &str| IgnoredRow {
                level,
                kind: kind.into(),
                name: name.into(),
                path: path.map(Into::into),
                reason: "Acme develops no software.".into(),
                by: "Mara Lindqvist".into(),
                at: Moment { text: "4 Mar 2026, 10:12".into(), iso: "2026-03-04T09:12:00Z".into() },
                restore: restore.into(),
            };
            let full = Self {
                layout: consultant("Ignored", Nav::Portfolio),
                crumbs: way("Ignored"),
                customer_id: 5,
                customer: "Acme Corp".into(),
                rows: vec![
                    row(Level::Plan, "Plan", "ISO 22301:2019", None, "/plans/p4/restore"),
                    row(Level::Template, "Template", "Secure development", Some("ISO 27001:2022"), "/plans/p1/templates/34/restore"),
                    row(Level::Customer, "Customer task", "Arrange a photo", None, "/tasks/c4/restore"),
                ],
                may_restore: true,
            };
            let reader = Self { layout: member("Ignored", Nav::Workspace), may_restore: false, ..full.clone() };
            vec![("full", full.clone()), ("reader", reader), ("empty", Self { rows: Vec::new(), ..full })]
        }
    }
}
