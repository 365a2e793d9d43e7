//! Tables, what does not apply, and taking an answer back.

use serde_json::{Value, json};

use super::{find, patch_management};
use crate::app::{Client, TestApp};

/// A template with a table, assigned to Acme.
async fn with_table(admin: &Client) -> String {
    let columns = json!([
        { "key": "name", "label": "System", "kind": "text" },
        { "key": "count", "label": "How many", "kind": "number", "required": false },
        { "key": "until", "label": "Until", "kind": "date", "required": false }
    ]);
    let questions = json!([
        { "key": "systems", "label": "Which systems cannot be patched?", "kind": "table", "columns": columns },
        { "key": "days", "label": "Within how many days?", "kind": "number", "unit": "days", "minimum": 1, "maximum": 90 },
        { "key": "review", "label": "When is it reviewed?", "kind": "date" }
    ]);
    let body = "{{systems}}\n\nWithin {{days}} days, reviewed on {{review}}.";
    let content = json!({ "document_title": "Exceptions", "questions": questions, "body": body });
    let template = admin.post("/api/v1/templates", json!({ "name": "Exceptions", "content": content })).await.expect(201).json();
    admin.post(&format!("/api/v1/templates/{}/releases", template["id"].as_str().unwrap()), json!({})).await.expect(201);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    admin.assign_template(&plan, "Exceptions").await
}

fn pointers(problem: &Value) -> Vec<(&str, &str)> {
    let fields = problem["errors"].as_array().unwrap().iter();
    fields.map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn a_table_is_rows_of_cells_and_each_refusal_names_its_cell() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let assignment = with_table(&admin).await;
    let path = format!("{assignment}/answers/systems");
    let put = |value: Value| {
        let (admin, path) = (admin.clone(), path.clone());
        async move { admin.put(&path, json!({ "value": value })).await }
    };
    let row = json!({ "name": "Bench" });
    let refused = put(json!([row, {}, { "name": "Door", "count": "many" }])).await.refused(422, "invalid-fields");
    assert_eq!(pointers(&refused), [("/value/2/count", "wrong-kind")]);
    let refused = put(json!([{ "count": 2 }])).await.refused(422, "invalid-fields");
    assert_eq!(pointers(&refused), [("/value/0/name", "blank")]);
    assert_eq!(pointers(&put(json!([])).await.refused(422, "invalid-fields")), [("/value", "blank")]);
    assert_eq!(pointers(&put(json!([{ "name": "x", "other": 1 }])).await.refused(422, "invalid-fields")), [("/value", "wrong-kind")]);
    let saved = put(json!([{ "name": " Bench ", "count": "2" }, { "name": "" }, { "name": "Door", "until": "2027-03-01" }])).await;
    assert_eq!(saved.expect(201).json()["value"], json!([{ "count": 2, "name": "Bench" }, { "name": "Door", "until": "2027-03-01" }]));
    let refused = admin.put(&format!("{assignment}/answers/days"), json!({ "value": 140 })).await.refused(422, "invalid-fields");
    assert_eq!(pointers(&refused), [("/value", "out-of-range")]);
}

#[tokio::test]
async fn what_does_not_apply_says_why_and_counts_as_answered() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let assignment = with_table(&admin).await;
    let path = format!("{assignment}/answers/systems");
    for (body, pointer) in [
        (json!({}), "/value"),
        (json!({ "value": null }), "/value"),
        (json!({ "value": [], "not_applicable_reason": "x" }), "/value"),
        (json!({ "not_applicable_reason": "  " }), "/not_applicable_reason"),
        (json!({ "not_applicable_reason": "a\u{0}b" }), "/not_applicable_reason"),
    ] {
        let refused = admin.put(&path, body).await.refused(422, "invalid-fields");
        assert_eq!(pointers(&refused)[0].0, pointer);
    }
    let saved = admin.put(&path, json!({ "not_applicable_reason": " There are none. " })).await.expect(201).json();
    assert_eq!((&saved["value"], &saved["not_applicable_reason"]), (&Value::Null, &json!("There are none.")));
    let task = format!("/api/v1/tasks/{}", saved["task_id"].as_str().unwrap());
    assert_eq!(admin.get(&task).await.json()["status"], "completed");
    admin.put(&format!("{assignment}/answers/days"), json!({ "value": 14 })).await.expect(201);
    admin.put(&format!("{assignment}/answers/review"), json!({ "value": "2027-03-01" })).await.expect(201);
    assert_eq!(admin.get(&format!("{assignment}/questionnaire")).await.json()["missing"], json!([]));
    let document = admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201).json();
    let shown = admin.get(&format!("/documents/{}", document["id"].as_str().unwrap())).await.expect(200).text;
    assert!(shown.contains("1 March 2027") && shown.contains("not applicable"), "{shown}");
    // The reason can be changed, and a value takes its place.
    let change = |body: Value, version: &'static str| {
        let (admin, path) = (admin.clone(), path.clone());
        async move { admin.with("PUT", &path, &[("if-match", version)], body).await }
    };
    assert_eq!(change(json!({ "not_applicable_reason": "There are none." }), "\"1\"").await.expect(200).json()["version"], 1);
    assert_eq!(change(json!({ "not_applicable_reason": "Sold." }), "\"1\"").await.expect(200).json()["version"], 2);
    let answered = change(json!({ "value": [{ "name": "Bench" }] }), "\"2\"").await.expect(200).json();
    assert_eq!((&answered["version"], &answered["not_applicable_reason"]), (&json!(3), &Value::Null));
}

#[tokio::test]
async fn an_answer_that_is_taken_back_opens_its_question_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let assignment = patch_management(&admin).await;
    admin.answer_all(&assignment).await;
    let document = admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201).json();
    let document = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    let path = format!("{assignment}/answers/organisation_name");
    let take_back = |headers: &'static [(&'static str, &'static str)]| {
        let (admin, path) = (admin.clone(), path.clone());
        async move { admin.send("DELETE", &path, headers, "").await }
    };
    take_back(&[]).await.refused(428, "version-required");
    assert_eq!(take_back(&[("if-match", "\"7\"")]).await.refused(412, "stale")["current_version"], 1);
    take_back(&[("if-match", "\"1\"")]).await.expect(204);
    take_back(&[("if-match", "\"2\"")]).await.refused(404, "not-found");
    let questionnaire = admin.get(&format!("{assignment}/questionnaire")).await.json();
    let question = find(&questionnaire, "organisation_name");
    assert!(question["answer"].is_null());
    assert_eq!(questionnaire["missing"], json!(["organisation_name"]));
    let task = admin.get(&format!("/api/v1/tasks/{}", question["task_id"].as_str().unwrap())).await.json();
    assert_eq!((&task["status"], &task["completed_by"]), (&json!("pending"), &Value::Null));
    let complete = format!("/api/v1/tasks/{}/complete", task["id"].as_str().unwrap());
    admin.post(&complete, json!({})).await.refused(409, "answer-required");
    let outdated = admin.get(&document).await.json();
    assert_eq!(outdated["out_of_date"], true);
    assert!(outdated["completion_percentage"].as_i64().unwrap() < 100);
    // What stood there is in the log, and the versions count on.
    let log = admin.get("/api/v1/customers/1/audit?limit=200").await.text;
    assert!(log.contains("answer.withdrawn") && log.contains("An answer"), "{log}");
    admin.with("PUT", &path, &[("if-match", "\"1\"")], json!({ "value": "Late" })).await.refused(412, "stale");
    assert_eq!(admin.put(&path, json!({ "value": "Anew" })).await.expect(201).json()["version"], 3);
    let task = admin.get(&format!("/api/v1/tasks/{}", task["id"].as_str().unwrap())).await.json();
    assert_eq!(task["status"], "completed");
}
