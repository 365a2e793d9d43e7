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
