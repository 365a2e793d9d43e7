//! Accepting and sending back, and what becomes of the tasks.

use serde_json::{Value, json};

use super::{PDF, hand_in, handed_in, status, task};
use crate::app::{Client, TestApp};

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

/// A template with one question that needs evidence and one that is a file, assigned to Acme.
async fn asked(app: &TestApp) -> (Client, String) {
    let admin = app.admin().await;
    let questions: Value = json!([
        { "key": "tested", "label": "When were backups last tested?", "kind": "text", "required": true, "requires_evidence": true },
        { "key": "report", "label": "The report", "kind": "file", "required": true },
    ]);
    let draft = json!({ "document_title": "Backups", "body": "Tested {{tested}}, see {{report}}.", "questions": questions });
    let template = admin.post("/api/v1/templates", json!({ "name": "Backups", "content": draft })).await.expect(201).json();
    let path = format!("/api/v1/templates/{}", template["id"].as_str().unwrap());
    admin.post(&format!("{path}/releases"), json!({})).await.expect(201);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Backups").await;
    (admin, assignment)
}

async fn task_of(client: &Client, assignment: &str, key: &str) -> String {
    let asked = client.get(&format!("{assignment}/questionnaire")).await.expect(200).json();
    let question = asked["questions"].as_array().unwrap().iter().find(|one| one["key"] == key).unwrap().clone();
    question["task_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_question_that_needs_evidence_is_done_with_answer_and_evidence() {
    let app = TestApp::start().await;
    let (admin, assignment) = asked(&app).await;
    let task = task_of(&admin, &assignment, "tested").await;
    let path = handed_in(&app.as_person("contributor").await, &task).await;
    admin.post(&format!("{path}/accept"), json!({})).await.expect(200);
    assert_eq!(status(&app, &task).await, "pending", "it is not answered");
    admin.post(&format!("{path}/reject"), json!({ "reason": "R" })).await.expect(200);
    admin.put(&format!("{assignment}/answers/tested"), json!({ "value": "In May" })).await.expect(201);
    assert_eq!(status(&app, &task).await, "in_progress");
    let incomplete = admin.post(&format!("{assignment}/documents"), json!({})).await.refused(409, "document-incomplete");
    assert_eq!(incomplete["missing"], json!(["tested", "report"]));
    admin.post(&format!("{path}/accept"), json!({})).await.expect(200);
    assert_eq!(status(&app, &task).await, "completed");
    let incomplete = admin.post(&format!("{assignment}/documents"), json!({})).await.refused(409, "document-incomplete");
    assert_eq!(incomplete["missing"], json!(["report"]));
    admin.post(&format!("{path}/reject"), json!({ "reason": "R" })).await.expect(200);
    assert_eq!(status(&app, &task).await, "in_progress");
}

#[tokio::test]
async fn a_file_question_is_answered_with_evidence_of_the_customer() {
    let app = TestApp::start().await;
    let (admin, assignment) = asked(&app).await;
    let task = task_of(&admin, &assignment, "report").await;
    let own = hand_in(&admin, &[], ("own.pdf", PDF)).await.expect(201).json();
    let theirs = admin.upload("/api/v1/customers/2/evidence", &[], ("theirs.pdf", PDF)).await.expect(201).json();
    let answer = format!("{assignment}/answers/report");
    let unknown = uuid::Uuid::from_u128(3).to_string();
    for id in [&theirs["id"], &json!(unknown)] {
        admin.put(&answer, json!({ "value": [{ "id": id }] })).await.refused(422, "unknown-reference");
    }
    let given = admin.put(&answer, json!({ "value": [{ "id": own["id"], "filename": "another name.pdf" }] })).await.expect(201).json();
    assert_eq!(given["value"], json!([{ "id": own["id"], "filename": "own.pdf" }]));
    assert_eq!(status(&app, &task).await, "completed");
    // It serves the question's task from then on.
    let list = admin.get(&format!("/api/v1/customers/1/evidence?task_id={task}")).await.json();
    assert_eq!(list["items"][0]["id"], own["id"]);
    // On the page, handing in the file answers the question.
    let form = assignment.replace("/api/v1", "") + "/questions/report/files";
    let contributor = app.as_person("contributor").await;
    contributor.upload(&form, &[], ("second.pdf", b"%PDF-1.7 second")).await.expect(303);
    let asked = admin.get(&format!("{assignment}/questionnaire")).await.json();
    let names = |asked: &Value| {
        let question = asked["questions"].as_array().unwrap().iter().find(|one| one["key"] == "report").unwrap().clone();
        question["answer"]["value"].as_array().unwrap().iter().map(|file| file["filename"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&asked), ["own.pdf", "second.pdf"]);
    // A file in the place of another stands in its place in the answer, too.
    contributor.upload(&form, &[("replaces", own["id"].as_str().unwrap())], ("better.pdf", b"%PDF-1.7 better")).await.expect(303);
    assert_eq!(names(&admin.get(&format!("{assignment}/questionnaire")).await.json()), ["better.pdf", "second.pdf"]);
    contributor.upload(&form, &[], ("bad.exe", b"MZ")).await.expect(422);
}
