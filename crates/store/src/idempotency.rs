//! Creations that carry an `Idempotency-Key` happen once, and are answered alike each time.
//!
//! The answer is kept in the transaction that does the work: either both are there or neither.

use jiff_sqlx::ToSqlx;
use serde_json::Value;
use sqlx::PgConnection;

use crate::{CustomerWriter, LibraryWriter, Result, ViewWriter};

/// A key as it was sent, with the hash of the request it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestFingerprint {
    /// The key.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub hash: [u8; 32],
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// Nothing yet: do the work, then keep the answer.
    New,
    /// Done before: this was the answer.
    Done(Value),
    /// The same key came with another request before.
    Mismatch,
    /// The same request is being worked on now.
    InFlight,
}

async fn claim(connection: &mut PgConnection, user: i32, request: &RequestFingerprint) -> Result<Claim> {
    // Held until the transaction ends, so a repetition meanwhile is told to come back.
    let lock = format!("muster idempotency {user} {}", request.key);
    let free = sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS "free!""#, lock)
        .fetch_one(&mut *connection)
        .await?;
    if !free {
        return Ok(Claim::InFlight);
    }
    let row = sqlx::query!("SELECT request_hash, answer FROM dna_app.idempotency_keys WHERE user_id = $1 AND key = $2", user, request.key)
        .fetch_optional(connection)
        .await?;
    Ok(match row {
        None => Claim::New,
        Some(row) if row.request_hash == request.hash => Claim::Done(row.answer),
        Some(_) => Claim::Mismatch,
    })
}

async fn keep(connection: &mut PgConnection, user: i32, request: &RequestFingerprint, answer: &Value, at: jiff::Timestamp) -> Result<()> {
    sqlx::query!(
        "INSERT INTO dna_app.idempotency_keys (user_id, key, request_hash, answer, created_at) VALUES ($1, $2, $3, $4, $5)",
        user,
        request.key,
        &request.hash[..],
        answer,
        at.to_sqlx()
    )
    .execute(&mut *connection)
    .await?;
    // Keys are good for a day; the person's own old ones go as new ones come.
    sqlx::query!(
        "DELETE FROM dna_app.idempotency_keys WHERE user_id = $1 AND created_at < $2::timestamptz - interval '1 day'",
        user,
        at.to_sqlx()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A writer whose work may carry an `Idempotency-Key`.
pub trait KeepsAnswers {
    /// Asks what is known of a key.
    fn claim(&mut self, request: &RequestFingerprint) -> impl Future<Output = Result<Claim>> + Send;

    /// Keeps the answer to a request.
    fn keep_answer(&mut self, request: &RequestFingerprint, answer: &Value) -> impl Future<Output = Result<()>> + Send;
}

impl KeepsAnswers for CustomerWriter {
    async fn claim(&mut self, request: &RequestFingerprint) -> Result<Claim> {
        let user = self.actor.0;
        claim(self.connection(), user, request).await
    }

    async fn keep_answer(&mut self, request: &RequestFingerprint, answer: &Value) -> Result<()> {
        let (user, at) = (self.actor.0, self.at);
        keep(self.connection(), user, request, answer, at).await
    }
}

impl KeepsAnswers for LibraryWriter {
    async fn claim(&mut self, request: &RequestFingerprint) -> Result<Claim> {
        match self.actor {
            Some(user) => claim(self.connection(), user.0, request).await,
            None => Ok(Claim::New),
        }
    }

    async fn keep_answer(&mut self, request: &RequestFingerprint, answer: &Value) -> Result<()> {
        let at = self.at;
        match self.actor {
            Some(user) => keep(self.connection(), user.0, request, answer, at).await,
            None => Ok(()),
        }
    }
}

impl KeepsAnswers for ViewWriter {
    async fn claim(&mut self, request: &RequestFingerprint) -> Result<Claim> {
        let user = self.user.0;
        claim(self.connection(), user, request).await
    }

    async fn keep_answer(&mut self, request: &RequestFingerprint, answer: &Value) -> Result<()> {
        let (user, at) = (self.user.0, self.at);
        keep(self.connection(), user, request, answer, at).await
    }
}
