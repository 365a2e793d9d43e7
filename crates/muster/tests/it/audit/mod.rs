//! The audit log: what is noted, that it cannot be changed in secret, that the chain never forks.

mod checkpoints;
mod firm;
mod pages;

use muster_service::LogReport;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use crate::app::{Client, TestApp};

/// Some work of Acme's, which leaves a few dozen entries.
pub async fn work(admin: &Client) -> (Value, String) {
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    admin.answer_all(&assignment).await;
    admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201);
    (plan, assignment)
}

pub async fn actions(app: &TestApp, table: &str) -> Vec<String> {
    let statement = format!("SELECT action::text FROM dna_app.{table} ORDER BY id");
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut app.database.superuser().await).await.unwrap()
}

pub async fn tampered(app: &TestApp) -> Vec<LogReport> {
    let mut reports = app.context.verify_audit_logs(&[], &[]).await.unwrap();
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
    let firm = actions(&app, "firm_audit_log").await;
    assert_eq!((firm[0].as_str(), firm[1..].iter().filter(|action| *action == "user.added").count()), ("library.imported", 9));
    assert_eq!(firm.last().unwrap(), "user.signed_in");
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

#[tokio::test]
async fn the_log_is_read_with_filters() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    work(&admin).await;
    app.as_person("manager").await.post("/api/v1/customers/1/tasks", json!({ "title": "Call them" })).await.expect(201);
    let total = |query: &'static str| {
        let admin = admin.clone();
        async move { admin.get(&format!("/api/v1/customers/1/audit{query}")).await.expect(200).json()["total"].as_i64().unwrap() }
    };
    let all = total("").await;
    assert!(all > 30);
    assert_eq!(total("?actor=manager@test").await, 1);
    assert_eq!(total("?subject=call+them").await, 1);
    assert_eq!(total("?action=answer.given").await, 14);
    assert_eq!(total("?action=answer").await, 14);
    assert_eq!(total("?action=answ").await, 0);
    assert_eq!(total("?from=2026-03-17&to=2026-03-17").await, all);
    assert_eq!(total("?to=2026-03-16").await + total("?from=2026-03-18").await, 0);
    let page = admin.get("/api/v1/customers/1/audit?limit=2").await.expect(200).json();
    assert_eq!(page["items"][0]["action"], "task.added");
    assert_eq!(page["items"][0]["actor_name"], "manager");
    assert_eq!(page["items"][0]["after"]["title"], "Call them");
    assert_eq!(page["items"][0]["previous_hash"], page["items"][1]["hash"]);
    let next = format!("/api/v1/customers/1/audit?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(admin.get(&next).await.expect(200).json()["items"][0]["number"], all - 2);
    admin.get("/api/v1/customers/1/audit?from=2026-02-30").await.refused(422, "invalid-fields");
    for method in ["DELETE", "POST", "PUT", "PATCH"] {
        let answer = admin.send(method, "/api/v1/customers/1/audit", &[], "").await.expect(405);
        assert!(answer.header("allow").contains("GET"));
    }
}

/// An export can be verified by itself, and that it was taken is noted.
#[tokio::test]
async fn an_export_is_verified_without_a_database() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    work(&admin).await;
    let auditor = app.as_person("auditor").await;
    let export = auditor.get("/api/v1/customers/1/audit/export").await.expect(200);
    assert!(export.header("content-disposition").starts_with("attachment"));
    let last = admin.get("/api/v1/customers/1/audit?limit=1").await.json();
    assert_eq!((&last["items"][0]["action"], &last["items"][0]["actor_name"]), (&json!("audit.exported"), &json!("auditor")));
    let file = std::env::temp_dir().join(format!("muster-audit-{}.jsonl", std::process::id()));
    let run = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let done =
            std::process::Command::new(env!("CARGO_BIN_EXE_muster")).args(["audit", "verify", "--file"]).arg(&file).output().unwrap();
        (done.status.code(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let (code, words, _) = run(&export.text);
    assert!(code == Some(0) && words.contains("The log of Acme is as it was exported"), "{words}");
    let (code, _, words) =
        run(&export.text.replacen("Access Control", "Access control", 1).replacen("task.completed", "task.cancelled", 1));
    assert!(code == Some(1) && words.contains("was changed after it was written"), "{words}");
    let shorter: Vec<&str> = export.text.lines().collect();
    assert_eq!(run(&shorter[..shorter.len() - 1].join("\n")).0, Some(1));

    // Cut off by somebody who put the head back as well: only what was kept outside knows better.
    std::fs::write(&file, &export.text).unwrap();
    app.database
        .superuser()
        .await
        .execute(
            "UPDATE dna_app.customer_audit_heads h SET number = l.id, hash = l.hash FROM dna_app.customer_audit_log l
             WHERE h.customer_id = 1 AND l.customer_id = 1 AND l.id = h.number - 3;
             DELETE FROM dna_app.customer_audit_log l USING dna_app.customer_audit_heads h
             WHERE l.customer_id = 1 AND h.customer_id = 1 AND l.id > h.number",
        )
        .await
        .unwrap();
    assert_eq!(verify(&app, false).0, Some(0));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_muster"));
    let done = command.args(["audit", "verify", "--database", &app.database.url(), "--against"]).arg(&file).output().unwrap();
    let words = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.code() == Some(1) && words.contains("entries at the end were deleted"), "{words}");
    std::fs::remove_file(&file).unwrap();
}
