//! Bringing plans to newer releases.

use serde_json::{Value, json};

use crate::app::{Client, TestApp};

fn question(key: &str, other: Value) -> Value {
    let mut question = json!({ "key": key, "label": format!("What is {key}?"), "kind": "text" });
    question.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    question
}

fn content(questions: &[Value]) -> Value {
    let body: String = questions.iter().map(|one| format!("{{{{{}}}}}\n", one["key"].as_str().unwrap())).collect();
    json!({ "document_title": "Title", "questions": questions, "body": body })
}

fn choice(options: &[&str]) -> Value {
    question(
        "rhythm",
        json!({ "kind": "choice", "options": options.iter().map(|one| json!({ "value": one, "label": one })).collect::<Vec<_>>() }),
    )
}

/// A template with one release, assigned to Acme's plan.
struct Ground {
    app: TestApp,
    admin: Client,
    template: String,
    plan: String,
}

impl Ground {
    async fn make(questions: &[Value]) -> Self {
        let app = TestApp::start().await;
        let admin = app.admin().await;
        let body = json!({ "name": "Backups", "iso_codes": ["ISO 27001:2022"], "content": content(questions) });
        let template = admin.post("/api/v1/templates", body).await.expect(201).json()["id"].as_str().unwrap().to_owned();
        admin.post(&format!("/api/v1/templates/{template}/releases"), json!({})).await.expect(201);
        let plan = admin.assign_plan(1, "ISO 27001:2022").await["id"].as_str().unwrap().to_owned();
        let ground = Self { app, admin, template, plan };
        ground.assign(&ground.plan).await;
        ground
    }

    async fn assign(&self, plan: &str) {
        self.admin.post(&format!("/api/v1/plans/{plan}/templates"), json!({ "template_id": self.template })).await.expect(201);
    }

    fn path(&self) -> String {
        format!("/api/v1/plans/{}/templates/{}", self.plan, self.template)
    }

    async fn release(&self, questions: &[Value]) {
        let path = format!("/api/v1/templates/{}", self.template);
        let version = self.admin.get(&path).await.json()["version"].as_i64().unwrap();
        self.admin.patch(&path, version, json!({ "content": content(questions) })).await.expect(200);
        self.admin.post(&format!("{path}/releases"), json!({ "note": "New" })).await.expect(201);
    }

    async fn upgrade(&self, body: Value) -> Value {
        self.admin.post(&format!("{}/upgrade", self.path()), body).await.expect(200).json()
    }

    /// The tasks of the template's questions that are shown, by title.
    async fn tasks(&self) -> Vec<(String, String)> {
        let path = format!("/api/v1/customers/1/tasks?scope=template&template_id={}&limit=200", self.template);
        let list = self.admin.get(&path).await.expect(200).json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        list["items"].as_array().unwrap().iter().map(|task| (text(&task["title"]), text(&task["status"]))).collect()
    }

    async fn task_id(&self, title: &str) -> String {
        let path = format!("/api/v1/customers/1/tasks?scope=template&template_id={}&limit=200", self.template);
        let list = self.admin.get(&path).await.json();
        let found = list["items"].as_array().unwrap().iter().find(|task| task["title"] == title).unwrap();
        found["id"].as_str().unwrap().to_owned()
    }
}

fn titles(tasks: &[(String, String)]) -> Vec<&str> {
    tasks.iter().map(|task| task.0.as_str()).collect()
}

#[tokio::test]
async fn a_plan_goes_to_a_newer_release() {
    let ground =
        Ground::make(&[question("a", json!({})), question("b", json!({})), question("c", json!({})), choice(&["weekly", "monthly"])]).await;
    let answer = async |key: &str, value: &str| {
        ground.admin.put(&format!("{}/answers/{key}", ground.path()), json!({ "value": value })).await.expect(201)
    };
    answer("a", "stays").await;
    answer("rhythm", "weekly").await;
    let started = ground.task_id("What is c?").await;
    ground.admin.post(&format!("/api/v1/tasks/{started}/start"), json!({})).await.expect(200);
    let next = [question("d", json!({})), question("a", json!({ "label": "How is a?" })), choice(&["monthly", "yearly"])];
    ground.release(&next).await;

    let before = ground.admin.get("/api/v1/customers/1/workspace").await.text;
    let preview = ground.upgrade(json!({ "release": 2, "preview": true })).await;
    assert_eq!(
        (&preview["from"], &preview["to"], &preview["preview"], &preview["tasks_to_make"]),
        (&json!(1), &json!(2), &json!(true), &json!(1))
    );
    assert_eq!((&preview["added"][0]["key"], &preview["added"][0]["answered"]), (&json!("d"), &json!(false)));
    assert_eq!(preview["changed"][0]["aspects"], json!(["label"]));
    assert_eq!(preview["changed"][1]["aspects"], json!(["options"]));
    assert_eq!((&preview["dropped"][0]["key"], &preview["dropped"][0]["task"]["decision"]), (&json!("b"), &json!("ignore")));
    assert_eq!((&preview["dropped"][1]["key"], &preview["dropped"][1]["task"]["worked_on"]), (&json!("c"), &json!("moved")));
    assert_eq!((&preview["kept_answers"], &preview["unfit_answers"][0]["answer"]), (&json!(1), &json!("weekly")));
    assert_eq!(ground.admin.get("/api/v1/customers/1/workspace").await.text, before, "a look changes nothing");

    let done = ground.upgrade(json!({ "release": 2, "preview": false })).await;
    assert_eq!((&done["preview"], done["generated_tasks"].as_array().unwrap().len()), (&json!(false), 1));
    let status = |title: &str, status: &str| (title.to_owned(), status.to_owned());
    // New and old stand in the release's order; what was answered is done, unless it has to be again.
    // What was done keeps the title under which it was done.
    assert_eq!(
        ground.tasks().await,
        [
            status("What is d?", "pending"),
            status("What is a?", "completed"),
            status("What is c?", "in_progress"),
            status("What is rhythm?", "pending"),
        ]
    );
    let ignored = ground.admin.get("/api/v1/customers/1/ignored").await.text;
    assert!(ignored.contains("dropped in release 2"), "{ignored}");
    let questionnaire = ground.admin.get(&format!("{}/questionnaire", ground.path())).await.expect(200).json();
    assert_eq!((&questionnaire["release"], questionnaire["questions"].as_array().unwrap().len()), (&json!(2), 3));
    let refused = ground.admin.post(&format!("{}/documents", ground.path()), json!({})).await.refused(409, "document-incomplete");
    assert_eq!(refused["missing"], json!(["d", "rhythm"]), "an answer that does not fit is no answer");
    let log = ground.admin.get("/api/v1/customers/1/audit?limit=5").await.text;
    assert!(log.contains("template.upgraded"), "{log}");

    // Again, and nothing happens.
    let workspace = ground.admin.get("/api/v1/customers/1/workspace").await.text;
    let again = ground.upgrade(json!({ "release": 2, "preview": false })).await;
    assert_eq!((&again["from"], &again["generated_tasks"]), (&json!(2), &json!([])));
    assert_eq!(ground.admin.get("/api/v1/customers/1/workspace").await.text, workspace);
    ground.admin.post(&format!("{}/upgrade", ground.path()), json!({ "release": 1, "preview": false })).await.refused(409, "not-newer");
    ground
        .admin
        .post(&format!("{}/upgrade", ground.path()), json!({ "release": 9, "preview": true }))
        .await
        .refused(422, "unknown-reference");
}

#[tokio::test]
async fn people_decide_on_tasks_that_were_worked_on() {
    let ground = Ground::make(&[question("a", json!({})), question("b", json!({})), question("c", json!({}))]).await;
    for key in ["a", "b"] {
        let task = ground.task_id(&format!("What is {key}?")).await;
        ground.admin.post(&format!("/api/v1/tasks/{task}/start"), json!({})).await.expect(200);
    }
    ground.release(&[question("z", json!({}))]).await;
    let path = format!("{}/upgrade", ground.path());
    ground.admin.post(&path, json!({ "preview": false, "decisions": { "a": "perhaps" } })).await.refused(422, "invalid-fields");
    ground.admin.post(&path, json!({ "preview": false, "decisions": { "c": "keep" } })).await.refused(422, "invalid-fields");
    let version = ground.upgrade(json!({ "preview": true })).await["version"].as_i64().unwrap();
    let stale = [("if-match", "\"99\"")];
    ground.admin.with("POST", &path, &stale, json!({ "preview": false })).await.refused(412, "stale");
    let tag = format!("\"{version}\"");
    let done =
        ground.admin.with("POST", &path, &[("if-match", tag.as_str())], json!({ "preview": false, "decisions": { "a": "ignore" } })).await;
    assert_eq!(done.expect(200).json()["to"], 2);
    assert_eq!(titles(&ground.tasks().await), ["What is z?", "What is b?"]);
}

#[tokio::test]
async fn a_question_that_comes_back_brings_task_and_answer() {
    let ground = Ground::make(&[question("a", json!({})), question("b", json!({}))]).await;
    let first = ground.task_id("What is b?").await;
    ground.release(&[question("a", json!({}))]).await;
    ground.upgrade(json!({ "preview": false })).await;
    assert_eq!(titles(&ground.tasks().await), ["What is a?"]);
    ground.release(&[question("b", json!({ "label": "Which b?" })), question("a", json!({}))]).await;
    let back = ground.upgrade(json!({ "preview": false })).await;
    assert_eq!((&back["added"][0]["restores_task_id"], &back["generated_tasks"]), (&json!(first), &json!([])));
    assert_eq!(titles(&ground.tasks().await), ["Which b?", "What is a?"]);
    // What a person ignored for a reason of their own stays so.
    let a = ground.task_id("What is a?").await;
    ground.admin.post(&format!("/api/v1/tasks/{a}/ignore"), json!({ "reason": "not for us" })).await.expect(200);
    ground.release(&[question("b", json!({}))]).await;
    ground.release(&[question("b", json!({})), question("a", json!({}))]).await;
    ground.upgrade(json!({ "preview": false })).await;
    assert_eq!(titles(&ground.tasks().await), ["What is b?"]);
}

#[tokio::test]
async fn many_at_once_upgrade_once() {
    let ground = Ground::make(&[question("a", json!({}))]).await;
    ground.release(&[question("a", json!({})), question("b", json!({})), question("c", json!({}))]).await;
    let path = format!("{}/upgrade", ground.path());
    let runs = (0..8).map(|_| {
        let (admin, path) = (ground.admin.clone(), path.clone());
        tokio::spawn(async move {
            admin.post(&path, json!({ "preview": false })).await.expect(200).json()["generated_tasks"].as_array().unwrap().len()
        })
    });
    let mut made = 0;
    for run in runs.collect::<Vec<_>>() {
        made += run.await.unwrap();
    }
    assert_eq!((made, ground.tasks().await.len()), (2, 3));
}

#[tokio::test]
async fn documents_stay_as_they_were_made() {
    let ground = Ground::make(&[question("a", json!({}))]).await;
    ground.admin.answer_all(&ground.path()).await;
    let document = ground.admin.post(&format!("{}/documents", ground.path()), json!({})).await.expect(201).json();
    ground.release(&[question("b", json!({}))]).await;
    ground.upgrade(json!({ "preview": false })).await;
    let after = ground.admin.get(&format!("/api/v1/documents/{}", document["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!((&after["release"], &after["body"], &after["answers"]), (&json!(1), &document["body"], &document["answers"]));
}

#[tokio::test]
async fn many_customers_at_once() {
    let ground = Ground::make(&[question("a", json!({}))]).await;
    let other = ground.admin.assign_plan(2, "ISO 27001:2022").await["id"].as_str().unwrap().to_owned();
    ground.assign(&other).await;
    let third = ground.admin.assign_plan(2, "ISO 9001:2015").await["id"].as_str().unwrap().to_owned();
    ground.assign(&third).await;
    ground.release(&[question("a", json!({})), question("b", json!({}))]).await;
    let path = format!("/api/v1/templates/{}/upgrade", ground.template);
    let preview = ground.admin.post(&path, json!({ "plans": "all", "preview": true })).await.expect(200).json();
    let outcomes = |answer: &Value| -> Vec<String> {
        answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{} {} {}", one["customer_name"], one["iso_code"], one["outcome"]))
            .collect()
    };
    assert_eq!(
        outcomes(&preview),
        [
            r#""Acme" "ISO 27001:2022" "would_upgrade""#,
            r#""Globex" "ISO 27001:2022" "would_upgrade""#,
            r#""Globex" "ISO 9001:2015" "would_upgrade""#
        ]
    );
    let some = ground.admin.post(&path, json!({ "release": 2, "plans": [ground.plan, other], "preview": false })).await.expect(200).json();
    assert_eq!(some["items"][0]["effect"]["generated_tasks"].as_array().unwrap().len(), 1);
    assert_eq!(outcomes(&some).len(), 2);
    // One that is in the way of nobody else.
    ground.admin.post(&format!("/api/v1/plans/{third}/templates/{}/ignore", ground.template), json!({ "reason": "R" })).await.expect(200);
    let rest = ground.admin.post(&path, json!({ "plans": "all", "preview": false })).await.expect(200).json();
    assert_eq!(rest["items"], json!([]), "what is ignored is left alone, what is done is done");
    let again = ground.admin.post(&path, json!({ "plans": [other], "preview": false })).await.expect(200).json();
    assert_eq!(again["items"][0]["outcome"], "nothing_new");
    ground.admin.post(&path, json!({ "plans": [third], "preview": false })).await.refused(422, "unknown-reference");
    ground.admin.post(&path, json!({ "plans": "some", "preview": false })).await.refused(422, "invalid-fields");
    ground.app.as_person("consultant").await.post(&path, json!({ "plans": "all", "preview": true })).await.refused(403, "forbidden");
}

#[tokio::test]
async fn the_pages_lead_through_it() {
    let ground = Ground::make(&[question("a", json!({})), question("old_one", json!({}))]).await;
    let task = ground.task_id("What is old_one?").await;
    ground.admin.post(&format!("/api/v1/tasks/{task}/start"), json!({})).await.expect(200);
    let page = format!("/plans/{}/templates/{}", ground.plan, ground.template);
    let questionnaire = ground.admin.get(&format!("{page}/questionnaire")).await.expect(200).text;
    assert!(!questionnaire.contains("Release 2 of this template is there."), "{questionnaire}");
    ground.release(&[question("a", json!({})), question("b", json!({}))]).await;
    let questionnaire = ground.admin.get(&format!("{page}/questionnaire")).await.expect(200).text;
    assert!(questionnaire.contains("Release 2 of this template is there.") && questionnaire.contains(&format!("{page}/upgrade")));
    // Whoever may not bring it there is not sent there.
    let theirs = ground.app.as_person("contributor").await.get(&format!("{page}/questionnaire")).await.expect(200).text;
    assert!(!theirs.contains(&format!("{page}/upgrade")));
    let preview = ground.admin.get(&format!("{page}/upgrade")).await.expect(200).text;
    for part in ["What is b?", "name=\"decision-old_one\"", "Bring to release 2"] {
        assert!(preview.contains(part), "{part} in {preview}");
    }
    let stale = ground.admin.form(&format!("{page}/upgrade"), &[("release", "2"), ("version", "77")]).await.expect(409).text;
    assert!(stale.contains("Somebody changed this meanwhile"), "{stale}");
    let fields = [("release", "2"), ("version", "1"), ("decision-old_one", "ignore")];
    let done = ground.admin.form(&format!("{page}/upgrade"), &fields).await.expect(303);
    assert_eq!(done.header("location"), format!("{page}/questionnaire"));
    assert_eq!(titles(&ground.tasks().await), ["What is a?", "What is b?"]);
    ground.release(&[question("b", json!({}))]).await;
    let library = format!("/library/templates/{}", ground.template);
    assert!(ground.admin.get(&library).await.text.contains(&format!("{library}/customers")));
    let table = ground.admin.get(&format!("{library}/customers")).await.expect(200).text;
    assert!(table.contains("Acme") && table.contains(&format!("value=\"{}\"", ground.plan)), "{table}");
    let done = ground.admin.form(&format!("{library}/customers"), &[("release", "3"), ("plan", &ground.plan)]).await.expect(200).text;
    assert!(done.contains("1 plan was brought to the release."), "{done}");
}
