//! Documents: saving a filled template here; review and approval, versions, concurrency, what is
//! kept and rereading in files of their own.

mod at_once;
mod exports;
mod files;
mod kept;
mod pdf;
mod review;
mod versions;

use serde_json::{Value, json};

use crate::app::{Client, PASSWORD, TestApp};

/// Acme's document “Patch Management”: written by the contributor, a draft.
pub struct Patching {
    pub app: TestApp,
    pub contributor: Client,
    pub manager: Client,
    pub consultant: Client,
    pub approver: Client,
    /// `/api/v1/plans/…/templates/…`.
    pub assignment: String,
    /// `/api/v1/documents/…`.
    pub path: String,
}

impl Patching {
    pub async fn saved() -> Self {
        let app = TestApp::start().await;
        let admin = app.admin().await;
        let plan = admin.assign_plan(1, "ISO 27001:2022").await;
        let assignment = admin.assign_template(&plan, "Patch Management").await;
        let contributor = app.as_person("contributor").await;
        contributor.answer_all(&assignment).await;
        let document = contributor.post(&format!("{assignment}/documents"), json!({})).await.expect(201).json();
        let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
        let manager = app.as_person("manager").await;
        let (consultant, approver) = (app.as_person("consultant").await, app.as_person("approver").await);
        Self { app, contributor, manager, consultant, approver, assignment, path }
    }

    /// The same, handed in and reviewed.
    pub async fn reviewed() -> Self {
        let it = Self::saved().await;
        it.submit_and_review().await;
        it
    }

    /// The same, approved.
    pub async fn approved() -> Self {
        let it = Self::reviewed().await;
        it.approve().await;
        it
    }

    /// `/api/v1/plans/…`.
    pub fn plan(&self) -> &str {
        self.assignment.split_once("/templates/").unwrap().0
    }

    pub async fn submit_and_review(&self) {
        self.manager.post(&format!("{}/submit", self.path), json!({})).await.expect(200);
        self.consultant.post(&format!("{}/review", self.path), json!({})).await.expect(200);
    }

    pub async fn approve(&self) -> Value {
        let body = json!({ "password": PASSWORD });
        self.approver.post(&format!("{}/approve", self.path), body).await.expect(200).json()
    }

    pub async fn read(&self) -> Value {
        self.contributor.get(&self.path).await.expect(200).json()
    }

    pub async fn edit(&self, body: Value) -> crate::app::Answer {
        let version = self.read().await["version"].as_i64().unwrap();
        self.contributor.patch(&self.path, version, body).await
    }

    /// Changes an answer that has been given once.
    pub async fn answer(&self, key: &str, value: Value) {
        let questionnaire = self.contributor.get(&format!("{}/questionnaire", self.assignment)).await.json();
        let question = questionnaire["questions"].as_array().unwrap().iter().find(|one| one["key"] == key).unwrap();
        let tag = format!("\"{}\"", question["answer"]["version"]);
        let headers = [("if-match", tag.as_str())];
        self.contributor.with("PUT", &format!("{}/answers/{key}", self.assignment), &headers, json!({ "value": value })).await.expect(200);
    }

    /// The document's tasks of a type: title and status, the first first.
    pub async fn tasks(&self, task_type: &str) -> Vec<(String, String)> {
        let document = self.read().await;
        let of_type = document["tasks"].as_array().unwrap().iter().filter(|task| task["task_type"] == task_type);
        of_type.map(|task| (task["title"].as_str().unwrap().to_owned(), task["status"].as_str().unwrap().to_owned())).collect()
    }
}

pub fn statuses(tasks: &[(String, String)]) -> Vec<&str> {
    tasks.iter().map(|task| task.1.as_str()).collect()
}

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

#[tokio::test]
async fn a_draft_with_gaps_is_asked_for_and_cannot_be_handed_in() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    let document = admin.post(&format!("{assignment}/documents"), json!({ "draft": true })).await.expect(201).json();
    assert_eq!((&document["status"], &document["completion_percentage"]), (&json!("draft"), &json!(0)));
    assert!(document["unanswered"].as_array().unwrap().contains(&json!("organisation_name")));
    let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    let refused = admin.post(&format!("{path}/submit"), json!({})).await.refused(409, "document-incomplete");
    assert_eq!(refused["missing"][0], "organisation_name");
    // Answered, it is filled on request, and can go.
    admin.answer_all(&assignment).await;
    let read = admin.get(&path).await.json();
    assert_eq!(read["out_of_date"], true);
    assert!(read["changes"].as_array().unwrap().iter().any(|one| one["key"] == "organisation_name" && one["before"].is_null()));
    let filled = admin.post(&format!("{path}/refresh"), json!({})).await.expect(200).json();
    assert_eq!((&filled["out_of_date"], &filled["unanswered"], &filled["changes"]), (&json!(false), &json!([]), &json!([])));
    admin.post(&format!("{path}/submit"), json!({})).await.expect(200);
}
