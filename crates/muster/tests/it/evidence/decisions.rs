//! Accepting and sending back, and what becomes of the tasks.

use serde_json::json;

use super::{PDF, hand_in, handed_in, status, task};
use crate::app::TestApp;

#[tokio::test]
async fn nobody_decides_about_their_own_but_a_firm_admin() {
    let app = TestApp::start().await;
    let task = task(&app, json!({})).await;
    for person in ["consultant", "manager"] {
        let own = app.as_person(person).await;
        let path = handed_in(&own, &task).await;
        own.post(&format!("{path}/accept"), json!({})).await.refused(403, "forbidden");
        own.post(&format!("{path}/reject"), json!({ "reason": "R" })).await.refused(403, "forbidden");
        app.as_person("approver").await.post(&format!("{path}/accept"), json!({})).await.expect(200);
    }
    let admin = app.admin().await;
    let path = handed_in(&admin, &task).await;
    let accepted = admin.post(&format!("{path}/accept"), json!({})).await.expect(200).json();
    assert_eq!((&accepted["status"], &accepted["decided_by"], &accepted["version"]), (&json!("accepted"), &json!(1), &json!(2)));
    // Again changes nothing, and another version is not meant.
    assert_eq!(admin.post(&format!("{path}/accept"), json!({})).await.expect(200).json()["version"], 2);
    admin.with("POST", &format!("{path}/accept"), &[("if-match", "\"1\"")], json!({})).await.refused(412, "stale");
    admin.post(&format!("{path}/reject"), json!({ "reason": " " })).await.expect(422);
    let back = admin.post(&format!("{path}/reject"), json!({ "reason": "It covers January only." })).await.expect(200).json();
    assert_eq!((&back["status"], &back["decision_reason"]), (&json!("rejected"), &json!("It covers January only.")));
}

#[tokio::test]
async fn a_task_is_done_with_accepted_evidence_only() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let task = task(&app, json!({})).await;
    let complete = format!("/api/v1/tasks/{task}/complete");
    let path = handed_in(&app.as_person("contributor").await, &task).await;
    manager.post(&complete, json!({})).await.refused(409, "evidence-required");
    manager.post(&format!("{path}/accept"), json!({})).await.expect(200);
    assert_eq!(status(&app, &task).await, "pending", "a person completes it");
    manager.post(&complete, json!({})).await.expect(200);
    let second = handed_in(&app.as_person("contributor").await, &task).await;
    manager.post(&format!("{second}/accept"), json!({})).await.expect(200);
    manager.post(&format!("{path}/reject"), json!({ "reason": "R" })).await.expect(200);
    assert_eq!(status(&app, &task).await, "completed", "another one is accepted");
    manager.post(&format!("{second}/reject"), json!({ "reason": "R" })).await.expect(200);
    assert_eq!(status(&app, &task).await, "in_progress");
    assert_eq!(manager.get(&format!("/api/v1/tasks/{task}")).await.json()["evidence_uploaded"], false);
    let log = app.admin().await.get("/api/v1/customers/1/audit?limit=100").await.json();
    let actions: Vec<&str> = log["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    for action in ["evidence.handed_in", "evidence.accepted", "evidence.sent_back", "task.reopened"] {
        assert!(actions.contains(&action), "{action} is not in the log: {actions:?}");
    }
}

#[tokio::test]
async fn a_task_about_evidence_is_completed_by_it() {
    let app = TestApp::start().await;
    let task = task(&app, json!({ "task_type": "provide_evidence" })).await;
    let path = handed_in(&app.as_person("contributor").await, &task).await;
    let approver = app.as_person("approver").await;
    approver.post(&format!("{path}/accept"), json!({})).await.expect(200);
    assert_eq!(status(&app, &task).await, "completed");
    approver.post(&format!("{path}/reject"), json!({ "reason": "R" })).await.expect(200);
    assert_eq!(status(&app, &task).await, "in_progress");
}

#[tokio::test]
async fn what_is_replaced_counts_until_its_successor_is_decided() {
    let app = TestApp::start().await;
    let (contributor, manager) = (app.as_person("contributor").await, app.as_person("manager").await);
    let task = task(&app, json!({ "task_type": "provide_evidence" })).await;
    let old = handed_in(&contributor, &task).await;
    manager.post(&format!("{old}/accept"), json!({})).await.expect(200);
    let id = old.rsplit('/').next().unwrap();
    let new = hand_in(&contributor, &[("replaces", id)], ("new.pdf", b"%PDF-1.7 new")).await.expect(201).json();
    assert_eq!(new["task_ids"], json!([task]));
    assert_eq!(manager.get(&old).await.json()["replaced_by"], new["id"]);
    assert_eq!(status(&app, &task).await, "completed");
    manager.post(&format!("{old}/reject"), json!({ "reason": "R" })).await.refused(409, "evidence-replaced");
    hand_in(&contributor, &[("replaces", id)], ("third.pdf", PDF)).await.refused(409, "evidence-replaced");
    let list = manager.get(&format!("/api/v1/customers/1/evidence?current=true&task_id={task}")).await.json();
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &new["id"]));
}

#[tokio::test]
async fn ignored_tasks_take_no_evidence() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = task(&app, json!({})).await;
    let path = handed_in(&app.as_person("contributor").await, &task).await;
    admin.post(&format!("/api/v1/tasks/{task}/ignore"), json!({ "reason": "R" })).await.expect(200);
    hand_in(&admin, &[("task_id", &task)], ("a.pdf", PDF)).await.refused(409, "ignored");
    admin.post(&format!("{path}/accept"), json!({})).await.expect(200);
    assert_eq!(status(&app, &task).await, "pending");
    admin.post("/api/v1/customers/1/archive", json!({})).await.expect(200);
    hand_in(&admin, &[], ("a.pdf", PDF)).await.refused(409, "archived");
}
