//! The reports of a move in words.

use std::fmt::Write as _;

use muster_domain::legacy::Destination;
use muster_service::legacy::{AmbiguousTask, ContradictionReport, Inspection, Moved, NewWork, Phase, RolledBack, Verified};
use uuid::Uuid;

/// How many rows of a kind are named one by one; all of them are in the JSON.
const NAMED: usize = 50;

/// What inspecting found.
pub(super) fn inspected(inspection: &Inspection) -> String {
    let mut text = String::new();
    let shape = &inspection.shape;
    section(&mut text, "The database", shape.variants.iter().cloned());
    section(&mut text, "Rows", shape.rows.iter().map(|(table, rows)| format!("{rows:>9}  {table}")));
    let megabytes = shape.size_bytes / 1_000_000;
    let _ = writeln!(text, "\nTogether {megabytes} MB with their indexes. Preparing will take about {} s.", inspection.expected_seconds);
    let tasks = &inspection.tasks;
    section(
        &mut text,
        "Tasks by scope and type, as they were written",
        tasks.by_origin.iter().map(|(origin, count)| format!("{count:>9}  {origin}")),
    );
    section(
        &mut text,
        "Tasks by level, as they will be",
        tasks.by_scope.iter().map(|(scope, count)| format!("{count:>9}  {}", scope.as_str())),
    );
    section(&mut text, "Why", tasks.by_rule.iter().map(|(rule, count)| format!("{count:>9}  {}", rule.as_str())));
    doubts(&mut text, &inspection.ambiguous, &inspection.contradictions);
    section(&mut text, "Left as they are", inspection.untouched.iter().cloned());
    section(&mut text, "Views that will be made anew", shape.views.iter().cloned());
    text.push_str("\nNothing was changed.\n");
    text
}

fn doubts(text: &mut String, ambiguous: &[AmbiguousTask], contradictions: &[ContradictionReport]) {
    let tasks = ambiguous.iter().map(|task| {
        format!("{} of customer {}, “{}”: {} It goes to {}.", task.task_id, task.customer_id, task.title, task.why, place(&task.chosen))
    });
    section(text, "Tasks for a person to look at", shortened(tasks, ambiguous.len()));
    let rows = contradictions.iter().map(|one| format!("{} {}: {}", one.table, one.row, one.why));
    section(text, "Contradictions", shortened(rows, contradictions.len()));
}

/// What moving led to.
pub(super) fn moved(moved: &Moved) -> String {
    let mut text = String::new();
    doubts(&mut text, &moved.ambiguous, &moved.contradictions);
    let remarks = moved.remarks.iter().map(|one| format!("{} {}: {}", one.table, one.row, one.remark));
    section(&mut text, "To know", shortened(remarks, moved.remarks.len()));
    section(&mut text, "Views that could not be made anew", moved.views_left.iter().cloned());
    table(&mut text, &moved.checks);
    let _ = match (moved.phase, moved.cut_over_seconds) {
        (Phase::CutOver, Some(seconds)) => writeln!(
            text,
            "\nPrepared in {:.1} s. Cut over: nobody could write for {seconds:.2} s. Muster works on this database now; the older tables are kept aside.",
            moved.prepared_seconds
        ),
        (Phase::Prepared, _) => writeln!(
            text,
            "\nPrepared in {:.1} s. The older program works on as before, and what it writes is taken too. `muster upgrade run` cuts over.",
            moved.prepared_seconds
        ),
        (phase, _) => writeln!(text, "\nNothing to do: {}.", phase.sentence()),
    };
    text
}

/// What comparing found.
pub(super) fn verified(found: &Verified) -> String {
    let mut text = String::new();
    table(&mut text, &found.checks);
    work(&mut text, &found.new_work);
    let _ = writeln!(
        text,
        "\n{} customers are as they were at the cutover and were compared as they are now; the others as they were then.\n{}",
        found.untouched_customers,
        if found.is_equal { "Everything is equal." } else { "There are differences." }
    );
    text
}

/// What going back led to.
pub(super) fn rolled_back(done: &RolledBack) -> String {
    let mut text = String::new();
    work(&mut text, &done.new_work);
    text.push_str(match (done.is_back, done.from) {
        (_, Phase::None) => "Nothing to take back: no upgrade of this database has been begun.\n",
        (true, _) => "The older database is as it was, and nothing of Muster's is left in it.\n",
        (false, _) => "\nThe older database cannot hold this work.\n",
    });
    text
}

/// What became of decisions.
pub(super) fn decided(written: usize, unknown: &[Uuid]) -> String {
    let mut text = format!("{written} decisions written down. `muster upgrade run` follows them.\n");
    section(&mut text, "Of these tasks none was needed, or they are not there", unknown.iter().map(Uuid::to_string));
    text
}

/// A report as a page that stands by itself.
pub(super) fn as_page(words: &str) -> String {
    let escaped = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Muster: report of an older database</title><style>:root {{ color-scheme: light dark }} body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif }} \
         pre {{ white-space: pre-wrap; font: 0.875rem/1.5 monospace }}</style><h1>Report of an older database</h1><pre>{escaped}</pre></html>\n"
    )
}

fn work(text: &mut String, new_work: &[NewWork]) {
    let lines =
        new_work.iter().map(|one| format!("{:>6} × {}  {}", one.times, one.action, one.customer.as_deref().unwrap_or("(the firm)")));
    section(text, "Work that was done in Muster since the cutover", lines);
}

fn table(text: &mut String, checks: &[muster_service::legacy::Check]) {
    let width = checks.iter().map(|check| check.what.chars().count()).max().unwrap_or_default();
    let line = |check: &muster_service::legacy::Check| {
        let word = if check.is_equal() { "equal" } else { "DIFFERS" };
        format!("{:width$}  {:>20}  {:>20}  {word}", check.what, shown(&check.before), shown(&check.after))
    };
    section(text, &format!("{:width$}  {:>20}  {:>20}", "Compared", "before", "now"), checks.iter().map(line));
    let differences = checks.iter().flat_map(|check| check.differences.iter().map(move |one| (check, one)));
    let lines = differences.map(|(check, one)| {
        let customer = one.customer_id.map_or_else(String::new, |id| format!(" of customer {id}"));
        format!("{}{customer}: {} before, {} now", check.what, one.before, one.after)
    });
    section(text, "Differences", lines);
}

/// A sum over values is long; its end tells it apart.
fn shown(value: &str) -> String {
    let long = value.chars().count().saturating_sub(18);
    if long > 0 { format!("…{}", value.chars().skip(long).collect::<String>()) } else { value.to_owned() }
}

fn place(destination: &Destination) -> String {
    match destination.template_id {
        Some(template) => format!("the template {template}"),
        None => format!("the {}", destination.task_scope.as_str()),
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
