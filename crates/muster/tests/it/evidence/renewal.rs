//! Evidence that comes to its last day: one task ahead of it, and nothing that it completes after it.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{PDF, hand_in, status, task};
use crate::app::{Client, TestApp};

/// Hands in evidence of a contributor for a task and has it accepted; gives its path.
async fn accepted(app: &TestApp, fields: &[(&str, &str)]) -> String {
    let one = hand_in(&app.as_person("contributor").await, fields, ("certificate.pdf", PDF)).await.expect(201).json();
    let path = format!("/api/v1/evidence/{}", one["id"].as_str().unwrap());
    app.as_person("manager").await.post(&format!("{path}/accept"), json!({})).await.expect(200);
    path
}

async fn renewals(client: &Client) -> Vec<Value> {
    let list = client.get("/api/v1/customers/1/tasks?limit=200").await.expect(200).json();
    list["items"].as_array().unwrap().iter().filter(|task| task["title"].as_str().unwrap().starts_with("Renew evidence")).cloned().collect()
}

#[tokio::test]
async fn evidence_that_ends_soon_asks_for_its_renewal_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let (first, second) = (task(&app, json!({ "plan_id": plan["id"] })).await, task(&app, json!({})).await);
    // The clock stands at 17 March 2026: one day too early, then on the day.
    let path = accepted(&app, &[("task_id", &first), ("task_id", &second), ("valid_until", "2026-04-17")]).await;
    assert_eq!(app.context.raise_renewals().await.unwrap(), 0);
    app.advance(SignedDuration::from_hours(24));
    let (one, other) = tokio::join!(app.context.raise_renewals(), app.context.raise_renewals());
    assert_eq!(one.unwrap() + other.unwrap(), 1, "two workers at once make one task");
    assert_eq!(app.context.raise_renewals().await.unwrap(), 0);
    let (contributor, manager) = (app.as_person("contributor").await, app.as_person("manager").await);
    let made = renewals(&manager).await;
    assert_eq!(made.len(), 1);
    let renewal = &made[0];
    assert_eq!(
        (&renewal["due_date"], &renewal["task_type"], &renewal["status"]),
        (&json!("2026-04-17"), &json!("provide_evidence"), &json!("pending"))
    );
    assert_eq!(renewal["assigned_to_name"], contributor.get("/api/v1/me").await.json()["name"], "it goes to whoever handed it in");
    assert!(app.admin().await.get("/api/v1/customers/1/audit?limit=100").await.text.contains("evidence.renewal_due"));
    // What is handed in for it comes in the place of what ends, and serves its tasks.
    let id = renewal["id"].as_str().unwrap();
    let new = hand_in(&contributor, &[("task_id", id), ("valid_until", "2027-04-17")], ("certificate-2.pdf", PDF)).await.expect(201).json();
    let mut serves: Vec<&str> = new["task_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    serves.sort_unstable();
    let mut wanted = vec![first.as_str(), second.as_str(), id];
    wanted.sort_unstable();
    assert_eq!(serves, wanted);
    assert_eq!(manager.get(&path).await.json()["replaced_by"], new["id"]);
    assert_eq!(status(&app, id).await, "pending", "it is not accepted yet");
    manager.post(&format!("/api/v1/evidence/{}/accept", new["id"].as_str().unwrap()), json!({})).await.expect(200);
    assert_eq!(status(&app, id).await, "completed");
    // A year later the new one asks for its own.
    app.advance(SignedDuration::from_hours(24 * 370));
    assert_eq!(app.context.raise_renewals().await.unwrap(), 1);
    assert_eq!(renewals(&app.as_person("manager").await).await.len(), 2);
}

#[tokio::test]
async fn only_accepted_evidence_that_nothing_came_in_the_place_of_is_renewed() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let soon = ("valid_until", "2026-03-20");
    let task = task(&app, json!({})).await;
    hand_in(&app.as_person("contributor").await, &[soon, ("task_id", &task)], ("waiting.pdf", PDF)).await.expect(201);
    let replaced = accepted(&app, &[soon, ("task_id", &task)]).await;
    hand_in(&manager, &[("replaces", replaced.rsplit('/').next().unwrap())], ("new.pdf", PDF)).await.expect(201);
    let back = accepted(&app, &[soon, ("task_id", &task)]).await;
    manager.post(&format!("{back}/reject"), json!({ "reason": "R" })).await.expect(200);
    assert_eq!(app.context.raise_renewals().await.unwrap(), 0);
    // What serves no task is renewed with the customer; what serves only what is ignored is not.
    accepted(&app, &[soon]).await;
    accepted(&app, &[soon, ("task_id", &task)]).await;
    manager.post(&format!("/api/v1/tasks/{task}/ignore"), json!({ "reason": "R" })).await.expect(200);
    assert_eq!(app.context.raise_renewals().await.unwrap(), 1);
    assert_eq!(renewals(&manager).await[0]["task_scope"], "customer");
    manager.post(&format!("/api/v1/tasks/{task}/restore"), json!({})).await.expect(200);
    assert_eq!(app.context.raise_renewals().await.unwrap(), 1);
}

#[tokio::test]
async fn a_renewal_is_asked_for_as_many_days_ahead_as_the_settings_say() {
    let app = TestApp::start().await;
    accepted(&app, &[("valid_until", "2026-04-01")]).await;
    assert_eq!(app.context.clone().with_renewal_days(14).raise_renewals().await.unwrap(), 0);
    assert_eq!(app.context.clone().with_renewal_days(15).raise_renewals().await.unwrap(), 1);
}

#[tokio::test]
async fn evidence_that_has_ended_completes_nothing_and_undoes_nothing() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let (open, done) = (task(&app, json!({})).await, task(&app, json!({})).await);
    accepted(&app, &[("task_id", &open), ("task_id", &done), ("valid_until", "2026-03-17")]).await;
    manager.post(&format!("/api/v1/tasks/{done}/complete"), json!({})).await.expect(200);
    app.advance(SignedDuration::from_hours(24));
    let manager = app.as_person("manager").await;
    // Before the worker has looked, too.
    let complete = |id: &str| format!("/api/v1/tasks/{id}/complete");
    manager.post(&complete(&open), json!({})).await.refused(409, "evidence-required");
    assert_eq!(manager.get(&format!("/api/v1/tasks/{open}")).await.json()["evidence_uploaded"], true, "a refusal changes nothing");
    assert_eq!(app.context.expire_evidence().await.unwrap(), 1);
    assert_eq!(app.context.expire_evidence().await.unwrap(), 0);
    let needing = manager.get("/api/v1/customers/1/tasks?needs_evidence=true").await.json();
    assert_eq!((&needing["total"], &needing["items"][0]["id"]), (&json!(1), &json!(open)));
    manager.post(&complete(&open), json!({})).await.refused(409, "evidence-required");
    assert_eq!(status(&app, &done).await, "completed", "what is done stays done");
    // Handing in more for the done task does not take it up again either.
    hand_in(&manager, &[("task_id", &done)], ("more.pdf", PDF)).await.expect(201);
    assert_eq!(status(&app, &done).await, "completed");
    manager.post(&format!("/api/v1/tasks/{done}/reopen"), json!({})).await.expect(200);
    manager.post(&complete(&done), json!({})).await.refused(409, "evidence-required");
    accepted(&app, &[("task_id", &open), ("task_id", &done)]).await;
    for id in [&open, &done] {
        manager.post(&complete(id), json!({})).await.expect(200);
    }
    assert!(app.admin().await.get("/api/v1/customers/1/audit?limit=100").await.text.contains("task.evidence_expired"));
}
