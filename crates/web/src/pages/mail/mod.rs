//! The mail of a task, and the outbox of the firm's admin.

mod handlers;
#[cfg(any(test, feature = "samples"))]
mod samples;

pub(crate) use handlers::routes;

use askama::Template;
use muster_domain::mail::MailState;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Crumb, Field, Moment};
use crate::text::Text;

/// `GET` and `POST` of `/tasks/{id}/mail`.
#[derive(Debug, Clone, Template)]
#[template(path = "mail/page.html")]
pub struct MailPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Where the form is sent.
    pub action: String,
    /// The task in its workspace.
    pub back: String,
    /// Who gets it.
    pub to: String,
    /// The form, while the mail can be written.
    pub form: Option<MailForm>,
    /// What it is about, as it goes out.
    pub subject: String,
    /// Its words, as they go out.
    pub text: String,
    /// Where it stands.
    pub state: Option<MailState>,
    /// Why it was not delivered.
    pub problem: Option<String>,
    /// There is no mail server.
    pub held: bool,
}

/// What can be written.
#[derive(Debug, Clone, Default)]
pub struct MailForm {
    /// What it is about.
    pub subject: Field,
    /// The text between greeting and closing.
    pub body: Field,
}

/// `GET /outbox`.
#[derive(Debug, Clone, Template)]
#[template(path = "mail/outbox.html")]
pub struct OutboxPage {
    /// Frame of the page.
    pub layout: Layout,
    /// One page of mails, the latest first.
    pub rows: Vec<OutboxRow>,
    /// There is no mail server.
    pub held: bool,
    /// The page with newer mails.
    pub newer: Option<String>,
    /// The page with older mails.
    pub older: Option<String>,
}

/// A mail of the outbox.
#[derive(Debug, Clone)]
pub struct OutboxRow {
    /// Its id.
    pub id: String,
    /// Who gets it.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i32,
    /// Why the last attempt failed.
    pub problem: Option<String>,
    /// When it was queued.
    pub at: Moment,
}

impl MailPage {
    /// Where it stands, in a word, and how much that presses.
    fn badge(&self) -> Option<(&'static str, &'static str)> {
        self.state.map(|state| (state_word(state, self.layout.t), state_tone(state)))
    }
}

impl OutboxRow {
    fn word(&self, t: &Text) -> &'static str {
        state_word(self.state, t)
    }

    fn tone(&self) -> &'static str {
        state_tone(self.state)
    }

    fn may_retry(&self) -> bool {
        self.state == MailState::Failed
    }
}

/// The word for where a mail stands.
pub(crate) fn state_word(state: MailState, t: &Text) -> &'static str {
    match state {
        MailState::Queued => t.mail.queued,
        MailState::Held => t.mail.held,
        MailState::Sending => t.mail.sending,
        MailState::Sent => t.mail.sent,
        MailState::Failed => t.mail.gave_up,
        MailState::Dropped => t.mail.dropped,
    }
}

/// How much a state presses.
pub(crate) fn state_tone(state: MailState) -> &'static str {
    match state {
        MailState::Failed => "bad",
        MailState::Held => "warn",
        MailState::Sent => "good",
        MailState::Queued | MailState::Sending => "info",
        MailState::Dropped => "mute",
    }
}
