//! Reading whole logs, for verification.

use muster_domain::{
    audit::{AuditEntry, Head},
    ids::CustomerId,
};
use sqlx::{PgConnection, Postgres, Transaction};

use super::{EntryRow, HeadRow};
use crate::{Result, Store, db::Mode};

/// So many entries are read at a time.
const BATCH: i64 = 5_000;

/// Whose log it is: a customer's, or the firm's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogOwner {
    /// The customer; none for the firm.
    pub customer: Option<CustomerId>,
    /// The name, if it still has one.
    pub name: String,
}

/// All logs of an installation, in one snapshot. For the program itself, which verifies them; it
/// shows nothing of them to anybody.
#[derive(Debug)]
pub struct AuditLogs {
    tx: Transaction<'static, Postgres>,
}

impl Store {
    /// A reader of all audit logs, for commands run at the machine itself.
    pub async fn audit_logs(&self) -> Result<AuditLogs> {
        Ok(AuditLogs { tx: self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await? })
    }
}

impl AuditLogs {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// The firm's log, and every customer's.
    pub async fn owners(&mut self) -> Result<Vec<LogOwner>> {
        let rows = sqlx::query!(
            r#"SELECT o.id AS "id!", coalesce(c.name, '') AS "name!"
               FROM (SELECT id FROM dna_app.customers UNION SELECT customer_id FROM dna_app.customer_audit_heads
                     UNION SELECT customer_id FROM dna_app.customer_audit_log
                     UNION SELECT log_of FROM dna_app.audit_checkpoints WHERE log_of IS NOT NULL) o
               LEFT JOIN dna_app.customers c ON c.id = o.id ORDER BY o.id"#
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let name = sqlx::query_scalar!("SELECT name FROM dna_app.firm").fetch_one(&mut *self.tx).await?;
        let customers = rows.into_iter().map(|row| LogOwner { customer: Some(CustomerId(row.id)), name: row.name });
        Ok(std::iter::once(LogOwner { customer: None, name }).chain(customers).collect())
    }

    /// The head of a log, if there is one.
    pub async fn head(&mut self, customer: Option<CustomerId>) -> Result<Option<Head>> {
        let row = match customer {
            Some(id) => {
                sqlx::query_as!(HeadRow, "SELECT number, hash FROM dna_app.customer_audit_heads WHERE customer_id = $1 AND id = 1", id.0)
                    .fetch_optional(&mut *self.tx)
                    .await?
            }
            None => {
                sqlx::query_as!(HeadRow, "SELECT number, hash FROM dna_app.firm_audit_head WHERE id = 1")
                    .fetch_optional(&mut *self.tx)
                    .await?
            }
        };
        row.map(HeadRow::head).transpose()
    }

    /// The next entries of a log after a number; none at its end.
    pub async fn entries_after(&mut self, customer: Option<CustomerId>, number: i64) -> Result<Vec<AuditEntry>> {
        let rows = match customer {
            Some(id) => {
                sqlx::query_as!(
                    EntryRow,
                    r#"SELECT id, at, actor_id, actor_name, actor_email, action, subject_kind, subject_id, subject_title,
                              before::text AS before, after::text AS after, previous_hash, hash
                       FROM dna_app.customer_audit_log WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3"#,
                    id.0,
                    number,
                    BATCH
                )
                .fetch_all(&mut *self.tx)
                .await?
            }
            None => {
                sqlx::query_as!(
                    EntryRow,
                    r#"SELECT id, at, actor_id, actor_name, actor_email, action, subject_kind, subject_id, subject_title,
                              before::text AS before, after::text AS after, previous_hash, hash
                       FROM dna_app.firm_audit_log WHERE id > $1 ORDER BY id LIMIT $2"#,
                    number,
                    BATCH
                )
                .fetch_all(&mut *self.tx)
                .await?
            }
        };
        rows.into_iter().map(|row| row.entry(customer)).collect()
    }
}
