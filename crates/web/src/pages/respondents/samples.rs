//! Samples of the page of respondents.

use super::*;
use crate::samples::{Sampled, consultant};

impl Sampled for RespondentsPage {
    const NAME: &'static str = "respondents";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = Self {
            layout: consultant("Respondents", Nav::Portfolio),
            crumbs: vec![Crumb::to("Acme Corp", "/customers/5"), Crumb::here("Respondents")],
            customer_id: 5,
            made: None,
            rows: vec![row(false, false), row(true, false), row(true, true)],
        };
        let made = ("Ada Novak <b>".to_owned(), format!("https://muster.example/respond/{}", "5f0c9a1e".repeat(8)));
        vec![("full", full.clone()), ("made", Self { made: Some(made), ..full.clone() }), ("empty", Self { rows: Vec::new(), ..full })]
    }
}

fn row(ended: bool, revoked: bool) -> RespondentRow {
    let moment = || Moment { text: "4 Mar 2026, 10:12".into(), iso: "2026-03-04T09:12:00Z".into() };
    RespondentRow {
        id: "r1".into(),
        name: "Ada Novak".into(),
        email: "ada.novak@supplier.example".into(),
        templates: vec![("/plans/p1/templates/t1/questionnaire#q-team".into(), "Patch Management".into())],
        answered: (1, 2),
        by: Some("Mara Lindqvist".into()),
        ends: moment(),
        ended,
        revoked,
        used: (!ended).then(moment),
    }
}
