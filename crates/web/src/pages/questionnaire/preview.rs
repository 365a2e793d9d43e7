//! The document as it grows from the answers.

use muster_domain::{
    documents::DocumentContent,
    templates::{Question, ReleaseContent, visible_text},
};
use muster_paper::{Fill, Marks, Paper};
use muster_service::Questionnaire;

use crate::text::Text;

/// The text with the answers in place, each leading to its question; gaps too.
pub(super) fn html(from: &Questionnaire, t: &Text) -> Option<String> {
    let html = of_content(&from.filled(), &from.release.content, t);
    (!html.is_empty()).then_some(html)
}

/// A document with its answers and gaps, which lead to their questions.
pub(crate) fn of_content(filled: &DocumentContent, content: &ReleaseContent, t: &Text) -> String {
    let paper = Paper::new(&filled.title, &filled.visible_body(), &|key| match filled.answers.get(key) {
        Some(answer) => Fill::Answer { words: (&answer.words).into(), table: answer.table.as_ref() },
        None => gap(content, key, t),
    });
    muster_paper::html(&paper, Marks::ToQuestions)
}

/// A template's text with nothing but gaps, and with all its optional sections.
pub(crate) fn of_template(content: &ReleaseContent, t: &Text) -> String {
    let body = visible_text(&content.body, |_| true);
    muster_paper::html(&Paper::new(&content.document_title, &body, &|key| gap(content, key, t)), Marks::ToQuestions)
}

/// A text of our own in Markdown; what looks like a placeholder in it stays as it is written.
pub(crate) fn of_markdown(body: &str) -> String {
    muster_paper::html(&Paper::new("", body, &|_| Fill::Literal), Marks::None)
}

/// A gap with the number of its question.
fn gap(content: &ReleaseContent, key: &str, t: &Text) -> Fill<'static> {
    let at = content.questions.iter().position(|question: &Question| question.key == key);
    at.map_or(Fill::Literal, |at| Fill::Gap(t.questionnaire.gap.with2(at + 1, name(key)).into()))
}

/// A key as words: `it_team` as "It team".
fn name(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
