//! Deciding about evidence: never about one's own.

use jiff::civil::Date;

use super::{Action, Actor, Decision, Denial, decide};
use crate::{ids::CustomerId, ids::UserId};

/// Decides on accepting evidence, or sending it back, that `uploaded_by` handed in (nobody, where it
/// was a respondent). What somebody handed in is decided by somebody else; only a firm admin, who may
/// be the only person of the firm, decides also about their own.
pub fn decide_on_evidence(actor: &Actor, customer: CustomerId, uploaded_by: Option<UserId>, today: Date) -> Decision {
    match decide(actor, customer, Action::DecideEvidence, today) {
        Decision::Allow if uploaded_by == Some(actor.user_id()) && !actor.is_admin() => Decision::Forbid(Denial::OwnEvidence),
        decision => decision,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::Identity,
        people::{FirmRole, MemberRole, Membership},
    };

    const TODAY: Date = jiff::civil::date(2026, 3, 17);
    const ACME: CustomerId = CustomerId(1);

    fn actor(firm_role: Option<FirmRole>, role: Option<MemberRole>) -> Actor {
        let json = |role: MemberRole| serde_json::json!({ "customer_id": 1, "role": role, "status": "active", "expires_on": null, "approval_steps": [] });
        let memberships: Vec<Membership> = role.map(json).into_iter().map(|json| serde_json::from_value(json).unwrap()).collect();
        #[allow(clippy::disallowed_methods)]
        Actor::verified(Identity { firm_role, memberships, ..Identity::new(UserId(7), "A".into(), "a@b.example".into()) })
    }

    #[test]
    fn nobody_decides_about_their_own_but_a_firm_admin() {
        let on = |actor: &Actor, by| decide_on_evidence(actor, ACME, by, TODAY);
        let (own, other) = (Some(UserId(7)), Some(UserId(8)));
        let admin = actor(Some(FirmRole::Admin), None);
        assert_eq!((on(&admin, own), on(&admin, other), on(&admin, None)), (Decision::Allow, Decision::Allow, Decision::Allow));
        for (firm, role) in
            [(Some(FirmRole::Consultant), MemberRole::Consultant), (None, MemberRole::Manager), (None, MemberRole::Approver)]
        {
            let one = actor(firm, Some(role));
            assert_eq!((on(&one, own), on(&one, other)), (Decision::Forbid(Denial::OwnEvidence), Decision::Allow), "{role}");
            assert_eq!(on(&one, None), Decision::Allow, "{role}");
        }
        for role in [MemberRole::Contributor, MemberRole::Auditor] {
            assert_eq!(on(&actor(None, Some(role)), other), Decision::Forbid(Denial::NotInRole), "{role}");
        }
        assert_eq!(on(&actor(None, None), other), Decision::Invisible);
    }
}
