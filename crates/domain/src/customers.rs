//! Customers of the firm.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    clock,
    ids::CustomerId,
    text::{Email, Line, Name, Prose, TextError},
    words::word_enum,
};

word_enum! {
    /// Where a customer stands with the firm (the legacy database's words, and `archived`).
    CustomerStatus {
        /// Being looked after.
        Active = "active",
        /// Not at present.
        Inactive = "inactive",
        /// Agreed, not begun.
        Pending = "pending",
        /// The programme has ended.
        Completed = "completed",
        /// Put away; shown only on request.
        Archived = "archived",
    }
}

/// The name of a time zone in the IANA database, such as `Europe/Vienna`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(String);

impl Zone {
    /// Reads a zone name; only zones that this machine knows are taken.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = Line::<64>::parse(text)?;
        if clock::is_known_zone(text.as_str()) {
            Ok(Self(text.as_str().to_owned()))
        } else {
            Err(TextError::Malformed { expected: "the name of a time zone, such as Europe/Vienna" })
        }
    }

    /// The zone everybody has until they choose one.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A customer's data as given when it is created or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerDetails {
    /// The name.
    pub name: Name,
    /// The address for mail to the customer.
    pub email: Option<Email>,
    /// Whom to ask for.
    pub contact_person: Option<Name>,
    /// A telephone number, as people write it.
    pub phone: Option<Line<50>>,
    /// The postal address.
    pub address: Option<Prose>,
    /// The web site.
    pub website: Option<Line<255>>,
    /// What the customer does.
    pub description: Option<Prose>,
    /// The zone that decides when a due date has passed.
    pub time_zone: Zone,
}

/// A customer as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The id.
    pub id: CustomerId,
    /// The name.
    pub name: String,
    /// The address for mail to the customer.
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
    /// The zone that decides when a due date has passed.
    pub time_zone: String,
    /// Where it stands.
    pub status: CustomerStatus,
    /// Counts the changes of this row (`If-Match`).
    pub version: i32,
    /// Counts the changes of anything that the workspace shows.
    pub workspace_version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
