//! Reminders that the work brings about: to whom, once, and only while they have a point.

use jiff::SignedDuration;
use muster_domain::ids::UserId;
use serde_json::{Value, json};
use sqlx::{Executor as _, Row as _};

use super::{sink::Sink, with_server};
use crate::app::{Client, TestApp};

/// The reminders in the outbox: kind, recipient, state, what is said of them.
pub(super) async fn reminders(app: &TestApp) -> Vec<(String, i32, String, Option<String>)> {
    let rows = sqlx::query(
        "SELECT notification, recipient, state, last_error FROM dna_app.jobs WHERE notification IS NOT NULL ORDER BY created_at, notification, recipient",
    )
    .fetch_all(&mut app.database.superuser().await)
    .await
    .unwrap();
    rows.into_iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
}

/// Sends what is to be sent, and gives the mails: whom they reach, and all that they say.
pub(super) async fn delivered(app: &TestApp) -> Vec<String> {
    let sink = Sink::start().await;
    let context = with_server(app, &sink.url());
    while context.run_one().await.unwrap() {}
    sink.mails()
}

async fn add(client: &Client, title: &str, person: i32) -> Value {
    client.post("/api/v1/customers/1/tasks", json!({ "title": title, "assigned_to": person })).await.expect(201).json()
}

#[tokio::test]
async fn whoever_is_given_a_task_is_told_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({ "title": "Plan <the> audit", "assigned_to": 4, "due_date": "2026-04-02" });
    let task = admin.post("/api/v1/customers/1/tasks", body).await.expect(201).json();
    let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
    // Another change of the task is no other cause, and taking one's own work is none at all.
    admin.patch(&path, 1, json!({ "title": "Plan <the> audit", "notes": "N", "assigned_to": 4 })).await.expect(200);
    let manager = app.as_person("manager").await;
    let own = manager.post("/api/v1/customers/1/tasks", json!({ "title": "Mine", "assigned_to": 3 })).await.expect(201).json();
    let free = manager.post("/api/v1/customers/1/tasks", json!({ "title": "Free" })).await.expect(201).json();
    manager.post(&format!("/api/v1/tasks/{}/take", free["id"].as_str().unwrap()), json!({})).await.expect(200);
    manager.post(&format!("/api/v1/tasks/{}/complete", own["id"].as_str().unwrap()), json!({})).await.expect(200);
    assert_eq!(reminders(&app).await.iter().map(|one| (one.0.as_str(), one.1)).collect::<Vec<_>>(), [("assignment", 4)]);
    let mails = delivered(&app).await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    for part in [
        "RCPT TO:<contributor@test.example>",
        "Subject: New task: Plan <the> audit",
        "Dear contributor,",
        "admin has given you a task for Acme:",
        "Due on 2 Apr 2026.",
        &format!("http://localhost/customers/1?task=3D{}", task["id"].as_str().unwrap()),
        "Plan &lt;the&gt; audit",
        "http://localhost/profile#mails",
    ] {
        assert!(mails[0].replace("=\r\n", "").contains(part), "{part} is missing in {}", mails[0]);
    }
    assert!(!mails[0].contains("List-Unsubscribe"));
}

#[tokio::test]
async fn evidence_that_is_sent_back_is_told_to_whoever_handed_it_in() {
    let app = TestApp::start().await;
    let task = add(&app.admin().await, "Hand in", 4).await["id"].as_str().unwrap().to_owned();
    let (contributor, manager) = (app.as_person("contributor").await, app.as_person("manager").await);
    let file =
        contributor.upload("/api/v1/customers/1/evidence", &[("task_id", &task)], ("list.pdf", b"%PDF-1.7 one")).await.expect(201).json();
    let path = format!("/api/v1/evidence/{}/reject", file["id"].as_str().unwrap());
    for _ in 0..2 {
        manager.post(&path, json!({ "reason": "The <second> page is missing." })).await.expect(200);
    }
    let mails = delivered(&app).await;
    let sent: Vec<_> = mails.iter().filter(|mail| mail.contains("Subject: Sent back: list.pdf")).collect();
    assert_eq!(sent.len(), 1, "{mails:?}");
    assert!(sent[0].contains("RCPT TO:<contributor@test.example>") && sent[0].contains("The <second> page is missing."));
}

#[tokio::test]
async fn approvers_are_told_when_it_is_their_turn() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Access Control").await;
    admin.answer_all(&assignment).await;
    let document = admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201).json();
    let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    admin.post(&format!("{path}/submit"), json!({})).await.expect(200);
    assert_eq!(reminders(&app).await, [], "the review comes first");
    app.as_person("manager").await.post(&format!("{path}/review"), json!({})).await.expect(200);
    assert_eq!(reminders(&app).await.iter().map(|one| (one.0.as_str(), one.1)).collect::<Vec<_>>(), [("approval_wanted", 5)]);
    let mails = delivered(&app).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("RCPT TO:<approver@test.example>") && mails[0].contains("waits for your approval"), "{}", mails[0]);
}

#[tokio::test]
async fn a_mention_reaches_each_once_for_each_comment() {
    let app = TestApp::start().await;
    let task = app.admin().await.get("/api/v1/customers/1/tasks").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let actor = app.store.firm_actor("admin@test.example").await.unwrap().unwrap();
    let comment = uuid::Uuid::from_u128(7);
    // The author among them, one of another customer, and one who has left.
    app.database.superuser().await.execute("UPDATE auth.users SET is_active = false WHERE id = 5").await.unwrap();
    for _ in 0..2 {
        let at = jiff::Timestamp::from_second(1_773_741_600).unwrap();
        let mut writer =
            app.store.writer(&actor, muster_domain::ids::CustomerId(1), muster_domain::access::Action::ShapeWork, at).await.unwrap();
        let found = writer.task(task.parse().unwrap()).await.unwrap();
        let people = [UserId(1), UserId(3), UserId(4), UserId(5), UserId(7)];
        app.context.remind_mentioned(&mut writer, &actor, &found, (comment, "Look at <this>, please."), &people).await.unwrap();
        writer.commit().await.unwrap();
    }
    let queued: Vec<_> = reminders(&app).await.into_iter().map(|one| (one.0, one.1)).collect();
    assert_eq!(queued, [("mention".to_owned(), 3), ("mention".to_owned(), 4), ("mention".to_owned(), 7)]);
    let mails = delivered(&app).await;
    assert_eq!(mails.len(), 2, "whoever may not see the task is not told of it");
    assert!(mails.iter().all(|mail| mail.contains("Look at <this>, please.") && !mail.contains("stranger")));
    assert_eq!(reminders(&app).await[2].2, "dropped");
}

/// What happened between the act and the sending counts.
#[tokio::test]
async fn what_has_lost_its_point_is_dropped() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut superuser = app.database.superuser().await;
    let completed = add(&admin, "Completed", 4).await["id"].as_str().unwrap().to_owned();
    let moved = add(&admin, "Moved", 4).await["id"].as_str().unwrap().to_owned();
    let ignored = add(&admin, "Ignored", 4).await["id"].as_str().unwrap().to_owned();
    add(&admin, "No access", 3).await;
    add(&admin, "Not wanted", 2).await;
    admin.post(&format!("/api/v1/tasks/{completed}/complete"), json!({})).await.expect(200);
    admin.patch(&format!("/api/v1/tasks/{moved}"), 1, json!({ "assigned_to": null })).await.expect(200);
    admin.post(&format!("/api/v1/tasks/{ignored}/ignore"), json!({ "reason": "R" })).await.expect(200);
    superuser.execute("UPDATE dna_app.customer_members SET status = 'suspended' WHERE user_id = 3").await.unwrap();
    superuser.execute("UPDATE auth.users SET notifications = '{}' WHERE id = 2").await.unwrap();
    assert_eq!(reminders(&app).await.len(), 5);
    assert_eq!(delivered(&app).await, [""; 0]);
    let mut why: Vec<String> = reminders(&app).await.into_iter().map(|one| format!("{} {}", one.2, one.3.unwrap_or_default())).collect();
    why.sort();
    let changed = "dropped it has changed since";
    assert_eq!(why, [changed, changed, changed, "dropped the person does not want it", "dropped the person may not see it"]);
    // Nobody is told, so nobody reads of it in the log; the outbox shows why.
    let outbox = admin.get("/outbox").await.expect(200).text;
    assert!(outbox.contains("Not needed any more"));
}

#[tokio::test]
async fn who_wants_none_gets_none_and_a_new_address_counts() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let contributor = app.as_person("contributor").await;
    let me = contributor.get("/api/v1/me").await.json();
    let version = me["version"].as_i64().unwrap();
    contributor.patch("/api/v1/me", version, json!({ "notifications": ["overdue"] })).await.expect(200);
    add(&admin, "Unwanted", 4).await;
    assert_eq!(reminders(&app).await, []);
    add(&admin, "Wanted", 3).await;
    app.database.superuser().await.execute("UPDATE auth.users SET email = 'new@acme.example' WHERE id = 3").await.unwrap();
    let mails = delivered(&app).await;
    assert!(mails.len() == 1 && mails[0].contains("RCPT TO:<new@acme.example>"), "{mails:?}");
}

#[tokio::test]
async fn a_mail_waits_until_the_quiet_hours_are_over() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let manager = app.as_person("manager").await;
    let version = manager.get("/api/v1/me").await.json()["version"].as_i64().unwrap();
    for (hours, pointer) in [
        (json!({ "from": "22:00", "to": "22:00" }), "/quiet_hours/to"),
        (json!({ "from": "25:00", "to": "07:00" }), "/quiet_hours/from"),
        (json!({ "from": "", "to": "07:00" }), "/quiet_hours/from"),
    ] {
        let problem = manager.patch("/api/v1/me", version, json!({ "quiet_hours": hours })).await.refused(422, "invalid-fields");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    // It is 11:00 in Vienna.
    let body = json!({ "time_zone": "Europe/Vienna", "quiet_hours": { "from": "09:30", "to": "12:00" } });
    let changed = manager.patch("/api/v1/me", version, body).await.expect(200).json();
    assert_eq!(changed["quiet_hours"], json!({ "from": "09:30", "to": "12:00" }));
    add(&admin, "Later", 3).await;
    assert_eq!(delivered(&app).await, [""; 0]);
    app.advance(SignedDuration::from_mins(59));
    assert_eq!(delivered(&app).await, [""; 0]);
    let row = sqlx::query("SELECT state, attempts FROM dna_app.jobs").fetch_one(&mut app.database.superuser().await).await.unwrap();
    assert_eq!((row.get::<String, _>(0).as_str(), row.get::<i32, _>(1)), ("queued", 0), "waiting is no attempt");
    app.advance(SignedDuration::from_mins(1));
    assert_eq!(delivered(&app).await.len(), 1);
    let manager = app.as_person("manager").await;
    let page = manager.get("/profile").await.expect(200).text;
    assert!(page.contains("value=\"09:30\"") && page.contains("value=\"12:00\""));
    let fields = [("name", "manager"), ("version", "2"), ("time_zone", "UTC"), ("quiet_from", "22:00"), ("quiet_to", "")];
    assert!(manager.form("/profile", &fields).await.expect(422).text.contains("Give both times, and not the same."));
    let fields = [("name", "manager"), ("version", "2"), ("time_zone", "UTC"), ("quiet_from", ""), ("quiet_to", "")];
    manager.form("/profile", &fields).await.expect(303);
    assert_eq!(manager.get("/api/v1/me").await.json()["quiet_hours"], Value::Null);
}

#[tokio::test]
async fn what_waited_for_a_mail_server_too_long_is_no_news() {
    let app = TestApp::start().await;
    add(&app.admin().await, "Old", 4).await;
    app.advance(SignedDuration::from_hours(7 * 24 + 1));
    add(&app.admin().await, "New", 4).await;
    let mails = delivered(&app).await;
    assert!(mails.len() == 1 && mails[0].contains("New task: New"), "{mails:?}");
}
