//! Adding tasks by hand: the level follows from the links, and links never leave the customer.

use serde_json::{Value, json};

use crate::app::{Client, TestApp};

struct Acme {
    admin: Client,
    plan: Value,
    template: String,
    document: Value,
}

async fn acme(app: &TestApp, customer: i64) -> Acme {
    let admin = app.admin().await;
    let plan = admin.assign_plan(customer, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    admin.answer_all(&assignment).await;
    let document = admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201).json();
    Acme { plan: plan["id"].clone(), template: assignment.rsplit('/').next().unwrap().to_owned(), document: document["id"].clone(), admin }
}

#[tokio::test]
async fn the_level_follows_from_the_links() {
    let app = TestApp::start().await;
    let acme = acme(&app, 1).await;
    let links = [
        ("customer", json!({})),
        ("plan", json!({ "plan_id": acme.plan })),
        ("template", json!({ "plan_id": acme.plan, "template_id": acme.template })),
        ("document", json!({ "plan_id": acme.plan, "template_id": acme.template, "document_id": acme.document })),
    ];
    for (scope, links) in links {
        let mut body = links;
        body["title"] = json!("By hand");
        let task = acme.admin.post("/api/v1/customers/1/tasks", body.clone()).await.expect(201).json();
        assert_eq!((&task["task_scope"], &task["auto_generated"]), (&json!(scope), &json!(false)));
        body["task_scope"] = json!(scope);
        acme.admin.post("/api/v1/customers/1/tasks", body.clone()).await.expect(201);
        body["task_scope"] = json!(if scope == "plan" { "customer" } else { "plan" });
        acme.admin.post("/api/v1/customers/1/tasks", body).await.refused(422, "invalid-fields");
    }
    for body in [
        json!({ "title": "T", "task_scope": "template", "plan_id": acme.plan }),
        json!({ "title": "T", "template_id": acme.template }),
        json!({ "title": "T", "document_id": acme.document }),
        json!({ "title": "T", "task_type": "answer_question", "plan_id": acme.plan }),
        json!({ "title": "T", "task_type": "approve_document" }),
        json!({ "title": "T", "task_type": "juggling" }),
    ] {
        acme.admin.post("/api/v1/customers/1/tasks", body).await.refused(422, "invalid-fields");
    }
}

#[tokio::test]
async fn another_customers_ids_are_like_ids_that_do_not_exist() {
    let app = TestApp::start().await;
    let acme = acme(&app, 1).await;
    let globex = self::acme(&app, 2).await;
    let random = json!("6a0e2a0e-0000-4000-8000-000000000000");
    let mut answers = Vec::new();
    for foreign in [&globex.plan, &random] {
        let body = json!({ "title": "T", "plan_id": foreign });
        answers.push(acme.admin.post("/api/v1/customers/1/tasks", body).await.refused(422, "unknown-reference")["errors"].clone());
    }
    assert_eq!(answers[0], answers[1]);
    for foreign in [&globex.document, &random] {
        let body = json!({ "title": "T", "plan_id": acme.plan, "template_id": acme.template, "document_id": foreign });
        acme.admin.post("/api/v1/customers/1/tasks", body).await.refused(422, "unknown-reference");
    }
    let unassigned = acme.admin.template_id("Supplier Security").await;
    let body = json!({ "title": "T", "plan_id": acme.plan, "template_id": unassigned });
    acme.admin.post("/api/v1/customers/1/tasks", body).await.refused(422, "unknown-reference");
    // In the path, too.
    let manager = app.as_person("manager").await;
    let foreign = manager.get(&format!("/api/v1/plans/{}", globex.plan.as_str().unwrap())).await.refused(404, "not-found");
    let unknown = manager.get(&format!("/api/v1/plans/{}", random.as_str().unwrap())).await.refused(404, "not-found");
    assert_eq!((&foreign["title"], &foreign["detail"]), (&unknown["title"], &unknown["detail"]));
}
