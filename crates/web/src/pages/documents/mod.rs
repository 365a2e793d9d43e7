//! A document: reading it with its versions and changes, deciding on it, and writing at it.

mod decide;
mod edit;
mod exports;
mod handlers;
mod history;
mod moves;
mod upload;
mod view;
#[cfg(any(test, feature = "samples"))]
pub(crate) use edit::EditDocumentPage;
pub use exports::{ExportMenu, PrintPage};
pub(crate) use handlers::routes;

#[cfg(any(test, feature = "samples"))]
mod samples;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Crumb, DocumentStatus, Due, Field, Moment, Progress, TaskRow, Tone};

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
    /// State of what is read: the latest version, or an earlier one.
    pub status: DocumentStatus,
    /// Version, author, whom it waits for: the line below the name.
    pub about: Vec<String>,
    /// What has to be known before reading.
    pub notes: Vec<Note>,
    /// An answer changed after this version; what, and what to do about it.
    pub stale: Option<Stale>,
    /// What can be done with it.
    pub actions: Actions,
    /// What is compared with what; none where there is nothing to compare.
    pub compare: Option<Compare>,
    /// "Acme Corp GmbH", "Internal", "Version 2, 13 March 2026": the line above the text.
    pub colophon: Vec<String>,
    /// The text: made by us, every answer escaped. Empty when there is none.
    pub html: String,
    /// The name of the file, where the document is one, and where it is taken from.
    pub file: Option<(String, String)>,
    /// The visitor's own decision.
    pub decision: Option<DecisionForm>,
    /// Tasks of the document.
    pub tasks: Vec<TaskRow>,
    /// Their progress.
    pub progress: Progress,
    /// Decisions, in the order of their steps.
    pub approvals: Vec<Approval>,
    /// The versions, the latest first.
    pub versions: Vec<VersionRow>,
    /// What there is to know, as words and values.
    pub facts: Vec<(String, String)>,
    /// What it can be taken out as; none of what is a file already.
    pub export: Option<ExportMenu>,
    /// SHA-256 of what was handed in.
    pub fingerprint: Option<String>,
}

/// Something to know before reading.
#[derive(Debug, Clone)]
pub struct Note {
    /// `bad`, `warn` or `info`.
    pub tone: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// What it says.
    pub text: String,
    /// Where it leads, and the words for that.
    pub link: Option<(String, String)>,
}

/// Answers that say something else than the document.
#[derive(Debug, Clone)]
pub struct Stale {
    /// What follows from it.
    pub about: String,
    /// The question, what the document says, what the answer is now.
    pub changes: Vec<(String, Option<String>, Option<String>)>,
    /// The end of the address to post to, and the button's words.
    pub action: Option<(&'static str, String)>,
}

/// What can be done with a document.
#[derive(Debug, Clone, Default)]
pub struct Actions {
    /// The questionnaire that it came from.
    pub questionnaire: Option<String>,
    /// Write at it.
    pub may_edit: bool,
    /// Hand it in.
    pub may_submit: bool,
    /// Take it back out of review.
    pub may_withdraw: bool,
    /// Begin this version.
    pub next_version: Option<i32>,
}

/// The choice between the text and its changes.
#[derive(Debug, Clone)]
pub struct Compare {
    /// What is read, as the address has it; none of the latest.
    pub version: Option<String>,
    /// Whether the changes are shown.
    pub is_on: bool,
    /// "Compare version 3 with".
    pub label: String,
    /// What it can be compared with.
    pub with: Vec<Choice>,
    /// How many changes there are, in words.
    pub count: String,
    /// The parts that have changes: their anchors and titles.
    pub sections: Vec<(String, String)>,
}

/// The visitor's own decision on the version in review.
#[derive(Debug, Clone)]
pub struct DecisionForm {
    /// "Your decision as CISO".
    pub title: String,
    /// By when.
    pub due: Option<Due>,
    /// `approve` or `review`: what agreeing means here.
    pub agree: &'static str,
    /// What agreeing is called.
    pub agree_word: String,
    /// What follows from agreeing.
    pub agree_hint: String,
    /// Whom it goes back to.
    pub back_to: String,
    /// Whether asking for changes is chosen.
    pub asks_for_changes: bool,
    /// What the visitor says with it.
    pub words: Field,
    /// The password or code; none where it is not needed now.
    pub proof: Option<Field>,
}

/// A version in the list.
#[derive(Debug, Clone)]
pub struct VersionRow {
    /// "Version 2".
    pub label: String,
    /// Where it is read; none of the one that is being read.
    pub href: Option<String>,
    /// What is new in it, or how it stands.
    pub title: String,
    /// When and by whom.
    pub line: String,
    /// Its icon.
    pub icon: &'static str,
    /// Its colour.
    pub tone: Tone,
}

/// A step of the approval.
#[derive(Debug, Clone)]
pub struct Approval {
    /// "Review", "Manager", "CISO".
    pub role: String,
    /// Who decides or decided.
    pub person: Option<String>,
    /// What was decided.
    pub decision: Decision,
    /// When.
    pub at: Option<Moment>,
    /// By when, while it is to come.
    pub due: Option<Due>,
    /// Why it was sent back, or what was said with the approval.
    pub remark: Option<String>,
}

/// The state of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Written and handed in.
    HandedIn,
    /// Found complete.
    Reviewed,
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
            Decision::HandedIn | Decision::Reviewed | Decision::Approved => "done",
            Decision::Rejected => "reject",
            Decision::Current => "review",
            Decision::Later => "open",
        }
    }

    fn tone(&self) -> Tone {
        match self.decision {
            Decision::HandedIn | Decision::Reviewed | Decision::Approved => Tone::Ok,
            Decision::Rejected => Tone::Bad,
            Decision::Current => Tone::See,
            Decision::Later => Tone::Mute,
        }
    }

    fn line(&self, t: &crate::text::Text) -> String {
        let words = &t.document;
        match (self.decision, &self.person) {
            (Decision::HandedIn, person) => words.handed_in_by.with(person.as_deref().unwrap_or(t.audit.somebody)),
            (Decision::Reviewed, Some(person)) => words.reviewed_by.with2(&self.role, person),
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
        let steps = || self.approvals.iter().filter(|one| one.decision != Decision::HandedIn);
        let done = steps().filter(|one| matches!(one.decision, Decision::Approved | Decision::Reviewed)).count();
        let all = steps().filter(|one| one.decision != Decision::Rejected).count();
        (all > 0 && done < all).then(|| self.layout.t.document.step.with2((done + 1).min(all), all))
    }
}
