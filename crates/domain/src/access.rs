//! The one decision function: who may do what, on which customer, today.
//!
//! Everything that hands out a customer's rows asks [`decide`] first; everything that changes the
//! firm's own things asks [`decide_firm`]. The rules are the rights table of the access rules,
//! written out for people in `docs/ARCHITECTURE.md`.

mod evidence;
mod limits;
mod respondent;
mod taking;

use std::collections::HashSet;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

pub use self::{
    evidence::{decide_on_evidence, decide_on_linking, decide_on_unlinking},
    limits::{decide_across, decide_import, decide_in_person, may_hand_on},
    respondent::{Respondent, decide_respondent},
    taking::Taking,
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
    fn counts(&self, membership: &Membership) -> bool {
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
    /// Say something about a task, also about one that is nothing for oneself to change.
    Comment,
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
    /// Hand in evidence.
    AddEvidence,
    /// Accept evidence or send it back.
    DecideEvidence,
    /// Ask somebody else to answer a question, also somebody without an account; see and revoke
    /// those who were asked.
    Delegate,
    /// Hand a document in for review and approval, or take it back.
    SubmitDocument,
    /// Approve a document, or send it back, at the steps one is named for. Nobody of the firm does,
    /// and no token: it is the customer's own decision, made in person.
    ApproveDocument,
    /// Make a secret link to the customer's calendar: whoever has it sees the days of all its work.
    ShareCalendar,
}

impl Action<'_> {
    /// Changing a task that is no approval.
    pub const CHANGE_TASK: Self = Self::ChangeTask { approval_step: None };

    /// Every action, an approval's step aside.
    pub const WITHOUT_STEP: [Action<'static>; 18] = [
        Action::ReadWorkspace,
        Action::ReadAudit,
        Action::EditCustomer,
        Action::AssignPlan,
        Action::AnswerQuestion,
        Action::CHANGE_TASK,
        Action::Comment,
        Action::ShapeWork,
        Action::SendMail,
        Action::ReadPeople,
        Action::ManageMember { role: MemberRole::Contributor },
        Action::ArchiveCustomer,
        Action::AddEvidence,
        Action::DecideEvidence,
        Action::Delegate,
        Action::SubmitDocument,
        Action::ApproveDocument,
        Action::ShareCalendar,
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
    /// They handed it in: deciding about it is somebody else's.
    OwnEvidence,
    /// They wrote it: reviewing and approving it is somebody else's.
    Author,
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
        Decision::Allow | Decision::Forbid(_) if action.token_right().is_none() && actor.token().is_some() => {
            Decision::Forbid(Denial::NotForTokens)
        }
        Decision::Allow if !actor.has(action.token_right()) => Decision::Forbid(Denial::NotInToken),
        decision => decision,
    }
}

fn decide_for_person(actor: &Actor, customer: CustomerId, action: Action<'_>, today: Date) -> Decision {
    if action == Action::ApproveDocument && actor.is_firm() && (actor.is_admin() || !actor.roles_for(customer, today).is_empty()) {
        return Decision::Forbid(Denial::NotInRole);
    }
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
        (_, Action::ArchiveCustomer) | (Consultant, Action::ManageMember { .. } | Action::ApproveDocument) => false,
        (Consultant, _) => true,
        (
            Manager,
            Action::AnswerQuestion
            | Action::ChangeTask { .. }
            | Action::ShapeWork
            | Action::ReadPeople
            | Action::Delegate
            | Action::SubmitDocument
            | Action::ShareCalendar,
        ) => true,
        (Manager, Action::ManageMember { role }) => role != Consultant,
        (Manager | Approver | Auditor, Action::ReadAudit) => true,
        (Manager | Contributor, Action::AddEvidence) | (Manager | Approver, Action::DecideEvidence) => true,
        (Manager | Contributor | Approver, Action::Comment) => true,
        // An approval is not a contributor's to start, hold or cancel.
        (Contributor, Action::AnswerQuestion | Action::ChangeTask { approval_step: None }) => true,
        (Approver, Action::ApproveDocument) => true,
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
mod tests;
