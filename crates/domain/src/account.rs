//! A person's own account: how dates are told to them, what they are written to about, and their
//! sessions.

use jiff::Timestamp;
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
