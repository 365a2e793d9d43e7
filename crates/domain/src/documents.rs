//! Documents: a filled template, saved.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    answers::Answer,
    ids::{CustomerId, DocumentId, PlanId, TemplateId},
    people::Person,
    templates::ReleaseContent,
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
}

impl DocumentContent {
    /// Fills a release with answers.
    pub fn fill(release: &ReleaseContent, answers: &[Answer], yes: &str, no: &str) -> Self {
        let filled = answers.iter().filter_map(|answer| {
            let question = release.question(&answer.question_key)?;
            let filled = FilledAnswer {
                label: question.label.clone(),
                value: answer.value.as_json().clone(),
                words: answer.value.in_words(question, yes, no),
                version: answer.version,
            };
            Some((question.key.clone(), filled))
        });
        Self { title: release.document_title.clone(), body: release.body.clone(), answers: filled.collect() }
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
