//! Sample drawers, and the form for a new task.

use crate::pages::audit::{Change as AuditChange, Entry, Piece};
use crate::pages::workspace::{AddForm, Drawer, EditForm, Ignored, Link, Move, Place, SaidHere, Talk, TaskMail};
use crate::parts::{Choice, Field, Level, Moment, Person, Priority, Status};
use crate::samples::tasks::due;
use crate::text::ENGLISH;

pub(crate) fn drawer() -> Drawer {
    Drawer {
        id: "k2".into(),
        version: 4,
        level: Level::Plan,
        question: false,
        path: vec![Place { label: "ISO 27001:2022".into(), href: "#plan-p1".into() }],
        title: "Agree the internal audit calendar".into(),
        description: Some("Two audits a year.\nAsk the site leads for weeks that suit them.".into()),
        status: Status::Open,
        assignee: Some(Person::new("Jonas Weidner", true)),
        role: None,
        may_take: false,
        due: Some(due(4, 2)),
        recurs: Some("every quarter".into()),
        priority: Priority::Medium,
        notes: Some("Elena prefers the second half of the year.".into()),
        evidence: Some(crate::pages::evidence::samples::full_block()),
        completed: None,
        ignored: None,
        created: "24 Feb 2026, 09:00".into(),
        done_at: None,
        done_hint: None,
        mail: Some(TaskMail { state: Some(("Queued", "info")), page: Some("/tasks/c1/mail".into()) }),
        moves: vec![Move::Start, Move::Submit, Move::Hold, Move::Block, Move::Cancel],
        edit: Some(EditForm {
            title: Field::of("Agree the internal audit calendar"),
            description: Field::of("Two audits a year.\nAsk the site leads for weeks that suit them."),
            assignees: assignees(""),
            assignee: Field::default(),
            due_date: Field::of("2026-04-02"),
            stored_due: "2026-04-02".into(),
            recurrences: crate::recurrence::choices("quarterly", &ENGLISH),
            recurrence: Field::default(),
            priorities: Priority::ALL.map(|one| Choice::new(one.key(), one.word(&ENGLISH), "medium")).to_vec(),
            notes: Field::of("Elena prefers the second half of the year."),
            fixed_words: false,
            unfolded: false,
        }),
        may_ignore: true,
        may_restore: false,
        talk: talk(),
        history: history(),
        links: vec![Link { icon: "document", label: ENGLISH.talk.document.into(), href: "/documents/d1".into() }],
        close: "/customers/5#t-k2".into(),
        here: "/customers/5?task=k2#task".into(),
    }
}

fn talk() -> Talk {
    let at = |day: u8| Moment { text: format!("{day} Mar 2026, 15:20"), iso: format!("2026-03-{day}T14:20:00Z") };
    let said = |name: &str, firm, day, pieces: &[(&str, bool)]| SaidHere {
        author: Person::new(name, firm),
        at: at(day),
        pieces: pieces.iter().map(|(text, is_name)| ((*text).to_owned(), *is_name)).collect(),
    };
    Talk {
        comments: vec![
            said(
                "Mara Lindqvist",
                true,
                10,
                &[("The February export leaves out the Maribor branch. ", false), ("@David Okafor", true), (", could you add it?", false)],
            ),
            said("David Okafor", false, 11, &[("Yes, I have asked the site lead.\nI expect it on Wednesday.", false)]),
        ],
        may: true,
        body: Field::default(),
        people: vec![Choice::new("", ENGLISH.talk.mention_nobody, ""), Choice::new("@[7]", "David Okafor", "-")],
    }
}

fn history() -> Vec<Entry> {
    let at = Moment { text: "9 Mar 2026, 10:02".into(), iso: "2026-03-09T09:02:00Z".into() };
    let moved = AuditChange { name: "Due date".into(), before: Some("11 Mar 2026".into()), after: Some("2 Apr 2026".into()) };
    let sentence = vec![Piece::Name("Mara Lindqvist".into(), None), Piece::Words(" changed the task")];
    vec![
        Entry { number: 9, at: at.clone(), icon: "check", sentence: sentence.clone(), changes: vec![moved] },
        Entry { number: 4, at, icon: "check", sentence, changes: Vec::new() },
    ]
}

pub(super) fn refused_edit() -> Drawer {
    let mut drawer = drawer();
    if let Some(edit) = drawer.edit.as_mut() {
        edit.assignee = Field::refused("", "This does not exist.");
        edit.recurrence = Field::refused("", ENGLISH.recurs.refused);
        edit.title = Field::refused("", "Give the task a title.");
        edit.due_date = Field::refused("1926-04-02", "Choose a day of this century.");
        edit.unfolded = true;
    }
    drawer
}

pub(super) fn question() -> Drawer {
    Drawer {
        id: "q2".into(),
        level: Level::Template,
        question: true,
        path: vec![
            Place { label: "ISO 27001:2022".into(), href: "#plan-p1".into() },
            Place { label: "Patch management".into(), href: "#template-p1-31".into() },
        ],
        title: "Which team runs patch management?".into(),
        description: None,
        assignee: None,
        role: Some("Contributor".into()),
        may_take: true,
        evidence: None,
        notes: None,
        talk: Talk { comments: Vec::new(), ..talk() },
        history: Vec::new(),
        links: Vec::new(),
        done_hint: Some(ENGLISH.task.question_about),
        done_at: Some("/plans/p1/templates/31/questionnaire#q-team".into()),
        moves: vec![Move::Start, Move::Hold],
        recurs: None,
        edit: drawer().edit.map(|edit| EditForm { fixed_words: true, recurrences: Vec::new(), ..edit }),
        ..drawer()
    }
}

pub(super) fn ignored() -> Drawer {
    Drawer {
        id: "c4".into(),
        level: Level::Customer,
        path: Vec::new(),
        title: "Arrange a photo for the reference page".into(),
        status: Status::Ignored,
        evidence: None,
        moves: Vec::new(),
        edit: None,
        may_ignore: false,
        may_restore: true,
        ignored: Some(Ignored {
            by: "Mara Lindqvist".into(),
            at: "2 Mar 2026, 11:20".into(),
            reason: "The customer does not want to be named.".into(),
        }),
        ..drawer()
    }
}

fn assignees(current: &str) -> Vec<Choice> {
    vec![
        Choice::new("", ENGLISH.common.nobody, current),
        Choice::new("m1", "Sophie Martens (Acme Corp)", current),
        Choice::new("m2", "David Okafor (Acme Corp)", current),
        Choice::new("f1", "Mara Lindqvist", current),
    ]
}

pub(super) fn adding() -> AddForm {
    AddForm {
        node: "plan:p2".into(),
        place: "ISO 9001:2015".into(),
        level: Some(Level::Plan),
        plan_id: Some("p2".into()),
        title: Field::refused("", "Say what has to be done."),
        assignees: assignees(""),
        recurrences: crate::recurrence::choices("", &ENGLISH),
        ..AddForm::default()
    }
}
