//! Plans, assignments, ignoring and restoring.

use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test]
async fn assigning_again_finds_what_is_there() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({ "iso_code": "ISO 9001:2015", "templates": "all", "target_completion_date": "2026-12-15" });
    let made = admin.post("/api/v1/customers/1/plans", body.clone()).await.expect(201).json();
    assert_eq!(made["target_completion_date"], "2026-12-15");
    let templates = admin.get(&format!("/api/v1/plans/{}", made["id"].as_str().unwrap())).await.json();
    assert_eq!(templates["templates"].as_array().unwrap().len(), 4);
    let found = admin.post("/api/v1/customers/1/plans", body).await.expect(200).json();
    assert_eq!((&found["id"], &found["generated_tasks"]), (&made["id"], &json!([])));
}

#[tokio::test]
async fn unknown_standards_and_templates_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let random = "6a0e2a0e-0000-4000-8000-000000000000";
    for body in [json!({ "iso_code": "ISO 0:0" }), json!({ "iso_standard_id": random }), json!({ "iso_standard_id": "abc" })] {
        admin.post("/api/v1/customers/1/plans", body).await.refused(422, "unknown-reference");
    }
    admin.post("/api/v1/customers/1/plans", json!({})).await.refused(422, "invalid-fields");
    let body = json!({ "iso_code": "ISO 9001:2015", "templates": [random] });
    admin.post("/api/v1/customers/1/plans", body).await.refused(422, "unknown-reference");
    // All or nothing: the plan was not made either.
    assert_eq!(admin.get("/api/v1/customers/1/workspace").await.json()["plans"], json!([]));
    let plan = admin.assign_plan(1, "ISO 9001:2015").await;
    let path = format!("/api/v1/plans/{}/templates", plan["id"].as_str().unwrap());
    admin.post(&path, json!({ "template_id": random })).await.refused(422, "unknown-reference");
    admin.post(&path, json!({})).await.refused(422, "unknown-reference");
}

#[tokio::test]
async fn ignoring_hides_the_subtree_and_restoring_brings_it_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    admin.answer_all(&assignment).await;
    admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201);
    let workspace = || async { admin.get("/api/v1/customers/1/workspace").await.json() };
    let before = workspace().await;
    let plan_path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());

    admin.post(&format!("{assignment}/ignore"), json!({ "reason": " " })).await.refused(422, "invalid-fields");
    admin.post(&format!("{assignment}/ignore"), json!({ "reason": "Outsourced" })).await.expect(200);
    let hidden = workspace().await;
    assert_eq!(hidden["plans"][0]["templates"], json!([]));
    assert_eq!(hidden["plans"][0]["progress"]["total"], 4);
    let progress = admin.get(&format!("{plan_path}/progress")).await.json();
    assert_eq!((&progress["total_tasks"], &progress["total_templates"]), (&json!(4), &json!(0)));
    let refused = admin.put(&format!("{assignment}/answers/testing"), json!({ "value": "x" })).await.refused(409, "ignored");
    assert_eq!(refused["restore"], format!("{assignment}/restore"));

    admin.post(&format!("{plan_path}/ignore"), json!({ "reason": "Next year" })).await.expect(200);
    assert_eq!(workspace().await["plans"], json!([]));
    let refused = admin.post("/api/v1/customers/1/plans", json!({ "iso_code": "ISO 27001:2022" })).await.refused(409, "ignored");
    assert_eq!(refused["restore"], format!("{plan_path}/restore"));
    let ignored = admin.get("/api/v1/customers/1/ignored").await.json();
    let items: Vec<(&Value, &Value)> =
        ignored["items"].as_array().unwrap().iter().map(|item| (&item["kind"], &item["ignored"]["reason"])).collect();
    assert_eq!(items.len(), 2);
    assert!(items.contains(&(&json!("plan"), &json!("Next year"))) && items.contains(&(&json!("template"), &json!("Outsourced"))));
    for item in ignored["items"].as_array().unwrap() {
        admin.post(item["restore"].as_str().unwrap(), json!({})).await.expect(200);
    }
    assert_eq!(workspace().await, before);
}

#[tokio::test]
async fn a_plan_changes_at_its_version() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    let body = json!({ "plan_status": "paused", "target_completion_date": "2026-09-30" });
    assert_eq!(admin.patch(&path, 1, body).await.expect(200).json()["plan_status"], "paused");
    admin.patch(&path, 1, json!({ "plan_name": "N" })).await.refused(412, "stale");
    assert!(admin.patch(&path, 2, json!({ "target_completion_date": null })).await.expect(200).json()["target_completion_date"].is_null());
    admin.patch(&path, 3, json!({ "plan_status": "sleeping" })).await.refused(422, "invalid-fields");
    admin.patch(&path, 3, json!({ "target_completion_date": "2026-02-30" })).await.refused(422, "invalid-fields");
}
