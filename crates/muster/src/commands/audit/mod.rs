//! `muster audit`: whether the audit log has been tampered with, and where it stands.

mod checkpoint;
mod verify;

use std::path::Path;

use clap::Subcommand;
use muster_domain::audit::PublicKey;

use super::say;
use crate::{Failure, config::Options, database::Database};

/// The audit log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Look whether the logs are as they were written; the exit code is 1 where one is not
    Verify(verify::Verify),
    /// Sign where the logs stand now, and print it as JSON lines to be kept outside
    Checkpoint(checkpoint::Checkpoint),
    /// Print the public keys that checkpoints of this installation are signed with
    Key {
        #[command(flatten)]
        options: Options,
    },
}

impl Audit {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Verify(verify) => verify.run().await,
            Self::Checkpoint(checkpoint) => checkpoint.run().await,
            Self::Key { options } => print_keys(&options.resolve("installation")?).await,
        }
    }
}

async fn print_keys(config: &crate::config::Config) -> Result<(), Failure> {
    let database = Database::open_to_look(config).await?;
    let keys = database.context().audit_keys().await.map_err(crate::database::explain);
    database.close().await?;
    for key in keys? {
        say(&key.to_string());
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::new(format!("{} cannot be read: {error}.", path.display())))
}

/// A public key from a file that somebody kept.
fn read_key(path: &Path) -> Result<PublicKey, Failure> {
    PublicKey::from_hex(read(path)?.trim()).ok_or_else(|| {
        Failure::new(format!(
            "{} holds no public key: that is one line of 64 hexadecimal digits, as `muster audit key` prints it.",
            path.display()
        ))
    })
}
