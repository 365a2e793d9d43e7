//! The workspace: shape, order, progress, freshness.

use serde_json::{Value, json};
use sqlx::Row as _;

use crate::app::TestApp;

#[tokio::test]
async fn the_shape_that_clients_rely_on() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    admin.assign_template(&plan, "Patch Management").await;
    admin.assign_plan(1, "ISO 9001:2015").await;
    let answer = app.as_person("auditor").await.get("/api/v1/customers/1/workspace").await.expect(200);
    let workspace = answer.json();
    assert_eq!((&workspace["customer_id"], &workspace["customer_name"]), (&json!(1), &json!("Acme")));
    let task = &workspace["customer_tasks"][0];
    for field in ["id", "title", "status", "priority", "due_date", "task_type", "requires_evidence", "assigned_to", "version"] {
        assert!(task.as_object().unwrap().contains_key(field), "{field}: {task}");
        assert!(workspace["plans"][0]["templates"][0]["tasks"][0].as_object().unwrap().contains_key(field), "{field}");
    }
    let plans: Vec<&Value> = workspace["plans"].as_array().unwrap().iter().map(|plan| &plan["iso_code"]).collect();
    assert_eq!(plans, ["ISO 27001:2022", "ISO 9001:2015"]);
    // An empty plan is there, with empty lists.
    assert_eq!(workspace["plans"][1]["templates"], json!([]));
    let questions: Vec<&Value> =
        workspace["plans"][0]["templates"][0]["tasks"].as_array().unwrap().iter().map(|task| &task["title"]).collect();
    assert_eq!(questions[0], "What is the organisation's name?");
    assert_eq!(questions[4], "How often are patches applied?");
    assert_eq!(workspace["plans"][0]["templates"][0]["documents"], json!([]));
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = "/api/v1/customers/1/workspace";
    let first = admin.get(path).await.expect(200);
    let tag = first.header("etag").to_owned();
    let again = admin.send("GET", path, &[("if-none-match", &tag)], "").await.expect(304);
    assert!(again.text.is_empty());
    let task = first.json()["customer_tasks"][0]["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/api/v1/tasks/{task}/start"), json!({})).await.expect(200);
    let changed = admin.send("GET", path, &[("if-none-match", &tag)], "").await.expect(200);
    assert_ne!(changed.header("etag"), tag);
    // Overdue changes at midnight where the customer is, without anybody's doing.
    let tag = changed.header("etag").to_owned();
    app.advance(jiff::SignedDuration::from_hours(24 * 7));
    let admin = app.admin().await;
    let later = admin.send("GET", path, &[("if-none-match", &tag)], "").await.expect(200).json();
    assert_eq!(later["progress"]["overdue"], 1);
}

/// The endpoint, the view it replaces, and the progress views tell the same, whatever is done.
#[tokio::test]
async fn the_views_tell_the_same() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let isms = admin.assign_plan(1, "ISO 27001:2022").await;
    let patches = admin.assign_template(&isms, "Patch Management").await;
    let access = admin.assign_template(&isms, "Access Control").await;
    admin.answer_all(&access).await;
    admin.post(&format!("{access}/documents"), json!({})).await.expect(201);
    admin.assign_template(&isms, "Supplier Security").await;
    let tasks = admin.get("/api/v1/customers/1/tasks?limit=200").await.json();
    let id = |index: usize| tasks["items"][index]["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/api/v1/tasks/{}/cancel", id(0)), json!({})).await.expect(200);
    admin.post(&format!("/api/v1/tasks/{}/complete", id(1)), json!({})).await.expect(200);
    admin.post(&format!("/api/v1/tasks/{}/cancel", id(2)), json!({})).await.expect(200);
    admin.post(&format!("/api/v1/tasks/{}/ignore", id(3)), json!({ "reason": "R" })).await.expect(200);
    admin.patch(&format!("/api/v1/tasks/{}", id(4)), 1, json!({ "due_date": "2020-01-01" })).await.expect(200);
    check_views(&app).await;
    admin.post(&format!("{patches}/ignore"), json!({ "reason": "R" })).await.expect(200);
    check_views(&app).await;
    admin.post(&format!("/api/v1/plans/{}/ignore", isms["id"].as_str().unwrap()), json!({ "reason": "R" })).await.expect(200);
    check_views(&app).await;
}

async fn check_views(app: &TestApp) {
    let workspace = app.admin().await.get("/api/v1/customers/1/workspace").await.json();
    let mut superuser = app.database.superuser().await;
    let shown = sqlx::query("SELECT count(task_id), count(DISTINCT plan_id), count(DISTINCT (plan_id, template_id)) FILTER (WHERE template_id IS NOT NULL), count(DISTINCT document_id) FROM dna_app.v_customer_workspace WHERE customer_id = 1")
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    let count = |value: &Value| i64::try_from(value.as_array().unwrap().len()).unwrap();
    let plans = workspace["plans"].as_array().unwrap();
    let templates: Vec<&Value> = plans.iter().flat_map(|plan| plan["templates"].as_array().unwrap()).collect();
    let documents: Vec<&Value> = templates.iter().flat_map(|template| template["documents"].as_array().unwrap()).collect();
    let tasks = count(&workspace["customer_tasks"])
        + plans.iter().map(|plan| count(&plan["plan_tasks"])).sum::<i64>()
        + templates.iter().map(|template| count(&template["tasks"])).sum::<i64>()
        + documents.iter().map(|document| count(&document["tasks"])).sum::<i64>();
    let nodes = [count(&workspace["plans"]), i64::try_from(templates.len()).unwrap(), i64::try_from(documents.len()).unwrap()];
    assert_eq!([tasks, nodes[0], nodes[1], nodes[2]], [shown.get::<i64, _>(0), shown.get(1), shown.get(2), shown.get(3)]);
    for plan in plans {
        let row =
            sqlx::query("SELECT total_tasks, completed_tasks, progress_percentage FROM dna_app.v_plan_progress WHERE plan_id = $1::uuid")
                .bind(plan["id"].as_str().unwrap())
                .fetch_one(&mut superuser)
                .await
                .unwrap();
        let progress = &plan["progress"];
        assert_eq!(progress["total"], row.get::<i64, _>(0));
        assert_eq!(progress["completed"], row.get::<i64, _>(1));
        assert_eq!(progress["percentage"], row.get::<i32, _>(2));
        for template in plan["templates"].as_array().unwrap() {
            let row = sqlx::query(
                "SELECT total_tasks, completed_tasks FROM dna_app.v_template_progress WHERE plan_id = $1::uuid AND template_id = $2::uuid",
            )
            .bind(plan["id"].as_str().unwrap())
            .bind(template["id"].as_str().unwrap())
            .fetch_one(&mut superuser)
            .await
            .unwrap();
            assert_eq!(
                (&template["progress"]["total"], &template["progress"]["completed"]),
                (&json!(row.get::<i64, _>(0)), &json!(row.get::<i64, _>(1)))
            );
        }
    }
}

#[tokio::test]
async fn two_thousand_tasks_come_whole() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let statement = "INSERT INTO dna_app.customer_tasks (customer_id, plan_id, task_scope, task_type, title)
                     SELECT 1, $1::uuid, 'plan', 'general', 'Task ' || n FROM generate_series(1, 2000) n";
    sqlx::query(statement).bind(plan["id"].as_str().unwrap()).execute(&mut app.database.superuser().await).await.unwrap();
    let workspace = admin.get("/api/v1/customers/1/workspace").await.expect(200).json();
    assert_eq!(workspace["plans"][0]["plan_tasks"].as_array().unwrap().len(), 2004);
    assert_eq!(workspace["progress"]["total"], 2006);
}
