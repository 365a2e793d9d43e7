//! An older database of a million tasks moves to Muster while its program writes on, beside the original schema's
//! upgrade of the same rows.

use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use tokio::{process::Command, task::JoinHandle};

use crate::{
    Result,
    data::Bench,
    numbers::Spread,
    report::{Figure, Goal, Section},
};

/// Customers of about 490 tasks each: a million tasks.
const CUSTOMERS: u32 = 2_040;
/// The older database, and the copy that the original schema's upgrade gets.
const OLDER: &str = "bench_older";
const AT_ONCE: &str = "bench_older_at_once";
/// How often it is prepared; but for the last time it is taken back.
const TIMES: usize = 3;
/// How long a writer rests after each pair of statements.
const REST: Duration = Duration::from_millis(50);

const TABLES: &str = include_str!("../../../crates/muster/tests/files/legacy/schema.sql");
const ROWS: &str = include_str!("../../../crates/muster/tests/files/legacy/many.sql");
const RIGHTS: &str = "DO $$ BEGIN CREATE ROLE older_program LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
    GRANT USAGE ON SCHEMA auth, dna_app TO older_program;
    GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA auth, dna_app TO older_program;
    VACUUM (ANALYZE)";
const FIT: &str = include_str!("../../data/upgrade_fit.sql");
const UPGRADE_AT_ONCE: &str = include_str!("../../data/upgrade_at_once.sql");

/// Measures it.
pub async fn measure(bench: &Bench) -> Result<Section> {
    let tasks = make(bench).await?;
    let mut section = Section {
        machine: bench.machine(),
        asked: format!(
            "{tasks} tasks of {CUSTOMERS} customers, prepared {TIMES} times; two writers beside it, each of which adds a task and changes a customer \
             every {} ms, one of them without waiting for the disk at its commits",
            REST.as_millis()
        ),
        ..Section::default()
    };
    let original = at_once(bench).await?;
    let ours = move_over(bench, &mut section).await?;
    for database in [AT_ONCE, OLDER] {
        bench.drop_database(database).await?;
    }
    let longest = |waits: &[Waits], of: Of| waits.iter().map(|one| of(one).longest.as_secs_f64()).collect::<Vec<_>>();
    let original_wait = original.on_disk.longest.as_secs_f64();
    let ratios: Vec<_> = longest(&ours, |waits| &waits.on_disk).into_iter().map(|wait| original_wait / wait).collect();
    let what = "the longest wait of a writer during the original schema's upgrade, to that while Muster prepares";
    section.goals.push(Figure::times("upgrade_wait", what, Goal::AtLeast(500.0), Spread::of(&ratios)));
    for (whose, waits) in
        [("while Muster prepares", ours.as_slice()), ("during the original schema's upgrade", std::slice::from_ref(&original))]
    {
        let each: [(_, Of); 2] = [("its commits on disk", |waits| &waits.on_disk), ("not waiting for the disk", |waits| &waits.in_memory)];
        for (how, of) in each {
            let what = format!("the longest wait of a writer {whose}, {how}");
            section.add(what, Spread::of(&longest(waits, of).into_iter().map(|wait| wait * 1_000.0).collect::<Vec<_>>()), "ms");
        }
    }
    let written: Vec<_> = ours.iter().map(|waits| f64::from(waits.on_disk.written)).collect();
    section.add("statements of the first of these writers while Muster prepares".to_owned(), Spread::of(&written), "");
    section.notes.push("A writer's wait is that of its statement with its commit, and the disk is busy meanwhile.".to_owned());
    section.notes.push(
        "The original schema's upgrade (`bench/data/upgrade_at_once.sql`) is one transaction, which holds the tasks to its end. It links \
         and sorts them; Muster moves all tables, keeps every column, and compares both sides."
            .to_owned(),
    );
    Ok(section)
}

/// Makes the older database and the copy. Gives how many tasks it has.
async fn make(bench: &Bench) -> Result<i64> {
    println!("Making an older database.");
    bench.create_database(OLDER, None).await?;
    let mut connection = PgConnection::connect(&bench.url_of(OLDER)).await?;
    connection.execute(TABLES).await?;
    connection.execute(AssertSqlSafe(format!("SET muster.customers = {CUSTOMERS}; {ROWS}"))).await?;
    for statement in RIGHTS.split_inclusive(";\n") {
        connection.execute(AssertSqlSafe(statement)).await?;
    }
    let tasks = connection.fetch_one("SELECT count(*) FROM dna_app.customer_tasks").await?.get(0);
    connection.close().await?;
    bench.create_database(AT_ONCE, Some(OLDER)).await?;
    Ok(tasks)
}

/// The waits of writers during the original schema's upgrade.
async fn at_once(bench: &Bench) -> Result<Waits> {
    let mut connection = PgConnection::connect(&bench.url_of(AT_ONCE)).await?;
    for statement in FIT.split_inclusive(";\n") {
        connection.execute(AssertSqlSafe(statement)).await?;
    }
    connection.execute("CHECKPOINT").await?;
    let writers = Writers::begin(bench, AT_ONCE);
    connection.execute(UPGRADE_AT_ONCE).await?;
    connection.close().await?;
    writers.end().await
}

/// Moves the older database over and back, as people do. Gives the waits of writers each time that it was prepared.
async fn move_over(bench: &Bench, section: &mut Section) -> Result<Vec<Waits>> {
    let mut steps = Steps { bench, section };
    let inspected = steps.take("looking at it (`muster upgrade inspect`)", &["inspect"]).await?;
    let (mut waits, mut took) = (Vec::new(), Vec::new());
    for time in 1..=TIMES {
        let writers = Writers::begin(bench, OLDER);
        let (_, seconds) = steps.run("preparing, while the older program writes", &["run", "--prepare-only"]).await?;
        waits.push(writers.end().await?);
        took.push(seconds);
        if time < TIMES {
            steps.run("taking that back", &["rollback"]).await?;
        }
    }
    steps.section.add("preparing, while the older program writes".to_owned(), Spread::of(&took), "s");
    let moved = steps.take("taking what was written since, comparing, and cutting over", &["run"]).await?;
    let compared = steps.take("comparing column by column", &["verify"]).await?;
    let back = steps.take("going back", &["rollback"]).await?;
    if compared["is_equal"] != true || back["is_back"] != true {
        return Err("what was moved is not what there was".into());
    }
    for (what, value) in
        [("expected by `inspect`", &inspected["expected_seconds"]), ("of this, nobody could write", &moved["cut_over_seconds"])]
    {
        section.add(what.to_owned(), Spread::of(&[value.as_f64().ok_or("the program does not tell how long it took")?]), "s");
    }
    Ok(waits)
}

/// The steps of a move, each a command, and how long they take.
struct Steps<'a> {
    bench: &'a Bench,
    section: &'a mut Section,
}

impl Steps<'_> {
    /// Takes one, and adds how long it took to the figures.
    async fn take(&mut self, what: &str, arguments: &[&str]) -> Result<Value> {
        let (told, took) = self.run(what, arguments).await?;
        self.section.add(what.to_owned(), Spread::of(&[took]), "s");
        Ok(told)
    }

    /// Runs one. Gives what it tells, and how long it took.
    async fn run(&self, what: &str, arguments: &[&str]) -> Result<(Value, f64)> {
        let began = Instant::now();
        let mut command = Command::new(&self.bench.run.muster);
        command.arg("upgrade").args(arguments).args(["--json", "--database", &self.bench.url_of(OLDER)]);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MUSTER_") || name == "DATABASE_URL") {
            command.env_remove(name);
        }
        let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await?;
        if !output.status.success() {
            return Err(format!("muster upgrade {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)).into());
        }
        let took = began.elapsed().as_secs_f64();
        println!("  {what} {took:.1} s");
        Ok((serde_json::from_slice(&output.stdout)?, took))
    }
}

/// What a writer did and how long it waited at the most.
struct Waited {
    written: u32,
    longest: Duration,
}

/// What both writers did.
struct Waits {
    on_disk: Waited,
    in_memory: Waited,
}

/// Which of the two is meant.
type Of = fn(&Waits) -> &Waited;

/// Two writers of the older program: one as programs are, and one that does not wait for the disk, so that what is left
/// is what it waits for others.
struct Writers {
    is_over: Arc<AtomicBool>,
    on_disk: JoinHandle<Result<Waited>>,
    in_memory: JoinHandle<Result<Waited>>,
}

impl Writers {
    fn begin(bench: &Bench, database: &str) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let writer =
            |customer, settings| tokio::spawn(write(bench.url_for("older_program", database), customer, settings, Arc::clone(&is_over)));
        let (on_disk, in_memory) = (writer(1, "SET synchronous_commit = on"), writer(2, "SET synchronous_commit = off"));
        Self { is_over, on_disk, in_memory }
    }

    async fn end(self) -> Result<Waits> {
        self.is_over.store(true, Ordering::Relaxed);
        Ok(Waits { on_disk: self.on_disk.await??, in_memory: self.in_memory.await?? })
    }
}

/// Adds a task and changes a customer, again and again.
async fn write(url: String, customer: u32, settings: &'static str, is_over: Arc<AtomicBool>) -> Result<Waited> {
    let mut connection = PgConnection::connect(&url).await?;
    connection.execute(settings).await?;
    let statements = [
        format!(
            "INSERT INTO dna_app.customer_tasks (customer_id, plan_id, task_type, task_scope, section_id, title)
             VALUES ({customer}, md5('plan {customer} 1')::uuid, 'answer_question', 'question', 's7', 'Question 7 of template 2')"
        ),
        format!("UPDATE dna_app.customers SET phone = clock_timestamp()::text WHERE id = {}", customer + 2),
    ];
    let mut waited = Waited { written: 0, longest: Duration::ZERO };
    while !is_over.load(Ordering::Relaxed) {
        for statement in &statements {
            let began = Instant::now();
            connection.execute(AssertSqlSafe(statement.clone())).await?;
            waited.longest = waited.longest.max(began.elapsed());
            waited.written += 1;
        }
        tokio::time::sleep(REST).await;
    }
    Ok(waited)
}
