//! The route that previews and sends the mail of a task.

use serde_json::json;

use super::{sink::Sink, task, welcome_task, with_server};
use crate::app::TestApp;

#[tokio::test]
async fn a_preview_queues_nothing_and_sending_does_it_once() {
    let app = TestApp::start().await;
    let id = welcome_task(&app).await;
    let (consultant, path) = (app.as_person("consultant").await, format!("/api/v1/tasks/{id}/send"));
    let words = json!({ "preview": true, "subject": "Hello <Acme>", "body": "One.\n\nTwo <b>." });
    let preview = consultant.post(&path, words).await.expect(200).json();
    assert_eq!((&preview["state"], &preview["mail"]["to"]), (&json!("preview"), &json!("office@acme.example")));
    assert_eq!(preview["mail"]["subject"], "Hello <Acme>");
    assert!(preview["mail"]["html"].as_str().unwrap().contains("<p>Two &lt;b&gt;.</p>"));
    let mut superuser = app.database.superuser().await;
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM dna_app.jobs").fetch_one(&mut superuser).await.unwrap();
    assert_eq!(count, 0);
    let held = consultant.post(&path, json!({ "subject": "Hello" })).await.expect(200).json();
    assert_eq!((&held["state"], &held["task"]["status"]), (&json!("held"), &json!("pending")));
    let again = consultant.post(&path, json!({ "subject": "Another" })).await.expect(200).json();
    assert_eq!((&again["state"], &again["mail"]["subject"]), (&json!("held"), &json!("Hello")));
    let sink = Sink::start().await;
    let context = with_server(&app, &sink.url());
    while context.run_one().await.unwrap() {}
    assert_eq!((sink.mails().len(), task(&app, &id).await["completed_by_name"].as_str()), (1, Some("consultant")));
    assert_eq!(consultant.post(&path, json!({})).await.expect(200).json()["state"], "sent");
}

#[tokio::test]
async fn what_cannot_be_sent_is_told() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let tasks = admin.get("/api/v1/customers/1/tasks?scope=customer").await.json();
    let id = |index: usize| tasks["items"][index]["id"].as_str().unwrap().to_owned();
    let path = |id: &str| format!("/api/v1/tasks/{id}/send");
    admin.post(&path(&id(0)), json!({})).await.refused(409, "no-mail-address");
    admin.post(&path(&id(1)), json!({})).await.refused(409, "no-mail-task");
    let welcome = welcome_task(&app).await;
    for body in [json!({ "subject": "a\r\nBcc: x@y.example" }), json!({ "subject": "x".repeat(201) }), json!({ "to": "x@y.example" })] {
        admin.post(&path(&welcome), body).await.refused(422, "invalid-fields");
    }
    admin.post(&format!("/api/v1/tasks/{welcome}/ignore"), json!({ "reason": "R" })).await.expect(200);
    admin.post(&path(&welcome), json!({})).await.refused(409, "ignored");
    admin.post(&format!("/api/v1/tasks/{welcome}/restore"), json!({})).await.expect(200);
    admin.post(&format!("/api/v1/tasks/{welcome}/complete"), json!({})).await.expect(200);
    admin.post(&path(&welcome), json!({})).await.refused(409, "invalid-transition");
}

/// What people did to the task while its mail was under way stays.
#[tokio::test]
async fn a_task_that_was_cancelled_meanwhile_stays_cancelled() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let (id, admin) = (welcome_task(&app).await, app.admin().await);
    admin.post(&format!("/api/v1/tasks/{id}/send"), json!({})).await.expect(200);
    admin.post(&format!("/api/v1/tasks/{id}/cancel"), json!({})).await.expect(200);
    let context = with_server(&app, &sink.url());
    assert!(context.run_one().await.unwrap());
    assert_eq!((sink.mails().len(), task(&app, &id).await["status"].as_str()), (1, Some("cancelled")));
}
