//! The firm's settings.

use muster_domain::{
    firm::{Firm, FirmDetails, PublicUrl},
    mail::Mailbox,
    network::Network,
    text::Name,
};
use muster_service::Error;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;
use crate::request::sent;

/// A change of the firm's settings: what is not sent stays as it is, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirmPatch {
    /// The firm's name.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub name: Option<Option<String>>,
    /// Whom mails come from, as ADDRESS or NAME <ADDRESS>; null: as the program was started with.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, example = "Muster <muster@firm.example>")]
    pub mail_from: Option<Option<String>>,
    /// Where people reach Muster, for links and cookies; in force from the next start on.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, example = "https://muster.firm.example")]
    pub public_url: Option<Option<String>>,
    /// Proxies that are believed about where requests come from, separated by commas; in force from the next start on.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, example = "10.0.0.0/8")]
    pub trusted_proxies: Option<Option<String>>,
}

impl FirmPatch {
    /// The settings as they are to be, from those there are.
    pub fn applied_to(&self, firm: &Firm) -> Result<FirmDetails, Error> {
        let mut check = Check::default();
        let value = |given: &Option<Option<String>>, stored: Option<&str>| match given {
            Some(given) => given.clone().filter(|text| !text.trim().is_empty()),
            None => stored.map(ToOwned::to_owned),
        };
        let name = value(&self.name, Some(&firm.name));
        let name = check.required("/name", name.as_deref(), Name::parse);
        let mail_from = value(&self.mail_from, firm.mail_from.as_deref());
        let mail_from = check.text("/mail_from", mail_from.as_deref().map(Mailbox::parse).transpose());
        let public_url = value(&self.public_url, firm.public_url.as_deref());
        let public_url = check.text("/public_url", public_url.as_deref().map(PublicUrl::parse).transpose());
        let proxies = Network::parse_list(&value(&self.trusted_proxies, firm.trusted_proxies.as_deref()).unwrap_or_default());
        let proxies = proxies.map_err(|error| check.refuse("/trusted_proxies", "malformed", error.to_string())).ok();
        if proxies.as_ref().is_some_and(|proxies| proxies.len() > 20) {
            check.refuse("/trusted_proxies", "too-long", "must be at most 20");
        }
        let details = (|| Some(FirmDetails { name: name?, mail_from: mail_from?, public_url: public_url?, trusted_proxies: proxies? }))();
        check.finish(details)
    }
}
