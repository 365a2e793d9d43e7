//! Samples of the page about the older database.

use super::*;
use crate::samples::{Sampled, consultant};

impl Sampled for LegacyPage {
    const NAME: &'static str = "legacy";

    fn samples() -> Vec<(&'static str, Self)> {
        let level = |word, icon, rows, to_review, share| LevelRow { word, icon, rows, to_review, share };
        let place =
            |value, name: &str, hint: Option<&str>, is_chosen| Place { value, name: name.into(), hint: hint.map(Into::into), is_chosen };
        let task = |id: &str, title: &str, decided_by: Option<&str>, alike| TaskRow {
            id: id.into(),
            customer_id: 5,
            customer: "Helio Diagnostics AG".into(),
            title: title.into(),
            status: "Done",
            made: "4 Nov 2025, 09:14".into(),
            why: "Several templates have this section, and the rows are not one for each.".into(),
            places: vec![
                place(0, "ISMS 20 Patch management", Some("in the plan ISO 27001:2022"), decided_by.is_some()),
                place(1, "ISMS 31 Backup and restore", Some("in the plan ISO 27001:2022"), false),
                place(2, "A task of the plan ISO 27001:2022", None, decided_by.is_none()),
            ],
            decided_by: decided_by.map(Into::into),
            alike,
        };
        let full = Self {
            layout: consultant("Move from the older database", Nav::Elsewhere),
            crumbs: vec![Crumb::to("Firm", "/firm"), Crumb::here("Move from the older database")],
            total: 4812,
            at: Some(Moment { text: "17 Mar 2026, 06:42".into(), iso: "2026-03-17T06:42:00Z".into() }),
            levels: vec![
                level("Customer", "customer", 311, 0, 6),
                level("Plan", "plan", 979, 133, 20),
                level("Template", "template", 3402, 0, 71),
                level("Document", "document", 120, 0, 2),
            ],
            rules: vec![("One template of the plan has their section", 3402), ("They name a document", 120)],
            tasks: vec![task("t1", "Who is <b>responsible</b>?", None, 11), task("t2", "Upload a signed copy", Some("Mara Lindqvist"), 0)],
            skip: 20,
            waiting: 133,
            decided: 1,
            previous: Some("/firm/older-database?skip=0".into()),
            next: Some("/firm/older-database?skip=20".into()),
            sums: vec![
                SumRow { what: "completed tasks".into(), before: 2960, after: 2960 },
                SumRow { what: "plans".into(), before: 104, after: 103 },
            ],
            remarks: vec![("Acme Corp".into(), "customer_tasks 7c1e".into(), "The file “log.zip” is not there.".into())],
            remark_count: 300,
        };
        let empty = Self {
            tasks: Vec::new(),
            waiting: 0,
            decided: 0,
            remarks: Vec::new(),
            remark_count: 0,
            previous: None,
            next: None,
            ..full.clone()
        };
        vec![("full", full), ("empty", empty)]
    }
}
