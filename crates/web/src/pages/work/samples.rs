//! Samples of my work.

use super::*;
use crate::pages::lists::samples::{bulk, filters, views};
use crate::pages::workspace::samples::drawer;
use crate::parts::{Action, Level, Priority, Status};
use crate::samples::consultant;
use crate::samples::tasks::row;
use crate::text::ENGLISH;

pub(super) fn all() -> Vec<(&'static str, MyWorkPage)> {
    let full = full();
    let none = MyWorkPage {
        open: 0,
        customers: 0,
        late: 0,
        groups: Vec::new(),
        for_role: Vec::new(),
        for_role_count: 0,
        pages: Pages::default(),
        bulk: None,
        ..full.clone()
    };
    let filtered = Filters { approve: (true, 0), any: true, left: 0, ..full.filters.clone() };
    let rows = full.groups.iter().flat_map(|group| group.rows.clone()).collect();
    let flat = MyWorkPage { groups: Vec::new(), for_role: Vec::new(), rows, views: views(), ..full.clone() };
    vec![
        ("full", full.clone()),
        ("empty", none.clone()),
        ("sorted", flat),
        ("task", MyWorkPage { drawer: Some(drawer()), ..full.clone() }),
        ("only-role", MyWorkPage { for_role: full.for_role.clone(), for_role_count: 1, bulk: full.bulk.clone(), ..none.clone() }),
        ("nothing", MyWorkPage { open: 3, customers: 1, filters: filtered, ..none }),
    ]
}

fn at(row: TaskRow, level: Level, path: &str) -> TaskRow {
    TaskRow { place: Some((level, path.into())), href: format!("/my-work?task={}#task", row.id), pick: true, ..row }
}

fn group(key: &'static str, title: &str, tone: Tone, rows: Vec<TaskRow>) -> WorkGroup {
    WorkGroup { key, title: title.into(), tone, count: u32::try_from(rows.len()).unwrap_or(0), rows }
}

fn full() -> MyWorkPage {
    let t = &ENGLISH.my_work;
    let late = vec![
        at(
            TaskRow {
                needs_evidence: true,
                ..row("w1", "Close corrective action 2026-04 and record the result", Status::Progress).on(3, 5)
            },
            Level::Plan,
            "Pelican Foods · ISO 9001:2015",
        ),
        at(
            TaskRow {
                priority: Priority::Urgent,
                ..row(
                    "w2",
                    "Which laboratories receive samples outside the cold chain, for how long, and who decides whether a \
                     sample may still be used?",
                    Status::Open,
                )
                .on(3, 13)
            },
            Level::Template,
            "Helio Diagnostics AG · ISO 9001:2015 · Handling of samples",
        ),
    ];
    let today = vec![
        at(
            row("w3", "Read the remote access policy before it goes to the CISO", Status::Review).on(3, 17),
            Level::Document,
            "Stadtwerke Oberwald · ISO 27001:2022 · Remote access policy",
        ),
        at(row("w4", "اتصل بشأن جرد الأصول", Status::Open).on(3, 17), Level::Customer, "دار الأفق للنشر"),
    ];
    let week = vec![at(
        row("w5", "Prepare the management review", Status::Progress).on(3, 20),
        Level::Plan,
        "Brückner Maschinenbau GmbH & Co. KG · ISO 9001:2015",
    )];
    let undated = vec![at(row("w6", "Collect ideas for the newsletter", Status::Hold), Level::Customer, "Acme Corp")];
    MyWorkPage {
        layout: consultant(t.title, Nav::MyWork),
        today: "Tuesday 17 March".into(),
        open: 14,
        customers: 8,
        late: 2,
        filters: filters("/my-work"),
        views: Views { chips: Vec::new(), ..views() },
        rows: Vec::new(),
        groups: vec![
            group("late", t.overdue, Tone::Bad, late),
            group("today", t.today, Tone::Warn, today),
            group("week", t.this_week, Tone::Mute, week),
            group("undated", t.undated, Tone::Mute, undated),
        ],
        for_role: vec![at(
            row("w7", "Review completed document", Status::Open).on(3, 26).doing(Action::Take(Some("/documents/d1".into()))),
            Level::Document,
            "Acme Corp · ISO 9001:2015 · Context of the organisation",
        )],
        for_role_count: 1,
        pages: Pages { from: 1, until: 7, total: 7, ..Pages::default() },
        bulk: Some(bulk()),
        drawer: None,
    }
}
