//! Who holds a session, asked at each request, and with the versions of a customer's workspace where these are wanted;
//! one statement tells it to all who ask at the same moment.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{Actor, Identity},
    account::TotpRequirements,
    ids::{CustomerId, SessionId, UserId},
};
use uuid::Uuid;

use crate::{Result, Store, db::persistently, lookups::Lookups, workspace::VersionsRow};

/// That a session is used is noted at most so often, so that reading does not become writing.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Which session is asked for, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) token_hash: &'a [u8; 32],
    pub(crate) at: Timestamp,
    /// How long a session may lie unused.
    pub(crate) idle: SignedDuration,
    /// What for.
    pub(crate) purpose: Purpose,
}

/// What somebody came for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A page, which tells how much of theirs is overdue: whether that can be anything is looked up at once.
    Page,
    /// Anything else.
    Other,
}

/// What is asked of a session.
pub(crate) struct Question {
    token_hash: [u8; 32],
    /// Whose versions are wanted with it.
    customer: Option<CustomerId>,
    is_page: bool,
}

/// A session of somebody who may sign in, as it is read; it may have ended.
pub(crate) struct Held {
    /// Which question it answers, counted from one.
    place: i64,
    expires_at: jiff_sqlx::Timestamp,
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
    /// Understood only by whoever asked for it: what is wrong with one concerns no other.
    memberships: String,
    nothing_due_before: Option<jiff_sqlx::Date>,
    workspace_version: Option<i64>,
    workspace_zone: Option<String>,
    library_version: Option<i64>,
    people_version: Option<i64>,
}

impl Held {
    fn is_in_force(&self, asked: Asked<'_>) -> bool {
        self.expires_at.to_jiff() > asked.at && self.last_seen_at.to_jiff() > asked.at - asked.idle
    }

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
            memberships: serde_json::from_str(&self.memberships)?,
            time_zone: self.time_zone,
            locale: self.locale.parse()?,
            session: Some(SessionId(self.session_id)),
            confirmed_at: self.confirmed_at.map(jiff_sqlx::Timestamp::to_jiff),
            has_totp: self.has_totp,
            totp_required: TotpRequirements { for_firm: self.totp_required_for_firm, for_approvers: self.totp_required_for_approvers },
            nothing_due_before: self.nothing_due_before.map(jiff_sqlx::Date::to_jiff),
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
    pub async fn open_session(
        &self,
        token_hash: &[u8; 32],
        purpose: Purpose,
        at: Timestamp,
        idle: SignedDuration,
    ) -> Result<Option<Actor>> {
        let asked = Asked { token_hash, at, idle, purpose };
        self.held_session(asked, None).await?.map(Held::actor).transpose()
    }

    /// The same without noting that the session is used: for what a browser does by itself, which must not keep it alive.
    pub async fn look_at_session(&self, token_hash: &[u8; 32], at: Timestamp, idle: SignedDuration) -> Result<Option<Actor>> {
        let asked = Asked { token_hash, at, idle, purpose: Purpose::Other };
        self.find_session(asked, None).await?.map(Held::actor).transpose()
    }

    /// A session in force, of which it is noted that it is used, with the versions of a customer's workspace.
    pub(crate) async fn held_session(&self, asked: Asked<'_>, customer: Option<CustomerId>) -> Result<Option<Held>> {
        let held = self.find_session(asked, customer).await?;
        if held.as_ref().is_some_and(|held| held.last_seen_at.to_jiff() < asked.at - NOTED_EVERY) {
            persistently(self.lookups.pool(), || note_use(&self.lookups, asked)).await?;
        }
        Ok(held)
    }

    /// A session in force, asked for together with those of others.
    async fn find_session(&self, asked: Asked<'_>, customer: Option<CustomerId>) -> Result<Option<Held>> {
        let lookups = self.lookups.clone();
        let find = move |questions: Vec<Question>| {
            let lookups = lookups.clone();
            async move { persistently(lookups.pool(), || find_all(&lookups, &questions)).await }
        };
        let question = Question { token_hash: *asked.token_hash, customer, is_page: asked.purpose == Purpose::Page };
        let held = self.sessions.ask(question, find).await?;
        Ok(held.filter(|held| held.is_in_force(asked)))
    }
}

/// What there is for each question, in their order.
async fn find_all(lookups: &Lookups, questions: &[Question]) -> sqlx::Result<Vec<Option<Held>>> {
    let hashes: Vec<[u8; 32]> = questions.iter().map(|question| question.token_hash).collect();
    let customers: Vec<Option<i32>> = questions.iter().map(|question| question.customer.map(|customer| customer.0)).collect();
    let pages: Vec<bool> = questions.iter().map(|question| question.is_page).collect();
    let mut lookup = lookups.turn().await?;
    let found = sqlx::query_as!(
        Held,
        r#"SELECT q.place AS "place!", s.expires_at AS "expires_at!", s.last_seen_at AS "last_seen_at!", s.session_id AS "session_id!",
                  s.confirmed_at, s.user_id AS "user_id!", s.email AS "email!", s.full_name AS "full_name!", s.role AS "role!",
                  s.locale AS "locale!", s.time_zone AS "time_zone!", s.has_totp AS "has_totp!",
                  s.totp_required_for_firm AS "totp_required_for_firm!",
                  s.totp_required_for_approvers AS "totp_required_for_approvers!", s.memberships::text AS "memberships!",
                  CASE WHEN q.is_page THEN s.nothing_due_before END AS nothing_due_before,
                  v.workspace_version AS "workspace_version?", v.workspace_zone AS "workspace_zone?",
                  v.library_version AS "library_version?", v.people_version AS "people_version?"
           FROM unnest($1::bytea[], $2::integer[], $3::boolean[]) WITH ORDINALITY AS q(token_hash, customer_id, is_page, place)
           JOIN auth.sessions_held s ON s.token_hash = q.token_hash
           LEFT JOIN auth.workspace_versions v ON v.customer_id = q.customer_id"#,
        &hashes as _,
        &customers as _,
        &pages
    )
    .fetch_all(&mut *lookup)
    .await?;
    lookup.done();
    let mut answers: Vec<Option<Held>> = questions.iter().map(|_| None).collect();
    for held in found {
        let place = usize::try_from(held.place - 1).ok();
        if let Some(answer) = place.and_then(|place| answers.get_mut(place)) {
            *answer = Some(held);
        }
    }
    Ok(answers)
}

async fn note_use(lookups: &Lookups, asked: Asked<'_>) -> sqlx::Result<()> {
    let noted = sqlx::query!(
        "UPDATE auth.session_tokens SET last_seen_at = $2 WHERE token_hash = $1 AND last_seen_at < $2",
        &asked.token_hash[..],
        asked.at.to_sqlx()
    );
    let mut lookup = lookups.turn().await?;
    noted.execute(&mut *lookup).await?;
    lookup.done();
    Ok(())
}
