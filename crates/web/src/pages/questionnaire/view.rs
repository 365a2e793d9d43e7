//! A questionnaire as its page shows it.

use jiff::{civil::Date, tz::TimeZone};
use muster_domain::{
    answers::{Answer, AnswerSource, AnswerValue, FillWords},
    templates::{self, QuestionKind},
};
use muster_service::Questionnaire;
use serde_json::Value;

use super::{Asked, Kind, Missing, Part, Question, QuestionnairePage, Saved, Suggestion, Table, handlers::Shown, preview};
use crate::{
    format,
    layout::Layout,
    pages::visit::Visit,
    parts::{Choice, Crumb, Field, Progress},
    text::Text,
};

/// The page for somebody who may do everything.
pub(super) fn page(visit: &Visit, layout: Layout, from: &Questionnaire, shown: &Shown, people: &[String]) -> QuestionnairePage {
    let content = &from.release.content;
    let missing = from.missing();
    let numbered = (1..).zip(&content.questions);
    let missing = numbered.filter(|(_, question)| missing.contains(&question.key.as_str()));
    let (plan, assignment) = (&from.plan, &from.assignment);
    let mut crumbs = visit.way_to(plan.customer_id, &plan.customer_name);
    crumbs.push(Crumb::to(&plan.iso_code, format!("/customers/{}#plan-{}", plan.customer_id, plan.id)));
    crumbs.push(Crumb::here(&assignment.template_name));
    let latest = from.answers.values().map(|answer| answer.answered_at).max();
    QuestionnairePage {
        layout,
        crumbs,
        customer_id: plan.customer_id.0,
        plan_id: plan.id.to_string(),
        template_id: assignment.template_id.to_string(),
        workspace_version: from.workspace_version,
        name: assignment.template_name.clone(),
        mark: None,
        may_answer: true,
        is_ignored: false,
        newer: None,
        parts: parts(visit, from, shown, people),
        progress: progress(from, content.questions.iter()),
        missing: missing.map(|(number, question)| Missing { number, key: question.key.clone() }).collect(),
        only_open: shown.only_open,
        only_mine: shown.only_mine,
        mine: u32::try_from(content.questions.iter().filter(|question| is_mine(visit, from, &question.key)).count()).unwrap_or_default(),
        saved_at: latest.map(|at| format::recent(at, visit.today(), &visit.zone(), visit.t)),
        preview: preview::html(from, visit.t),
        documents: from.documents.iter().map(|document| (document.id.to_string(), document.name.clone())).collect(),
        save: Some(Field::of(content.document_title.as_str())),
    }
}

/// Whether the visitor is to answer a question that is open.
fn is_mine(visit: &Visit, from: &Questionnaire, key: &str) -> bool {
    let assigned = from.tasks.get(key).and_then(|task| task.assigned_to.as_ref());
    !from.answers.contains_key(key) && assigned.is_some_and(|person| person.id == visit.actor.user_id())
}

fn progress<'a>(from: &Questionnaire, questions: impl Iterator<Item = &'a templates::Question>) -> Progress {
    let (done, total) =
        questions.fold((0, 0), |(done, total), question| (done + u32::from(from.answers.contains_key(&question.key)), total + 1));
    Progress::new(done, total)
}

/// The questions in the parts in which they are asked. A part of which nothing is shown keeps its number.
fn parts(visit: &Visit, from: &Questionnaire, shown: &Shown, people: &[String]) -> Vec<Part> {
    let questions = &from.release.content.questions;
    let is_shown = |key: &str| match &shown.only {
        Some(only) => only == key,
        None if shown.keep.as_deref() == Some(key) => true,
        None => (!shown.only_open || !from.answers.contains_key(key)) && (!shown.only_mine || is_mine(visit, from, key)),
    };
    let mut number = 0;
    let mut parts = Vec::new();
    for group in questions.chunk_by(|one, next| one.section == next.section) {
        let numbered = (number + 1..).zip(group);
        number += u32::try_from(group.len()).unwrap_or_default();
        let asked = numbered.filter(|(_, question)| is_shown(&question.key));
        parts.push(Part {
            title: group.first().and_then(|question| question.section.clone()),
            questions: asked.map(|(number, question)| asked_question(visit, from, number, question, people)).collect(),
            progress: progress(from, group.iter()),
        });
    }
    parts
}

fn asked_question(visit: &Visit, from: &Questionnaire, number: u32, question: &templates::Question, people: &[String]) -> Question {
    let t = visit.t;
    let answer = from.answers.get(&question.key);
    let offered = |value: &AnswerValue, source: &AnswerSource, version: i32| Suggestion {
        place: t.questionnaire.place.with2(&source.iso_code, &source.template_name),
        answer: words(question, value.as_json(), Some(value), t),
        source: format!("{}/{}/{version}", source.plan_id, source.template_id),
    };
    let newer = answer.and_then(|answer| answer.newer_there.as_ref().zip(answer.reused_from.as_ref()));
    Question {
        suggestion: from.suggestions.get(&question.key).map(|old| offered(&old.value, &old.source, old.source.version)),
        newer: newer.map(|(newer, source)| offered(&newer.value, source, newer.version)),
        is_shared: question.reuse_key.is_some(),
        asked: asked_of(visit, from, &question.key),
        ..asked(number, question, answer, people, visit.today(), &visit.zone(), t)
    }
}

/// Who is to answer a question, and by when. Who has a link goes before whoever has the task: they
/// were asked last.
fn asked_of(visit: &Visit, from: &Questionnaire, key: &str) -> Asked {
    let task = from.tasks.get(key);
    let assigned = task.and_then(|task| task.assigned_to.as_ref());
    let by_link = from.asked_by_link.get(key);
    Asked {
        task: task.map(|task| task.id.to_string()),
        who: by_link.cloned().or_else(|| assigned.map(|person| person.name.clone())),
        is_mine: by_link.is_none() && assigned.is_some_and(|person| person.id == visit.actor.user_id()),
        due: task.and_then(|task| task.due_date).map(|date| format::due(date, visit.today(), true, visit.t)),
    }
}

/// A question with its answer, as its form shows it.
pub(crate) fn asked(
    number: u32,
    question: &templates::Question,
    answer: Option<&Answer>,
    people: &[String],
    today: Date,
    zone: &TimeZone,
    t: &Text,
) -> Question {
    let stored = answer.map_or(&Value::Null, |answer| answer.value.as_json());
    let mut asked = Question {
        number,
        key: question.key.clone(),
        label: question.label.clone(),
        help: question.help.clone(),
        example: question.example.clone(),
        required: question.required,
        requires_evidence: question.requires_evidence,
        evidence: None,
        kind: kind(question, people, t),
        value: String::new(),
        shown: answer.map(|answer| shown(question, answer, t)),
        version: answer.map(|answer| answer.version.into()),
        saved: answer.map(|answer| saved(answer, today, zone, t)),
        not_applicable: answer.and_then(|answer| answer.not_applicable_reason.clone()),
        refusal: Field::default(),
        error: None,
        unsaved: false,
        clash: None,
        suggestion: None,
        newer: None,
        is_shared: false,
        asked: Asked::default(),
        delegate: None,
    };
    keep_typed(&mut asked, stored);
    asked
}

fn kind(question: &templates::Question, people: &[String], t: &Text) -> Kind {
    let choices = || question.options.iter().map(|option| Choice::new(&option.value, &option.label, "\0")).collect();
    match question.kind {
        QuestionKind::Text => Kind::Text,
        QuestionKind::LongText => Kind::LongText,
        QuestionKind::Table => Kind::Table(Table::of(&question.columns, t.common.yes, t.common.no)),
        QuestionKind::File => Kind::File,
        QuestionKind::Choice => Kind::Choice(choices()),
        QuestionKind::Choices => Kind::Choices(choices()),
        QuestionKind::Date => Kind::Date,
        QuestionKind::Number => Kind::Number(question.unit.clone()),
        QuestionKind::YesNo => Kind::YesNo,
        QuestionKind::Person => Kind::Person(people.to_vec()),
    }
}

/// Puts a value into the control: what is stored, or what was typed.
pub(crate) fn keep_typed(asked: &mut Question, value: &Value) {
    let is_chosen = |one: &str| match value {
        Value::String(text) => text == one,
        Value::Array(items) => items.iter().any(|item| item.as_str() == Some(one)),
        _ => false,
    };
    match &mut asked.kind {
        Kind::Table(table) => table.fill(value),
        Kind::Choice(choices) | Kind::Choices(choices) => choices.iter_mut().for_each(|choice| choice.chosen = is_chosen(&choice.value)),
        _ => {
            asked.value = match value {
                Value::String(text) => text.clone(),
                // What the form's two buttons send.
                Value::Bool(true) => "yes".to_owned(),
                Value::Bool(false) => "no".to_owned(),
                Value::Number(number) => number.to_string(),
                _ => String::new(),
            };
        }
    }
}

/// A value as a person reads it; one that is no answer, as it was sent.
pub(crate) fn words(question: &templates::Question, raw: &Value, parsed: Option<&AnswerValue>, t: &Text) -> String {
    let sent = || AnswerValue::stored(raw.clone());
    parsed.map_or_else(sent, Clone::clone).in_words(question, FillWords { yes: t.common.yes, no: t.common.no, ..FillWords::ENGLISH })
}

/// Who gave an answer, in words.
pub(super) fn answered_by(answer: &Answer, t: &Text) -> Option<String> {
    let respondent = || answer.respondent.as_ref().map(|one| t.respondents.answered_as.with(&one.name));
    answer.answered_by.as_ref().map(|person| person.name.clone()).or_else(respondent)
}

/// An answer as a person reads it: its words, or why the question does not apply.
pub(super) fn shown(question: &templates::Question, answer: &Answer, t: &Text) -> String {
    match &answer.not_applicable_reason {
        Some(reason) => t.questionnaire.does_not_apply.with(reason),
        None => words(question, answer.value.as_json(), Some(&answer.value), t),
    }
}

fn saved(answer: &Answer, today: Date, zone: &TimeZone, t: &Text) -> Saved {
    Saved {
        at: format::recent(answer.answered_at, today, zone, t),
        by: answered_by(answer, t),
        from: answer.reused_from.as_ref().map(|from| t.questionnaire.place.with2(&from.iso_code, &from.template_name)),
    }
}
