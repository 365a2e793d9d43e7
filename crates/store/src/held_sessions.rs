//! Who holds a session, told by one statement: at each request, and with the versions of a customer's workspace where
//! these are wanted.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{Actor, Identity},
    account::TotpRequirements,
    ids::{CustomerId, SessionId, UserId},
    people::Membership,
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Result, Store, db::persistently, lookups::Lookup, workspace::VersionsRow};

/// That a session is used is noted at most so often, so that reading does not become writing.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Which session is asked for, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) token_hash: &'a [u8; 32],
    pub(crate) at: Timestamp,
    /// How long a session may lie unused.
    pub(crate) idle: SignedDuration,
}

/// A session in force, as it is read.
pub(crate) struct Held {
    last_seen_at: jiff_sqlx::Timestamp,
    session_id: Uuid,
    confirmed_at: Option<jiff_sqlx::Timestamp>,
    user_id: i32,
    email: String,
    full_name: String,
    role: String,
    locale: String,
    time_zone: String,
    has_totp: bool,
    totp_required_for_firm: bool,
    totp_required_for_approvers: bool,
    memberships: Json<Vec<Membership>>,
    workspace_version: Option<i64>,
    workspace_zone: Option<String>,
    library_version: Option<i64>,
    people_version: Option<i64>,
}

impl Held {
    /// The versions of the workspace that was asked for; nothing where there is no such customer.
    pub(crate) fn take_versions(&mut self) -> VersionsRow {
        VersionsRow {
            workspace_version: self.workspace_version,
            workspace_zone: self.workspace_zone.take(),
            library_version: self.library_version,
            people_version: self.people_version,
        }
    }

    /// Its holder.
    pub(crate) fn actor(self) -> Result<Actor> {
        // The one place where a session becomes an actor.
        #[allow(clippy::disallowed_methods)]
        let actor = Actor::verified(Identity {
            firm_role: self.role.parse().ok(),
            memberships: self.memberships.0,
            time_zone: self.time_zone,
            locale: self.locale.parse()?,
            session: Some(SessionId(self.session_id)),
            confirmed_at: self.confirmed_at.map(jiff_sqlx::Timestamp::to_jiff),
            has_totp: self.has_totp,
            totp_required: TotpRequirements { for_firm: self.totp_required_for_firm, for_approvers: self.totp_required_for_approvers },
            ..Identity::new(UserId(self.user_id), self.full_name, self.email)
        });
        Ok(actor)
    }
}

impl Store {
    /// Who holds the session with this token, if it is still in force; one round trip, and once a minute a
    /// second one that notes its use.
    ///
    /// `idle` is how long a session may lie unused.
    pub async fn open_session(&self, token_hash: &[u8; 32], at: Timestamp, idle: SignedDuration) -> Result<Option<Actor>> {
        let asked = Asked { token_hash, at, idle };
        self.held_session(asked, None).await?.map(Held::actor).transpose()
    }

    /// The same without noting that the session is used: for what a browser does by itself, which must not keep it alive.
    pub async fn look_at_session(&self, token_hash: &[u8; 32], at: Timestamp, idle: SignedDuration) -> Result<Option<Actor>> {
        let asked = Asked { token_hash, at, idle };
        let held = persistently(self.lookups.pool(), || async move {
            let mut lookup = self.lookups.turn().await?;
            let held = find(&mut lookup, asked, None).await?;
            lookup.done();
            Ok(held)
        });
        held.await?.map(Held::actor).transpose()
    }

    /// A session in force, of which it is noted that it is used, with the versions of a customer's workspace.
    pub(crate) async fn held_session(&self, asked: Asked<'_>, customer: Option<CustomerId>) -> Result<Option<Held>> {
        persistently(self.lookups.pool(), || async move {
            let mut lookup = self.lookups.turn().await?;
            let held = find(&mut lookup, asked, customer).await?;
            if held.as_ref().is_some_and(|held| held.last_seen_at.to_jiff() < asked.at - NOTED_EVERY) {
                note_use(&mut lookup, asked).await?;
            }
            lookup.done();
            Ok(held)
        })
        .await
    }
}

async fn find(lookup: &mut Lookup<'_>, asked: Asked<'_>, customer: Option<CustomerId>) -> sqlx::Result<Option<Held>> {
    sqlx::query_as!(
        Held,
        r#"SELECT s.last_seen_at AS "last_seen_at!", s.session_id AS "session_id!", s.confirmed_at, s.user_id AS "user_id!",
                  s.email AS "email!", s.full_name AS "full_name!", s.role AS "role!", s.locale AS "locale!", s.time_zone AS "time_zone!",
                  s.has_totp AS "has_totp!", s.totp_required_for_firm AS "totp_required_for_firm!",
                  s.totp_required_for_approvers AS "totp_required_for_approvers!", s.memberships AS "memberships!: Json<Vec<Membership>>",
                  v.workspace_version AS "workspace_version?", v.workspace_zone AS "workspace_zone?",
                  v.library_version AS "library_version?", v.people_version AS "people_version?"
           FROM auth.sessions_held s
           LEFT JOIN auth.workspace_versions v ON v.customer_id = $4
           WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3"#,
        &asked.token_hash[..],
        asked.at.to_sqlx(),
        (asked.at - asked.idle).to_sqlx(),
        customer.map(|customer| customer.0)
    )
    .fetch_optional(&mut **lookup)
    .await
}

async fn note_use(lookup: &mut Lookup<'_>, asked: Asked<'_>) -> sqlx::Result<()> {
    let noted = sqlx::query!(
        "UPDATE auth.session_tokens SET last_seen_at = $2 WHERE token_hash = $1 AND last_seen_at < $2",
        &asked.token_hash[..],
        asked.at.to_sqlx()
    );
    noted.execute(&mut **lookup).await?;
    Ok(())
}
