//! Templates as the library shows them.

use muster_domain::{
    access::FirmAction,
    templates::{Question, Release, ReleaseContent, Standard, Template, TemplateStatus},
};
use muster_service::{Slice, TemplateDetail};

use super::{DraftNote, ReleaseRow, TemplateContent, TemplatePage, TemplatePart, TemplateQuestion, TemplateRow};
use crate::{
    format,
    layout::Layout,
    pages::{questionnaire::template_text, surroundings::count, visit::Visit},
    parts::{Choice, Crumb},
    text::Text,
};

/// The rows of one page of the list.
pub(super) fn rows(templates: &[Template], slice: Slice) -> Vec<TemplateRow> {
    let (skip, take) = (usize::try_from(slice.offset).unwrap_or(usize::MAX), usize::try_from(slice.limit).unwrap_or_default());
    let row = |template: &Template| TemplateRow {
        id: template.id.to_string(),
        name: template.name.clone(),
        description: template.description.clone(),
        standards: template.iso_codes.clone(),
        questions: count(template.question_count),
        release: template.latest_release.and_then(|number| u32::try_from(number).ok()),
        archived: template.status == TemplateStatus::Archived,
    };
    templates.iter().skip(skip).take(take).map(row).collect()
}

pub(super) fn standard_choices(standards: &[Standard], chosen: Option<&Standard>, t: &Text) -> Vec<Choice> {
    let current = chosen.map(|standard| standard.id.to_string()).unwrap_or_default();
    let all = Choice::new("", t.common.all_standards, &current);
    let each = standards.iter().map(|standard| Choice::new(standard.id.to_string(), &standard.code, &current));
    std::iter::once(all).chain(each).collect()
}

/// A template with its latest release; with its draft, as long as there is no release.
pub(super) fn page(visit: &Visit, layout: Layout, detail: &TemplateDetail) -> TemplatePage {
    let (template, t) = (&detail.template, visit.t);
    let content = detail.latest_release().or_else(|| detail.draft()).map(|release| &release.content);
    let release = detail.latest_release().and_then(|release| {
        let date = release.released_at?.to_zoned(visit.zone()).date();
        Some((u32::try_from(release.number).ok()?, format::full(date, t)))
    });
    let releases = detail.releases.iter().filter(|release| release.released_at.is_some());
    TemplatePage {
        layout,
        id: template.id.to_string(),
        may_edit: visit.may_firm(FirmAction::EditLibrary),
        draft: detail.draft().map(|draft| draft_note(visit, draft)),
        releases: releases.map(|release| release_row(visit, release)).collect(),
        crumbs: vec![Crumb::to(t.library.templates, "/library/templates"), Crumb::here(&template.name)],
        name: template.name.clone(),
        description: template.description.clone(),
        standards: template.iso_codes.clone(),
        release,
        archived: template.status == TemplateStatus::Archived,
        content: content.map(|content| TemplateContent::of(content, t)).unwrap_or_default(),
    }
}

impl TemplateContent {
    /// Questions and text as pages show them.
    pub(crate) fn of(content: &ReleaseContent, t: &Text) -> Self {
        Self { parts: parts(&content.questions), html: template_text(content, t) }
    }
}

fn draft_note(visit: &Visit, draft: &Release) -> DraftNote {
    let w = &visit.t.editor;
    let at = format::recent(draft.at, visit.today(), &visit.zone(), visit.t).text;
    let about = draft.by.as_ref().map_or_else(|| w.saved.with(&at), |person| w.saved_by.with2(&at, &person.name));
    DraftNote { about, problems: draft.content.problems().len() }
}

fn release_row(visit: &Visit, release: &Release) -> ReleaseRow {
    ReleaseRow {
        number: release.number,
        date: format::full(release.at.to_zoned(visit.zone()).date(), visit.t),
        by: release.by.as_ref().map(|person| person.name.clone()),
        note: release.note.clone(),
        questions: release.content.questions.len(),
    }
}

fn parts(questions: &[Question]) -> Vec<TemplatePart> {
    let mut number = 0;
    let mut question = |question: &Question| {
        number += 1;
        TemplateQuestion {
            number,
            key: question.key.clone(),
            label: question.label.clone(),
            help: question.help.clone(),
            kind: question.kind.as_str().to_owned(),
            required: question.required,
            requires_evidence: question.requires_evidence,
            options: question.options.iter().map(|option| option.label.clone()).collect(),
            columns: question.columns.iter().map(|column| column.label.clone()).collect(),
        }
    };
    let groups = questions.chunk_by(|one, next| one.section == next.section);
    groups
        .map(|group| TemplatePart {
            title: group.first().and_then(|first| first.section.clone()),
            questions: group.iter().map(&mut question).collect(),
        })
        .collect()
}
