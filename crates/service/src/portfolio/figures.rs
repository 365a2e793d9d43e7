//! Figures that were counted before, as long as nothing that they are made from has changed.
//!
//! Nothing is stored: a figure is used only while the customer's version, read in the same snapshot as
//! the list, is the one that it was counted at; the version of the firm's people and the day at the
//! customer's belong to it as well. So a reader never gets figures older than the last change that was
//! acknowledged to anyone, through any server of the installation.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{Timestamp, civil::Date};
use muster_domain::ids::CustomerId;
use muster_store::{CustomerFigures, ListedCustomer, PortfolioReader};

use crate::Result;

/// The most customers whose figures are kept; about two kilobytes each.
const MOST: usize = 20_000;

/// From about so many tasks on it takes longer to look up what stands above each of them, as a plan made once does, than
/// to plan anew and join by hashes.
const MANY_TASKS: i64 = 1_000;

/// What figures depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Basis {
    workspace: i64,
    people: i64,
    today: Date,
}

/// The figures that are kept.
#[derive(Debug, Default)]
pub(crate) struct FigureCache(Mutex<HashMap<CustomerId, (Basis, Arc<CustomerFigures>)>>);

impl FigureCache {
    /// Whether a customer has many tasks, as far as they have been counted; the count need not be the latest.
    pub(crate) fn has_many_tasks(&self, customer: CustomerId) -> bool {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&customer).is_some_and(|(_, figures)| figures.progress.total > MANY_TASKS)
    }

    /// The figures of the customers listed, those that have changed counted anew. Of somebody who sees
    /// only some plans of a customer nothing is kept, and nothing that was kept is given to them.
    pub(super) async fn of(
        &self,
        reader: &mut PortfolioReader,
        people: i64,
        listed: &[ListedCustomer],
        at: Timestamp,
    ) -> Result<HashMap<CustomerId, Arc<CustomerFigures>>> {
        let is_shared = !reader.is_limited();
        let basis = |one: &ListedCustomer| Basis { workspace: one.workspace_version, people, today: one.today };
        let mut found = HashMap::with_capacity(listed.len());
        if is_shared {
            let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let good = |one: &ListedCustomer| kept.get(&one.id).filter(|(of, _)| *of == basis(one)).map(|(_, figures)| Arc::clone(figures));
            found.extend(listed.iter().filter_map(|one| Some((one.id, good(one)?))));
        }
        let missing: Vec<(CustomerId, Date)> =
            listed.iter().filter(|one| !found.contains_key(&one.id)).map(|one| (one.id, one.today)).collect();
        if missing.is_empty() {
            return Ok(found);
        }
        let counted = reader.customer_figures(&missing, at).await?;
        let counted: Vec<(CustomerId, Arc<CustomerFigures>)> = counted.into_iter().map(|(id, figures)| (id, Arc::new(figures))).collect();
        if is_shared {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() + counted.len() > MOST {
                kept.clear();
            }
            let bases: HashMap<CustomerId, Basis> = listed.iter().map(|one| (one.id, basis(one))).collect();
            kept.extend(counted.iter().filter_map(|(id, figures)| Some((*id, (*bases.get(id)?, Arc::clone(figures))))));
        }
        found.extend(counted);
        Ok(found)
    }
}
