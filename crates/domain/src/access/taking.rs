//! Which tasks of their roles somebody may take.

use jiff::civil::Date;

use super::{Action, Actor, Decision, Denial, decide};
use crate::{
    ids::CustomerId,
    people::{FirmRole, MemberRole},
};

/// The untaken tasks that somebody may take: they fall to a role of theirs, and what the task asks
/// for is theirs to do. Without a customer it holds at all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taking {
    /// The roles, by customer.
    pub roles: Vec<(Option<CustomerId>, &'static str)>,
    /// What may be done there: a plain task (an empty text), an approval of this step, or all (`*`).
    pub reach: Vec<(Option<CustomerId>, String)>,
}

/// Stands for every task, approvals of every step included. No step is named so: names are words.
const EVERY: &str = "*";

impl Actor {
    /// What this person may take. What a token of theirs is limited to does not count here: a list
    /// shows a person's work also to a program that only reads.
    pub fn taking(&self, today: Date) -> Taking {
        let mut taking = Taking::default();
        if self.firm_role() == Some(FirmRole::Admin) {
            taking.roles.push((None, FirmRole::Admin.as_str()));
            taking.reach.push((None, EVERY.to_owned()));
        }
        let held = self.memberships().iter().filter(|one| self.counts(one) && one.is_in_force(today) && one.role != MemberRole::Auditor);
        for one in held {
            let customer = one.customer_id;
            let may = |step| {
                let decision = decide(self, customer, Action::ChangeTask { approval_step: step }, today);
                matches!(decision, Decision::Allow | Decision::Forbid(Denial::NotInToken))
            };
            taking.roles.push((Some(customer), one.role.as_str()));
            if may(None) && may(Some(EVERY)) {
                taking.reach.push((Some(customer), EVERY.to_owned()));
            } else if may(None) {
                taking.reach.push((Some(customer), String::new()));
            }
            taking.reach.extend(one.approval_steps.iter().filter(|step| may(Some(step))).map(|step| (Some(customer), step.clone())));
        }
        taking
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::Identity, ids::UserId, people::Membership};

    #[test]
    fn an_approver_takes_their_own_steps_only() {
        let today = jiff::civil::date(2026, 3, 17);
        let of = |roles: &[(i32, &str)]| {
            let json = |(customer, role): &(i32, &str)| serde_json::json!({ "customer_id": customer, "role": role, "status": "active", "expires_on": null, "approval_steps": ["ciso"] });
            let memberships: Vec<Membership> = roles.iter().map(|one| serde_json::from_value(json(one)).unwrap()).collect();
            #[allow(clippy::disallowed_methods)]
            let actor = Actor::verified(Identity { memberships, ..Identity::new(UserId(7), "A".into(), "a@b.example".into()) });
            actor.taking(today)
        };
        let reach = |roles: &[(i32, &str)]| of(roles).reach.into_iter().map(|(_, step)| step).collect::<Vec<_>>();
        assert_eq!(reach(&[(1, "approver")]), ["ciso"]);
        assert_eq!(reach(&[(1, "contributor")]), [""]);
        assert_eq!(reach(&[(1, "manager")])[0], "*");
        assert_eq!(of(&[(1, "auditor")]), Taking::default());
        // A consultant who left the firm is none.
        assert_eq!(of(&[(1, "consultant")]), Taking::default());
    }
}
