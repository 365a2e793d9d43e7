//! Calendars by a secret link, read by a calendar library of somebody else's.

use std::process::Stdio;

use jiff::SignedDuration;
use serde_json::{Value, json};
use sqlx::Executor as _;
use tokio::io::AsyncWriteExt as _;

use crate::app::{Answer, Client, TestApp};

/// What the program says of a calendar that it has read; see `calendar/read.py`.
async fn read(text: &str) -> Value {
    let python = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/calendar/bin/python");
    let mut child = tokio::process::Command::new(python)
        .arg(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/calendar/read.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the calendar library is missing: `make calendar-library` installs it");
    let mut input = child.stdin.take().unwrap();
    input.write_all(text.as_bytes()).await.unwrap();
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success(), "the library refuses it: {text}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The path of a link that was made.
async fn link(client: &Client, place: &str) -> String {
    let url = client.post(place, json!({})).await.expect(201).json()["url"].as_str().unwrap().to_owned();
    url.strip_prefix("http://localhost").expect("the public address").to_owned()
}

/// What a calendar program gets, which is signed in nowhere.
async fn fetch(app: &TestApp, path: &str) -> Answer {
    app.anonymous().get(path).await
}

fn summaries(calendar: &Value) -> Vec<&str> {
    calendar["events"].as_array().unwrap().iter().map(|event| event["summary"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn ones_own_calendar_as_a_calendar_library_reads_it() {
    let app = TestApp::start().await;
    let (admin, manager) = (app.admin().await, app.as_person("manager").await);
    let title = "Größe prüfen; \"A, B\"\\C \u{1f600} ".to_owned() + &"sehr lang ".repeat(20);
    for body in [
        json!({ "title": title, "due_date": "2026-12-31", "assigned_to": 3, "description": "One.\nTwo; three." }),
        json!({ "title": "Somebody else's", "due_date": "2026-04-01", "assigned_to": 4 }),
        json!({ "title": "Whenever", "assigned_to": 3 }),
    ] {
        admin.post("/api/v1/customers/1/tasks", body).await.expect(201);
    }
    let done = json!({ "title": "Done", "due_date": "2026-04-01", "assigned_to": 3 });
    let done = admin.post("/api/v1/customers/1/tasks", done).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/api/v1/tasks/{done}/complete"), json!({})).await.expect(200);
    let contributor = app.as_person("contributor").await;
    let task = admin.get("/api/v1/customers/1/tasks").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let fields = [("task_id", task.as_str()), ("valid_until", "2026-06-30")];
    contributor.upload("/api/v1/customers/1/evidence", &fields, ("certificate.pdf", b"%PDF-1.7 one")).await.expect(201);

    let path = link(&manager, "/api/v1/me/calendar").await;
    let answer = fetch(&app, &path).await.expect(200);
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!((answer.header("referrer-policy"), answer.header("cache-control")), ("no-referrer", "private, no-cache"));
    let calendar = read(&answer.text).await;
    assert_eq!(calendar["name"], "manager (Muster)");
    assert_eq!(summaries(&calendar), ["Valid until today: certificate.pdf", title.trim()]);
    let event = &calendar["events"][1];
    for (part, expected) in [
        ("start", json!("2026-12-31")),
        ("end", json!("2027-01-01")),
        ("is_day", json!(true)),
        ("sequence", json!(1)),
        ("changed", json!("2026-03-17T10:00:00+00:00")),
        ("description", json!("Acme\nmanager")),
    ] {
        assert_eq!(event[part], expected, "{part}");
    }
    let uid = event["uid"].clone();
    // The same calendar is not sent again.
    let tag = answer.header("etag").to_owned();
    let again = app.anonymous().send("GET", &path, &[("if-none-match", &tag)], axum::body::Body::empty()).await.expect(304);
    assert_eq!((again.header("etag"), again.bytes.len()), (tag.as_str(), 0));
    // A change keeps the event and counts it.
    let list = admin.get("/api/v1/customers/1/tasks?assigned_to=3&open=true&sort=due_date").await.json();
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    app.advance(SignedDuration::from_hours(1));
    app.admin().await.patch(&format!("/api/v1/tasks/{id}"), 1, json!({ "due_date": "2027-01-02" })).await.expect(200);
    let changed = fetch(&app, &path).await.expect(200);
    assert_ne!(changed.header("etag"), tag);
    let event = read(&changed.text).await["events"][1].clone();
    assert_eq!((&event["uid"], &event["start"], &event["sequence"]), (&uid, &json!("2027-01-02"), &json!(2)));
    assert_eq!(event["changed"], "2026-03-17T11:00:00+00:00");
}

#[tokio::test]
async fn a_new_link_ends_the_one_before_and_only_its_hash_is_kept() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let first = link(&manager, "/api/v1/me/calendar").await;
    let second = link(&manager, "/api/v1/me/calendar").await;
    assert_ne!(first, second);
    fetch(&app, &first).await.expect(404);
    fetch(&app, &second).await.expect(200);
    let secret = second.trim_start_matches("/calendar/").trim_end_matches(".ics").to_owned();
    assert_eq!(secret.len(), 64);
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM auth.calendar_links l WHERE l::text LIKE '%' || $1 || '%'")
        .bind(&secret)
        .fetch_one(&mut app.database.superuser().await)
        .await
        .unwrap();
    assert_eq!(kept, 0);
    for wrong in [
        format!("/calendar/{secret}"),
        format!("/calendar/{secret}.txt"),
        format!("/calendar/{}.ics", "0".repeat(64)),
        "/calendar/.ics".to_owned(),
    ] {
        fetch(&app, &wrong).await.expect(404);
    }
    manager.send("DELETE", "/api/v1/me/calendar", &[], axum::body::Body::empty()).await.expect(204);
    manager.send("DELETE", "/api/v1/me/calendar", &[], axum::body::Body::empty()).await.expect(204);
    fetch(&app, &second).await.expect(404);
}

#[tokio::test]
async fn a_customers_calendar_has_all_its_days_and_the_rights_of_whoever_shared_it() {
    let app = TestApp::start().await;
    let (admin, manager) = (app.admin().await, app.as_person("manager").await);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Access Control").await;
    admin.answer_all(&assignment).await;
    admin.post("/api/v1/customers/1/tasks", json!({ "title": "Mine", "due_date": "2026-05-01", "assigned_to": 4 })).await.expect(201);
    admin.post("/api/v1/customers/2/tasks", json!({ "title": "Globex's", "due_date": "2026-05-01" })).await.expect(201);
    let path = link(&manager, "/api/v1/customers/1/calendar").await;
    let own = link(&manager, "/api/v1/me/calendar").await;
    let calendar = read(&fetch(&app, &path).await.expect(200).text).await;
    assert_eq!(calendar["name"], "Acme (Muster)");
    let names = summaries(&calendar);
    assert!(names.contains(&"Mine") && names.contains(&"Send welcome email") && !names.contains(&"Globex's"), "{names:?}");
    // Ignoring a task takes it out; nobody who reads has to be told.
    let list = admin.get("/api/v1/customers/1/tasks?q=Mine").await.json();
    let id = list["items"][0]["id"].as_str().unwrap();
    admin.post(&format!("/api/v1/tasks/{id}/ignore"), json!({ "reason": "R" })).await.expect(200);
    assert!(!summaries(&read(&fetch(&app, &path).await.expect(200).text).await).contains(&"Mine"));
    // Whoever is a contributor from now on shares nothing any more; what is their own stays.
    let mut superuser = app.database.superuser().await;
    superuser.execute("UPDATE dna_app.customer_members SET role = 'contributor' WHERE user_id = 3").await.unwrap();
    fetch(&app, &path).await.expect(404);
    fetch(&app, &own).await.expect(200);
    superuser.execute("UPDATE dna_app.customer_members SET status = 'suspended' WHERE user_id = 3").await.unwrap();
    assert_eq!(summaries(&read(&fetch(&app, &own).await.expect(200).text).await), [""; 0]);
    superuser.execute("UPDATE auth.users SET is_active = false WHERE id = 3").await.unwrap();
    fetch(&app, &own).await.expect(404);
}

#[tokio::test]
async fn a_document_is_read_again_on_one_day() {
    let app = TestApp::start().await;
    let (admin, manager) = (app.admin().await, app.as_person("manager").await);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Access Control").await;
    admin.answer_all(&assignment).await;
    let made = admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201).json();
    let (document, name) = (made["id"].as_str().unwrap().to_owned(), made["name"].as_str().unwrap().to_owned());
    let path = link(&manager, "/api/v1/customers/1/calendar").await;
    let reviews = |calendar: &Value| {
        let is_review = |summary: &&str| summary.starts_with("Review") && summary.ends_with(&name);
        summaries(calendar).into_iter().filter(is_review).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let mut superuser = app.database.superuser().await;
    let statement = format!(
        "UPDATE dna_app.customer_documents SET next_review_on = '2026-03-25' WHERE id = '{document}';
         UPDATE dna_app.customer_tasks SET status = 'cancelled' WHERE document_id = '{document}'"
    );
    superuser.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
    // It is not in force yet, so nothing has to be read again.
    assert_eq!(reviews(&read(&fetch(&app, &path).await.text).await), [""; 0]);
    admin.post(&format!("/api/v1/documents/{document}/submit"), json!({})).await.expect(200);
    let statement = format!(
        "UPDATE dna_app.customer_document_versions SET status = 'approved', decided_at = now() WHERE document_id = '{document}'; UPDATE dna_app.customer_documents SET status = 'approved' WHERE id = '{document}'; UPDATE dna_app.customer_tasks SET status = 'cancelled' WHERE document_id = '{document}'"
    );
    superuser.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
    let before = reviews(&read(&fetch(&app, &path).await.text).await);
    assert_eq!(before.len(), 1, "{before:?}");
    assert!(before[0].starts_with("Review due: "), "{before:?}");
    // Its task takes the place of the day, instead of standing beside it.
    assert_eq!(app.context.raise_rereadings().await.unwrap(), 1);
    let after = reviews(&read(&fetch(&app, &path).await.text).await);
    assert_eq!(after.len(), 1, "{after:?}");
    assert!(!after[0].starts_with("Review due: "), "{after:?}");
}

#[tokio::test]
async fn the_pages_make_show_once_and_end_links() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    for place in ["/profile/calendar", "/customers/1/calendar"] {
        assert!(manager.get(place).await.expect(200).text.contains("There is no link yet."));
        let made = manager.form(place, &[]).await.expect(200);
        assert_eq!(made.header("cache-control"), "no-store");
        let from = made.text.find("http://localhost/calendar/").expect("the link") + "http://localhost".len();
        let path = made.text[from..].split(".ics").next().unwrap().to_owned() + ".ics";
        fetch(&app, &path).await.expect(200);
        let later = manager.get(place).await.expect(200).text;
        assert!(later.contains("Your link was made on 17 Mar 2026.") && !later.contains("/calendar/0") && !later.contains(&path));
        manager.form(&format!("{place}/revoke"), &[]).await.expect(303);
        fetch(&app, &path).await.expect(404);
    }
}
