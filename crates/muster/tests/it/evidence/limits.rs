//! Auditors who see some plans only, and respondents who see their questions only.

use serde_json::json;

use super::{PDF, hand_in};
use crate::{app::TestApp, people::accept};

#[tokio::test]
async fn a_limited_auditor_sees_evidence_through_their_tasks_only() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (seen, hidden) = (admin.assign_plan(1, "ISO 27001:2022").await, admin.assign_plan(1, "ISO 9001:2015").await);
    let mut tasks = Vec::new();
    for plan in [&seen["id"], &hidden["id"], &json!(null)] {
        let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "T", "plan_id": plan })).await.expect(201).json();
        tasks.push(task["id"].as_str().unwrap().to_owned());
    }
    let body = json!({ "email": "ext@audit.example", "name": "Ext", "role": "auditor", "plan_ids": [seen["id"]] });
    let invited = admin.post("/api/v1/customers/1/members", body).await.expect(201).json();
    let auditor = accept(&app, &invited).await;
    let mut made = Vec::new();
    for (name, serves) in [("both.pdf", &tasks[..2]), ("hidden.pdf", &tasks[1..2]), ("customer.pdf", &tasks[2..]), ("none.pdf", &[])] {
        let fields: Vec<(&str, &str)> = serves.iter().map(|id| ("task_id", id.as_str())).collect();
        let one = hand_in(&admin, &fields, (name, PDF)).await.expect(201).json();
        made.push(format!("/api/v1/evidence/{}", one["id"].as_str().unwrap()));
    }
    let list = auditor.get("/api/v1/customers/1/evidence").await.expect(200).json();
    assert_eq!((&list["total"], &list["items"][0]["filename"]), (&json!(1), &json!("both.pdf")));
    assert_eq!(list["items"][0]["task_ids"], json!([tasks[0]]), "a task of another plan is told");
    auditor.get(&format!("{}/content", made[0])).await.expect(200);
    for path in &made[1..] {
        auditor.get(path).await.refused(404, "not-found");
        auditor.get(&format!("{path}/content")).await.refused(404, "not-found");
        auditor.get(&path.replace("/api/v1", "")).await.expect(404);
    }
    let log = auditor.get("/api/v1/customers/1/audit?limit=200").await.expect(200).text;
    assert!(log.contains("both.pdf") && !log.contains("hidden.pdf") && !log.contains("customer.pdf") && !log.contains("none.pdf"));
}
