//! Questions that need evidence, and questions that are answered by files.

use serde_json::{Value, json};

use super::{PDF, hand_in, handed_in, status};
use crate::app::{Client, TestApp};

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
