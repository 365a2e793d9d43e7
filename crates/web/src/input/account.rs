//! A person's own data, and passwords.

use muster_domain::{
    account::{Locale, Notification, Profile, ProfileDetails, QuietHours},
    customers::Zone,
    people::Password,
    text::Name,
};
use muster_service::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Check;
use crate::request::sent;

/// A change of one's own data: what is not sent stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfilePatch {
    /// The name.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub name: Option<Option<String>>,
    /// How dates are told: en-GB (17 Mar 2026) or en-US (Mar 17, 2026).
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, example = "en-GB")]
    pub locale: Option<Option<String>>,
    /// The IANA time zone in which days and moments are told.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, example = "Europe/Vienna")]
    pub time_zone: Option<Option<String>>,
    /// What to be written to about: assignment, mention, due_soon, overdue, evidence_sent_back,
    /// approval_wanted, weekly_digest.
    pub notifications: Option<Vec<String>>,
    /// When these mails wait, in the person's own zone; null for never.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<QuietHoursBody>)]
    pub quiet_hours: Option<Option<QuietHoursBody>>,
}

/// Hours of the day, past midnight where the second is the earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuietHours)]
pub struct QuietHoursBody {
    /// When they begin, as HH:MM.
    #[schema(example = "22:00")]
    pub from: String,
    /// When they are over, as HH:MM.
    #[schema(example = "07:00")]
    pub to: String,
}

/// The fields of a profile, as they were sent or are stored.
#[derive(Debug, Default, Clone)]
pub struct ProfileFields {
    /// The name.
    pub name: Option<String>,
    /// How dates are told.
    pub locale: Option<String>,
    /// The time zone.
    pub time_zone: Option<String>,
    /// What to be written to about.
    pub notifications: Vec<String>,
    /// When the quiet hours begin and when they are over; blank for none.
    pub quiet: (String, String),
}

impl ProfilePatch {
    /// The fields as they are to be, from those that are there.
    pub fn applied_to(self, profile: &Profile) -> ProfileFields {
        let stored = ProfileFields::of(profile);
        ProfileFields {
            name: self.name.unwrap_or(stored.name),
            locale: self.locale.unwrap_or(stored.locale),
            time_zone: self.time_zone.unwrap_or(stored.time_zone),
            notifications: self.notifications.unwrap_or(stored.notifications),
            quiet: self.quiet_hours.map_or(stored.quiet, |hours| hours.map(|hours| (hours.from, hours.to)).unwrap_or_default()),
        }
    }
}

impl ProfileFields {
    /// The fields as they are stored.
    pub fn of(profile: &Profile) -> Self {
        Self {
            name: Some(profile.name.clone()),
            locale: Some(profile.locale.to_string()),
            time_zone: Some(profile.time_zone.clone()),
            notifications: profile.notifications.iter().map(ToString::to_string).collect(),
            quiet: profile.quiet_hours.map(quiet_body).map(|hours| (hours.from, hours.to)).unwrap_or_default(),
        }
    }

    /// Parses the fields. Locale and zone that are left empty are those that everybody begins with.
    pub fn parse(&self) -> Result<ProfileDetails, Error> {
        let mut check = Check::default();
        let name = check.required("/name", self.name.as_deref(), Name::parse);
        let locale = check.word::<Locale>("/locale", self.locale.as_deref());
        let zone = self.time_zone.as_deref().filter(|zone| !zone.trim().is_empty());
        let time_zone = check.text("/time_zone", zone.map_or(Ok(Zone::utc()), Zone::parse));
        let mut notifications: Vec<Notification> = Vec::new();
        for (index, word) in self.notifications.iter().enumerate() {
            match word.parse::<Notification>() {
                Ok(one) => notifications.push(one),
                Err(error) => check.refuse(&format!("/notifications/{index}"), "not-an-option", error.to_string()),
            }
        }
        notifications.sort_unstable();
        notifications.dedup();
        let quiet_hours = self.quiet_hours(&mut check);
        let locale = locale.unwrap_or(Locale::British);
        let details = (|| Some(ProfileDetails { name: name?, locale, time_zone: time_zone?, notifications, quiet_hours }))();
        check.finish(details)
    }
}

impl ProfileFields {
    fn quiet_hours(&self, check: &mut Check) -> Option<QuietHours> {
        let (from, to) = (self.quiet.0.trim(), self.quiet.1.trim());
        if from.is_empty() && to.is_empty() {
            return None;
        }
        let mut moment = |pointer: &str, text: &str| {
            // Browsers add seconds where a person may give them.
            let text = text.strip_suffix(":00").filter(|rest| rest.len() == 5).unwrap_or(text);
            let time = jiff::civil::Time::strptime("%H:%M", text).ok().filter(|_| text.len() == 5);
            if time.is_none() {
                check.refuse(pointer, "malformed", "must be a time of day, written HH:MM");
            }
            time
        };
        let (from, to) = (moment("/quiet_hours/from", from), moment("/quiet_hours/to", to));
        QuietHours::new(from?, to?).map_err(|error| check.refuse("/quiet_hours/to", "same-moment", error.to_string())).ok()
    }
}

/// Quiet hours as they are told.
pub fn quiet_body(hours: QuietHours) -> QuietHoursBody {
    let told = |time: jiff::civil::Time| time.strftime("%H:%M").to_string();
    QuietHoursBody { from: told(hours.from), to: told(hours.to) }
}

/// A new password.
pub fn new_password(pointer: &str, typed: &str) -> Result<Password, Error> {
    let mut check = Check::default();
    let password = check.password(pointer, typed);
    check.finish(password)
}

/// A new password that was typed twice.
pub fn new_password_twice(pointer: &str, typed: &str, again: &str) -> Result<Password, Error> {
    let mut check = Check::default();
    let password = check.password(pointer, typed);
    if typed != again {
        check.refuse("/password_again", "not-the-same", "must be the same");
    }
    check.finish(password)
}
