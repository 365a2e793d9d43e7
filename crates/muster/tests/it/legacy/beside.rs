//! What the older program writes while its rows are taken: never held up for long, and right too.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use muster_service::legacy::{MoveOptions, run, verify};
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use super::older::OlderDatabase;

/// The longest that a writer may wait (docs/UPGRADING.md).
const LIMIT: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_goes_on_and_its_rows_are_right() {
    let mut older = OlderDatabase::create().await;
    older.run("SELECT set_config('muster.customers', '8', false)").await;
    older.run(include_str!("../../files/legacy/many.sql")).await;
    let role = format!("test_writer_{}", std::process::id());
    older.run(&format!(
        "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA auth, dna_app TO {role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth, dna_app TO {role};
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA auth, dna_app TO {role}"
    ))
    .await;
    let (is_over, url) = (Arc::new(AtomicBool::new(false)), older.database.url_as(&role));
    let writer = tokio::spawn(write(url, Arc::clone(&is_over)));
    tokio::time::sleep(Duration::from_millis(200)).await;
    let options = MoveOptions { prepare_only: true, ..MoveOptions::default() };
    run(&older.database.url(), &options, &mut |_| ()).await.unwrap();
    // It still writes, and the last of it is taken at the cutover.
    tokio::time::sleep(Duration::from_millis(200)).await;
    is_over.store(true, Ordering::Relaxed);
    let (written, longest) = writer.await.unwrap();
    run(&older.database.url(), &MoveOptions::default(), &mut |_| ()).await.unwrap();
    assert!(verify(&older.database.url()).await.unwrap().is_equal);
    assert!(longest < LIMIT, "{longest:?}");
    assert!(written > 10, "{written}");
    let mut connection = older.database.superuser().await;
    let row = sqlx::query(
        "SELECT count(*) FILTER (WHERE task_scope = 'template'), count(*) FILTER (WHERE notes = 'changed meanwhile'), count(*) FROM dna_app.customer_tasks
         WHERE title = 'Question 7 of template 2' AND description = 'written beside'",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    let (of_template, changed, all): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
    assert_eq!((of_template, changed, all), (written, written, written));
}

/// Adds a task, changes it, and gives how many and the longest wait.
async fn write(url: String, is_over: Arc<AtomicBool>) -> (i64, Duration) {
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let (mut written, mut longest) = (0, Duration::ZERO);
    while !is_over.load(Ordering::Relaxed) {
        let began = Instant::now();
        connection
            .execute(
                "INSERT INTO dna_app.customer_tasks (customer_id, plan_id, task_type, task_scope, section_id, title, description)
                 SELECT customer_id, id, 'answer_question', 'question', 's7', 'Question 7 of template 2', 'written beside'
                 FROM dna_app.customer_iso_plans WHERE template_selection_mode = 'selective' ORDER BY random() LIMIT 1",
            )
            .await
            .unwrap();
        longest = longest.max(began.elapsed());
        let began = Instant::now();
        connection
            .execute("UPDATE dna_app.customer_tasks SET notes = 'changed meanwhile' WHERE description = 'written beside' AND notes IS NULL")
            .await
            .unwrap();
        longest = longest.max(began.elapsed());
        written += 1;
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    (written, longest)
}
