//! Auditors who are limited to some plans: nothing of the others is told by any answer.

use serde_json::{Value, json};

use super::accept;
use crate::app::{Client, TestApp};

const CANARY: &str = "canary-of-the-other-plan";

async fn limited(app: &TestApp) -> (Client, Value, Value, String) {
    let admin = app.admin().await;
    let seen = admin.assign_plan(1, "ISO 27001:2022").await;
    let hidden = admin.assign_plan(1, "ISO 9001:2015").await;
    for (plan, title) in [(&seen, "what-is-seen"), (&hidden, CANARY)] {
        admin.post("/api/v1/customers/1/tasks", json!({ "title": title, "plan_id": plan["id"] })).await.expect(201);
    }
    admin.post("/api/v1/customers/1/tasks", json!({ "title": CANARY })).await.expect(201);
    let assignment = admin.assign_template(&hidden, "Quality Policy").await;
    let questionnaire = admin.get(&format!("{assignment}/questionnaire")).await.json();
    let text = questionnaire["questions"].as_array().unwrap().iter().find(|question| question["kind"] == "text").unwrap();
    admin.put(&format!("{assignment}/answers/{}", text["key"].as_str().unwrap()), json!({ "value": CANARY })).await.expect(201);
    let body = json!({ "email": "ext@audit.example", "name": "Ext", "role": "auditor", "plan_ids": [seen["id"]] });
    let invited = admin.post("/api/v1/customers/1/members", body).await.expect(201).json();
    (accept(app, &invited).await, seen, hidden, assignment)
}

#[tokio::test]
async fn an_auditor_sees_the_plans_that_are_theirs() {
    let app = TestApp::start().await;
    let (auditor, seen, hidden, assignment) = limited(&app).await;
    let id = |plan: &Value| plan["id"].as_str().unwrap().to_owned();
    let workspace = auditor.get("/api/v1/customers/1/workspace").await.expect(200);
    assert!(workspace.text.contains("what-is-seen"));
    assert_eq!(workspace.json()["plans"].as_array().unwrap().len(), 1);
    assert!(workspace.json()["customer_tasks"].as_array().unwrap().is_empty());
    auditor.get(&format!("/api/v1/plans/{}", id(&seen))).await.expect(200);
    for place in ["/customers/1", ""] {
        for (words, total) in [("seen", 1), ("canary", 0)] {
            let found = auditor.get(&format!("/api/v1{place}/search?q={words}")).await.expect(200).json();
            assert_eq!(found["total"], total, "{place} {words}: {found}");
        }
    }
    for path in
        [format!("/api/v1/plans/{}", id(&hidden)), format!("/api/v1/plans/{}/progress", id(&hidden)), format!("{assignment}/questionnaire")]
    {
        auditor.get(&path).await.refused(404, "not-found");
    }
    for path in [
        "/api/v1/customers/1/workspace",
        "/api/v1/customers/1/tasks",
        "/api/v1/customers/1/progress",
        "/api/v1/customers/1/ignored",
        "/api/v1/customers/1/audit?limit=200",
        "/api/v1/customers/1/audit/export",
        "/api/v1/me/tasks",
        "/customers/1",
        "/customers/1/ignored",
        "/my-work",
    ] {
        let answer = auditor.get(path).await.expect(200);
        assert!(!answer.text.contains(CANARY), "{path} tells of the other plan");
        assert!(!answer.text.contains(&id(&hidden)), "{path} names the other plan");
    }
    // Somebody without a limit sees all of it.
    assert!(app.as_person("auditor").await.get("/api/v1/customers/1/workspace").await.text.contains(CANARY));
}

/// What is left out of an export is told, and what is in it can be verified.
#[tokio::test]
async fn a_limited_export_can_be_verified() {
    let app = TestApp::start().await;
    let (auditor, ..) = limited(&app).await;
    let export = auditor.get("/api/v1/customers/1/audit/export").await.expect(200).text;
    assert!(export.contains("\"withheld\":true"), "{export}");
    let header = muster_domain::audit::export::verify(&export, &[]).unwrap();
    assert!(header.entries > 5);
    let lines: Vec<&str> = export.lines().collect();
    for index in 1..lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(index);
        assert!(muster_domain::audit::export::verify(&fewer.join("\n"), &[]).is_err(), "line {index} was left out and nobody noticed");
    }
    let changed = export.replace("what-is-seen", "what-was-seen");
    assert_ne!(changed, export);
    assert!(muster_domain::audit::export::verify(&changed, &[]).is_err());
}
