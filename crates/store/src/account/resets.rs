//! Links that set a new password.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::ids::UserId;

use super::{AccountWriter, person};
use crate::{NewMail, Result, Store, audit::Notebook, db::Mode, jobs::queue};

/// Somebody asked for a link that sets a new password.
#[derive(Debug)]
pub struct ResetRequest<'a> {
    /// The address that they gave.
    pub email: &'a str,
    /// The hash of the link's secret.
    pub token_hash: &'a [u8; 32],
    /// When the link ends.
    pub expires_at: Timestamp,
    /// The mail that carries it.
    pub mail: &'a NewMail<'a>,
}

impl Store {
    /// The name of the person with an address, if they may sign in.
    pub async fn active_name(&self, email: &str) -> Result<Option<String>> {
        let name = sqlx::query_scalar!("SELECT full_name FROM auth.users WHERE lower(email) = lower($1) AND is_active", email);
        Ok(name.fetch_optional(&self.pool).await?)
    }

    /// Keeps a link and queues the mail that carries it, in one transaction. For an address that
    /// nobody has, the same is written and taken back, so that the time taken tells nothing.
    pub async fn request_password_reset(&self, request: &ResetRequest<'_>, at: Timestamp) -> Result<()> {
        let mut outer = self.begin(Mode::Write, "").await?;
        let mut tx = sqlx::Connection::begin(&mut *outer).await?;
        sqlx::query!("DELETE FROM auth.password_resets WHERE expires_at <= $1", at.to_sqlx()).execute(&mut *tx).await?;
        let user = sqlx::query_scalar!("SELECT id FROM auth.users WHERE lower(email) = lower($1) AND is_active", request.email)
            .fetch_optional(&mut *tx)
            .await?;
        sqlx::query!(
            "INSERT INTO auth.password_resets (token_hash, user_id, expires_at) SELECT $1, $2, $3 WHERE $2::integer IS NOT NULL",
            &request.token_hash[..],
            user,
            request.expires_at.to_sqlx()
        )
        .execute(&mut *tx)
        .await?;
        queue(&mut tx, None, user.map(UserId), at, request.mail).await?;
        if user.is_some() {
            tx.commit().await?
        } else {
            tx.rollback().await?
        }
        // Either way the disk is waited for.
        Ok(outer.commit().await?)
    }

    /// Whether a link is still good.
    pub async fn is_password_reset(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<bool> {
        let found = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM auth.password_resets r JOIN auth.users u ON u.id = r.user_id
                              WHERE r.token_hash = $1 AND r.expires_at > $2 AND u.is_active) AS "found!""#,
            &token_hash[..],
            at.to_sqlx()
        );
        Ok(found.fetch_one(&self.pool).await?)
    }

    /// Uses a link up, and gives a writer of the account that it is for. None: it is not good any
    /// more. Of two people who use it at once, one gets the writer.
    pub async fn password_reset_writer(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<Option<AccountWriter>> {
        let mut tx = self.begin(Mode::Write, "").await?;
        let row = sqlx::query!(
            r#"DELETE FROM auth.password_resets r USING auth.users u
               WHERE r.token_hash = $1 AND r.expires_at > $2 AND u.id = r.user_id AND u.is_active
               RETURNING u.id, u.full_name, u.email"#,
            &token_hash[..],
            at.to_sqlx()
        )
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let holder = person(row.id, row.full_name, row.email);
        Ok(Some(AccountWriter { tx, notebook: Notebook::of(&holder, at), user: holder.user_id(), session: None, at }))
    }
}

impl AccountWriter {
    /// Keeps a link for this account.
    pub async fn add_password_reset(&mut self, token_hash: &[u8; 32], expires_at: Timestamp) -> Result<()> {
        let user = self.user.0;
        sqlx::query!(
            "INSERT INTO auth.password_resets (token_hash, user_id, expires_at) VALUES ($1, $2, $3)",
            &token_hash[..],
            user,
            expires_at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
