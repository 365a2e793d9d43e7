//! Samples of a document.

use super::*;
use crate::parts::{Action, Status};
use crate::samples::tasks::row;
use crate::samples::{Sampled, consultant, member};

impl Sampled for DocumentPage {
    const NAME: &'static str = "document";

    fn samples() -> Vec<(&'static str, Self)> {
        let review = review();
        vec![
            ("review", review.clone()),
            ("changes", changes(&review)),
            ("refused", refused(&review)),
            ("draft", draft(&review)),
            ("approved", approved(&review)),
            ("tampered", tampered(&review)),
            ("file", file(&review)),
        ]
    }
}

impl Sampled for EditDocumentPage {
    const NAME: &'static str = "document-edit";

    fn samples() -> Vec<(&'static str, Self)> {
        let usual = EditDocumentPage {
            layout: consultant("Edit Access control policy", Nav::Portfolio),
            crumbs: vec![Crumb::to("Access control policy", "/documents/d1"), Crumb::here("Edit")],
            id: "d1".into(),
            version: 4,
            refused: 0,
            is_stale: false,
            may_write: true,
            name: Field::of("Access control policy"),
            number: Field::of("ISMS 12"),
            classifications: vec![
                Choice::new("public", "Public", "internal"),
                Choice::new("internal", "Internal", "internal"),
                Choice::new("confidential", "Confidential", "internal"),
            ],
            note: Field::of("Suppliers added"),
            body: Some(Field::of("# 1. Purpose\n\nAccess at {{organisation_name}} follows the tasks of a role.\n")),
            interval: Field::of("12"),
            next_review: Field::of("2027-03-17"),
            placeholders: vec![("{{organisation_name}}".into(), "What is the organisation's name?".into())],
            preview: "<h2>Access control policy</h2><h3>1. Purpose</h3><p>Access at <bdi>Acme Corp</bdi> follows the tasks of a role.</p>"
                .into(),
        };
        let refused = EditDocumentPage {
            refused: 2,
            name: Field::refused("", "Fill this in."),
            body: Some(Field::refused("{{nobody}}", "It takes an answer that the template does not ask for: {{nobody}}.")),
            ..usual.clone()
        };
        let stale = EditDocumentPage { is_stale: true, ..usual.clone() };
        let locked = EditDocumentPage { may_write: false, preview: String::new(), ..usual.clone() };
        vec![("usual", usual), ("refused", refused), ("stale", stale), ("locked", locked)]
    }
}

fn date(text: &str, iso: &str) -> Due {
    Due { text: text.into(), iso: iso.into(), tone: None }
}

fn step(role: &str, person: Option<&str>, decision: Decision) -> Approval {
    let is_open = matches!(decision, Decision::Current | Decision::Later);
    Approval {
        role: role.into(),
        person: person.map(Into::into),
        decision,
        at: (!is_open).then(|| Moment { text: "13 Mar 2026, 16:24".into(), iso: "2026-03-13T15:24:00Z".into() }),
        due: is_open.then(|| date("Thu 19 Mar", "2026-03-19")),
        remark: matches!(decision, Decision::Approved | Decision::Rejected)
            .then(|| "Two working days are tight in August, but we can do it.".into()),
    }
}

fn version(label: &str, title: &str, line: &str, icon: &'static str, tone: Tone, href: Option<&str>) -> VersionRow {
    VersionRow { label: label.into(), href: href.map(Into::into), title: title.into(), line: line.into(), icon, tone }
}

fn compare(is_on: bool) -> Compare {
    Compare {
        version: None,
        is_on,
        label: "Compare version 3 with".into(),
        with: vec![
            Choice::new("2.1", "Version 2", "2.1"),
            Choice::new("1.1", "Version 1", "2.1"),
            Choice::new("template", "the template's text, release 2", "2.1"),
        ],
        count: if is_on { "3 changes".into() } else { String::new() },
        sections: if is_on { vec![("#s3".into(), "2. Granting access".into()), ("#s4".into(), "3. Records".into())] } else { Vec::new() },
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
        about: vec!["Version 3".into(), "Written by Mara Lindqvist".into(), "Waiting for Elena Brandt until 19 Mar 2026".into()],
        notes: vec![Note {
            tone: "info",
            icon: "done",
            text: "Version 2, approved on 5 Mar 2026, stays in force until this one is approved.".into(),
            link: Some(("/documents/d1?version=2.1".into(), "Read it".into())),
        }],
        stale: None,
        actions: Actions { questionnaire: Some("/plans/p1/templates/32/questionnaire".into()), ..Actions::default() },
        compare: Some(compare(false)),
        colophon: vec!["Acme Corp GmbH".into(), "ISMS 12".into(), "Internal".into(), "Version 3, 13 March 2026".into()],
        html: html.into(),
        file: None,
        decision: Some(DecisionForm {
            title: "Your decision as CISO".into(),
            due: Some(date("Thu 19 Mar", "2026-03-19")),
            agree: "approve",
            agree_word: "Approve".into(),
            agree_hint: "Version 3 comes into force and is locked".into(),
            back_to: "Goes back to Mara Lindqvist".into(),
            asks_for_changes: false,
            words: Field::default(),
            proof: Some(Field::default()),
        }),
        tasks: vec![
            row("d-1", "Get CISO approval", Status::Review).by_customer("Elena Brandt").on(3, 19).doing(Action::None),
            row("d-3", "Get manager approval", Status::Done).by_customer("David Okafor").on(3, 12).doing(Action::None),
        ],
        progress: Progress::new(1, 2),
        approvals: vec![
            step("", Some("Mara Lindqvist"), Decision::HandedIn),
            step("Review", Some("Jonas Weidner"), Decision::Reviewed),
            step("Manager", Some("David Okafor"), Decision::Approved),
            step("CISO", Some("Elena Brandt"), Decision::Current),
            step("Board", None, Decision::Later),
        ],
        versions: vec![
            version(
                "Version 3",
                "Suppliers added, checks twice a year",
                "In review · 13 Mar 2026 · Mara Lindqvist",
                "review",
                Tone::See,
                None,
            ),
            version("Version 2", "", "In force · 5 Mar 2026 · Mara Lindqvist", "done", Tone::Ok, Some("/documents/d1?version=2.1")),
            version("Version 1", "", "Replaced · 5 Mar 2026 · Mara Lindqvist", "document", Tone::Mute, Some("/documents/d1?version=1.1")),
        ],
        facts: vec![
            ("Template".into(), "Access control, release 2".into()),
            ("Made".into(), "27 Feb 2026".into()),
            ("Filled in".into(), "100%".into()),
        ],
        export: Some(ExportMenu { id: "d1".into(), version: "3".into(), has_pdf: true }),
        fingerprint: Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into()),
    }
}

fn changes(review: &DocumentPage) -> DocumentPage {
    let html = "<h2>Access control policy</h2><h3 id=\"s3\">2. Granting access</h3><ol><li class=\"changed\">The system owner decides \
                within <del>five</del> <ins>two</ins> working days.</li></ol><p class=\"changed\"><ins>When someone leaves, access ends on \
                the last working day.</ins></p><h3 id=\"s4\">3. Records</h3><table><tr class=\"changed\"><td><del>Requests</del></td></tr></table>";
    DocumentPage { compare: Some(compare(true)), html: html.into(), ..review.clone() }
}

fn refused(review: &DocumentPage) -> DocumentPage {
    let decision = review.decision.clone().map(|one| DecisionForm {
        asks_for_changes: true,
        words: Field::refused("", "Say what should change."),
        proof: Some(Field::refused("", "Enter your password or a code.")),
        ..one
    });
    let notes = vec![Note {
        tone: "warn",
        icon: "late",
        text: "Nobody can decide as Board: no approver is named for this step.".into(),
        link: Some(("/customers/5/people".into(), "Open “People”".into())),
    }];
    DocumentPage { decision, notes, ..review.clone() }
}

fn draft(review: &DocumentPage) -> DocumentPage {
    DocumentPage {
        layout: consultant("Access control policy", Nav::Portfolio),
        status: DocumentStatus::Draft,
        about: vec!["Version 1".into(), "Written by Mara Lindqvist".into()],
        notes: vec![Note {
            tone: "info",
            icon: "edit",
            text: "The text was edited: it is not the template's any more (release 2).".into(),
            link: Some(("/documents/d1?view=changes&from=template".into(), "Show the edits".into())),
        }],
        stale: Some(Stale {
            about: "Answers have changed since this draft was filled.".into(),
            changes: vec![("Who decides on access?".into(), None, Some("The system owner".into()))],
            action: Some(("refresh", "Take over the new answers".into())),
        }),
        actions: Actions { may_edit: true, may_submit: true, ..Actions::default() },
        compare: None,
        decision: None,
        approvals: Vec::new(),
        versions: vec![version("Version 1", "", "Draft · 13 Mar 2026 · Mara Lindqvist", "edit", Tone::Mute, None)],
        tasks: Vec::new(),
        progress: Progress::default(),
        html: String::new(),
        export: Some(ExportMenu { id: "d1".into(), version: "1".into(), has_pdf: false }),
        fingerprint: None,
        ..review.clone()
    }
}

fn approved(review: &DocumentPage) -> DocumentPage {
    DocumentPage {
        status: DocumentStatus::Approved,
        notes: Vec::new(),
        decision: None,
        actions: Actions { may_edit: true, may_withdraw: true, next_version: Some(4), ..Actions::default() },
        stale: Some(Stale {
            about: "Answers have changed since this version was approved.".into(),
            changes: vec![("How soon is access decided?".into(), Some("within five days".into()), Some("within two days".into()))],
            action: Some(("versions", "Start version 4".into())),
        }),
        ..review.clone()
    }
}

fn tampered(review: &DocumentPage) -> DocumentPage {
    let note = Note { tone: "bad", icon: "late", text: review.layout.t.document.tampered.into(), link: None };
    let actions = Actions { next_version: Some(4), ..Actions::default() };
    DocumentPage { status: DocumentStatus::Approved, notes: vec![note], decision: None, actions, ..review.clone() }
}

fn file(review: &DocumentPage) -> DocumentPage {
    let approvals = vec![step("CISO", Some("Elena Brandt"), Decision::Rejected)];
    let file = Some(("Access control.pdf".into(), "/api/v1/documents/d1/file".into()));
    DocumentPage {
        status: DocumentStatus::Rejected,
        compare: None,
        html: String::new(),
        file,
        export: None,
        decision: None,
        approvals,
        ..review.clone()
    }
}

impl Sampled for PrintPage {
    const NAME: &'static str = "print";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self { t: &crate::text::ENGLISH, id: "d1".into(), name: "Access control policy".into(), html: review().html };
        vec![("draft", page)]
    }
}
