//! Deciding about evidence, never about one's own, and about the tasks that it serves.

use jiff::civil::Date;

use super::{Action, Actor, Decision, Denial, decide};
use crate::{
    evidence::{Evidence, EvidenceStatus},
    ids::{CustomerId, UserId},
};

/// Decides on accepting evidence, or sending it back, that `uploaded_by` handed in (nobody, where it
/// was a respondent). What somebody handed in is decided by somebody else; only a firm admin, who may
/// be the only person of the firm, decides also about their own.
pub fn decide_on_evidence(actor: &Actor, customer: CustomerId, uploaded_by: Option<UserId>, today: Date) -> Decision {
    match decide(actor, customer, Action::DecideEvidence, today) {
        Decision::Allow if uploaded_by == Some(actor.user_id()) && !actor.is_admin() => Decision::Forbid(Denial::OwnEvidence),
        decision => decision,
    }
}

/// Decides on letting evidence serve a further task. What is accepted counts there at once, so that is
/// for those who could accept it; what is not, for everybody who hands in evidence.
pub fn decide_on_linking(actor: &Actor, customer: CustomerId, evidence: &Evidence, today: Date) -> Decision {
    match decide(actor, customer, Action::AddEvidence, today) {
        Decision::Allow if evidence.status == EvidenceStatus::Accepted => {
            decide_on_evidence(actor, customer, evidence.uploaded_by.as_ref().map(|by| by.id), today)
        }
        decision => decision,
    }
}

/// Decides on taking evidence off a task that it was linked to by mistake: for whoever handed it in
/// while it is not accepted, and for those who decide about it.
pub fn decide_on_unlinking(actor: &Actor, customer: CustomerId, evidence: &Evidence, today: Date) -> Decision {
    let by = evidence.uploaded_by.as_ref().map(|by| by.id);
    match decide(actor, customer, Action::AddEvidence, today) {
        Decision::Allow if by == Some(actor.user_id()) && evidence.status != EvidenceStatus::Accepted => Decision::Allow,
        Decision::Allow => decide_on_evidence(actor, customer, by, today),
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

    fn evidence(by: i32, status: &str) -> Evidence {
        serde_json::from_value(serde_json::json!({
            "id": "0190f7a2-0000-7000-8000-000000000051", "customer_id": 1, "filename": "a.pdf", "url": "https://example.com", "status": status,
            "covers_from": null, "covers_to": null, "valid_until": null, "note": null, "received_at": "2026-03-01T00:00:00Z",
            "uploaded_by": { "id": by, "name": "A", "is_firm": false }, "respondent": null, "decided_by": null, "decided_at": null,
            "decision_reason": null, "replaced_by": null, "task_ids": [], "version": 1
        }))
        .unwrap()
    }

    #[test]
    fn what_is_accepted_is_linked_only_by_those_who_could_accept_it() {
        let (own, other, accepted) = (evidence(7, "pending"), evidence(8, "rejected"), evidence(8, "accepted"));
        let link = |actor: &Actor, one: &Evidence| decide_on_linking(actor, ACME, one, TODAY);
        let unlink = |actor: &Actor, one: &Evidence| decide_on_unlinking(actor, ACME, one, TODAY);
        let contributor = actor(None, Some(MemberRole::Contributor));
        assert_eq!((link(&contributor, &own), link(&contributor, &other)), (Decision::Allow, Decision::Allow));
        assert_eq!(link(&contributor, &accepted), Decision::Forbid(Denial::NotInRole));
        assert_eq!((unlink(&contributor, &own), unlink(&contributor, &other)), (Decision::Allow, Decision::Forbid(Denial::NotInRole)));
        let manager = actor(None, Some(MemberRole::Manager));
        assert_eq!(
            (link(&manager, &accepted), unlink(&manager, &accepted), unlink(&manager, &other)),
            (Decision::Allow, Decision::Allow, Decision::Allow)
        );
        let theirs = evidence(7, "accepted");
        assert_eq!(
            (link(&manager, &theirs), unlink(&manager, &theirs)),
            (Decision::Forbid(Denial::OwnEvidence), Decision::Forbid(Denial::OwnEvidence))
        );
        for role in [MemberRole::Auditor, MemberRole::Approver] {
            let one = actor(None, Some(role));
            assert_eq!(
                (link(&one, &own), unlink(&one, &other)),
                (Decision::Forbid(Denial::NotInRole), Decision::Forbid(Denial::NotInRole)),
                "{role}"
            );
        }
        assert_eq!(link(&actor(None, None), &own), Decision::Invisible);
    }
}
