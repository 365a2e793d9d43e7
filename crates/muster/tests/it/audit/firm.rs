//! The firm's own log: people, sign-ins, the outbox.

use serde_json::{Value, json};

use super::tampered;
use crate::app::{PASSWORD, TestApp};

async fn latest(app: &TestApp, query: &str) -> Value {
    app.admin().await.get(&format!("/api/v1/audit?{query}")).await.expect(200).json()["items"][0].clone()
}

#[tokio::test]
async fn sign_ins_are_noted() {
    let app = TestApp::start().await;
    let sign_in = |email: &'static str, password: &'static str| {
        let anonymous = app.anonymous();
        async move { anonymous.post("/api/v1/session", json!({ "email": email, "password": password })).await }
    };
    sign_in("manager@test.example", "not the password").await.expect(401);
    let failed = latest(&app, "action=user.sign_in_failed").await;
    assert_eq!((&failed["actor_name"], &failed["subject_title"], &failed["actor_id"]), (&json!(""), &json!("manager"), &Value::Null));
    assert_eq!(failed["after"], json!({ "network": "192.0.2.7" }));

    // People type passwords into the wrong field: an address that nobody has is not kept.
    sign_in("hunter2-is-my-password@typed.example", "not the password").await.expect(401);
    let unknown = latest(&app, "action=user.sign_in_unknown").await;
    assert_eq!((&unknown["subject_id"], &unknown["subject_title"]), (&json!(""), &json!("")));
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT l::text FROM dna_app.firm_audit_log l").fetch_all(&mut app.database.superuser().await).await.unwrap();
    assert!(rows.iter().all(|row| !row.contains("hunter2") && !row.contains(PASSWORD)), "{rows:?}");

    let answer = sign_in("manager@test.example", PASSWORD).await.expect(201);
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let signed_in = latest(&app, "action=user.signed_in&actor=manager").await;
    assert_eq!((&signed_in["actor_name"], &signed_in["actor_email"]), (&json!("manager"), &json!("manager@test.example")));
    let mut manager = app.anonymous();
    manager.cookie = Some(cookie);
    manager.send("DELETE", "/api/v1/session", &[], "").await.expect(204);
    assert_eq!(latest(&app, "action=user.signed_out").await["actor_name"], "manager");
    // Who signs out twice did so once.
    let before = app.admin().await.get("/api/v1/audit?action=user.signed_out").await.json()["total"].clone();
    manager.send("DELETE", "/api/v1/session", &[], "").await.expect(401);
    assert_eq!(app.admin().await.get("/api/v1/audit?action=user.signed_out").await.json()["total"], before);
    assert!(tampered(&app).await.is_empty());
}

/// Many sign in at once, and the firm's chain does not fork.
#[tokio::test]
async fn sign_ins_at_once_keep_the_chain() {
    let app = TestApp::start().await;
    let tasks: Vec<_> = (0..24)
        .map(|number| {
            let anonymous = app.anonymous();
            let email = ["admin", "consultant", "manager", "nobody"][number % 4];
            tokio::spawn(async move {
                let body = json!({ "email": format!("{email}@test.example"), "password": PASSWORD });
                anonymous.post("/api/v1/session", body).await.status.as_u16()
            })
        })
        .collect();
    for task in tasks {
        assert!([201, 401].contains(&task.await.unwrap()));
    }
    assert!(tampered(&app).await.is_empty());
    let total = app.admin().await.get("/api/v1/audit?action=user.signed_in").await.json()["total"].as_i64().unwrap();
    assert_eq!(total, 19);
}

#[tokio::test]
async fn people_are_noted_with_who_they_are_and_no_secret() {
    let app = TestApp::start().await;
    let added = latest(&app, "action=user.added&subject=auditor").await;
    assert_eq!(added["actor_name"], "Muster");
    assert_eq!(added["after"], json!({ "name": "auditor", "email": "auditor@test.example", "role": "member" }));
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT l::text FROM dna_app.firm_audit_log l").fetch_all(&mut app.database.superuser().await).await.unwrap();
    assert!(rows.iter().all(|row| !row.contains("argon2")));
}

#[tokio::test]
async fn the_firms_log_is_exported_by_the_admin() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let answer = admin.get("/api/v1/audit/export").await.expect(200);
    assert!(answer.header("content-disposition").contains("audit-firm.jsonl"));
    let header = muster_domain::audit::export::verify(&answer.text, &[]).unwrap();
    assert_eq!(header.customer_id, None);
    assert_eq!(latest(&app, "action=audit").await["action"], "audit.exported");
    app.as_person("consultant").await.get("/api/v1/audit").await.refused(403, "forbidden");
}
