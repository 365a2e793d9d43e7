//! What a person writes in the mail of a task.

use muster_domain::{mail::Subject, text::Prose};
use muster_service::{Error, LetterChange};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;

/// What the mail of a task says; what is not sent is as the system proposes it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailRequest {
    /// Only show the mail; nothing is queued.
    pub preview: Option<bool>,
    /// What it is about.
    #[schema(max_length = 200, example = "Welcome to our firm")]
    pub subject: Option<String>,
    /// The text between greeting and closing.
    pub body: Option<String>,
}

impl MailRequest {
    /// Parses the fields.
    pub fn parse(&self) -> Result<LetterChange, Error> {
        let mut check = Check::default();
        let subject = check.text("/subject", Subject::parse_optional(self.subject.as_deref()));
        let body = check.text("/body", Prose::parse_optional(self.body.as_deref()));
        check.finish(subject.zip(body).map(|(subject, body)| LetterChange { subject, body }))
    }
}
