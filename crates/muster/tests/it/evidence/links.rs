//! Links in the place of files, and one piece of evidence for several tasks.

use serde_json::{Value, json};

use super::{PDF, hand_in, handed_in, kept, status, task};
use crate::app::TestApp;

const LINKS: &str = "/api/v1/customers/1/evidence/links";

#[tokio::test]
async fn a_link_is_evidence_as_a_file_is() {
    let app = TestApp::start().await;
    let (contributor, manager) = (app.as_person("contributor").await, app.as_person("manager").await);
    let task = task(&app, json!({ "task_type": "provide_evidence" })).await;
    let body = json!({ "url": "https://wiki.acme.example/minutes", "label": "Minutes", "task_ids": [task], "kind": "record", "valid_until": "2026-12-31" });
    let link = contributor.post(LINKS, body).await.expect(201).json();
    assert_eq!(
        (&link["filename"], &link["url"], &link["kind"]),
        (&json!("Minutes"), &json!("https://wiki.acme.example/minutes"), &json!("record"))
    );
    assert_eq!((&link["sha256"], &link["size"], &link["media_type"]), (&json!(null), &json!(null), &json!(null)));
    let path = format!("/api/v1/evidence/{}", link["id"].as_str().unwrap());
    for place in ["content", "preview"] {
        manager.get(&format!("{path}/{place}")).await.refused(404, "not-found");
        manager.get(&format!("{path}/{place}").replace("/api/v1", "")).await.expect(404);
    }
    manager.post(&format!("{path}/reject"), json!({ "reason": "Which meeting?" })).await.expect(200);
    manager.post(&format!("{path}/accept"), json!({})).await.expect(200);
    assert_eq!(status(&app, &task).await, "completed");
    // A file may come in its place, and the other way round.
    let file = hand_in(&contributor, &[("replaces", link["id"].as_str().unwrap())], ("minutes.pdf", PDF)).await.expect(201).json();
    assert_eq!(file["task_ids"], json!([task]));
    let again = contributor.post(LINKS, json!({ "url": "https://wiki.acme.example", "replaces": file["id"] })).await.expect(201).json();
    assert_eq!(again["filename"], "wiki.acme.example", "without a label it is called by the machine");
    let versions = manager.get(&format!("{path}/versions")).await.expect(200).json();
    let names: Vec<&str> = versions["items"].as_array().unwrap().iter().map(|one| one["filename"].as_str().unwrap()).collect();
    assert_eq!(names, ["wiki.acme.example", "minutes.pdf", "Minutes"]);
    contributor.post(LINKS, json!({ "url": "https://wiki.acme.example", "replaces": file["id"] })).await.refused(409, "evidence-replaced");
}

#[tokio::test]
async fn what_is_no_safe_address_is_no_link() {
    let app = TestApp::start().await;
    let contributor = app.as_person("contributor").await;
    for url in ["http://a.example", "javascript:alert(1)", "https://user:secret@a.example", "", "https://a.example/\u{202e}x"] {
        let refused = contributor.post(LINKS, json!({ "url": url })).await.refused(422, "invalid-fields");
        assert_eq!(refused["errors"][0]["pointer"], "/url", "{url}");
        contributor.form("/customers/1/evidence/links", &[("url", url)]).await.expect(422);
    }
    contributor.post(LINKS, json!({ "url": "https://a.example", "kind": "poem" })).await.refused(422, "invalid-fields");
    contributor.post(LINKS, json!({ "url": "https://a.example", "colour": "red" })).await.expect(422);
    assert_eq!(kept(&app).await, (0, 0));
}

#[tokio::test]
async fn one_piece_serves_several_tasks_until_it_is_taken_off() {
    let app = TestApp::start().await;
    let (contributor, manager, approver) =
        (app.as_person("contributor").await, app.as_person("manager").await, app.as_person("approver").await);
    let (first, second) =
        (task(&app, json!({ "task_type": "provide_evidence" })).await, task(&app, json!({ "task_type": "provide_evidence" })).await);
    let path = handed_in(&contributor, &first).await;
    let tasks = format!("{path}/tasks");
    let linked = contributor.post(&tasks, json!({ "task_id": second })).await.expect(200).json();
    assert_eq!(linked["task_ids"], json!([first, second]));
    assert_eq!(contributor.post(&tasks, json!({ "task_id": second })).await.expect(200).json(), linked, "again changes nothing");
    contributor.post(&tasks, json!({})).await.refused(422, "invalid-fields");
    // Own, and not accepted: whoever handed it in takes it off again; others do not.
    app.as_person("approver").await.with("DELETE", &format!("{tasks}/{second}"), &[], Value::Null).await.refused(403, "forbidden");
    contributor.with("DELETE", &format!("{tasks}/{second}"), &[], Value::Null).await.expect(200);
    let list = manager.get(&format!("/api/v1/customers/1/evidence?task_id={second}")).await.json();
    assert_eq!(list["total"], 0);
    approver.post(&format!("{path}/accept"), json!({})).await.expect(200);
    assert_eq!((status(&app, &first).await.as_str(), status(&app, &second).await.as_str()), ("completed", "pending"));
    // What is accepted completes a task at once, so it is linked by those who could accept it.
    contributor.post(&tasks, json!({ "task_id": second })).await.refused(403, "forbidden");
    manager.post(&tasks, json!({ "task_id": second })).await.expect(200);
    assert_eq!(status(&app, &second).await, "completed");
    contributor.with("DELETE", &format!("{tasks}/{second}"), &[], Value::Null).await.refused(403, "forbidden");
    let taken = manager.with("DELETE", &format!("{tasks}/{second}"), &[], Value::Null).await.expect(200).json();
    assert_eq!(taken["task_ids"], json!([first]));
    assert_eq!(status(&app, &second).await, "in_progress", "what it was completed by is gone");
    let log = app.admin().await.get("/api/v1/customers/1/audit?limit=100").await.text;
    assert!(log.contains("evidence.linked") && log.contains("evidence.unlinked"));
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM dna_app.customer_evidence_tasks")
        .fetch_one(&mut app.database.superuser().await)
        .await
        .unwrap();
    assert_eq!(rows, 2, "a link that was taken off stays as a row");
}

#[tokio::test]
async fn replaced_evidence_and_ignored_tasks_take_no_links() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (first, ignored) = (task(&app, json!({})).await, task(&app, json!({})).await);
    let path = handed_in(&admin, &first).await;
    admin.post(&format!("/api/v1/tasks/{ignored}/ignore"), json!({ "reason": "R" })).await.expect(200);
    admin.post(&format!("{path}/tasks"), json!({ "task_id": ignored })).await.refused(409, "ignored");
    hand_in(&admin, &[("replaces", path.rsplit('/').next().unwrap())], ("b.pdf", PDF)).await.expect(201);
    let other = task(&app, json!({})).await;
    admin.post(&format!("{path}/tasks"), json!({ "task_id": other })).await.refused(409, "evidence-replaced");
}

#[tokio::test]
async fn the_page_finds_the_tasks_to_link_to() {
    let app = TestApp::start().await;
    let (contributor, manager) = (app.as_person("contributor").await, app.as_person("manager").await);
    let (first, second) = (task(&app, json!({ "title": "Patch report" })).await, task(&app, json!({ "title": "Restore test" })).await);
    let path = handed_in(&contributor, &first).await.replace("/api/v1", "");
    let found = manager.get(&format!("{path}/tasks?q=restore")).await.expect(200).text;
    assert!(found.contains("Restore test") && !found.contains("Patch report"));
    manager.form(&format!("{path}/tasks"), &[("task_id", &second)]).await.expect(303);
    let page = manager.get(&path).await.expect(200).text;
    assert!(page.contains("Restore test") && page.contains(&format!("{path}/tasks/{second}/unlink")));
    manager.form(&format!("{path}/tasks/{second}/unlink"), &[]).await.expect(303);
    assert!(!manager.get(&path).await.expect(200).text.contains("Restore test"));
}
