//! `muster upgrade run`, `verify`, `rollback`, `finish`: what they keep, and what they give back.

use muster_service::legacy::{LegacyError, MoveOptions, Phase, finish, inspect, roll_back, run};
use serde_json::json;
use sqlx::{AssertSqlSafe, Row as _};

use super::{
    equal,
    older::OlderDatabase,
    shapes::{every_shape, told},
};
use crate::app::{Client, TestApp};

pub(super) async fn moved(older: &OlderDatabase) -> muster_service::legacy::Moved {
    let moved = run(&older.database.url(), &MoveOptions::default(), &mut |_| ()).await.unwrap();
    let bad: Vec<_> = moved.checks.iter().filter(|check| !check.is_equal()).collect();
    assert!(bad.is_empty(), "{bad:?}");
    moved
}

/// The whole database as `pg_dump` writes it.
pub(super) async fn dump(older: &OlderDatabase) -> String {
    let mut connection = older.database.superuser().await;
    let folder: String =
        sqlx::query("SELECT setting FROM pg_config WHERE name = 'BINDIR'").fetch_one(&mut connection).await.unwrap().get(0);
    let output = std::process::Command::new(format!("{folder}/pg_dump")).arg(older.database.url()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // A word that is drawn anew for each dump.
    text.lines().filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict")).collect::<Vec<_>>().join("\n")
}

pub(super) async fn count(older: &OlderDatabase, statement: &str) -> i64 {
    sqlx::query(AssertSqlSafe(statement.to_owned())).fetch_one(&mut older.database.superuser().await).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_goes_where_it_belongs_and_comes_back() {
    let mut older = OlderDatabase::create().await;
    let truth = every_shape(&mut older).await;
    let before = dump(&older).await;
    let moved = moved(&older).await;
    assert_eq!(moved.phase, Phase::CutOver);
    told(&older, &truth, &moved).await;
    equal(&older.database.url()).await;
    // The views of the older program read Muster's tables now, with the columns that they had.
    assert!(count(&older, "SELECT sum(total_tasks)::bigint FROM dna_app.v_customer_overall_progress").await > 0);
    // A second run changes nothing.
    assert_eq!(run(&older.database.url(), &MoveOptions::default(), &mut |_| ()).await.unwrap().phase, Phase::CutOver);
    let refused = sqlx::query("UPDATE muster_legacy_dna_app.customers SET name = 'x'").execute(&mut older.database.superuser().await).await;
    assert!(refused.unwrap_err().to_string().contains("moved to Muster"));
    let back = roll_back(&older.database.url(), false).await.unwrap();
    assert!(back.is_back && back.new_work.is_empty(), "{back:?}");
    assert_eq!(dump(&older).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_customer_is_not_left_behind_silently() {
    let mut older = OlderDatabase::create().await;
    every_shape(&mut older).await;
    older
        .run(
            "ALTER TABLE dna_app.customer_tasks ALTER customer_id DROP NOT NULL;
             INSERT INTO dna_app.customer_tasks (task_type, task_scope, title) VALUES ('general', 'customer', 'Whose is this?')",
        )
        .await;
    let inspection = serde_json::to_string(&inspect(&older.database.url()).await.unwrap()).unwrap();
    assert!(inspection.contains("The task names no customer"), "{inspection}");
    let refused = run(&older.database.url(), &MoveOptions::default(), &mut |_| ()).await;
    assert!(matches!(refused, Err(LegacyError::Differs(1))), "{refused:?}");
    older.run("DELETE FROM dna_app.customer_tasks WHERE customer_id IS NULL").await;
    assert_eq!(moved(&older).await.phase, Phase::CutOver);
}

#[tokio::test(flavor = "multi_thread")]
async fn preparing_is_taken_back_without_a_trace() {
    let mut older = OlderDatabase::create().await;
    every_shape(&mut older).await;
    let before = dump(&older).await;
    let options = MoveOptions { prepare_only: true, ..MoveOptions::default() };
    assert_eq!(run(&older.database.url(), &options, &mut |_| ()).await.unwrap().phase, Phase::Prepared);
    equal(&older.database.url()).await;
    roll_back(&older.database.url(), false).await.unwrap();
    assert_eq!(dump(&older).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_with_what_they_had_and_their_work_is_not_thrown_away() {
    let mut older = OlderDatabase::create().await;
    older.run(&format!("INSERT INTO auth.users (email, password_hash, full_name, role) VALUES ('admin@firm.example', '{BCRYPT}', 'Ada', 'admin'), ('look@firm.example', '{BCRYPT}', NULL, 'viewer')")).await;
    let truth = every_shape(&mut older).await;
    older.run(&format!("UPDATE dna_app.customers SET portal_username = 'acme-portal', portal_password_hash = '{SALTED}', portal_enabled = true WHERE id = {}", truth.customer)).await;
    let before = dump(&older).await;
    let moved = moved(&older).await;
    let url = older.database.url();
    let app = TestApp::on(older.database.clone(), 8).await;
    let sign_in = async |name: &str, password: &str| {
        let answer = app.anonymous().post("/api/v1/session", json!({ "email": name, "password": password })).await;
        let cookie = answer.header("set-cookie").split(';').next().map(ToOwned::to_owned);
        (answer.status.as_u16(), Client { cookie, ..app.anonymous() })
    };
    let (status, admin) = sign_in("admin@firm.example", "correct horse").await;
    assert_eq!(status, 201);
    assert_eq!(sign_in("admin@firm.example", "wrong horse").await.0, 401);
    let (status, portal) = sign_in("acme-portal", "secret of acme").await;
    assert_eq!(status, 201);
    let (status, viewer) = sign_in("look@firm.example", "correct horse").await;
    assert_eq!(status, 201);
    let customer = format!("/api/v1/customers/{}", truth.customer);
    for client in [&admin, &portal, &viewer] {
        let workspace = client.get(&format!("{customer}/workspace")).await.expect(200).json();
        assert_eq!(workspace["plans"].as_array().map(Vec::len), Some(2), "{workspace}");
        client.get(&format!("/customers/{}", truth.customer)).await.expect(200);
    }
    assert_eq!(portal.get("/api/v1/customers").await.json()["total"], 1);
    assert_eq!(count(&older, "SELECT count(*) FROM auth.users WHERE password_hash LIKE '$argon2id$%'").await, 3);
    // The page on which a task is put where it belongs.
    let page = admin.get("/firm/older-database").await.expect(200).text;
    assert!(page.contains("Who is responsible?"), "{page}");
    viewer.get("/firm/older-database").await.expect(403);
    // Signing in and looking is no work: there is a way back.
    equal(&url).await;
    admin.post(&format!("{customer}/tasks"), json!({ "title": "New" })).await.expect(201);
    let (alone, place) = truth.ambiguous[2];
    let candidates = &moved.ambiguous.iter().find(|one| one.task_id == alone).unwrap().candidates;
    let number = candidates.iter().position(|one| *one == place).unwrap().to_string();
    admin.form("/firm/older-database", &[(&format!("place-{alone}"), &number)]).await.expect(303);
    let template = place.template_id.unwrap();
    assert_eq!(
        count(&older, &format!("SELECT count(*) FROM dna_app.customer_tasks WHERE id = '{alone}' AND template_id = '{template}'")).await,
        1
    );
    drop(app);
    let back = roll_back(&url, false).await.unwrap();
    assert_eq!((back.is_back, back.new_work.len()), (false, 2), "{back:?}");
    // What was done since is no difference.
    equal(&url).await;
    let back = roll_back(&url, true).await.unwrap();
    assert!(back.is_back);
    assert_eq!(dump(&older).await, before);
}

/// Of `correct horse`.
pub(super) const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
/// Of `secret of acme`: the salt, and the SHA-256 of salt and password.
const SALTED: &str = "pepper$d4435ff05461ebd27ed7c48ec2a48a0a35aa0a332c7feca2404f984e0dd48326";

#[tokio::test(flavor = "multi_thread")]
async fn finishing_keeps_every_original_row() {
    let mut older = OlderDatabase::create().await;
    let truth = every_shape(&mut older).await;
    let tasks = count(&older, "SELECT count(*) FROM dna_app.customer_tasks").await;
    moved(&older).await;
    // A table of which Muster knows nothing refers to an older one.
    let refused = finish(&older.database.url()).await.unwrap_err().to_string();
    assert!(refused.contains("invoices"), "{refused}");
    older.run("DROP TABLE dna_app.invoices").await;
    finish(&older.database.url()).await.unwrap();
    assert_eq!(count(&older, "SELECT count(*) FROM muster_upgrade.original_rows WHERE table_name = 'customer_tasks'").await, tasks);
    assert_eq!(
        count(&older, "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text LIKE 'muster_legacy%'").await,
        0
    );
    equal(&older.database.url()).await;
    assert!(matches!(roll_back(&older.database.url(), true).await, Err(LegacyError::Phase(Phase::Finished))));
    assert!(truth.customer > 0);
}
