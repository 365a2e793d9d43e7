//! The page `docs/BENCHMARKS.md`.

use std::fmt::Write as _;

use super::{Figure, Goal, Kept, Section};
use crate::{
    numbers::{Spread, written},
    parts::Part,
};

const INTRODUCTION: &str = "# Benchmarks

`make bench` measures all of this, but for growth to ten million tasks, half an hour of mixed load, moving an older database and the flame graph, and writes this page; `make bench-workspace`, `bench-progress`, `bench-write`, `bench-lists`, `bench-overload`, `bench-footprint`, `bench-growth`, `bench-soak`, `bench-upgrade` and `bench-flame` measure one part and change its section only. Everything runs on one machine, on loopback: a PostgreSQL of the bench's own with its usual durability, Muster's release build as people run it, the peer, and the load from a process apart.

A figure under *goals* is a ratio of two things that took turns in the same run, over several rounds: the median, and in brackets the range over the rounds. Absolute figures are this machine's; they say little about another. A ratio more than a tenth worse than the best that was kept is marked as a regression (`docs/benchmarks/figures.json`).

- **The original schema's endpoint** is a FastAPI program of ours on asyncpg and uvicorn with two workers, as its text has it: its view, its indexes, no authorisation and no row security (`bench/peer`, `bench/data/seed_shape.sql`). It has the rows that Muster has.
- **The limits** are axum handlers that send as many bytes as Muster's workspace has: one after reading a row by its primary key, one without asking anybody (`bench/src/limits.rs`).
- **Muster** checks session and rights, and reads under row security, in every request.
- The data is made by `bench/data/*.sql`: customers of 100 tasks on all four levels, one of 20,000 tasks, one plan of 50 templates and 2,000 tasks. It lies in `muster-bench` below the folder for temporary files, takes a few gigabytes, and is kept for the next run of the same week; remove the folder when you need the room.
";

/// The whole page.
pub fn page(kept: &Kept) -> String {
    let mut page = INTRODUCTION.to_owned();
    let parts = [
        (Part::Workspace, "Workspace"),
        (Part::Progress, "Progress"),
        (Part::Write, "Writing"),
        (Part::Lists, "Lists, portfolio and search"),
        (Part::Overload, "Overload"),
        (Part::Footprint, "Memory, start and size"),
        (Part::Growth, "Growth"),
        (Part::Soak, "Mixed load"),
        (Part::Upgrade, "Moving an older database over"),
        (Part::Flame, "Where the time goes"),
    ];
    for (part, title) in parts {
        if let Some(section) = kept.get(part.key()) {
            let _ = write!(page, "\n## {title}\n");
            write_section(&mut page, part, section);
        }
    }
    page
}

fn write_section(page: &mut String, part: Part, section: &Section) {
    let machine = &section.machine;
    let _ = write!(page, "\n`make bench-{}`: {}.\n", part.key(), section.asked);
    if !section.goals.is_empty() {
        let _ = write!(page, "\n| goal | found | range | |\n|---|---|---|---|\n");
    }
    for figure in &section.goals {
        let _ = writeln!(
            page,
            "| {}: {} | {} | {} | {} |",
            figure.what,
            goal(figure),
            one(figure.found.median, &figure.unit),
            range(figure),
            state(figure)
        );
    }
    for (file, title) in &section.charts {
        let _ = write!(page, "\n![{title}](benchmarks/{file})\n");
    }
    if !section.absolutes.is_empty() {
        let _ = write!(page, "\n| on this machine | median | range |\n|---|---|---|\n");
    }
    for absolute in &section.absolutes {
        let Spread { median, low, high } = absolute.found;
        let _ = writeln!(page, "| {} | {} | {} to {} |", absolute.what, one(median, &absolute.unit), written(low), written(high));
    }
    if !section.notes.is_empty() {
        page.push('\n');
    }
    for note in &section.notes {
        let _ = writeln!(page, "- {note}");
    }
    let _ = write!(
        page,
        "\nMeasured on {} cores ({}), {} GB of memory, Linux {}; PostgreSQL {}; {}; {}{}.\n",
        machine.cores,
        machine.processor,
        machine.memory,
        machine.kernel,
        machine.postgresql,
        machine.rustc,
        machine.muster,
        if part == Part::Workspace { format!("; the peer: {}", machine.peer) } else { String::new() },
    );
}

fn state(figure: &Figure) -> String {
    let met = if figure.is_met() { "met" } else { "**not met**" };
    match figure.kept.filter(|_| figure.is_regression()) {
        Some(kept) => format!("{met}, **regression**: was {}", one(kept, &figure.unit)),
        None => met.to_owned(),
    }
}

fn range(figure: &Figure) -> String {
    format!("{} to {}", written(figure.found.low), written(figure.found.high))
}

/// A figure with its unit.
pub fn one(value: f64, unit: &str) -> String {
    match unit {
        "x" | "" | "%" => format!("{}{unit}", written(value)),
        unit => format!("{} {unit}", written(value)),
    }
}

/// Median and range.
pub fn figure(found: Spread, unit: &str) -> String {
    format!("{} ({} to {})", one(found.median, unit), written(found.low), written(found.high))
}

/// A goal in words.
pub fn goal(figure: &Figure) -> String {
    match figure.goal {
        Goal::AtLeast(goal) => format!("at least {}", one(goal, &figure.unit)),
        Goal::AtMost(goal) => format!("at most {}", one(goal, &figure.unit)),
    }
}
