//! Changing several tasks at once, and taking it back.

use serde_json::{Value, json};

use crate::app::{Client, TestApp};

const BULK: &str = "/api/v1/customers/1/tasks/bulk";

async fn task(admin: &Client, body: Value) -> String {
    admin.post("/api/v1/customers/1/tasks", body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

async fn read(client: &Client, id: &str) -> Value {
    client.get(&format!("/api/v1/tasks/{id}")).await.expect(200).json()
}

#[tokio::test]
async fn each_task_is_judged_in_its_own_right() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plain = task(&admin, json!({ "title": "Plain" })).await;
    let proof = task(&admin, json!({ "title": "Proof", "requires_evidence": true })).await;
    let away = task(&admin, json!({ "title": "Away" })).await;
    admin.post(&format!("/api/v1/tasks/{away}/ignore"), json!({ "reason": "R" })).await.expect(200);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let filled = admin.assign_template(&plan, "Access Control").await;
    let questions = admin.get("/api/v1/customers/1/tasks?scope=template").await.json();
    let question = questions["items"][0]["id"].as_str().unwrap().to_owned();
    admin.answer_all(&filled).await;
    let document = admin.post(&format!("{filled}/documents"), json!({})).await.expect(201).json();
    let of_document = |kind: &str| {
        let tasks = document["generated_tasks"].as_array().unwrap();
        tasks.iter().find(|task| task["task_type"] == kind).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (review, approval) = (of_document("review_document"), of_document("approve_document"));
    admin.post(&format!("/api/v1/tasks/{question}/reopen"), json!({})).await.expect(200);
    let contributor = app.as_person("contributor").await;
    let ids = [&plain, &proof, &away, &question, &review, &approval];
    let done = contributor.post(BULK, json!({ "task_ids": ids, "move": "complete" })).await.expect(200).json();
    let changed: Vec<_> = done["changed"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    // The question was answered before; what is not, and what is somebody else's, is left.
    let mut expected = [plain.as_str(), question.as_str()];
    expected.sort_unstable();
    assert_eq!(changed, expected, "{done}");
    let refused = |id: &str| done["refused"].as_array().unwrap().iter().find(|one| one["id"] == *id).unwrap()["code"].clone();
    assert_eq!(
        [refused(&proof), refused(&away), refused(&review), refused(&approval)],
        [json!("evidence-required"), json!("ignored"), json!("at-document"), json!("forbidden")]
    );
    assert_eq!(read(&admin, &plain).await["status"], "completed");
    assert_eq!(read(&admin, &proof).await["status"], "pending");
    let log = admin.get(&format!("/api/v1/customers/1/audit?subject={plain}")).await.json();
    assert_eq!(log["items"][0]["action"], "task.completed");
}

#[tokio::test]
async fn undo_puts_back_what_nobody_has_touched_since() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let manager = app.as_person("manager").await;
    let one = task(&admin, json!({ "title": "One", "due_date": "2026-03-20" })).await;
    let two = task(&admin, json!({ "title": "Two" })).await;
    for (change, field, now, before) in [
        (json!({ "due_date": "2026-04-01" }), "due_date", json!("2026-04-01"), json!("2026-03-20")),
        (json!({ "assigned_to": 4 }), "assigned_to", json!(4), json!(null)),
        (json!({ "priority": "urgent" }), "priority", json!("urgent"), json!("medium")),
        (json!({ "move": "start" }), "status", json!("in_progress"), json!("pending")),
        (json!({ "move": "complete" }), "status", json!("completed"), json!("pending")),
        (json!({ "ignore_reason": "Not now" }), "is_ignored", json!(true), json!(false)),
    ] {
        let mut body = change.clone();
        body["task_ids"] = json!([one, two]);
        let done = manager.post(BULK, body).await.expect(200).json();
        assert_eq!(done["changed"].as_array().unwrap().len(), 2, "{done}");
        assert_eq!(read(&admin, &one).await[field], now, "{change}");
        let undo = format!("{BULK}/{}/undo", done["batch_id"].as_str().unwrap());
        // It is nobody else's to take back.
        admin.post(&undo, json!({})).await.refused(404, "not-found");
        for _ in 0..2 {
            let undone = manager.post(&undo, json!({})).await.expect(200).json();
            assert_eq!((undone["undone"].as_array().unwrap().len(), &undone["refused"]), (2, &json!([])), "{change}");
        }
        let task = read(&admin, &one).await;
        assert_eq!((&task[field], &task["completed_at"], &task["ignored"]), (&before, &json!(null), &json!(null)), "{change}");
    }
    // Somebody changes one of them: it stays as they left it, and the other goes back.
    let done = manager.post(BULK, json!({ "task_ids": [one, two], "move": "start" })).await.expect(200).json();
    admin.post(&format!("/api/v1/tasks/{one}/hold"), json!({})).await.expect(200);
    let undone = manager.post(&format!("{BULK}/{}/undo", done["batch_id"].as_str().unwrap()), json!({})).await.expect(200).json();
    assert_eq!(undone["undone"][0]["id"], two.as_str());
    assert_eq!((&undone["refused"][0]["id"], &undone["refused"][0]["code"]), (&json!(one), &json!("changed-since")));
    assert_eq!((&read(&admin, &one).await["status"], &read(&admin, &two).await["status"]), (&json!("on_hold"), &json!("pending")));
    // A completed task goes back to who completed it, and when.
    admin.post(&format!("/api/v1/tasks/{two}/complete"), json!({})).await.expect(200);
    let was = read(&admin, &two).await;
    let done = manager.post(BULK, json!({ "task_ids": [two], "priority": "low" })).await.expect(200).json();
    manager.post(&format!("{BULK}/{}/undo", done["batch_id"].as_str().unwrap()), json!({})).await.expect(200);
    let is = read(&admin, &two).await;
    assert_eq!((&is["status"], &is["completed_by"], &is["completed_at"]), (&was["status"], &was["completed_by"], &was["completed_at"]));
}

#[tokio::test]
async fn what_cannot_be_meant_changes_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let one = task(&admin, json!({ "title": "One" })).await;
    let many: Vec<String> = (0..201).map(|_| one.clone()).collect();
    for body in [
        json!({ "task_ids": [one] }),
        json!({ "task_ids": [one], "move": "start", "priority": "low" }),
        json!({ "task_ids": [], "move": "start" }),
        json!({ "move": "start" }),
        json!({ "task_ids": many, "move": "start" }),
        json!({ "task_ids": [one], "move": "cancel" }),
        json!({ "task_ids": [one], "due_date": "2026-02-30" }),
        json!({ "task_ids": [one], "ignore_reason": " " }),
        json!({ "task_ids": [one], "move": "start", "more": 1 }),
    ] {
        admin.post(BULK, body.clone()).await.refused(422, "invalid-fields");
        assert_eq!(read(&admin, &one).await["version"], 1, "{body}");
    }
    admin.post(BULK, json!({ "task_ids": [one, "x"], "move": "start" })).await.refused(422, "unknown-reference");
    assert_eq!(read(&admin, &one).await["version"], 1);
}

#[tokio::test]
async fn the_page_does_it_across_customers() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let ours = task(&admin, json!({ "title": "Ours", "assigned_to": 1 })).await;
    let theirs = admin.post("/api/v1/customers/2/tasks", json!({ "title": "Theirs", "assigned_to": 1 })).await.expect(201).json();
    let theirs = theirs["id"].as_str().unwrap().to_owned();
    let proof = task(&admin, json!({ "title": "Proof <b>", "requires_evidence": true, "assigned_to": 1 })).await;
    admin.form("/tasks/bulk", &[("do", "start"), ("next", "/my-work")]).await.expect(303);
    let picked = [("task", ours.as_str()), ("task", &theirs), ("do", "due"), ("due_date", "2026-05-01"), ("next", "/my-work")];
    let answer = admin.form("/tasks/bulk", &picked).await.expect(303);
    assert_eq!(answer.header("location"), "/my-work");
    let said = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let cookie = format!("{}; {said}", admin.cookie.clone().unwrap());
    let page = Client { cookie: Some(cookie), ..admin.clone() }.get("/my-work").await.expect(200).text;
    let at = page.find("/tasks/bulk/").unwrap_or_else(|| panic!("{page}"));
    let undo: String = page[page[at..].find("/undo").map(|_| at).unwrap()..].chars().take_while(|letter| *letter != '"').collect();
    // The form of the bar stands on the page too; the one in the message takes it back.
    let undo = if undo.ends_with("/undo") {
        undo
    } else {
        page[at + 1..].find("/tasks/bulk/").map(|next| page[at + 1 + next..].chars().take_while(|letter| *letter != '"').collect()).unwrap()
    };
    assert_eq!(
        (&read(&admin, &ours).await["due_date"], &read(&admin, &theirs).await["due_date"]),
        (&json!("2026-05-01"), &json!("2026-05-01"))
    );
    admin.form(&undo, &[("next", "/my-work")]).await.expect(303);
    assert_eq!((&read(&admin, &ours).await["due_date"], &read(&admin, &theirs).await["due_date"]), (&json!(null), &json!(null)));
    // What is refused is said, task by task.
    let page = admin
        .form("/tasks/bulk", &[("task", ours.as_str()), ("task", &proof), ("do", "complete"), ("next", "/my-work")])
        .await
        .expect(200)
        .text;
    assert!(
        page.contains("1 task changed.") && page.contains("Proof &#60;b&#62;") && page.contains("It needs accepted evidence first."),
        "{page}"
    );
}
