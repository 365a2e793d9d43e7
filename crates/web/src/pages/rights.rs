//! What the visitor may do with the firm's own things, and the ways through its pages. The use cases decide again.

use muster_domain::{
    access::{Decision, FirmAction, decide_firm},
    ids::CustomerId,
};
use muster_service::Error;

use super::visit::Visit;
use crate::parts::Crumb;

impl Visit {
    /// Whether the visitor may do something with the firm's own things.
    pub(crate) fn may_firm(&self, action: FirmAction) -> bool {
        decide_firm(&self.actor, action) == Decision::Allow
    }

    /// Refuses a page for something that the visitor may not do with the firm's own things.
    pub(crate) fn allow_firm(&self, action: FirmAction) -> Result<(), Error> {
        match decide_firm(&self.actor, action) {
            Decision::Allow => Ok(()),
            Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
            Decision::Invisible => Err(Error::NotFound),
        }
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
