//! `muster audit checkpoint`: signs where the logs stand.

use std::{fs, io::Write as _, path::PathBuf};

use clap::Args;

use super::{say, verify::sentence};
use crate::{
    Failure,
    config::Options,
    database::{Database, explain},
    signing,
};

/// Sign where the logs stand now.
#[derive(Debug, Args)]
pub struct Checkpoint {
    #[command(flatten)]
    options: Options,
    /// Add the lines to this file instead of printing them
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Checkpoint {
    /// Runs the command.
    pub(super) async fn run(self) -> Result<(), Failure> {
        let config = self.options.resolve("installation")?;
        let key = signing::load(&config.data)?;
        let database = Database::open(&config).await?;
        let context = database.context().with_audit_key(key);
        let done = async { Ok((context.make_checkpoints().await?, context.checkpoint_file().await?)) }.await;
        database.close().await?;
        let (round, lines) = done.map_err(explain)?;
        match &self.out {
            Some(path) => {
                let written = fs::OpenOptions::new().create(true).append(true).open(path).and_then(|mut file| {
                    file.write_all(lines.as_bytes())?;
                    file.sync_all()
                });
                written.map_err(|error| Failure::new(format!("{} cannot be written: {error}.", path.display())))?;
                say(&format!(
                    "{} logs are signed in {}. Keep it where nobody who runs this installation can change it.",
                    lines.lines().count(),
                    path.display()
                ));
            }
            None => say(lines.trim_end()),
        }
        let refused: Vec<String> = round.refused.iter().filter_map(sentence).collect();
        if refused.is_empty() { Ok(()) } else { Err(Failure::new(refused.join("\n"))) }
    }
}
