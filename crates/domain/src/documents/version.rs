//! Versions of a document as they are kept, and changes to the latest.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Branding, Classification, Document, DocumentContent, DocumentStatus, Frozen, Round, Sha256};
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

/// Which text of a document is meant. Written `template`, `latest`, `earlier`, `2` or `2.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionChoice {
    /// What the release would say with the same answers.
    Template,
    /// The latest version as it stands.
    Latest,
    /// What was handed in before the text that it is compared with; the template's where there is none.
    Earlier,
    /// A version as it was handed in.
    Kept {
        /// The version.
        number: i32,
        /// Which time it was handed in; the last unless given.
        round: Option<i32>,
    },
}

/// A word that names no text of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be `template`, `latest`, `earlier`, or a version such as `2` or `2.1`")]
pub struct UnknownVersion;

impl std::str::FromStr for VersionChoice {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let number = |text: &str| text.parse::<i32>().ok().filter(|number| *number > 0).ok_or(UnknownVersion);
        Ok(match text {
            "template" => Self::Template,
            "latest" => Self::Latest,
            "earlier" => Self::Earlier,
            _ => match text.split_once('.') {
                Some((version, round)) => Self::Kept { number: number(version)?, round: Some(number(round)?) },
                None => Self::Kept { number: number(text)?, round: None },
            },
        })
    }
}

impl std::fmt::Display for VersionChoice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Template => formatter.write_str("template"),
            Self::Latest => formatter.write_str("latest"),
            Self::Earlier => formatter.write_str("earlier"),
            Self::Kept { number, round: None } => write!(formatter, "{number}"),
            Self::Kept { number, round: Some(round) } => write!(formatter, "{number}.{round}"),
        }
    }
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
    /// What counts as approved without everybody's approval is not intact either.
    pub fn integrity(&self) -> Integrity {
        let found = self.frozen().sha256();
        let hex = found.to_string();
        let counts = matches!(self.status, DocumentStatus::Approved | DocumentStatus::Superseded);
        let is_decided = !counts || (self.round.is_complete() && self.round.rejection().is_none());
        let is_same = is_decided && found == self.content_sha256 && self.round.decisions.iter().all(|one| one.content_sha256 == hex);
        if is_same { Integrity::Intact } else { Integrity::Tampered }
    }
}

impl Document {
    /// Whether the document, while nobody may write at it, is what was kept when it was handed in.
    pub fn integrity(&self, kept: Option<&DocumentVersion>) -> Integrity {
        if self.is_open() {
            return Integrity::Intact;
        }
        let is_same = kept.is_some_and(|kept| {
            kept.status == self.status
                && (kept.which.number, kept.which.round) == (self.document_version, self.round)
                && kept.content == self.content
                && (&kept.name, &kept.document_number, kept.classification) == (&self.name, &self.document_number, self.classification)
                && kept.integrity() == Integrity::Intact
        });
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

#[cfg(test)]
mod tests {
    use super::VersionChoice::{self, Earlier, Kept, Latest, Template};

    #[test]
    fn texts_are_named() {
        for choice in [Template, Latest, Earlier, Kept { number: 2, round: None }, Kept { number: 12, round: Some(3) }] {
            assert_eq!(choice.to_string().parse(), Ok(choice));
        }
        for wrong in ["", "0", "-1", "1.", ".1", "1.0", "1.2.3", "99999999999", "draft"] {
            assert!(wrong.parse::<VersionChoice>().is_err(), "{wrong}");
        }
    }
}
