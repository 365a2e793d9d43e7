//! The portfolio.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn the_portfolio_counts_what_the_workspaces_show() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    admin.assign_template(&plan, "Patch Management").await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "Late", "due_date": "2026-03-16" })).await.expect(201).json();
    let portfolio = admin.get("/api/v1/portfolio").await.expect(200).json();
    let acme = &portfolio["items"][0];
    let workspace = admin.get("/api/v1/customers/1/workspace").await.json();
    assert_eq!(acme["progress"], workspace["progress"]);
    assert_eq!((&acme["progress"]["overdue"], &acme["next_due"]["task_id"]), (&json!(1), &task["id"]));
    let tasks = admin.get("/api/v1/customers/1/tasks?open=1&limit=200").await.json();
    let falls_to_customer =
        |task: &&serde_json::Value| ["manager", "contributor", "approver"].contains(&task["assignee_role"].as_str().unwrap_or_default());
    let waiting = tasks["items"].as_array().unwrap().iter().filter(falls_to_customer).count();
    assert!(waiting >= 15);
    assert_eq!(acme["waiting"], waiting);
    let overdue = admin.get("/api/v1/portfolio?filter=overdue&sort=overdue").await.json();
    assert_eq!((&overdue["total"], &overdue["items"][0]["customer_name"]), (&json!(1), &json!("Acme")));
    let consultant = app.as_person("consultant").await.get("/api/v1/portfolio").await.json();
    assert_eq!(consultant["total"], 1);
    for path in ["/api/v1/portfolio?sort=id;drop", "/api/v1/portfolio?filter=none", "/api/v1/portfolio?limit=1000000000"] {
        admin.get(path).await.refused(422, "invalid-fields");
    }
}
