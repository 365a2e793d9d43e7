//! Mails: to whom, about what, in which words. Every part that becomes a header is one line
//! without control characters, so that no name or subject can begin a header of its own.

use serde::{Deserialize, Serialize};

use crate::{
    text::{Email, Line, Name, Prose, TextError},
    words::word_enum,
};

/// The subject of a mail.
pub type Subject = Line<200>;

/// Somebody who writes or gets a mail: an address, and the name that stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name, if one is known.
    pub name: Option<Name>,
    /// The address.
    pub address: Email,
}

impl Mailbox {
    /// Reads `address` or `Name <address>`.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            None => Ok(Self { name: None, address: Email::parse(text)? }),
            Some((name, address)) => {
                let name = Name::parse_optional(Some(name.trim().trim_matches('"')))?;
                Ok(Self { name, address: Email::parse(address)? })
            }
        }
    }
}

impl std::fmt::Display for Mailbox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(formatter, "{name} <{}>", self.address),
            None => self.address.fmt(formatter),
        }
    }
}

/// A mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredMail", into = "StoredMail")]
pub struct Mail {
    /// Who gets it.
    pub to: Mailbox,
    /// What it is about.
    pub subject: Subject,
    /// Its words, for programs that show text only.
    pub text: Prose,
    /// The same words as a page.
    pub html: String,
    /// Where whoever gets it says that they want no more of its kind, with one click (RFC 8058).
    pub unsubscribe: Option<String>,
}

/// A mail as it waits in the outbox. It is parsed again when it is read.
#[derive(Serialize, Deserialize)]
struct StoredMail {
    to_name: Option<String>,
    to: String,
    subject: String,
    text: String,
    html: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unsubscribe: Option<String>,
}

impl From<Mail> for StoredMail {
    fn from(mail: Mail) -> Self {
        Self {
            to_name: mail.to.name.map(|name| name.as_str().to_owned()),
            to: mail.to.address.as_str().to_owned(),
            subject: mail.subject.as_str().to_owned(),
            text: mail.text.as_str().to_owned(),
            html: mail.html,
            unsubscribe: mail.unsubscribe,
        }
    }
}

impl TryFrom<StoredMail> for Mail {
    type Error = TextError;

    fn try_from(stored: StoredMail) -> Result<Self, TextError> {
        let to = Mailbox { name: Name::parse_optional(stored.to_name.as_deref())?, address: Email::parse(&stored.to)? };
        // It becomes a header: nothing in it may begin another one.
        let unsubscribe = stored.unsubscribe.filter(|url| url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'>'));
        Ok(Self { to, subject: Subject::parse(&stored.subject)?, text: Prose::parse(&stored.text)?, html: stored.html, unsubscribe })
    }
}

word_enum! {
    /// Where a mail of the outbox stands.
    MailState {
        /// Waits to be sent, or to be tried again.
        Queued = "queued",
        /// Waits until the installation has a mail server.
        Held = "held",
        /// Being handed to the mail server.
        Sending = "sending",
        /// Accepted by the mail server.
        Sent = "sent",
        /// Given up; somebody has to look at it.
        Failed = "failed",
        /// Not sent, because it had lost its point by then.
        Dropped = "dropped",
    }
}

impl MailState {
    /// The state of a mail from that of its job. Without a mail server nothing is tried.
    pub fn of_job(state: JobState, has_server: bool) -> Self {
        match state {
            JobState::Queued if has_server => Self::Queued,
            JobState::Queued => Self::Held,
            JobState::Running => Self::Sending,
            JobState::Done => Self::Sent,
            JobState::Dead => Self::Failed,
            JobState::Dropped => Self::Dropped,
        }
    }
}

word_enum! {
    /// Where a job stands.
    JobState {
        /// Waits for its time.
        Queued = "queued",
        /// A worker has it.
        Running = "running",
        /// Done.
        Done = "done",
        /// Given up.
        Dead = "dead",
        /// Not done, because it had lost its point.
        Dropped = "dropped",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mailboxes() {
        let read = |text| Mailbox::parse(text).map(|one| (one.name.map(|name| name.to_string()), one.address.to_string()));
        assert_eq!(read("a@b.example"), Ok((None, "a@b.example".to_owned())));
        assert_eq!(read("Ada L. <a@b.example>"), Ok((Some("Ada L.".to_owned()), "a@b.example".to_owned())));
        assert_eq!(read("\"Ada\" <a@b.example>"), Ok((Some("Ada".to_owned()), "a@b.example".to_owned())));
        assert!(read("Ada").is_err());
        assert!(read("Ada\r\nBcc: c@d.example <a@b.example>").is_err());
    }

    #[test]
    fn what_would_be_a_header_is_refused_also_when_read_back() {
        for (to, subject) in [("a@b.example\r\nBcc: x@y.example", "S"), ("a@b.example", "S\r\nBcc: x@y.example")] {
            let stored = serde_json::json!({ "to_name": null, "to": to, "subject": subject, "text": "T", "html": "" });
            assert!(serde_json::from_value::<Mail>(stored).is_err());
        }
    }

    proptest! {
        #[test]
        fn no_part_of_a_header_has_a_line_end(text in "(?s).{0,80}") {
            if let Ok(mailbox) = Mailbox::parse(&text) {
                let parts = [mailbox.name.map(|name| name.to_string()).unwrap_or_default(), mailbox.address.to_string()];
                prop_assert!(parts.iter().all(|part| !part.chars().any(char::is_control)));
            }
        }
    }
}
