//! The portfolio: the firm's customers at a glance.

use std::collections::HashMap;

use muster_domain::{
    access::{Actor, Decision, FirmAction, decide_firm},
    ids::StandardId,
};
use muster_store::{PortfolioFilter, PortfolioRow, PortfolioSort, PortfolioTotals, Slice};

use crate::{Context, Error, Result};

impl Context {
    /// One page of the portfolio, with the sums over all of it.
    pub async fn portfolio(
        &self,
        actor: &Actor,
        filter: &PortfolioFilter,
        sort: PortfolioSort,
        slice: Slice,
    ) -> Result<(Vec<PortfolioRow>, PortfolioTotals)> {
        refuse_outsiders(actor)?;
        let at = self.now();
        let mut reader = self.store.portfolio(actor, at).await?;
        Ok((reader.portfolio(filter, sort, slice, at).await?, reader.portfolio_totals(filter, at).await?))
    }

    /// The customer with the most overdue tasks, if any has one.
    pub async fn most_overdue(&self, actor: &Actor) -> Result<Option<PortfolioRow>> {
        refuse_outsiders(actor)?;
        let (filter, slice) = (PortfolioFilter { is_overdue: true, ..PortfolioFilter::default() }, Slice { limit: 1, offset: 0 });
        let at = self.now();
        Ok(self.store.portfolio(actor, at).await?.portfolio(&filter, PortfolioSort::Overdue, slice, at).await?.pop())
    }

    /// How many plans of the customers that the actor may see follow each standard.
    pub async fn plans_by_standard(&self, actor: &Actor) -> Result<HashMap<StandardId, i64>> {
        refuse_outsiders(actor)?;
        Ok(self.store.portfolio(actor, self.now()).await?.plans_by_standard().await?)
    }
}

fn refuse_outsiders(actor: &Actor) -> Result<()> {
    match decide_firm(actor, FirmAction::ReadPortfolio) {
        Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
        _ => Ok(()),
    }
}
