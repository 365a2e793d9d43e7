//! Actors that are less than the person behind them: API tokens.

use jiff::civil::Date;

use super::{Action, Actor, Decision, Denial, FirmAction, decide, decide_firm};
use crate::{
    ids::CustomerId,
    tokens::{TokenRight, TokenScope},
};

impl Actor {
    /// The same person through one of their tokens: never more than they are, and no more than
    /// the token is for.
    #[must_use]
    pub fn limited_to(mut self, scope: TokenScope) -> Self {
        self.0.memberships.retain(|one| scope.includes(one.customer_id));
        if let Some(name) = &scope.acts_as {
            self.0.name.clone_from(name);
        }
        self.0.token = Some(scope);
        self
    }

    /// What limits them, if it is a token that acts.
    pub const fn token(&self) -> Option<&TokenScope> {
        self.0.token.as_ref()
    }

    /// Whether a token, if it is one that acts, reaches this customer.
    pub(super) fn reaches(&self, customer: CustomerId) -> bool {
        self.0.token.as_ref().is_none_or(|token| token.includes(customer))
    }

    /// Whether a token, if it is one that acts, has the right that something needs.
    pub(super) fn has(&self, needed: Option<TokenRight>) -> bool {
        self.0.token.as_ref().is_none_or(|token| needed.is_some_and(|right| token.rights.contains(&right)))
    }

    /// Whether it acts through a token that is not for all the customers of the person.
    pub(super) fn is_narrowed(&self) -> bool {
        self.0.token.as_ref().is_some_and(|token| token.customers.is_some())
    }
}

impl Action<'_> {
    /// The right that a token needs for it; none: it is nothing for tokens.
    pub const fn token_right(self) -> Option<TokenRight> {
        Some(match self {
            // A link that a program made would outlive its token.
            Self::ApproveDocument | Self::ShareCalendar => return None,
            Self::ReadWorkspace => TokenRight::Read,
            Self::ReadAudit => TokenRight::Audit,
            Self::AnswerQuestion | Self::ChangeTask { .. } | Self::SendMail | Self::AddEvidence | Self::DecideEvidence => TokenRight::Work,
            Self::EditCustomer | Self::AssignPlan | Self::ShapeWork | Self::ArchiveCustomer | Self::SubmitDocument => TokenRight::Shape,
            Self::ReadPeople | Self::ManageMember { .. } | Self::Delegate => TokenRight::People,
        })
    }
}

impl FirmAction {
    /// The right that a token needs for it; none: it is nothing for tokens.
    pub const fn token_right(self) -> Option<TokenRight> {
        match self {
            Self::ReadLibrary | Self::ReadPortfolio => Some(TokenRight::Read),
            Self::EditLibrary => Some(TokenRight::Library),
            Self::CreateCustomer => Some(TokenRight::Shape),
            Self::ReadFirmAudit => Some(TokenRight::Audit),
            // Whoever may add people to the firm could make themselves an admin by it.
            Self::RunOutbox | Self::ManageIntegrations | Self::ManagePeople | Self::EditFirm => None,
        }
    }

    /// Whether it reaches beyond the customers that a token may be narrowed to.
    pub(super) const fn is_for_all_customers(self) -> bool {
        match self {
            Self::ReadLibrary | Self::ReadPortfolio => false,
            Self::EditLibrary
            | Self::CreateCustomer
            | Self::RunOutbox
            | Self::ReadFirmAudit
            | Self::ManageIntegrations
            | Self::ManagePeople
            | Self::EditFirm => true,
        }
    }
}

/// Decides on reading across the customers that somebody may see. Everybody may, and sees what
/// there is; a token needs the right to read.
pub fn decide_across(actor: &Actor) -> Decision {
    if actor.has(Some(TokenRight::Read)) { Decision::Allow } else { Decision::Forbid(Denial::NotInToken) }
}

/// Decides on what only the person themselves may do: their password, sessions, profile, tokens.
pub fn decide_in_person(actor: &Actor) -> Decision {
    if actor.token().is_none() { Decision::Allow } else { Decision::Forbid(Denial::NotForTokens) }
}

/// Whether somebody has a right themselves at one of these customers at least (at any, where none
/// are named), so that they may give it to a token.
pub fn may_hand_on(actor: &Actor, right: TokenRight, customers: Option<&[CustomerId]>, today: Date) -> bool {
    let firm_actions = [FirmAction::ReadLibrary, FirmAction::ReadPortfolio, FirmAction::EditLibrary, FirmAction::CreateCustomer];
    let is_of_firm = |action: &FirmAction| {
        let is_within = customers.is_none() || !action.is_for_all_customers();
        is_within && action.token_right() == Some(right) && decide_firm(actor, *action) == Decision::Allow
    };
    if firm_actions.iter().any(is_of_firm) {
        return true;
    }
    let own: Vec<CustomerId> = actor.memberships().iter().map(|one| one.customer_id).collect();
    // An admin has every right at every customer, also while there is none yet.
    let any = [CustomerId(0)];
    let places = match customers {
        Some(named) => named,
        None if actor.is_admin() => &any,
        None => &own,
    };
    places.iter().any(|customer| {
        let steps = actor.memberships().iter().filter(|one| one.customer_id == *customer).flat_map(|one| &one.approval_steps);
        let approvals = steps.map(|step| Action::ChangeTask { approval_step: Some(step) });
        let mut actions = Action::WITHOUT_STEP.iter().copied().chain(approvals);
        actions.any(|action| action.token_right() == Some(right) && decide(actor, *customer, action, today) == Decision::Allow)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Identity, VisibleCustomers},
        ids::UserId,
        people::{FirmRole, MemberRole, Membership, MembershipStatus},
    };

    const TODAY: Date = jiff::civil::date(2026, 3, 17);
    const ACME: CustomerId = CustomerId(1);
    const OTHER: CustomerId = CustomerId(2);

    fn member(customer_id: CustomerId, role: MemberRole) -> Membership {
        // Read as the store reads it, so that fields added later need no change here.
        let role = role.as_str();
        let json = serde_json::json!({ "customer_id": customer_id, "role": role, "status": "active", "expires_on": null, "approval_steps": ["ciso"] });
        serde_json::from_value(json).unwrap()
    }

    #[allow(clippy::disallowed_methods)]
    fn person(role: Option<FirmRole>, memberships: Vec<Membership>) -> Actor {
        Actor::verified(Identity { firm_role: role, memberships, ..Identity::new(UserId(7), "Ada".into(), "ada@example.com".into()) })
    }

    fn scope(rights: &[TokenRight], customers: Option<&[CustomerId]>) -> TokenScope {
        TokenScope { rights: rights.to_vec(), customers: customers.map(<[_]>::to_vec), acts_as: None }
    }

    #[test]
    fn an_admins_token_for_one_customer_reaches_that_one_only() {
        let token = person(Some(FirmRole::Admin), vec![]).limited_to(scope(TokenRight::ALL, Some(&[ACME])));
        for action in Action::WITHOUT_STEP {
            let is_in_person = action.token_right().is_none();
            assert_eq!(decide(&token, ACME, action, TODAY) == Decision::Allow, !is_in_person, "{action:?}");
            assert_eq!(decide(&token, OTHER, action, TODAY), Decision::Invisible, "{action:?}");
        }
        assert_eq!(token.visible_customers(TODAY), VisibleCustomers::Only(vec![ACME]));
        assert_eq!(token.known_customers(TODAY), VisibleCustomers::Only(vec![ACME]));
        assert_eq!(decide_firm(&token, FirmAction::ReadLibrary), Decision::Allow);
        assert_eq!(decide_firm(&token, FirmAction::EditLibrary), Decision::Forbid(Denial::NotInToken));
        assert_eq!(decide_firm(&token, FirmAction::CreateCustomer), Decision::Forbid(Denial::NotInToken));
    }

    #[test]
    fn a_token_is_never_more_than_its_issuer() {
        let roles: Vec<Vec<Membership>> = MemberRole::ALL
            .iter()
            .map(|role| vec![member(ACME, *role)])
            .chain([vec![], vec![member(OTHER, MemberRole::Manager)]])
            .collect();
        for firm in [None, Some(FirmRole::Consultant), Some(FirmRole::Admin)] {
            for memberships in &roles {
                let issuer = person(firm, memberships.clone());
                for customers in [None, Some(&[ACME][..]), Some(&[OTHER][..])] {
                    let token = issuer.clone().limited_to(scope(TokenRight::ALL, customers));
                    for action in Action::WITHOUT_STEP {
                        for at in [ACME, OTHER] {
                            let (mine, its) = (decide(&issuer, at, action, TODAY), decide(&token, at, action, TODAY));
                            let includes = customers.is_none_or(|list| list.contains(&at));
                            let is_in_person = action.token_right().is_none() && mine != Decision::Invisible;
                            let within = if is_in_person { Decision::Forbid(Denial::NotForTokens) } else { mine };
                            assert_eq!(its, if includes { within } else { Decision::Invisible });
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn each_right_is_only_what_it_says() {
        for right in TokenRight::ALL {
            let token = person(Some(FirmRole::Admin), vec![]).limited_to(scope(&[*right], None));
            for action in Action::WITHOUT_STEP {
                let is_its = action.token_right() == Some(*right);
                let expected = match action.token_right() {
                    None => Decision::Forbid(Denial::NotForTokens),
                    Some(_) if is_its => Decision::Allow,
                    Some(_) => Decision::Forbid(Denial::NotInToken),
                };
                assert_eq!(decide(&token, ACME, action, TODAY), expected, "{right} {action:?}");
            }
            assert_eq!(decide_firm(&token, FirmAction::RunOutbox), Decision::Forbid(Denial::NotForTokens));
            assert_eq!(decide_across(&token) == Decision::Allow, *right == TokenRight::Read);
            assert_eq!(decide_in_person(&token), Decision::Forbid(Denial::NotForTokens));
        }
    }

    #[test]
    fn nobody_hands_on_what_they_do_not_have() {
        let manager = person(None, vec![member(ACME, MemberRole::Manager)]);
        let may = |actor: &Actor, right, customers: Option<&[CustomerId]>| may_hand_on(actor, right, customers, TODAY);
        assert!(may(&manager, TokenRight::Shape, None) && may(&manager, TokenRight::Work, Some(&[ACME])));
        assert!(!may(&manager, TokenRight::Shape, Some(&[OTHER])) && !may(&manager, TokenRight::Library, None));
        let approver = person(None, vec![member(ACME, MemberRole::Approver)]);
        assert!(may(&approver, TokenRight::Work, None) && !may(&approver, TokenRight::Shape, None));
        let admin = person(Some(FirmRole::Admin), vec![]);
        assert!(may(&admin, TokenRight::Library, None) && !may(&admin, TokenRight::Library, Some(&[ACME])));
        assert!(may(&admin, TokenRight::Work, None) && may(&admin, TokenRight::Audit, Some(&[OTHER])));
        let suspended = Membership { status: MembershipStatus::Suspended, ..member(ACME, MemberRole::Manager) };
        assert!(!may(&person(None, vec![suspended]), TokenRight::Read, None));
    }

    #[test]
    fn an_integration_acts_under_its_own_name() {
        let scope = TokenScope { acts_as: Some("Sync (integration of Ada)".into()), ..scope(&[TokenRight::Read], None) };
        assert_eq!(person(None, vec![]).limited_to(scope).name(), "Sync (integration of Ada)");
    }
}
