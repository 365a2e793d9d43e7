//! The one decision function: who may do what, on which customer, today.
//!
//! Everything that hands out a customer's rows asks [`decide`] first; everything that changes the
//! firm's own things asks [`decide_firm`]. The rules are the rights table of the access rules,
//! written out for people in `docs/ARCHITECTURE.md`.

mod limits;
mod respondent;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

pub use self::{
    limits::{decide_across, decide_in_person, may_hand_on},
    respondent::{Respondent, decide_respondent},
};
use crate::{
    account::{Locale, TotpRequirements},
    ids::{CustomerId, PlanId, SessionId, UserId},
    people::{FirmRole, MemberRole, Membership, MembershipStatus},
    tokens::TokenScope,
};

/// Somebody whose identity has been verified, with what they are.
///
/// The fields are private: an actor is made in one place, from a verified session
/// (`store::sessions`) or for work that the system does on a person's behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor(Identity);

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

    /// A consultant's assignment counts only while they belong to the firm.
    fn counts(&self, membership: &Membership) -> bool {
        membership.role != MemberRole::Consultant || self.is_firm()
    }

    fn holds_step(&self, customer: CustomerId, today: Date, step: &str) -> bool {
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

/// What somebody wants to do with one customer's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action<'a> {
    /// See the workspace and all that is in it.
    ReadWorkspace,
    /// Read and export the audit log.
    ReadAudit,
    /// Change the customer's own data.
    EditCustomer,
    /// Assign a standard or a template, change a plan.
    AssignPlan,
    /// Answer a question, save a filled template as a document.
    AnswerQuestion,
    /// Change a task, move it, take it. `approval_step` is the step of an approval task.
    ChangeTask {
        /// The approval step, when the task is an approval.
        approval_step: Option<&'a str>,
    },
    /// Add a task by hand; ignore and restore tasks, templates and plans.
    ShapeWork,
    /// Send the customer a mail in the firm's name.
    SendMail,
    /// See the customer's people, with their addresses and roles.
    ReadPeople,
    /// Invite, change, suspend or remove somebody with this role: nobody grants one above their own.
    ManageMember {
        /// The role that is given or taken.
        role: MemberRole,
    },
    /// Put the customer away, or take it up again.
    ArchiveCustomer,
    /// Ask somebody else to answer a question, also somebody without an account; see and revoke
    /// those who were asked.
    Delegate,
}

impl Action<'_> {
    /// Changing a task that is no approval.
    pub const CHANGE_TASK: Self = Self::ChangeTask { approval_step: None };

    /// Every action, an approval's step aside.
    pub const WITHOUT_STEP: [Action<'static>; 12] = [
        Action::ReadWorkspace,
        Action::ReadAudit,
        Action::EditCustomer,
        Action::AssignPlan,
        Action::AnswerQuestion,
        Action::CHANGE_TASK,
        Action::ShapeWork,
        Action::SendMail,
        Action::ReadPeople,
        Action::ManageMember { role: MemberRole::Contributor },
        Action::ArchiveCustomer,
        Action::Delegate,
    ];
}

/// What somebody wants to do with the firm's own things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirmAction {
    /// See standards, templates and task rules.
    ReadLibrary,
    /// Add and change standards, templates and task rules.
    EditLibrary,
    /// Create a customer.
    CreateCustomer,
    /// See the portfolio of the customers one may see.
    ReadPortfolio,
    /// See the mails of the outbox, and have one tried again.
    RunOutbox,
    /// Read and export the firm's own audit log.
    ReadFirmAudit,
    /// Make and revoke the tokens of the firm's integrations.
    ManageIntegrations,
    /// See, invite, change, suspend and remove the people of the firm.
    ManagePeople,
    /// See and change the firm's settings.
    EditFirm,
}

/// Why something visible is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// The membership's last day has passed.
    Expired,
    /// The membership is suspended.
    Suspended,
    /// The role does not include it.
    NotInRole,
    /// The person may, but this token of theirs is not for it.
    NotInToken,
    /// Nothing that a token may do, whatever its rights: the person has to come themselves.
    NotForTokens,
}

/// The outcome of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Go ahead.
    Allow,
    /// The person may know that it exists, but not do this: 403.
    Forbid(Denial),
    /// The person may not know that it exists: 404, the same as for what does not exist.
    Invisible,
}

/// Decides on one customer's rows. A token is allowed what its person is, if it is for this
/// customer and has the right that the action needs.
pub fn decide(actor: &Actor, customer: CustomerId, action: Action<'_>, today: Date) -> Decision {
    if !actor.reaches(customer) {
        return Decision::Invisible;
    }
    match decide_for_person(actor, customer, action, today) {
        Decision::Allow if !actor.has(action.token_right()) => Decision::Forbid(Denial::NotInToken),
        decision => decision,
    }
}

fn decide_for_person(actor: &Actor, customer: CustomerId, action: Action<'_>, today: Date) -> Decision {
    if actor.is_admin() {
        return Decision::Allow;
    }
    let of_customer = || actor.memberships().iter().filter(|one| one.customer_id == customer && actor.counts(one));
    let roles = actor.roles_for(customer, today);
    if roles.is_empty() {
        let is_known = |one: &&Membership| !matches!(one.status, MembershipStatus::Invited | MembershipStatus::Removed);
        return match of_customer().find(is_known) {
            Some(one) if one.status == MembershipStatus::Suspended => Decision::Forbid(Denial::Suspended),
            Some(_) => Decision::Forbid(Denial::Expired),
            None => Decision::Invisible,
        };
    }
    if roles.iter().any(|role| role_allows(actor, *role, customer, action, today)) {
        Decision::Allow
    } else {
        Decision::Forbid(Denial::NotInRole)
    }
}

fn role_allows(actor: &Actor, role: MemberRole, customer: CustomerId, action: Action<'_>, today: Date) -> bool {
    use MemberRole::{Approver, Auditor, Consultant, Contributor, Manager};
    match (role, action) {
        (_, Action::ReadWorkspace) => true,
        // People and the end of the programme are the customer's and the firm admin's.
        (_, Action::ArchiveCustomer) | (Consultant, Action::ManageMember { .. }) => false,
        (Consultant, _) => true,
        (Manager, Action::AnswerQuestion | Action::ChangeTask { .. } | Action::ShapeWork | Action::ReadPeople | Action::Delegate) => true,
        (Manager, Action::ManageMember { role }) => role != Consultant,
        (Manager | Approver | Auditor, Action::ReadAudit) => true,
        // An approval is not a contributor's to start, hold or cancel.
        (Contributor, Action::AnswerQuestion | Action::ChangeTask { approval_step: None }) => true,
        (Approver, Action::ChangeTask { approval_step: Some(step) }) => actor.holds_step(customer, today, step),
        (Manager | Contributor | Approver | Auditor, _) => false,
    }
}

/// Decides on the firm's own things. There is nothing to hide about their existence, so a refusal
/// is always a 403.
pub fn decide_firm(actor: &Actor, action: FirmAction) -> Decision {
    let allowed = match action {
        FirmAction::ReadLibrary | FirmAction::ReadPortfolio => actor.is_firm(),
        FirmAction::EditLibrary
        | FirmAction::CreateCustomer
        | FirmAction::RunOutbox
        | FirmAction::ReadFirmAudit
        | FirmAction::ManagePeople
        | FirmAction::EditFirm
        | FirmAction::ManageIntegrations => actor.is_admin(),
    };
    if !allowed {
        return Decision::Forbid(Denial::NotInRole);
    }
    let right = action.token_right();
    if right.is_none() && actor.token().is_some() {
        Decision::Forbid(Denial::NotForTokens)
    } else if !actor.has(right) || (actor.is_narrowed() && action.is_for_all_customers()) {
        Decision::Forbid(Denial::NotInToken)
    } else {
        Decision::Allow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 3, 17);
    const ACME: CustomerId = CustomerId(1);
    const OTHER: CustomerId = CustomerId(2);
    const ALL: [Action<'static>; 14] = [
        Action::ReadWorkspace,
        Action::ReadAudit,
        Action::EditCustomer,
        Action::AssignPlan,
        Action::AnswerQuestion,
        Action::CHANGE_TASK,
        Action::ChangeTask { approval_step: Some("ciso") },
        Action::ShapeWork,
        Action::SendMail,
        Action::ReadPeople,
        Action::ManageMember { role: MemberRole::Contributor },
        Action::ManageMember { role: MemberRole::Consultant },
        Action::ArchiveCustomer,
        Action::Delegate,
    ];

    fn membership(role: MemberRole) -> Membership {
        Membership {
            customer_id: ACME,
            role,
            status: MembershipStatus::Active,
            expires_on: None,
            approval_steps: vec!["ciso".into()],
            plan_ids: None,
        }
    }

    fn actor(firm_role: Option<FirmRole>, memberships: Vec<Membership>) -> Actor {
        Actor(Identity { firm_role, memberships, ..Identity::new(UserId(7), "A".into(), "a@example.com".into()) })
    }

    fn allowed(actor: &Actor, customer: CustomerId) -> Vec<bool> {
        ALL.iter().map(|action| decide(actor, customer, *action, TODAY) == Decision::Allow).collect()
    }

    #[test]
    fn the_rights_table() {
        let t = true;
        let f = false;
        let of = |role| actor(None, vec![membership(role)]);
        assert_eq!(allowed(&actor(Some(FirmRole::Admin), vec![]), ACME), [t; 14]);
        let consultant = actor(Some(FirmRole::Consultant), vec![membership(MemberRole::Consultant)]);
        assert_eq!(allowed(&consultant, ACME), [t, t, t, t, t, t, t, t, t, t, f, f, f, t]);
        assert_eq!(allowed(&of(MemberRole::Manager), ACME), [t, t, f, f, t, t, t, t, f, t, t, f, f, t]);
        assert_eq!(allowed(&of(MemberRole::Contributor), ACME), [t, f, f, f, t, t, f, f, f, f, f, f, f, f]);
        assert_eq!(allowed(&of(MemberRole::Approver), ACME), [t, t, f, f, f, f, t, f, f, f, f, f, f, f]);
        assert_eq!(allowed(&of(MemberRole::Auditor), ACME), [t, t, f, f, f, f, f, f, f, f, f, f, f, f]);
    }

    #[test]
    fn another_customer_does_not_exist() {
        for role in MemberRole::ALL {
            let actor = actor(Some(FirmRole::Consultant), vec![membership(*role)]);
            assert!(ALL.iter().all(|action| decide(&actor, OTHER, *action, TODAY) == Decision::Invisible));
        }
    }

    #[test]
    fn memberships_out_of_force() {
        let with = |change: fn(&mut Membership)| {
            let mut one = membership(MemberRole::Auditor);
            change(&mut one);
            decide(&actor(None, vec![one]), ACME, Action::ReadWorkspace, TODAY)
        };
        assert_eq!(with(|one| one.expires_on = Some(TODAY)), Decision::Allow);
        assert_eq!(with(|one| one.expires_on = TODAY.yesterday().ok()), Decision::Forbid(Denial::Expired));
        assert_eq!(with(|one| one.status = MembershipStatus::Suspended), Decision::Forbid(Denial::Suspended));
        assert_eq!(with(|one| one.status = MembershipStatus::Invited), Decision::Invisible);
        assert_eq!(with(|one| one.status = MembershipStatus::Removed), Decision::Invisible);
    }

    #[test]
    fn a_limit_holds_only_where_no_other_role_sees_all() {
        let limited =
            |plan: u128| Membership { plan_ids: Some(vec![PlanId(uuid::Uuid::from_u128(plan))]), ..membership(MemberRole::Auditor) };
        let limit = |memberships| actor(None, memberships).plan_limit(ACME, TODAY).map(|plans| plans.len());
        assert_eq!(limit(vec![limited(1)]), Some(1));
        assert_eq!(limit(vec![limited(2), limited(1), limited(1)]), Some(2));
        assert_eq!(limit(vec![limited(1), membership(MemberRole::Approver)]), None);
        let mut ended = membership(MemberRole::Manager);
        ended.status = MembershipStatus::Suspended;
        assert_eq!(limit(vec![limited(1), ended]), Some(1));
        assert_eq!(actor(Some(FirmRole::Admin), vec![limited(1)]).plan_limit(ACME, TODAY), None);
    }

    #[test]
    fn a_consultant_who_left_the_firm_sees_nothing() {
        let left = actor(None, vec![membership(MemberRole::Consultant)]);
        assert_eq!(decide(&left, ACME, Action::ReadWorkspace, TODAY), Decision::Invisible);
        assert_eq!(left.visible_customers(TODAY), VisibleCustomers::Only(vec![]));
    }

    #[test]
    fn an_approver_changes_only_their_own_steps() {
        let approver = actor(None, vec![membership(MemberRole::Approver)]);
        let change = |step| decide(&approver, ACME, Action::ChangeTask { approval_step: Some(step) }, TODAY);
        assert_eq!(change("ciso"), Decision::Allow);
        assert_eq!(change("manager"), Decision::Forbid(Denial::NotInRole));
    }

    #[test]
    fn the_firms_own_things() {
        let admin = actor(Some(FirmRole::Admin), vec![]);
        let consultant = actor(Some(FirmRole::Consultant), vec![]);
        let manager = actor(None, vec![membership(MemberRole::Manager)]);
        let may = |actor: &Actor, action| decide_firm(actor, action) == Decision::Allow;
        assert!(may(&admin, FirmAction::EditLibrary) && may(&admin, FirmAction::CreateCustomer));
        assert!(may(&consultant, FirmAction::ReadLibrary) && !may(&consultant, FirmAction::EditLibrary));
        assert!(!may(&consultant, FirmAction::CreateCustomer));
        assert!(may(&admin, FirmAction::RunOutbox) && !may(&consultant, FirmAction::RunOutbox));
        assert!(may(&admin, FirmAction::ReadFirmAudit) && !may(&consultant, FirmAction::ReadFirmAudit));
        for action in [FirmAction::ManagePeople, FirmAction::EditFirm] {
            assert!(may(&admin, action) && !may(&consultant, action) && !may(&manager, action));
        }
        assert!(!may(&manager, FirmAction::ReadLibrary) && !may(&manager, FirmAction::ReadPortfolio));
    }

    #[test]
    fn two_step_sign_in_is_required_of_whom_the_firm_says() {
        let with = |firm_role, role: Option<MemberRole>, required: (bool, bool), has_totp| {
            let memberships = role.map(membership).into_iter().collect();
            let totp_required = TotpRequirements { for_firm: required.0, for_approvers: required.1 };
            Actor(Identity { has_totp, totp_required, ..actor(firm_role, memberships).0 }).must_set_up_totp(TODAY)
        };
        let (consultant, approver) = (Some(FirmRole::Consultant), Some(MemberRole::Approver));
        assert!(with(consultant, None, (true, false), false) && !with(consultant, None, (true, true), true));
        assert!(!with(consultant, None, (false, true), false) && !with(None, approver, (true, false), false));
        assert!(with(None, approver, (false, true), false) && !with(None, Some(MemberRole::Manager), (true, true), false));
        let mut former = membership(MemberRole::Approver);
        former.expires_on = TODAY.yesterday().ok();
        let totp_required = TotpRequirements { for_firm: true, for_approvers: true };
        assert!(!Actor(Identity { totp_required, ..actor(None, vec![former]).0 }).must_set_up_totp(TODAY));
    }
}
