//! The document with sample answers.

use jiff::{Timestamp, civil::Date};
use muster_domain::{
    answers::{Answer, AnswerValue, FillWords},
    documents::DocumentContent,
    templates::{ReleaseContent, visible_text},
};

use crate::{pages::questionnaire::document_text, text::Text};

/// Which optional sections a preview shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sections {
    /// All of them: what an author writes is seen.
    All,
    /// Those that the sample answers ask for.
    Asked,
}

/// The document as it might look.
pub(super) fn html(content: &ReleaseContent, sections: Sections, today: Date, t: &Text) -> String {
    let answers: Vec<Answer> =
        content.questions.iter().filter_map(|question| Some(sample(question.key.clone(), AnswerValue::sample(question, today)?))).collect();
    let mut filled = DocumentContent::fill(content, &answers, FillWords::ENGLISH);
    if sections == Sections::All {
        filled.body = visible_text(&filled.body, |_| true);
    }
    document_text(&filled, content, t)
}

fn sample(question_key: String, value: AnswerValue) -> Answer {
    Answer {
        question_key,
        value,
        not_applicable_reason: None,
        version: 1,
        answered_by: None,
        respondent: None,
        answered_at: Timestamp::UNIX_EPOCH,
        reused_from: None,
        newer_there: None,
    }
}
