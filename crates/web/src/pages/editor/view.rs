//! The editor as its page shows it.

use std::collections::HashSet;

use muster_domain::templates::{Question, ReleaseContent, mention};
use muster_service::TemplateDetail;

use super::{
    EditorPage, EditorPart, EditorQuestion,
    preview::{self, Sections},
    problems,
};
use crate::{
    format,
    layout::Layout,
    pages::visit::Visit,
    parts::{Choice, Crumb, Field},
    text::Text,
};

/// What is shown of a draft.
pub(super) struct Shown {
    /// The content, saved or not.
    pub(super) content: ReleaseContent,
    /// It was not saved.
    pub(super) is_unsaved: bool,
    /// Which optional sections are in the preview.
    pub(super) sections: Sections,
    /// Nothing but the preview and the problems is asked for.
    pub(super) is_only_live: bool,
}

/// The way to a page of a template.
pub(super) fn crumbs(visit: &Visit, detail: &TemplateDetail, here: &str) -> Vec<Crumb> {
    vec![
        Crumb::to(visit.t.library.templates, "/library/templates"),
        Crumb::to(&detail.template.name, format!("/library/templates/{}", detail.template.id)),
        Crumb::here(here),
    ]
}

pub(super) fn page(visit: &Visit, layout: Layout, detail: &TemplateDetail, shown: &Shown) -> EditorPage {
    let t = visit.t;
    let content = &shown.content;
    let chosen = if shown.sections == Sections::All { "all" } else { "asked" };
    EditorPage {
        layout,
        crumbs: crumbs(visit, detail, t.editor.draft),
        id: detail.template.id.to_string(),
        name: detail.template.name.clone(),
        version: detail.template.version.into(),
        about: about(visit, detail),
        has_draft: detail.draft().is_some(),
        unsaved: shown.is_unsaved,
        title: Field::of(&content.document_title),
        body: Field::of(&content.body),
        sections: vec![Choice::new("all", t.editor.sections_all, chosen), Choice::new("asked", t.editor.sections_asked, chosen)],
        problems: problems::rows(content, t),
        preview: preview::html(content, shown.sections, visit.today(), t),
        parts: if shown.is_only_live { Vec::new() } else { parts(content) },
    }
}

/// What is being edited: a saved draft, or what a new one begins with.
fn about(visit: &Visit, detail: &TemplateDetail) -> String {
    let w = &visit.t.editor;
    match (detail.draft(), detail.latest_release()) {
        (Some(draft), _) => {
            let at = format::recent(draft.at, visit.today(), &visit.zone(), visit.t).text;
            match &draft.by {
                Some(person) => w.draft_saved_by.with3(draft.number, at, &person.name),
                None => w.draft_saved.with2(draft.number, at),
            }
        }
        (None, Some(release)) => w.begins_from.with(release.number),
        (None, None) => w.begins_blank.to_owned(),
    }
}

pub(super) fn parts(content: &ReleaseContent) -> Vec<EditorPart> {
    let problems = content.problems();
    let faulty: HashSet<&str> = problems.iter().filter_map(|problem| problem.key()).collect();
    let last = content.questions.len();
    let mut number = 0;
    let mut row = |question: &Question| {
        number += 1;
        EditorQuestion {
            number,
            key: question.key.clone(),
            label: question.label.clone(),
            kind: question.kind.as_str(),
            required: question.required,
            requires_evidence: question.requires_evidence,
            snippet: mention(question),
            has_problem: faulty.contains(question.key.as_str()),
            may_go_up: number > 1,
            may_go_down: number < last,
        }
    };
    let groups = content.questions.chunk_by(|one, next| one.section == next.section);
    let part = |group: &[Question]| EditorPart {
        title: group.first().and_then(|first| first.section.clone()),
        questions: group.iter().map(&mut row).collect(),
    };
    groups.map(part).collect()
}

/// What a kind of question is called, for choosing among them.
pub(super) fn kind_choices(current: &str, t: &Text) -> Vec<Choice> {
    use muster_domain::templates::QuestionKind;
    QuestionKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), t.library.kind_word(kind.as_str()), current)).collect()
}
