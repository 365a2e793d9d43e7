//! Samples of the workspace.

mod forms;
mod nodes;

pub(crate) use self::forms::drawer;
use self::forms::{adding, ignored, question, refused_edit};
use self::nodes::{customer_tasks, environment, quality, security};
use super::*;
use crate::parts::{Action, Tasks};
use crate::samples::tasks::{due, row};
use crate::samples::{Sampled, consultant, member};

impl Sampled for WorkspacePage {
    const NAME: &'static str = "workspace";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = full();
        let filtered = Filters { overdue: true, shown: 3, query: "?overdue=1&".into(), ..full.filters.clone() };
        let nothing = Filters { q: "firewall".into(), shown: 0, query: "?q=firewall&".into(), ..full.filters.clone() };
        vec![
            ("full", full.clone()),
            ("task", Self { drawer: Some(drawer()), ..full.clone() }),
            ("question", Self { drawer: Some(question()), ..full.clone() }),
            ("ignored-task", Self { drawer: Some(ignored()), ..full.clone() }),
            ("refused-task", Self { drawer: Some(refused_edit()), ..full.clone() }),
            ("adding", Self { adding: Some(adding()), ..full.clone() }),
            ("filtered", Self { filters: filtered, ..full.clone() }),
            ("nothing", Self { filters: nothing, tasks: CustomerNode::default(), plans: Vec::new(), ..full.clone() }),
            ("reader", reader(full.clone())),
            ("empty", empty(full)),
            ("rtl", rtl()),
            ("large", large()),
        ]
    }
}

fn full() -> WorkspacePage {
    WorkspacePage {
        layout: consultant("Acme Corp", Nav::Portfolio),
        customer: Head {
            id: 5,
            name: "Acme Corp".into(),
            about: Some("Precision sensors · 214 staff in Vienna, Graz and Maribor".into()),
            contact: Some("Elena Brandt, CISO".into()),
            archived: false,
        },
        may: May { assign: true, add: true, ignore: true, edit_customer: true, people: true, calendar: true, read_audit: true },
        summary: Summary {
            progress: Progress::new(38, 67),
            overdue: 3,
            waiting: Some(4),
            evidence: 3,
            review: 1,
            deadlines: vec![
                deadline(3, 18, "Send the latest patch compliance report"),
                deadline(3, 19, "Access control policy: CISO approval"),
                deadline(3, 20, "Sign the data processing agreement"),
            ],
        },
        filters: Filters { mine_count: 3, shown: 67, query: "?".into(), ..Filters::default() },
        tasks: CustomerNode { tasks: Tasks::sort(customer_tasks()), progress: Progress::new(1, 3), shown: true },
        plans: vec![security(), quality(), environment()],
        ignored_plans: vec![IgnoredNode {
            level: Level::Plan,
            name: "ISO 22301:2019".into(),
            reason: "Postponed to next year by the board.".into(),
            by: "Mara Lindqvist".into(),
            at: "9 Mar".into(),
            restore: "/plans/p4/restore".into(),
        }],
        ignored: 3,
        adding: None,
        drawer: None,
        today: "17 Mar 2026".into(),
        version: 7,
    }
}

fn deadline(month: i8, day: i8, title: &str) -> Deadline {
    Deadline { due: due(month, day), title: title.into(), href: "?task=k2#task".into() }
}

/// Seen by an auditor: nothing to press.
fn reader(page: WorkspacePage) -> WorkspacePage {
    let mut page = WorkspacePage {
        layout: member("Acme Corp", Nav::Workspace),
        may: May::default(),
        summary: Summary { waiting: None, ..page.summary },
        drawer: Some(Drawer {
            edit: None,
            moves: Vec::new(),
            may_ignore: false,
            status: Status::Done,
            evidence: None,
            talk: Talk { may: false, people: Vec::new(), ..drawer().talk },
            completed: Some(("Jonas Weidner".into(), "12 Mar 2026, 16:04".into())),
            ..drawer()
        }),
        plans: vec![PlanNode { tasks: Tasks::default(), ..quality() }],
        ignored_plans: Vec::new(),
        filters: Filters { mine_count: 0, ..page.filters },
        ..page
    };
    page.tasks.tasks = Tasks::sort(customer_tasks().into_iter().map(|row| row.doing(Action::None)).collect());
    page
}

fn empty(page: WorkspacePage) -> WorkspacePage {
    WorkspacePage {
        customer: Head { id: 9, name: "Tarn & Ashby Solicitors LLP".into(), about: None, contact: None, archived: false },
        summary: Summary { progress: Progress::default(), overdue: 0, waiting: Some(0), evidence: 0, review: 0, deadlines: Vec::new() },
        tasks: CustomerNode { shown: true, ..CustomerNode::default() },
        plans: Vec::new(),
        ignored_plans: Vec::new(),
        filters: Filters { query: "?".into(), ..Filters::default() },
        ignored: 0,
        ..page
    }
}

/// Names from right to left, and words without an end.
fn rtl() -> WorkspacePage {
    let mut page = full();
    page.customer.archived = true;
    page.customer.name = "دار الأفق للنشر".into();
    page.customer.about = Some("Dar Al-Ufuq, publishing, Amman".into());
    page.tasks.tasks = Tasks::sort(vec![
        row("r1", "ما الاسم القانوني للمؤسسة؟", Status::Open).by_customer("ليلى حداد").on(3, 12),
        row("r2", &"Donaudampfschifffahrtsgesellschaftskapitänspatent".repeat(4), Status::Waiting).by_customer("Sophie Martens").on(3, 20),
        row("r3", "<script>alert(1)</script> & \"quotes\" {{ braces }} 🦊", Status::Open),
    ]);
    if let Some(plan) = page.plans.first_mut() {
        plan.name = "أمن المعلومات".into();
        plan.code = "ISO/IEC27001:2022WithAVeryLongCodeThatNobodyWouldUseButSomebodyMay".into();
    }
    page
}

/// Two thousand tasks.
fn large() -> WorkspacePage {
    let mut page = full();
    page.plans = (0..4)
        .map(|plan| PlanNode {
            id: format!("p{plan}"),
            templates: (0..20)
                .map(|template| TemplateNode {
                    plan_id: format!("p{plan}"),
                    id: format!("{template}"),
                    name: format!("Template {template}"),
                    about: "25 questions".into(),
                    progress: Progress::new(0, 25),
                    tasks: Tasks::sort(
                        (0..25)
                            .map(|task| {
                                let id = format!("0197f3a2-77c1-7d42-9a55-{plan:03}{template:03}{task:06}");
                                row(&id, &format!("How is question {task} of template {template} answered?"), Status::Open)
                                    .by_customer("David Okafor")
                                    .on(4, 2)
                            })
                            .collect(),
                    ),
                    documents: Vec::new(),
                    no_questions: false,
                    unfolded: true,
                })
                .collect(),
            tasks: Tasks::default(),
            ignored: Vec::new(),
            ..security()
        })
        .collect();
    page
}
