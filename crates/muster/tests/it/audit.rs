//! The audit log: what is noted, that it cannot be changed in secret, that the chain never forks.

use muster_service::LogReport;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use crate::app::{Client, TestApp};

/// Some work of Acme's, which leaves a few dozen entries.
async fn work(admin: &Client) -> (Value, String) {
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    admin.answer_all(&assignment).await;
    admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201);
    (plan, assignment)
}

async fn actions(app: &TestApp, table: &str) -> Vec<String> {
    let statement = format!("SELECT action::text FROM dna_app.{table} ORDER BY id");
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut app.database.superuser().await).await.unwrap()
}

async fn tampered(app: &TestApp) -> Vec<LogReport> {
    let mut reports = app.context.verify_audit_logs(&[]).await.unwrap();
    reports.retain(|report| report.tampering.is_some());
    reports
}

fn verify(app: &TestApp, json: bool) -> (Option<i32>, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(["audit", "verify", "--database", &app.database.url()]);
    if json {
        command.arg("--json");
    }
    let done = command.output().unwrap();
    (done.status.code(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
}

#[tokio::test]
async fn what_people_do_is_noted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (plan, assignment) = work(&admin).await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "task_scope": "customer", "title": "Call them" })).await.expect(201).json();
    let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
    admin.patch(&path, 1, json!({ "title": "Call them twice" })).await.expect(200);
    admin.post(&format!("{path}/take"), json!({})).await.expect(200);
    admin.post(&format!("{path}/complete"), json!({})).await.expect(200);
    admin.post(&format!("{path}/reopen"), json!({})).await.expect(200);
    admin.post(&format!("{path}/ignore"), json!({ "reason": "Not ours" })).await.expect(200);
    admin.post(&format!("{path}/restore"), json!({})).await.expect(200);
    admin.post(&format!("{assignment}/ignore"), json!({ "reason": "Later" })).await.expect(200);
    admin.post(&format!("{assignment}/restore"), json!({})).await.expect(200);
    let plan_path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    admin.post(&format!("{plan_path}/ignore"), json!({ "reason": "Later" })).await.expect(200);
    let found = actions(&app, "customer_audit_log WHERE customer_id = 1").await;
    assert_eq!(found[..3], ["customer.created", "plan.assigned", "template.assigned"]);
    assert_eq!(found.iter().filter(|action| *action == "answer.given").count(), 14);
    let last: Vec<&str> = found[found.len() - 11..].iter().map(String::as_str).collect();
    assert_eq!(
        last,
        [
            "document.saved",
            "task.added",
            "task.changed",
            "task.taken",
            "task.completed",
            "task.reopened",
            "task.ignored",
            "task.restored",
            "template.ignored",
            "template.restored",
            "plan.ignored"
        ]
    );
    let row = sqlx::query("SELECT actor_name, actor_email, before::text, after::text FROM dna_app.customer_audit_log WHERE customer_id = 1 AND action = 'task.changed'")
        .fetch_one(&mut app.database.superuser().await)
        .await
        .unwrap();
    assert_eq!((row.get::<&str, _>(0), row.get::<&str, _>(1)), ("admin", "admin@test.example"));
    assert_eq!(row.get::<&str, _>(2), r#"{"title":"Call them","version":1}"#);
    assert_eq!(row.get::<&str, _>(3), r#"{"title":"Call them twice","version":2}"#);
    assert_eq!(actions(&app, "firm_audit_log").await, ["library.imported"]);
    assert!(tampered(&app).await.is_empty());
}

/// What is refused or comes to nothing leaves no entry.
#[tokio::test]
async fn what_did_not_happen_is_not_noted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    admin.assign_plan(1, "ISO 27001:2022").await;
    let before = actions(&app, "customer_audit_log").await;
    admin.assign_plan(1, "ISO 27001:2022").await;
    admin.post("/api/v1/customers/1/tasks", json!({ "task_scope": "customer", "title": "" })).await.expect(422);
    app.as_person("contributor").await.post("/api/v1/customers/1/plans", json!({ "iso_code": "ISO 9001:2015" })).await.expect(403);
    assert_eq!(actions(&app, "customer_audit_log").await, before);
}

#[tokio::test]
async fn every_tampering_is_found() {
    let statements = [
        "UPDATE dna_app.customer_audit_log SET actor_name = 'Nobody' WHERE customer_id = 1 AND id = 5",
        "UPDATE dna_app.customer_audit_log SET at = at + interval '1 microsecond' WHERE customer_id = 1 AND id = 5",
        "UPDATE dna_app.customer_audit_log SET after = '{}' WHERE customer_id = 1 AND id = 5",
        "UPDATE dna_app.customer_audit_log SET after = (after::text || ' ')::json WHERE customer_id = 1 AND id = 5",
        "UPDATE dna_app.customer_audit_log SET hash = sha256(hash) WHERE customer_id = 1 AND id = 5",
        "UPDATE dna_app.customer_audit_log SET customer_id = 2, id = 2 WHERE customer_id = 1 AND id = 5",
        "DELETE FROM dna_app.customer_audit_log WHERE customer_id = 1 AND id = 5",
        "DELETE FROM dna_app.customer_audit_log WHERE customer_id = 1 AND id = 1",
        "DELETE FROM dna_app.customer_audit_log WHERE customer_id = 1 AND id > 5",
        "DELETE FROM dna_app.customer_audit_log WHERE customer_id = 1",
        "DELETE FROM dna_app.customer_audit_heads WHERE customer_id = 1",
        "INSERT INTO dna_app.customer_audit_log SELECT customer_id, id + 1000, at, actor_id, actor_name, actor_email, action, subject_kind,
             subject_id, subject_title, before, after, previous_hash, hash FROM dna_app.customer_audit_log WHERE customer_id = 1 AND id = 5",
        "UPDATE dna_app.customer_audit_log SET id = CASE id WHEN 5 THEN 2006 ELSE 2005 END WHERE customer_id = 1 AND id IN (5, 6);
         UPDATE dna_app.customer_audit_log SET id = id - 2000 WHERE customer_id = 1 AND id > 2000",
        "UPDATE dna_app.firm_audit_log SET actor_name = 'Nobody'",
        "TRUNCATE dna_app.firm_audit_log",
    ];
    let app = TestApp::start().await;
    work(&app.admin().await).await;
    assert_eq!(verify(&app, false).0, Some(0));
    let mut superuser = app.database.superuser().await;
    for statement in statements {
        let mut tx = sqlx::Connection::begin(&mut superuser).await.unwrap();
        tx.execute("CREATE TABLE kept AS TABLE dna_app.customer_audit_log").await.unwrap();
        tx.execute("CREATE TABLE kept_heads AS TABLE dna_app.customer_audit_heads").await.unwrap();
        tx.execute("CREATE TABLE kept_firm AS TABLE dna_app.firm_audit_log").await.unwrap();
        tx.execute(statement).await.unwrap();
        tx.commit().await.unwrap();
        let found = tampered(&app).await;
        assert!(!found.is_empty(), "{statement}");
        superuser
            .execute(
                "TRUNCATE dna_app.customer_audit_log, dna_app.customer_audit_heads, dna_app.firm_audit_log;
                 INSERT INTO dna_app.customer_audit_log TABLE kept; INSERT INTO dna_app.customer_audit_heads TABLE kept_heads;
                 INSERT INTO dna_app.firm_audit_log TABLE kept_firm; DROP TABLE kept, kept_heads, kept_firm",
            )
            .await
            .unwrap();
        assert!(tampered(&app).await.is_empty());
    }
    superuser.execute("DELETE FROM dna_app.customer_audit_log WHERE customer_id = 1 AND id = 5").await.unwrap();
    let (code, _, words) = verify(&app, false);
    assert_eq!(code, Some(1));
    assert!(words.contains("The audit log of customer 1 (Acme) has been tampered with: entry 5 should follow"), "{words}");
    let (code, answer, _) = verify(&app, true);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!((code, &answer["is_good"]), (Some(1), &json!(false)));
}

/// The service adds, and can do nothing else.
#[tokio::test]
async fn the_service_cannot_change_an_entry() {
    let app = TestApp::start().await;
    let mut service = app.database.service().await;
    for table in ["customer_audit_log", "firm_audit_log"] {
        for statement in [
            format!("UPDATE dna_app.{table} SET action = 'x'"),
            format!("DELETE FROM dna_app.{table}"),
            format!("TRUNCATE dna_app.{table}"),
        ] {
            let error = service.execute(AssertSqlSafe(statement.clone())).await.unwrap_err().to_string();
            assert!(error.contains("permission denied"), "{statement}: {error}");
        }
    }
    let error = service.execute("DELETE FROM dna_app.customer_audit_heads").await.unwrap_err().to_string();
    assert!(error.contains("permission denied"), "{error}");
}

/// Sixteen people write at once: changes of tasks, and of the customer's own row, which takes the
/// locks from the other end.
#[tokio::test]
async fn the_chain_never_forks() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let before = actions(&app, "customer_audit_log WHERE customer_id = 1").await.len();
    let writers = (0..16).map(|writer| {
        let admin = admin.clone();
        tokio::spawn(async move {
            for round in 0..5 {
                if writer % 4 == 0 {
                    let version = admin.get("/api/v1/customers/1").await.json()["version"].as_i64().unwrap();
                    let answer = admin.patch("/api/v1/customers/1", version, json!({ "description": format!("{writer} {round}") })).await;
                    assert!([200, 412].contains(&answer.status.as_u16()), "{}", answer.text);
                } else {
                    let body = json!({ "task_scope": "customer", "title": format!("Task {writer} {round}") });
                    admin.post("/api/v1/customers/1/tasks", body).await.expect(201);
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert!(tampered(&app).await.is_empty());
    let after = actions(&app, "customer_audit_log WHERE customer_id = 1").await;
    assert_eq!(after[before..].iter().filter(|action| *action == "task.added").count(), 60);
}
