//! Ten times as many clients as at the peak: what is still done, and how quickly the rest is turned away.

use super::{muster, workspace::all_workspaces};
use crate::{
    Result,
    contest::{Contender, Rounds, hold},
    data::Bench,
    numbers::Spread,
    report::{Figure, Goal, Section, chart},
};

/// The numbers of connections among which the peak is looked for.
const CONNECTIONS: [usize; 5] = [4, 8, 16, 32, 64];

/// How many seconds the peak and ten times as many are asked for in a round, at the least.
const LONG: f64 = 6.0;

/// Measures it.
pub async fn measure(bench: &Bench) -> Result<Section> {
    let run = &bench.run;
    let place = bench.database(run.customers, true).await?;
    let mut section = Section {
        machine: bench.machine(),
        asked: format!(
            "{} customers of 100 tasks, workspaces that are not cached, {} rounds of {} s each",
            place.customers, run.rounds, run.seconds
        ),
        ..Section::default()
    };
    let server = muster(bench, &place, Some(0)).await?;
    let contender = |name, connections, seconds| {
        let mut contender = Contender::new(name, &server.address, all_workspaces(&place), &[&place.admin], connections, seconds);
        contender.load.statuses = vec![200, 429, 503];
        contender
    };
    let few: Vec<Contender> = CONNECTIONS.iter().map(|connections| contender("looking for the peak", *connections, run.seconds)).collect();
    let few = hold(&few, 1.max(run.rounds / 2)).await?;
    let peak = few.iter().max_by(|one, other| rate(one).median.total_cmp(&rate(other).median)).ok_or("no peak")?;
    // Longer than anybody waits before they are turned away.
    let long = run.seconds.max(LONG);
    let pair = [contender("at the peak", peak.connections, long), contender("ten times as many", 10 * peak.connections, long)];
    let both = hold(&pair, run.rounds).await?;
    server.stop().await?;
    let (peak, over) = (&both[0], &both[1]);
    let found = Spread::ratio(&over.each(|round| round.rate()), &peak.each(|round| round.rate()));
    section.goals.push(Figure::times("goodput", "answers in a second at ten times the clients, to the peak", Goal::AtLeast(0.8), found));
    let refused = |rounds: &Rounds| {
        rounds.each(|round| round.statuses.iter().filter(|(status, _)| **status >= 400).map(|(_, count)| *count as f64).sum())
    };
    if Spread::of(&refused(over)).high > 0.0 {
        let found = over.spread(|round| round.refused_p99);
        section.goals.push(Figure::of(
            "refused",
            "how long it takes to be turned away with 503 then, p99",
            Goal::AtMost(1_000.0),
            "ms",
            found,
        ));
    } else {
        section.notes.push("Nobody had to be turned away: all waited and were answered.".to_owned());
    }
    for rounds in few.iter().chain([over]) {
        let of = format!("{} connections", rounds.connections);
        section.add(format!("{of}: answers in a second"), rate(rounds), "");
        section.add(format!("{of}: p99"), rounds.spread(|round| round.p99), "ms");
    }
    section.add("turned away, of all requests at ten times the clients", share(over), "%");
    section.add("connections that broke then, each round", over.spread(|round| round.broken as f64), "");
    let bars: Vec<chart::Bar> = few
        .iter()
        .chain([over])
        .map(|rounds| chart::Bar { name: format!("{} connections", rounds.connections), found: rate(rounds), mark: None })
        .collect();
    let title = "Workspaces answered in a second, by the number of clients";
    chart::write(&run.report, "overload.svg", title, "not cached; more is better", &bars)?;
    section.charts.push(("overload.svg".to_owned(), title.to_owned()));
    Ok(section)
}

fn rate(rounds: &Rounds) -> Spread {
    rounds.spread(|round| round.rate())
}

fn share(rounds: &Rounds) -> Spread {
    rounds.spread(|round| {
        let all: u64 = round.statuses.values().sum();
        100.0 * (all - round.good) as f64 / all.max(1) as f64
    })
}
