//! People: their roles in the firm and in a customer, and what a password must be.

mod members;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{CustomerId, PlanId, UserId},
    words::word_enum,
};

pub use self::members::{FirmPerson, Invitation, Invitee, Member, MemberTerms};

word_enum! {
    /// What a person is in the firm. Most people of customers are nothing in the firm.
    FirmRole {
        /// Runs the firm: library, rules, customers, people.
        Admin = "admin",
        /// Looks after the customers assigned to them.
        Consultant = "consultant",
    }
}

word_enum! {
    /// What a person is for one customer.
    MemberRole {
        /// A consultant of the firm, assigned to this customer.
        Consultant = "consultant",
        /// Runs the programme on the customer's side.
        Manager = "manager",
        /// Answers, uploads, completes.
        Contributor = "contributor",
        /// Approves documents, for the steps they are named for.
        Approver = "approver",
        /// Reads, until a date.
        Auditor = "auditor",
    }
}

word_enum! {
    /// Who a task falls to until a person takes it.
    AssigneeRole {
        /// A firm admin.
        Admin = "admin",
        /// The customer's consultant.
        Consultant = "consultant",
        /// The customer's manager.
        Manager = "manager",
        /// A contributor.
        Contributor = "contributor",
        /// An approver.
        Approver = "approver",
    }
}

impl AssigneeRole {
    /// Whether people of this role sit with the customer rather than with the firm.
    pub const fn is_customer_side(self) -> bool {
        matches!(self, Self::Manager | Self::Contributor | Self::Approver)
    }

    /// Whether somebody has this role, of those that are held for a customer. The firm always has an
    /// admin.
    pub fn is_held(self, held: &[MemberRole]) -> bool {
        let role = match self {
            Self::Admin => return true,
            Self::Consultant => MemberRole::Consultant,
            Self::Manager => MemberRole::Manager,
            Self::Contributor => MemberRole::Contributor,
            Self::Approver => MemberRole::Approver,
        };
        held.contains(&role)
    }
}

word_enum! {
    /// Where a membership stands.
    MembershipStatus {
        /// Asked, not yet accepted.
        Invited = "invited",
        /// In force, unless its date has passed.
        Active = "active",
        /// Taken away for now.
        Suspended = "suspended",
        /// Taken away for good; kept for the record.
        Removed = "removed",
    }
}

/// One role of one person for one customer. A person may have several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The customer.
    pub customer_id: CustomerId,
    /// The role there.
    pub role: MemberRole,
    /// Whether it is in force.
    pub status: MembershipStatus,
    /// The last day on which it holds (auditors).
    pub expires_on: Option<Date>,
    /// The approval steps an approver is named for, such as `manager` and `ciso`.
    #[serde(default)]
    pub approval_steps: Vec<String>,
    /// The plans that an auditor sees; none where they see all of them.
    #[serde(default)]
    pub plan_ids: Option<Vec<PlanId>>,
}

impl Membership {
    /// Whether the membership's last day has passed.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires_on.is_some_and(|last| last < today)
    }

    /// Whether the membership gives its rights today.
    pub fn is_in_force(&self, today: Date) -> bool {
        self.status == MembershipStatus::Active && !self.is_expired(today)
    }
}

/// A person as shown beside a task or an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Whether they belong to the firm rather than to the customer.
    pub is_firm: bool,
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer characters than required.
    #[error("must have at least {} characters", Password::MIN)]
    TooShort,
    /// More characters than allowed.
    #[error("must have at most {} characters", Password::MAX)]
    TooLong,
    /// Among the passwords that are guessed first.
    #[error("is among the passwords that are guessed first")]
    Common,
}

impl PasswordError {
    /// A stable code for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
            Self::Common => "common",
        }
    }
}

/// A new password that fulfils the rules (ASVS 5.0, 6.2): 12 to 128 characters, no composition
/// rules, not a common one. It never shows itself in logs.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// The fewest characters.
    pub const MIN: usize = 12;
    /// The most characters.
    pub const MAX: usize = 128;

    /// Reads a new password. It is taken as typed: neither trimmed nor normalised.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        let length = text.chars().count();
        if length < Self::MIN {
            return Err(PasswordError::TooShort);
        }
        if length > Self::MAX {
            return Err(PasswordError::TooLong);
        }
        if is_common(text) {
            return Err(PasswordError::Common);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, for hashing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password(…)")
    }
}

/// Common passwords of twelve characters and more are mostly a common word or keyboard run,
/// doubled or followed by digits; so the letters are compared after digits and signs are taken off.
fn is_common(text: &str) -> bool {
    const STEMS: &[&str] = &[
        "password",
        "passwort",
        "motdepasse",
        "qwertyuiop",
        "qwertzuiop",
        "qwerty",
        "qwertz",
        "asdfghjkl",
        "zxcvbnm",
        "letmein",
        "welcome",
        "willkommen",
        "iloveyou",
        "administrator",
        "admin",
        "changeme",
        "changeit",
        "monkey",
        "dragon",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "batman",
        "trustno",
        "abc",
        "abcdefghijkl",
        "test",
        "testtest",
        "secret",
        "default",
        "login",
        "master",
        "muster",
        "hello",
        "starwars",
        "whatever",
        "correcthorsebatterystaple",
        "computer",
        "internet",
    ];
    let lower = text.to_lowercase();
    let mut characters = lower.chars();
    let first = characters.next();
    if characters.all(|character| Some(character) == first) {
        return true;
    }
    let letters: String = lower.chars().filter(|character| character.is_alphabetic()).collect();
    if letters.is_empty() {
        return is_digit_run(&lower);
    }
    STEMS.iter().any(|stem| letters == *stem || letters == stem.repeat(2))
}

/// Digits that only count up, count down or repeat a short piece.
fn is_digit_run(text: &str) -> bool {
    let digits: Vec<i16> = text.chars().filter_map(|c| c.to_digit(10)).map(|d| i16::try_from(d).unwrap_or_default()).collect();
    let steps = |by: i16| digits.windows(2).all(|pair| (pair[1] - pair[0] - by).rem_euclid(10) == 0);
    let repeats = (1..=4).any(|period| digits.iter().zip(digits.iter().skip(period)).all(|(a, b)| a == b));
    digits.len() < 8 || steps(1) || steps(-1) || repeats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords() {
        assert_eq!(Password::parse("short").unwrap_err(), PasswordError::TooShort);
        assert_eq!(Password::parse(&"x".repeat(129)).unwrap_err(), PasswordError::TooLong);
        for common in ["password1234", "Password!2026", "aaaaaaaaaaaa", "123456789012", "qwertyuiop12", "121212121212", "WelcomeWelcome1"] {
            assert_eq!(Password::parse(common).unwrap_err(), PasswordError::Common, "{common}");
        }
        for good in ["a lamp beside the river", "ünïcödé-päss!", "917354620185"] {
            assert!(Password::parse(good).is_ok(), "{good}");
        }
        assert_eq!(format!("{:?}", Password::parse("a lamp beside the river").unwrap()), "Password(…)");
    }
}
