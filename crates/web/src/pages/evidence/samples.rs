//! Samples of evidence.

use super::{
    register::{GapRow, RegisterFilters, RegisterRow},
    view::kinds,
    *,
};
use crate::{
    layout::{Viewer, WorkspaceLink},
    parts::Paging,
    samples::Sampled,
    text::ENGLISH,
};

/// A file that was handed in.
pub(crate) fn file(name: &str, state: State) -> File {
    File {
        id: "0190f7a2-0000-7000-8000-000000000051".into(),
        name: name.into(),
        url: None,
        has_page: true,
        size: "1.2 MB".into(),
        until: None,
        by: "David Okafor, 9 Mar".into(),
        state,
        reason: (state == State::SentBack).then(|| "It covers January only.".to_owned()),
        version: 2,
        may_decide: state == State::Waiting,
    }
}

/// A link that was handed in, accepted, and has ended.
pub(crate) fn link(name: &str) -> File {
    let until = Until { text: "Ended 28 Feb 2026".into(), iso: "2026-02-28".into(), tone: Some("bad") };
    File {
        url: Some("https://wiki.acme.example/minutes".into()),
        size: "wiki.acme.example".into(),
        until: Some(until),
        ..file(name, State::Accepted)
    }
}

/// The form that hands in a file.
pub(crate) fn upload() -> Upload {
    Upload {
        action: "/customers/5/evidence".into(),
        link_action: Some("/customers/5/evidence/links".into()),
        takes_several: true,
        kinds: kinds("", &ENGLISH),
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
            link("Minutes of the patch board"),
        ],
        upload: Some(upload()),
        next: "/customers/5".into(),
        changes: vec!["#workspace".into()],
    }
}

fn served(title: &str) -> ServedTask {
    ServedTask {
        href: "/customers/5?task=7#task".into(),
        title: title.into(),
        place: "ISO 27001:2022 · Patch Management".into(),
        unlink: Some("/evidence/0190f7a2-0000-7000-8000-000000000051/tasks/0190f7a2-0000-7000-8000-000000000007/unlink".into()),
    }
}

fn version(name: &str, state: State, has_page: bool) -> Version {
    Version {
        href: has_page.then(|| "/evidence/0190f7a2-0000-7000-8000-000000000052".into()),
        name: name.into(),
        state,
        by: "David Okafor, 9 Mar 2026, 10:02".into(),
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
            fingerprint: Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into()),
            preview: Some(Preview::Frame),
            versions: Vec::new(),
            link_more: Some("/evidence/0190f7a2-0000-7000-8000-000000000051/tasks".into()),
            note: Some("Page 3 has the servers in Maribor.".into()),
            decision: None,
            tasks: vec![served("Attach the latest patch compliance report")],
            newer: None,
            is_own: false,
            reason: Field::default(),
            replace: Some(Upload {
                replaces: Some("0190f7a2-0000-7000-8000-000000000051".into()),
                takes_several: false,
                task_ids: Vec::new(),
                ..upload()
            }),
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
            preview: Some(Preview::Picture),
            versions: vec![
                version("patch-report-2026-03.pdf", State::Waiting, true),
                version("patch-report-2026-02.pdf", State::Replaced, false),
            ],
            link_more: None,
            tasks: Vec::new(),
            replace: None,
            note: None,
            ..waiting.clone()
        };
        let refused = Self { reason: Field::refused("", "Say what is missing, so that it can be made good."), ..waiting.clone() };
        let link = Self { file: link("Minutes of the patch board"), fingerprint: None, preview: None, ..waiting.clone() };
        vec![("link", link), ("waiting", waiting), ("sent-back", sent_back), ("replaced", replaced), ("refused", refused)]
    }
}

impl Sampled for RefusedPage {
    const NAME: &'static str = "evidence-refused";

    fn samples() -> Vec<(&'static str, Self)> {
        let kind = Self {
            layout: layout("The file was not taken"),
            crumbs: crumbs(),
            is_link: false,
            why: "It is not what its name says: its content is not that of a .pdf file.".into(),
            upload: upload(),
        };
        let said =
            Said { covers_to: Field::refused("2026-01-01", "It must not be before the first day that it covers."), ..Said::default() };
        let field = Self { why: "Check one field.".into(), upload: Upload { said, ..upload() }, ..kind.clone() };
        let address = Said { url: Field::refused("http://wiki.acme.example", "It must begin with https://."), ..Said::default() };
        let link = Self { is_link: true, why: "Check one field.".into(), upload: Upload { said: address, ..upload() }, ..kind.clone() };
        let respondent = Self {
            layout: Layout::public("The file was not taken"),
            crumbs: Vec::new(),
            upload: Upload { has_details: false, link_action: None, ..upload() },
            ..kind.clone()
        };
        vec![("kind", kind), ("field", field), ("link", link), ("respondent", respondent)]
    }
}

impl Sampled for RegisterPage {
    const NAME: &'static str = "evidence-register";

    fn samples() -> Vec<(&'static str, Self)> {
        let choices = |all: &str| vec![Choice::new("", all, ""), Choice::new("one", "One of them", "")];
        let row = |file: File, state: State, more: usize| RegisterRow {
            kind: "Report",
            state,
            task: (more > 0).then(|| served("Attach the latest patch compliance report")),
            more: more.saturating_sub(1),
            file,
        };
        let rows = vec![
            row(link("Minutes of the patch board"), State::Accepted, 1),
            row(file("patch-report-2026-02.pdf", State::Accepted), State::Replaced, 3),
            row(file("wsus-export-second-server-with-a-very-long-name-that-nobody-would-ever-type.csv", State::Waiting), State::Waiting, 0),
            row(file("restore-test.png", State::SentBack), State::SentBack, 1),
        ];
        let usual = Self {
            layout: layout("Evidence"),
            crumbs: crumbs(),
            action: "/customers/5/evidence".into(),
            filters: RegisterFilters {
                states: choices("Any state"),
                validities: choices("Any last day"),
                kinds: choices("Any kind"),
                plans: choices("All plans"),
                templates: choices("All templates"),
                sorts: choices("Latest first"),
                ..RegisterFilters::default()
            },
            paging: Paging { shown: 4, total: 60, next: Some("/customers/5/evidence?cursor=4".into()), first: None },
            rows,
            exports: ["xlsx", "csv"].map(|format| format!("/customers/5/evidence/export?format={format}")),
            gaps: 3,
            upload: Some(Upload { task_ids: Vec::new(), ..upload() }),
        };
        let empty = Self { rows: Vec::new(), paging: Paging::default(), gaps: 0, ..usual.clone() };
        let filters = RegisterFilters { any: true, q: "zebra".into(), ..usual.filters.clone() };
        let nothing = Self { filters, upload: None, ..empty.clone() };
        vec![("usual", usual), ("empty", empty), ("nothing", nothing)]
    }
}

impl Sampled for GapsPage {
    const NAME: &'static str = "evidence-gaps";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |reason: (&str, &'static str, &'static str), is_done: bool| GapRow {
            task: served("Attach the latest patch compliance report"),
            wanted: Some("A report no older than 30 days that lists every system in scope.".into()),
            reason: (reason.0.to_owned(), reason.1, reason.2),
            assignee: (!is_done).then(|| "David Okafor".to_owned()),
            is_done,
        };
        let usual = Self {
            layout: layout("Gaps"),
            crumbs: crumbs(),
            action: "/customers/5/evidence/gaps".into(),
            register: "/customers/5/evidence".into(),
            plans: vec![Choice::new("", "All plans", "")],
            templates: vec![Choice::new("", "All templates", "")],
            any: false,
            rows: vec![row(("Nothing handed in", "bad", "clip"), false), row(("Ended 28 Feb 2026", "bad", "late"), true)],
            paging: Paging { shown: 2, total: 2, ..Paging::default() },
        };
        let none = Self { rows: Vec::new(), ..usual.clone() };
        let filtered = Self { any: true, ..none.clone() };
        vec![("usual", usual), ("none", none), ("filtered", filtered)]
    }
}

impl Sampled for TasksPage {
    const NAME: &'static str = "evidence-tasks";

    fn samples() -> Vec<(&'static str, Self)> {
        let usual = Self {
            layout: layout("Link to another task"),
            crumbs: crumbs(),
            action: "/evidence/0190f7a2-0000-7000-8000-000000000051/tasks".into(),
            evidence: ("patch-report-2026-02.pdf".into(), "/evidence/0190f7a2-0000-7000-8000-000000000051".into()),
            q: "report".into(),
            rows: vec![("0190f7a2-0000-7000-8000-000000000007".into(), served("Attach the latest patch compliance report"))],
            paging: Paging { shown: 1, total: 1, ..Paging::default() },
        };
        let nothing = Self { rows: Vec::new(), paging: Paging::default(), ..usual.clone() };
        vec![("usual", usual), ("nothing", nothing)]
    }
}
