//! Ten times as many customers of the same size.

use super::{muster, workspace::all_workspaces};
use crate::{
    Result,
    contest::{Contender, hold},
    data::Bench,
    numbers::Spread,
    report::{Figure, Goal, Section, chart},
};

/// Measures it.
pub async fn measure(bench: &Bench) -> Result<Section> {
    let run = &bench.run;
    let (less, more) = (bench.database(run.customers, false).await?, bench.database(run.many, false).await?);
    let mut section = Section {
        machine: bench.machine(),
        asked: format!(
            "{} and {} customers of 100 tasks, not cached, {} connections, {} rounds of {} s each",
            less.customers, more.customers, run.connections, run.rounds, run.seconds
        ),
        ..Section::default()
    };
    let (server, server_more) = (muster(bench, &less, Some(0)).await?, muster(bench, &more, Some(0)).await?);
    let of = |name, server: &crate::children::Server, place, admin: &str, connections| {
        Contender::new(name, &server.address, all_workspaces(place), &[admin], connections, run.seconds)
    };
    let contenders = [
        of("as many as else", &server, &less, &less.admin, run.connections),
        of("ten times as many", &server_more, &more, &more.admin, run.connections),
        of("as many as else, one client", &server, &less, &less.admin, 1),
        of("ten times as many, one client", &server_more, &more, &more.admin, 1),
    ];
    let results = hold(&contenders, run.rounds).await?;
    server.stop().await?;
    server_more.stop().await?;
    let rates: Vec<Vec<f64>> = results.iter().map(|rounds| rounds.each(|round| round.rate())).collect();
    let times: Vec<Vec<f64>> = results.iter().map(|rounds| rounds.each(|round| round.p50)).collect();
    let what = "time for a workspace of 100 tasks, ten times as many customers, to as many as else";
    section.goals.push(Figure::times("growth", what, Goal::AtMost(1.2), Spread::ratio(&rates[0], &rates[1])));
    section.goals.push(Figure::times(
        "growth_alone",
        "the same for one client, p50",
        Goal::AtMost(1.2),
        Spread::ratio(&times[3], &times[2]),
    ));
    let mut bars = Vec::new();
    for rounds in &results {
        section.add(format!("{}: requests in a second", rounds.name), rounds.spread(|round| round.rate()), "");
        section.add(format!("{}: p50", rounds.name), rounds.spread(|round| round.p50), "ms");
        bars.push(chart::Bar { name: rounds.name.to_owned(), found: rounds.spread(|round| round.p50), mark: None });
    }
    let title = format!("Workspace of 100 tasks among {} and {} customers, p50", less.customers, more.customers);
    chart::write(&run.report, "growth.svg", &title, "milliseconds, less is better", &bars)?;
    section.charts.push(("growth.svg".to_owned(), title));
    Ok(section)
}
