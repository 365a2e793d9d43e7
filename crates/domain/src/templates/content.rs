//! The content of a release or draft.

use serde::{Deserialize, Serialize};

use super::Question;

/// What a release consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseContent {
    /// The title of the documents made from it.
    pub document_title: String,
    /// The questions, in the order in which they are asked.
    pub questions: Vec<Question>,
    /// The text of the document: Markdown with `{{key}}` placeholders.
    pub body: String,
}

impl ReleaseContent {
    /// Nothing yet: what the first draft of a template begins with.
    pub const fn blank() -> Self {
        Self { document_title: String::new(), questions: Vec::new(), body: String::new() }
    }

    /// The question with a key.
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.key == key)
    }

    /// Where the question with a key stands, counted from 0.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.questions.iter().position(|question| question.key == key)
    }
}
