//! Evidence: the list with its upload at a task or a question, and the page of one file.

mod handlers;
mod question;
#[cfg(any(test, feature = "samples"))]
pub(crate) mod samples;
mod view;

use askama::Template;

use crate::{
    filters,
    layout::{Layout, Nav, Theme},
    parts::{Crumb, Field},
    text::Text,
};

pub(crate) use self::{
    handlers::routes,
    question::{offer_evidence, respondents_block},
    view::{Shown, block, refused_page},
};

/// The evidence of one task: what was handed in, and the way to hand in more.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// Tells this block from others of the page.
    pub id: String,
    /// The task cannot be completed without accepted evidence, and has none.
    pub is_needed: bool,
    /// Which evidence is asked for.
    pub wanted: Option<String>,
    /// What was handed in.
    pub files: Vec<File>,
    /// The way to hand in a file, for those who may.
    pub upload: Option<Upload>,
    /// Where to go on to after a decision.
    pub next: String,
    /// What a decision changes of the page, as selectors; the first is its target.
    pub changes: Vec<String>,
}

impl Block {
    /// Something was handed in that was not sent back, so handing in more is not what comes next.
    #[must_use]
    pub fn is_served(&self) -> bool {
        self.files.iter().any(|file| file.state != State::SentBack)
    }

    /// Nobody has anything left to do about it: what was handed in is accepted, and what was asked
    /// for is there.
    #[must_use]
    pub fn is_settled(&self, is_asked_for: bool) -> bool {
        self.files.iter().all(|file| file.state == State::Accepted) && !(is_asked_for && self.files.is_empty())
    }
}

/// A file of a block.
#[derive(Debug, Clone)]
pub struct File {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The reader may read the file itself: a respondent only knows that it is there.
    pub has_page: bool,
    /// "1.2 MB".
    pub size: String,
    /// "David Okafor, 9 Mar".
    pub by: String,
    /// Where it stands.
    pub state: State,
    /// Why it was sent back.
    pub reason: Option<String>,
    /// Counts the decisions about it.
    pub version: i32,
    /// The reader may decide about it.
    pub may_decide: bool,
}

impl File {
    /// Where it stands, in words; why, where it was sent back.
    #[must_use]
    pub fn stands(&self, t: &Text) -> String {
        match (self.state, &self.reason) {
            (State::Waiting, _) => t.evidence.waiting.to_owned(),
            (State::Accepted, _) => t.evidence.accepted.to_owned(),
            (State::SentBack, Some(reason)) => t.evidence.sent_back.with(reason),
            (State::SentBack, None) => t.evidence.rejected.to_owned(),
        }
    }

    /// It waits to be looked at.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.state == State::Waiting
    }
}

/// Where evidence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits to be looked at.
    Waiting,
    /// It was accepted.
    Accepted,
    /// It was sent back.
    SentBack,
}

impl State {
    /// Its tone.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Waiting => "warn",
            Self::Accepted => "ok",
            Self::SentBack => "bad",
        }
    }

    /// Its icon.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Waiting => "review",
            Self::Accepted => "done",
            Self::SentBack => "reject",
        }
    }
}

/// The form that hands in a file.
#[derive(Debug, Clone, Default)]
pub struct Upload {
    /// Where it is sent.
    pub action: String,
    /// The tasks that the file serves.
    pub task_ids: Vec<String>,
    /// The evidence that it comes in the place of.
    pub replaces: Option<String>,
    /// Where to go on to.
    pub next: String,
    /// "200 MB".
    pub limit: String,
    /// More can be said than a note: what it covers, until when it is valid.
    pub has_details: bool,
    /// What was said already.
    pub said: Said,
}

/// What is said about a file.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// A note.
    pub note: Field,
    /// The first day that it covers.
    pub covers_from: Field,
    /// The last one.
    pub covers_to: Field,
    /// The last day on which it shows anything.
    pub valid_until: Field,
}

impl Said {
    /// Something of it was refused, so it stands open.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        [&self.note, &self.covers_from, &self.covers_to, &self.valid_until].iter().any(|field| field.error.is_some())
    }
}

/// `GET /evidence/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "evidence/page.html")]
pub struct EvidencePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The file.
    pub file: File,
    /// What is known of it: name and value.
    pub facts: Vec<(&'static str, String)>,
    /// Its SHA-256.
    pub fingerprint: String,
    /// What was said about it.
    pub note: Option<String>,
    /// "Accepted by Mara Lindqvist, 9 Mar 2026, 09:10".
    pub decision: Option<String>,
    /// The tasks that it serves: address and title.
    pub tasks: Vec<(String, String)>,
    /// The page of the file that came in its place.
    pub newer: Option<String>,
    /// The reader handed it in, so somebody else decides.
    pub is_own: bool,
    /// The reason for sending it back.
    pub reason: Field,
    /// The form that replaces it, for those who may.
    pub replace: Option<Upload>,
}

/// A file that was not taken: why, and the form once more.
#[derive(Debug, Clone, Template)]
#[template(path = "evidence/refused.html")]
pub struct RefusedPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here; none for a respondent.
    pub crumbs: Vec<Crumb>,
    /// Why it was not taken.
    pub why: String,
    /// The form once more.
    pub upload: Upload,
}
