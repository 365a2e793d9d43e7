//! What comes back: once, counted from its due date, and only where it should.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Client, TestApp};

async fn add(client: &Client, body: Value) -> Value {
    client.post("/api/v1/customers/1/tasks", body).await.expect(201).json()
}

async fn complete(client: &Client, task: &Value) -> Value {
    client.post(&format!("/api/v1/tasks/{}/complete", task["id"].as_str().unwrap()), json!({})).await.expect(200).json()
}

/// The tasks with a title, the earliest due first.
async fn titled(client: &Client, title: &str) -> Vec<Value> {
    let list = client.get("/api/v1/customers/1/tasks?limit=200&sort=due_date").await.expect(200).json();
    list["items"].as_array().unwrap().iter().filter(|task| task["title"] == title).cloned().collect()
}

fn due(tasks: &[Value]) -> Vec<&str> {
    tasks.iter().map(|task| task["due_date"].as_str().unwrap_or("none")).collect()
}

#[tokio::test]
async fn completing_makes_the_next_one_counted_from_the_due_date() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({
        "title": "Check accesses", "description": "All of them.", "due_date": "2026-01-31", "recurrence": " Monthly ", "priority": "high",
        "requires_evidence": false, "assigned_to": 3, "assignee_role": "manager", "notes": "Only of this time."
    });
    let first = add(&admin, body).await;
    assert_eq!(first["recurrence"], "monthly");
    complete(&admin, &first).await;
    let tasks = titled(&admin, "Check accesses").await;
    // Late as it is, it counts from the day that was due.
    assert_eq!(due(&tasks), ["2026-01-31", "2026-02-28"]);
    let second = &tasks[1];
    for (field, expected) in [
        ("status", json!("pending")),
        ("recurrence", json!("monthly")),
        ("priority", json!("high")),
        ("description", json!("All of them.")),
        ("assigned_to", json!(3)),
        ("assignee_role", json!("manager")),
        ("notes", Value::Null),
        ("auto_generated", json!(true)),
    ] {
        assert_eq!(second[field], expected, "{field}");
    }
    complete(&admin, second).await;
    // A short month does not make the later ones short.
    assert_eq!(due(&titled(&admin, "Check accesses").await), ["2026-01-31", "2026-02-28", "2026-03-31"]);
    let log = admin.get("/api/v1/customers/1/audit?limit=200").await.expect(200).json();
    let came_back = log["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "task.recurred").count();
    assert_eq!(came_back, 2);
}

#[tokio::test]
async fn without_a_due_date_it_counts_from_the_day_of_completion_in_the_customers_zone() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = add(&admin, json!({ "title": "Walk", "recurrence": "FREQ=WEEKLY;BYDAY=MO,TH" })).await;
    // 23:30 on Tuesday in UTC is Wednesday in Vienna.
    app.advance(SignedDuration::from_mins(13 * 60 + 30));
    complete(&app.admin().await, &task).await;
    assert_eq!(due(&titled(&app.admin().await, "Walk").await), ["2026-03-19", "none"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_clients_completing_at_once_make_one() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = add(&admin, json!({ "title": "Patch", "due_date": "2026-03-20", "recurrence": "quarterly" })).await;
    let path = format!("/api/v1/tasks/{}/complete", task["id"].as_str().unwrap());
    let clicks: Vec<_> = (0..16)
        .map(|_| {
            let (admin, path) = (admin.clone(), path.clone());
            tokio::spawn(async move { admin.post(&path, json!({})).await.status.as_u16() })
        })
        .collect();
    let mut answers = Vec::new();
    for click in clicks {
        answers.push(click.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [200, 409].contains(status)), "{answers:?}");
    assert_eq!(due(&titled(&admin, "Patch").await), ["2026-03-20", "2026-06-20"]);
    // Nor does reopening and completing it again make another, whatever became of its date.
    for day in ["2026-03-20", "2026-04-02"] {
        let id = task["id"].as_str().unwrap();
        let reopened = admin.post(&format!("/api/v1/tasks/{id}/reopen"), json!({})).await.expect(200).json();
        admin.patch(&format!("/api/v1/tasks/{id}"), reopened["version"].as_i64().unwrap(), json!({ "due_date": day })).await.expect(200);
        complete(&admin, &task).await;
    }
    assert_eq!(titled(&admin, "Patch").await.len(), 2);
}

#[tokio::test]
async fn accepted_evidence_completes_and_brings_the_next() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let body = json!({ "title": "Report", "task_type": "provide_evidence", "requires_evidence": true, "due_date": "2026-03-31", "recurrence": "monthly" });
    let task = add(&manager, body).await;
    let id = task["id"].as_str().unwrap();
    let contributor = app.as_person("contributor").await;
    let file = contributor.upload("/api/v1/customers/1/evidence", &[("task_id", id)], ("a.pdf", b"%PDF-1.7 one")).await.expect(201).json();
    manager.post(&format!("/api/v1/evidence/{}/accept", file["id"].as_str().unwrap()), json!({})).await.expect(200);
    let tasks = titled(&manager, "Report").await;
    assert_eq!(due(&tasks), ["2026-03-31", "2026-04-30"]);
    assert_eq!((&tasks[0]["status"], &tasks[1]["status"]), (&json!("completed"), &json!("pending")));
    assert_eq!((&tasks[1]["requires_evidence"], &tasks[1]["evidence_uploaded"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn a_rule_gives_its_tasks_the_pattern_and_makes_nothing_once_it_is_off() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let rule = json!({ "level": "plan", "title": "Meet", "recurrence": "freq=monthly;byday=1mo", "due_offset_days": 0 });
    let rule = admin.post("/api/v1/task-rules", rule).await.expect(201).json();
    assert_eq!(rule["recurrence"], "FREQ=MONTHLY;BYDAY=1MO");
    admin.assign_plan(1, "ISO 27001:2022").await;
    let tasks = titled(&admin, "Meet").await;
    assert_eq!((tasks.len(), &tasks[0]["recurrence"]), (1, &rule["recurrence"]));
    complete(&admin, &tasks[0]).await;
    let tasks = titled(&admin, "Meet").await;
    assert_eq!(due(&tasks), ["2026-03-17", "2026-04-06"]);
    // It stands at the plan that the first one stood at.
    assert_eq!(tasks[0]["plan_id"], tasks[1]["plan_id"]);
    let path = format!("/api/v1/task-rules/{}", rule["id"].as_str().unwrap());
    admin.patch(&path, rule["version"].as_i64().unwrap(), json!({ "is_active": false })).await.expect(200);
    complete(&admin, &tasks[1]).await;
    assert_eq!(titled(&admin, "Meet").await.len(), 2);
}

#[tokio::test]
async fn it_ends_where_its_rule_does_and_where_it_is_taken_away() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ending = add(&admin, json!({ "title": "Ends", "due_date": "2026-03-20", "recurrence": "FREQ=DAILY;UNTIL=20260320" })).await;
    complete(&admin, &ending).await;
    assert_eq!(titled(&admin, "Ends").await.len(), 1);
    let task = add(&admin, json!({ "title": "Stops", "due_date": "2026-03-20", "recurrence": "yearly" })).await;
    let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
    let changed = admin.patch(&path, 1, json!({ "recurrence": null })).await.expect(200).json();
    assert_eq!(changed["recurrence"], Value::Null);
    complete(&admin, &task).await;
    assert_eq!(titled(&admin, "Stops").await.len(), 1);
    // What is ignored is not completed, and brings nothing; cancelling brings nothing either.
    let task = add(&admin, json!({ "title": "Rests", "due_date": "2026-03-20", "recurrence": "yearly" })).await;
    let id = task["id"].as_str().unwrap();
    admin.post(&format!("/api/v1/tasks/{id}/ignore"), json!({ "reason": "R" })).await.expect(200);
    admin.post(&format!("/api/v1/tasks/{id}/complete"), json!({})).await.refused(409, "ignored");
    admin.post(&format!("/api/v1/tasks/{id}/restore"), json!({})).await.expect(200);
    admin.post(&format!("/api/v1/tasks/{id}/cancel"), json!({})).await.expect(200);
    assert_eq!(titled(&admin, "Rests").await.len(), 1);
}

#[tokio::test]
async fn patterns_that_cannot_be_are_refused_and_change_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let refused = |answer: crate::app::Answer, code: &str| {
        let problem = answer.refused(422, "invalid-fields");
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("/recurrence"), &json!(code)), "{problem}");
    };
    for pattern in ["weekly", "FREQ=HOURLY", "FREQ=DAILY;COUNT=2", "FREQ=DAILY\nFREQ=DAILY", "\u{202e}monthly"] {
        refused(admin.post("/api/v1/customers/1/tasks", json!({ "title": "T", "recurrence": pattern })).await, "malformed");
        refused(admin.post("/api/v1/task-rules", json!({ "level": "plan", "title": "T", "recurrence": pattern })).await, "malformed");
    }
    let at_documents = json!({ "level": "document", "title": "T", "recurrence": "yearly" });
    refused(admin.post("/api/v1/task-rules", at_documents).await, "recurs-at-documents");
    // The task of a question is its template's.
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    admin.assign_template(&plan, "Patch Management").await;
    let list = admin.get("/api/v1/customers/1/tasks?scope=template").await.json();
    let question = &list["items"][0];
    let path = format!("/api/v1/tasks/{}", question["id"].as_str().unwrap());
    refused(admin.patch(&path, 1, json!({ "recurrence": "yearly" })).await, "cannot-recur");
    assert!(titled(&admin, "T").await.is_empty());
}

/// The library's suggestions that come back do so once they are switched on.
#[tokio::test]
async fn the_starter_library_has_rules_that_come_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let rules = admin.get("/api/v1/task-rules?limit=200").await.json();
    let recurring: Vec<_> = rules["items"].as_array().unwrap().iter().filter(|rule| !rule["recurrence"].is_null()).collect();
    assert_eq!(recurring.len(), 8);
    assert!(recurring.iter().all(|rule| rule["is_active"] == false));
}

#[tokio::test]
async fn the_forms_say_how_often_it_comes_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = add(&admin, json!({ "title": "Count", "due_date": "2026-03-20" })).await;
    let id = task["id"].as_str().unwrap();
    let here = format!("/customers/1?task={id}");
    let fields = [("version", "1"), ("title", "Count"), ("due_date", "2026-03-20"), ("recurrence", "quarterly"), ("next", here.as_str())];
    admin.form(&format!("/tasks/{id}"), &fields).await.expect(303);
    let page = admin.get(&here).await.expect(200).text;
    assert!(page.contains("every quarter"), "{page}");
    assert!(page.contains("<option value=\"quarterly\" selected>Every quarter</option>"));
    let fields = [("version", "2"), ("title", "Count"), ("recurrence", "now and then"), ("next", here.as_str())];
    let page = admin.form(&format!("/tasks/{id}"), &fields).await.expect(422).text;
    assert!(page.contains("Choose how often it comes back."));
    let rule = [("level", "plan"), ("title", "Ring"), ("recurrence", "yearly"), ("is_active", "1"), ("due_offset_days", "7")];
    admin.form("/library/task-rules", &rule).await.expect(303);
    assert!(admin.get("/library/task-rules").await.expect(200).text.contains("Comes back every year"));
}

#[tokio::test]
async fn rows_tell_what_comes_back() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let task = add(&manager, json!({ "title": "Check accesses", "recurrence": "monthly", "assigned_to": 3 })).await;
    add(&manager, json!({ "title": "Once", "assigned_to": 3 })).await;
    let told = |page: &str| page.matches("aria-label=\"Comes back every month\"").count();
    for path in ["/customers/1", "/customers/1/tasks", "/my-work"] {
        assert_eq!(told(&manager.get(path).await.expect(200).text), 1, "{path}");
    }
    // What is done has come back: now the next one says so.
    complete(&manager, &task).await;
    assert_eq!(told(&manager.get("/customers/1").await.expect(200).text), 1);
    assert_eq!(told(&manager.get("/customers/1/tasks?status=closed").await.expect(200).text), 0);
}
