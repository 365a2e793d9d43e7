//! `muster library`: standards, templates and task rules from files.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use muster_service::library::Library;

use super::say;
use crate::{
    Failure,
    config::Options,
    database::{Database, explain},
    in_words,
};

/// Standards, templates and task rules from files.
#[derive(Debug, Subcommand)]
pub enum LibraryCommand {
    /// Import a folder of library files; importing again adds nothing twice
    Import(Import),
}

/// Import a folder of library files.
#[derive(Debug, Args)]
pub struct Import {
    /// The folder with standards.yaml, task-rules.yaml and templates/
    folder: PathBuf,
    #[command(flatten)]
    options: Options,
    /// Print what was added as JSON
    #[arg(long)]
    json: bool,
}

impl LibraryCommand {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        let Self::Import(import) = self;
        let library = Library::from_folder(&import.folder).map_err(in_words)?;
        let config = import.options.resolve("installation")?;
        let database = Database::open(&config).await?;
        let imported = database.context().import_library(&library).await.map_err(explain);
        database.close().await?;
        let added = imported?;
        if import.json {
            let answer = serde_json::json!({
                "standards": added.standards, "templates": added.templates, "task_rules": added.task_rules, "edited_templates": added.edited_templates
            });
            say(&answer.to_string());
        } else {
            say(&format!(
                "Added: {} standards, {} templates, {} task rules. Left alone, because they were edited here: {} templates.",
                added.standards, added.templates, added.task_rules, added.edited_templates
            ));
        }
        Ok(())
    }
}
