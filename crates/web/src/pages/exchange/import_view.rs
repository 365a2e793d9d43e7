//! What an import led to, as its page shows it.

use muster_domain::templates::{Question, Standard, conditions};
use muster_service::{FieldError, ImportOutcome, TemplateImported};

use super::{ImportedPage, ImportedQuestion};
use crate::{
    layout::Layout,
    parts::{Choice, Crumb},
    text::Text,
};

pub(super) fn crumbs(here: &str, t: &Text) -> Vec<Crumb> {
    vec![Crumb::to(t.library.templates, "/library/templates"), Crumb::here(here)]
}

pub(super) fn standards(standards: &[Standard], chosen: &str, t: &Text) -> Vec<Choice> {
    let none = Choice::new("", t.import.no_standard, chosen);
    std::iter::once(none).chain(standards.iter().map(|one| Choice::new(&one.code, &one.code, chosen))).collect()
}

/// The refusals of the file itself: each a sentence with its place.
pub(super) fn places(fields: &[FieldError]) -> Vec<String> {
    let of_file = fields.iter().filter(|field| field.pointer == "/file" && field.code != "blank");
    of_file.map(|field| capital(&field.message)).collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let text: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}

pub(super) fn imported(layout: Layout, made: &TemplateImported, t: &Text) -> ImportedPage {
    let w = &t.import;
    let name = &made.template.name;
    let outcome = match made.outcome {
        ImportOutcome::Created => w.created.with(name),
        ImportOutcome::Drafted => w.drafted.with(name),
        ImportOutcome::NothingNew => w.nothing_new.with(name),
    };
    let content = &made.content;
    let headings = content.body.lines().filter(|line| line.starts_with('#')).count();
    let required = content.questions.iter().filter(|question| question.required).count();
    ImportedPage {
        layout,
        crumbs: crumbs(name, t),
        outcome,
        is_new: made.outcome != ImportOutcome::NothingNew,
        template_id: made.template.id.to_string(),
        counts: vec![
            w.questions.n(content.questions.len()),
            w.required.n(required),
            w.sections.n(conditions(&content.body).count()),
            w.headings.n(headings),
        ],
        questions: content.questions.iter().map(question).collect(),
        problems: made.problems.iter().map(|problem| capital(problem)).collect(),
        notices: made.notices.clone(),
    }
}

fn question(question: &Question) -> ImportedQuestion {
    let columns = question.columns.iter().map(|column| column.label.clone());
    let options = question.options.iter().map(|option| option.label.clone());
    ImportedQuestion {
        key: question.key.clone(),
        label: question.label.clone(),
        kind: question.kind.as_str().to_owned(),
        required: question.required,
        requires_evidence: question.requires_evidence,
        section: question.section.clone(),
        parts: columns.chain(options).collect(),
    }
}
