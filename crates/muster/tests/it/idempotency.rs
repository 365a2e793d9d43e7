//! Creations with an `Idempotency-Key`.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn a_repeated_creation_is_answered_alike() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let create = |name: &'static str, key: &'static str| {
        let admin = admin.clone();
        async move { admin.with("POST", "/api/v1/customers", &[("idempotency-key", key)], json!({ "name": name })).await }
    };
    let first = create("Initech", "k1").await.expect(201);
    let second = create("Initech", "k1").await.expect(201);
    assert_eq!(first.text, second.text);
    assert_eq!(first.header("location"), second.header("location"));
    create("Other", "k1").await.refused(422, "idempotency-key-reused");
    create("Initech", "k2").await.expect(201);
    // Another person's key of the same name is another key.
    let consultant = app.as_person("consultant").await;
    let task = |title: &'static str| {
        let consultant = consultant.clone();
        async move { consultant.with("POST", "/api/v1/customers/1/tasks", &[("idempotency-key", "k1")], json!({ "title": title })).await }
    };
    assert_eq!(task("Call").await.expect(201).text, task("Call").await.expect(201).text);
    let total = admin.get("/api/v1/customers?q=initech").await.json()["total"].clone();
    assert_eq!(total, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_at_once_is_made_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let tasks: Vec<_> = (0..12)
        .map(|_| {
            let admin = admin.clone();
            tokio::spawn(
                async move { admin.with("POST", "/api/v1/customers", &[("idempotency-key", "k")], json!({ "name": "Once" })).await },
            )
        })
        .collect();
    for task in tasks {
        let answer = task.await.unwrap();
        match answer.status.as_u16() {
            201 => {}
            _ => {
                assert_eq!(answer.header("retry-after"), "1");
                answer.refused(409, "in-flight");
            }
        }
    }
    assert_eq!(admin.get("/api/v1/customers?q=once").await.json()["total"], 1);
}

#[tokio::test]
async fn keys_of_no_form_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let long = "k".repeat(256);
    for key in ["", long.as_str()] {
        admin.with("POST", "/api/v1/customers", &[("idempotency-key", key)], json!({ "name": "N" })).await.refused(422, "invalid-fields");
    }
}
