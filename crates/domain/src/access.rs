//! The one decision function: who may do what, on which customer, today.
//!
//! Everything that hands out a customer's rows asks [`decide`] first; everything that changes the
//! firm's own things asks [`decide_firm`]. The rules are the rights table of the access rules,
//! written out for people in `docs/ARCHITECTURE.md`.

mod actor;
mod evidence;
mod limits;
mod respondent;
mod taking;

use jiff::civil::Date;

pub use self::{
    actor::{Actor, Identity, VisibleCustomers},
    evidence::{decide_on_evidence, decide_on_linking, decide_on_unlinking},
    limits::{decide_across, decide_import, decide_in_person, may_hand_on},
    respondent::{Respondent, decide_respondent},
    taking::Taking,
};
use crate::{
    ids::CustomerId,
    people::{MemberRole, Membership, MembershipStatus},
};

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
