//! Samples of evidence.

use super::*;
use crate::{
    layout::{Viewer, WorkspaceLink},
    samples::Sampled,
};

/// A file that was handed in.
pub(crate) fn file(name: &str, state: State) -> File {
    File {
        id: "0190f7a2-0000-7000-8000-000000000051".into(),
        name: name.into(),
        has_page: true,
        size: "1.2 MB".into(),
        by: "David Okafor, 9 Mar".into(),
        state,
        reason: (state == State::SentBack).then(|| "It covers January only.".to_owned()),
        version: 2,
        may_decide: state == State::Waiting,
    }
}

/// The form that hands in a file.
pub(crate) fn upload() -> Upload {
    Upload {
        action: "/customers/5/evidence".into(),
        task_ids: vec!["0190f7a2-0000-7000-8000-000000000007".into()],
        next: "/customers/5".into(),
        limit: "200 MB".into(),
        has_details: true,
        ..Upload::default()
    }
}

/// The evidence of a task with one file in each state.
pub(crate) fn full_block() -> Block {
    Block {
        id: "sample".into(),
        is_needed: true,
        wanted: Some("A report no older than 30 days that lists every system in scope.".into()),
        files: vec![
            file("patch-report-2026-02.pdf", State::Accepted),
            file("wsus-export-branch-offices.csv", State::SentBack),
            file("wsus-export-second-server-with-a-very-long-name-that-nobody-would-ever-type.csv", State::Waiting),
        ],
        upload: Some(upload()),
        next: "/customers/5".into(),
        changes: vec!["#workspace".into()],
    }
}

fn layout(title: &str) -> Layout {
    let viewer = Viewer {
        name: "Mara Lindqvist".into(),
        initials: "ML".into(),
        role: "Consultant".into(),
        email: "mara@lindqvist.example".into(),
        firm: true,
        admin: false,
        imports: false,
        overdue: 2,
        workspaces: Vec::<WorkspaceLink>::new(),
    };
    Layout::signed_in(title, viewer, Nav::Portfolio)
}

fn crumbs() -> Vec<Crumb> {
    vec![Crumb::to("Acme Corp", "/customers/5"), Crumb::here("Evidence")]
}

impl Sampled for EvidencePage {
    const NAME: &'static str = "evidence";

    fn samples() -> Vec<(&'static str, Self)> {
        let waiting = Self {
            layout: layout("patch-report-2026-02.pdf"),
            crumbs: crumbs(),
            file: file("patch-report-2026-02.pdf", State::Waiting),
            facts: vec![("Handed in", "David Okafor, 9 Mar 2026, 10:02".into()), ("Size", "1.2 MB".into())],
            fingerprint: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
            note: Some("Page 3 has the servers in Maribor.".into()),
            decision: None,
            tasks: vec![("/customers/5?task=7#task".into(), "Attach the latest patch compliance report".into())],
            newer: None,
            is_own: false,
            reason: Field::default(),
            replace: Some(Upload { replaces: Some("0190f7a2-0000-7000-8000-000000000051".into()), task_ids: Vec::new(), ..upload() }),
        };
        let sent_back = Self {
            file: file("patch-report-2026-02.pdf", State::SentBack),
            decision: Some("Sent back by Mara Lindqvist, 10 Mar 2026, 15:18".into()),
            is_own: true,
            ..waiting.clone()
        };
        let replaced = Self {
            file: file("patch-report-2026-02.pdf", State::Accepted),
            decision: Some("Accepted by Mara Lindqvist, 10 Mar 2026, 15:18".into()),
            newer: Some("/evidence/0190f7a2-0000-7000-8000-000000000052".into()),
            tasks: Vec::new(),
            replace: None,
            note: None,
            ..waiting.clone()
        };
        let refused = Self { reason: Field::refused("", "Say what is missing, so that it can be made good."), ..waiting.clone() };
        vec![("waiting", waiting), ("sent-back", sent_back), ("replaced", replaced), ("refused", refused)]
    }
}

impl Sampled for RefusedPage {
    const NAME: &'static str = "evidence-refused";

    fn samples() -> Vec<(&'static str, Self)> {
        let kind = Self {
            layout: layout("The file was not taken"),
            crumbs: crumbs(),
            why: "It is not what its name says: its content is not that of a .pdf file.".into(),
            upload: upload(),
        };
        let said =
            Said { covers_to: Field::refused("2026-01-01", "It must not be before the first day that it covers."), ..Said::default() };
        let field = Self { why: "Check one field.".into(), upload: Upload { said, ..upload() }, ..kind.clone() };
        let respondent = Self {
            layout: Layout::public("The file was not taken"),
            crumbs: Vec::new(),
            upload: Upload { has_details: false, ..upload() },
            ..kind.clone()
        };
        vec![("kind", kind), ("field", field), ("respondent", respondent)]
    }
}
