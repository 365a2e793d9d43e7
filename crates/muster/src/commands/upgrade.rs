//! `muster upgrade`: moving an older database over (docs/UPGRADING.md).

mod report;

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use muster_service::legacy::{self, Decisions, MoveOptions, Progress, Verified};
use serde::Serialize;

use super::say;
use crate::{Failure, in_words};

/// Moving an older database over.
#[derive(Debug, Subcommand)]
pub enum Upgrade {
    /// Look at an older database and report what would become of it; changes nothing
    Inspect(Inspect),
    /// Move it over: prepare beside the older program, then cut over
    Run(Run),
    /// Write down where tasks belong of which it could not be told, from a file; before the cutover
    Decide(Decide),
    /// Compare an upgraded database with what it was
    Verify(Asked),
    /// Give the older database back, exactly as it was
    Rollback(Rollback),
    /// Drop the older tables; their rows stay in a table of their own, but there is no way back
    Finish(Asked),
}

/// What every step is told.
#[derive(Debug, Args)]
pub struct Asked {
    /// The address of the older database, as postgres://...
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database: String,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Look at an older database; changes nothing.
#[derive(Debug, Args)]
pub struct Inspect {
    #[command(flatten)]
    asked: Asked,
    /// Write the report as a web page to this file besides
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// Move it over.
#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    asked: Asked,
    /// The zone of times that were kept without one, such as Europe/Vienna; the database's unless given
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// The folder that the older program keeps its files in
    #[arg(long, value_name = "FOLDER")]
    files: Option<PathBuf>,
    /// Prepare and stop before the cutover; running it again goes on
    #[arg(long)]
    prepare_only: bool,
}

/// Write decisions down.
#[derive(Debug, Args)]
pub struct Decide {
    #[command(flatten)]
    asked: Asked,
    /// A JSON list of tasks, each with `task_id` and, where it is decided, one of its candidates as `decision`
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Who decided
    #[arg(long, value_name = "NAME", default_value = "The command line")]
    by: String,
}

/// Give the older database back.
#[derive(Debug, Args)]
pub struct Rollback {
    #[command(flatten)]
    asked: Asked,
    /// Go back although work that was done in Muster since is lost
    #[arg(long)]
    discard_new_work: bool,
}

impl Upgrade {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Inspect(inspect) => inspect.run().await,
            Self::Run(run) => run.run().await,
            Self::Decide(decide) => decide.run().await,
            Self::Verify(asked) => {
                let found = legacy::verify(&asked.database).await.map_err(in_words)?;
                tell(asked.json, &found, || report::verified(&found))?;
                found.is_equal.then_some(()).ok_or_else(|| differs(&found))
            }
            Self::Rollback(rollback) => rollback.run().await,
            Self::Finish(asked) => {
                legacy::finish(&asked.database).await.map_err(in_words)?;
                tell(asked.json, &serde_json::json!({ "phase": "finished" }), || {
                    "The older tables are gone. Every row of them stays in muster_upgrade.original_rows.".to_owned()
                })
            }
        }
    }
}

fn differs(found: &Verified) -> Failure {
    let many = found.checks.iter().filter(|check| !check.is_equal()).count();
    in_words(format!("{many} of {} comparisons found a difference; they are marked above", found.checks.len()))
}

fn tell(json: bool, value: &impl Serialize, words: impl FnOnce() -> String) -> Result<(), Failure> {
    if json {
        say(&serde_json::to_string_pretty(value).map_err(in_words)?);
    } else {
        say(words().trim_end());
    }
    Ok(())
}

impl Inspect {
    async fn run(self) -> Result<(), Failure> {
        let found = legacy::inspect(&self.asked.database).await.map_err(in_words)?;
        if let Some(file) = &self.html {
            write(file, &report::as_page(&report::inspected(&found)))?;
        }
        tell(self.asked.json, &found, || report::inspected(&found))
    }
}

impl Run {
    async fn run(self) -> Result<(), Failure> {
        let options = MoveOptions { time_zone: self.time_zone, files: self.files, prepare_only: self.prepare_only };
        let mut bar = Bar::default();
        let moved = legacy::run(&self.asked.database, &options, &mut |progress| bar.show(&progress)).await;
        bar.end();
        let moved = moved.map_err(in_words)?;
        tell(self.asked.json, &moved, || report::moved(&moved))
    }
}

impl Decide {
    async fn run(self) -> Result<(), Failure> {
        let text =
            std::fs::read_to_string(&self.file).map_err(|error| in_words(format!("{} cannot be read: {error}", self.file.display())))?;
        let read = serde_json::from_str(&text);
        let decisions: Decisions = read.map_err(|error| in_words(format!("{} is no list of decisions: {error}", self.file.display())))?;
        let (written, unknown) = legacy::decide(&self.asked.database, &decisions, &self.by).await.map_err(in_words)?;
        let value = serde_json::json!({ "written": written, "unknown": unknown });
        tell(self.asked.json, &value, || report::decided(written, &unknown))
    }
}

impl Rollback {
    async fn run(self) -> Result<(), Failure> {
        let done = legacy::roll_back(&self.asked.database, self.discard_new_work).await.map_err(in_words)?;
        tell(self.asked.json, &done, || report::rolled_back(&done))?;
        done.is_back
            .then_some(())
            .ok_or_else(|| in_words("nothing was changed: this work would be lost; --discard-new-work goes on all the same"))
    }
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text).map_err(|error| in_words(format!("{} cannot be written: {error}", file.display())))
}

/// The progress of a move, on one line of a terminal; elsewhere a line for each tenth.
#[derive(Debug, Default)]
struct Bar {
    last: Option<(String, i64)>,
}

impl Bar {
    fn show(&mut self, progress: &Progress) {
        let (what, done, all) = match progress {
            Progress::Taking { table, done, all } => (format!("Reading {table}"), *done, *all),
            Progress::LayingOut { done, all } => ("Laying out customers".to_owned(), index(*done), index(*all)),
            Progress::Comparing => ("Comparing both sides".to_owned(), 0, 1),
            Progress::CuttingOver => ("Cutting over".to_owned(), 0, 1),
        };
        let tenths = if all == 0 { 10 } else { 10 * done / all };
        if self.last.as_ref().is_some_and(|last| *last == (what.clone(), tenths)) {
            return;
        }
        let percent = if all == 0 { 100 } else { 100 * done / all };
        if std::io::stderr().is_terminal() {
            note(&format!("\r\x1b[K{what}: {percent} %"));
        } else {
            note(&format!("{what}: {percent} %\n"));
        }
        self.last = Some((what, tenths));
    }

    fn end(&self) {
        if self.last.is_some() && std::io::stderr().is_terminal() {
            note("\r\x1b[K");
        }
    }
}

fn index(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn note(text: &str) {
    #[expect(clippy::print_stderr, reason = "this is the command's progress")]
    {
        eprint!("{text}");
    }
}
