//! Whom a question is delegated to.

use muster_domain::{
    ids::UserId,
    respondents::{Delegate, LinkLifetime},
    text::{Email, Name, Prose},
};
use muster_service::Error;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;

/// Somebody who is to answer a question: a member by `user_id`, or anybody else by `email` and `name`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDelegate {
    /// A person of the customer or the firm: the question's task becomes theirs.
    pub user_id: Option<i32>,
    /// The address of somebody without an account, who gets a link.
    #[schema(format = Email)]
    pub email: Option<String>,
    /// Their name.
    #[schema(max_length = 255)]
    pub name: Option<String>,
    /// What to tell them besides the question.
    pub note: Option<String>,
    /// For how many days the link is good, 1 to 90; 14 unless given.
    #[schema(minimum = 1, maximum = 90)]
    pub expires_in_days: Option<i32>,
}

impl NewDelegate {
    /// Parses the fields.
    pub fn parse(&self) -> Result<Delegate, Error> {
        let mut check = Check::default();
        if let Some(user) = self.user_id {
            if [&self.email, &self.name, &self.note].into_iter().any(Option::is_some) || self.expires_in_days.is_some() {
                check.refuse("/user_id", "not-both", "cannot stand beside the other fields");
            }
            return check.finish(Some(Delegate::Member(UserId(user))));
        }
        let email = check.required("/email", self.email.as_deref(), Email::parse);
        let name = check.required("/name", self.name.as_deref(), Name::parse);
        let note = check.text("/note", Prose::parse_optional(self.note.as_deref()));
        let lifetime = self.expires_in_days.map_or(Some(LinkLifetime::DEFAULT), LinkLifetime::parse);
        if lifetime.is_none() {
            check.refuse("/expires_in_days", "out-of-range", format!("must be 1 to {}", LinkLifetime::MAX));
        }
        let outsider = (|| Some(Delegate::Outsider { name: name?, email: email?, note: note?, lifetime: lifetime? }))();
        check.finish(outsider)
    }
}
