//! Answering questions.

mod kinds;
mod long;

use serde_json::{Value, json};

use crate::app::{Client, TestApp};

async fn patch_management(admin: &Client) -> String {
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    admin.assign_template(&plan, "Patch Management").await
}

fn find<'a>(questionnaire: &'a Value, key: &str) -> &'a Value {
    questionnaire["questions"].as_array().unwrap().iter().find(|question| question["key"] == key).unwrap()
}

#[tokio::test]
async fn an_answer_completes_its_task() {
    let app = TestApp::start().await;
    let assignment = patch_management(&app.admin().await).await;
    let contributor = app.as_person("contributor").await;
    let saved =
        contributor.put(&format!("{assignment}/answers/organisation_name"), json!({ "value": "  Acme Corp  " })).await.expect(201).json();
    assert_eq!((&saved["value"], &saved["version"], &saved["answered_by_name"]), (&json!("Acme Corp"), &json!(1), &json!("contributor")));
    let task = contributor.get(&format!("/api/v1/tasks/{}", saved["task_id"].as_str().unwrap())).await.json();
    assert_eq!((&task["status"], &task["completed_by_name"]), (&json!("completed"), &json!("contributor")));
    let questionnaire = contributor.get(&format!("{assignment}/questionnaire")).await.json();
    assert_eq!(find(&questionnaire, "organisation_name")["answer"]["value"], "Acme Corp");
    assert!(!questionnaire["missing"].as_array().unwrap().contains(&json!("organisation_name")));
}

#[tokio::test]
async fn a_changed_answer_names_the_version_it_replaces() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("{}/answers/organisation_name", patch_management(&admin).await);
    let change = |version: &'static str, value: &'static str| {
        let (admin, path) = (admin.clone(), path.clone());
        async move { admin.with("PUT", &path, &[("if-match", version)], json!({ "value": value })).await }
    };
    change("\"1\"", "Too early").await.refused(412, "stale");
    admin.put(&path, json!({ "value": "First" })).await.expect(201);
    admin.put(&path, json!({ "value": "Second" })).await.refused(428, "version-required");
    change("\"1\"", "Second").await.expect(200);
    let stale = change("\"1\"", "Third").await.refused(412, "stale");
    assert_eq!(stale["current_version"], 2);
    // The same value again is no change, so that saving twice does not outdate a document.
    assert_eq!(change("\"2\"", "Second").await.expect(200).json()["version"], 2);
}

#[tokio::test]
async fn an_answer_given_elsewhere_is_offered_not_copied() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let isms = admin.assign_plan(1, "ISO 27001:2022").await;
    let first = admin.assign_template(&isms, "Patch Management").await;
    admin.put(&format!("{first}/answers/organisation_name"), json!({ "value": "Acme Corp GmbH" })).await.expect(201);
    let qms = admin.assign_plan(1, "ISO 9001:2015").await;
    let second = admin.assign_template(&qms, "Quality Policy").await;
    let question = find(&admin.get(&format!("{second}/questionnaire")).await.json(), "organisation_name").clone();
    assert!(question["answer"].is_null());
    assert_eq!(question["suggestion"]["value"], "Acme Corp GmbH");
    assert_eq!(
        (&question["suggestion"]["iso_code"], &question["suggestion"]["template_name"]),
        (&json!("ISO 27001:2022"), &json!("Patch Management"))
    );
    // Another customer's answers are never offered.
    let other = admin.assign_plan(2, "ISO 9001:2015").await;
    let theirs = admin.assign_template(&other, "Quality Policy").await;
    assert!(find(&admin.get(&format!("{theirs}/questionnaire")).await.json(), "organisation_name")["suggestion"].is_null());
}

#[tokio::test]
async fn answers_of_the_wrong_kind_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let assignment = patch_management(&admin).await;
    for (key, value) in [
        ("organisation_name", json!(null)),
        ("organisation_name", json!("")),
        ("organisation_name", json!(7)),
        ("organisation_name", json!("a\u{0}b")),
        ("patch_frequency", json!("never")),
        ("systems_in_scope", json!("servers")),
        ("critical_days", json!("soon")),
    ] {
        let answer = admin.put(&format!("{assignment}/answers/{key}"), json!({ "value": value })).await;
        assert_eq!(answer.status, 422, "{key} {value}: {}", answer.text);
    }
    admin.put(&format!("{assignment}/answers/no_such_question"), json!({ "value": "x" })).await.refused(404, "not-found");
    admin.put(&format!("{assignment}/answers/organisation_name"), json!({ "wert": "x" })).await.refused(422, "invalid-fields");
    let questionnaire = admin.get(&format!("{assignment}/questionnaire")).await.json();
    assert!(questionnaire["questions"].as_array().unwrap().iter().all(|question| question["answer"].is_null()));
}

/// Taking over names what was seen; where it came from stays told, and what changes there since.
#[tokio::test]
async fn what_is_taken_over_tells_where_it_came_from() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let isms = admin.assign_plan(1, "ISO 27001:2022").await;
    let first = admin.assign_template(&isms, "Patch Management").await;
    let source = format!("{first}/answers/organisation_name");
    admin.put(&source, json!({ "value": "Acme Corp GmbH" })).await.expect(201);
    let qms = admin.assign_plan(1, "ISO 9001:2015").await;
    let second = admin.assign_template(&qms, "Quality Policy").await;
    let path = format!("{second}/answers/organisation_name");
    let suggestion = find(&admin.get(&format!("{second}/questionnaire")).await.json(), "organisation_name")["suggestion"].clone();
    let seen = json!({ "plan_id": suggestion["plan_id"], "template_id": suggestion["template_id"], "version": suggestion["version"] });
    admin.with("PUT", &source, &[("if-match", "\"1\"")], json!({ "value": "Acme GmbH" })).await.expect(200);
    admin.put(&path, json!({ "reused_from": seen })).await.refused(409, "source-changed");
    let nowhere = json!({ "plan_id": qms["id"], "template_id": suggestion["template_id"], "version": 1 });
    admin.put(&path, json!({ "reused_from": nowhere })).await.refused(422, "unknown-reference");
    let now = json!({ "plan_id": suggestion["plan_id"], "template_id": suggestion["template_id"], "version": 2 });
    let taken = admin.put(&path, json!({ "reused_from": now })).await.expect(201).json();
    assert_eq!((&taken["value"], &taken["reused_from"]["template_name"]), (&json!("Acme GmbH"), &json!("Patch Management")));
    assert!(taken["newer_there"].is_null());
    // It changes there: said here, and taken over only when somebody says so.
    admin.with("PUT", &source, &[("if-match", "\"2\"")], json!({ "value": "Acme SE" })).await.expect(200);
    let answer = find(&admin.get(&format!("{second}/questionnaire")).await.json(), "organisation_name")["answer"].clone();
    assert_eq!((&answer["value"], &answer["newer_there"]), (&json!("Acme GmbH"), &json!({ "value": "Acme SE", "version": 3 })));
    let newer = json!({ "plan_id": suggestion["plan_id"], "template_id": suggestion["template_id"], "version": 3 });
    let updated = admin.with("PUT", &path, &[("if-match", "\"1\"")], json!({ "reused_from": newer })).await.expect(200).json();
    assert_eq!((&updated["value"], &updated["newer_there"], &updated["version"]), (&json!("Acme SE"), &Value::Null, &json!(2)));
    let uses = admin.get(&format!("{second}/questions/organisation_name/uses")).await.expect(200).json();
    let places: Vec<_> = uses["items"].as_array().unwrap().iter().map(|one| one["template_name"].as_str().unwrap()).collect();
    assert_eq!(places, ["Patch Management", "Quality Policy"]);
    // What is taken back is offered no more.
    admin.send("DELETE", &source, &[("if-match", "\"3\"")], "").await.expect(204);
    let third = admin.assign_template(&isms, "Supplier Security").await;
    let question = find(&admin.get(&format!("{third}/questionnaire")).await.json(), "organisation_name").clone();
    assert_eq!(question["suggestion"]["template_name"], "Quality Policy");
    // An answer of one's own comes from nowhere.
    let own = admin.with("PUT", &path, &[("if-match", "\"2\"")], json!({ "value": "Ours" })).await.expect(200).json();
    assert!(own["reused_from"].is_null());
}
