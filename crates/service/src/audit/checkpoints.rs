//! Making and handing out signed checkpoints.

use std::{sync::Arc, time::Duration};

use muster_domain::{
    access::Actor,
    audit::{Checkpoint, Head, PublicKey, SignedCheckpoint, SigningKey, Tampering, Verification},
    ids::CustomerId,
};
use muster_store::{AuditLogs, MovedLog};

use super::LogReport;
use crate::{Context, Error, Result, boxed};

/// How often checkpoints are made while Muster runs.
const EVERY: Duration = Duration::from_secs(3600);

/// What a round of checkpoints came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckpointRound {
    /// How many were made.
    pub made: usize,
    /// The logs that do not continue their last checkpoint: nothing is signed for them any more.
    pub refused: Vec<LogReport>,
}

/// Where a log stands, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    /// How many entries it has.
    pub entries: i64,
    /// Its latest checkpoint.
    pub checkpoint: Option<SignedCheckpoint>,
}

impl Context {
    /// The same with the installation's key; without one no checkpoints are made.
    pub fn with_audit_key(mut self, key: SigningKey) -> Self {
        self.audit_key = Some(Arc::new(key));
        self
    }

    /// The public half of the installation's key, if it has one.
    pub fn audit_key(&self) -> Option<PublicKey> {
        self.audit_key.as_ref().map(|key| key.public())
    }

    /// Makes a checkpoint for every log that has moved since its last one. Without a key it makes
    /// none. What is signed was looked through first, from the last checkpoint on.
    #[boxed]
    pub async fn make_checkpoints(&self) -> Result<CheckpointRound> {
        let Some(key) = &self.audit_key else { return Ok(CheckpointRound::default()) };
        let at = self.now();
        self.store.add_audit_key(key.public(), at).await?;
        let installation = self.firm_name().await?;
        let mut logs = self.store.audit_logs().await?;
        let (mut signed, mut refused) = (Vec::new(), Vec::new());
        for log in logs.moved().await? {
            match continues(&mut logs, &log).await? {
                Ok(head) => {
                    let name = log.name;
                    signed.push(key.sign(Checkpoint { installation: installation.clone(), customer: log.customer, name, head, at }));
                }
                Err(found) => refused.push(LogReport::tampered(log.customer, log.name, log.last.number, found)),
            }
        }
        drop(logs);
        self.store.keep_checkpoints(&signed).await?;
        Ok(CheckpointRound { made: signed.len(), refused })
    }

    /// The latest checkpoint of every log, to be kept outside: one line each.
    #[boxed]
    pub async fn checkpoint_file(&self) -> Result<String> {
        let mut text = String::new();
        for one in self.store.audit_logs().await?.latest_checkpoints().await? {
            text.push_str(&one.to_line().map_err(Error::internal)?);
            text.push('\n');
        }
        Ok(text)
    }

    /// The same for the firm's admin, with checkpoints of just now.
    #[boxed]
    pub async fn take_checkpoints(&self, actor: &Actor) -> Result<String> {
        drop(self.store.firm_audit(actor).await?);
        self.make_checkpoints().await?;
        self.checkpoint_file().await
    }

    /// The public keys that checkpoints of this installation are signed with.
    #[boxed]
    pub async fn audit_keys(&self) -> Result<Vec<PublicKey>> {
        Ok(self.store.audit_logs().await?.keys().await?)
    }

    /// Makes checkpoints now and every hour, until dropped. `report` gets what each round came to.
    pub async fn run_checkpoints(&self, report: impl Fn(Result<CheckpointRound>)) {
        loop {
            report(self.make_checkpoints().await);
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Signs the end of a log that is about to be handed out, and keeps the checkpoint.
    pub(super) async fn sign_end(&self, customer: Option<CustomerId>, name: &str, head: Head) -> Result<Option<SignedCheckpoint>> {
        let Some(key) = &self.audit_key else { return Ok(None) };
        let at = self.now();
        self.store.add_audit_key(key.public(), at).await?;
        let installation = self.firm_name().await?;
        let signed = key.sign(Checkpoint { installation, customer, name: name.to_owned(), head, at });
        self.store.keep_checkpoints(std::slice::from_ref(&signed)).await?;
        Ok(Some(signed))
    }
}

/// Whether a log continues its last checkpoint up to its head.
async fn continues(logs: &mut AuditLogs, log: &MovedLog) -> Result<Result<Head, Tampering>> {
    let mut verification = Verification::after(log.customer, log.last);
    loop {
        let entries = logs.entries_after(log.customer, verification.end().number).await?;
        if entries.is_empty() {
            return Ok(verification.finish(Some(log.head)));
        }
        if let Some(found) = entries.iter().find_map(|entry| verification.check(entry).err()) {
            return Ok(Err(found));
        }
    }
}
