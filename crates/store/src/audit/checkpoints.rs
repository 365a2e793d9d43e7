//! Signed checkpoints: those that are kept, and the logs that have moved on since.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    audit::{AuditActor, AuditNote, Checkpoint, Head, PublicKey, SignedCheckpoint, Subject},
    ids::CustomerId,
};
use serde_json::json;
use sqlx::PgConnection;

use super::{AuditLogs, HeadRow, bytes, hash, write::note_for_firm};
use crate::{CustomerReader, Result, Store};

/// A log whose end no checkpoint states yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedLog {
    /// Whose log; none for the firm's.
    pub customer: Option<CustomerId>,
    /// The name of the customer, or of the firm.
    pub name: String,
    /// Its end.
    pub head: Head,
    /// Its end at the last checkpoint; of a log without one, that of an empty log.
    pub last: Head,
}

struct Row {
    log_of: Option<i32>,
    installation: String,
    name: String,
    number: i64,
    hash: Vec<u8>,
    at: jiff_sqlx::Timestamp,
    public_key: Vec<u8>,
    signature: Vec<u8>,
}

impl Row {
    fn checkpoint(self) -> Result<SignedCheckpoint> {
        Ok(SignedCheckpoint {
            checkpoint: Checkpoint {
                installation: self.installation,
                customer: self.log_of.map(CustomerId),
                name: self.name,
                head: Head { number: self.number, hash: hash(&self.hash)? },
                at: self.at.to_jiff(),
            },
            key: PublicKey(bytes(&self.public_key)?),
            signature: bytes(&self.signature)?,
        })
    }
}

impl AuditLogs {
    /// The logs whose end no checkpoint states yet.
    pub async fn moved(&mut self) -> Result<Vec<MovedLog>> {
        let rows = sqlx::query!(
            r#"SELECT h.log_of AS "log_of?", h.name AS "name!", h.number AS "number!", h.hash AS "hash!", c.number AS "last?", c.hash AS "last_hash?"
               FROM (SELECT a.customer_id AS log_of, coalesce(n.name, '') AS name, a.number, a.hash
                     FROM dna_app.customer_audit_heads a LEFT JOIN dna_app.customers n ON n.id = a.customer_id
                     UNION ALL SELECT NULL, (SELECT name FROM dna_app.firm), number, hash FROM dna_app.firm_audit_head) h
               LEFT JOIN LATERAL (SELECT number, hash FROM dna_app.audit_checkpoints WHERE log_of IS NOT DISTINCT FROM h.log_of
                                  ORDER BY number DESC, id DESC LIMIT 1) c ON true
               WHERE (h.number, h.hash) IS DISTINCT FROM (coalesce(c.number, 0), coalesce(c.hash, h.hash))
               ORDER BY h.log_of NULLS FIRST"#
        )
        .fetch_all(self.connection())
        .await?;
        let log = |head: Head, last: Head, customer: Option<i32>, name| MovedLog { customer: customer.map(CustomerId), name, head, last };
        rows.into_iter()
            .map(|row| {
                let last = match row.last.zip(row.last_hash) {
                    Some((number, hash)) => HeadRow { number, hash }.head()?,
                    None => Head::default(),
                };
                Ok(log(HeadRow { number: row.number, hash: row.hash }.head()?, last, row.log_of, row.name))
            })
            .collect()
    }

    /// All checkpoints of a log, the earliest first.
    pub async fn checkpoints(&mut self, customer: Option<CustomerId>) -> Result<Vec<SignedCheckpoint>> {
        let rows = sqlx::query_as!(
            Row,
            r#"SELECT log_of, installation, name, number, hash, at, public_key, signature FROM dna_app.audit_checkpoints
               WHERE log_of IS NOT DISTINCT FROM $1 ORDER BY number, id"#,
            customer.map(|id| id.0)
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(Row::checkpoint).collect()
    }

    /// The latest checkpoint of each log.
    pub async fn latest_checkpoints(&mut self) -> Result<Vec<SignedCheckpoint>> {
        let rows = sqlx::query_as!(
            Row,
            r#"SELECT DISTINCT ON (log_of) log_of, installation, name, number, hash, at, public_key, signature
               FROM dna_app.audit_checkpoints ORDER BY log_of NULLS FIRST, number DESC, id DESC"#
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter().map(Row::checkpoint).collect()
    }

    /// The public keys of this installation.
    pub async fn keys(&mut self) -> Result<Vec<PublicKey>> {
        let rows = sqlx::query_scalar!("SELECT public_key FROM dna_app.audit_keys ORDER BY added_at").fetch_all(self.connection()).await?;
        rows.iter().map(|key| bytes(key).map(PublicKey)).collect()
    }
}

impl Store {
    /// Keeps checkpoints, all or none.
    pub async fn keep_checkpoints(&self, checkpoints: &[SignedCheckpoint]) -> Result<()> {
        let mut tx = self.begin_plain().await?;
        for one in checkpoints {
            let stated = &one.checkpoint;
            sqlx::query!(
                r#"INSERT INTO dna_app.audit_checkpoints (log_of, installation, name, number, hash, at, public_key, signature)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"#,
                stated.customer.map(|id| id.0),
                stated.installation,
                stated.name,
                stated.head.number,
                &stated.head.hash[..],
                stated.at.to_sqlx(),
                &one.key.0[..],
                &one.signature[..]
            )
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Makes a public key known as this installation's. That one is new is an entry of the firm's log.
    pub async fn add_audit_key(&self, key: PublicKey, at: Timestamp) -> Result<()> {
        let mut tx = self.begin_plain().await?;
        let added = sqlx::query!(
            "INSERT INTO dna_app.audit_keys (public_key, added_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &key.0[..],
            at.to_sqlx()
        )
        .execute(&mut *tx)
        .await?;
        if added.rows_affected() > 0 {
            let subject = Subject { kind: "audit_key".to_owned(), id: key.to_string(), title: key.to_string() };
            let note = AuditNote::made("audit.key_added", subject, json!({ "public_key": key.to_string() }));
            note_for_firm(&mut tx, AuditActor::program(), at, note).await?;
        }
        Ok(tx.commit().await?)
    }
}

impl CustomerReader {
    /// The latest checkpoint of the customer's log.
    pub async fn latest_checkpoint(&mut self) -> Result<Option<SignedCheckpoint>> {
        let customer = self.customer;
        latest_checkpoint(self.connection(), Some(customer)).await
    }
}

pub(super) async fn latest_checkpoint(connection: &mut PgConnection, customer: Option<CustomerId>) -> Result<Option<SignedCheckpoint>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT log_of, installation, name, number, hash, at, public_key, signature FROM dna_app.audit_checkpoints
           WHERE log_of IS NOT DISTINCT FROM $1 ORDER BY number DESC, id DESC LIMIT 1"#,
        customer.map(|id| id.0)
    )
    .fetch_optional(connection)
    .await?;
    row.map(Row::checkpoint).transpose()
}
