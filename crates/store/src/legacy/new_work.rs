//! What has been done in Muster since the cutover that the older database could not hold.

use serde::Serialize;
use sqlx::{Executor as _, Row as _};

use super::{LegacyDatabase, Phase, Result};

/// Work of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewWork {
    /// The customer's name; none for what belongs to the firm.
    pub customer: Option<String>,
    /// What was done, as the audit log calls it.
    pub action: String,
    /// How often.
    pub times: i64,
}

impl LegacyDatabase {
    /// Everything that was done since the cutover, by the audit log: signing in and reading are no
    /// work, nor are files that the program makes of approved documents by itself.
    pub async fn new_work(&mut self) -> Result<Vec<NewWork>> {
        if self.phase() != Phase::CutOver {
            return Ok(Vec::new());
        }
        let rows = self
            .connection
            .fetch_all(
                "SELECT c.name, e.action, count(*) FROM dna_app.customer_audit_log e JOIN dna_app.customers c ON c.id = e.customer_id
                 LEFT JOIN muster_upgrade.laid_out l ON l.customer_id = e.customer_id
                 WHERE e.id > coalesce(l.audit_number, 0) AND e.action <> 'document.export_kept' AND (e.before IS NOT NULL OR e.after IS NOT NULL) GROUP BY c.id, c.name, e.action
                 UNION ALL
                 SELECT NULL, e.action, count(*) FROM dna_app.firm_audit_log e
                 WHERE e.action NOT IN ('user.signed_in', 'user.signed_out', 'user.sign_in_failed', 'user.sign_in_unknown', 'account.session_ended', 'account.sessions_ended') AND (e.before IS NOT NULL OR e.after IS NOT NULL) GROUP BY e.action
                 ORDER BY 1 NULLS FIRST, 2",
            )
            .await?;
        Ok(rows.into_iter().map(|row| NewWork { customer: row.get(0), action: row.get(1), times: row.get(2) }).collect())
    }
}
