//! Templates: questions and a document text with placeholders, in numbered releases.

mod changes;
mod checks;
mod content;
mod draft;
mod placeholders;
mod problems;
mod sections;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    changes::{QuestionAspect, QuestionChange, ReleaseChanges},
    content::ReleaseContent,
    draft::{ChangeRefusal, DraftChange, mention},
    placeholders::{Piece, is_key, pieces, placeholders},
    problems::{ColumnFault, ContentProblem},
    sections::{Condition, Marker, SectionFault, conditions, marker, section_faults, visible_text},
};
use crate::{
    ids::{ReleaseId, StandardId, TemplateId},
    people::Person,
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
        /// Rows with typed columns.
        Table = "table",
        /// Files, kept as evidence.
        File = "file",
    }
}

impl QuestionKind {
    /// Whether the question needs options.
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Choice | Self::Choices)
    }

    /// Whether a column of a table can be of this kind.
    pub const fn fits_column(self) -> bool {
        !matches!(self, Self::Table | Self::File | Self::Choices)
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

/// A column of a table question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name in the table: lower-case letters, digits and underscores.
    pub key: String,
    /// Its heading.
    pub label: String,
    /// What its cells hold.
    pub kind: QuestionKind,
    /// Whether each row needs it.
    #[serde(default = "yes")]
    pub required: bool,
    /// The options of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<QuestionOption>,
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
    /// The least number that answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    /// The greatest number that answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    /// The columns of a table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
}

impl Question {
    /// A question with nothing said of it but what it asks: required.
    pub fn new(key: &str, label: &str, kind: QuestionKind) -> Self {
        Self {
            key: key.to_owned(),
            section: None,
            label: label.to_owned(),
            help: None,
            example: None,
            kind,
            required: true,
            requires_evidence: false,
            evidence_description: None,
            reuse_key: None,
            options: Vec::new(),
            unit: None,
            minimum: None,
            maximum: None,
            columns: Vec::new(),
        }
    }
}

const fn yes() -> bool {
    true
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
    /// Who released it; for the draft, who saved it last. None where a library file brought it.
    pub by: Option<Person>,
    /// When it was released; for the draft, when it was saved last.
    pub at: Timestamp,
    /// What is new in it.
    pub note: Option<String>,
    /// Questions and text.
    pub content: ReleaseContent,
}
