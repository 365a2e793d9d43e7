//! Samples of the library.

mod rules;

use super::*;
use crate::layout::{Layout, Nav};
use crate::parts::{Choice, Crumb, Field, Paging};
use crate::samples::{Sampled, consultant};

fn frame(title: &str) -> Layout {
    consultant(title, Nav::Library)
}

impl Sampled for StandardsPage {
    const NAME: &'static str = "standards";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id: &str, code: &str, name: &str, templates, plans| StandardRow {
            id: id.into(),
            code: code.into(),
            name: name.into(),
            description: Some("How information is kept safe, with risks, measures and regular checks.".into()),
            templates,
            plans,
        };
        let full = Self {
            layout: frame("Standards"),
            rows: vec![row("1", "ISO 27001:2022", "Information security", 5, 8), row("2", "ISO 9001:2015", "Quality management", 3, 5)],
            form: Some(StandardForm::default()),
        };
        let refused = StandardForm {
            code: Field::refused("ISO 27001:2022", "The library holds this code already."),
            name: Field::of("Information security"),
            description: Field::default(),
            unfolded: true,
        };
        vec![
            ("full", full.clone()),
            ("refused", Self { form: Some(refused), ..full.clone() }),
            ("reader", Self { form: None, ..full.clone() }),
            ("empty", Self { rows: Vec::new(), ..full }),
        ]
    }
}

impl Sampled for TemplatesPage {
    const NAME: &'static str = "templates";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id: &str, name: &str, questions, release, archived| TemplateRow {
            id: id.into(),
            name: name.into(),
            description: Some("Questions about the rhythm, the exceptions and the records.".into()),
            standards: vec!["ISO 27001:2022".into(), "ISO 27701:2025".into()],
            questions,
            release,
            archived,
        };
        let full = Self {
            layout: frame("Templates"),
            may_edit: true,
            q: String::new(),
            standards: vec![
                Choice::new("", "All standards", ""),
                Choice::new("1", "ISO 27001:2022", ""),
                Choice::new("2", "ISO 9001:2015", ""),
            ],
            filtered: false,
            rows: vec![
                row("31", "Patch management", 14, Some(2), false),
                row("32", "Access control", 9, None, false),
                row("33", "سياسة أمن المعلومات", 6, Some(1), true),
            ],
            paging: Paging { shown: 3, total: 3, next: None, first: None },
        };
        vec![
            ("full", full.clone()),
            ("nothing", Self { filtered: true, rows: Vec::new(), q: "zzz".into(), ..full.clone() }),
            ("empty", Self { rows: Vec::new(), ..full }),
        ]
    }
}

fn release(number: i32, by: Option<&str>, note: Option<&str>) -> ReleaseRow {
    ReleaseRow { number, date: "13 Mar 2026".into(), by: by.map(Into::into), note: note.map(Into::into), questions: 14 }
}

impl Sampled for TemplatePage {
    const NAME: &'static str = "template";

    fn samples() -> Vec<(&'static str, Self)> {
        let question = |number, key: &str, label: &str, kind: &str| TemplateQuestion {
            number,
            key: key.into(),
            label: label.into(),
            help: Some("Name roles, not people.".into()),
            kind: kind.into(),
            required: number != 3,
            requires_evidence: number == 2,
            columns: Vec::new(),
            options: if kind == "choice" { vec!["Every week".into(), "Every month".into()] } else { Vec::new() },
        };
        let full = Self {
            layout: frame("Patch management"),
            crumbs: vec![Crumb::to("Templates", "/library/templates"), Crumb::here("Patch management")],
            id: "31".into(),
            name: "Patch management".into(),
            description: Some("How systems are kept up to date.".into()),
            standards: vec!["ISO 27001:2022".into()],
            release: Some((2, "13 Mar 2026".into())),
            archived: false,
            may_edit: true,
            draft: Some(DraftNote { about: "Saved 10:42 by Mara Lindqvist".into(), problems: 2 }),
            releases: vec![
                release(2, Some("Mara Lindqvist"), Some("Asks for the maintenance window,\nand for exceptions.")),
                release(1, None, None),
            ],
            content: TemplateContent {
                parts: vec![
                    TemplatePart {
                        title: Some("Organisation".into()),
                        questions: vec![question(1, "org_name", "What is the legal name of the organisation?", "text")],
                    },
                    TemplatePart {
                        title: Some("Patch cycle".into()),
                        questions: vec![
                            question(2, "often", "How often are servers patched?", "choice"),
                            question(3, "review", "When is this procedure reviewed next?", "date"),
                        ],
                    },
                ],
                html: "<h2>Patch management</h2><p>It applies to <a class=\"fill gap\" href=\"#q-org_name\">org_name</a>.</p>".into(),
            },
        };
        let empty =
            Self { release: None, content: TemplateContent::default(), releases: Vec::new(), draft: None, archived: true, ..full.clone() };
        vec![("full", full.clone()), ("reader", Self { may_edit: false, draft: None, ..full }), ("empty", empty)]
    }
}
