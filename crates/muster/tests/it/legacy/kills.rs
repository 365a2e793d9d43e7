//! Commands that are killed in the middle: what they leave can go on, or back.

use std::process::Stdio;

use muster_service::legacy::{LegacyError, MoveOptions, roll_back, run, verify};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use super::{
    equal,
    older::OlderDatabase,
    running::{count, dump},
    shapes::{every_shape, told},
};
use crate::program::muster;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_goes_on() {
    let mut older = OlderDatabase::create().await;
    let truth = every_shape(&mut older).await;
    let before = dump(&older).await;
    let url = older.database.url();
    for wait in [5, 30, 60, 90, 130, 180, 250, 400, 600] {
        let mut child = muster(&["upgrade", "run", "--database", &url]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
        // It may have ended meanwhile.
        let _ = child.kill().await;
        // The server notices that nobody is there any more; until then the lock is held.
        for _ in 0..100 {
            match verify(&url).await {
                Ok(_) | Err(LegacyError::Phase(_)) => break,
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            }
        }
    }
    let done = loop {
        match run(&url, &MoveOptions::default(), &mut |_| ()).await {
            Err(LegacyError::Busy) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            other => break other.unwrap(),
        }
    };
    told(&older, &truth, &done).await;
    equal(&url).await;
    assert!(roll_back(&url, false).await.unwrap().is_back);
    assert_eq!(dump(&older).await, before);
}

/// Killed where the triggers of some tables are off and those of others on: what the older program
/// writes then is noted by nobody. And killed in the middle of changing the names back.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_way_back_can_go_either_way() {
    let mut older = OlderDatabase::create().await;
    let truth = every_shape(&mut older).await;
    let url = older.database.url();
    run(&url, &MoveOptions { prepare_only: true, ..MoveOptions::default() }, &mut |_| ()).await.unwrap();
    let triggers = "SELECT count(*) FROM pg_trigger WHERE tgname = 'muster_upgrade'";
    let all = count(&older, triggers).await;
    let reader = reads(&older, "dna_app.customer_tasks").await;
    let mut child = muster(&["upgrade", "rollback", "--database", &url]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until(async || count(&older, triggers).await < all).await;
    child.kill().await.unwrap();
    reader.close().await.unwrap();
    let left = count(&older, triggers).await;
    assert!(left > 0 && left < all, "{left} of {all}");
    older.run(&format!("UPDATE dna_app.customers SET name = 'Renamed meanwhile' WHERE id = {}", truth.customer)).await;
    let before = dump_of_rows(&older).await;
    until(async || !matches!(verify(&url).await, Err(LegacyError::Busy))).await;
    let done = run(&url, &MoveOptions::default(), &mut |_| ()).await.unwrap();
    told(&older, &truth, &done).await;
    equal(&url).await;
    assert_eq!(count(&older, "SELECT count(*) FROM dna_app.customers WHERE name = 'Renamed meanwhile'").await, 1);
    let reader = reads(&older, "muster_legacy_dna_app.customer_tasks").await;
    let mut child = muster(&["upgrade", "rollback", "--database", &url]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until(async || count(&older, "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").await > 0).await;
    child.kill().await.unwrap();
    reader.close().await.unwrap();
    until(async || !matches!(verify(&url).await, Err(LegacyError::Busy))).await;
    equal(&url).await;
    assert_eq!(count(&older, "SELECT count(*) FROM dna_app.customers WHERE name = 'Renamed meanwhile'").await, 1);
    assert!(roll_back(&url, false).await.unwrap().is_back);
    assert_eq!(dump_of_rows(&older).await, before);
    assert_eq!(count(&older, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'muster%'").await, 0);
}

/// Killed where a release is made and its questions are not: it is no release by that, and the next run makes it whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_made_with_its_questions_or_not_at_all() {
    let mut older = OlderDatabase::create().await;
    every_shape(&mut older).await;
    let url = older.database.url();
    run(&url, &MoveOptions { prepare_only: true, ..MoveOptions::default() }, &mut |_| ()).await.unwrap();
    let later = older.template("Later", &[("s1", "Which?"), ("s2", "When?")]).await;
    let release = format!("muster_next_dna_app.template_releases WHERE template_id = '{later}'");
    let mut reader = older.database.superuser().await;
    reader.execute("BEGIN; LOCK TABLE muster_next_dna_app.template_questions IN SHARE MODE").await.unwrap();
    let mut child = muster(&["upgrade", "run", "--database", &url]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'muster_next_dna_app.template_questions'::regclass";
    until(async || count(&older, waiting).await > 0).await;
    child.kill().await.unwrap();
    reader.close().await.unwrap();
    until(async || !matches!(verify(&url).await, Err(LegacyError::Busy))).await;
    assert_eq!(count(&older, &format!("SELECT count(*) FROM {release}")).await, 0);
    run(&url, &MoveOptions { prepare_only: true, ..MoveOptions::default() }, &mut |_| ()).await.unwrap();
    let whole = format!(
        "SELECT count(*) FROM muster_next_dna_app.template_questions WHERE release_id IN (SELECT id FROM {release} AND released_at IS NOT NULL)"
    );
    assert_eq!(count(&older, &whole).await, 2);

    // What an earlier version of the program may have left so is mended, too.
    for left in [
        "DELETE FROM muster_next_dna_app.template_questions WHERE release_id = (SELECT id FROM {release})",
        "UPDATE {release_table} SET released_at = NULL WHERE template_id = '{later}'",
    ] {
        let left = left.replace("{release}", &release).replace("{release_table}", "muster_next_dna_app.template_releases");
        let left = left.replace("{later}", &later.to_string());
        older.database.superuser().await.execute(AssertSqlSafe(format!("SET session_replication_role = replica; {left}"))).await.unwrap();
    }
    run(&url, &MoveOptions::default(), &mut |_| ()).await.unwrap();
    equal(&url).await;
    assert_eq!(count(&older, &whole.replace("muster_next_dna_app", "dna_app")).await, 2);
}

/// Somebody who reads a table and does not end their transaction: nobody else gets it alone.
async fn reads(older: &OlderDatabase, place: &str) -> sqlx::PgConnection {
    let mut reader = older.database.superuser().await;
    reader.execute(AssertSqlSafe(format!("BEGIN; LOCK TABLE {place} IN ACCESS SHARE MODE"))).await.unwrap();
    reader
}

/// Waits until something is so.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..400 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it did not come about");
}

/// The rows of the older schemas as `pg_dump` writes them.
async fn dump_of_rows(older: &OlderDatabase) -> String {
    let dump = dump(older).await;
    let mut keeps = false;
    dump.lines()
        .filter(|line| {
            keeps = (keeps || line.starts_with("COPY auth.") || line.starts_with("COPY dna_app.")) && *line != "\\.";
            keeps
        })
        .collect::<Vec<_>>()
        .join("\n")
}
