//! Samples of the firm's board.

use super::*;
use crate::samples::{Sampled, consultant, tasks::due};

impl Sampled for TodayPage {
    const NAME: &'static str = "today";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |title: &str, href: &str, customer: Option<&str>, place: Option<&str>, note: &str, due: Option<Due>| BoardRow {
            title: title.into(),
            href: href.into(),
            customer: customer.map(Into::into),
            place: place.map(Into::into),
            note: Some(note.into()),
            due,
        };
        let list = |key, title, icon, tone, total, all: Option<&str>, rows| BoardSection {
            key,
            title,
            icon,
            tone,
            total,
            rows,
            all: all.map(Into::into),
        };
        let task = "/customers/5?task=0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11#task";
        let full = Self {
            layout: consultant("Today", Nav::Today),
            today: "Tuesday 17 March".into(),
            mine: false,
            has_mine: true,
            has_customers: true,
            lists: vec![
                list(
                    "overdue",
                    "Overdue",
                    "late",
                    "bad",
                    14,
                    Some("/?overdue=1&sort=overdue"),
                    vec![
                        row("Name the process owners", task, Some("Acme Corp"), Some("ISO 9001:2015"), "Mara Lindqvist", Some(due(3, 11))),
                        row("Supplier evaluation", task, Some("دار الأفق للنشر"), None, "Nobody has it", Some(due(3, 14))),
                    ],
                ),
                list(
                    "due",
                    "Due today",
                    "clock",
                    "warn",
                    1,
                    None,
                    vec![row("Send welcome email", task, Some("Kestrel Logistics Ltd"), None, "Jonas Weidner", Some(due(3, 17)))],
                ),
                list(
                    "reviews",
                    "Documents to review",
                    "review",
                    "see",
                    1,
                    None,
                    vec![row(
                        "Review the document",
                        "/documents/1",
                        Some("Acme Corp"),
                        Some("Access Control Policy"),
                        "Nobody has it",
                        None,
                    )],
                ),
                list(
                    "evidence",
                    "Evidence to look at",
                    "clip",
                    "info",
                    1,
                    None,
                    vec![row("certificate-2026.pdf", "/evidence/1", Some("Acme Corp"), None, "Came yesterday", None)],
                ),
                list(
                    "quiet",
                    "Nothing done for 14 days",
                    "hold",
                    "info",
                    1,
                    Some("/?quiet=1&sort=quiet"),
                    vec![row(
                        "Pelican Foods, cooperative of growers and processors of the Lower Danube",
                        "/customers/12",
                        None,
                        None,
                        "Last done 26 February 2026",
                        None,
                    )],
                ),
            ],
        };
        let empty = Self { lists: Vec::new(), ..full.clone() };
        let none = Self { has_customers: false, has_mine: false, ..empty.clone() };
        vec![("full", full), ("empty", empty), ("no-customers", none)]
    }
}
