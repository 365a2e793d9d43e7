//! Reading a document.

mod exports;
mod handlers;
mod view;
pub use exports::{ExportMenu, PrintPage};
pub(crate) use handlers::routes;

#[cfg(any(test, feature = "samples"))]
mod samples;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Action, Crumb, DocumentStatus, Moment, Progress, TaskRow, Tone};

/// `GET /documents/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "documents/page.html")]
pub struct DocumentPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// State.
    pub status: DocumentStatus,
    /// Version, for example "2".
    pub version: String,
    /// Who wrote this version.
    pub author: Option<String>,
    /// An answer changed after this version; the link leads to the questionnaire.
    pub out_of_date: bool,
    /// The questionnaire that the document came from.
    pub questionnaire: Option<String>,
    /// "Acme Corp GmbH", "Internal", "Version 2, 13 March 2026": the line above the text.
    pub colophon: Vec<String>,
    /// The text: made by us, every answer escaped. Empty when there is none.
    pub html: String,
    /// Tasks of the document.
    pub tasks: Vec<TaskRow>,
    /// Their progress.
    pub progress: Progress,
    /// Decisions, in the order of their steps.
    pub approvals: Vec<Approval>,
    /// What there is to know, as words and values.
    pub facts: Vec<(String, String)>,
    /// What it can be taken out as; none of what is a file already.
    pub export: Option<ExportMenu>,
    /// SHA-256 of the approved content.
    pub fingerprint: Option<String>,
}

/// A step of the approval.
#[derive(Debug, Clone)]
pub struct Approval {
    /// "Manager", "CISO".
    pub role: String,
    /// Who decides or decided.
    pub person: Option<String>,
    /// What was decided.
    pub decision: Decision,
    /// When.
    pub at: Option<Moment>,
    /// Why it was sent back, or what was said with the approval.
    pub remark: Option<String>,
}

/// The state of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Agreed.
    Approved,
    /// Sent back.
    Rejected,
    /// It is this step's turn.
    Current,
    /// Comes after others.
    Later,
}

impl Approval {
    fn icon(&self) -> &'static str {
        match self.decision {
            Decision::Approved => "done",
            Decision::Rejected => "reject",
            Decision::Current => "review",
            Decision::Later => "open",
        }
    }

    fn tone(&self) -> Tone {
        match self.decision {
            Decision::Approved => Tone::Ok,
            Decision::Rejected => Tone::Bad,
            Decision::Current => Tone::See,
            Decision::Later => Tone::Mute,
        }
    }

    fn line(&self, t: &crate::text::Text) -> String {
        let words = &t.document;
        match (self.decision, &self.person) {
            (Decision::Approved, Some(person)) => words.approved_by.with2(&self.role, person),
            (Decision::Rejected, Some(person)) => words.rejected_by.with2(&self.role, person),
            (_, Some(person)) => words.waits_for.with2(&self.role, person),
            (_, None) => words.waits.with(&self.role),
        }
    }
}

impl DocumentPage {
    /// "Step 2 of 3": the step that is next, of all.
    fn step_line(&self) -> Option<String> {
        let done = self.approvals.iter().filter(|one| one.decision == Decision::Approved).count();
        let all = self.approvals.len();
        (all > 0).then(|| self.layout.t.document.step.with2((done + 1).min(all), all))
    }
}
