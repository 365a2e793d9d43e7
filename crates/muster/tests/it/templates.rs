//! Templates and their releases.

use serde_json::json;
use sqlx::Executor as _;

use crate::app::TestApp;

fn content(keys: &[&str], body: &str) -> serde_json::Value {
    let questions: Vec<_> = keys.iter().map(|key| json!({ "key": key, "label": format!("What is {key}?"), "kind": "text" })).collect();
    json!({ "document_title": "Title", "questions": questions, "body": body })
}

#[tokio::test]
async fn from_draft_to_release_to_plan() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({ "name": "Backups", "iso_codes": ["ISO 27001:2022"], "content": content(&["a", "b"], "{{a}} {{b}}") });
    let template = admin.post("/api/v1/templates", body).await.expect(201).json();
    let path = format!("/api/v1/templates/{}", template["id"].as_str().unwrap());
    assert_eq!((&template["status"], &template["latest_release"]), (&json!("draft"), &json!(null)));
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assign = format!("/api/v1/plans/{}/templates", plan["id"].as_str().unwrap());
    admin.post(&assign, json!({ "template_id": template["id"] })).await.refused(422, "unknown-reference");
    assert_eq!(admin.post(&format!("{path}/releases"), json!({})).await.expect(201).json()["number"], 1);
    admin.post(&format!("{path}/releases"), json!({})).await.refused(409, "nothing-to-release");
    let assigned = admin.post(&assign, json!({ "template_id": template["id"] })).await.expect(201).json();
    assert_eq!(assigned["generated_tasks"].as_array().unwrap().len(), 2);
    // A second release does not touch the plan that pins the first.
    admin.patch(&path, 2, json!({ "content": content(&["a", "b", "c"], "{{a}} {{b}} {{c}}") })).await.expect(200);
    assert_eq!(admin.post(&format!("{path}/releases"), json!({ "note": "More" })).await.expect(201).json()["number"], 2);
    let questionnaire = admin.get(&format!("{assign}/{}/questionnaire", template["id"].as_str().unwrap())).await.json();
    assert_eq!((&questionnaire["release"], questionnaire["questions"].as_array().unwrap().len()), (&json!(1), 2));
    assert_eq!(admin.get(&format!("{path}/releases")).await.json()["items"].as_array().unwrap().len(), 2);
    admin.post(&format!("{path}/archive"), json!({})).await.expect(200);
    let other = admin.assign_plan(2, "ISO 27001:2022").await;
    let path = format!("/api/v1/plans/{}/templates", other["id"].as_str().unwrap());
    admin.post(&path, json!({ "template_id": template["id"] })).await.refused(422, "unknown-reference");
}

#[tokio::test]
async fn content_that_does_not_fit_together_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for content in [
        content(&["a"], "{{b}}"),
        content(&["a", "a"], "{{a}}"),
        content(&["A"], "x"),
        json!({ "document_title": "", "questions": [], "body": "x" }),
        json!({ "document_title": "T", "questions": [{ "key": "a", "label": "L", "kind": "choice" }], "body": "{{a}}" }),
        json!({ "document_title": "T", "questions": [{ "key": "a", "label": "L", "kind": "telepathy" }], "body": "{{a}}" }),
        json!({ "document_title": "T\u{0}", "questions": [], "body": "x" }),
    ] {
        let answer = admin.post("/api/v1/templates", json!({ "name": "N", "content": content })).await;
        assert_eq!(answer.status, 422, "{content}: {}", answer.text);
    }
    let body = json!({ "name": "N", "iso_codes": ["ISO 0:0"] });
    admin.post("/api/v1/templates", body).await.refused(422, "unknown-reference");
}

/// A release is a promise to the plans that pin it: the database keeps it too.
#[tokio::test]
async fn releases_do_not_change() {
    let app = TestApp::start().await;
    let mut superuser = app.database.superuser().await;
    for statement in [
        "UPDATE dna_app.template_releases SET body = 'x'",
        "DELETE FROM dna_app.template_releases",
        "UPDATE dna_app.template_questions SET label = 'x'",
        "DELETE FROM dna_app.template_questions",
        "INSERT INTO dna_app.template_questions (release_id, key, position, label, kind) SELECT id, 'new', 99, 'L', 'text' FROM dna_app.template_releases",
    ] {
        let error = superuser.execute(statement).await.unwrap_err();
        assert!(error.to_string().contains("immutable"), "{statement}: {error}");
    }
}
