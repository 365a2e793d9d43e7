//! Two people changed the same thing: the second sees both versions and chooses.

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Crumb, Moment};

/// The answer to a form whose version is not the current one (status 409).
#[derive(Debug, Clone, Template)]
#[template(path = "conflict/page.html")]
pub struct ConflictPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// What was changed: the task's title, the customer's name.
    pub name: String,
    /// Who saved theirs, where that is known.
    pub by: Option<String>,
    /// When.
    pub at: Option<Moment>,
    /// Both versions, field by field.
    pub fields: Vec<Versions>,
    /// Where "save mine over it" is sent.
    pub action: String,
    /// The current version, sent with it.
    pub version: i64,
    /// Where to go afterwards, sent with it; also where "keep theirs" leads.
    pub next: String,
}

/// One field in both versions.
#[derive(Debug, Clone)]
pub struct Versions {
    /// Name of the form's field.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What the reader sent, as sent.
    pub yours: String,
    /// The same as a person reads it.
    pub yours_shown: String,
    /// What is saved, as a person reads it.
    pub theirs_shown: String,
}

impl Versions {
    /// A field of text, shown as it stands.
    #[must_use]
    pub fn of(name: &str, label: &str, yours: &str, theirs: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            yours: yours.to_owned(),
            yours_shown: yours.trim().to_owned(),
            theirs_shown: theirs.trim().to_owned(),
        }
    }

    fn differs(&self) -> bool {
        self.yours_shown != self.theirs_shown
    }
}

impl ConflictPage {
    fn about(&self) -> String {
        let words = &self.layout.t.conflict;
        self.by.as_ref().map_or_else(|| words.about_unknown.to_owned(), |by| words.about.with(by))
    }
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for ConflictPage {
    const NAME: &'static str = "conflict";

    fn samples() -> Vec<(&'static str, Self)> {
        let versions = |name: &str, label: &str, yours: &str, theirs: &str| Versions {
            name: name.into(),
            label: label.into(),
            yours: yours.into(),
            yours_shown: yours.into(),
            theirs_shown: theirs.into(),
        };
        let task = Self {
            layout: crate::samples::consultant("Somebody was faster", Nav::Portfolio),
            crumbs: vec![Crumb::to("Portfolio", "/"), Crumb::to("Acme Corp", "/customers/5"), Crumb::here("Somebody was faster")],
            name: "Agree the internal audit calendar".into(),
            by: Some("Jonas Weidner".into()),
            at: Some(Moment { text: "17 Mar 2026, 10:42".into(), iso: "2026-03-17T09:42:00Z".into() }),
            fields: vec![
                versions("title", "Title", "Agree the audit calendar", "Agree the internal audit calendar"),
                versions("description", "Description", "Two audits a year.\nAsk the site leads.", "Two audits a year."),
                versions("due_date", "Due", "", "2 Apr 2026"),
                versions("priority", "Priority", "medium", "medium"),
            ],
            action: "/tasks/k2".into(),
            version: 5,
            next: "/customers/5?task=k2#task".into(),
        };
        let customer = Self {
            name: "دار الأفق للنشر".into(),
            by: None,
            at: None,
            action: "/customers/8".into(),
            fields: vec![versions("name", "Name", "دار الأفق", "دار الأفق للنشر")],
            ..task.clone()
        };
        vec![("task", task), ("customer", customer)]
    }
}
