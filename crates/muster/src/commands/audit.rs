//! `muster audit`: whether the audit log has been tampered with.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use muster_domain::audit::export::{self, ExportProblem};
use muster_service::{Checkpoint, LogReport};
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
    /// An exported log instead of a database
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// A log exported earlier and kept outside, which shows whether the database's was rewritten since; may be repeated
    #[arg(long, value_name = "PATH", conflicts_with = "file")]
    against: Vec<PathBuf>,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
}

impl Audit {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        let Self::Verify(verify) = self;
        if let Some(path) = &verify.file {
            return verify_file(path, verify.json);
        }
        let known = verify.against.iter().map(|path| checkpoint(path)).collect::<Result<Vec<_>, _>>()?;
        let config = verify.options.resolve("installation")?;
        let database = Database::open_to_look(&config).await?;
        let found = database.context().verify_audit_logs(&known).await.map_err(explain);
        database.close().await?;
        report(&found?, verify.json)
    }
}

fn verify_file(path: &Path, json: bool) -> Result<(), Failure> {
    let found = export::verify(&read(path)?);
    if json {
        let problem = found.as_ref().err().map(ToString::to_string);
        say(&json!({ "is_good": problem.is_none(), "file": path, "problem": problem }).to_string());
    }
    match found {
        Ok(header) => {
            if !json {
                say(&format!("The log of {} is as it was exported: {} entries.", header.customer_name, header.entries));
            }
            Ok(())
        }
        Err(problem) => Err(tampered_file(path, &problem)),
    }
}

/// The end of a log as an export knows it.
fn checkpoint(path: &Path) -> Result<Checkpoint, Failure> {
    let header = export::verify(&read(path)?).map_err(|problem| tampered_file(path, &problem))?;
    let head = header.end().ok_or_else(|| tampered_file(path, &ExportProblem::NoHeader))?;
    Ok(Checkpoint { customer: Some(header.customer_id), head })
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::new(format!("{} cannot be read: {error}.", path.display())))
}

fn tampered_file(path: &Path, problem: &ExportProblem) -> Failure {
    Failure::new(format!("The exported audit log {} has been tampered with: {problem}.", path.display()))
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
