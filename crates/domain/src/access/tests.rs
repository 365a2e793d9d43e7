//! The rights table, and what narrows it.

use super::*;
use crate::{
    account::TotpRequirements,
    ids::{PlanId, UserId},
    people::FirmRole,
};

const TODAY: Date = jiff::civil::date(2026, 3, 17);
const ACME: CustomerId = CustomerId(1);
const OTHER: CustomerId = CustomerId(2);
const ALL: [Action<'static>; 20] = [
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
    Action::SubmitDocument,
    Action::ApproveDocument,
    Action::AddEvidence,
    Action::DecideEvidence,
    Action::Comment,
    Action::ShareCalendar,
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
    assert_eq!(allowed(&actor(Some(FirmRole::Admin), vec![]), ACME), [t, t, t, t, t, t, t, t, t, t, t, t, t, t, t, f, t, t, t, t]);
    let consultant = actor(Some(FirmRole::Consultant), vec![membership(MemberRole::Consultant)]);
    assert_eq!(allowed(&consultant, ACME), [t, t, t, t, t, t, t, t, t, t, f, f, f, t, t, f, t, t, t, t]);
    assert_eq!(allowed(&of(MemberRole::Manager), ACME), [t, t, f, f, t, t, t, t, f, t, t, f, f, t, t, f, t, t, t, t]);
    assert_eq!(allowed(&of(MemberRole::Contributor), ACME), [t, f, f, f, t, t, f, f, f, f, f, f, f, f, f, f, t, f, t, f]);
    assert_eq!(allowed(&of(MemberRole::Approver), ACME), [t, t, f, f, f, f, t, f, f, f, f, f, f, f, f, t, f, t, t, f]);
    assert_eq!(allowed(&of(MemberRole::Auditor), ACME), [t, t, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f, f]);
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
    let limited = |plan: u128| Membership { plan_ids: Some(vec![PlanId(uuid::Uuid::from_u128(plan))]), ..membership(MemberRole::Auditor) };
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
fn nobody_of_the_firm_approves_and_no_token_does() {
    let approve = |actor: &Actor| decide(actor, ACME, Action::ApproveDocument, TODAY);
    let as_approver = || vec![membership(MemberRole::Approver)];
    for role in [FirmRole::Admin, FirmRole::Consultant] {
        assert_eq!(approve(&actor(Some(role), as_approver())), Decision::Forbid(Denial::NotInRole));
    }
    assert_eq!(approve(&actor(Some(FirmRole::Consultant), vec![])), Decision::Invisible);
    let scope = crate::tokens::TokenScope { rights: crate::tokens::TokenRight::ALL.to_vec(), customers: None, acts_as: None };
    assert_eq!(approve(&actor(None, as_approver()).limited_to(scope)), Decision::Forbid(Denial::NotForTokens));
    assert_eq!(approve(&actor(None, as_approver())), Decision::Allow);
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
