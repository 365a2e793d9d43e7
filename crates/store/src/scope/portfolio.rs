//! The scope of all the customers that somebody may see.

use jiff::Timestamp;
use muster_domain::{
    access::{self, Actor, VisibleCustomers},
    ids::UserId,
};
use sqlx::{PgConnection, Postgres, Transaction};

use super::{Planned, allow, day, limits::portfolio_setting};
use crate::{Result, Store, db::Mode};

/// Reads rows of all the customers that the actor may see.
#[derive(Debug)]
pub struct PortfolioReader {
    pub(crate) tx: Transaction<'static, Postgres>,
    /// The customers, or none for all of them.
    pub(crate) customers: Option<Vec<i32>>,
    pub(crate) actor: UserId,
    /// Of some customers only some plans are seen.
    pub(crate) is_limited: bool,
}

/// Tells which customer something belongs to, and nothing else of it.
#[derive(Debug)]
pub struct Locator(PortfolioReader);

impl Store {
    /// A reader of all the customers that the actor may see. Everybody has one; it may be empty.
    pub async fn portfolio(&self, actor: &Actor, at: Timestamp) -> Result<PortfolioReader> {
        self.portfolio_planned(Planned::Usually, actor, at).await
    }

    /// The same for statements of which it is known how often to plan them.
    pub async fn portfolio_planned(&self, planned: Planned, actor: &Actor, at: Timestamp) -> Result<PortfolioReader> {
        allow(access::decide_across(actor))?;
        self.portfolio_of(actor, actor.visible_customers(day(at)), at, planned).await
    }

    /// A reader of all customers for the program itself, which counts ahead what people will ask for.
    /// What it reads is given to nobody who may not see it.
    pub async fn portfolio_of_the_program(&self) -> Result<PortfolioReader> {
        let tx = self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await?;
        Ok(PortfolioReader { tx, customers: None, actor: UserId(0), is_limited: false })
    }

    /// Finds out which customer a plan, task or document belongs to, so that the access decision
    /// can be made on it.
    pub async fn locator(&self, actor: &Actor, at: Timestamp) -> Result<Locator> {
        self.portfolio_of(actor, actor.known_customers(day(at)), at, Planned::Once).await.map(Locator)
    }

    async fn portfolio_of(&self, actor: &Actor, customers: VisibleCustomers, at: Timestamp, planned: Planned) -> Result<PortfolioReader> {
        let (setting, limits) = portfolio_setting(actor, &customers, day(at));
        let customers = match customers {
            VisibleCustomers::All => None,
            VisibleCustomers::Only(ids) => Some(ids.into_iter().map(|id| id.0).collect()),
        };
        let tx =
            self.begin(Mode::Read, &format!("SET LOCAL app.portfolio = '{setting}'{}{}", limits.settings(), planned.setting())).await?;
        Ok(PortfolioReader { tx, customers, actor: actor.user_id(), is_limited: !limits.are_none() })
    }
}

impl PortfolioReader {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}

impl Locator {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.0.tx
    }

    /// The customers, or none for all of them.
    pub(crate) fn customers(&self) -> Option<Vec<i32>> {
        self.0.customers.clone()
    }
}
