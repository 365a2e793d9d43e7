//! Two-step sign-in: its sealed secret, the steps that were taken, the recovery codes.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{Actor, FirmAction, decide_firm},
    account::TotpRequirements,
    audit::AuditNote,
    ids::UserId,
};

use super::AccountWriter;
use crate::{Result, Store, audit::Notebook, db::Mode, scope::allow};

/// How a person's two-step sign-in stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totp {
    /// The secret, sealed.
    pub sealed_secret: Vec<u8>,
    /// Whether a code has been right once; until then it asks for nothing.
    pub is_on: bool,
    /// When the secret was drawn.
    pub created_at: Timestamp,
    /// How many recovery codes are left.
    pub recovery_codes_left: i64,
}

impl Store {
    /// A person's two-step sign-in, as far as they have begun with it.
    pub async fn totp(&self, user: UserId) -> Result<Option<Totp>> {
        let row = sqlx::query!(
            r#"SELECT sealed_secret, created_at, confirmed_at IS NOT NULL AS "is_on!",
                      (SELECT count(*) FROM auth.recovery_codes c WHERE c.user_id = t.user_id) AS "left!"
               FROM auth.totp t WHERE user_id = $1"#,
            user.0
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| Totp {
            sealed_secret: row.sealed_secret,
            is_on: row.is_on,
            created_at: row.created_at.to_jiff(),
            recovery_codes_left: row.left,
        }))
    }

    /// Takes the code of a step. `false`: a code of this step or of a later one has been taken before.
    pub async fn take_totp_step(&self, user: UserId, step: i64) -> Result<bool> {
        let taken = sqlx::query!("UPDATE auth.totp SET last_step = $2 WHERE user_id = $1 AND last_step < $2", user.0, step);
        Ok(taken.execute(&self.pool).await?.rows_affected() > 0)
    }

    /// Uses a recovery code up. `false`: there is none like it any more.
    pub async fn take_recovery_code(&self, user: UserId, code_hash: &[u8; 32]) -> Result<bool> {
        let taken = sqlx::query!("DELETE FROM auth.recovery_codes WHERE user_id = $1 AND code_hash = $2", user.0, &code_hash[..]);
        Ok(taken.execute(&self.pool).await?.rows_affected() > 0)
    }

    /// For whom the firm requires two-step sign-in.
    pub async fn totp_requirements(&self) -> Result<TotpRequirements> {
        let row =
            sqlx::query!("SELECT totp_required_for_firm, totp_required_for_approvers FROM dna_app.firm").fetch_one(&self.pool).await?;
        Ok(TotpRequirements { for_firm: row.totp_required_for_firm, for_approvers: row.totp_required_for_approvers })
    }

    /// Says for whom the firm requires two-step sign-in.
    pub async fn set_totp_requirements(&self, actor: &Actor, wanted: TotpRequirements, note: AuditNote, at: Timestamp) -> Result<()> {
        allow(decide_firm(actor, FirmAction::EditFirm))?;
        let mut tx = self.begin(Mode::Write, "").await?;
        sqlx::query!(
            "UPDATE dna_app.firm SET totp_required_for_firm = $1, totp_required_for_approvers = $2",
            wanted.for_firm,
            wanted.for_approvers
        )
        .execute(&mut *tx)
        .await?;
        let mut notebook = Notebook::of(actor, at);
        notebook.add(note);
        notebook.write_for_firm(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}

impl AccountWriter {
    /// Keeps a new secret that is still to be confirmed by a code. `false`: two-step sign-in is on,
    /// with another secret.
    pub async fn begin_totp(&mut self, sealed_secret: &[u8]) -> Result<bool> {
        let (user, at) = (self.user.0, self.at);
        let begun = sqlx::query!(
            r#"INSERT INTO auth.totp AS t (user_id, sealed_secret, created_at) VALUES ($1, $2, $3)
               ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
               WHERE t.confirmed_at IS NULL"#,
            user,
            sealed_secret,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(begun.rows_affected() > 0)
    }

    /// Turns two-step sign-in on: the code of this step was right for this secret. `false`: it is on
    /// already, or the secret has meanwhile been replaced.
    pub async fn confirm_totp(&mut self, sealed_secret: &[u8], step: i64) -> Result<bool> {
        let (user, at) = (self.user.0, self.at);
        let confirmed = sqlx::query!(
            r#"UPDATE auth.totp SET confirmed_at = $4, last_step = $3
               WHERE user_id = $1 AND sealed_secret = $2 AND confirmed_at IS NULL"#,
            user,
            sealed_secret,
            step,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(confirmed.rows_affected() > 0)
    }

    /// Replaces the recovery codes.
    pub async fn replace_recovery_codes(&mut self, hashes: &[Vec<u8>]) -> Result<()> {
        let user = self.user.0;
        sqlx::query!("DELETE FROM auth.recovery_codes WHERE user_id = $1", user).execute(self.connection()).await?;
        sqlx::query!("INSERT INTO auth.recovery_codes (user_id, code_hash) SELECT $1, unnest($2::bytea[])", user, hashes)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Turns two-step sign-in off, and forgets its secret and codes. `false`: it was not on.
    pub async fn remove_totp(&mut self) -> Result<bool> {
        let user = self.user.0;
        let removed = sqlx::query!("DELETE FROM auth.totp WHERE user_id = $1", user).execute(self.connection()).await?;
        Ok(removed.rows_affected() > 0)
    }
}
