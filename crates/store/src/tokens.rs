//! API tokens: opening one, and each owner's list.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{self, Actor, FirmAction, Identity},
    audit::AuditNote,
    ids::{CustomerId, TokenId, UserId},
    people::Membership,
    tokens::{TokenDetails, TokenOwner, TokenRight, TokenScope},
};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    Result, Store,
    audit::Notebook,
    db::{Mode, persistently},
    scope::allow,
};

/// A token to be kept.
#[derive(Debug, Clone)]
pub struct NewApiToken<'a> {
    /// Its id.
    pub id: TokenId,
    /// What is kept of its secret.
    pub hash: &'a [u8; 32],
    /// Its beginning.
    pub prefix: &'a str,
    /// What it is for.
    pub name: &'a str,
    /// The rights.
    pub rights: &'a [TokenRight],
    /// The customers; none: all that the issuer reaches.
    pub customers: Option<&'a [CustomerId]>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Reads and changes the tokens of one owner: a person's own, or those of the firm's integrations.
#[derive(Debug)]
pub struct TokenWriter {
    tx: Transaction<'static, Postgres>,
    notebook: Notebook,
    owner: TokenOwner,
    actor: UserId,
    at: Timestamp,
}

struct TokenRow {
    id: uuid::Uuid,
    name: String,
    issuer_id: i32,
    issuer_name: String,
    prefix: String,
    rights: Vec<String>,
    customer_ids: Option<Vec<i32>>,
    created_at: jiff_sqlx::Timestamp,
    expires_at: jiff_sqlx::Timestamp,
    last_used_at: Option<jiff_sqlx::Timestamp>,
}

impl TokenRow {
    fn details(self, owner: TokenOwner) -> Result<TokenDetails> {
        Ok(TokenDetails {
            id: TokenId(self.id),
            name: self.name,
            owner,
            issuer: UserId(self.issuer_id),
            issuer_name: self.issuer_name,
            prefix: self.prefix,
            rights: rights(&self.rights)?,
            customer_ids: customers(self.customer_ids),
            created_at: self.created_at.to_jiff(),
            expires_at: self.expires_at.to_jiff(),
            last_used_at: self.last_used_at.map(jiff_sqlx::Timestamp::to_jiff),
            revoked_at: None,
        })
    }
}

fn rights(words: &[String]) -> Result<Vec<TokenRight>> {
    words.iter().map(|word| Ok(word.parse()?)).collect()
}

fn customers(ids: Option<Vec<i32>>) -> Option<Vec<CustomerId>> {
    ids.map(|ids| ids.into_iter().map(CustomerId).collect())
}

impl Store {
    /// Who acts with the token of this hash, if it is still good; one round trip.
    pub async fn open_token(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<Option<Actor>> {
        let row = persistently(self.lookups.pool(), || async move {
            let row = sqlx::query!(
                r#"SELECT user_id AS "user_id!", email AS "email!", full_name AS "full_name!", role AS "role!", memberships AS "memberships!",
                          token_owner AS "token_owner!", token_name AS "token_name!", rights AS "rights!", customer_ids
                   FROM auth.open_token($1, $2)"#,
                &token_hash[..],
                at.to_sqlx()
            );
            let mut lookup = self.lookups.turn().await?;
            let found = row.fetch_optional(&mut *lookup).await?;
            lookup.done();
            Ok(found)
        })
        .await?;
        let Some(row) = row else { return Ok(None) };
        let memberships: Vec<Membership> = serde_json::from_value(row.memberships)?;
        let acts_as = match row.token_owner.parse()? {
            TokenOwner::Person => None,
            TokenOwner::Integration => Some(format!("{} (integration of {})", row.token_name, row.full_name)),
        };
        let scope = TokenScope { rights: rights(&row.rights)?, customers: customers(row.customer_ids), acts_as };
        // The one place where a token becomes an actor.
        #[allow(clippy::disallowed_methods)]
        let actor = Actor::verified(Identity {
            firm_role: row.role.parse().ok(),
            memberships,
            ..Identity::new(UserId(row.user_id), row.full_name, row.email)
        });
        Ok(Some(actor.limited_to(scope)))
    }

    /// The tokens of an owner, if the actor may change them: their own, or as an admin those of
    /// the integrations; never with a token.
    pub async fn token_writer(&self, actor: &Actor, owner: TokenOwner, at: Timestamp) -> Result<TokenWriter> {
        allow(access::decide_in_person(actor))?;
        if owner == TokenOwner::Integration {
            allow(access::decide_firm(actor, FirmAction::ManageIntegrations))?;
        }
        let settings = format!("SET LOCAL app.actor = '{}'", actor.user_id());
        let tx = self.begin(Mode::Write, &settings).await?;
        Ok(TokenWriter { tx, notebook: Notebook::of(actor, at), owner, actor: actor.user_id(), at })
    }
}

impl TokenWriter {
    fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Only one's own are one's own; the integrations are any admin's.
    fn issuer(&self) -> Option<i32> {
        (self.owner == TokenOwner::Person).then_some(self.actor.0)
    }

    /// The tokens that are not revoked, the latest first; those that have ended too.
    pub async fn tokens(&mut self) -> Result<Vec<TokenDetails>> {
        let (owner, issuer) = (self.owner, self.issuer());
        let rows = sqlx::query_as!(
            TokenRow,
            r#"SELECT t.id, t.name, t.issuer_id, u.full_name AS issuer_name, t.prefix, t.rights, t.customer_ids, t.created_at, t.expires_at,
                      t.last_used_at
               FROM auth.api_tokens t JOIN auth.users u ON u.id = t.issuer_id
               WHERE t.owner = $1 AND ($2::integer IS NULL OR t.issuer_id = $2) AND t.revoked_at IS NULL
               ORDER BY t.created_at DESC, t.id DESC"#,
            owner.as_str(),
            issuer
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(|row| row.details(owner)).collect()
    }

    /// Keeps a new token.
    pub async fn insert_token(&mut self, new: &NewApiToken<'_>) -> Result<()> {
        let (owner, issuer, at) = (self.owner, self.actor.0, self.at);
        let rights: Vec<String> = new.rights.iter().map(ToString::to_string).collect();
        let customers: Option<Vec<i32>> = new.customers.map(|ids| ids.iter().map(|id| id.0).collect());
        sqlx::query!(
            r#"INSERT INTO auth.api_tokens (id, token_hash, prefix, issuer_id, owner, name, rights, customer_ids, created_at, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"#,
            new.id.0,
            &new.hash[..],
            new.prefix,
            issuer,
            owner.as_str(),
            new.name,
            &rights,
            customers.as_deref(),
            at.to_sqlx(),
            new.expires_at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Ends a token at once and for good. `false`: it has been ended meanwhile.
    pub async fn revoke_token(&mut self, id: TokenId) -> Result<bool> {
        let (owner, issuer, at) = (self.owner, self.issuer(), self.at);
        let done = sqlx::query!(
            r#"UPDATE auth.api_tokens SET revoked_at = $4
               WHERE id = $1 AND owner = $2 AND ($3::integer IS NULL OR issuer_id = $3) AND revoked_at IS NULL"#,
            id.0,
            owner.as_str(),
            issuer,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Notes what has been done: an entry of the firm's audit log, if the writer commits.
    pub fn note(&mut self, note: AuditNote) {
        self.notebook.add(note);
    }

    /// Keeps everything written, and adds what was noted to the firm's audit log.
    pub async fn commit(mut self) -> Result<()> {
        self.notebook.write_for_firm(&mut self.tx).await?;
        Ok(self.tx.commit().await?)
    }

    /// Ends without having changed anything.
    pub async fn leave(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }
}
