//! How long an older database takes to move: makes one of a million tasks (or as many customers of
//! about 490 tasks as are asked for) in a cluster of its own, moves it while others write beside,
//! and prints the seconds of each step and the longest waits of two writers, one of which does not wait
//! for the disk at its commits: what is left is what it waits for us.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use muster_service::legacy::{MoveOptions, inspect, roll_back, run, verify};
use pglocal::{Cluster, Settings};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Makes a million tasks.
const CUSTOMERS: u32 = 2_040;

#[tokio::main]
async fn main() {
    let customers = std::env::args().nth(1).map_or(CUSTOMERS, |number| number.parse().unwrap());
    let folder = std::env::temp_dir().join(format!("muster-bench-upgrade-{}", std::process::id()));
    let mut settings = Settings::new(&folder);
    settings.settings = vec![("shared_buffers".to_owned(), "512MB".to_owned()), ("max_wal_size".to_owned(), "4GB".to_owned())];
    let cluster = Cluster::start(settings).await.unwrap();
    let url = cluster.url(cluster.superuser(), "older");
    let mut postgres = PgConnection::connect(&cluster.url(cluster.superuser(), "postgres")).await.unwrap();
    for statement in ["CREATE DATABASE older", "CREATE ROLE older_program LOGIN"] {
        postgres.execute(statement).await.unwrap();
    }
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection.execute(include_str!("../../muster/tests/files/legacy/schema.sql")).await.unwrap();
    let fill = format!(
        "SET muster.customers = {customers}; {} GRANT USAGE ON SCHEMA auth, dna_app TO older_program;
         GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA auth, dna_app TO older_program",
        include_str!("../../muster/tests/files/legacy/many.sql")
    );
    timed("Filling the older database", async {
        connection.execute(AssertSqlSafe(fill)).await.unwrap();
    })
    .await;
    let tasks: i64 = sqlx::query_scalar("SELECT count(*) FROM dna_app.customer_tasks").fetch_one(&mut connection).await.unwrap();
    println!("{tasks} tasks of {customers} customers");
    timed("Inspecting", async {
        println!("{:>8} s  expected by it", inspect(&url).await.unwrap().expected_seconds);
    })
    .await;
    let is_over = Arc::new(AtomicBool::new(false));
    let writer = |customer, waits| tokio::spawn(write(cluster.url("older_program", "older"), customer, waits, Arc::clone(&is_over)));
    let writers = [(writer(1, true), "with their commits on disk"), (writer(2, false), "without waiting for the disk")];
    let began = Instant::now();
    let options = MoveOptions { prepare_only: true, ..MoveOptions::default() };
    let prepared = run(&url, &options, &mut |_| ()).await.unwrap();
    println!("{:>8.1} s  Preparing, with two writers beside it", prepared.prepared_seconds);
    is_over.store(true, Ordering::Relaxed);
    for (writer, how) in writers {
        let (written, longest) = writer.await.unwrap();
        println!("{:>8.3} s  the longest wait of a writer, of {written} statements, {how}", longest.as_secs_f64());
    }
    let moved = run(&url, &MoveOptions::default(), &mut |_| ()).await.unwrap();
    println!("{:>8.1} s  Taking what was written since, and comparing", moved.prepared_seconds);
    println!("{:>8.2} s  Cutting over: nobody could write", moved.cut_over_seconds.unwrap());
    println!("{:>8.1} s  All of it", began.elapsed().as_secs_f64());
    timed("Verifying, column by column", async { assert!(verify(&url).await.unwrap().is_equal) }).await;
    timed("Rolling back", async { assert!(roll_back(&url, false).await.unwrap().is_back) }).await;
    drop((connection, postgres, cluster));
    let _ = std::fs::remove_dir_all(&folder);
}

async fn timed(what: &str, work: impl Future<Output = ()>) {
    let began = Instant::now();
    work.await;
    println!("{:>8.1} s  {what}", began.elapsed().as_secs_f64());
}

/// Adds a task and changes a customer, again and again. Gives how many statements, and the longest wait.
async fn write(url: String, customer: u32, waits_for_disk: bool, is_over: Arc<AtomicBool>) -> (u64, Duration) {
    let mut connection = PgConnection::connect(&url).await.unwrap();
    if !waits_for_disk {
        connection.execute("SET synchronous_commit = off").await.unwrap();
    }
    let statements = [
        format!(
            "INSERT INTO dna_app.customer_tasks (customer_id, plan_id, task_type, task_scope, section_id, title)
             VALUES ({customer}, md5('plan {customer} 1')::uuid, 'answer_question', 'question', 's7', 'Question 7 of template 2')"
        ),
        format!("UPDATE dna_app.customers SET phone = clock_timestamp()::text WHERE id = {}", customer + 2),
    ];
    let (mut written, mut longest) = (0, Duration::ZERO);
    while !is_over.load(Ordering::Relaxed) {
        for statement in &statements {
            let began = Instant::now();
            connection.execute(AssertSqlSafe(statement.clone())).await.unwrap();
            longest = longest.max(began.elapsed());
            written += 1;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (written, longest)
}
