//! Verification of all logs of an installation.

use muster_domain::{
    audit::{Head, Tampering, Verification},
    ids::CustomerId,
};
use muster_store::{AuditLogs, LogOwner};

use crate::{Context, Result};

/// The end of a log as it was known at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose log; none for the firm's.
    pub customer: Option<CustomerId>,
    /// Its end.
    pub head: Head,
}

/// What verification found in one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogReport {
    /// Whose log; none for the firm's.
    pub customer: Option<CustomerId>,
    /// The name of the customer or of the firm.
    pub name: String,
    /// How many entries, from the first on, are good.
    pub entries: i64,
    /// What is wrong.
    pub tampering: Option<Tampering>,
}

impl Context {
    /// Verifies every log, against its head and against the checkpoints. For commands run at the
    /// machine itself.
    pub async fn verify_audit_logs(&self, checkpoints: &[Checkpoint]) -> Result<Vec<LogReport>> {
        let mut logs = self.store.audit_logs().await?;
        let mut owners = logs.owners().await?;
        // A customer that a checkpoint knows and the database does not has lost its whole log.
        for one in checkpoints {
            if !owners.iter().any(|owner| owner.customer == one.customer) {
                owners.push(LogOwner { customer: one.customer, name: String::new() });
            }
        }
        let mut reports = Vec::with_capacity(owners.len());
        for owner in owners {
            let known = checkpoints.iter().filter(|one| one.customer == owner.customer).map(|one| one.head).collect();
            reports.push(verify_log(&mut logs, owner, known).await?);
        }
        Ok(reports)
    }
}

async fn verify_log(logs: &mut AuditLogs, owner: LogOwner, checkpoints: Vec<Head>) -> Result<LogReport> {
    let head = logs.head(owner.customer).await?;
    let mut verification = Verification::new(owner.customer, checkpoints);
    let mut tampering = None;
    while tampering.is_none() {
        // From the number on that was reached, so that a repeated number cannot hide.
        let entries = logs.entries_after(owner.customer, verification.end().number).await?;
        if entries.is_empty() {
            break;
        }
        tampering = entries.iter().find_map(|entry| verification.check(entry).err());
    }
    let entries = verification.end().number;
    let tampering = tampering.or_else(|| verification.finish(head).err());
    Ok(LogReport { customer: owner.customer, name: owner.name, entries, tampering })
}
