//! Saving a filled template as a document.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn a_filled_template_becomes_a_document_with_its_tasks() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    let contributor = app.as_person("contributor").await;
    let refused = contributor.post(&format!("{assignment}/documents"), json!({})).await.refused(409, "document-incomplete");
    assert_eq!(refused["missing"][0], "organisation_name");
    contributor.answer_all(&assignment).await;
    let document = contributor.post(&format!("{assignment}/documents"), json!({ "name": "Patching at Acme" })).await.expect(201).json();
    assert_eq!(
        (&document["name"], &document["status"], &document["completion_percentage"]),
        (&json!("Patching at Acme"), &json!("draft"), &json!(100))
    );
    let titles: Vec<_> =
        document["generated_tasks"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect();
    assert_eq!(titles, ["Review completed document", "Get manager approval", "Get CISO approval"]);
    // Saved again, it is the same document, and no task is there twice.
    let again = contributor.post(&format!("{assignment}/documents"), json!({})).await.expect(200).json();
    assert_eq!((&again["id"], &again["generated_tasks"]), (&document["id"], &json!([])));
    let workspace = admin.get("/api/v1/customers/1/workspace").await.json();
    let shown = &workspace["plans"][0]["templates"][0]["documents"];
    assert_eq!((shown.as_array().unwrap().len(), shown[0]["tasks"].as_array().unwrap().len()), (1, 3));
}

#[tokio::test]
async fn a_document_holds_the_answers_as_they_were() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    admin.answer_all(&assignment).await;
    let document = admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201).json();
    let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await.json()["out_of_date"], false);
    let headers = [("if-match", "\"1\"")];
    admin.with("PUT", &format!("{assignment}/answers/organisation_name"), &headers, json!({ "value": "Renamed" })).await.expect(200);
    let after = admin.get(&path).await.json();
    assert_eq!(after["out_of_date"], true);
    let name = after["answers"].as_array().unwrap().iter().find(|answer| answer["key"] == "organisation_name").unwrap();
    assert_eq!(name["words"], "An answer");
}

#[tokio::test]
async fn approvals_are_not_completed_by_hand() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    admin.answer_all(&assignment).await;
    let document = admin.post(&format!("{assignment}/documents"), json!({})).await.json();
    for task in document["generated_tasks"].as_array().unwrap() {
        let answer =
            app.as_person("approver").await.post(&format!("/api/v1/tasks/{}/complete", task["id"].as_str().unwrap()), json!({})).await;
        if task["task_type"] == "approve_document" {
            answer.refused(409, "approval-required");
        } else {
            answer.refused(403, "forbidden");
        }
    }
}
