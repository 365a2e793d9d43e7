//! Samples of the page of tokens.

use super::*;
use crate::samples::{Sampled, consultant, member};

impl Sampled for TokensPage {
    const NAME: &'static str = "tokens";

    fn samples() -> Vec<(&'static str, Self)> {
        let own = Self {
            layout: consultant("API tokens", Nav::Elsewhere),
            integrations: false,
            made: None,
            form: form(),
            rows: vec![row("Nightly report", Some("Acme Corp, Globex"), true), row("Import <b>", None, false)],
        };
        let made = MadeToken { name: "Nightly report".into(), token: format!("mst_{}", "5f0c9a1e".repeat(9)) };
        let refused = TokenForm {
            name: Field::refused("", "Fill this in."),
            rights_error: Some("Choose at least one.".into()),
            only_some: true,
            customers_error: Some("Choose at least one customer, or all.".into()),
            days_error: Some("Choose 30, 90 or 365 days.".into()),
            refused: 4,
            ..form()
        };
        vec![
            ("own", own.clone()),
            ("made", Self { made: Some(made), ..own.clone() }),
            ("refused", Self { form: refused, ..own.clone() }),
            ("empty", Self { layout: member("API tokens", Nav::Elsewhere), rows: Vec::new(), ..own.clone() }),
            ("integrations", Self { integrations: true, ..own.clone() }),
            ("no-integrations", Self { integrations: true, rows: Vec::new(), ..own }),
        ]
    }
}

fn choice(value: &str, label: &str, chosen: bool) -> Choice {
    Choice { value: value.into(), label: label.into(), chosen }
}

fn form() -> TokenForm {
    TokenForm {
        rights: vec![(choice("read", "Read", true), "See workspaces"), (choice("work", "Work", false), "Answer questions, do tasks")],
        customers: vec![choice("5", "Acme Corp", true), choice("6", "Globex", false)],
        days: vec![choice("30", "30 days", false), choice("90", "90 days", true), choice("365", "365 days", false)],
        ..TokenForm::default()
    }
}

fn row(name: &str, customers: Option<&str>, used: bool) -> TokenRow {
    let moment = || Moment { text: "4 Mar 2026, 10:12".into(), iso: "2026-03-04T09:12:00Z".into() };
    TokenRow {
        id: "t1".into(),
        name: name.into(),
        prefix: "mst_5f0c…".into(),
        rights: "Read, Work".into(),
        customers: customers.map(Into::into),
        by: "Mara Lindqvist".into(),
        expires: moment(),
        ended: !used,
        used: used.then(moment),
    }
}
