//! Where the time of a workspace that is ready goes inside the program, as a flame graph.

use std::{collections::BTreeMap, path::Path, process::Stdio, time::Duration};

use tokio::process::Command;

use super::{muster, some_customers, workspace::workspace_path};
use crate::{
    Result,
    contest::Contender,
    data::Bench,
    load::give,
    numbers::Spread,
    report::{Section, flame::Calls},
};

/// For how long it is looked at, in seconds.
const LONG: u32 = 6;
/// How often in a second.
const OFTEN: u32 = 499;
/// How many customers are asked for again and again.
const WARM: u32 = 100;

/// Measures it.
pub async fn measure(bench: &Bench) -> Result<Section> {
    let run = &bench.run;
    let place = bench.database(run.customers, true).await?;
    let mut section = Section {
        machine: bench.machine(),
        asked: format!("{WARM} workspaces of 100 tasks asked for again and again by {} connections, for {LONG} s", run.connections),
        ..Section::default()
    };
    let server = muster(bench, &place, None).await?;
    let again = some_customers(&place, WARM).into_iter().map(|id| workspace_path(id).into()).collect();
    let warm = Contender::new("warm", &server.address, again, &[&place.admin], run.connections, f64::from(LONG) + 4.0);
    let file = bench.program_folder().join("perf.data");
    let (given, recorded) = tokio::join!(give(&warm.load), record(server.id()?, &file));
    let (outcome, stacks) = (given?, recorded?);
    server.stop().await?;

    let mut calls = Calls::default();
    let mut own: BTreeMap<&str, u64> = BTreeMap::new();
    for stack in stacks.split("\n\n") {
        // The innermost comes first, after a line that names the thread.
        let frames: Vec<String> = stack.lines().skip(1).filter_map(call).collect();
        let Some(innermost) = frames.first() else { continue };
        *own.entry(whose(innermost, &frames)).or_default() += 1;
        calls.note(frames.iter().rev().map(String::as_str));
    }
    if calls.seen() < 100 {
        return Err("perf saw nothing of the program; is it built without its symbols?".into());
    }
    let title = "A workspace that is ready: where the program's time goes";
    let about = "each box was called by the one below it; sand-coloured boxes are the system's, blue ones Muster's own";
    let folder = run.report.join("benchmarks");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("flame.svg"), calls.draw(title, about))?;
    section.charts.push(("flame.svg".to_owned(), title.to_owned()));
    section.add("requests in a second meanwhile", Spread::of(&[outcome.rate()]), "");
    let mut own: Vec<(&str, u64)> = own.into_iter().collect();
    own.sort_by_key(|(_, seen)| std::cmp::Reverse(*seen));
    for (name, seen) in own {
        section.add(format!("of the program's time: {name}"), Spread::of(&[100.0 * seen as f64 / calls.seen() as f64]), "%");
    }
    section.notes.push("PostgreSQL's part is not in it. Being looked at costs the program some of its speed.".to_owned());
    Ok(section)
}

/// What the program was doing, as `perf script` tells it.
async fn record(program: u32, file: &Path) -> Result<String> {
    // Once everything is warm.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let recorded = Command::new("perf")
        .args(["record", "--quiet", "--freq", &OFTEN.to_string(), "--call-graph", "dwarf,16384", "--pid", &program.to_string(), "--output"])
        .arg(file)
        .args(["--", "sleep", &LONG.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await
        .map_err(|error| format!("perf, which this part needs, cannot be started: {error}"))?;
    if !recorded.success() {
        return Err("perf may not look at the program: see kernel.perf_event_paranoid".into());
    }
    let told = Command::new("perf").args(["script", "--no-inline", "--fields", "comm,ip,sym,dso", "--input"]).arg(file).output().await?;
    std::fs::remove_file(file)?;
    Ok(String::from_utf8_lossy(&told.stdout).into_owned())
}

/// A call as the graph names it; nothing where its name is not known.
fn call(line: &str) -> Option<String> {
    let (_, rest) = line.trim().split_once(' ')?;
    let (name, program) = rest.rsplit_once(" (")?;
    if name.starts_with('[') || name.starts_with("0x") {
        return None;
    }
    // The hash that the compiler puts behind a name says nothing.
    let name = name.rsplit_once("::h").filter(|(_, hash)| hash.len() == 16).map_or(name, |(name, _)| name);
    let name = name.split("+0x").next().unwrap_or(name);
    Some(if program.starts_with("[kernel") || program.starts_with("[guest") { format!("{name}_[k]") } else { name.to_owned() })
}

/// Whose time a call is: the innermost that is not of everybody's.
fn whose(innermost: &str, frames: &[String]) -> &'static str {
    const NAMES: [(&str, &str); 11] = [
        ("sqlx", "sqlx"),
        ("muster", "Muster"),
        ("hyper", "hyper"),
        ("axum", "axum and tower"),
        ("tower", "axum and tower"),
        ("http", "http"),
        ("serde", "serde"),
        ("tracing", "tracing"),
        ("matchit", "axum and tower"),
        ("ring", "hashes"),
        ("tokio", "tokio"),
    ];
    if innermost.ends_with("_[k]") {
        return "the system";
    }
    let found = frames.iter().find_map(|frame| NAMES.iter().find(|(part, _)| frame.contains(part)));
    found.map_or("else", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_named_as_they_are_read() {
        assert_eq!(call("  55d1 sqlx_core::pool::acquire::h0123456789abcdef (/x/muster)").unwrap(), "sqlx_core::pool::acquire");
        assert_eq!(call("ffff do_syscall_64 ([kernel.kallsyms])").unwrap(), "do_syscall_64_[k]");
        assert_eq!(call("ffff [unknown] (/x/muster)"), None);
        let frames = ["malloc", "sqlx_core::x", "muster_web::y"].map(String::from);
        assert_eq!(whose(&frames[0], &frames), "sqlx");
    }
}
