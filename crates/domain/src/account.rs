//! A person's own account: how dates are told to them, what they are written to about, and their
//! sessions.

use jiff::{Timestamp, civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    customers::Zone,
    ids::{SessionId, UserId},
    text::Name,
    words::word_enum,
};

word_enum! {
    /// How dates and numbers are written. The words are English in all of them.
    Locale {
        /// 17 Mar 2026.
        British = "en-GB",
        /// Mar 17, 2026.
        American = "en-US",
    }
}

word_enum! {
    /// What a person can be written to about.
    Notification {
        /// A task was assigned to them.
        Assignment = "assignment",
        /// Somebody named them in a comment.
        Mention = "mention",
        /// A task of theirs is due soon.
        DueSoon = "due_soon",
        /// A task of theirs is overdue.
        Overdue = "overdue",
        /// Evidence of theirs was sent back.
        EvidenceSentBack = "evidence_sent_back",
        /// A document waits for their approval.
        ApprovalWanted = "approval_wanted",
        /// What happened and what comes next, once a week.
        WeeklyDigest = "weekly_digest",
    }
}

/// The hours of each day, in the person's own zone, in which they are not written to: from the one
/// moment to just before the other, past midnight where the second is the earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// When they begin.
    pub from: Time,
    /// When they are over.
    pub to: Time,
}

impl QuietHours {
    /// Hours from one moment of the day to another.
    ///
    /// # Errors
    /// Where they are the same: nobody could say whether that is never or always.
    pub fn new(from: Time, to: Time) -> Result<Self, SameMoment> {
        if from == to { Err(SameMoment) } else { Ok(Self { from, to }) }
    }

    /// When they are over, for a moment that lies in them; none where it does not.
    pub fn over_at(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = at.to_zoned(zone.clone()).datetime();
        let (date, time) = (local.date(), local.time());
        let is_quiet = if self.from < self.to { (self.from..self.to).contains(&time) } else { time >= self.from || time < self.to };
        if !is_quiet {
            return None;
        }
        let day = if time < self.to { date } else { date.tomorrow().ok()? };
        // A moment that the clocks skip or have twice is taken as they go on from it.
        day.to_datetime(self.to).to_zoned(zone.clone()).ok().map(|over| over.timestamp())
    }
}

/// Quiet hours that begin and end at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must not be the moment at which the quiet hours begin")]
pub struct SameMoment;

/// A person's own data, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Who it is.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
    /// How dates are told to them.
    pub locale: Locale,
    /// The IANA zone in which days and moments are told to them.
    pub time_zone: String,
    /// What they are written to about, in the order of [`Notification::ALL`].
    pub notifications: Vec<Notification>,
    /// When they are not written to.
    pub quiet_hours: Option<QuietHours>,
    /// Counts the changes.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a person may change of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileDetails {
    /// Their name.
    pub name: Name,
    /// How dates are told to them.
    pub locale: Locale,
    /// The zone in which days and moments are told to them.
    pub time_zone: Zone,
    /// What they are written to about.
    pub notifications: Vec<Notification>,
    /// When they are not written to.
    pub quiet_hours: Option<QuietHours>,
}

/// A session, as its holder sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Stands for it where people see it.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The network address that it began from.
    pub network: String,
    /// The browser that it began in, by the browser's own account.
    pub user_agent: String,
}

/// For whom the firm requires two-step sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TotpRequirements {
    /// For the firm's own people.
    pub for_firm: bool,
    /// For those who approve documents.
    pub for_approvers: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_end_in_the_persons_own_zone() {
        let time = |text: &str| text.parse::<Time>().unwrap();
        let night = QuietHours::new(time("22:00"), time("07:00")).unwrap();
        let noon = QuietHours::new(time("12:00"), time("13:30")).unwrap();
        let vienna = TimeZone::get("Europe/Vienna").unwrap();
        let over = |hours: &QuietHours, at: &str| hours.over_at(at.parse().unwrap(), &vienna).map(|at| at.to_string());
        assert_eq!(over(&night, "2026-03-17T20:59:59Z"), None);
        assert_eq!(over(&night, "2026-03-17T21:00:00Z").as_deref(), Some("2026-03-18T06:00:00Z"));
        assert_eq!(over(&night, "2026-03-18T03:00:00Z").as_deref(), Some("2026-03-18T06:00:00Z"));
        assert_eq!(over(&night, "2026-03-18T06:00:00Z"), None);
        assert_eq!(over(&noon, "2026-03-18T11:30:00Z").as_deref(), Some("2026-03-18T12:30:00Z"));
        assert_eq!(over(&noon, "2026-03-18T12:30:00Z"), None);
        // The night in which the clocks go forward is an hour shorter.
        assert_eq!(over(&night, "2026-03-28T21:30:00Z").as_deref(), Some("2026-03-29T05:00:00Z"));
        assert!(QuietHours::new(time("07:00"), time("07:00")).is_err());
    }
}
