//! Nodes of the sample trees.

use crate::pages::workspace::{DocumentNode, IgnoredNode, PlanNode, TemplateNode};
use crate::parts::{Action, DocumentStatus, Level, PlanStatus, Priority, Progress, Status, TaskRow, Tasks};
use crate::samples::tasks::row;

pub(super) fn customer_tasks() -> Vec<TaskRow> {
    vec![
        row("c1", "Complete onboarding survey", Status::Waiting).by_customer("Sophie Martens").on(3, 13),
        TaskRow { needs_evidence: true, ..row("c2", "Sign the data processing agreement", Status::Progress) }
            .by_customer("Hannes Vogel")
            .on(3, 20),
        row("c3", "Send welcome email", Status::Done).by_firm("Mara Lindqvist").on(2, 20),
        row("c4", "Arrange a photo for the reference page", Status::Ignored)
            .noted("Ignored by Mara Lindqvist, 2 Mar: the customer does not want to be named."),
    ]
}

pub(super) fn security() -> PlanNode {
    let questions = "/plans/p1/templates/31/questionnaire";
    let ask = |key: &str| Action::Go(format!("{questions}#q-{key}"));
    PlanNode {
        id: "p1".into(),
        code: "ISO 27001:2022".into(),
        name: "Information security".into(),
        target: Some("30 Sep 2026".into()),
        status: PlanStatus::Active,
        progress: Progress::new(28, 38),
        tasks: Tasks::sort(vec![
            row("k1", "Identify stakeholders and what they expect", Status::Progress).by_firm("Mara Lindqvist").on(3, 23),
            TaskRow { needs_evidence: true, ..row("k2", "Agree the internal audit calendar", Status::Open) }
                .by_firm("Jonas Weidner")
                .on(4, 2)
                .coming_back("every year"),
            row("k3", "Wait for the new head of IT", Status::Hold).by_firm("Jonas Weidner"),
            row("k4", "Get the network plan of the Graz site", Status::Blocked).by_customer("David Okafor").on(3, 30),
            row("k5", "Review scope and objectives", Status::Done).by_firm("Mara Lindqvist").on(2, 11),
            row("k6", "Attend kickoff meeting", Status::Done).by_firm("Mara Lindqvist").on(2, 6),
        ]),
        templates: vec![
            TemplateNode {
                plan_id: "p1".into(),
                id: "31".into(),
                name: "Patch management".into(),
                about: "ISMS 20 · 14 questions".into(),
                progress: Progress::new(8, 14),
                tasks: Tasks::sort(vec![
                    row("q1", "Which systems cannot be patched, and what protects them instead?", Status::Open)
                        .by_customer("David Okafor")
                        .on(3, 16)
                        .doing(ask("exceptions")),
                    TaskRow { priority: Priority::High, current: true, ..row("q2", "Which team runs patch management?", Status::Progress) }
                        .by_customer("David Okafor")
                        .on(3, 18)
                        .doing(ask("team")),
                    row("q3", "Who may approve an emergency patch outside the maintenance window?", Status::Waiting)
                        .by_customer("Elena Brandt")
                        .on(3, 24)
                        .doing(ask("emergency")),
                    row(
                        "q4",
                        "How are patches followed up for systems run by third parties, including hosted payroll, the \
                         laboratory instrument network and the acquired sites in Graz and Maribor, and who is told \
                         when a deadline is missed?",
                        Status::Open,
                    )
                    .on(3, 31)
                    .doing(ask("third")),
                    row("q5", "What is the legal name of the organisation?", Status::Done)
                        .by_firm("Mara Lindqvist")
                        .on(3, 3)
                        .noted("Reused from ISO 9001, Context and interested parties")
                        .doing(ask("name")),
                    row("q6", "How often are servers patched?", Status::Done).by_customer("David Okafor").doing(ask("often")),
                ]),
                documents: Vec::new(),
                no_questions: false,
                unfolded: true,
            },
            TemplateNode {
                plan_id: "p1".into(),
                id: "32".into(),
                name: "Access control".into(),
                about: "ISMS 12 · 9 questions, all answered".into(),
                progress: Progress::new(10, 12),
                tasks: Tasks::sort(vec![
                    row("a1", "Which roles may grant access to production systems?", Status::Done).by_customer("David Okafor"),
                    row("a2", "How quickly does access end when somebody leaves?", Status::Done).by_customer("David Okafor"),
                ]),
                documents: vec![access_policy()],
                no_questions: false,
                unfolded: true,
            },
            TemplateNode {
                plan_id: "p1".into(),
                id: "33".into(),
                name: "Supplier security".into(),
                about: "ISMS 23 · Assigned 16 Mar".into(),
                progress: Progress::default(),
                tasks: Tasks::default(),
                documents: Vec::new(),
                no_questions: true,
                unfolded: true,
            },
        ],
        ignored: vec![IgnoredNode {
            level: Level::Template,
            name: "Secure development".into(),
            reason: "Acme develops no software.".into(),
            by: "Mara Lindqvist".into(),
            at: "4 Mar".into(),
            restore: "/plans/p1/templates/34/restore".into(),
        }],
        unfolded: true,
    }
}

fn access_policy() -> DocumentNode {
    DocumentNode {
        id: "d1".into(),
        name: "Access control policy".into(),
        version: "3".into(),
        status: DocumentStatus::InReview,
        out_of_date: true,
        progress: Progress::new(1, 3),
        tasks: Tasks::sort(vec![
            row("d-1", "Get CISO approval", Status::Review).by_customer("Elena Brandt").on(3, 19).doing(Action::Go("/documents/d1".into())),
            row("d-2", "Tell all staff about the new policy", Status::Open).by_customer("Elena Brandt").on(3, 27),
            row("d-3", "Get manager approval", Status::Done).by_customer("David Okafor").on(3, 12),
        ]),
        unfolded: true,
    }
}

pub(super) fn quality() -> PlanNode {
    PlanNode {
        id: "p2".into(),
        code: "ISO 9001:2015".into(),
        name: "Quality management".into(),
        target: Some("15 Dec 2026".into()),
        status: PlanStatus::Paused,
        progress: Progress::new(9, 24),
        tasks: Tasks::sort(vec![
            TaskRow { priority: Priority::Urgent, ..row("u1", "Name the process owners", Status::Open) }
                .by_customer("Sophie Martens")
                .on(3, 11),
        ]),
        templates: vec![TemplateNode {
            plan_id: "p2".into(),
            id: "41".into(),
            name: "Context and interested parties".into(),
            about: "QMS 02 · 7 questions".into(),
            progress: Progress::new(9, 9),
            tasks: Tasks::default(),
            documents: vec![DocumentNode {
                id: "d2".into(),
                name: "Context of the organisation".into(),
                version: "1".into(),
                status: DocumentStatus::Approved,
                out_of_date: false,
                progress: Progress::new(2, 2),
                tasks: Tasks::default(),
                unfolded: false,
            }],
            no_questions: false,
            unfolded: false,
        }],
        ignored: Vec::new(),
        unfolded: true,
    }
}

pub(super) fn environment() -> PlanNode {
    PlanNode {
        id: "p3".into(),
        code: "ISO 14001:2015".into(),
        name: "Environmental management".into(),
        target: None,
        status: PlanStatus::Active,
        progress: Progress::new(0, 2),
        tasks: Tasks::sort(vec![
            row("e1", "Review scope and list the sites", Status::Open).by_firm("Mara Lindqvist").on(4, 7),
            row("e2", "Nominate an environmental lead", Status::Waiting).by_customer("Hannes Vogel").on(4, 10),
        ]),
        templates: Vec::new(),
        ignored: Vec::new(),
        unfolded: true,
    }
}
