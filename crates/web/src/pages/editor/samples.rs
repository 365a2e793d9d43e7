//! Samples of the editor.

use jiff::civil::date;
use muster_domain::templates::{Column, DraftChange, Question, QuestionKind, QuestionOption, ReleaseContent};

use super::{
    fields::Given,
    preview::{self, Sections},
    *,
};
use crate::{
    pages::{field_errors::FieldErrors, library::TemplateContent},
    samples::{Sampled, consultant},
    text::ENGLISH,
};

fn frame(title: &str) -> Layout {
    consultant(title, Nav::Library)
}

fn crumbs(here: &str) -> Vec<Crumb> {
    vec![Crumb::to("Templates", "/library/templates"), Crumb::to("Patch management", "/library/templates/31"), Crumb::here(here)]
}

/// A template with everything that there is, and a few things left to put right.
fn content() -> ReleaseContent {
    let mut rhythm = Question::new("rhythm", "How often are servers patched?", QuestionKind::Choice);
    rhythm.options = vec![
        QuestionOption { value: "weekly".into(), label: "Every week".into() },
        QuestionOption { value: "m".into(), label: "Every month".into() },
    ];
    let column = |key: &str, label: &str, kind| Column { key: key.into(), label: label.into(), kind, required: true, options: Vec::new() };
    let mut exceptions = Question::new("exceptions", "Which systems cannot be patched?", QuestionKind::Table);
    exceptions.columns = vec![column("system", "System", QuestionKind::Text), column("until", "Until", QuestionKind::Date)];
    exceptions.requires_evidence = true;
    let mut name = Question::new("org_name", "What is the legal name of the organisation?", QuestionKind::Text);
    name.example = Some("Acme </script> GmbH".into());
    let mut arabic = Question::new("team", "أي فريق يعتني بالأنظمة؟", QuestionKind::LongText);
    arabic.section = Some("Patch cycle".into());
    arabic.required = false;
    ReleaseContent {
        document_title: "Patch management of {{org_name}}".into(),
        questions: vec![name, arabic, rhythm, exceptions],
        body: "## Purpose\n\nThis applies to {{org_name}} and {{nobody}}.\n\nPatches come {{rhythm}}.\n\n{{#if rhythm is never}}\n| System | Until |\n|---|---|\n| {{exceptions.system}} | {{exceptions.until}} |\n".into(),
    }
}

fn editor(content: &ReleaseContent) -> EditorPage {
    EditorPage {
        layout: frame("Patch management"),
        crumbs: crumbs("Draft"),
        id: "31".into(),
        name: "Patch management".into(),
        version: 7,
        about: "It will be release 3. Saved 10:42 by Mara Lindqvist.".into(),
        has_draft: true,
        unsaved: false,
        title: Field::of(&content.document_title),
        body: Field::of(&content.body),
        sections: vec![Choice::new("all", "All optional sections", "all"), Choice::new("asked", "Only those the examples ask for", "all")],
        problems: problems::rows(content, &ENGLISH),
        preview: preview::html(content, Sections::All, date(2026, 3, 17), &ENGLISH),
        parts: view::parts(content),
    }
}

impl Sampled for EditorPage {
    const NAME: &'static str = "editor";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = editor(&content());
        let blank = Self { has_draft: false, about: ENGLISH.editor.begins_blank.into(), ..editor(&ReleaseContent::blank()) };
        let live = Self { parts: Vec::new(), unsaved: true, ..full.clone() };
        vec![("full", full), ("blank", blank), ("live", live)]
    }
}

impl Sampled for QuestionPage {
    const NAME: &'static str = "editor-question";

    fn samples() -> Vec<(&'static str, Self)> {
        let content = content();
        let page = |question: &Question| Self {
            layout: frame("Change question"),
            crumbs: crumbs("Change question"),
            id: "31".into(),
            existing: Some(question.key.clone()),
            version: 7,
            count: 4,
            form: Given::stored(question).form("2".into(), &FieldErrors::default(), &ENGLISH),
            text: None,
        };
        let table = page(&content.questions[3]);
        let errors = FieldErrors::of(muster_service::Error::Invalid(vec![
            muster_service::FieldError::new("/key", "key-taken", ""),
            muster_service::FieldError::new("/maximum", "malformed", "must not be below the minimum"),
        ]));
        let refused = Self {
            form: Given::stored(&content.questions[0]).form("x".into(), &errors.unwrap_or_default(), &ENGLISH),
            text: Some(("Title".into(), "</textarea><script>".into())),
            ..page(&content.questions[0])
        };
        let new = Self { existing: None, form: Given::blank().form("5".into(), &FieldErrors::default(), &ENGLISH), ..table.clone() };
        vec![("table", table), ("choice", page(&content.questions[2])), ("refused", refused), ("new", new)]
    }
}

fn changes() -> Changes {
    let before = content();
    let mut after = content();
    after.document_title = "Patch management".into();
    after.body = after.body.replace("{{nobody}}", "its branches") + "{{/if}}\n";
    after.questions[0].label = "What is it called?".into();
    after.questions.swap(1, 2);
    let made = after.change(DraftChange::Remove { key: "team".into() });
    debug_assert_eq!(made, Ok(()));
    after.questions.push(Question::new("window", "When is the maintenance window?", QuestionKind::Text));
    Changes::of(muster_domain::templates::ReleaseChanges::between(&before, &after), &ENGLISH)
}

impl Sampled for ReleaseTemplatePage {
    const NAME: &'static str = "release-template";

    fn samples() -> Vec<(&'static str, Self)> {
        let ready = Self {
            layout: frame("Release"),
            crumbs: crumbs("Release"),
            id: "31".into(),
            version: 7,
            number: Some(3),
            before: Some(2),
            stale: false,
            problems: Vec::new(),
            changes: changes(),
            note: Field::default(),
        };
        let blocked = Self { problems: problems::rows(&content(), &ENGLISH), stale: true, ..ready.clone() };
        let same = Self { changes: Changes::default(), ..ready.clone() };
        vec![("ready", ready.clone()), ("blocked", blocked), ("same", same), ("none", Self { number: None, ..ready })]
    }
}

impl Sampled for ReleasePage {
    const NAME: &'static str = "release";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = Self {
            layout: frame("Release 2"),
            crumbs: crumbs("Release 2"),
            id: "31".into(),
            number: 2,
            about: "Released 13 Mar 2026, 09:10 by Mara Lindqvist.".into(),
            note: Some("Asks for the maintenance window.".into()),
            others: vec![Choice::new("1", "Release 1", "1")],
            changes: Some((1, changes())),
            content: TemplateContent::of(&content(), &ENGLISH),
        };
        let same = Self { changes: Some((1, Changes::default())), ..full.clone() };
        let first = Self { number: 1, note: None, others: Vec::new(), changes: None, ..full.clone() };
        vec![("full", full), ("same", same), ("first", first)]
    }
}

impl Sampled for DetailsPage {
    const NAME: &'static str = "template-details";

    fn samples() -> Vec<(&'static str, Self)> {
        let form = DetailsForm {
            name: Field::of("Patch management"),
            reference: Field::of("ISMS 20"),
            description: Field::of("How systems are kept up to date."),
            standards: vec![
                Choice::new("ISO 27001:2022", "ISO 27001:2022 · Information security", "ISO 27001:2022"),
                Choice::new("ISO 9001:2015", "ISO 9001:2015 · Quality management", "ISO 27001:2022"),
            ],
        };
        let full = Self { layout: frame("Name"), crumbs: crumbs("Name"), existing: Some(("31".into(), 7)), form };
        let refused = DetailsForm { name: Field::refused("", "Fill this in."), ..DetailsForm::default() };
        vec![("full", full.clone()), ("new", Self { existing: None, form: refused, ..full })]
    }
}

impl Sampled for GuidePage {
    const NAME: &'static str = "template-guide";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("guide", Self { layout: frame("How to write templates"), crumbs: crumbs("How to write templates"), html: guide::html() })]
    }
}
