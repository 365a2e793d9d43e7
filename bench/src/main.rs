//! `make bench`: Muster beside its peers and limits, each figure a ratio within one run.
//!
//! The program starts everything itself: a PostgreSQL of its own, Muster as people run it, the original
//! schema's endpoint, servers that do the least there can be done, and a load from a process apart. What it
//! finds goes to `docs/BENCHMARKS.md`, `docs/benchmarks/*.svg` and `docs/benchmarks/figures.json`.

// A program for developers: it talks on the terminal, and looks at the clock.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

mod children;
mod contest;
mod data;
mod http;
mod limits;
mod load;
mod machine;
mod numbers;
mod parts;
mod report;
mod statements;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Whatever goes wrong ends the program, in words.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Measures Muster beside its peers and limits.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Measure parts of it, in this order; without any, all but `growth`, `soak`, `upgrade` and `flame`
    Run(Run),
    /// Give load, as the words on standard input say; started by the program itself
    #[command(hide = true)]
    Load,
    /// Serve the least there can be done; started by the program itself
    #[command(hide = true)]
    Limits(limits::Limits),
}

/// What is measured, and how.
#[derive(Debug, Clone, clap::Args)]
pub struct Run {
    /// Which parts
    parts: Vec<parts::Part>,
    /// The program under test
    #[arg(long, default_value = "target/release/muster")]
    muster: PathBuf,
    /// The Python that the original schema's endpoint runs with; without it that peer is left out
    #[arg(long, default_value = "target/tools/bench-peer/bin/python")]
    python: PathBuf,
    /// Where the data lies and is kept for the next run [default: a folder of the system's for temporary files]
    #[arg(long)]
    data: Option<PathBuf>,
    /// How many customers of 100 tasks the larger database has
    #[arg(long, default_value_t = 10_000)]
    customers: u32,
    /// How many the smaller one has
    #[arg(long, default_value_t = 1_000)]
    fewer: u32,
    /// How many the largest one has, for `growth`
    #[arg(long, default_value_t = 100_000)]
    many: u32,
    /// How often peers take turns
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each is asked in a round
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// How many connections ask at once
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// How long `soak` takes, in minutes
    #[arg(long, default_value_t = 30.0)]
    minutes: f64,
    /// Where the report goes
    #[arg(long, default_value = "docs")]
    report: PathBuf,
}

fn main() -> Result<()> {
    match Arguments::parse().what {
        // One thread: the load must not take more of the machine than it has to.
        What::Load => tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(load::serve()),
        What::Limits(limits) => tokio::runtime::Runtime::new()?.block_on(limits.serve()),
        What::Run(run) => tokio::runtime::Runtime::new()?.block_on(parts::run(run)),
    }
}
