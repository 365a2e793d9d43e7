//! Samples of the questionnaire.

use super::*;
use crate::parts::{Choice, Moment};
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
        reader.parts.iter_mut().flat_map(|part| &mut part.questions).for_each(|question| question.delegate = None);
        vec![
            ("full", full.clone()),
            ("complete", complete(full.clone())),
            ("empty", empty),
            ("ignored", Self { is_ignored: true, ..reader.clone() }),
            ("reader", reader),
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
        kind,
        value: String::new(),
        shown: None,
        version: None,
        saved: None,
        error: None,
        clash: None,
        suggestion: None,
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
    let mut team = question(2, "team", "Which team runs patch management?", Kind::Text);
    team.suggestion = Some(Suggestion {
        place: "ISO 9001, Context and interested parties".into(),
        answer: "IT Operations, Vienna (6 people, lead: David Okafor)".into(),
        source: "0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11".into(),
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
    days.error = Some("Enter a number. The saved answer is 14.".into());
    let mut who = question(6, "emergency", "Who may approve an emergency patch?", Kind::LongText);
    who.help = Some("Name roles, not people, and say who stands in for them.".into());
    who.example = Some("The head of IT Operations, in her absence the CISO.".into());
    who.clash = Some(Clash { by: "Elena Brandt".into(), yours: "The CISO alone.".into() });
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
    let mut review = question(10, "review", "When is this procedure reviewed next?", Kind::Date);
    review.required = false;
    let review = answered(review, "2027-03-01", "today, 10:42", "Mara Lindqvist");
    let arabic = question(11, "ar", "ما الاسم القانوني للمؤسسة؟", Kind::Text);
    let arabic = answered(arabic, "دار الأفق للنشر <b>&</b> \"co\"", "9 Mar", "ليلى حداد");
    Part { title: Some("Records".into()), questions: vec![owner, report, review, arabic], progress: Progress::new(2, 4) }
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
        plan_id: "p1".into(),
        template_id: "31".into(),
        name: "Patch management".into(),
        mark: Some("ISMS 20".into()),
        may_answer: true,
        is_ignored: false,
        newer: Some(3),
        parts: vec![organisation(), cycle(), records()],
        progress: Progress::new(7, 11),
        missing: missing.map(|(number, key)| Missing { number, key: key.into() }).to_vec(),
        only_open: false,
        preview: Some(PREVIEW.into()),
        documents: Vec::new(),
        save: Some(Field::of("Patch management procedure")),
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
