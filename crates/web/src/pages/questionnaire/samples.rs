//! Samples of the questionnaire.

use super::*;
use crate::pages::evidence::{
    Block, State,
    samples::{file, full_block},
};
use crate::parts::{Choice, Due, Moment, Tone};
use crate::samples::{Sampled, consultant, member};

impl Sampled for QuestionnairePage {
    const NAME: &'static str = "questionnaire";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = full();
        let empty = Self {
            parts: Vec::new(),
            progress: Progress::default(),
            missing: Vec::new(),
            preview: Some("<h2>Supplier security</h2><p>The same for everybody.</p>".into()),
            save: Some(Field::of("Supplier security")),
            ..full.clone()
        };
        let mut reader = Self { layout: member("Patch management", Nav::Workspace), may_answer: false, save: None, ..full.clone() };
        for question in reader.parts.iter_mut().flat_map(|part| &mut part.questions) {
            question.delegate = None;
            if let Some(block) = &mut question.evidence {
                block.upload = None;
                block.files.iter_mut().for_each(|file| file.may_decide = false);
            }
        }
        vec![
            ("full", full.clone()),
            ("complete", complete(full.clone())),
            ("empty", empty),
            ("ignored", Self { is_ignored: true, ..reader.clone() }),
            ("reader", reader),
            ("folded", folded(full.clone())),
            ("nothing-left", Self { parts: vec![Part { questions: Vec::new(), ..organisation() }], only_mine: true, ..full.clone() }),
            ("no-preview", Self { preview: None, only_open: true, ..full }),
        ]
    }
}

fn saved(text: &str, by: Option<&str>) -> Option<Saved> {
    let at = Moment { text: text.into(), iso: "2026-03-09T10:42:00Z".into() };
    Some(Saved { at, by: by.map(Into::into), from: None })
}

fn question(number: u32, key: &str, label: &str, kind: Kind) -> Question {
    Question {
        number,
        key: key.into(),
        label: label.into(),
        help: None,
        example: None,
        required: true,
        requires_evidence: false,
        evidence: None,
        kind,
        value: String::new(),
        shown: None,
        version: None,
        saved: None,
        not_applicable: None,
        refusal: Field::default(),
        error: None,
        unsaved: false,
        clash: None,
        suggestion: None,
        newer: None,
        is_shared: false,
        asked: Asked { task: Some("0197f3a2-77c1-7d42-9a55-0d5b1f0c2b10".into()), ..Asked::default() },
        delegate: Some(super::DelegateForm {
            people: choices(&[("Mara Lindqvist", false)]),
            days: choices(&[("7 days", false), ("14 days", true)]),
            ..super::DelegateForm::default()
        }),
    }
}

fn answered(question: Question, value: &str, at: &str, by: &str) -> Question {
    Question { value: value.into(), shown: Some(value.into()), version: Some(2), saved: saved(at, Some(by)), ..question }
}

fn choices(list: &[(&str, bool)]) -> Vec<Choice> {
    let choice =
        |(label, chosen): &(&str, bool)| Choice { value: label.to_lowercase().replace(' ', "-"), label: (*label).into(), chosen: *chosen };
    list.iter().map(choice).collect()
}

fn organisation() -> Part {
    let name = question(1, "org_name", "What is the legal name of the organisation?", Kind::Text);
    let mut name = answered(name, "Acme Corp GmbH", "3 Mar", "Mara Lindqvist");
    name.help = Some("As it stands in the commercial register.".into());
    if let Some(saved) = name.saved.as_mut() {
        saved.from = Some("ISO 9001, Context and interested parties".into());
    }
    name.is_shared = true;
    name.newer = Some(Suggestion {
        place: "ISO 9001, Context and interested parties".into(),
        answer: "Acme Corp SE".into(),
        source: "0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11/0197f3a2-77c1-7d42-9a55-0d5b1f0c2b12/3".into(),
    });
    let mut team = question(2, "team", "Which team runs patch management?", Kind::Text);
    team.suggestion = Some(Suggestion {
        place: "ISO 9001, Context and interested parties".into(),
        answer: "IT Operations, Vienna (6 people, lead: David Okafor)".into(),
        source: "0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11/0197f3a2-77c1-7d42-9a55-0d5b1f0c2b12/1".into(),
    });
    let systems = [
        ("Servers", true),
        ("Laptops and phones", true),
        ("Network equipment", true),
        ("Production and laboratory devices", false),
        ("Cloud services", true),
    ];
    let mut scope = question(3, "scope", "Which systems does the procedure cover?", Kind::Choices(choices(&systems)));
    scope.help = Some("Choose all that apply. What you leave out is named as an exception in the document.".into());
    let scope = answered(scope, "Servers, laptops and phones", "9 Mar", "David Okafor");
    Part { title: Some("Organisation".into()), questions: vec![name, team, scope], progress: Progress::new(2, 3) }
}

fn cycle() -> Part {
    let rhythm = [
        ("Every week", false),
        ("Every month, in a fixed maintenance window", true),
        ("Every quarter", false),
        ("Another rhythm, which I will describe", false),
    ];
    let often = question(4, "often", "How often are servers patched?", Kind::Choice(choices(&rhythm)));
    let often = answered(often, "Every month, in a fixed maintenance window", "9 Mar", "David Okafor");
    let mut days = question(5, "days", "Within how many days are critical security patches installed?", Kind::Number(Some("days".into())));
    days.help = Some("Count from the day the maker publishes the patch.".into());
    days.value = "a fortnight".into();
    days.version = Some(3);
    days.error = Some("Enter a number from 1 to 90.".into());
    days.shown = Some("14".into());
    let mut who = question(6, "emergency", "Who may approve an emergency patch?", Kind::LongText);
    who.help = Some("Name roles, not people, and say who stands in for them.".into());
    who.example = Some("The head of IT Operations, in her absence the CISO.".into());
    who.clash = Some(Clash {
        by: "Elena Brandt".into(),
        theirs: "The head of IT, then the CISO.".into(),
        yours: "The CISO alone.".into(),
        mine: vec![("value".into(), "The CISO alone.".into())],
    });
    let who = answered(who, "The head of IT, then the CISO.", "today, 10:42", "Elena Brandt");
    let window = question(7, "window", "Is there a fixed maintenance window?", Kind::YesNo);
    let window = answered(window, "yes", "today, 10:40", "David Okafor");
    Part { title: Some("Patch cycle".into()), questions: vec![often, days, who, window], progress: Progress::new(3, 4) }
}

fn records() -> Part {
    let people = vec!["David Okafor".into(), "Elena Brandt".into()];
    let owner = question(8, "owner", "Who keeps the records?", Kind::Person(people));
    let mut report = question(9, "report", "What does the monthly report show?", Kind::LongText);
    report.requires_evidence = true;
    report.evidence = Some(full_block());
    let mut review = question(10, "review", "When is this procedure reviewed next?", Kind::Date);
    review.required = false;
    let review = answered(review, "2027-03-01", "today, 10:42", "Mara Lindqvist");
    let arabic = question(11, "ar", "ما الاسم القانوني للمؤسسة؟", Kind::Text);
    let arabic = answered(arabic, "دار الأفق للنشر <b>&</b> \"co\"", "9 Mar", "ليلى حداد");
    let mut none = answered(question(12, "outsourced", "Which systems do others run?", Kind::LongText), "", "9 Mar", "David Okafor");
    none.not_applicable = Some("Everything runs in Vienna.".into());
    report.asked.who = Some("Elena Brandt".into());
    report.asked.due = Some(Due { text: "Tue 24 Mar".into(), iso: "2026-03-24".into(), tone: None });
    let mut annex = question(14, "annex", "Attach the latest patch compliance report", Kind::File);
    annex.evidence = Some(Block {
        id: "annex".into(),
        files: vec![file("patch-report-2026-02.pdf", State::Accepted)],
        is_needed: false,
        ..full_block()
    });
    let questions = vec![owner, report, annex, review, arabic, none, exceptions()];
    Part { title: Some("Records".into()), questions, progress: Progress::new(3, 6) }
}

/// A table with a cell that was refused.
fn exceptions() -> Question {
    let column = |key: &str, label: &str, required, input| Column { key: key.into(), label: label.into(), required, input };
    let kinds = CellInput::Choice(choices(&[("Network", true), ("Guard", false)]));
    let cell = |value: &str, input: &CellInput| Cell { value: value.into(), input: input.clone(), error: None };
    let row = |system: &str, since: &str| vec![cell(system, &CellInput::Text), cell(since, &CellInput::Date), cell("", &kinds)];
    let mut table = Table {
        columns: vec![
            column("system", "System", true, CellInput::Text),
            column("since", "Since", false, CellInput::Date),
            column("instead", "Protection instead", false, kinds.clone()),
        ],
        rows: vec![row("Calibration bench 2", "2023-05-01"), row("", "2024-01-01"), row("", "")],
    };
    table.refuse(1, "system", "Fill in this cell.".into());
    let mut asked = question(13, "exceptions", "Which systems cannot be patched, and what protects them instead?", Kind::Table(table));
    asked.error = Some("Not saved yet. These cells need a look:".into());
    asked.asked.due = Some(Due { text: "1 day late".into(), iso: "2026-03-16".into(), tone: Some(Tone::Bad) });
    asked
}

const PREVIEW: &str = r##"<h2>Patch management procedure</h2>
<h3>1. Purpose</h3>
<p>This procedure sets out how <a class="fill" href="#q-org_name">Acme Corp GmbH</a> keeps its systems up to date.</p>
<h3>2. Scope and responsibility</h3>
<p>It covers <a class="fill" href="#q-scope">servers, laptops and phones</a>. It is carried out by
<a class="fill gap" href="#q-team">2 Team</a>.</p>
<h3>3. Regular patches</h3>
<p>Servers are patched <a class="fill" href="#q-often">every month, in a fixed maintenance window</a>. Critical patches
are installed within <a class="fill gap" href="#q-days">5 Days</a> days.</p>
<table><thead><tr><th>Record</th><th>Kept by</th></tr></thead><tbody><tr><td>Report</td>
<td><a class="fill gap" href="#q-owner">8 Owner</a></td></tr></tbody></table>"##;

fn full() -> QuestionnairePage {
    let missing = [(2, "team"), (5, "days"), (8, "owner"), (9, "report")];
    QuestionnairePage {
        layout: consultant("Patch management", Nav::Portfolio),
        crumbs: vec![
            Crumb::to("Portfolio", "/"),
            Crumb::to("Acme Corp", "/customers/5"),
            Crumb::to("ISO 27001:2022", "/customers/5#plan-p1"),
            Crumb::here("Patch management"),
        ],
        customer_id: 5,
        workspace_version: 12,
        plan_id: "p1".into(),
        template_id: "31".into(),
        name: "Patch management".into(),
        mark: Some("ISMS 20".into()),
        may_answer: true,
        is_ignored: false,
        newer: Some(3),
        parts: vec![organisation(), cycle(), records()],
        progress: Progress::new(8, 13),
        missing: missing.map(|(number, key)| Missing { number, key: key.into() }).to_vec(),
        only_open: false,
        only_mine: false,
        mine: 1,
        saved_at: Some(Moment { text: "today, 10:42".into(), iso: "2026-03-09T10:42:00Z".into() }),
        preview: Some(PREVIEW.into()),
        documents: Vec::new(),
        save: Some(Field::of("Patch management procedure")),
    }
}

/// A run of answered questions stands folded.
fn folded(page: QuestionnairePage) -> QuestionnairePage {
    let quiet = |number| answered(question(number, &format!("q{number}"), "What else?", Kind::Text), "This.", "9 Mar", "David Okafor");
    let parts = vec![Part { title: Some("Done".into()), questions: (1..=9).map(quiet).collect(), progress: Progress::new(9, 9) }, cycle()];
    QuestionnairePage { parts, ..page }
}

impl Sampled for UsesPage {
    const NAME: &'static str = "uses";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |place: &str, answer: Option<&str>, is_here| UseRow {
            place: place.into(),
            href: "/plans/p1/templates/31/questionnaire#q-team".into(),
            label: "Which team runs patch management?".into(),
            answer: answer.map(Into::into),
            at: answer.map(|_| Moment { text: "9 Mar".into(), iso: "2026-03-09T10:42:00Z".into() }),
            by: answer.map(|_| "David Okafor".into()),
            is_here,
        };
        let full = Self {
            layout: consultant("Where it is used", Nav::Portfolio),
            crumbs: vec![Crumb::to("Acme Corp", "/customers/5"), Crumb::here("Where it is used")],
            label: "Which team runs patch management?".into(),
            rows: vec![
                row("ISO 27001:2022, Patch management", None, true),
                row("ISO 9001:2015, Context and interested parties", Some("IT Operations, Vienna"), false),
            ],
        };
        vec![("full", full.clone()), ("empty", Self { rows: Vec::new(), ..full })]
    }
}

fn complete(page: QuestionnairePage) -> QuestionnairePage {
    QuestionnairePage {
        parts: vec![Part { title: None, progress: Progress::new(3, 3), ..organisation() }],
        progress: Progress::new(3, 3),
        missing: Vec::new(),
        documents: vec![("d1".into(), "Patch management procedure".into())],
        save: Some(Field::refused("", "Give the document a name.")),
        ..page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer sends its question and what counts it, and nothing of the other questions.
    #[test]
    fn an_answer_sends_what_it_changes() {
        let page = full();
        let whole = page.render().unwrap();
        let question = page.parts[0].questions[1].clone();
        let alone = |part: Part| Part { questions: part.questions.into_iter().filter(|one| one.key == question.key).collect(), ..part };
        let page = QuestionnairePage { parts: page.parts.into_iter().map(alone).collect(), ..page };
        let html = ChangedPage { page, question, is_whole: false }.render().unwrap();
        for part in ["state-team", "progress", "part-1-tally", "saved", "preview-text", "document"] {
            assert!(html.contains(&format!("id=\"{part}\"")), "{part}");
        }
        assert!(!html.contains("id=\"q-") && html.len() * 3 < whole.len(), "{} of {}", html.len(), whole.len());
    }

    #[test]
    fn only_longer_runs_of_answered_questions_are_folded() {
        let part = &folded(full()).parts[0];
        let t = &crate::text::ENGLISH;
        let titles = |is_long| part.groups(is_long).iter().filter(|group| group.is_folded).map(|group| group.title(t)).collect::<Vec<_>>();
        assert_eq!(titles(true), ["9 more answered questions: 1 to 9"]);
        assert!(titles(false).is_empty());
        let short = Part { questions: part.questions[..3].to_vec(), ..part.clone() };
        assert_eq!(short.groups(true)[0].title(t), "3 more answered questions: 1, 2 and 3");
        assert!(cycle().groups(true).iter().all(|group| !group.is_folded));
        // Evidence that somebody has to look at keeps its question in sight.
        let mut waiting = part.clone();
        waiting.questions[8].evidence = Some(Block { files: vec![file("report.pdf", State::Waiting)], ..Block::default() });
        let shown: Vec<_> = waiting.groups(true).iter().map(|group| (group.is_folded, group.questions.len())).collect();
        assert_eq!(shown, [(true, 8), (false, 1)]);
        waiting.questions[8].evidence = Some(Block { files: vec![file("report.pdf", State::Accepted)], ..Block::default() });
        assert_eq!(waiting.groups(true).len(), 1);
    }
}
