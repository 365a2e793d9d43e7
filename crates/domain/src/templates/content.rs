//! The content of a release, and what stands in the way of releasing it.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{Question, is_key, placeholders};

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

/// Something that stands in the way of a release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentProblem {
    /// A key that is empty or has other characters than lower-case letters, digits and `_`.
    #[error("the question key `{key}` must be lower-case letters, digits and underscores")]
    KeyMalformed {
        /// The key.
        key: String,
    },
    /// Two questions with the same key.
    #[error("the question key `{key}` is used twice")]
    KeyTwice {
        /// The key.
        key: String,
    },
    /// A question without words, or with more than a task's title can hold.
    #[error("the question `{key}` needs a label of 1 to 500 characters")]
    LabelMissing {
        /// The key.
        key: String,
    },
    /// A choice without options, or options where none belong.
    #[error("the question `{key}` must have options exactly when it is a choice")]
    OptionsMisplaced {
        /// The key.
        key: String,
    },
    /// A placeholder that no question fills.
    #[error("the text has the placeholder `{key}`, but there is no such question")]
    PlaceholderWithoutQuestion {
        /// The placeholder.
        key: String,
    },
    /// A question whose answer appears nowhere.
    #[error("the question `{key}` does not appear in the text")]
    QuestionWithoutPlaceholder {
        /// The key.
        key: String,
    },
    /// No document title, or one that is too long.
    #[error("the document title must have 1 to 500 characters")]
    TitleMissing,
    /// A text of a question that no column can hold.
    #[error("the question `{key}` has a section, reuse key or unit that is too long, or control characters")]
    TextUnfit {
        /// The key.
        key: String,
    },
    /// More than a release can hold, or control characters in the text.
    #[error("there may be at most 500 questions and 500,000 characters of text, without control characters")]
    TooMuch,
}

impl Question {
    /// Whether its texts can be stored and shown.
    fn has_fit_texts(&self) -> bool {
        let fits = |text: Option<&String>, most: usize| {
            text.is_none_or(|text| {
                text.chars().count() <= most && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            })
        };
        let options = self.options.iter().flat_map(|option| [&option.value, &option.label]);
        fits(self.section.as_ref(), 255)
            && fits(self.reuse_key.as_ref(), 100)
            && fits(self.unit.as_ref(), 50)
            && [&self.help, &self.example, &self.evidence_description].into_iter().all(|text| fits(text.as_ref(), 20_000))
            && options.into_iter().all(|text| fits(Some(text), 500))
    }
}

impl ReleaseContent {
    /// The question with a key.
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.key == key)
    }

    /// Everything that stands in the way of releasing this content.
    pub fn problems(&self) -> Vec<ContentProblem> {
        let mut problems = Vec::new();
        if crate::text::Title::parse(&self.document_title).is_err() {
            problems.push(ContentProblem::TitleMissing);
        }
        if self.questions.len() > 500 || self.body.chars().count() > 500_000 || self.body.contains('\0') {
            problems.push(ContentProblem::TooMuch);
        }
        let mut keys = HashSet::new();
        for question in &self.questions {
            let key = question.key.clone();
            if !is_key(&key) {
                problems.push(ContentProblem::KeyMalformed { key: key.clone() });
            }
            if !keys.insert(key.as_str().to_owned()) {
                problems.push(ContentProblem::KeyTwice { key: key.clone() });
            }
            if crate::text::Title::parse(&question.label).is_err() {
                problems.push(ContentProblem::LabelMissing { key: key.clone() });
            }
            if !question.has_fit_texts() {
                problems.push(ContentProblem::TextUnfit { key: key.clone() });
            }
            if question.kind.has_options() == question.options.is_empty() {
                problems.push(ContentProblem::OptionsMisplaced { key });
            }
        }
        let placeholders: HashSet<&str> = placeholders(&self.body).collect();
        for key in &placeholders {
            if !keys.contains(*key) {
                problems.push(ContentProblem::PlaceholderWithoutQuestion { key: (*key).to_owned() });
            }
        }
        for question in self.questions.iter().filter(|question| !placeholders.contains(question.key.as_str())) {
            problems.push(ContentProblem::QuestionWithoutPlaceholder { key: question.key.clone() });
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::QuestionKind;

    #[test]
    fn problems_are_named() {
        let question = |key: &str, kind| Question {
            key: key.into(),
            section: None,
            label: "Q?".into(),
            help: None,
            example: None,
            kind,
            required: true,
            requires_evidence: false,
            evidence_description: None,
            reuse_key: None,
            options: vec![],
            unit: None,
        };
        let content = ReleaseContent {
            document_title: "T".into(),
            questions: vec![question("a", QuestionKind::Text), question("a", QuestionKind::Choice), question("Bad", QuestionKind::Text)],
            body: "{{a}} {{z}}".into(),
        };
        let problems = content.problems();
        for expected in [
            ContentProblem::KeyTwice { key: "a".into() },
            ContentProblem::OptionsMisplaced { key: "a".into() },
            ContentProblem::KeyMalformed { key: "Bad".into() },
            ContentProblem::PlaceholderWithoutQuestion { key: "z".into() },
            ContentProblem::QuestionWithoutPlaceholder { key: "Bad".into() },
        ] {
            assert!(problems.contains(&expected), "{expected} in {problems:?}");
        }
    }
}
