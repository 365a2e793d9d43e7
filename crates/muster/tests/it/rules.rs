//! Task rules.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn a_rule_applies_to_what_happens_after_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let rule = admin.post("/api/v1/task-rules", json!({ "level": "customer", "title": "Send the contract" })).await.expect(201).json();
    let path = format!("/api/v1/task-rules/{}", rule["id"].as_str().unwrap());
    let titles =
        |tasks: serde_json::Value| tasks["items"].as_array().unwrap().iter().filter(|task| task["title"] == "Send the contract").count();
    assert_eq!(titles(admin.get("/api/v1/customers/1/tasks").await.json()), 0);

    let preview = admin.post(&format!("{path}/apply"), json!({ "preview": true })).await.expect(200).json();
    assert_eq!((&preview["preview"], &preview["tasks"]), (&json!(true), &json!(2)));
    assert_eq!(titles(admin.get("/api/v1/customers/1/tasks").await.json()), 0);
    let applied = admin.post(&format!("{path}/apply"), json!({ "preview": false })).await.expect(200).json();
    assert_eq!(applied["tasks"], 2);
    assert_eq!(admin.post(&format!("{path}/apply"), json!({ "preview": false })).await.json()["tasks"], 0);
    assert_eq!(titles(admin.get("/api/v1/customers/1/tasks").await.json()), 1);

    admin.patch(&path, 1, json!({ "is_active": false })).await.expect(200);
    let customer = admin.post("/api/v1/customers", json!({ "name": "Later" })).await.json();
    assert_eq!(customer["generated_tasks"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn rules_that_contradict_themselves_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let template = admin.template_id("Patch Management").await;
    for body in [
        json!({ "title": "No level" }),
        json!({ "level": "galaxy", "title": "T" }),
        json!({ "level": "customer" }),
        json!({ "level": "customer", "title": "T", "template_id": template }),
        json!({ "level": "plan", "title": "T", "task_type": "approve_document", "approval_step": "ciso" }),
        json!({ "level": "document", "title": "T", "task_type": "approve_document" }),
        json!({ "level": "template", "title": "T", "task_type": "answer_question" }),
        json!({ "level": "plan", "title": "T", "due_offset_days": -1 }),
        json!({ "level": "plan", "title": "T", "due_offset_days": 300_000 }),
        json!({ "level": "plan", "title": "T", "colour": "red" }),
    ] {
        admin.post("/api/v1/task-rules", body).await.refused(422, "invalid-fields");
    }
    admin
        .post("/api/v1/task-rules", json!({ "level": "plan", "title": "T", "iso_standard_id": template }))
        .await
        .refused(422, "unknown-reference");
}
