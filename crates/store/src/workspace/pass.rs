//! Leave to see a customer's workspace, with the versions of all that it shows: what an answer that was made
//! before is found by.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use muster_domain::{
    access::{self, Action, Actor},
    clock,
    ids::{CustomerId, PlanId},
    workspace::WorkspaceVersions,
};

use crate::{
    CustomerReader, Error, Result, Store,
    db::{Mode, persistently},
    held_sessions::{Asked, Purpose},
    scope::{Planned, allow},
};

/// Leave to see a customer's workspace as it is in some versions. Handed out after the access decision only.
#[derive(Debug, Clone)]
pub struct WorkspacePass {
    actor: Actor,
    customer: CustomerId,
    versions: WorkspaceVersions,
    at: Timestamp,
}

impl WorkspacePass {
    /// Who may see it.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whose workspace it is.
    pub const fn customer(&self) -> CustomerId {
        self.customer
    }

    /// The versions that were in force when the pass was handed out: no change that anybody was told of before is newer.
    pub const fn versions(&self) -> WorkspaceVersions {
        self.versions
    }

    /// The plans that are seen, where not all of them are.
    pub fn plans(&self) -> Option<Vec<PlanId>> {
        self.actor.plan_limit(self.customer, self.at.to_zoned(TimeZone::UTC).date())
    }

    fn hand_out(actor: Actor, customer: CustomerId, versions: Option<WorkspaceVersions>, at: Timestamp) -> Result<Self> {
        allow(access::decide(&actor, customer, Action::ReadWorkspace, at.to_zoned(TimeZone::UTC).date()))?;
        // A firm admin may see every customer, so a customer that does not exist shows only here.
        Ok(Self { actor, customer, versions: versions.ok_or(Error::NotFound)?, at })
    }
}

/// The versions as they are read; nothing where there is no such customer.
#[derive(Debug, Default)]
pub(crate) struct VersionsRow {
    pub(crate) workspace_version: Option<i64>,
    pub(crate) workspace_zone: Option<String>,
    pub(crate) library_version: Option<i64>,
    pub(crate) people_version: Option<i64>,
}

impl VersionsRow {
    fn at(self, at: Timestamp) -> Option<WorkspaceVersions> {
        Some(WorkspaceVersions {
            workspace: self.workspace_version?,
            library: self.library_version?,
            people: self.people_version?,
            today: clock::day_in(at, &self.workspace_zone?),
        })
    }
}

impl Store {
    /// Who holds the session with this token, if it is still in force, and their pass to a customer's workspace or
    /// why they get none; one round trip.
    ///
    /// `idle` is how long a session may lie unused.
    pub async fn open_workspace(
        &self,
        token_hash: &[u8; 32],
        customer: CustomerId,
        purpose: Purpose,
        at: Timestamp,
        idle: SignedDuration,
    ) -> Result<Option<(Actor, Result<WorkspacePass>)>> {
        let Some(mut held) = self.held_session(Asked { token_hash, at, idle, purpose }, Some(customer)).await? else { return Ok(None) };
        let versions = held.take_versions().at(at);
        let actor = held.actor()?;
        let pass = WorkspacePass::hand_out(actor.clone(), customer, versions, at);
        Ok(Some((actor, pass)))
    }

    /// A pass for somebody who is known already.
    ///
    /// # Errors
    /// As for [`Store::reader`].
    pub async fn workspace_pass(&self, actor: &Actor, customer: CustomerId, at: Timestamp) -> Result<WorkspacePass> {
        let row = persistently(self.lookups.pool(), || async move {
            let versions = sqlx::query_as!(
                VersionsRow,
                "SELECT workspace_version, workspace_zone, library_version, people_version FROM auth.workspace_versions WHERE customer_id = $1",
                customer.0
            );
            let mut lookup = self.lookups.turn().await?;
            let found = versions.fetch_optional(&mut *lookup).await?;
            lookup.done();
            Ok(found)
        })
        .await?;
        let versions = row.and_then(|row| row.at(at));
        WorkspacePass::hand_out(actor.clone(), customer, versions, at)
    }

    /// A reader for whoever has a pass: decided and looked up already.
    pub async fn reader_with(&self, pass: &WorkspacePass) -> Result<CustomerReader> {
        self.customer_reader(Mode::Read, &pass.actor, pass.customer, pass.at, Planned::Once).await
    }
}
