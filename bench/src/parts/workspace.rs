//! The workspace: Muster without and with its cache beside the original schema's endpoint and the limits.

use std::time::Instant;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use super::{muster, some_customers};
use crate::{
    Result,
    children::Server,
    contest::{Contender, Rounds, hold},
    data::{Bench, Place},
    http,
    load::Asked,
    numbers::{Spread, quantile},
    report::{Figure, Goal, Section, chart},
    statements,
};

/// What CISO Assistant 3.20 took for 100 tasks through its API on two cores, in milliseconds: measured once, with
/// three workers and ten customers of 100 tasks. It is not installed by this bench.
const CISO_ASSISTANT: f64 = 2_000.0;

/// How many customers are asked for again and again.
const WARM: u32 = 100;

/// Measures it.
pub async fn measure(bench: &Bench) -> Result<Section> {
    let run = &bench.run;
    let few = bench.database(run.fewer, false).await?;
    let many = bench.database(run.customers, true).await?;
    let mut section = Section {
        machine: bench.machine(),
        asked: format!(
            "{} customers of 100 tasks ({} for \"fewer\"), {} connections, {} rounds of {} s each",
            many.customers, few.customers, run.connections, run.rounds, run.seconds
        ),
        ..Section::default()
    };
    throughput(bench, &few, &many, &mut section).await?;
    alone(bench, &many, &mut section).await?;
    statements_alone(bench, &many, &mut section).await?;
    section.notes.push(format!(
        "CISO Assistant's {CISO_ASSISTANT} ms are an earlier measurement on two cores (version 3.20, three workers, 1,412 queries), not of this run."
    ));
    section
        .notes
        .push("\"Not cached\" is Muster started with `MUSTER_WORKSPACE_CACHE=0`; each request is for another customer.".to_owned());
    Ok(section)
}

/// The address of a workspace.
pub fn workspace_path(customer: u32) -> String {
    format!("/api/v1/customers/{customer}/workspace")
}

/// The addresses of workspaces, spread over all customers.
pub fn all_workspaces(place: &Place) -> Vec<Asked> {
    some_customers(place, place.customers).into_iter().map(|id| workspace_path(id).into()).collect()
}

async fn throughput(bench: &Bench, few: &Place, many: &Place, section: &mut Section) -> Result<()> {
    let run = &bench.run;
    let cold = muster(bench, many, Some(0)).await?;
    let cold_few = muster(bench, few, Some(0)).await?;
    let warm = muster(bench, many, None).await?;
    let typical = http::ask(&warm.address, &workspace_path(some_customers(many, WARM)[0]), std::slice::from_ref(&many.admin)).await?;
    if typical.status != 200 {
        return Err(format!("a workspace is answered with {}", typical.status).into());
    }
    let size = typical.body.len();
    let limits = Server::limits(&many.url, size).await?;
    let peer = if run.python.exists() { Some(Server::peer(&run.python, many).await?) } else { None };

    let again = some_customers(many, WARM);
    let mut known = Vec::new();
    for id in &again {
        let answer = http::ask(&warm.address, &workspace_path(*id), std::slice::from_ref(&many.admin)).await?;
        known.push(Asked { path: workspace_path(*id), known: answer.header("etag").map(ToOwned::to_owned), body: None });
    }
    let paths = |address: &dyn Fn(u32) -> String| again.iter().map(|id| Asked::from(address(*id))).collect::<Vec<_>>();
    let rows = || some_customers(many, many.customers).into_iter().map(|id| format!("/row/{id}").into()).collect();
    let contender = |name, server: &Server, asked, headers: &[&str]| {
        Contender::new(name, &server.address, asked, headers, run.connections, run.seconds)
    };
    let admin = many.admin.as_str();
    let mut contenders = vec![
        contender("Muster, not cached", &cold, all_workspaces(many), &[admin]),
        contender("Muster, not cached, fewer customers", &cold_few, all_workspaces(few), &[&few.admin]),
        contender("Muster, warm", &warm, paths(&workspace_path), &[admin]),
        contender("Muster, warm, known version (304)", &warm, known, &[admin]),
        contender("Muster, warm, page as HTML", &warm, paths(&|id| format!("/customers/{id}")), &[admin]),
        contender("limit: one row by primary key", &limits, rows(), &[]),
        contender("limit: the bytes alone", &limits, vec!["/static".to_owned().into()], &[]),
    ];
    contenders[3].load.statuses = vec![304];
    // A page holds words of the moment.
    contenders[4].load.is_steady = false;
    for limit in &mut contenders[5..] {
        limit.load.length = Some(size);
    }
    if let Some(peer) = &peer {
        let asked = some_customers(many, many.customers).into_iter().map(|id| format!("/customers/{id}/workspace").into()).collect();
        contenders.push(contender("the original schema's endpoint", peer, asked, &[]));
    }
    let results = hold(&contenders, run.rounds).await?;
    for server in [Some(cold), Some(cold_few), Some(warm), Some(limits), peer].into_iter().flatten() {
        server.stop().await?;
    }
    report(bench, &results, size, section)
}

fn report(bench: &Bench, results: &[Rounds], size: usize, section: &mut Section) -> Result<()> {
    let rates: Vec<Vec<f64>> = results.iter().map(|rounds| rounds.each(|round| round.rate())).collect();
    let ratio = |one: usize, other: usize| Spread::ratio(&rates[one], &rates[other]);
    if results.len() > 7 {
        let goal = Goal::AtLeast(8.0);
        section.goals.push(Figure::times(
            "cold_to_seed",
            "not cached, to the original schema's endpoint, requests/s (stretch 12x)",
            goal,
            ratio(0, 7),
        ));
        section.goals.push(Figure::times(
            "warm_to_seed",
            "warm, to the original schema's endpoint, requests/s",
            Goal::AtLeast(8.0),
            ratio(2, 7),
        ));
    }
    let goals = [
        ("warm_to_row", "warm, to reading one row and sending as many bytes, requests/s (stretch 0.9x)", Goal::AtLeast(0.8), ratio(2, 5)),
        ("html_to_json", "warm page as HTML, to its JSON, requests/s", Goal::AtLeast(0.5), ratio(4, 2)),
        ("many_to_few", "time at many customers, to fewer, not cached", Goal::AtMost(1.2), ratio(1, 0)),
    ];
    section.goals.extend(goals.map(|(key, what, goal, found)| Figure::times(key, what, goal, found)));
    let mut bars = Vec::new();
    for rounds in results {
        section.add(format!("{}: requests in a second", rounds.name), rounds.spread(|round| round.rate()), "");
        section.add(format!("{}: p50", rounds.name), rounds.spread(|round| round.p50), "ms");
        section.add(format!("{}: p99", rounds.name), rounds.spread(|round| round.p99), "ms");
        bars.push(chart::Bar { name: rounds.name.to_owned(), found: rounds.spread(|round| round.rate()), mark: None });
        if rounds.rounds.iter().any(|round| round.broken > 0) {
            section.notes.push(format!("{}: connections broke.", rounds.name));
        }
    }
    section.add("size of a workspace of 100 tasks", Spread::of(&[size as f64 / 1000.0]), "kB");
    bars.sort_by(|one, other| one.found.median.total_cmp(&other.found.median));
    let title = "Workspace of 100 tasks: requests answered in a second";
    chart::write(&bench.run.report, "workspace.svg", title, "more is better; the line is the range", &bars)?;
    section.charts.push(("workspace.svg".to_owned(), title.to_owned()));
    Ok(())
}

/// One client at a time: how long a customer of 100 tasks and the largest take, and how often the database is asked.
async fn alone(bench: &Bench, many: &Place, section: &mut Section) -> Result<()> {
    let run = &bench.run;
    let server = muster(bench, many, Some(0)).await?;
    let whale = vec![workspace_path(many.whale()).into()];
    let contenders = [
        Contender::new("one client, 100 tasks", &server.address, all_workspaces(many), &[&many.admin], 1, run.seconds),
        Contender::new("one client, 20,000 tasks", &server.address, whale, &[&many.admin], 1, run.seconds),
    ];
    let results = hold(&contenders, run.rounds).await?;
    server.stop().await?;
    let (small, large) = (&results[0], &results[1]);
    let faster: Vec<f64> = small.rounds.iter().map(|round| CISO_ASSISTANT / round.p50).collect();
    let what = "100 tasks for one client, not cached, to CISO Assistant's tasks API (p50)";
    section.goals.push(Figure::times("one_client", what, Goal::AtLeast(500.0), Spread::of(&faster)));
    let each = |rounds: &Rounds, tasks: f64| rounds.each(|round| round.first_byte / tasks);
    let found = Spread::ratio(&each(large, 20_000.0), &each(small, 100.0));
    section.goals.push(Figure::times("whale", "first byte at 20,000 tasks, to 100 tasks, for each task", Goal::AtMost(1.0), found));
    for rounds in &results {
        section.add(format!("{}: first byte, p50", rounds.name), rounds.spread(|round| round.first_byte), "ms");
        section.add(format!("{}: all of it, p50", rounds.name), rounds.spread(|round| round.p50), "ms");
        section.add(format!("{}: size", rounds.name), rounds.spread(|round| round.bytes / 1000.0), "kB");
    }
    let (said, data) = round_trips(bench, many).await?;
    let what = "statements that read the workspace's data in one request, not cached";
    section.goals.push(Figure::of("data_statements", what, Goal::AtMost(2.0), "", Spread::of(&[data])));
    section.add("statements of one request in all, not cached (with session, transaction and rights)", Spread::of(&[said]), "");
    Ok(())
}

/// How many statements a request sends, and how many of them read customers' tables. PostgreSQL's own log counts.
async fn round_trips(bench: &Bench, place: &Place) -> Result<(f64, f64)> {
    const REQUESTS: u32 = 20;
    let mut superuser = place.superuser().await?;
    superuser.execute("ALTER ROLE muster_service SET log_statement = 'all'").await?;
    let server = muster(bench, place, Some(0)).await;
    let counted = async {
        let server = server?;
        let mut connection = http::Connection::open(&server.address).await?;
        let before = std::fs::metadata(bench.server_log())?.len();
        for id in 1..=REQUESTS {
            connection.ask(&http::request(&server.address, &workspace_path(id), std::slice::from_ref(&place.admin), None)).await?;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let log = std::fs::read(bench.server_log())?;
        let log = String::from_utf8_lossy(&log[usize::try_from(before)?..]).into_owned();
        server.stop().await?;
        // A statement begins at a line with `execute` or `statement`; what belongs to it stands in the lines below.
        let all: Vec<&str> = log.split("LOG:  ").filter(|one| one.starts_with("execute") || one.starts_with("statement")).collect();
        let data = all.iter().filter(|one| one.contains("dna_app.customer_tasks") || one.contains("dna_app.customer_documents")).count();
        Result::Ok((all.len() as f64 / f64::from(REQUESTS), data as f64 / f64::from(REQUESTS)))
    };
    let counted = counted.await;
    superuser.execute("ALTER ROLE muster_service RESET log_statement").await?;
    counted
}

/// The statement alone, on one connection as Muster's role, beside a look-up of one task under the same row security.
async fn statements_alone(bench: &Bench, place: &Place, section: &mut Section) -> Result<()> {
    const TIMES: usize = 300;
    let workspace = statements::workspace()?;
    let mut connection = place.service().await?;
    let mut tasks = Vec::new();
    let mut superuser = place.superuser().await?;
    for id in some_customers(place, 1_000).into_iter().take(1_000) {
        let id = i32::try_from(id)?;
        let task = sqlx::query("SELECT id FROM dna_app.customer_tasks WHERE customer_id = $1 AND task_scope = 'template' LIMIT 1").bind(id);
        tasks.push((id, task.fetch_one(&mut superuser).await?.get::<uuid::Uuid, _>(0)));
    }
    let (mut whole, mut one) = (Vec::new(), Vec::new());
    for round in 0..=bench.run.rounds {
        let (mut of_workspace, mut of_task) = (Vec::new(), Vec::new());
        for (id, task) in tasks.iter().cycle().skip(round * TIMES).take(TIMES) {
            begin(&mut connection, *id).await?;
            let began = Instant::now();
            let mut rows = 0;
            for statement in workspace {
                rows += sqlx::query(statement).bind(id).fetch_all(&mut connection).await?.len();
            }
            of_workspace.push(began.elapsed().as_secs_f64() * 1000.0);
            let began = Instant::now();
            let found = sqlx::query("SELECT id, title, status FROM dna_app.customer_tasks WHERE customer_id = $1 AND id = $2");
            let found = found.bind(id).bind(task).fetch_all(&mut connection).await?;
            of_task.push(began.elapsed().as_secs_f64() * 1000.0);
            connection.execute("ROLLBACK").await?;
            if rows < 100 || found.len() != 1 {
                return Err("a customer's rows are not all there".into());
            }
        }
        // The first round is for warming up.
        if round > 0 {
            of_workspace.sort_by(f64::total_cmp);
            of_task.sort_by(f64::total_cmp);
            whole.push(quantile(&of_workspace, 0.5));
            one.push(quantile(&of_task, 0.5));
        }
    }
    connection.close().await?;
    let what = "the workspace's two statements, to looking up one task by its key under the same row security, p50 (stretch 6x)";
    section.goals.push(Figure::times("statement", what, Goal::AtMost(8.0), Spread::ratio(&whole, &one)));
    section.add("the workspace's two statements alone, p50", Spread::of(&whole), "ms");
    section.add("looking up one task by its key, p50", Spread::of(&one), "ms");
    Ok(())
}

/// Begins a transaction in a customer's scope, as Muster does.
pub async fn begin(connection: &mut PgConnection, customer: i32) -> Result<()> {
    let settings =
        format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL app.customer = '{customer}'; SET LOCAL app.actor = '1'");
    connection.execute(AssertSqlSafe(settings)).await?;
    Ok(())
}
