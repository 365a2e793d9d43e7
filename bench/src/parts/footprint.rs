//! Memory, start, size of the program and weight of its page.

use std::collections::BTreeSet;

use super::{megabytes, muster, settle, some_customers, workspace::all_workspaces};
use crate::{
    Result,
    children::Server,
    contest::Contender,
    data::{Bench, Place},
    http,
    load::{Load, give},
    numbers::Spread,
    report::{Figure, Goal, Section},
};

/// Measures it.
pub async fn measure(bench: &Bench) -> Result<Section> {
    let run = &bench.run;
    let place = bench.database(run.customers, true).await?;
    let mut section = Section {
        machine: bench.machine(),
        asked: format!("{} customers of 100 tasks, each served once; {} starts", place.customers, run.rounds),
        ..Section::default()
    };
    // Once for what is done at a first start only.
    muster(bench, &place, None).await?.stop().await?;
    let mut starts = Vec::new();
    for _ in 0..run.rounds {
        let server = Server::muster(&run.muster, &bench.program_folder(), &place.url, None).await?;
        starts.push(server.took.as_secs_f64() * 1000.0);
        server.stop().await?;
    }
    section.goals.push(Figure::of(
        "start",
        "from the start until it answers, with data present",
        Goal::AtMost(1_000.0),
        "ms",
        Spread::of(&starts),
    ));

    let server = Server::muster(&run.muster, &bench.program_folder(), &place.url, None).await?;
    section.add("memory just after the start", Spread::of(&[server.memory()?.0]), "MB");
    settle(&server, &place).await?;
    section.add("memory once the portfolio is counted", Spread::of(&[server.memory()?.0]), "MB");
    let every = Contender::new("every customer once", &server.address, all_workspaces(&place), &[&place.admin], run.connections, 0.0);
    let outcome = give(&every.load).await?;
    if outcome.good != u64::from(place.customers) {
        return Err(format!("{} customers were served instead of {}", outcome.good, place.customers).into());
    }
    let (resident, most) = server.memory()?;
    let what = format!("resident memory after {} customers have been served", place.customers);
    section.goals.push(Figure::of("memory", &what, Goal::AtMost(150.0), "MB", Spread::of(&[resident])));
    section.add("the most memory that it had by then", Spread::of(&[most]), "MB");
    let pages = place.customers.min(2_000);
    let asked = some_customers(&place, pages).into_iter().map(|id| format!("/customers/{id}").into()).collect();
    give(&Load { asked, is_steady: false, ..every.load.clone() }).await?;
    section.add(format!("memory after {pages} pages besides"), Spread::of(&[server.memory()?.0]), "MB");
    weigh_page(&server, &place, &mut section).await?;
    server.stop().await?;

    section.goals.push(Figure::of(
        "binary",
        "the program, without the PDF engine",
        Goal::AtMost(40.0),
        "MB",
        Spread::of(&[megabytes(&run.muster)?]),
    ));
    Ok(section)
}

/// The workspace's page of 100 tasks as a browser fetches it, and what it brings along.
async fn weigh_page(server: &Server, place: &Place, section: &mut Section) -> Result<()> {
    let headers = [place.admin.clone(), "Accept-Encoding: gzip".to_owned()];
    let page = http::ask(&server.address, "/customers/1", &headers).await?;
    let plain = http::ask(&server.address, "/customers/1", std::slice::from_ref(&place.admin)).await?;
    let text = String::from_utf8_lossy(&plain.body).into_owned();
    let quoted = text.split('"').filter(|part| part.starts_with("/assets/")).map(|part| part.split('#').next().unwrap_or(part));
    let assets: BTreeSet<&str> = quoted.collect();
    let kilobytes = |bytes: usize| Spread::of(&[bytes as f64 / 1000.0]);
    let mut brought = 0;
    for asset in &assets {
        brought += http::ask(&server.address, asset, &headers).await?.body.len();
    }
    let what = "the workspace's page with the files that it names, compressed, at the first visit";
    section.goals.push(Figure::of("page", what, Goal::AtMost(60.0), "kB", kilobytes(page.body.len() + brought)));
    section.add("the page alone, compressed", kilobytes(page.body.len()), "kB");
    section.add("the page alone, not compressed", kilobytes(plain.body.len()), "kB");
    section.add(format!("its {} files, compressed", assets.len()), kilobytes(brought), "kB");
    Ok(())
}
