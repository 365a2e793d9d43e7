//! Documents: a filled template, saved, handed in, approved and kept version by version.

mod canonical;
mod export;
mod machine;
mod round;
mod version;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use self::{
    canonical::{Branding, Frozen, Sha256},
    export::{ExportFormat, file_stem},
    machine::{DocumentMove, DocumentRefusal, judge_document_move},
    round::{Decision, DecisionKind, Round, Step, StepKind, Turn},
    version::{DocumentChange, DocumentVersion, InForce, Integrity, UnknownVersion, VersionChoice, VersionNumber},
};
pub use crate::answers::FillWords;
use crate::{
    answers::Answer,
    ids::{CustomerId, DocumentId, PlanId, ReleaseId, TemplateId, UserId},
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

word_enum! {
    /// Who may read a document.
    Classification {
        /// Anybody.
        Public = "public",
        /// Everybody in the organisation. What a document is unless somebody says otherwise.
        Internal = "internal",
        /// Those whose work needs it.
        Confidential = "confidential",
        /// Named people only.
        StrictlyConfidential = "strictly_confidential",
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
    /// The file, where the document is one that somebody uploaded; there is no text then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<DocumentFile>,
}

/// An uploaded file that stands as a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFile {
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Its name, for people.
    pub file_name: String,
    /// What it is, such as `application/pdf`.
    pub media_type: String,
    /// How many bytes it has.
    pub size: i64,
}

/// An answer that says something else than it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedAnswer {
    /// The key of the question.
    pub key: String,
    /// The question.
    pub label: String,
    /// What the document says; none where the question was not answered then.
    pub before: Option<String>,
    /// What the answer is now; none where it was taken back.
    pub after: Option<String>,
}

impl DocumentContent {
    /// Fills a release with answers.
    pub fn fill(release: &ReleaseContent, answers: &[Answer], say: FillWords<'_>) -> Self {
        let mut content = Self {
            title: release.document_title.clone(),
            body: release.body.clone(),
            answers: BTreeMap::new(),
            unanswered: BTreeMap::new(),
            file: None,
        };
        for question in &release.questions {
            match answers.iter().find(|answer| answer.question_key == question.key) {
                Some(answer) => drop(content.answers.insert(question.key.clone(), FilledAnswer::of(question, answer, say))),
                None => drop(content.unanswered.insert(question.key.clone(), question.label.clone())),
            }
        }
        content
    }

    /// What stands in this content for a question; none where it was not answered.
    pub fn words_of(&self, key: &str) -> Option<&str> {
        self.answers.get(key).map(|answer| answer.words.as_str())
    }

    /// What answers say otherwise in `now` than here, question by question in the order of the keys.
    pub fn changes_to(&self, now: &Self) -> Vec<ChangedAnswer> {
        let label = |key: &str| {
            let of = |content: &Self| {
                content.answers.get(key).map(|answer| answer.label.clone()).or_else(|| content.unanswered.get(key).cloned())
            };
            of(now).or_else(|| of(self)).unwrap_or_else(|| key.to_owned())
        };
        let keys: BTreeSet<&String> = self.answers.keys().chain(now.answers.keys()).collect();
        let said = |content: &Self, key: &str| content.words_of(key).map(ToOwned::to_owned);
        let changed = keys.into_iter().filter(|key| {
            let (before, after) = (self.answers.get(*key), now.answers.get(*key));
            let meant = |one: &FilledAnswer| (one.value.clone(), one.not_applicable_reason.clone());
            before.map(meant) != after.map(meant)
        });
        changed.map(|key| ChangedAnswer { key: key.clone(), label: label(key), before: said(self, key), after: said(now, key) }).collect()
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

/// A document as stored: its latest version, which may be a draft while an earlier one is in force.
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
    /// The release it came from.
    pub release_id: ReleaseId,
    /// The number of the release it came from.
    pub release_number: i32,
    /// The name.
    pub name: String,
    /// The number under which the organisation keeps it.
    pub document_number: Option<String>,
    /// Who may read it.
    pub classification: Classification,
    /// Where the latest version stands.
    pub status: DocumentStatus,
    /// The number of the latest version, counted from 1.
    pub document_version: i32,
    /// How often this version has been handed in.
    pub round: i32,
    /// The version that is approved and valid, if there is one. It stays so while a newer one is
    /// written.
    pub in_force: Option<InForce>,
    /// What is new in this version, in its author's words.
    pub note: Option<String>,
    /// Whether the text was changed beyond what the template's answers do.
    pub deviates: bool,
    /// How much of the template is answered, rounded down.
    pub completion_percentage: i32,
    /// Whether an answer has changed since.
    pub out_of_date: bool,
    /// After how many months it has to be read again once it is approved.
    pub review_interval_months: Option<i32>,
    /// The day by which it has to be read again.
    pub next_review_on: Option<Date>,
    /// The content.
    pub content: DocumentContent,
    /// Everybody who saved or edited this version: none of them reviews or approves it.
    pub author_ids: Vec<UserId>,
    /// Who began this version.
    pub written_by: Option<Person>,
    /// When this version was begun.
    pub written_at: Timestamp,
    /// Who saved the document first.
    pub created_by: Option<Person>,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes of this row.
    pub version: i32,
}

impl Document {
    /// Whether somebody wrote at this version.
    pub fn is_author(&self, person: UserId) -> bool {
        self.author_ids.contains(&person)
    }

    /// Whether this version's content may still change.
    pub const fn is_open(&self) -> bool {
        matches!(self.status, DocumentStatus::Draft | DocumentStatus::Rejected)
    }

    /// The version and the time that it is handed in for which tasks are made now: the one that is in
    /// review, or the next.
    pub const fn upcoming(&self) -> VersionNumber {
        let is_next = !matches!(self.status, DocumentStatus::InReview);
        VersionNumber { number: self.document_version, round: if is_next { self.round + 1 } else { self.round } }
    }

    /// The version and the time it was handed in that its frozen content is kept under; none while
    /// it was never handed in.
    pub fn latest_number(&self) -> Option<VersionNumber> {
        (self.round > 0).then_some(VersionNumber { number: self.document_version, round: self.round })
    }
}
