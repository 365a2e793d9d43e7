//! `muster migrate`: brings a database to this version's schema.

use clap::Args;

use super::say;
use crate::{Failure, config::Options, database::Database};

/// Bring a database to this version's schema.
#[derive(Debug, Args)]
pub struct Migrate {
    #[command(flatten)]
    options: Options,
}

impl Migrate {
    /// Migrates and ends.
    pub async fn run(self) -> Result<(), Failure> {
        let config = self.options.resolve("installation")?;
        Database::open(&config).await?.close().await?;
        say("The database has this version's schema.");
        Ok(())
    }
}
