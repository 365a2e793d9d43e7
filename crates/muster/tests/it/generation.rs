//! Exactly once: many at the same time, retries, and requests that are cut off.

use serde_json::json;

use crate::app::TestApp;

async fn count(app: &TestApp, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(&mut app.database.superuser().await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_clients_assign_the_same_at_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let template = admin.template_id("Patch Management").await;
    let plans = run_at_once(16, || {
        let admin = admin.clone();
        async move { admin.post("/api/v1/customers/1/plans", json!({ "iso_code": "ISO 27001:2022" })).await }
    })
    .await;
    let made = plans.iter().filter(|answer| answer.status == 201).count();
    assert_eq!((made, plans.iter().filter(|answer| answer.status == 200).count()), (1, 15), "{plans:?}");
    let plan = plans[0].json()["id"].as_str().unwrap().to_owned();
    assert!(plans.iter().all(|answer| answer.json()["id"] == plan.as_str()));
    let assigned = run_at_once(16, || {
        let (admin, path, template) = (admin.clone(), format!("/api/v1/plans/{plan}/templates"), template.clone());
        async move { admin.post(&path, json!({ "template_id": template })).await }
    })
    .await;
    assert_eq!(assigned.iter().filter(|answer| answer.status == 201).count(), 1, "{assigned:?}");
    assert_eq!(assigned.iter().filter(|answer| answer.status == 200).count(), 15);
    let assignment = format!("/api/v1/plans/{plan}/templates/{template}");
    admin.answer_all(&assignment).await;
    let saved = run_at_once(16, || {
        let (admin, path) = (admin.clone(), format!("{assignment}/documents"));
        async move { admin.post(&path, json!({})).await }
    })
    .await;
    assert_eq!(saved.iter().filter(|answer| answer.status == 201).count(), 1, "{saved:?}");
    // 2 of the customer, 4 of the plan, 14 questions, 3 of the document.
    assert_eq!(count(&app, "SELECT count(*) FROM dna_app.customer_tasks WHERE customer_id = 1").await, 23);
    assert_eq!(count(&app, "SELECT count(*) FROM dna_app.customer_documents").await, 1);
}

async fn run_at_once<T: Send + 'static, F: Future<Output = T> + Send + 'static>(count: usize, work: impl Fn() -> F) -> Vec<T> {
    let tasks: Vec<_> = (0..count).map(|_| tokio::spawn(work())).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

/// A request whose client leaves is finished all the same: what has begun is done whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_that_leaves_does_not_leave_half_of_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for round in 0..40_u64 {
        let admin = admin.clone();
        let request = tokio::spawn(async move {
            admin.post("/api/v1/customers", json!({ "name": format!("Customer {round}") })).await;
        });
        tokio::time::sleep(std::time::Duration::from_micros(round * 250)).await;
        request.abort();
    }
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    let uneven = count(
        &app,
        "SELECT count(*) FROM dna_app.customers c WHERE (SELECT count(*) FROM dna_app.customer_tasks t WHERE t.customer_id = c.id) <> 2",
    )
    .await;
    assert_eq!(uneven, 0);
}

#[tokio::test]
async fn rules_decide_what_is_made() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let rule =
        json!({ "level": "template", "title": "Brief the team", "due_offset_days": 5, "assignee_role": "manager", "priority": "urgent" });
    admin.post("/api/v1/task-rules", rule).await.expect(201);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let titles: Vec<_> =
        plan["generated_tasks"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect();
    assert_eq!(titles, ["Review scope", "Identify stakeholders", "Review the standard's requirements", "Attend kickoff meeting"]);
    let body = json!({ "template_id": admin.template_id("Patch Management").await });
    let assigned = admin.post(&format!("/api/v1/plans/{}/templates", plan["id"].as_str().unwrap()), body).await.expect(201).json();
    let tasks = assigned["generated_tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 15);
    assert_eq!(tasks[0]["title"], "What is the organisation's name?");
    assert_eq!(tasks[4]["title"], "How often are patches applied?");
    let last = tasks.last().unwrap();
    assert_eq!(
        (&last["title"], &last["due_date"], &last["assignee_role"], &last["priority"]),
        (&json!("Brief the team"), &json!("2026-03-22"), &json!("manager"), &json!("urgent"))
    );
}
