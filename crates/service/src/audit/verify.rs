//! Verification of all logs of an installation.

use muster_domain::{
    audit::{Head, PublicKey, Tampering, Verification},
    ids::CustomerId,
};
use muster_store::{AuditLogs, LogOwner};

use crate::{Context, Result, boxed};

/// The end of a log as somebody outside knew it at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownEnd {
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
    /// How many of these a signed checkpoint vouches for.
    pub signed: i64,
    /// What is wrong.
    pub tampering: Option<Tampering>,
}

impl LogReport {
    pub(super) const fn tampered(customer: Option<CustomerId>, name: String, entries: i64, found: Tampering) -> Self {
        Self { customer, name, entries, signed: entries, tampering: Some(found) }
    }
}

impl Context {
    /// Verifies every log: against its head, against its signed checkpoints, and against what
    /// somebody outside knows. The checkpoints have to be signed with one of `keys`; where none is
    /// given, with one that the database names. For commands run at the machine itself.
    #[boxed]
    pub async fn verify_audit_logs(&self, known: &[KnownEnd], keys: &[PublicKey]) -> Result<Vec<LogReport>> {
        let mut logs = self.store.audit_logs().await?;
        let keys = if keys.is_empty() { logs.keys().await? } else { keys.to_vec() };
        let mut owners = logs.owners().await?;
        // A customer that somebody knows and the database does not has lost its whole log.
        for one in known {
            if !owners.iter().any(|owner| owner.customer == one.customer) {
                owners.push(LogOwner { customer: one.customer, name: String::new() });
            }
        }
        let mut reports = Vec::with_capacity(owners.len());
        for owner in owners {
            let known = known.iter().filter(|one| one.customer == owner.customer).map(|one| one.head).collect();
            reports.push(verify_log(&mut logs, owner, known, &keys).await?);
        }
        Ok(reports)
    }
}

async fn verify_log(logs: &mut AuditLogs, owner: LogOwner, mut known: Vec<Head>, keys: &[PublicKey]) -> Result<LogReport> {
    let checkpoints = logs.checkpoints(owner.customer).await?;
    let mut tampering = checkpoints.iter().find_map(|one| one.check_by(keys).err());
    let signed = checkpoints.last().map_or(0, |one| one.checkpoint.head.number);
    known.extend(checkpoints.iter().map(|one| one.checkpoint.head));
    let head = logs.head(owner.customer).await?;
    let mut verification = Verification::new(owner.customer, known);
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
    Ok(LogReport { customer: owner.customer, name: owner.name, entries, signed: signed.min(entries), tampering })
}
