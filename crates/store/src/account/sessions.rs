//! A person's sessions, as they see them.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::Actor,
    account::Session,
    ids::{SessionId, UserId},
};
use sqlx::PgConnection;

use super::AccountWriter;
use crate::{Error, Result, Store};

impl Store {
    /// The actor's sessions that are in force, the one used last first.
    pub async fn own_sessions(&self, actor: &Actor, at: Timestamp, idle: SignedDuration) -> Result<Vec<Session>> {
        let rows = sqlx::query!(
            r#"SELECT id, created_at, last_seen_at, expires_at, network, user_agent FROM auth.session_tokens
               WHERE user_id = $1 AND expires_at > $2 AND last_seen_at > $2 - make_interval(secs => $3)
               ORDER BY last_seen_at DESC, created_at DESC, id"#,
            actor.user_id().0,
            at.to_sqlx(),
            idle.as_secs_f64()
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Session {
                id: SessionId(row.id),
                created_at: row.created_at.to_jiff(),
                last_seen_at: row.last_seen_at.to_jiff(),
                expires_at: row.expires_at.to_jiff(),
                network: row.network,
                user_agent: row.user_agent,
            })
            .collect())
    }

    /// Ends all sessions of a person, as when what they may do has changed: they sign in again.
    pub async fn end_sessions(&self, user: UserId) -> Result<()> {
        end_sessions(&mut *self.pool.acquire().await?, user, None).await?;
        Ok(())
    }
}

impl AccountWriter {
    /// Ends one session.
    ///
    /// # Errors
    /// [`Error::NotFound`] where this person has no such session.
    pub async fn end_session(&mut self, id: SessionId) -> Result<()> {
        let user = self.user.0;
        let ended = sqlx::query!("DELETE FROM auth.session_tokens WHERE id = $1 AND user_id = $2", id.0, user);
        if ended.execute(self.connection()).await?.rows_affected() == 0 {
            return Err(Error::NotFound);
        }
        Ok(())
    }

    /// Ends all sessions but the one that the change is made in, and every sign-in that waits for
    /// its code. Gives how many sessions ended.
    pub async fn end_other_sessions(&mut self) -> Result<u64> {
        let (user, session) = (self.user, self.session);
        end_sessions(self.connection(), user, session).await
    }

    /// Notes that the holder of the session has just given their password or a code again.
    pub async fn confirm_session(&mut self, id: SessionId) -> Result<()> {
        let (user, at) = (self.user.0, self.at);
        sqlx::query!("UPDATE auth.session_tokens SET confirmed_at = $3 WHERE id = $1 AND user_id = $2", id.0, user, at.to_sqlx())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

/// Ends the sessions of a person, but one that is kept, and every sign-in that waits for its code. Gives
/// how many sessions ended.
pub(crate) async fn end_sessions(connection: &mut PgConnection, user: UserId, kept: Option<SessionId>) -> Result<u64> {
    sqlx::query!("DELETE FROM auth.pending_sign_ins WHERE user_id = $1", user.0).execute(&mut *connection).await?;
    let ended =
        sqlx::query!("DELETE FROM auth.session_tokens WHERE user_id = $1 AND ($2::uuid IS NULL OR id <> $2)", user.0, kept.map(|id| id.0))
            .execute(connection)
            .await?;
    Ok(ended.rows_affected())
}
