//! Templates and their releases.

use serde_json::json;
use sqlx::Executor as _;

use crate::app::{Answer, Client, TestApp};

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

/// Saves a draft for a new template and gives the template's path.
async fn with_draft(admin: &Client, content: serde_json::Value) -> String {
    let body = json!({ "name": "Draft", "content": content });
    let template = admin.post("/api/v1/templates", body).await.expect(201).json();
    format!("/api/v1/templates/{}", template["id"].as_str().unwrap())
}

async fn discard(admin: &Client, path: &str, headers: &[(&str, &str)]) -> Answer {
    admin.send("DELETE", &format!("{path}/draft"), headers, "").await
}

#[tokio::test]
async fn what_cannot_be_stored_is_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let long = "x".repeat(501);
    for (content, pointer, code) in [
        (content(&["a", "a"], "{{a}}"), "/content/questions/0", "key-twice"),
        (content(&["A"], "x"), "/content/questions/0", "key-malformed"),
        (json!({ "document_title": "T\u{0}", "questions": [], "body": "x" }), "/content/document_title", "title-unfit"),
        (json!({ "document_title": long, "questions": [], "body": "x" }), "/content/document_title", "title-unfit"),
        (json!({ "document_title": "T", "questions": [], "body": "x\u{0}" }), "/content", "too-much"),
        (
            json!({ "document_title": "T", "questions": [{ "key": "a", "label": long, "kind": "text" }], "body": "{{a}}" }),
            "/content/questions/0",
            "text-unfit",
        ),
        (
            json!({ "document_title": "T", "questions": [{ "key": "a", "label": "L", "kind": "number", "minimum": 2, "maximum": 1 }], "body": "" }),
            "/content/questions/0",
            "range-empty",
        ),
    ] {
        let answer = admin.post("/api/v1/templates", json!({ "name": "N", "content": content })).await;
        let problem = answer.refused(422, "invalid-fields");
        let error = &problem["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)), "{problem}");
    }
    let unknown = json!({ "document_title": "T", "questions": [{ "key": "a", "label": "L", "kind": "telepathy" }], "body": "{{a}}" });
    assert_eq!(admin.post("/api/v1/templates", json!({ "name": "N", "content": unknown })).await.status, 422);
    let body = json!({ "name": "N", "iso_codes": ["ISO 0:0"] });
    admin.post("/api/v1/templates", body).await.refused(422, "unknown-reference");
    let names = admin.get("/api/v1/templates").await.text;
    assert!(!names.contains(r#""name":"N""#), "something was made: {names}");
}

#[tokio::test]
async fn an_unfinished_draft_is_saved_and_not_released() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut unfinished = content(&["a"], "Text.\n{{b}} {{t.x}}\n{{#if a is}}\n");
    unfinished["questions"][0]["kind"] = json!("choice");
    unfinished["questions"][0]["label"] = json!("");
    let path = with_draft(&admin, unfinished).await;
    let detail = admin.get(&path).await.json();
    let problems = detail["draft"]["problems"].as_array().unwrap().clone();
    let find = |code: &str| problems.iter().find(|one| one["code"] == code).unwrap_or_else(|| panic!("{code} in {problems:?}"));
    assert_eq!((&find("placeholder-without-question")["key"], &find("placeholder-without-question")["line"]), (&json!("b"), &json!(2)));
    assert_eq!(find("question-without-placeholder")["key"], "a");
    assert_eq!(find("section-malformed")["line"], 3);
    assert_eq!((find("options-misplaced")["key"].clone(), find("label-missing")["key"].clone()), (json!("a"), json!("a")));
    assert_eq!(detail["draft"]["by"], "admin", "{detail}");
    assert_eq!(admin.get(&format!("{path}/releases")).await.json()["items"][0]["problems"], json!(problems));
    let refused = admin.post(&format!("{path}/releases"), json!({})).await.refused(409, "draft-unfinished");
    assert_eq!(refused["problems"], json!(problems));
    assert_eq!(admin.get(&path).await.json()["latest_release"], json!(null));
    // Finished, it goes out; a release has no problems, and cannot go out again.
    admin.patch(&path, 1, json!({ "content": content(&["a"], "{{a}}\r\nEnd") })).await.expect(200);
    assert_eq!(admin.post(&format!("{path}/releases"), json!({})).await.expect(201).json()["number"], 1);
    let release = admin.get(&format!("{path}/releases/1")).await.expect(200).json();
    assert_eq!((&release["problems"], &release["body"]), (&json!(null), &json!("{{a}}\nEnd")));
    admin.get(&format!("{path}/releases/2")).await.refused(404, "not-found");
}

#[tokio::test]
async fn a_stale_edit_changes_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = with_draft(&admin, content(&["a"], "{{a}}")).await;
    admin.patch(&path, 1, json!({ "content": content(&["a"], "first {{a}}") })).await.expect(200);
    let stale = admin.patch(&path, 1, json!({ "content": content(&["a"], "second {{a}}") })).await.refused(412, "stale");
    assert_eq!(stale["current_version"], 2);
    assert_eq!(admin.get(&path).await.json()["draft"]["body"], "first {{a}}");
    // Nobody releases, or discards, what they have not seen.
    admin.with("POST", &format!("{path}/releases"), &[("if-match", "\"1\"")], json!({})).await.refused(412, "stale");
    discard(&admin, &path, &[("if-match", "\"1\"")]).await.refused(412, "stale");
    discard(&admin, &path, &[]).await.refused(428, "version-required");
    assert_eq!(admin.get(&path).await.json()["version"], 2);
    admin.with("POST", &format!("{path}/releases"), &[("if-match", "\"2\"")], json!({})).await.expect(201);
    assert_eq!(admin.get(&path).await.json()["version"], 3, "a release is a change");
}

#[tokio::test]
async fn a_discarded_draft_leaves_the_release() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = with_draft(&admin, content(&["a"], "{{a}}")).await;
    admin.post(&format!("{path}/releases"), json!({})).await.expect(201);
    // The same again is nothing to release.
    admin.patch(&path, 2, json!({ "content": content(&["a"], "{{a}}") })).await.expect(200);
    admin.post(&format!("{path}/releases"), json!({})).await.refused(409, "nothing-to-release");
    let after = discard(&admin, &path, &[("if-match", "\"3\"")]).await.expect(200).json();
    assert_eq!((&after["version"], &after["latest_release"]), (&json!(4), &json!(1)));
    assert_eq!(admin.get(&path).await.json()["draft"], json!(null));
    discard(&admin, &path, &[("if-match", "\"4\"")]).await.refused(404, "not-found");
    let log = admin.get("/audit").await.expect(200).text;
    assert!(log.contains("discarded the draft of the template"), "the log does not tell it");
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
