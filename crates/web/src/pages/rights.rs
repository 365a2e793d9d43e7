//! What the visitor may do, for pages that show a form or hide it. The use cases decide again.

use muster_domain::{
    access::{self, Action, Decision, FirmAction},
    ids::CustomerId,
};
use muster_service::Error;

use super::visit::Visit;
use crate::{layout::Nav, parts::Crumb, problem::Problem};

impl Visit {
    /// Whether the visitor may do something with a customer's rows.
    pub(crate) fn may(&self, customer: CustomerId, action: Action<'_>) -> bool {
        access::decide(&self.actor, customer, action, self.today()) == Decision::Allow
    }

    /// Whether the visitor may do something with the firm's own things.
    pub(crate) fn may_firm(&self, action: FirmAction) -> bool {
        access::decide_firm(&self.actor, action) == Decision::Allow
    }

    /// Refuses a page for something that the visitor may not do with a customer's rows.
    pub(crate) fn require(&self, customer: CustomerId, action: Action<'_>) -> Result<(), Problem> {
        allowed(access::decide(&self.actor, customer, action, self.today()))
    }

    /// Refuses a page for something that the visitor may not do with the firm's own things.
    pub(crate) fn require_firm(&self, action: FirmAction) -> Result<(), Problem> {
        allowed(access::decide_firm(&self.actor, action))
    }

    /// The item of the navigation under which a customer's pages stand for the visitor.
    pub(crate) fn customer_nav(&self) -> Nav {
        if self.actor.is_firm() { Nav::Portfolio } else { Nav::Workspace }
    }

    /// The way to a customer's workspace.
    pub(crate) fn way_to(&self, customer: CustomerId, name: &str) -> Vec<Crumb> {
        let mut crumbs = self.way_to_portfolio();
        crumbs.push(Crumb::to(name, format!("/customers/{customer}")));
        crumbs
    }

    /// The way to the portfolio, for those who have one.
    pub(crate) fn way_to_portfolio(&self) -> Vec<Crumb> {
        if self.actor.is_firm() { vec![Crumb::to(self.t.portfolio.title, "/")] } else { Vec::new() }
    }
}

fn allowed(decision: Decision) -> Result<(), Problem> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Forbid(denial) => Err(Error::Forbidden(denial).into()),
        Decision::Invisible => Err(Error::NotFound.into()),
    }
}
