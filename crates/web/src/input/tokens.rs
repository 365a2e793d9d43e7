//! What a person asks of a token.

use muster_domain::{
    ids::CustomerId,
    text::Name,
    tokens::{TokenLifetime, TokenRight},
};
use muster_service::{Error, TokenRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;

/// The most customers that a token may name.
const MAX_CUSTOMERS: usize = 200;

/// A token to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for; the name of an integration.
    #[schema(required, max_length = 255, example = "Nightly report")]
    pub name: Option<String>,
    /// What it may be used for: read, work, shape, people, library, audit.
    #[schema(required, example = json!(["read"]))]
    pub rights: Option<Vec<String>>,
    /// The customers that it is for, at most 200; null for all that its issuer may see.
    pub customer_ids: Option<Vec<i32>>,
    /// For how many days it is good, 1 to 365.
    #[schema(required, minimum = 1, maximum = 365, example = 90)]
    pub expires_in_days: Option<i32>,
}

impl NewToken {
    /// Parses the fields.
    pub fn parse(&self) -> Result<TokenRequest, Error> {
        let mut check = Check::default();
        let name = check.required("/name", self.name.as_deref(), Name::parse);
        let given = self.rights.as_deref().unwrap_or_default();
        if given.is_empty() {
            check.refuse("/rights", "blank", "must name at least one right");
        }
        let mut rights: Vec<TokenRight> =
            given.iter().enumerate().filter_map(|(place, word)| check.word(&format!("/rights/{place}"), Some(word))).collect();
        if rights.len() < given.len() && given.iter().any(|word| word.trim().is_empty()) {
            check.refuse("/rights", "not-an-option", "must not hold a blank");
        }
        rights.sort_unstable();
        rights.dedup();
        if self.customer_ids.as_ref().is_some_and(|ids| ids.is_empty() || ids.len() > MAX_CUSTOMERS) {
            check.refuse("/customer_ids", "out-of-range", format!("must name 1 to {MAX_CUSTOMERS} customers, or none at all"));
        }
        let customers = self.customer_ids.as_ref().map(|ids| ids.iter().copied().map(CustomerId).collect());
        let lifetime = self.expires_in_days.and_then(TokenLifetime::parse);
        if lifetime.is_none() {
            check.refuse("/expires_in_days", "out-of-range", format!("must be 1 to {}", TokenLifetime::MAX));
        }
        let request = name.zip(lifetime).map(|(name, lifetime)| TokenRequest { name, rights, customers, lifetime });
        check.finish(request)
    }
}
