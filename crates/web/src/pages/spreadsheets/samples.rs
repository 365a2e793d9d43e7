//! Samples of bringing in spreadsheets.

use super::*;
use crate::samples::{Sampled, consultant, member};

const ID: &str = "0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11";

fn crumbs(name: &str) -> Vec<Crumb> {
    vec![Crumb::to("Import a spreadsheet", "/imports"), Crumb::here(name)]
}

impl Sampled for SpreadsheetsPage {
    const NAME: &'static str = "imports";

    fn samples() -> Vec<(&'static str, Self)> {
        let kind = |value, label, about, chosen| KindChoice { value, label, about, chosen };
        let line = |file_name: &str, holds, state, tone, icon, rows| ImportLine {
            id: ID.into(),
            file_name: file_name.into(),
            holds,
            state,
            tone,
            icon,
            rows,
            when: "13 Mar 2026, 09:10".into(),
        };
        let full = Self {
            layout: consultant("Import a spreadsheet", Nav::Elsewhere),
            kinds: vec![
                kind("customers", "Customers", "One row for each.", true),
                kind("people", "People", "Who works for a customer, with a role.", false),
                kind("tasks", "Tasks", "For a customer, one of its plans, or a template of a plan.", false),
            ],
            file: Field::default(),
            rows: vec![
                line("Kunden 2026.xlsx", "Customers", "Imported", Tone::Ok, "done", 312),
                line("tasks.csv", "Tasks", "Not imported yet", Tone::Mute, "edit", 0),
                line("مهام.csv", "Tasks", "Not imported", Tone::Bad, "late", 40),
            ],
        };
        let first = Self {
            layout: member("Import a spreadsheet", Nav::Elsewhere),
            kinds: full.kinds[1..].to_vec(),
            rows: Vec::new(),
            ..full.clone()
        };
        let refused = Self { file: Field::refused("", "It has more than 1000 rows."), ..full.clone() };
        vec![("full", full), ("first", first), ("refused", refused)]
    }
}

impl Sampled for DraftPage {
    const NAME: &'static str = "import-draft";

    fn samples() -> Vec<(&'static str, Self)> {
        let choice = |value: &str, label: &str, chosen: &str| Choice::new(value, label, chosen);
        let column = |number, header: &str, examples: &[&str], field: &str| ColumnChoice {
            number,
            header: header.into(),
            examples: examples.iter().map(|text| (*text).into()).collect(),
            fields: vec![choice("", "Leave out", field), choice("title", "Title", field), choice("due_date", "Due date", field)],
        };
        let cell = |text: &str, refusal: Option<&str>| DraftCell { text: text.into(), refusal: refusal.map(Into::into) };
        let row =
            |line, outcome: &str, tone, icon, cells| DraftRow { line, outcome: outcome.into(), tone, icon, cells, refusals: Vec::new() };
        let settings = SettingsForm {
            holds: vec![choice("customers", "Customers", "tasks"), choice("tasks", "Tasks", "tasks")],
            encodings: vec![choice("utf-8", "UTF-8", "utf-8"), choice("windows-1252", "Windows-1252", "utf-8")],
            separators: vec![choice("comma", "Comma", "semicolon"), choice("semicolon", "Semicolon", "semicolon")],
            sheets: Vec::new(),
            dates: vec![
                choice("day_first", "Day first: 17.03.2026", "day_first"),
                choice("month_first", "Month first: 03/17/2026", "day_first"),
            ],
            customers: vec![choice("", "Each row names its own", "5"), choice("5", "Acme Corp", "5")],
            skip_duplicates: true,
            columns: vec![
                column(0, "Aufgabe", &["Schulung planen", "Lieferanten prüfen"], "title"),
                column(1, "Fällig", &["17.03.2026", "31.02.2026"], "due_date"),
                column(2, "Column 3", &[], ""),
            ],
        };
        let refused = Self {
            layout: consultant("aufgaben.csv", Nav::Elsewhere),
            crumbs: crumbs("aufgaben.csv"),
            id: ID.into(),
            version: 2,
            file_name: "aufgaben.csv".into(),
            settings,
            unreadable: None,
            missing: Vec::new(),
            counts: vec!["2 tasks would be made".into(), "1 row is there already".into()],
            refused: Some("1 row has a refused cell".into()),
            run: None,
            headers: vec!["Title", "Due date"],
            rows: vec![
                DraftRow {
                    refusals: vec!["Customer is a customer for whom you may not make this.".into()],
                    ..row(
                        4,
                        "Refused",
                        Tone::Bad,
                        "late",
                        vec![
                            cell("", Some("Title must not be blank.")),
                            cell("31.02.2026", Some("Due date must be a day between 1900 and 2200, written 2026-03-17 or 17.03.2026.")),
                        ],
                    )
                },
                row(2, "Made", Tone::Ok, "plus", vec![cell("Schulung planen", None), cell("17 March 2026", None)]),
                row(3, "Passed over: is there already", Tone::Mute, "ignored", vec![cell("مراجعة الموردين", None), cell("", None)]),
            ],
            more: Some("200 more rows are not shown here.".into()),
        };
        let clean = Self { refused: None, run: Some("Make 2 tasks".into()), rows: refused.rows[1..].to_vec(), ..refused.clone() };
        let missing = Self {
            missing: vec!["No column holds “Title” yet. Choose one above.".into()],
            counts: Vec::new(),
            refused: None,
            rows: Vec::new(),
            ..refused.clone()
        };
        let workbook = SettingsForm {
            encodings: Vec::new(),
            separators: Vec::new(),
            sheets: vec![choice("Tasks", "Tasks", "Tasks"), choice("Notes", "Notes", "Tasks")],
            columns: Vec::new(),
            ..refused.settings.clone()
        };
        let unreadable = Self {
            settings: workbook.clone(),
            unreadable: Some("The file has no sheet of this name.".into()),
            missing: Vec::new(),
            ..missing.clone()
        };
        let nothing = Self { settings: workbook, run: None, counts: vec!["0 tasks would be made".into()], ..clean.clone() };
        vec![("refused", refused), ("clean", clean), ("missing", missing), ("unreadable", unreadable), ("nothing", nothing)]
    }
}

impl Sampled for ResultPage {
    const NAME: &'static str = "import-result";

    fn samples() -> Vec<(&'static str, Self)> {
        let line = |line, title: &str, state, tone, icon| ItemLine {
            line,
            title: title.into(),
            href: format!("/customers/5?task={ID}#task"),
            customer: "Acme Corp".into(),
            state,
            tone,
            icon,
        };
        let done = Self {
            layout: consultant("tasks.csv", Nav::Elsewhere),
            crumbs: crumbs("tasks.csv"),
            id: ID.into(),
            file_name: "tasks.csv".into(),
            state: "Imported",
            tone: Tone::Ok,
            icon: "done",
            outcome: vec!["3 tasks were made.".into()],
            working: None,
            undo: Some("Tasks are ignored and can be restored one by one. What somebody has worked on stays."),
            items: vec![line(2, "Plan the training", "There", Tone::Ok, "done"), line(3, "مراجعة الموردين", "There", Tone::Ok, "done")],
            more: Some("200 more rows are not shown here.".into()),
        };
        let undone = Self {
            state: "Taken back",
            tone: Tone::Mute,
            icon: "restore",
            outcome: vec!["2 rows were taken back.".into(), "1 row stays.".into()],
            undo: None,
            items: vec![
                line(2, "Plan the training", "Stays: somebody has worked on it", Tone::Warn, "lock"),
                line(3, "Check", "Taken back", Tone::Mute, "restore"),
            ],
            more: None,
            ..done.clone()
        };
        let working = Self {
            state: "Being imported",
            tone: Tone::Info,
            icon: "progress",
            working: Some((120, 900)),
            undo: None,
            items: Vec::new(),
            more: None,
            outcome: vec!["This goes on by itself.".into()],
            ..done.clone()
        };
        let refused = Self {
            state: "Not imported",
            tone: Tone::Bad,
            icon: "late",
            outcome: vec![
                "A customer was archived while the import went on.".into(),
                "Everything that had been made was taken back.".into(),
            ],
            undo: None,
            items: Vec::new(),
            more: None,
            ..done.clone()
        };
        vec![("done", done), ("undone", undone), ("working", working), ("refused", refused)]
    }
}
