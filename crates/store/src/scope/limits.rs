//! What row security reads of somebody who sees several customers, or only some plans of them.

use jiff::civil::Date;
use muster_domain::{
    access::{Actor, VisibleCustomers},
    ids::CustomerId,
};

/// The customers of which somebody may see only some plans, and these plans: numbers and ids only, as row security
/// reads them. Both are empty for everybody else.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub(crate) customers: String,
    pub(crate) plans: String,
}

impl Limits {
    pub(super) fn of(actor: &Actor, customers: &[CustomerId], today: Date) -> Self {
        // Hardly anybody is limited, and some have a thousand customers.
        if actor.memberships().iter().all(|one| one.plan_ids.is_none()) {
            return Self::default();
        }
        let limits: Vec<_> = customers.iter().filter_map(|id| Some((*id, actor.plan_limit(*id, today)?))).collect();
        Self {
            customers: listed(limits.iter().map(|limit| limit.0)),
            plans: listed(limits.iter().flat_map(|limit| limit.1.iter().copied())),
        }
    }

    pub(super) const fn are_none(&self) -> bool {
        self.customers.is_empty()
    }

    /// As settings that follow others.
    pub(super) fn settings(&self) -> String {
        if self.are_none() {
            return String::new();
        }
        format!("; SET LOCAL app.limited = '{}'; SET LOCAL app.plans = '{}'", self.customers, self.plans)
    }
}

fn listed(ids: impl Iterator<Item = impl ToString>) -> String {
    ids.map(|id| id.to_string()).collect::<Vec<_>>().join(",")
}

/// All the customers that somebody may see, as row security reads them: their numbers, or `all`; and what is not seen
/// of them.
pub(crate) fn portfolio_setting(actor: &Actor, customers: &VisibleCustomers, today: Date) -> (String, Limits) {
    match customers {
        VisibleCustomers::All => ("all".to_owned(), Limits::default()),
        VisibleCustomers::Only(ids) => (listed(ids.iter()), Limits::of(actor, ids, today)),
    }
}
