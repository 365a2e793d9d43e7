//! Samples of lists of tasks.

use super::*;
use crate::pages::workspace::samples::drawer;
use crate::parts::{Action, Cell, CellKind, Field, Level, Priority, Status};
use crate::samples::{Sampled, consultant, member, tasks::row};
use crate::text::ENGLISH;

/// Filters with something to choose.
pub(crate) fn filters(path: &str) -> Filters {
    let choices = |all: &[(&str, &str)]| all.iter().map(|(value, label)| Choice::new(*value, *label, all[0].0)).collect::<Vec<_>>();
    let id = "0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11";
    let is_of_customer = path != "/my-work";
    Filters {
        path: path.to_owned(),
        statuses: choices(&[("open", "Open"), ("closed", "Closed"), ("any", "Any status"), ("on_hold", "On hold")]),
        assignees: choices(&[("anybody", "Anybody"), ("me", "Assigned to me"), ("7", "Sophie Martens")]),
        dues: choices(&[("", "Any date"), ("overdue", "Overdue"), ("today", "Due today")]),
        customers: if is_of_customer { Vec::new() } else { choices(&[("", "All customers"), ("5", "Acme Corp"), ("6", "Globex")]) },
        levels: choices(&[("", "All levels"), ("plan", "Plan")]),
        plans: if is_of_customer { choices(&[("", "All plans"), (id, "ISO 27001:2022")]) } else { Vec::new() },
        templates: if is_of_customer { choices(&[("", "All templates"), (id, "Patch management")]) } else { Vec::new() },
        sorts: choices(&[("due_date", "Sort: due date"), ("title", "Sort: title")]),
        evidence: (false, 2),
        waiting: Some((false, 4)),
        approve: (false, 1),
        left: 7,
        ..Filters::default()
    }
}

/// Two views, one of them open.
pub(crate) fn views() -> Views {
    let chip = |number: u8, name: &str, current| ViewChip {
        id: format!("0197f3a2-77c1-7d42-9a55-0d5b1f0c2b{number:02}"),
        name: name.into(),
        href: "/my-work?due=overdue".into(),
        current,
        is_default: current,
    };
    Views {
        list: "my_work",
        customer: None,
        chips: vec![chip(1, "Overdue, needs evidence", true), chip(2, "متأخر", false)],
        all: "/my-work?view=none".into(),
        all_current: false,
        query: "due=overdue&evidence=1".into(),
        may_keep: true,
        next: "/my-work?due=overdue&evidence=1".into(),
    }
}

/// What can be done with several tasks.
pub(crate) fn bulk() -> Bulk {
    Bulk {
        people: vec![
            Choice::new("1", ENGLISH.bulk.to_me, ""),
            Choice::new("", ENGLISH.common.nobody, "-"),
            Choice::new("7", "Sophie Martens", "-"),
        ],
        priorities: Priority::ALL.map(|one| Choice::new(one.key(), one.word(&ENGLISH), "medium")).to_vec(),
        selected: ENGLISH.bulk.selected.patterns(),
        may_ignore: true,
        next: "/my-work".into(),
    }
}

impl Sampled for TaskListPage {
    const NAME: &'static str = "tasks";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = full();
        let none = Self { rows: Vec::new(), pages: Pages::default(), bulk: None, ..full.clone() };
        let filtered =
            Filters { any: true, more: true, words: "firewall".into(), left: 0, due_from: "2026-03-01".into(), ..full.filters.clone() };
        let reader = Self {
            layout: member("Tasks of Acme Corp", Nav::Workspace),
            bulk: None,
            views: Views { chips: Vec::new(), may_keep: false, ..full.views.clone() },
            rows: full.rows.iter().map(|row| TaskRow { pick: false, ..row.clone() }.doing(Action::None)).collect(),
            filters: Filters { waiting: None, ..full.filters.clone() },
            ..full.clone()
        };
        vec![
            ("full", full.clone()),
            ("cells", Self { rows: opened(&full.rows), ..full.clone() }),
            ("task", Self { drawer: Some(drawer()), ..full }),
            ("reader", reader),
            ("empty", Self { open: 0, late: 0, ..none.clone() }),
            ("nothing", Self { filters: filtered, ..none }),
        ]
    }
}

/// Rows whose cells stand open: a date as it opens, a person who was refused, a date that somebody else has changed.
fn opened(rows: &[TaskRow]) -> Vec<TaskRow> {
    let t = &ENGLISH;
    let cells = [
        (CellKind::Due, Field::of("2026-03-05"), false),
        (CellKind::Assignee, Field::refused("7", t.fields.unknown), false),
        (CellKind::Due, Field::refused("2026-03-27", t.cells.clash.with("20 Mar 2026")), true),
    ];
    let open = |(row, (kind, field, is_clash)): (&TaskRow, (CellKind, Field, bool))| {
        let people = if kind == CellKind::Assignee { bulk().people } else { Vec::new() };
        let cell =
            Cell { id: row.id.clone(), title: row.title.clone(), version: 3, was: "2026-03-05".into(), kind, field, people, is_clash };
        TaskRow { cell: Some(Box::new(cell)), ..row.clone() }
    };
    rows.iter().zip(cells).map(open).collect()
}

fn full() -> TaskListPage {
    let at = |row: TaskRow, level, path: &str| TaskRow {
        place: Some((level, path.into())),
        href: format!("/customers/5/tasks?task={}#task", row.id),
        pick: true,
        ..row
    };
    let rows = vec![
        at(
            TaskRow {
                needs_evidence: true,
                priority: Priority::High,
                ..row("l1", "Upload the latest patch compliance report", Status::Progress)
            }
            .by_customer("David Okafor")
            .on(3, 5),
            Level::Template,
            "ISO 27001:2022 · Patch management",
        ),
        at(
            row("l2", "Agree the internal audit calendar", Status::Waiting).by_firm("Mara Lindqvist").on(3, 17).coming_back("every year"),
            Level::Plan,
            "ISO 27001:2022",
        ),
        at(row("l3", "اتصل بشأن جرد الأصول", Status::Open), Level::Customer, ""),
    ];
    TaskListPage {
        layout: consultant("Tasks of Acme Corp", Nav::Portfolio),
        customer_id: 5,
        customer: "Acme Corp".into(),
        open: 10_000,
        late: 3,
        filters: filters("/customers/5/tasks"),
        views: Views { list: "tasks", customer: Some(5), ..views() },
        rows,
        pages: Pages {
            from: 101,
            until: 200,
            total: 10_000,
            previous: Some("/customers/5/tasks".into()),
            next: Some("/customers/5/tasks?page=3".into()),
        },
        bulk: Some(bulk()),
        drawer: None,
        events: "/api/v1/customers/5/events".into(),
        version: 7,
    }
}

impl Sampled for BulkResultPage {
    const NAME: &'static str = "tasks-changed";

    fn samples() -> Vec<(&'static str, Self)> {
        let t = &ENGLISH.bulk;
        let left = |title: &str, why: &str| (title.to_owned(), "/customers/5?task=k2#task".to_owned(), why.to_owned());
        let some = Self {
            layout: consultant(t.result_title, Nav::Elsewhere),
            title: t.result_title.into(),
            done: t.changed.n(3_u32),
            refused: vec![left("Upload the latest patch compliance report", t.why_evidence), left("<b>", t.why_answer)],
            undo: Some("/tasks/bulk/0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11/undo".into()),
            next: "/my-work?due=overdue".into(),
        };
        vec![("some", some.clone()), ("none", Self { done: t.changed.n(0_u32), undo: None, ..some })]
    }
}
