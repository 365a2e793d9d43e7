//! Evidence: files and links that show that something is so, and what was decided about them.

mod content;
mod register;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    ids::{CustomerId, EvidenceId, TaskId},
    people::Person,
    respondents::RespondentName,
    text::is_blank,
    words::word_enum,
};

pub use self::{
    content::{EvidenceContent, EvidenceFile, LinkAddress, LinkRefusal, Preview},
    register::{EvidenceFilter, EvidenceGap, EvidenceSort, EvidenceState, EvidenceValidity, GapReason},
};

word_enum! {
    /// What was decided about evidence.
    EvidenceStatus {
        /// Nothing yet: it waits to be looked at.
        Pending = "pending",
        /// It shows what it should.
        Accepted = "accepted",
        /// It does not, and was sent back with a reason.
        Rejected = "rejected",
    }
}

word_enum! {
    /// What sort of thing evidence is, for finding it again.
    EvidenceKind {
        /// Written down while something was done: a log, minutes, a filled-in form.
        Record = "record",
        /// What is laid down to be done.
        Policy = "policy",
        /// A picture of a screen.
        Screenshot = "screenshot",
        /// What a third party certified.
        Certificate = "certificate",
        /// What was found when somebody looked.
        Report = "report",
        /// What was agreed with somebody.
        Contract = "contract",
        /// Anything else.
        Other = "other",
    }
}

impl EvidenceKind {
    /// The kind of what nobody said the kind of.
    pub const fn unsaid() -> Self {
        Self::Other
    }
}

/// The name of a file as it is kept and given out again: one line, a name and no path, nothing in it
/// that hides what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FileName(String);

impl FileName {
    /// The most characters of a name.
    pub const MAX: usize = 255;

    /// Makes a name of whatever a program sent as one. Folders before it are cut off, as are
    /// characters that cannot be seen or that turn the direction of reading, which make `exe.pdf` look
    /// like `fdp.exe`. Nothing is refused: what stays nameless is called `file`. A name that is too
    /// long loses its middle, not its ending.
    pub fn clean(given: &str) -> Self {
        let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
        let is_kept = |sign: &char| !sign.is_control() && (*sign == ' ' || !is_blank(sign.encode_utf8(&mut [0; 4])));
        let kept: String = last.nfc().map(|sign| if sign.is_whitespace() { ' ' } else { sign }).filter(is_kept).collect();
        let named = kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        // A name of dots is a folder, and one that begins with them is hidden on many machines.
        let named = named.trim_start_matches(['.', ' ']);
        Self(if is_blank(named) { "file".to_owned() } else { shortened(named) })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Cuts a name to the most characters that it may have, in front of its ending.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= FileName::MAX {
        return name.to_owned();
    }
    let ending = name.rfind('.').map(|at| &name[at..]).filter(|ending| ending.chars().count() <= 20).unwrap_or_default();
    let front: String = name.chars().take(FileName::MAX - ending.chars().count()).collect();
    format!("{front}{ending}")
}

/// What is said about evidence when it is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceDetails {
    /// What sort of thing it is.
    #[serde(default = "EvidenceKind::unsaid")]
    pub kind: EvidenceKind,
    /// The first day that it tells of.
    pub covers_from: Option<Date>,
    /// The last one.
    pub covers_to: Option<Date>,
    /// The last day on which it shows anything, as of a certificate.
    pub valid_until: Option<Date>,
    /// Words about it.
    pub note: Option<String>,
}

impl Default for EvidenceDetails {
    fn default() -> Self {
        Self { kind: EvidenceKind::unsaid(), covers_from: None, covers_to: None, valid_until: None, note: None }
    }
}

/// Evidence as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The id.
    pub id: EvidenceId,
    /// Whose.
    pub customer_id: CustomerId,
    /// The name of the file, or the label of the link.
    pub filename: String,
    /// The file, or where the link leads.
    #[serde(flatten)]
    pub content: EvidenceContent,
    /// What was decided.
    pub status: EvidenceStatus,
    /// What was said about it.
    #[serde(flatten)]
    pub details: EvidenceDetails,
    /// When it came in.
    pub received_at: Timestamp,
    /// Who handed it in.
    pub uploaded_by: Option<Person>,
    /// The respondent who did, where it was nobody with an account.
    pub respondent: Option<RespondentName>,
    /// Who decided.
    pub decided_by: Option<Person>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why it was sent back.
    pub decision_reason: Option<String>,
    /// The evidence that came in its place.
    pub replaced_by: Option<EvidenceId>,
    /// The tasks that it serves, as far as whoever reads it may see them.
    pub task_ids: Vec<TaskId>,
    /// Where an older program keeps the file, while Muster's own data folder does not have it. Nobody
    /// outside is told.
    #[serde(skip)]
    pub source_path: Option<String>,
    /// Counts the decisions about it.
    pub version: i32,
}

impl Evidence {
    /// Where it stands in a register: what something else came in the place of counts as that only.
    pub const fn state(&self) -> EvidenceState {
        match (self.replaced_by, self.status) {
            (Some(_), _) => EvidenceState::Replaced,
            (None, EvidenceStatus::Pending) => EvidenceState::Waiting,
            (None, EvidenceStatus::Accepted) => EvidenceState::Accepted,
            (None, EvidenceStatus::Rejected) => EvidenceState::SentBack,
        }
    }

    /// Whether its last day has passed.
    pub fn has_expired(&self, today: Date) -> bool {
        self.details.valid_until.is_some_and(|last| last < today)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_names_and_nothing_else() {
        for (given, kept) in [
            ("Policy 2026.pdf", "Policy 2026.pdf"),
            ("../../etc/x", "x"),
            ("C:\\Users\\ada\\report.docx", "report.docx"),
            ("a\r\nb.pdf", "a b.pdf"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("nul\0.pdf", "nul.pdf"),
            ("\u{200b}\u{feff}", "file"),
            ("..", "file"),
            (".htaccess", "htaccess"),
            ("  spaced   out .txt ", "spaced out .txt"),
            ("Größe naïve 報告.pdf", "Größe naïve 報告.pdf"),
            ("", "file"),
        ] {
            assert_eq!(FileName::clean(given).as_str(), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = FileName::clean(&format!("{}.pdf", "ü".repeat(400)));
        assert_eq!(name.as_str().chars().count(), 255);
        assert!(name.as_str().ends_with("ü.pdf"));
    }

    proptest! {
        #[test]
        fn every_name_is_clean(given in any::<String>()) {
            let name = FileName::clean(&given);
            let text = name.as_str();
            prop_assert!(!text.is_empty() && text.chars().count() <= 255 && !text.starts_with('.'));
            prop_assert!(!text.chars().any(|sign| sign.is_control() || sign == '/' || sign == '\\'));
            prop_assert_eq!(FileName::clean(text), name.clone());
        }
    }
}
