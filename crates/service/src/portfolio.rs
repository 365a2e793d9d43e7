//! The portfolio: the firm's customers at a glance.

use muster_domain::access::{Actor, Decision, FirmAction, decide_firm};
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
        if let Decision::Forbid(denial) = decide_firm(actor, FirmAction::ReadPortfolio) {
            return Err(Error::Forbidden(denial));
        }
        let at = self.now();
        let mut reader = self.store.portfolio(actor, at).await?;
        Ok((reader.portfolio(filter, sort, slice, at).await?, reader.portfolio_totals(filter, at).await?))
    }
}
