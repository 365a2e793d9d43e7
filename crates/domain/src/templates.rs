//! Templates: questions and a document text with placeholders, in numbered releases.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{ReleaseId, StandardId, TemplateId},
    words::word_enum,
};

word_enum! {
    /// Where a template stands.
    TemplateStatus {
        /// Has no release yet.
        Draft = "draft",
        /// Has a release and can be assigned.
        Approved = "approved",
        /// Kept for what uses it, no longer offered.
        Archived = "archived",
    }
}

word_enum! {
    /// What kind of answer a question asks for.
    QuestionKind {
        /// One line.
        Text = "text",
        /// Several lines.
        LongText = "long_text",
        /// One of the options.
        Choice = "choice",
        /// Some of the options.
        Choices = "choices",
        /// A day.
        Date = "date",
        /// A number, perhaps with a unit.
        Number = "number",
        /// Yes or no.
        YesNo = "yes_no",
        /// A person's name.
        Person = "person",
    }
}

impl QuestionKind {
    /// Whether the question needs options.
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Choice | Self::Choices)
    }
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionOption {
    /// What is stored.
    pub value: String,
    /// What people read, on the page and in the document.
    pub label: String,
}

/// A question of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its name in the template: lower-case letters, digits and underscores.
    pub key: String,
    /// The heading under which the questionnaire shows it.
    #[serde(default)]
    pub section: Option<String>,
    /// The question itself; also the title of its task.
    pub label: String,
    /// What helps to answer it.
    #[serde(default)]
    pub help: Option<String>,
    /// An answer as it might be.
    #[serde(default)]
    pub example: Option<String>,
    /// What kind of answer it asks for.
    pub kind: QuestionKind,
    /// Whether the document cannot be made without it.
    #[serde(default = "yes")]
    pub required: bool,
    /// Whether the answer has to be proved.
    #[serde(default)]
    pub requires_evidence: bool,
    /// What proof is asked for.
    #[serde(default)]
    pub evidence_description: Option<String>,
    /// Questions with the same reuse key ask for the same fact.
    #[serde(default)]
    pub reuse_key: Option<String>,
    /// The options of a choice.
    #[serde(default)]
    pub options: Vec<QuestionOption>,
    /// The unit of a number, such as `days`.
    #[serde(default)]
    pub unit: Option<String>,
}

const fn yes() -> bool {
    true
}

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

/// Whether a text can be a question's key.
pub fn is_key(text: &str) -> bool {
    (1..=80).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A piece of a text with placeholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// The key of a placeholder `{{key}}`.
    Placeholder(&'a str),
}

/// Cuts a text at its placeholders. Braces that enclose no key are text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut rest, mut searched) = (text, 0);
    while let Some(open) = rest[searched..].find("{{").map(|at| at + searched) {
        let inside = &rest[open + 2..];
        let key = inside.find("}}").map(|close| inside[..close].trim());
        match key {
            Some(key) if is_key(key) => {
                if open > 0 {
                    found.push(Piece::Text(&rest[..open]));
                }
                found.push(Piece::Placeholder(key));
                let close = inside.find("}}").unwrap_or_default();
                rest = &inside[close + 2..];
                searched = 0;
            }
            _ => searched = open + 1,
        }
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    found
}

/// The keys of the placeholders of a text, in order, repeated as they repeat.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Placeholder(key) => Some(key),
        Piece::Text(_) => None,
    })
}

/// A standard in the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// The id.
    pub id: StandardId,
    /// The code with its edition, such as `ISO 27001:2022`.
    pub code: String,
    /// Our own short title.
    pub name: String,
    /// What it is about, in our own words.
    pub description: Option<String>,
    /// Whether it is offered.
    pub is_active: bool,
    /// Counts the changes of this row.
    pub version: i32,
}

/// A template as the library lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The id.
    pub id: TemplateId,
    /// The name.
    pub name: String,
    /// A short number shown beside the name, such as `ISMS 20`.
    pub reference: Option<String>,
    /// What its document is for.
    pub description: Option<String>,
    /// Where it stands.
    pub status: TemplateStatus,
    /// The codes of the standards it is meant for.
    pub iso_codes: Vec<String>,
    /// The number of the latest release.
    pub latest_release: Option<i32>,
    /// How many questions the latest release asks.
    pub question_count: i64,
    /// Counts the changes of this row.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One release of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The id.
    pub id: ReleaseId,
    /// Its number, counted from 1. The draft already bears the number it will have.
    pub number: i32,
    /// When it was released; none for the draft.
    pub released_at: Option<Timestamp>,
    /// What is new in it.
    pub note: Option<String>,
    /// Questions and text.
    pub content: ReleaseContent,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_cut_at_its_placeholders() {
        use Piece::{Placeholder, Text};
        assert_eq!(pieces("a {{b}} c {{ d_1 }}"), [Text("a "), Placeholder("b"), Text(" c "), Placeholder("d_1")]);
        assert_eq!(pieces("{{{x}}}"), [Text("{"), Placeholder("x"), Text("}")]);
        assert_eq!(pieces("{{Not a key}} {{y}}"), [Text("{{Not a key}} "), Placeholder("y")]);
        assert_eq!(pieces("{{open"), [Text("{{open")]);
    }

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

    proptest! {
        #[test]
        fn cutting_loses_no_text(text in "[a-z{} _é]{0,60}") {
            let joined: String = pieces(&text).iter().map(|piece| match piece {
                Piece::Text(text) => (*text).to_owned(),
                Piece::Placeholder(key) => format!("{{{{{key}}}}}"),
            }).collect();
            prop_assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
        }
    }
}
