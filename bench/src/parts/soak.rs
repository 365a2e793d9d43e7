//! Half an hour of everything at once: people read, write and watch, and what the program holds must not grow.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::Row as _;
use tokio::task::JoinHandle;

use super::{lists, muster, some_customers, workspace::all_workspaces};
use crate::{
    Result,
    children::Server,
    data::{Bench, Place},
    http::{Connection, request},
    load::{Asked, Load, Outcome, give},
    numbers::Spread,
    report::{Figure, Goal, Section, chart},
};

/// How many connections read, as fast as they are answered.
const READERS: usize = 6;
/// How many watch a customer's changes.
const WATCHERS: u32 = 20;
/// For how long whoever writes rests after each change, in seconds.
const REST: f64 = 0.05;
/// The whole time is looked at in so many parts.
const PARTS: usize = 10;

/// What the program holds at one moment.
struct Look {
    megabytes: f64,
    files: f64,
}

/// Measures it.
pub async fn measure(bench: &Bench) -> Result<Section> {
    let run = &bench.run;
    // A copy, because it is written to.
    let place = bench.copy(&bench.database(run.customers, false).await?, "bench_soak").await?;
    let mut section = Section {
        machine: bench.machine(),
        asked: format!(
            "{} customers of 100 tasks, {} minutes; {READERS} connections read workspaces, pages, lists, questionnaires, searches and the \
             portfolio, 3 write, {WATCHERS} watch",
            place.customers, run.minutes
        ),
        ..Section::default()
    };
    let before = comments(&place).await?;
    let server = muster(bench, &place, None).await?;
    let watchers = watch(&server, &place);
    let (read, written, looks) = tokio::try_join!(
        give_all(readers(&server, &place, run.minutes).await?),
        give_all(writers(&server, &place, run.minutes).await?),
        look(&server, run.minutes),
    )?;
    let mut heard = 0;
    for watcher in watchers {
        heard += watcher.stop().await?;
    }
    server.stop().await?;
    let lost = before + written[0].good as f64 - comments(&place).await?;
    bench.drop_database(&place.database).await?;

    let failed = read.iter().chain(&written).map(|outcome| outcome.broken as f64).sum();
    section.goals.push(Figure::of("broken", "connections that broke", Goal::AtMost(0.0), "", Spread::of(&[failed])));
    section.goals.push(Figure::of("lost", "comments that were acknowledged and are not there", Goal::AtMost(0.0), "", Spread::of(&[lost])));
    let parts: Vec<&[Look]> = looks.chunks(looks.len().div_ceil(PARTS)).collect();
    let of = |part: &[Look], figure: fn(&Look) -> f64| Spread::of(&part.iter().map(figure).collect::<Vec<_>>());
    let memory: Vec<Spread> = parts.iter().map(|part| of(part, |look| look.megabytes)).collect();
    let files: Vec<Spread> = parts.iter().map(|part| of(part, |look| look.files)).collect();
    // The cache is full by then.
    let early = parts.len() / 3;
    for (key, what, figures) in [("memory", "resident memory", &memory), ("files", "open files and connections", &files)] {
        let growth = Spread::of(&[figures[figures.len() - 1].median / figures[early].median]);
        let what = format!("{what} in the last tenth of the time, to the fourth");
        section.goals.push(Figure::times(key, &what, Goal::AtMost(1.1), growth));
    }
    for (name, outcome) in
        ["reading", "commenting", "completing and reopening", "ignoring and restoring"].iter().zip(read.iter().chain(&written))
    {
        section.add(format!("{name}: requests"), Spread::of(&[outcome.good as f64]), "");
        section.add(format!("{name}: p50"), Spread::of(&[outcome.p50]), "ms");
        section.add(format!("{name}: p99"), Spread::of(&[outcome.p99]), "ms");
    }
    section.add("heard by those who watch", Spread::of(&[heard as f64 / 1000.0]), "kB");
    section.add("the most memory", Spread::of(&[memory.iter().fold(0.0, |most: f64, part| most.max(part.high))]), "MB");
    let bars: Vec<chart::Bar> = memory
        .iter()
        .enumerate()
        .map(|(place, found)| chart::Bar { name: format!("tenth {} of the time", place + 1), found: *found, mark: None })
        .collect();
    let title = format!("Resident memory over {} minutes of mixed load", run.minutes);
    chart::write(&run.report, "soak.svg", &title, "megabytes; the median and the range", &bars)?;
    section.charts.push(("soak.svg".to_owned(), title));
    section.notes.push("An answer of any other status than 200 or 201 ends the run with an error.".to_owned());
    Ok(section)
}

/// Gives several loads at once.
async fn give_all(loads: Vec<Load>) -> Result<Vec<Outcome>> {
    let given: Vec<JoinHandle<Result<Outcome>>> = loads.into_iter().map(|load| tokio::spawn(async move { give(&load).await })).collect();
    let mut outcomes = Vec::new();
    for one in given {
        outcomes.push(one.await??);
    }
    Ok(outcomes)
}

fn load(server: &Server, place: &Place, minutes: f64, asked: Vec<Asked>) -> Load {
    Load {
        address: server.address.clone(),
        asked,
        headers: vec![place.admin.clone()],
        connections: 1,
        seconds: 60.0 * minutes,
        statuses: vec![200, 201],
        ..Load::default()
    }
}

/// Everything that people look at, one after the other.
async fn readers(server: &Server, place: &Place, minutes: f64) -> Result<Vec<Load>> {
    let kinds: Vec<Vec<Asked>> =
        lists::addresses(place).await?.into_iter().map(|paths| paths.into_iter().map(Into::into).collect()).collect();
    // Workspaces more often than all else, and of all customers, so that the cache has to let go of some.
    let pages = some_customers(place, place.customers).into_iter().map(|id| format!("/customers/{id}").into()).collect();
    let most = [all_workspaces(place), pages];
    let turns = most[0].len();
    let asked = (0..turns).flat_map(|turn| {
        let seldom = &kinds[turn % kinds.len()];
        [most[0][turn].clone(), most[1][turn].clone(), seldom[turn / kinds.len() % seldom.len()].clone()]
    });
    let asked = asked.collect();
    Ok(vec![Load { connections: READERS, ..load(server, place, minutes, asked) }])
}

/// Three who change something: one comments, one completes tasks and reopens them, one ignores tasks and restores them.
async fn writers(server: &Server, place: &Place, minutes: f64) -> Result<Vec<Load>> {
    let mut superuser = place.superuser().await?;
    let customers: Vec<i32> = some_customers(place, 200).into_iter().filter_map(|id| i32::try_from(id).ok()).collect();
    let tasks = sqlx::query(
        "SELECT id::text FROM dna_app.customer_tasks WHERE customer_id = ANY($1) AND task_scope = 'plan' AND status = 'pending' ORDER BY id",
    );
    let tasks: Vec<String> = tasks.bind(customers).fetch_all(&mut superuser).await?.iter().map(|row| row.get(0)).collect();
    let (one, other) = tasks.split_at(tasks.len() / 2);
    let post = |task: &String, what: &str, body: &str| Asked {
        path: format!("/api/v1/tasks/{task}/{what}"),
        body: Some(body.to_owned()),
        ..Asked::default()
    };
    let pairs = |tasks: &[String], [first, second]: [(&str, &str); 2]| -> Vec<Asked> {
        tasks.iter().flat_map(|task| [post(task, first.0, first.1), post(task, second.0, second.1)]).collect()
    };
    let commenting = tasks.iter().map(|task| post(task, "comments", r#"{"body":"Said during a long day."}"#)).collect();
    let moving = pairs(one, [("complete", "{}"), ("reopen", "{}")]);
    let ignoring = pairs(other, [("ignore", r#"{"reason":"Not now"}"#), ("restore", "{}")]);
    Ok([commenting, moving, ignoring].map(|asked| Load { rest: REST, ..load(server, place, minutes, asked) }).into())
}

/// How many comments there are.
async fn comments(place: &Place) -> Result<f64> {
    let mut superuser = place.superuser().await?;
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM dna_app.customer_task_comments").fetch_one(&mut superuser).await?;
    Ok(count as f64)
}

/// Looks at the program from time to time.
async fn look(server: &Server, minutes: f64) -> Result<Vec<Look>> {
    let until = Instant::now() + Duration::from_secs_f64(60.0 * minutes);
    let every = Duration::from_secs_f64((60.0 * minutes / 20.0 / PARTS as f64).clamp(0.2, 10.0));
    let mut looks = Vec::new();
    while Instant::now() < until {
        tokio::time::sleep(every).await;
        looks.push(Look { megabytes: server.memory()?.0, files: server.open_files()? });
    }
    Ok(looks)
}

/// Somebody who watches a customer's changes, and comes again when the stream ends.
struct Watcher {
    task: JoinHandle<Result<()>>,
    heard: Arc<AtomicU64>,
}

impl Watcher {
    /// Ends it, and gives how many bytes it heard.
    async fn stop(self) -> Result<u64> {
        if self.task.is_finished() {
            self.task.await??;
        } else {
            self.task.abort();
        }
        Ok(self.heard.load(Ordering::Relaxed))
    }
}

fn watch(server: &Server, place: &Place) -> Vec<Watcher> {
    some_customers(place, WATCHERS)
        .into_iter()
        .take(WATCHERS as usize)
        .map(|customer| {
            let path = format!("/api/v1/customers/{customer}/events");
            let (address, asked) = (server.address.clone(), request(&server.address, &path, std::slice::from_ref(&place.admin), None));
            let heard = Arc::default();
            let counted = Arc::clone(&heard);
            let task = tokio::spawn(async move {
                loop {
                    Connection::open(&address).await?.listen(&asked, &counted).await?;
                }
            });
            Watcher { task, heard }
        })
        .collect()
}
