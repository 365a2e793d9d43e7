//! Samples of importing.

use super::*;
use crate::samples::{Sampled, consultant};

impl Sampled for ImportPage {
    const NAME: &'static str = "import-template";

    fn samples() -> Vec<(&'static str, Self)> {
        let empty = Self {
            layout: consultant("Import a template", Nav::Library),
            crumbs: vec![Crumb::to("Templates", "/library/templates"), Crumb::here("Import a template")],
            once: "0190".into(),
            file: Field::default(),
            name: Field::default(),
            standards: vec![Choice::new("", "As the file says", ""), Choice::new("ISO 27001:2022", "ISO 27001:2022", "")],
            refusals: Vec::new(),
        };
        let refused = Self {
            name: Field::of("Access policy"),
            refusals: vec![
                "Paragraph 12 (“Owner: {{owner|colour}}”): `colour` in the placeholder `owner` is no type of question and no rule that is known."
                    .into(),
                "Table 1, row 3 (“{{t.a}} {{u.b}}”): a row of a table takes the cells of one table question, here are `t` and `u`.".into(),
            ],
            ..empty.clone()
        };
        let blank = Self { file: Field::refused("", "Fill this in."), ..empty.clone() };
        vec![("empty", empty), ("refused", refused), ("blank", blank)]
    }
}

impl Sampled for ImportedPage {
    const NAME: &'static str = "imported-template";

    fn samples() -> Vec<(&'static str, Self)> {
        let question = |key: &str, label: &str, kind: &str, parts: &[&str]| ImportedQuestion {
            key: key.into(),
            label: label.into(),
            kind: kind.into(),
            required: kind != "table",
            requires_evidence: kind == "choice",
            section: Some("1. Purpose".into()),
            parts: parts.iter().map(|part| (*part).into()).collect(),
        };
        let full = Self {
            layout: consultant("Imported", Nav::Library),
            crumbs: vec![Crumb::to("Templates", "/library/templates"), Crumb::here("Access policy")],
            outcome: "“Access policy” is a new template with a draft. It is offered once you release it.".into(),
            is_new: true,
            template_id: "31".into(),
            counts: vec!["3 questions".into(), "2 required".into(), "1 optional section".into(), "4 headings".into()],
            questions: vec![
                question("org", "What is the organisation's name?", "text", &[]),
                question("rhythm", "How often is it reviewed?", "choice", &["every month", "every year"]),
                question("systems", "Systems", "table", &["System", "المالك", "Reviewed"]),
            ],
            problems: vec!["The text depends on `cloud`, but there is no such question.".into()],
            notices: vec!["Paragraph 3 (“Logo:”): a picture is left out.".into()],
        };
        let clean = Self { problems: Vec::new(), notices: Vec::new(), ..full.clone() };
        let nothing = Self { is_new: false, questions: Vec::new(), ..clean.clone() };
        vec![("full", full), ("clean", clean), ("nothing", nothing)]
    }
}

impl Sampled for UpgradePage {
    const NAME: &'static str = "upgrade";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = Self {
            layout: consultant("Release 3 of “Patch management”", Nav::Workspace),
            crumbs: vec![Crumb::to("Acme Corp", "/customers/5"), Crumb::here("Release 3 of “Patch management”")],
            path: "/plans/1/templates/31".into(),
            template: "Patch management".into(),
            plan: "ISO 27001:2022".into(),
            from: 2,
            to: 3,
            note: Some("Asks for the tools, and no longer for the wiki.".into()),
            version: 4,
            stale: false,
            added: vec![
                AddedRow {
                    label: "Which tool installs patches?".into(),
                    kind: "text".into(),
                    required: true,
                    restores: false,
                    answered: false,
                },
                AddedRow { label: "من المسؤول؟".into(), kind: "person".into(), required: false, restores: true, answered: true },
            ],
            changed: vec![ChangedRow {
                label: "How often are servers patched?".into(),
                before: Some("How often do you patch?".into()),
                aspects: vec!["words", "choices"],
            }],
            dropped: vec![
                DroppedRow { key: "wiki".into(), label: "Where is the wiki?".into(), answered: true, task: DroppedRowTask::Ignored },
                DroppedRow {
                    key: "owner".into(),
                    label: "Who owns the wiki?".into(),
                    answered: false,
                    task: DroppedRowTask::ToDecide("Who owns the wiki?".into(), false),
                },
                DroppedRow { key: "old".into(), label: "Which old systems are there?".into(), answered: false, task: DroppedRowTask::None },
            ],
            kept: "7 answers stay as they are.".into(),
            again: vec![AgainRow {
                label: "How often are servers patched?".into(),
                why: "The answer “fortnightly” must be one of the options.".into(),
                reopens: true,
            }],
            has_new_text: true,
        };
        let small =
            Self { added: vec![], changed: vec![], dropped: vec![], again: vec![], note: None, has_new_text: false, ..full.clone() };
        let nothing = Self { from: 3, ..small.clone() };
        vec![("full", full.clone()), ("stale", Self { stale: true, ..full }), ("small", small), ("nothing", nothing)]
    }
}

impl Sampled for CustomersPage {
    const NAME: &'static str = "upgrade-customers";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id: i32, customer: &str, done, refused: Option<&str>| CustomerRow {
            customer_id: id,
            customer: customer.into(),
            plan_id: format!("p{id}"),
            standard: "ISO 27001:2022".into(),
            from: 1 + id % 2,
            counts: (2, 1, 3),
            kept: 1,
            again: 1,
            done,
            refused: refused.map(Into::into),
        };
        let full = Self {
            layout: consultant("Bring customers to release 3", Nav::Library),
            crumbs: vec![Crumb::to("Templates", "/library/templates"), Crumb::here("Bring customers to release 3")],
            template_id: "31".into(),
            template: "Patch management".into(),
            release: 3,
            done: None,
            none_chosen: false,
            rows: vec![row(5, "Acme Corp", false, None), row(6, "Globex", false, None), row(7, "شركة", false, None)],
        };
        let done = Self {
            done: Some("2 plans were brought to the release.".into()),
            rows: vec![row(5, "Acme Corp", true, None), row(6, "Globex", false, Some("It is ignored.")), row(7, "شركة", true, None)],
            ..full.clone()
        };
        let none = Self { none_chosen: true, ..full.clone() };
        vec![("full", full.clone()), ("done", done), ("none-chosen", none), ("empty", Self { rows: vec![], ..full })]
    }
}
