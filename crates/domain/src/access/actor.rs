//! Who acts: somebody whose identity has been verified, and what they are.

use std::collections::HashSet;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{Action, Decision, decide};
use crate::{
    account::{Locale, TotpRequirements},
    ids::{CustomerId, PlanId, SessionId, UserId},
    people::{FirmRole, MemberRole, Membership},
    tokens::TokenScope,
};

/// Somebody whose identity has been verified, with what they are.
///
/// The fields are private: an actor is made in one place, from a verified session
/// (`store::sessions`) or for work that the system does on a person's behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor(pub(super) Identity);

/// What is known of somebody whose identity has been verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who it is.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they are in the firm.
    pub firm_role: Option<FirmRole>,
    /// Their memberships, in force or not.
    pub memberships: Vec<Membership>,
    /// The IANA name of their zone.
    pub time_zone: String,
    /// How dates are told to them.
    pub locale: Locale,
    /// The session that they came with, if they came with one.
    pub session: Option<SessionId>,
    /// When they last gave their password or a code again, in this session.
    pub confirmed_at: Option<Timestamp>,
    /// Whether they sign in with a code besides the password.
    pub has_totp: bool,
    /// For whom the firm requires that.
    pub totp_required: TotpRequirements,
    /// What limits them, if it is not the person who acts but a token of theirs.
    pub token: Option<TokenScope>,
    /// The day before which no open task of theirs is due. None where that was not looked up.
    pub nothing_due_before: Option<Date>,
}

impl Identity {
    /// Somebody of whom no more is known: nothing in the firm, without memberships, at a machine in UTC.
    pub fn new(user_id: UserId, name: String, email: String) -> Self {
        Self {
            user_id,
            name,
            email,
            firm_role: None,
            memberships: Vec::new(),
            time_zone: "UTC".to_owned(),
            locale: Locale::British,
            session: None,
            confirmed_at: None,
            has_totp: false,
            totp_required: TotpRequirements::default(),
            token: None,
            nothing_due_before: None,
        }
    }
}

impl Actor {
    /// Makes an actor of a verified identity. `clippy.toml` bans this call outside the places
    /// that verify one.
    pub const fn verified(identity: Identity) -> Self {
        Self(identity)
    }

    /// Who it is.
    pub const fn user_id(&self) -> UserId {
        self.0.user_id
    }

    /// Their name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Their address.
    pub fn email(&self) -> &str {
        &self.0.email
    }

    /// What they are in the firm.
    pub const fn firm_role(&self) -> Option<FirmRole> {
        self.0.firm_role
    }

    /// Whether they belong to the firm.
    pub const fn is_firm(&self) -> bool {
        self.0.firm_role.is_some()
    }

    /// The zone in which days and moments are told to them. A zone that this machine does not know
    /// counts as UTC.
    pub fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.0.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// How dates are told to them.
    pub const fn locale(&self) -> Locale {
        self.0.locale
    }

    /// The session that they came with; none for work at the machine itself.
    pub const fn session(&self) -> Option<SessionId> {
        self.0.session
    }

    /// When they last gave their password or a code again, in this session.
    pub const fn confirmed_at(&self) -> Option<Timestamp> {
        self.0.confirmed_at
    }

    /// Whether it is known that no open task of theirs is due before a day.
    pub fn has_nothing_due_before(&self, day: Date) -> bool {
        self.0.nothing_due_before.is_some_and(|first| first >= day)
    }

    /// Whether two-step sign-in is required of them and not set up: until it is, they reach only
    /// their own account.
    pub fn must_set_up_totp(&self, today: Date) -> bool {
        let approves = |one: &Membership| one.role == MemberRole::Approver && one.is_in_force(today);
        let required = self.0.totp_required;
        !self.0.has_totp && ((required.for_firm && self.is_firm()) || (required.for_approvers && self.0.memberships.iter().any(approves)))
    }

    /// Whether they run the firm.
    pub fn is_admin(&self) -> bool {
        self.0.firm_role == Some(FirmRole::Admin)
    }

    /// All their memberships, in force or not.
    pub fn memberships(&self) -> &[Membership] {
        &self.0.memberships
    }

    /// The customers whose rows they may read today: all of them, or a list.
    pub fn visible_customers(&self, today: Date) -> VisibleCustomers {
        if self.is_admin() {
            return self.all_customers();
        }
        let mut ids: Vec<CustomerId> =
            self.0.memberships.iter().filter(|one| self.counts(one) && one.is_in_force(today)).map(|one| one.customer_id).collect();
        ids.sort_unstable();
        ids.dedup();
        VisibleCustomers::Only(ids)
    }

    /// The customers that they may know of today, also where their membership has ended: these are
    /// told that it has, not that nothing is there.
    pub fn known_customers(&self, today: Date) -> VisibleCustomers {
        if self.is_admin() {
            return self.all_customers();
        }
        let mut ids: Vec<CustomerId> = self.0.memberships.iter().map(|one| one.customer_id).collect();
        ids.retain(|id| decide(self, *id, Action::ReadWorkspace, today) != Decision::Invisible);
        ids.sort_unstable();
        ids.dedup();
        VisibleCustomers::Only(ids)
    }

    /// All customers of the firm, or those that a token is for.
    fn all_customers(&self) -> VisibleCustomers {
        let Some(mut ids) = self.0.token.as_ref().and_then(|token| token.customers.clone()) else { return VisibleCustomers::All };
        ids.sort_unstable();
        ids.dedup();
        VisibleCustomers::Only(ids)
    }

    /// The roles they hold for a customer today.
    pub fn roles_for(&self, customer: CustomerId, today: Date) -> Vec<MemberRole> {
        let of_customer = self.0.memberships.iter().filter(|one| one.customer_id == customer);
        of_customer.filter(|one| self.counts(one) && one.is_in_force(today)).map(|one| one.role).collect()
    }

    /// The plans of a customer that they may see, where they may not see all: auditors can be
    /// limited. Somebody who also has a role without a limit is not.
    pub fn plan_limit(&self, customer: CustomerId, today: Date) -> Option<Vec<PlanId>> {
        if self.is_admin() {
            return None;
        }
        let (mut plans, mut is_in_force) = (Vec::new(), false);
        let of_customer = self.0.memberships.iter().filter(|one| one.customer_id == customer);
        for membership in of_customer.filter(|one| self.counts(one) && one.is_in_force(today)) {
            plans.extend_from_slice(membership.plan_ids.as_deref()?);
            is_in_force = true;
        }
        plans.sort_unstable();
        plans.dedup();
        // Whoever has no membership in force is refused for that, and told so.
        is_in_force.then_some(plans)
    }

    /// The customers that they look after as a consultant.
    pub fn looked_after(&self, today: Date) -> HashSet<CustomerId> {
        let assigned =
            self.0.memberships.iter().filter(|one| one.role == MemberRole::Consultant && self.counts(one) && one.is_in_force(today));
        assigned.map(|one| one.customer_id).collect()
    }

    /// A consultant's assignment counts only while they belong to the firm.
    pub(super) fn counts(&self, membership: &Membership) -> bool {
        membership.role != MemberRole::Consultant || self.is_firm()
    }

    /// Whether they are named for an approval step of a customer's documents.
    pub fn holds_step(&self, customer: CustomerId, today: Date, step: &str) -> bool {
        self.0.memberships.iter().any(|one| {
            one.customer_id == customer
                && one.role == MemberRole::Approver
                && one.is_in_force(today)
                && one.approval_steps.iter().any(|held| held == step)
        })
    }
}

/// Which customers a person may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisibleCustomers {
    /// Every customer of the firm.
    All,
    /// These, in ascending order.
    Only(Vec<CustomerId>),
}
