//! The people of a customer, and of the firm, as those who manage them see them.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{FirmRole, MemberRole, MembershipStatus};
use crate::{
    ids::{CustomerId, PlanId, UserId},
    text::{Code, Email, Name},
};

/// What somebody is for a customer: all their roles there, and how far these go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberTerms {
    /// The roles, each once, in the order of [`MemberRole`]; never empty.
    pub roles: Vec<MemberRole>,
    /// The last day. Auditors always have one.
    pub expires_on: Option<Date>,
    /// The approval steps of an approver.
    pub approval_steps: Vec<Code>,
    /// The plans that an auditor sees; none where they see all of them.
    pub plan_ids: Option<Vec<PlanId>>,
}

/// Somebody to be invited to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitee {
    /// Their address.
    pub email: Email,
    /// Their name, as far as whoever invites them knows it.
    pub name: Name,
}

/// One person of a customer, with all their roles there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub user_id: UserId,
    /// Their name; until they accept, the one that whoever invited them wrote.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they belong to the firm.
    pub is_firm: bool,
    /// Where they stand.
    pub status: MembershipStatus,
    /// Their roles.
    pub roles: Vec<MemberRole>,
    /// The last day.
    pub expires_on: Option<Date>,
    /// The approval steps they are named for.
    pub approval_steps: Vec<String>,
    /// The plans that they are limited to.
    pub plan_ids: Option<Vec<PlanId>>,
    /// How many open tasks of the customer are theirs.
    pub open_tasks: i64,
    /// Until when the invitation is good, where one is out.
    pub invited_until: Option<Timestamp>,
    /// Counts the changes (`If-Match`).
    pub version: i32,
}

impl Member {
    /// Whether their last day has passed.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires_on.is_some_and(|last| last < today)
    }
}

/// One person of the firm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirmPerson {
    /// Who.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they are in the firm.
    pub role: FirmRole,
    /// Where they stand: invited until they can sign in.
    pub status: MembershipStatus,
    /// The customers assigned to them.
    pub customers: i64,
    /// Their open tasks, of all customers.
    pub open_tasks: i64,
    /// When they last signed in.
    pub last_login: Option<Timestamp>,
    /// Until when the invitation is good, where one is out.
    pub invited_until: Option<Timestamp>,
    /// Counts the changes (`If-Match`).
    pub version: i32,
}

/// What an invitation link stands for, to whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Who is invited.
    pub user_id: UserId,
    /// Their address.
    pub email: String,
    /// The name to begin with.
    pub name: String,
    /// The customer that they are invited to; none for the firm itself.
    pub customer: Option<CustomerId>,
    /// The name of that customer.
    pub customer_name: Option<String>,
    /// Whether they have an account already: then they have to be signed in with it to accept.
    pub has_account: bool,
}
