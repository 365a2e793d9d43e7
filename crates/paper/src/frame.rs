//! What stands around the text of a document: in headers and footers, above and below it.

use serde::Serialize;

use crate::{block::Paper, printable::printable};

/// A document ready to be set: its frame and its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// What stands around it.
    pub frame: Frame,
    /// Its text.
    pub paper: Paper,
}

/// What stands around the text. All of it is words as people read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The language, as in `en`.
    pub language: String,
    /// What the document is called.
    pub name: String,
    /// The number under which the organisation keeps it.
    pub number: Option<String>,
    /// The version, such as "Version 2".
    pub version: String,
    /// What marks a document that is not approved, such as "Draft".
    pub mark: Option<String>,
    /// Who may read it, such as "Internal".
    pub classification: String,
    /// The organisation whose document it is.
    pub organisation: String,
    /// The firm that looks after it.
    pub firm: String,
    /// The logo.
    #[serde(skip)]
    pub logo: Option<Picture>,
    /// The day of the version, such as "13 March 2026".
    pub date: String,
    /// The moment of the version in UTC, `YYYY-MM-DDThh:mm:ssZ`: when the file counts as made.
    pub made_at: String,
    /// What stays the same for this version and is different for every other.
    pub identity: String,
    /// Who reviewed and approved it, in their order.
    pub approvals: Vec<Approval>,
    /// The words of the frame itself.
    pub words: FrameWords,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/png` or `image/jpeg`.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A step that was passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// What was done, such as "Approved (CISO)".
    pub step: String,
    /// By whom.
    pub name: String,
    /// When, as people read it.
    pub at: String,
}

/// The words of the frame itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FrameWords {
    /// The heading above the approvals.
    pub approvals: String,
    /// Heading of the column with what was done.
    pub step: String,
    /// Heading of the column with names.
    pub approver: String,
    /// Heading of the column with days.
    pub at: String,
    /// "Page {} of {}".
    pub page: String,
}

impl Sheet {
    /// A document as it will be set, with nothing in it that cannot be written down.
    pub fn new(mut frame: Frame, paper: Paper) -> Self {
        let texts = [&mut frame.name, &mut frame.version, &mut frame.classification, &mut frame.organisation, &mut frame.firm];
        let optional = [&mut frame.number, &mut frame.mark].into_iter().flatten();
        let approvals = frame.approvals.iter_mut().flat_map(|one| [&mut one.step, &mut one.name]);
        for text in texts.into_iter().chain(optional).chain(approvals) {
            *text = printable(text).replace('\n', " ");
        }
        Self { frame, paper }
    }
}

impl Frame {
    /// What identifies the version at a glance: number, version, classification.
    pub fn line(&self) -> Vec<&str> {
        let mut parts: Vec<&str> = self.number.as_deref().into_iter().collect();
        parts.push(&self.version);
        parts.push(&self.classification);
        parts
    }

    /// What stands below the title: whose it is, number, version, classification, day.
    pub fn colophon(&self) -> Vec<&str> {
        let mut parts = vec![self.organisation.as_str()];
        parts.extend(self.line());
        parts.push(&self.date);
        parts.extend(self.mark.as_deref());
        parts
    }
}
