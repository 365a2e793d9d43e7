//! Documents: a filled template, saved.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use crate::answers::FillWords;
use crate::{
    answers::Answer,
    ids::{CustomerId, DocumentId, PlanId, TemplateId},
    people::Person,
    templates::{Question, QuestionKind, ReleaseContent, visible_text},
    words::word_enum,
};

word_enum! {
    /// Where a document stands.
    DocumentStatus {
        /// Being written.
        Draft = "draft",
        /// Handed in.
        InReview = "in_review",
        /// Approved and frozen.
        Approved = "approved",
        /// Sent back with a reason.
        Rejected = "rejected",
        /// Replaced by a newer version.
        Superseded = "superseded",
    }
}

/// One answer as a document holds it: the value, and the words that stand for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FilledAnswer {
    /// The question as it was asked.
    pub label: String,
    /// The value as stored.
    pub value: serde_json::Value,
    /// What stands in the text.
    pub words: String,
    /// The version of the answer that was used.
    pub version: i32,
    /// The rows, where it is a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<FilledTable>,
    /// Why the question does not apply, if somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_applicable_reason: Option<String>,
}

/// A table as a document holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledTable {
    /// The keys of the columns, which placeholders of cells name.
    pub keys: Vec<String>,
    /// Their headings.
    pub headings: Vec<String>,
    /// The cells in words, row by row in the order of the columns.
    pub rows: Vec<Vec<String>>,
}

/// What a version of a document consists of: the text of the release and the answers as they were.
/// Later changes of either do not touch it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentContent {
    /// The title.
    pub title: String,
    /// Markdown with placeholders.
    pub body: String,
    /// The answers, by question key.
    pub answers: BTreeMap<String, FilledAnswer>,
    /// The questions without an answer: their words, by key. They are the gaps of a draft.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unanswered: BTreeMap<String, String>,
}

impl DocumentContent {
    /// Fills a release with answers.
    pub fn fill(release: &ReleaseContent, answers: &[Answer], say: FillWords<'_>) -> Self {
        let mut content = Self {
            title: release.document_title.clone(),
            body: release.body.clone(),
            answers: BTreeMap::new(),
            unanswered: BTreeMap::new(),
        };
        for question in &release.questions {
            match answers.iter().find(|answer| answer.question_key == question.key) {
                Some(answer) => drop(content.answers.insert(question.key.clone(), FilledAnswer::of(question, answer, say))),
                None => drop(content.unanswered.insert(question.key.clone(), question.label.clone())),
            }
        }
        content
    }

    /// The text as it appears: Markdown with placeholders, without the optional sections that no
    /// answer asks for.
    pub fn visible_body(&self) -> String {
        visible_text(&self.body, |condition| condition.holds(self.answers.get(condition.key).map(|answer| &answer.value)))
    }
}

impl FilledAnswer {
    fn of(question: &Question, answer: &Answer, say: FillWords<'_>) -> Self {
        let table = (question.kind == QuestionKind::Table && answer.not_applicable_reason.is_none()).then(|| FilledTable {
            keys: question.columns.iter().map(|column| column.key.clone()).collect(),
            headings: question.columns.iter().map(|column| column.label.clone()).collect(),
            rows: answer.value.rows_in_words(question, say),
        });
        Self {
            label: question.label.clone(),
            value: answer.value.as_json().clone(),
            words: match answer.not_applicable_reason {
                Some(_) => say.not_applicable.to_owned(),
                None => answer.value.in_words(question, say),
            },
            version: answer.version,
            table,
            not_applicable_reason: answer.not_applicable_reason.clone(),
        }
    }
}

/// A document as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The id.
    pub id: DocumentId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// The plan.
    pub plan_id: PlanId,
    /// The standard's code.
    pub iso_code: String,
    /// The template.
    pub template_id: TemplateId,
    /// The template's name.
    pub template_name: String,
    /// The number of the release it came from.
    pub release_number: i32,
    /// The name.
    pub name: String,
    /// Where it stands.
    pub status: DocumentStatus,
    /// The document's own version number, counted from 1.
    pub document_version: i32,
    /// How much of the template is answered, rounded down.
    pub completion_percentage: i32,
    /// Whether an answer has changed since.
    pub out_of_date: bool,
    /// The content.
    pub content: DocumentContent,
    /// Who saved it.
    pub created_by: Option<Person>,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes of this row.
    pub version: i32,
}
