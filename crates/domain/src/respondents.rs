//! People without an account who answer single questions, by a link.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{DelegationId, PlanId, RespondentId, TemplateId, UserId},
    text::{Email, Name, Prose},
};

/// The name of a respondent, as it stands beside an answer of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RespondentName {
    /// Who.
    pub id: RespondentId,
    /// Their name.
    pub name: String,
}

/// A question that was delegated to a respondent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Its id.
    pub id: DelegationId,
    /// The plan.
    pub plan_id: PlanId,
    /// The template.
    pub template_id: TemplateId,
    /// The name of the template.
    pub template_name: String,
    /// The key of the question.
    pub question_key: String,
    /// What whoever delegated it adds.
    pub note: Option<String>,
    /// Whether the question has an answer, whoever gave it.
    pub is_answered: bool,
}

/// A respondent as those who delegate see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RespondentDetails {
    /// Who.
    pub id: RespondentId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Who asked them first.
    pub created_by: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// When their links end.
    pub expires_at: Timestamp,
    /// When they last came, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When they were revoked.
    pub revoked_at: Option<Timestamp>,
    /// The questions delegated to them.
    pub questions: Vec<Delegation>,
}

/// For how many days a link is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkLifetime(i32);

impl LinkLifetime {
    /// The most days.
    pub const MAX: i32 = 90;
    /// Unless something else is said.
    pub const DEFAULT: Self = Self(14);

    /// Reads a number of days: 1 to 90.
    pub const fn parse(days: i32) -> Option<Self> {
        if days >= 1 && days <= Self::MAX { Some(Self(days)) } else { None }
    }

    /// The number of days.
    pub const fn days(self) -> i32 {
        self.0
    }
}

/// Whom a question is delegated to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delegate {
    /// Somebody with an account: the question's task becomes theirs.
    Member(UserId),
    /// Somebody without one.
    Outsider {
        /// Their name.
        name: Name,
        /// Their address.
        email: Email,
        /// What to tell them.
        note: Option<Prose>,
        /// For how long the link is good.
        lifetime: LinkLifetime,
    },
}
