//! Leave to see a customer's workspace, with the versions of all that it shows: what an answer that was made
//! before is found by.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{self, Action, Actor},
    clock,
    ids::{CustomerId, PlanId},
    people::Membership,
    workspace::WorkspaceVersions,
};
use sqlx::types::Json;

use crate::{
    CustomerReader, Error, Result, Store,
    db::{Mode, persistently},
    scope::{PLANNED_ONCE, allow},
    sessions::SessionRow,
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
fn versions(
    (workspace, zone, library, people): (Option<i64>, Option<String>, Option<i64>, Option<i64>),
    at: Timestamp,
) -> Option<WorkspaceVersions> {
    Some(WorkspaceVersions { workspace: workspace?, library: library?, people: people?, today: clock::day_in(at, &zone?) })
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
        at: Timestamp,
        idle: SignedDuration,
    ) -> Result<Option<(Actor, Result<WorkspacePass>)>> {
        let idle = idle.as_secs_f64();
        let row = persistently(self.lookups.pool(), || async move {
            let opened = sqlx::query!(
                r#"SELECT session_id AS "session_id!", confirmed_at, user_id AS "user_id!", email AS "email!", full_name AS "full_name!",
                          role AS "role!", locale AS "locale!", time_zone AS "time_zone!", has_totp AS "has_totp!",
                          totp_required_for_firm AS "for_firm!", totp_required_for_approvers AS "for_approvers!",
                          memberships AS "memberships!: Json<Vec<Membership>>", workspace_version, workspace_zone, library_version, people_version
                   FROM auth.open_session($1, $2, make_interval(secs => $3), $4)"#,
                &token_hash[..],
                at.to_sqlx(),
                idle,
                customer.0
            );
            let mut lookup = self.lookups.turn().await?;
            let found = opened.fetch_optional(&mut *lookup).await?;
            lookup.done();
            Ok(found)
        })
        .await?;
        let Some(row) = row else { return Ok(None) };
        let versions = versions((row.workspace_version, row.workspace_zone, row.library_version, row.people_version), at);
        let session = SessionRow {
            session_id: row.session_id,
            confirmed_at: row.confirmed_at,
            user_id: row.user_id,
            email: row.email,
            full_name: row.full_name,
            role: row.role,
            locale: row.locale,
            time_zone: row.time_zone,
            has_totp: row.has_totp,
            for_firm: row.for_firm,
            for_approvers: row.for_approvers,
            memberships: row.memberships,
        };
        let actor = session.actor()?;
        let pass = WorkspacePass::hand_out(actor.clone(), customer, versions, at);
        Ok(Some((actor, pass)))
    }

    /// A pass for somebody who is known already.
    ///
    /// # Errors
    /// As for [`Store::reader`].
    pub async fn workspace_pass(&self, actor: &Actor, customer: CustomerId, at: Timestamp) -> Result<WorkspacePass> {
        let row = persistently(self.lookups.pool(), || async move {
            let versions = sqlx::query!(
                "SELECT workspace_version, workspace_zone, library_version, people_version FROM auth.workspace_versions($1)",
                customer.0
            );
            let mut lookup = self.lookups.turn().await?;
            let found = versions.fetch_optional(&mut *lookup).await?;
            lookup.done();
            Ok(found)
        })
        .await?;
        let versions =
            row.and_then(|row| versions((row.workspace_version, row.workspace_zone, row.library_version, row.people_version), at));
        WorkspacePass::hand_out(actor.clone(), customer, versions, at)
    }

    /// A reader for whoever has a pass: decided and looked up already.
    pub async fn reader_with(&self, pass: &WorkspacePass) -> Result<CustomerReader> {
        self.customer_reader(Mode::Read, &pass.actor, pass.customer, pass.at, PLANNED_ONCE).await
    }
}
