//! `muster audit`: whether the audit log has been tampered with.

use clap::{Args, Subcommand};
use muster_service::LogReport;
use serde_json::json;

use super::say;
use crate::{
    Failure,
    config::Options,
    database::{Database, explain},
};

/// The audit log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Look whether the logs are as they were written; the exit code is 1 where one is not
    Verify(Verify),
}

/// Look whether the logs are as they were written.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    options: Options,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
}

impl Audit {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        let Self::Verify(verify) = self;
        let config = verify.options.resolve("installation")?;
        let database = Database::open_to_look(&config).await?;
        let found = database.context().verify_audit_logs(&[]).await.map_err(explain);
        database.close().await?;
        report(&found?, verify.json)
    }
}

fn report(logs: &[LogReport], json: bool) -> Result<(), Failure> {
    let tampered: Vec<String> = logs.iter().filter_map(sentence).collect();
    let entries: i64 = logs.iter().map(|log| log.entries).sum();
    if json {
        let logs: Vec<_> = logs
            .iter()
            .map(|log| {
                let kind = if log.customer.is_some() { "customer" } else { "firm" };
                json!({ "log": kind, "customer_id": log.customer, "name": log.name, "good_entries": log.entries,
                        "problem": log.tampering.map(|found| found.to_string()) })
            })
            .collect();
        say(&json!({ "is_good": tampered.is_empty(), "logs": logs }).to_string());
    }
    if tampered.is_empty() {
        if !json {
            say(&format!("All {} logs are as they were written: {entries} entries.", logs.len()));
        }
        Ok(())
    } else {
        Err(Failure::new(tampered.join("\n")))
    }
}

fn sentence(log: &LogReport) -> Option<String> {
    let found = log.tampering?;
    let whose = match log.customer {
        Some(id) => format!("customer {id}{}", if log.name.is_empty() { String::new() } else { format!(" ({})", log.name) }),
        None => "the firm".to_owned(),
    };
    Some(format!("The audit log of {whose} has been tampered with: {found}."))
}
