//! A customer's fields.

use muster_domain::{
    customers::{Customer, CustomerDetails, Zone},
    text::{Email, Line, Name, Prose},
};
use muster_service::Error;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;
use crate::request::sent;

/// A customer to be created.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    /// The name.
    #[schema(required, max_length = 255, example = "Acme Corp")]
    pub name: Option<String>,
    /// The address for mail to the customer.
    #[schema(format = Email, example = "office@acme.example")]
    pub email: Option<String>,
    /// Whom to ask for.
    pub contact_person: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The postal address.
    pub address: Option<String>,
    /// The web site.
    pub website: Option<String>,
    /// What the customer does.
    pub description: Option<String>,
    /// The IANA time zone that decides when a due date has passed; UTC unless given.
    #[schema(example = "Europe/Vienna")]
    pub time_zone: Option<String>,
}

/// A change of a customer: what is not sent stays as it is, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerPatch {
    /// The name.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub name: Option<Option<String>>,
    /// The address for mail to the customer.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, format = Email)]
    pub email: Option<Option<String>>,
    /// Whom to ask for.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub contact_person: Option<Option<String>>,
    /// A telephone number.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    /// The postal address.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub address: Option<Option<String>>,
    /// The web site.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub website: Option<Option<String>>,
    /// What the customer does.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub description: Option<Option<String>>,
    /// The IANA time zone that decides when a due date has passed.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub time_zone: Option<Option<String>>,
}

impl NewCustomer {
    /// Parses the fields.
    pub fn parse(&self) -> Result<CustomerDetails, Error> {
        let mut check = Check::default();
        let name = check.required("/name", self.name.as_deref(), Name::parse);
        let email = check.text("/email", Email::parse_optional(self.email.as_deref()));
        let contact_person = check.text("/contact_person", Name::parse_optional(self.contact_person.as_deref()));
        let phone = check.text("/phone", Line::parse_optional(self.phone.as_deref()));
        let address = check.text("/address", Prose::parse_optional(self.address.as_deref()));
        let website = check.text("/website", Line::parse_optional(self.website.as_deref()));
        let description = check.text("/description", Prose::parse_optional(self.description.as_deref()));
        let zone = self.time_zone.as_deref().filter(|zone| !zone.trim().is_empty());
        let time_zone = check.text("/time_zone", zone.map_or(Ok(Zone::utc()), Zone::parse));
        let details = (|| {
            Some(CustomerDetails {
                name: name?,
                email: email?,
                contact_person: contact_person?,
                phone: phone?,
                address: address?,
                website: website?,
                description: description?,
                time_zone: time_zone?,
            })
        })();
        check.finish(details)
    }
}

impl CustomerPatch {
    /// The customer's fields as they are to be, from those it has.
    pub fn applied_to(self, customer: Customer) -> NewCustomer {
        NewCustomer {
            name: self.name.unwrap_or(Some(customer.name)),
            email: self.email.unwrap_or(customer.email),
            contact_person: self.contact_person.unwrap_or(customer.contact_person),
            phone: self.phone.unwrap_or(customer.phone),
            address: self.address.unwrap_or(customer.address),
            website: self.website.unwrap_or(customer.website),
            description: self.description.unwrap_or(customer.description),
            time_zone: self.time_zone.unwrap_or(Some(customer.time_zone)),
        }
    }
}
