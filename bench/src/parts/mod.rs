//! The parts, each measured by itself.

mod flame;
mod footprint;
mod growth;
mod lists;
mod overload;
mod progress;
mod soak;
mod upgrade;
mod workspace;
mod write;

use std::{path::Path, time::Duration};

use clap::ValueEnum;

use crate::{
    Result, Run,
    children::Server,
    data::{Bench, Place},
    http, report,
};

/// A part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The workspace beside its peers and limits
    Workspace,
    /// The progress views beside the original schema's
    Progress,
    /// Writing: a template's tasks, status updates, indexes
    Write,
    /// Lists, portfolio, search and questionnaire
    Lists,
    /// Ten times as many clients as at the peak
    Overload,
    /// Memory, start, size of the program and of its page
    Footprint,
    /// Ten times as many customers; makes ten million tasks
    Growth,
    /// Half an hour of mixed load; memory must not grow
    Soak,
    /// An older database of a million tasks moves over; its writers must not wait
    Upgrade,
    /// Where the time of a warm workspace goes; needs perf, and a program with its symbols
    Flame,
}

impl Part {
    /// All that are measured unless others are asked for.
    const USUAL: [Self; 6] = [Self::Workspace, Self::Progress, Self::Write, Self::Lists, Self::Overload, Self::Footprint];

    /// Its name in commands and files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Progress => "progress",
            Self::Write => "write",
            Self::Lists => "lists",
            Self::Overload => "overload",
            Self::Footprint => "footprint",
            Self::Growth => "growth",
            Self::Soak => "soak",
            Self::Upgrade => "upgrade",
            Self::Flame => "flame",
        }
    }
}

/// Measures the parts, and writes each into the report as soon as it is there.
pub async fn run(run: Run) -> Result<()> {
    for needed in [&run.muster, &run.python] {
        if !needed.exists() {
            println!("{} is not there; `make bench` makes it.", needed.display());
        }
    }
    let parts = if run.parts.is_empty() { Part::USUAL.to_vec() } else { run.parts.clone() };
    let bench = Bench::open(run).await?;
    let measured = measure(&bench, &parts).await;
    bench.close().await?;
    measured
}

async fn measure(bench: &Bench, parts: &[Part]) -> Result<()> {
    for part in parts {
        println!("Measuring: {}", part.key());
        let section = match part {
            Part::Workspace => workspace::measure(bench).await?,
            Part::Progress => progress::measure(bench).await?,
            Part::Write => write::measure(bench).await?,
            Part::Lists => lists::measure(bench).await?,
            Part::Overload => overload::measure(bench).await?,
            Part::Footprint => footprint::measure(bench).await?,
            Part::Growth => growth::measure(bench).await?,
            Part::Soak => soak::measure(bench).await?,
            Part::Upgrade => upgrade::measure(bench).await?,
            Part::Flame => flame::measure(bench).await?,
        };
        report::keep(&bench.run.report, *part, section)?;
    }
    Ok(())
}

/// Muster on a database, once it has counted ahead what it counts after a start.
async fn muster(bench: &Bench, place: &Place, cache: Option<u32>) -> Result<Server> {
    let server = Server::muster(&bench.run.muster, &bench.program_folder(), &place.url, cache).await?;
    settle(&server, place).await?;
    Ok(server)
}

/// Waits until the portfolio is answered at once, twice; what is at once grows with its customers.
async fn settle(server: &Server, place: &Place) -> Result<()> {
    let at_once = Duration::from_secs(1).max(Duration::from_micros(50) * place.customers);
    let mut quick = 0;
    for _ in 0..100 {
        let answer = http::ask(&server.address, "/api/v1/portfolio/totals", std::slice::from_ref(&place.admin)).await?;
        quick = if answer.status == 200 && answer.whole < at_once { quick + 1 } else { 0 };
        if quick == 2 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Err("Muster does not come to rest after its start".into())
}

/// The size of a file in megabytes.
fn megabytes(file: &Path) -> Result<f64> {
    Ok(std::fs::metadata(file)?.len() as f64 / 1_048_576.0)
}

/// So many of the customers, spread over all of them, in an order that does not follow their numbers.
fn some_customers(place: &Place, number: u32) -> Vec<u32> {
    let step = (place.customers / number).max(1);
    let mut found: Vec<u32> = (1..=place.customers).step_by(step as usize).collect();
    found.sort_by_key(|id| id.wrapping_mul(2_654_435_761));
    found
}
