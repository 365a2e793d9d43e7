//! Versions of a document as they are kept, and changes to the latest.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Branding, Classification, DocumentContent, DocumentStatus, Frozen, Round, Sha256};
use crate::{
    ids::{CustomerId, DocumentId, PlanId, ReleaseId, TemplateId},
    people::Person,
    text::{Code, Prose, Title},
};

/// Which kept content is meant: a version, and which time it was handed in. A version that was sent
/// back and handed in again has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VersionNumber {
    /// The version, counted from 1.
    pub number: i32,
    /// The time that it was handed in, counted from 1.
    pub round: i32,
}

/// The version that is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// Its number.
    pub number: i32,
    /// The time that it was handed in and approved.
    pub round: i32,
    /// When it was approved.
    pub approved_at: Timestamp,
}

/// Whether kept content is what was handed in and approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integrity {
    /// It is.
    Intact,
    /// Its bytes no longer give the SHA-256 that was kept with them, or the one that somebody approved.
    Tampered,
}

/// A version as it was handed in. Its content never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentVersion {
    /// The document.
    pub document_id: DocumentId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The plan.
    pub plan_id: PlanId,
    /// The template.
    pub template_id: TemplateId,
    /// Which it is.
    pub which: VersionNumber,
    /// The release it came from.
    pub release_id: ReleaseId,
    /// That release's number.
    pub release_number: i32,
    /// The document's name as it stood.
    pub name: String,
    /// Its number as it stood.
    pub document_number: Option<String>,
    /// Its classification as it stood.
    pub classification: Classification,
    /// The content.
    pub content: DocumentContent,
    /// The firm's and the customer's name and the logo as they stood.
    pub branding: Branding,
    /// SHA-256 of the canonical content, kept when it was handed in.
    pub content_sha256: Sha256,
    /// Who began this version, by name.
    pub written_by: String,
    /// When it was begun.
    pub written_at: Timestamp,
    /// What is new, in its author's words.
    pub note: Option<String>,
    /// Who handed it in.
    pub submitted_by: Option<Person>,
    /// When.
    pub submitted_at: Timestamp,
    /// Where it stands; `draft` where it was taken back out of review.
    pub status: DocumentStatus,
    /// When it was approved, sent back or taken back.
    pub decided_at: Option<Timestamp>,
    /// When a newer version took its place.
    pub superseded_at: Option<Timestamp>,
    /// The steps and decisions.
    pub round: Round,
}

impl DocumentVersion {
    /// What the SHA-256 is over.
    pub fn frozen(&self) -> Frozen<'_> {
        Frozen {
            version: self.which.number,
            release: self.release_number,
            name: &self.name,
            number: self.document_number.as_deref(),
            classification: self.classification,
            branding: &self.branding,
            content: &self.content,
        }
    }

    /// Computes the SHA-256 anew and compares it with what was kept and with what people approved.
    pub fn integrity(&self) -> Integrity {
        let found = self.frozen().sha256();
        let hex = found.to_string();
        let is_same = found == self.content_sha256 && self.round.decisions.iter().all(|one| one.content_sha256 == hex);
        if is_same { Integrity::Intact } else { Integrity::Tampered }
    }
}

/// A change of the latest version. `None` leaves a field as it is; `Some(None)` empties it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentChange {
    /// The name.
    pub name: Option<Title>,
    /// The text: Markdown with placeholders.
    pub body: Option<String>,
    /// The number under which the organisation keeps it.
    pub document_number: Option<Option<Code>>,
    /// Who may read it.
    pub classification: Option<Classification>,
    /// What is new.
    pub note: Option<Option<Prose>>,
    /// After how many months it has to be read again.
    pub review_interval_months: Option<Option<i32>>,
    /// The day by which it has to be read again.
    pub next_review_on: Option<Option<Date>>,
}

impl DocumentChange {
    /// The most months between two readings: ten years.
    pub const MAX_REVIEW_INTERVAL: i32 = 120;
    /// The most characters of a document's text.
    pub const MAX_BODY: usize = 500_000;

    /// Whether it changes what is handed in and approved, and not only when it has to be read again.
    pub const fn changes_content(&self) -> bool {
        self.name.is_some() || self.body.is_some() || self.document_number.is_some() || self.classification.is_some() || self.note.is_some()
    }
}
