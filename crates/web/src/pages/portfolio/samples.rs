//! Samples of the portfolio.

use super::*;
use crate::samples::tasks::due;
use crate::samples::{Sampled, consultant};

impl Sampled for PortfolioPage {
    const NAME: &'static str = "portfolio";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = full();
        let filters = PortfolioFilters { q: "zzz".into(), query: "?q=zzz&overdue=1&".into(), ..full.filters.clone() };
        vec![
            ("full", full.clone()),
            ("nothing", Self { filters, rows: Vec::new(), paging: Paging::default(), ..full.clone() }),
            ("empty-admin", Self { customers: 0, plans: 0, lead: 0, rows: Vec::new(), chart: Chart::default(), ..full.clone() }),
            ("empty-consultant", Self { customers: 0, may_add: false, rows: Vec::new(), ..full.clone() }),
            ("first", first(full)),
        ]
    }
}

fn full() -> PortfolioPage {
    PortfolioPage {
        layout: consultant("Portfolio", Nav::Portfolio),
        today: "Tuesday 17 March".into(),
        customers: 9,
        plans: 13,
        lead: 3,
        may_add: true,
        facts: Facts { overdue: 11, waiting: 27, due_this_week: 14, to_approve: 6, expiring: 3 },
        trend: trend(),
        may_import: true,
        attention: Some(Attention { id: 12, name: "Pelican Foods".into(), overdue: 5 }),
        chart: chart(),
        filters: PortfolioFilters {
            chips: vec![
                Chip { name: "mine", label: "My customers", on: false, count: 3, bad: false },
                Chip { name: "overdue", label: "Overdue", on: true, count: 4, bad: true },
                Chip { name: "expiring", label: "Evidence running out", on: false, count: 0, bad: false },
            ],
            standards: vec![
                Choice::new("", "All standards", ""),
                Choice::new("0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11", "ISO 27001:2022", ""),
            ],
            sort: "name".into(),
            query: "?".into(),
            ..PortfolioFilters::default()
        },
        rows: rows(),
        paging: Paging { shown: 7, total: 9, next: Some("/?cursor=eyJuIjo3fQ".into()), first: None },
    }
}

/// A new installation with its first customer.
fn first(page: PortfolioPage) -> PortfolioPage {
    PortfolioPage {
        customers: 1,
        plans: 0,
        lead: 0,
        facts: Facts::default(),
        attention: None,
        chart: Chart::default(),
        trend: Trend::default(),
        rows: vec![customer(1, "Acme Corp", None, &[], 0, 0, None)],
        paging: Paging { shown: 1, total: 1, next: None, first: None },
        ..page
    }
}

fn trend() -> Trend {
    let weeks = ["29 Dec", "5 Jan", "12 Jan", "19 Jan", "26 Jan", "2 Feb", "9 Feb", "16 Feb", "23 Feb", "2 Mar", "9 Mar", "16 Mar"];
    let column = |(number, label): (u32, &&str)| TrendColumn {
        label: (*label).into(),
        completed: (number * 7 + 3) % 29,
        overdue: (number * 5) % 17,
    };
    Trend { columns: (0..).zip(&weeks).map(column).collect() }
}

fn chart() -> Chart {
    let weeks = [
        ("Late", 11, Weight::Late),
        ("16 Mar", 14, Weight::Now),
        ("23 Mar", 22, Weight::Later),
        ("30 Mar", 17, Weight::Later),
        ("6 Apr", 9, Weight::Later),
        ("13 Apr", 19, Weight::Later),
        ("20 Apr", 12, Weight::Later),
        ("27 Apr", 6, Weight::Later),
    ];
    let columns = weeks.map(|(label, value, weight)| Column { label: label.into(), value, weight }).to_vec();
    Chart { columns }
}

fn customer(
    id: i32,
    name: &str,
    about: Option<&str>,
    plans: &[(&str, u32)],
    overdue: u32,
    waiting: u32,
    next: Option<(Due, &str)>,
) -> CustomerRow {
    CustomerRow {
        id,
        name: name.into(),
        about: about.map(Into::into),
        plans: plans.iter().map(|(label, done)| PlanBar { label: (*label).into(), progress: Progress::new(*done, 100) }).collect(),
        more_plans: 0,
        overdue,
        waiting,
        expired: (overdue > 2).then(|| "1 expired".into()),
        expiring: (waiting > 5).then(|| "2 within 30 days".into()),
        no_templates: false,
        lead: next.is_some().then(|| Person::new("Mara Lindqvist", true)),
        next: next.map(|(due, title)| (due, title.into())),
    }
}

fn rows() -> Vec<CustomerRow> {
    let long = "Pelican Foods, cooperative of growers and processors of the Lower Danube";
    vec![
        CustomerRow {
            more_plans: 2,
            ..customer(
                5,
                "Acme Corp",
                Some("Precision sensors, Vienna"),
                &[("ISO 27001", 74), ("ISO 9001", 38), ("ISO 14001", 0)],
                3,
                4,
                Some((due(3, 11), "Name the process owners")),
            )
        },
        customer(
            7,
            "Brückner Maschinenbau GmbH & Co. KG",
            Some("Machine tools, Ravensburg"),
            &[("ISO 9001", 88)],
            0,
            1,
            Some((due(3, 20), "Management review minutes")),
        ),
        customer(
            8,
            "دار الأفق للنشر",
            Some("Dar Al-Ufuq, publishing, Amman"),
            &[("ISO 9001", 46)],
            1,
            6,
            Some((due(3, 14), "Supplier evaluation")),
        ),
        customer(
            10,
            "Fjordlight Software AS",
            Some("Hosting and support, Bergen"),
            &[("ISO 27001", 100)],
            0,
            0,
            Some((due(9, 8), "Surveillance audit")),
        ),
        customer(12, long, Some("Food processing, Galați"), &[("ISO 9001", 35)], 5, 3, Some((due(3, 5), "Corrective action"))),
        CustomerRow {
            no_templates: true,
            ..customer(14, "Tarn & Ashby Solicitors LLP", Some("Law firm, Leeds"), &[("ISO 27001", 0)], 0, 0, None)
        },
        customer(15, &"Unbreakable".repeat(12), None, &[("ISO/IEC 42001:2023", 3)], 0, 0, None),
    ]
}
