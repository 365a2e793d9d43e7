//! Samples of the pages of mails.

use super::*;
use crate::samples::{Sampled, consultant};

impl Sampled for MailPage {
    const NAME: &'static str = "mail";

    fn samples() -> Vec<(&'static str, Self)> {
        let fresh = Self {
            layout: consultant("Send mail", Nav::Portfolio),
            crumbs: vec![Crumb::to("Portfolio", "/"), Crumb::to("Acme Corp", "/customers/5"), Crumb::here("Send mail")],
            action: "/tasks/c1/mail".into(),
            back: "/customers/5".into(),
            to: "Ada Novak <office@acme.example>".into(),
            form: Some(MailForm { subject: Field::of("Welcome"), body: Field::of("We look forward.") }),
            subject: "Welcome".into(),
            text: "Dear Ada Novak,\n\nWe look forward.\n\nKind regards".into(),
            state: None,
            problem: None,
            held: true,
        };
        let refused = Self {
            form: Some(MailForm { subject: Field::refused("x", "This must have at most 200 characters."), body: Field::default() }),
            ..fresh.clone()
        };
        let failed = Self { state: Some(MailState::Failed), problem: Some("550 no such user".into()), held: false, ..fresh.clone() };
        let sent = Self { form: None, state: Some(MailState::Sent), held: false, ..fresh.clone() };
        vec![("fresh", fresh), ("refused", refused), ("failed", failed), ("sent", sent)]
    }
}

impl Sampled for OutboxPage {
    const NAME: &'static str = "outbox";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |state: MailState| OutboxRow {
            id: "m1".into(),
            to: "office@acme.example".into(),
            subject: "Willkommen <b>".into(),
            state,
            attempts: 3,
            problem: (state == MailState::Failed).then(|| "550 no such user".into()),
            at: Moment { text: "4 Mar 2026, 10:12".into(), iso: "2026-03-04T09:12:00Z".into() },
        };
        let full = Self {
            layout: consultant("Outbox", Nav::Elsewhere),
            rows: MailState::ALL.iter().map(|state| row(*state)).collect(),
            held: false,
            newer: Some("/outbox".into()),
            older: Some("/outbox?page=3".into()),
        };
        let empty = Self { rows: Vec::new(), held: true, newer: None, older: None, ..full.clone() };
        vec![("full", full), ("empty", empty)]
    }
}
