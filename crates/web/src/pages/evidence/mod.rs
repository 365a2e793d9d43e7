//! Evidence: the list with its upload at a task or a question, the page of one piece, and the register
//! of a customer (`register`).

mod handlers;
mod linking;
mod question;
mod register;
mod register_handlers;
mod register_view;
#[cfg(any(test, feature = "samples"))]
pub(crate) mod samples;
mod view;

use askama::Template;

use crate::{
    filters,
    layout::{Layout, Nav, Theme},
    parts::{Choice, Crumb, Field},
    text::Text,
};

pub(crate) use self::{
    handlers::routes,
    question::{offer_evidence, respondents_block},
    view::{Bounds, Shown, block, refused_page},
};
pub use self::{
    linking::TasksPage,
    register::{GapsPage, RegisterPage},
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

/// A block as HTML.
#[derive(Debug, Template)]
#[template(path = "evidence/block.html")]
pub(crate) struct BlockHtml<'a> {
    block: &'a Block,
    t: &'a Text,
}

/// The ways to hand in a file and a link, as HTML.
#[derive(Debug, Template)]
#[template(path = "evidence/hand_in.html")]
pub(crate) struct HandInHtml<'a> {
    upload: &'a Upload,
    /// Tells its fields from others of the page.
    key: &'a str,
    changes: &'a str,
    t: &'a Text,
}

impl Upload {
    const fn html<'a>(&'a self, key: &'a str, changes: &'a str, t: &'a Text) -> HandInHtml<'a> {
        HandInHtml { upload: self, key, changes, t }
    }
}

impl Block {
    pub(crate) const fn html<'a>(&'a self, t: &'a Text) -> BlockHtml<'a> {
        BlockHtml { block: self, t }
    }

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

/// A file or a link of a block.
#[derive(Debug, Clone)]
pub struct File {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it leads, where it is a link.
    pub url: Option<String>,
    /// The reader may read the file itself: a respondent only knows that it is there.
    pub has_page: bool,
    /// "1.2 MB"; of a link the machine that it leads to.
    pub size: String,
    /// Its last day, where it has one.
    pub until: Option<Until>,
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
            (State::SentBack, Some(reason)) => t.evidence.sent_back.with(reason),
            (state, _) => state.word(t).to_owned(),
        }
    }

    /// It waits to be looked at.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.state == State::Waiting
    }
}

/// The last day of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Until {
    /// "Valid until 3 Mar 2027", "Valid until 3 Mar 2026: it has ended".
    pub text: String,
    /// The day itself.
    pub iso: String,
    /// How near it is.
    pub tone: Option<&'static str>,
}

impl Until {
    /// The icon that says what the tone says.
    #[must_use]
    pub fn icon(&self) -> Option<&'static str> {
        match self.tone {
            Some("bad") => Some("late"),
            Some(_) => Some("clock"),
            None => None,
        }
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
    /// Something else came in its place.
    Replaced,
}

impl State {
    /// Its tone.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Waiting => "warn",
            Self::Accepted => "ok",
            Self::SentBack => "bad",
            Self::Replaced => "mute",
        }
    }

    /// Its icon.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Waiting => "review",
            Self::Accepted => "done",
            Self::SentBack => "reject",
            Self::Replaced => "reuse",
        }
    }

    /// Its word.
    #[must_use]
    pub const fn word(self, t: &Text) -> &'static str {
        match self {
            Self::Waiting => t.evidence.waiting,
            Self::Accepted => t.evidence.accepted,
            Self::SentBack => t.evidence.rejected,
            Self::Replaced => t.evidence.replaced,
        }
    }
}

/// The form that hands in a file.
#[derive(Debug, Clone, Default)]
pub struct Upload {
    /// Where it is sent.
    pub action: String,
    /// Where a link is sent; none where none is taken.
    pub link_action: Option<String>,
    /// Several files are taken at once.
    pub takes_several: bool,
    /// The tasks that the evidence serves.
    pub task_ids: Vec<String>,
    /// The kinds to choose from.
    pub kinds: Vec<Choice>,
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

/// What is said about evidence.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The address of a link.
    pub url: Field,
    /// What a link is called.
    pub label: Field,
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
        [&self.url, &self.label, &self.note, &self.covers_from, &self.covers_to, &self.valid_until]
            .iter()
            .any(|field| field.error.is_some())
    }
}

/// How a file is shown in its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preview {
    /// In a frame of its own: a PDF, or text.
    Frame,
    /// As a picture.
    Picture,
}

/// A version of evidence, as the list of all of them shows it.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its page; none of the one that is shown.
    pub href: Option<String>,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// "David Okafor, 9 Mar 2026, 10:02".
    pub by: String,
}

/// A task that evidence serves.
#[derive(Debug, Clone)]
pub struct ServedTask {
    /// Its address.
    pub href: String,
    /// Its title.
    pub title: String,
    /// "ISO 27001:2022 · Asset register".
    pub place: String,
    /// Where the evidence is taken off it, for those who may.
    pub unlink: Option<String>,
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
    /// Its SHA-256; none of a link.
    pub fingerprint: Option<String>,
    /// What was said about it.
    pub note: Option<String>,
    /// "Accepted by Mara Lindqvist, 9 Mar 2026, 09:10".
    pub decision: Option<String>,
    /// How it can be shown here.
    pub preview: Option<Preview>,
    /// All its versions, the latest first; none where there is only this one.
    pub versions: Vec<Version>,
    /// The tasks that it serves.
    pub tasks: Vec<ServedTask>,
    /// The page where it is linked to further tasks, for those who may.
    pub link_more: Option<String>,
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
    /// It is a link, not a file.
    pub is_link: bool,
    /// The form once more.
    pub upload: Upload,
}
