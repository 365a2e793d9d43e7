//! The first admin of a new installation.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    audit::{AuditActor, AuditNote, Subject},
    ids::UserId,
};
use serde_json::json;

use crate::{NewUser, Result, Store, audit::note_for_firm, sessions::subject_of};

impl Store {
    /// Whether nobody can sign in yet.
    pub async fn has_no_people(&self) -> Result<bool> {
        Ok(sqlx::query_scalar!(r#"SELECT NOT EXISTS (SELECT FROM auth.users) AS "empty!""#).fetch_one(&self.pool).await?)
    }

    /// Keeps the hash of a new setup link; earlier links end.
    pub async fn replace_setup_link(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<()> {
        let mut tx = self.begin_plain().await?;
        sqlx::query!("DELETE FROM auth.setup_links").execute(&mut *tx).await?;
        sqlx::query!("INSERT INTO auth.setup_links (token_hash, created_at) VALUES ($1, $2)", &token_hash[..], at.to_sqlx())
            .execute(&mut *tx)
            .await?;
        note_for_firm(&mut tx, AuditActor::program(), at, AuditNote::read("setup_link.made", installation())).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a setup link is good: known, younger than `lifetime`, and nobody is there yet.
    pub async fn is_setup_link(&self, token_hash: &[u8; 32], at: Timestamp, lifetime: SignedDuration) -> Result<bool> {
        let found = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM auth.setup_links WHERE token_hash = $1 AND created_at > $2)
                  AND NOT EXISTS (SELECT FROM auth.users) AS "found!""#,
            &token_hash[..],
            at.checked_sub(lifetime).unwrap_or(at).to_sqlx()
        );
        Ok(found.fetch_one(&self.pool).await?)
    }

    /// Makes the first admin and ends the link, in one step: of two people who use the link at
    /// once, one becomes the admin and the other is told that it has been used.
    pub async fn create_first_admin(&self, token_hash: &[u8; 32], user: &NewUser<'_>, at: Timestamp) -> Result<Option<UserId>> {
        let mut tx = self.begin_plain().await?;
        let used = sqlx::query!("DELETE FROM auth.setup_links WHERE token_hash = $1", &token_hash[..]).execute(&mut *tx).await?;
        if used.rows_affected() == 0 {
            return Ok(None);
        }
        let id = sqlx::query_scalar!(
            r#"INSERT INTO auth.users (email, full_name, role, password_hash, created_at, updated_at)
               SELECT $1, $2, 'admin', $3, $4, $4 WHERE NOT EXISTS (SELECT FROM auth.users) RETURNING id"#,
            user.email,
            user.name,
            user.password_hash,
            at.to_sqlx()
        )
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(id) = id.map(UserId) {
            let by = AuditActor { id: Some(id), name: user.name.to_owned(), email: user.email.to_owned() };
            note_for_firm(&mut tx, by, at, AuditNote::made("user.became_first_admin", subject_of(id, user.name), user.state())).await?;
        }
        tx.commit().await?;
        Ok(id.map(UserId))
    }

    /// Whether the demo's data has been loaded whole.
    pub async fn is_demo_loaded(&self) -> Result<bool> {
        Ok(sqlx::query_scalar!(r#"SELECT demo_loaded_at IS NOT NULL AS "loaded!" FROM dna_app.firm"#).fetch_one(&self.pool).await?)
    }

    /// Notes that the demo's data has been loaded whole, and names the demo's firm.
    pub async fn set_demo_loaded(&self, firm_name: &str, at: Timestamp) -> Result<()> {
        let mut tx = self.begin_plain().await?;
        sqlx::query!("UPDATE dna_app.firm SET demo_loaded_at = $1, name = $2", at.to_sqlx(), firm_name).execute(&mut *tx).await?;
        let note = AuditNote::made("demo.loaded", installation(), json!({ "name": firm_name }));
        note_for_firm(&mut tx, AuditActor::program(), at, note).await?;
        Ok(tx.commit().await?)
    }

    /// The firm's name.
    pub async fn firm_name(&self) -> Result<String> {
        Ok(sqlx::query_scalar!("SELECT name FROM dna_app.firm").fetch_one(&self.pool).await?)
    }
}

/// The installation as the subject of an entry.
fn installation() -> Subject {
    Subject { kind: "installation".to_owned(), id: String::new(), title: String::new() }
}
