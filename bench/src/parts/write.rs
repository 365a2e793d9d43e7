//! Writing: the tasks of a template of 50 questions, status updates, and what the indexes weigh.

use std::time::Instant;

use jiff_sqlx::{Date, ToSqlx as _};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use uuid::Uuid;

use super::some_customers;
use crate::{
    Result,
    data::{Bench, Place},
    numbers::Spread,
    report::{Figure, Goal, Section},
    statements,
};

/// How many tasks' statuses change.
const UPDATES: usize = 10_000;
/// How many templates are assigned in a round, of each kind.
const ASSIGNED: usize = 20;

/// A question of the template of fifty.
struct Question {
    key: String,
    position: i32,
    label: String,
    help: Option<String>,
}

/// An assignment whose tasks are still to come.
struct Assignment {
    customer: i32,
    plan: Uuid,
    template: Uuid,
}

/// Removes what the assignments, or an earlier run, have left.
const CLEAN: &str = "DELETE FROM dna_app.customer_tasks WHERE template_id = md5('template 51')::uuid;
    DELETE FROM dna_app.customer_iso_plan_templates WHERE template_id = md5('template 51')::uuid";

/// Measures it.
pub async fn measure(bench: &Bench) -> Result<Section> {
    let place = bench.database(bench.run.customers, true).await?;
    let mut section = Section {
        machine: bench.machine(),
        asked: format!(
            "{} customers of 100 tasks, {} rounds, one connection, every commit kept on disk",
            place.customers, bench.run.rounds
        ),
        ..Section::default()
    };
    assign(bench, &place, &mut section).await?;
    update(&place, &mut section).await?;
    weigh(&place, &mut section).await?;
    Ok(section)
}

/// Fifty tasks in one statement, beside fifty statements in one transaction.
async fn assign(bench: &Bench, place: &Place, section: &mut Section) -> Result<()> {
    let mut superuser = place.superuser().await?;
    superuser.execute(CLEAN).await?;
    let assignments = prepare(&mut superuser, place, 2 * ASSIGNED * (bench.run.rounds + 1)).await?;
    let questions =
        "SELECT key, position, label, help FROM dna_app.template_questions WHERE release_id = md5('release 51')::uuid ORDER BY position";
    let questions: Vec<Question> = sqlx::query(questions)
        .fetch_all(&mut superuser)
        .await?
        .iter()
        .map(|row| Question { key: row.get(0), position: row.get(1), label: row.get(2), help: row.get(3) })
        .collect();
    let mut connection = place.service().await?;
    let (mut at_once, mut one_by_one) = (Vec::new(), Vec::new());
    for (round, assignments) in assignments.chunks_exact(2 * ASSIGNED).enumerate() {
        let mut took = [0.0; 2];
        for (number, assignment) in assignments.iter().enumerate() {
            let began = Instant::now();
            begin(&mut connection, assignment.customer).await?;
            let added = match number % 2 {
                0 => insert_at_once(&mut connection, assignment, &questions).await?,
                _ => insert_one_by_one(&mut connection, assignment, &questions).await?,
            };
            connection.execute("COMMIT").await?;
            took[number % 2] += began.elapsed().as_secs_f64() * 1000.0 / ASSIGNED as f64;
            if added != 50 {
                return Err(format!("{added} tasks were made instead of 50").into());
            }
        }
        // The first round is for warming up.
        if round > 0 {
            at_once.push(took[0]);
            one_by_one.push(took[1]);
        }
    }
    superuser.execute(CLEAN).await?;
    let what = "the tasks of a template of 50 questions: 50 inserts in one transaction, to the program's one statement";
    section.goals.push(Figure::times("assign", what, Goal::AtLeast(2.5), Spread::ratio(&one_by_one, &at_once)));
    section.add("50 tasks in one statement, with its commit", Spread::of(&at_once), "ms");
    section.add("50 inserts in one transaction, with its commit", Spread::of(&one_by_one), "ms");
    Ok(())
}

/// Assigns the template of fifty to the first plans of so many customers.
async fn prepare(superuser: &mut PgConnection, place: &Place, number: usize) -> Result<Vec<Assignment>> {
    let customers = some_customers(place, u32::try_from(number)?);
    let customers: Vec<i32> = customers.into_iter().take(number).map(i32::try_from).collect::<std::result::Result<_, _>>()?;
    let rows = sqlx::query(
        "INSERT INTO dna_app.customer_iso_plan_templates (customer_id, plan_id, template_id, release_id, created_by)
         SELECT n, md5(format('plan %s 1', n))::uuid, md5('template 51')::uuid, md5('release 51')::uuid, 1 FROM unnest($1::integer[]) n
         RETURNING customer_id, plan_id, template_id",
    );
    let rows = rows.bind(customers).fetch_all(superuser).await?;
    Ok(rows.iter().map(|row| Assignment { customer: row.get(0), plan: row.get(1), template: row.get(2) }).collect())
}

async fn begin(connection: &mut PgConnection, customer: i32) -> Result<()> {
    let settings = format!("BEGIN; SET LOCAL app.customer = '{customer}'; SET LOCAL app.actor = '1'");
    connection.execute(AssertSqlSafe(settings)).await?;
    Ok(())
}

/// The program's statement, with what it is given there.
async fn insert_at_once(connection: &mut PgConnection, assignment: &Assignment, questions: &[Question]) -> Result<usize> {
    let many = questions.len();
    let all = |word: &str| vec![word.to_owned(); many];
    let rows = sqlx::query(statements::generate()?)
        .bind(assignment.customer)
        .bind(questions.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
        .bind(vec![assignment.plan; many])
        .bind(vec![assignment.template; many])
        .bind(vec![None::<Uuid>; many])
        .bind(all("template"))
        .bind(questions.iter().map(|one| format!("question:{}", one.key)).collect::<Vec<_>>())
        .bind(questions.iter().map(|one| one.label.clone()).collect::<Vec<_>>())
        .bind(questions.iter().map(|one| one.help.clone()).collect::<Vec<_>>())
        .bind(all("answer_question"))
        .bind(all("medium"))
        .bind(vec![false; many])
        .bind(vec![None::<String>; many])
        .bind(vec![None::<Date>; many])
        .bind(all("contributor"))
        .bind(vec![None::<String>; many])
        .bind(questions.iter().map(|one| one.position).collect::<Vec<_>>())
        .bind(jiff::Timestamp::now().to_sqlx())
        .bind(all(""))
        .bind(vec![None::<i32>; many])
        .bind(vec![None::<String>; many])
        .bind(vec![None::<i16>; many])
        .fetch_all(connection)
        .await?;
    Ok(rows.len())
}

/// The same rows, each with a statement of its own.
async fn insert_one_by_one(connection: &mut PgConnection, assignment: &Assignment, questions: &[Question]) -> Result<usize> {
    for question in questions {
        sqlx::query(
            "INSERT INTO dna_app.customer_tasks (customer_id, id, plan_id, template_id, task_scope, generation_source, title, description, task_type,
                 priority, requires_evidence, assignee_role, position, occurrence, auto_generated, created_at, updated_at)
             VALUES ($1, $2, $3, $4, 'template', $5, $6, $7, 'answer_question', 'medium', false, 'contributor', $8, '', true, $9, $9)",
        )
        .bind(assignment.customer)
        .bind(Uuid::now_v7())
        .bind(assignment.plan)
        .bind(assignment.template)
        .bind(format!("question:{}", question.key))
        .bind(&question.label)
        .bind(&question.help)
        .bind(question.position)
        .bind(jiff::Timestamp::now().to_sqlx())
        .execute(&mut *connection)
        .await?;
    }
    Ok(questions.len())
}

/// Random tasks get another status, each in a transaction as the program's: PostgreSQL counts how many of the
/// updates touched no index.
async fn update(place: &Place, section: &mut Section) -> Result<()> {
    let mut superuser = place.superuser().await?;
    let tasks = "SELECT customer_id, id FROM dna_app.customer_tasks TABLESAMPLE BERNOULLI (20) WHERE status <> 'cancelled' ORDER BY random() LIMIT $1";
    let tasks = sqlx::query(tasks).bind(i64::try_from(UPDATES)?).fetch_all(&mut superuser).await?;
    let before = updated(&mut superuser).await?;
    let mut connection = place.service().await?;
    // What is measured is where the rows go, not how fast the disk is.
    connection.execute("SET synchronous_commit = off").await?;
    for (number, task) in tasks.iter().enumerate() {
        let (customer, id): (i32, Uuid) = (task.get(0), task.get(1));
        begin(&mut connection, customer).await?;
        let status = ["in_progress", "completed", "pending"][number % 3];
        let at = jiff::Timestamp::now().to_sqlx();
        sqlx::query(statements::set_status()?)
            .bind(customer)
            .bind(id)
            .bind(status)
            .bind(at)
            .bind(Some(1_i32))
            .execute(&mut connection)
            .await?;
        let raised = "UPDATE dna_app.customers SET workspace_version = workspace_version + 1 WHERE id = $1";
        sqlx::query(raised).bind(customer).execute(&mut connection).await?;
        connection.execute("COMMIT").await?;
    }
    // A connection that ends hands in what it has counted.
    connection.close().await?;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let after = updated(&mut superuser).await?;
    superuser.execute("UPDATE dna_app.customers SET words_version = workspace_version WHERE words_version < workspace_version").await?;
    superuser.execute("VACUUM dna_app.customers").await?;
    let (all, hot) = (after.0 - before.0, after.1 - before.1);
    let share = 100.0 * hot as f64 / (all.max(1)) as f64;
    let what = format!("status updates that touch no index (HOT), of {all} random ones");
    section.goals.push(Figure::of("hot", &what, Goal::AtLeast(95.0), "%", Spread::of(&[share])));
    Ok(())
}

/// How many rows of tasks have been updated, and how many of these without touching an index.
async fn updated(superuser: &mut PgConnection) -> Result<(i64, i64)> {
    superuser.execute("SELECT pg_stat_clear_snapshot()").await?;
    let row = superuser
        .fetch_one("SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relid = 'dna_app.customer_tasks'::regclass")
        .await?;
    Ok((row.get(0), row.get(1)))
}

/// How many megabytes the indexes of a million tasks take.
async fn weigh(place: &Place, section: &mut Section) -> Result<()> {
    let mut superuser = place.superuser().await?;
    let tasks: i64 = superuser.fetch_one("SELECT count(*) FROM dna_app.customer_tasks").await?.get(0);
    let each = |bytes: i64| Spread::of(&[bytes as f64 / 1_048_576.0 * 1_000_000.0 / tasks as f64]);
    for (schema, whose) in [("dna_app", "Muster's"), ("seed", "the original schema's")] {
        let indexes = sqlx::query(
            "SELECT c.relname, pg_relation_size(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE i.indrelid = ($1 || '.customer_tasks')::regclass ORDER BY 2 DESC",
        );
        let indexes = indexes.bind(schema).fetch_all(&mut superuser).await?;
        let all: i64 = indexes.iter().map(|row| row.get::<i64, _>(1)).sum();
        section.add(format!("{whose} indexes of a million tasks"), each(all), "MB");
        for row in indexes.iter().filter(|_| schema == "dna_app") {
            section.add(format!("of these: {}", row.get::<String, _>(0)), each(row.get(1)), "MB");
        }
    }
    Ok(())
}
