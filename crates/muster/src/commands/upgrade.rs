//! `muster upgrade`: moving an older database over.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use muster_service::upgrade::{Inspection, inspect};

use super::say;
use crate::{Failure, in_words};

/// Moving an older database over.
#[derive(Debug, Subcommand)]
pub enum Upgrade {
    /// Look at an older database and report what would become of it; changes nothing
    Inspect(Inspect),
}

/// Look at an older database; changes nothing.
#[derive(Debug, Args)]
pub struct Inspect {
    /// The address of the older database, as postgres://...
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database: String,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

impl Upgrade {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        let Self::Inspect(asked) = self;
        let inspection = inspect(&asked.database).await.map_err(in_words)?;
        if asked.json {
            say(&serde_json::to_string_pretty(&inspection).map_err(in_words)?);
        } else {
            say(report(&inspection).trim_end());
        }
        Ok(())
    }
}

/// How many rows of a kind are named one by one; all of them are in the JSON.
const NAMED: usize = 50;

fn report(inspection: &Inspection) -> String {
    let mut text = String::new();
    let shape = &inspection.shape;
    section(&mut text, "The database", shape.variants.iter().cloned());
    section(&mut text, "Rows", shape.rows.iter().map(|(table, rows)| format!("{rows:>9}  {table}")));
    let _ = writeln!(text, "\nTogether {} MB with their indexes.", shape.size_bytes / 1_000_000);
    let tasks = &inspection.tasks;
    section(
        &mut text,
        "Tasks by scope and type, as they were written",
        tasks.by_origin.iter().map(|(origin, count)| format!("{count:>9}  {origin}")),
    );
    section(&mut text, "Tasks by level, as they will be", tasks.by_scope.iter().map(|(scope, count)| format!("{count:>9}  {scope}")));
    section(&mut text, "Why", tasks.by_rule.iter().map(|(rule, count)| format!("{count:>9}  {rule}")));
    let ambiguous = inspection.ambiguous.iter().map(|task| {
        format!("{} of customer {}, “{}”: {} It goes to {}.", task.task_id, task.customer_id, task.title, task.why, place(&task.chosen))
    });
    section(&mut text, "Tasks for a person to look at", shortened(ambiguous, inspection.ambiguous.len()));
    let contradictions = inspection.contradictions.iter().map(|one| format!("{} {}: {}", one.table, one.row, one.why));
    section(&mut text, "Contradictions", shortened(contradictions, inspection.contradictions.len()));
    section(&mut text, "Left as they are", inspection.untouched.iter().cloned());
    section(&mut text, "Views that will be made anew", shape.views.iter().cloned());
    text
}

fn place(destination: &muster_domain::upgrade::Destination) -> String {
    match destination.template_id {
        Some(template) => format!("the template {template}"),
        None => format!("the {}", destination.task_scope),
    }
}

fn shortened(lines: impl Iterator<Item = String>, all: usize) -> impl Iterator<Item = String> {
    lines.take(NAMED).chain((all > NAMED).then(|| format!("and {} more; --json names them all", all - NAMED)))
}

fn section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
}
