//! `muster library`: standards, templates and task rules from files, and as files.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use muster_service::library::{Library, LibraryExport};

use super::say;
use crate::{
    Failure,
    config::Options,
    database::{Database, explain},
    in_words,
};

/// Standards, templates and task rules from files, and as files.
#[derive(Debug, Subcommand)]
pub enum LibraryCommand {
    /// Import a folder of library files, or an archive of them; importing again adds nothing twice
    Import(Import),
    /// Export the library as a folder of files, or as one archive (a path that ends in .zip)
    Export(Export),
}

/// Import a folder of library files.
#[derive(Debug, Args)]
pub struct Import {
    /// The folder with standards.yaml, task-rules.yaml and templates/, or a .zip of it
    from: PathBuf,
    #[command(flatten)]
    options: Options,
    /// Print what was added as JSON
    #[arg(long)]
    json: bool,
}

/// Export the library.
#[derive(Debug, Args)]
pub struct Export {
    /// The folder to be written, which must be empty or not there, or a file that ends in .zip
    to: PathBuf,
    #[command(flatten)]
    options: Options,
    /// Print what was written as JSON
    #[arg(long)]
    json: bool,
}

impl LibraryCommand {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Import(import) => import.run().await,
            Self::Export(export) => export.run().await,
        }
    }
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

impl Import {
    async fn run(self) -> Result<(), Failure> {
        let library = if is_archive(&self.from) {
            let bytes = std::fs::read(&self.from).map_err(|error| in_words(format!("{}: {error}", self.from.display())))?;
            Library::from_archive(&self.from.display().to_string(), &bytes).map_err(in_words)?
        } else {
            Library::from_folder(&self.from).map_err(in_words)?
        };
        let config = self.options.resolve("installation")?;
        let database = Database::open(&config).await?;
        let imported = database.context().import_library(&library).await.map_err(explain);
        database.close().await?;
        let added = imported?;
        if self.json {
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

impl Export {
    async fn run(self) -> Result<(), Failure> {
        let config = self.options.resolve("installation")?;
        let database = Database::open(&config).await?;
        let exported = database.context().export_library_here().await.map_err(explain);
        database.close().await?;
        let exported = exported?;
        write(&self.to, &exported)?;
        if self.json {
            say(&serde_json::json!({ "files": exported.files.len(), "left_out": exported.left_out }).to_string());
        } else {
            say(&format!("Written: {} files to {}.", exported.files.len(), self.to.display()));
            if !exported.left_out.is_empty() {
                say(&format!("Left out, because they are archived or not released: {}.", exported.left_out.join(", ")));
            }
        }
        Ok(())
    }
}

/// Writes an export; a folder that holds something is left alone.
fn write(to: &Path, exported: &LibraryExport) -> Result<(), Failure> {
    let at = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| in_words(format!("{path}: {error}"))
    };
    if is_archive(to) {
        return std::fs::write(to, exported.zip().map_err(explain)?).map_err(at(to));
    }
    std::fs::create_dir_all(to.join("templates")).map_err(at(to))?;
    let is_used = |entry: std::io::Result<std::fs::DirEntry>| entry.is_ok_and(|entry| entry.file_name() != "templates");
    let holds_files =
        std::fs::read_dir(to).map_err(at(to))?.any(is_used) || std::fs::read_dir(to.join("templates")).map_err(at(to))?.next().is_some();
    if holds_files {
        return Err(in_words(format!("{} holds files already. Give a folder that is empty or not there yet.", to.display())));
    }
    for file in &exported.files {
        let path = to.join(&file.name);
        std::fs::write(&path, &file.text).map_err(at(&path))?;
    }
    Ok(())
}
