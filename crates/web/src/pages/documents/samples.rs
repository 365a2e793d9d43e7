//! Samples of a document.

use super::*;
use crate::parts::Status;
use crate::samples::tasks::row;
use crate::samples::{Sampled, consultant, member};

impl Sampled for DocumentPage {
    const NAME: &'static str = "document";

    fn samples() -> Vec<(&'static str, Self)> {
        let review = review();
        let draft = Self {
            layout: consultant("Access control policy", Nav::Portfolio),
            status: DocumentStatus::Draft,
            out_of_date: false,
            approvals: Vec::new(),
            export: Some(ExportMenu { id: "d1".into(), version: "1".into(), has_pdf: false }),
            tasks: Vec::new(),
            progress: Progress::default(),
            author: None,
            html: String::new(),
            ..review.clone()
        };
        let approved = Self {
            status: DocumentStatus::Approved,
            fingerprint: Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into()),
            ..review.clone()
        };
        vec![("review", review), ("draft", draft), ("approved", approved)]
    }
}

fn step(role: &str, person: Option<&str>, decision: Decision) -> Approval {
    let decided = matches!(decision, Decision::Approved | Decision::Rejected);
    Approval {
        role: role.into(),
        person: person.map(Into::into),
        decision,
        at: decided.then(|| Moment { text: "13 Mar 2026, 16:24".into(), iso: "2026-03-13T15:24:00Z".into() }),
        remark: decided.then(|| "Two working days are tight in August, but we can do it.".into()),
    }
}

fn review() -> DocumentPage {
    let html = "<h2>Access control policy</h2><h3>1. Purpose</h3><p>Access to information at Acme Corp GmbH follows the \
                tasks of a role.</p><h3>2. Granting access</h3><ol><li>The line manager asks for access and names the \
                role.</li><li>The system owner decides within two working days.</li></ol><h3>3. Records</h3><table><thead>\
                <tr><th>Record</th><th>Kept by</th></tr></thead><tbody><tr><td>Access requests</td><td>IT Operations</td>\
                </tr></tbody></table>";
    DocumentPage {
        layout: member("Access control policy", Nav::Workspace),
        crumbs: vec![
            Crumb::to("Acme Corp", "/customers/5"),
            Crumb::to("ISO 27001:2022", "/customers/5#plan-p1"),
            Crumb::to("Access control", "/customers/5#template-p1-32"),
            Crumb::here("Access control policy"),
        ],
        id: "d1".into(),
        name: "Access control policy".into(),
        status: DocumentStatus::InReview,
        version: "3".into(),
        author: Some("Mara Lindqvist".into()),
        out_of_date: true,
        questionnaire: Some("/plans/p1/templates/32/questionnaire".into()),
        colophon: vec!["Acme Corp GmbH".into(), "Internal".into(), "Version 3, 13 March 2026".into()],
        html: html.into(),
        tasks: vec![
            row("d-1", "Get CISO approval", Status::Review).by_customer("Elena Brandt").on(3, 19).doing(Action::None),
            row("d-3", "Get manager approval", Status::Done).by_customer("David Okafor").on(3, 12).doing(Action::None),
        ],
        progress: Progress::new(1, 2),
        approvals: vec![
            step("Manager", Some("David Okafor"), Decision::Approved),
            step("CISO", Some("Elena Brandt"), Decision::Current),
            step("Board", None, Decision::Later),
        ],
        facts: vec![
            ("Template".into(), "Access control, release 2".into()),
            ("Made".into(), "27 Feb 2026".into()),
            ("Filled in".into(), "100%".into()),
        ],
        export: Some(ExportMenu { id: "d1".into(), version: "3".into(), has_pdf: true }),
        fingerprint: None,
    }
}

impl Sampled for PrintPage {
    const NAME: &'static str = "print";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            t: &crate::text::ENGLISH,
            id: "d1".into(),
            name: "Access control policy".into(),
            line: vec!["Acme Corp GmbH".into(), "ISMS 20".into(), "Version 3".into(), "Internal".into(), "Draft".into()],
            html: review().html,
        };
        vec![("draft", page)]
    }
}
