//! Moving tasks.

use serde_json::{Value, json};

use crate::app::{Client, TestApp};

async fn new_task(admin: &Client, body: Value) -> String {
    let task = admin.post("/api/v1/customers/1/tasks", body).await.expect(201).json();
    format!("/api/v1/tasks/{}", task["id"].as_str().unwrap())
}

#[tokio::test]
async fn who_completed_it_and_when_is_kept() {
    let app = TestApp::start().await;
    let task = new_task(&app.admin().await, json!({ "title": "T" })).await;
    let contributor = app.as_person("contributor").await;
    let done = contributor.post(&format!("{task}/complete"), json!({})).await.expect(200).json();
    assert_eq!(
        (&done["status"], &done["completed_by_name"], &done["completed_at"]),
        (&json!("completed"), &json!("contributor"), &json!("2026-03-17T10:00:00Z"))
    );
    let reopened = contributor.post(&format!("{task}/reopen"), json!({})).await.expect(200).json();
    assert_eq!(
        (&reopened["status"], &reopened["completed_at"], &reopened["completed_by"]),
        (&json!("pending"), &json!(null), &json!(null))
    );
}

#[tokio::test]
async fn a_refused_move_names_the_allowed_ones() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = new_task(&admin, json!({ "title": "T" })).await;
    admin.post(&format!("{task}/hold"), json!({})).await.expect(200);
    let refused = admin.post(&format!("{task}/complete"), json!({})).await.refused(409, "invalid-transition");
    assert_eq!(refused["allowed"], json!(["start", "cancel"]));
    let stale = admin.with("POST", &format!("{task}/start"), &[("if-match", "\"1\"")], json!({})).await.refused(412, "stale");
    assert_eq!(stale["current_version"], 2);
}

#[tokio::test]
async fn evidence_and_answers_come_before_completion() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = new_task(&admin, json!({ "title": "T", "requires_evidence": true })).await;
    admin.post(&format!("{task}/complete"), json!({})).await.refused(409, "evidence-required");
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    admin.assign_template(&plan, "Patch Management").await;
    let questions = admin.get("/api/v1/customers/1/tasks?scope=template").await.json();
    let question = format!("/api/v1/tasks/{}", questions["items"][0]["id"].as_str().unwrap());
    admin.post(&format!("{question}/complete"), json!({})).await.refused(409, "answer-required");
}

#[tokio::test]
async fn an_ignored_task_keeps_everything_but_does_not_move() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = new_task(&admin, json!({ "title": "T", "notes": "Kept" })).await;
    admin.post(&format!("{task}/ignore"), json!({})).await.refused(422, "invalid-fields");
    let ignored = admin.post(&format!("{task}/ignore"), json!({ "reason": "Not wanted" })).await.expect(200).json();
    assert_eq!(
        (&ignored["is_ignored"], &ignored["ignored"]["reason"], &ignored["allowed_moves"]),
        (&json!(true), &json!("Not wanted"), &json!([]))
    );
    admin.post(&format!("{task}/start"), json!({})).await.refused(409, "ignored");
    let restored = admin.post(&format!("{task}/restore"), json!({})).await.expect(200).json();
    assert_eq!((&restored["is_ignored"], &restored["notes"], &restored["status"]), (&json!(false), &json!("Kept"), &json!("pending")));
}

#[tokio::test]
async fn a_task_is_taken_by_one() {
    let app = TestApp::start().await;
    let task = new_task(&app.admin().await, json!({ "title": "T", "assignee_role": "contributor" })).await;
    let contributor = app.as_person("contributor").await;
    assert_eq!(contributor.get("/api/v1/me/tasks").await.json()["total"], 1);
    assert_eq!(contributor.post(&format!("{task}/take"), json!({})).await.expect(200).json()["assigned_to_name"], "contributor");
    contributor.post(&format!("{task}/take"), json!({})).await.expect(200);
    app.as_person("manager").await.post(&format!("{task}/take"), json!({})).await.refused(409, "taken");
    assert_eq!(contributor.get("/api/v1/me/tasks").await.json()["items"][0]["assigned_to_name"], "contributor");
}
