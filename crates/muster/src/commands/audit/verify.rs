//! `muster audit verify`: whether the logs, and the documents that were handed in, are as they were.

use std::path::{Path, PathBuf};

use clap::Args;
use muster_domain::audit::{
    PublicKey, SignedCheckpoint, Tampering, checkpoint,
    export::{self, ExportProblem},
};
use muster_service::{DocumentReport, KnownEnd, LogReport};
use serde_json::json;

use super::{read, read_key, say};
use crate::{
    Failure,
    config::Options,
    database::{Database, explain},
};

/// Look whether the logs, and what is kept of documents, are as they were written.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    options: Options,
    /// An exported log instead of a database
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// A file with checkpoints or an exported log, kept outside, which shows whether the database's was rewritten since; may be repeated
    #[arg(long, value_name = "PATH", conflicts_with = "file")]
    against: Vec<PathBuf>,
    /// A file with the installation's public key, kept outside; without it the key that the database names is believed; may be repeated
    #[arg(long, value_name = "PATH")]
    key: Vec<PathBuf>,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Runs the command.
    pub(super) async fn run(self) -> Result<(), Failure> {
        let keys = self.key.iter().map(|path| read_key(path)).collect::<Result<Vec<_>, _>>()?;
        if let Some(path) = &self.file {
            return verify_file(path, &keys, self.json);
        }
        let config = self.options.resolve("installation")?;
        let database = Database::open_to_look(&config).await?;
        let context = database.context();
        let found = async {
            let keys = if keys.is_empty() { context.audit_keys().await.map_err(explain)? } else { keys };
            let mut known = Vec::new();
            for path in &self.against {
                known.extend(known_ends(path, &keys)?);
            }
            let logs = context.verify_audit_logs(&known, &keys).await.map_err(explain)?;
            Ok::<_, Failure>((logs, context.verify_documents().await.map_err(explain)?))
        };
        let found = found.await;
        database.close().await?;
        let (logs, (versions, documents)) = found?;
        report(&logs, versions, &documents, self.json)
    }
}

fn verify_file(path: &Path, keys: &[PublicKey], json: bool) -> Result<(), Failure> {
    let found = export::verify(&read(path)?, keys);
    if json {
        let problem = found.as_ref().err().map(ToString::to_string);
        let signed_with = found.as_ref().ok().and_then(|header| header.checkpoint.as_ref()).map(|signed| signed.key.to_string());
        say(&json!({ "is_good": problem.is_none(), "file": path, "signed_with": signed_with, "problem": problem }).to_string());
    }
    match found {
        Ok(header) => {
            if !json {
                say(&format!("The log of {} is as it was exported: {} entries.", header.customer_name, header.entries));
                if header.withheld > 0 {
                    say(&format!(
                        "Of {} of them only the place in the chain is told: whoever took the file may not read them.",
                        header.withheld
                    ));
                }
                say(&match header.checkpoint {
                    None => "It carries no signed checkpoint: nothing says who made it.".to_owned(),
                    Some(signed) if keys.is_empty() => {
                        format!(
                            "It is signed with the key {}. Compare that with the installation's key, or give it with --key.",
                            signed.key
                        )
                    }
                    Some(_) => "It is signed with the key that you gave.".to_owned(),
                });
            }
            Ok(())
        }
        Err(problem) => Err(tampered_file(path, &problem)),
    }
}

/// The ends of logs that a file knows: checkpoints, one a line, or one exported log.
fn known_ends(path: &Path, keys: &[PublicKey]) -> Result<Vec<KnownEnd>, Failure> {
    let text = read(path)?;
    if !text.contains(checkpoint::FORMAT) || text.starts_with(&format!(r#"{{"format":"{}""#, export::FORMAT)) {
        let header = export::verify(&text, &[]).map_err(|problem| tampered_file(path, &problem))?;
        let head = header.end().ok_or_else(|| tampered_file(path, &ExportProblem::NoHeader))?;
        return Ok(vec![KnownEnd { customer: header.customer_id, head }]);
    }
    let refused =
        |line: usize, problem: &str| Failure::new(format!("Line {line} of {} cannot be held against the logs: {problem}.", path.display()));
    let known = text.lines().enumerate().map(|(index, line)| {
        let signed = SignedCheckpoint::from_line(line).ok_or_else(|| refused(index + 1, "it is no checkpoint as it was written"))?;
        signed.check_by(keys).map_err(|problem: Tampering| refused(index + 1, &problem.to_string()))?;
        Ok(KnownEnd { customer: signed.checkpoint.customer, head: signed.checkpoint.head })
    });
    known.collect()
}

fn tampered_file(path: &Path, problem: &ExportProblem) -> Failure {
    Failure::new(format!("The exported audit log {} has been tampered with: {problem}.", path.display()))
}

fn report(logs: &[LogReport], versions: usize, documents: &[DocumentReport], json: bool) -> Result<(), Failure> {
    let tampered: Vec<String> = logs.iter().filter_map(sentence).chain(documents.iter().map(document_sentence)).collect();
    let entries: i64 = logs.iter().map(|log| log.entries).sum();
    let signed: i64 = logs.iter().map(|log| log.signed).sum();
    if json {
        let logs: Vec<_> = logs
            .iter()
            .map(|log| {
                let kind = if log.customer.is_some() { "customer" } else { "firm" };
                json!({ "log": kind, "customer_id": log.customer, "name": log.name, "good_entries": log.entries, "signed_entries": log.signed,
                        "problem": log.tampering.map(|found| found.to_string()) })
            })
            .collect();
        let problems: Vec<_> = documents
            .iter()
            .map(|one| json!({ "customer_id": one.customer, "name": one.name, "version": one.number, "problem": one.problem }))
            .collect();
        let documents = json!({ "versions": versions, "problems": problems });
        say(&json!({ "is_good": tampered.is_empty(), "logs": logs, "documents": documents }).to_string());
    }
    if tampered.is_empty() {
        if !json {
            say(&format!(
                "All {} logs are as they were written: {entries} entries, {signed} of them under signed checkpoints.",
                logs.len()
            ));
            say(&format!("All {versions} versions of documents are as they were handed in and approved."));
        }
        Ok(())
    } else {
        Err(Failure::new(tampered.join("\n")))
    }
}

/// What is wrong with a document, in words.
fn document_sentence(found: &DocumentReport) -> String {
    format!(
        "Version {} of the document “{}” of customer {} has been tampered with: {}.",
        found.number, found.name, found.customer, found.problem
    )
}

/// What is wrong with a log, in words.
pub(super) fn sentence(log: &LogReport) -> Option<String> {
    let found = log.tampering?;
    let whose = match log.customer {
        Some(id) => format!("customer {id}{}", if log.name.is_empty() { String::new() } else { format!(" ({})", log.name) }),
        None => "the firm".to_owned(),
    };
    Some(format!("The audit log of {whose} has been tampered with: {found}."))
}
