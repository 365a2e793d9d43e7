//! Samples of the pages of the audit logs.

use super::*;
use crate::samples::{Sampled, consultant, member};
use crate::text::ENGLISH;

impl Sampled for AuditPage {
    const NAME: &'static str = "audit";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = full();
        let filtered = LogFilters { any: true, actor: "\"x\"".into(), from: "2026-03-01".into(), ..full.filters.clone() };
        let none = Self { entries: Vec::new(), paging: Paging::default(), ..full.clone() };
        let firm = Self {
            layout: consultant("Audit log of the firm", Nav::Elsewhere),
            crumbs: Vec::new(),
            action: "/audit".into(),
            export: "/api/v1/audit/export".into(),
            checkpoints: Some("/api/v1/audit/checkpoints"),
            signed: None,
            key: None,
            ..full.clone()
        };
        vec![
            ("full", full.clone()),
            ("reader", Self { layout: member("Audit log", Nav::Workspace), ..full.clone() }),
            ("nothing", Self { filters: filtered, ..none.clone() }),
            ("empty", Self { total: 0, ..none }),
            ("firm", firm),
        ]
    }
}

fn full() -> AuditPage {
    let at = Moment { text: "17 Mar 2026, 10:42".into(), iso: "2026-03-17T09:42:00Z".into() };
    let name = |text: &str, to: Option<&str>| Piece::Name(text.into(), to.map(ToOwned::to_owned));
    let changed = Entry {
        number: 312,
        at: at.clone(),
        icon: "check",
        sentence: vec![
            name("Sophie Martens", None),
            Piece::Words(" changed the task “"),
            name("<b>", Some("/customers/5?task=1#task")),
            Piece::Words("”"),
        ],
        changes: vec![Change { name: "Due date".into(), before: Some("nothing".into()), after: Some("20 Mar 2026".into()) }],
    };
    let made = Entry {
        number: 311,
        icon: "plan",
        changes: vec![Change { name: "Tasks made by it".into(), before: None, after: Some("One\nTwo".into()) }],
        ..changed.clone()
    };
    let plain = Entry { number: 310, icon: "lock", changes: Vec::new(), ..changed.clone() };
    AuditPage {
        layout: consultant("Audit log", Nav::Portfolio),
        crumbs: vec![Crumb::to("Portfolio", "/"), Crumb::to("Acme Corp", "/customers/5"), Crumb::here("Audit log")],
        title: "Audit log".into(),
        about: ENGLISH.audit.about.with("Acme Corp"),
        action: "/customers/5/audit".into(),
        filters: LogFilters {
            everything: vec![Choice::new("", "Everything", "")],
            actions: vec![("Tasks", vec![Choice::new("task", "Tasks: all", ""), Choice::new("task.completed", "Completed", "")])],
            ..LogFilters::default()
        },
        entries: vec![changed, made, plain],
        paging: Paging { shown: 3, total: 312, next: Some("/customers/5/audit?cursor=x".into()), first: None },
        total: 312,
        signed: Some((310, at)),
        export: "/api/v1/customers/5/audit/export".into(),
        checkpoints: None,
        key: Some("5f".repeat(32)),
    }
}
