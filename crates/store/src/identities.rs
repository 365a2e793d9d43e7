//! Signing in with an identity provider: who its subjects are here, and the attempts under way.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    audit::{AuditActor, AuditNote},
    ids::UserId,
};
use serde_json::json;
use sqlx::PgConnection;

use crate::{Result, Store, audit::note_for_firm, sessions::subject_of};

/// A sign-in that goes to the provider and has to come back.
#[derive(Debug, Clone)]
pub struct NewSignInAttempt<'a> {
    /// The hash of the secret in the browser's cookie.
    pub id_hash: [u8; 32],
    /// The hash of the state that the provider hands back.
    pub state_hash: [u8; 32],
    /// What the ID token has to repeat.
    pub nonce: &'a str,
    /// The secret behind the code challenge.
    pub code_verifier: &'a str,
    /// The page to go on to; a path of ours.
    pub next: &'a str,
    /// Who wants to be linked; nobody where it is a sign-in.
    pub for_user: Option<UserId>,
    /// When it counts no more.
    pub expires_at: Timestamp,
}

/// A sign-in that has come back.
#[derive(Debug, Clone)]
pub struct SignInAttempt {
    /// What the ID token has to repeat.
    pub nonce: String,
    /// The secret behind the code challenge.
    pub code_verifier: String,
    /// The page to go on to; a path of ours.
    pub next: String,
    /// Who wants to be linked; nobody where it is a sign-in.
    pub for_user: Option<UserId>,
}

/// A subject of a provider that a person is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The person's name there, which need not mean anything to people.
    pub subject: String,
    /// The address by which the link was made; nothing where the person made it themselves.
    pub email_at_link: Option<String>,
    /// When the link was made.
    pub linked_at: Timestamp,
}

impl Store {
    /// Keeps an attempt; those that ran out by `at` go.
    pub async fn create_sign_in_attempt(&self, attempt: &NewSignInAttempt<'_>, at: Timestamp) -> Result<()> {
        let mut tx = self.begin_plain().await?;
        sqlx::query!("DELETE FROM auth.sign_in_attempts WHERE expires_at <= $1", at.to_sqlx()).execute(&mut *tx).await?;
        sqlx::query!(
            r#"INSERT INTO auth.sign_in_attempts (id_hash, state_hash, nonce, code_verifier, next, for_user, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
            &attempt.id_hash[..],
            &attempt.state_hash[..],
            attempt.nonce,
            attempt.code_verifier,
            attempt.next,
            attempt.for_user.map(|user| user.0),
            attempt.expires_at.to_sqlx()
        )
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Takes an attempt, which is then used up. Nothing where it is unknown, was used or ran out,
    /// or where the state is that of another: then it stays for the browser that began it.
    pub async fn take_sign_in_attempt(&self, id_hash: &[u8; 32], state_hash: &[u8; 32], at: Timestamp) -> Result<Option<SignInAttempt>> {
        let row = sqlx::query!(
            r#"DELETE FROM auth.sign_in_attempts WHERE id_hash = $1 AND state_hash = $2 AND expires_at > $3
               RETURNING nonce, code_verifier, next, for_user"#,
            &id_hash[..],
            &state_hash[..],
            at.to_sqlx()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| SignInAttempt {
            nonce: row.nonce,
            code_verifier: row.code_verifier,
            next: row.next,
            for_user: row.for_user.map(UserId),
        }))
    }

    /// Who a subject of a provider is here, and whether they may sign in at all.
    pub async fn user_of_identity(&self, issuer: &str, subject: &str) -> Result<Option<(UserId, bool)>> {
        let row = sqlx::query!(
            r#"SELECT u.id, u.is_active FROM auth.identities i JOIN auth.users u ON u.id = i.user_id
               WHERE i.issuer = $1 AND i.subject = $2"#,
            issuer,
            subject
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| (UserId(row.id), row.is_active)))
    }

    /// Links a subject to the active person with this address. Nothing where there is no such
    /// person, or where they or the subject are linked already.
    pub async fn link_identity_by_email(&self, issuer: &str, subject: &str, email: &str, at: Timestamp) -> Result<Option<UserId>> {
        let mut tx = self.begin_plain().await?;
        let linked = sqlx::query_scalar!(
            r#"INSERT INTO auth.identities (issuer, subject, user_id, email_at_link, linked_at)
               SELECT $1, $2, id, email, $4 FROM auth.users WHERE lower(email) = lower($3) AND is_active
               ON CONFLICT DO NOTHING RETURNING user_id"#,
            issuer,
            subject,
            email,
            at.to_sqlx()
        )
        .fetch_optional(&mut *tx)
        .await?;
        let linked = linked.map(UserId);
        if let Some(user) = linked {
            note(&mut tx, "identity.linked", user, issuer, at).await?;
        }
        tx.commit().await?;
        Ok(linked)
    }

    /// Links a subject to a person. `false` where they or the subject are linked already.
    pub async fn link_identity(&self, issuer: &str, subject: &str, user: UserId, at: Timestamp) -> Result<bool> {
        let mut tx = self.begin_plain().await?;
        let linked = sqlx::query!(
            "INSERT INTO auth.identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            issuer,
            subject,
            user.0,
            at.to_sqlx()
        )
        .execute(&mut *tx)
        .await?;
        let is_new = linked.rows_affected() == 1;
        if is_new {
            note(&mut tx, "identity.linked", user, issuer, at).await?;
        }
        tx.commit().await?;
        Ok(is_new)
    }

    /// The subjects that a person is known by, by provider.
    pub async fn identities_of(&self, user: UserId) -> Result<Vec<Identity>> {
        let rows = sqlx::query!(
            "SELECT issuer, subject, email_at_link, linked_at FROM auth.identities WHERE user_id = $1 ORDER BY issuer",
            user.0
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Identity {
                issuer: row.issuer,
                subject: row.subject,
                email_at_link: row.email_at_link,
                linked_at: row.linked_at.to_jiff(),
            })
            .collect())
    }

    /// Ends a person's link to a provider; one that is not there is ended already.
    pub async fn unlink_identity(&self, issuer: &str, user: UserId, at: Timestamp) -> Result<()> {
        let mut tx = self.begin_plain().await?;
        let ended =
            sqlx::query!("DELETE FROM auth.identities WHERE issuer = $1 AND user_id = $2", issuer, user.0).execute(&mut *tx).await?;
        if ended.rows_affected() > 0 {
            note(&mut tx, "identity.unlinked", user, issuer, at).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Notes that a person was linked to a provider, or no longer is.
async fn note(connection: &mut PgConnection, action: &'static str, user: UserId, issuer: &str, at: Timestamp) -> Result<()> {
    let person = sqlx::query!("SELECT full_name, email FROM auth.users WHERE id = $1", user.0).fetch_one(&mut *connection).await?;
    let by = AuditActor { id: Some(user), name: person.full_name, email: person.email };
    let note = AuditNote::made(action, subject_of(user, &by.name), json!({ "issuer": issuer }));
    note_for_firm(connection, by, at, note).await
}
