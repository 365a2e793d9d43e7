//! Changing tasks: versions, people, lost updates.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn fields_change_and_empty() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "T", "due_date": "2026-04-01" })).await.expect(201).json();
    let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
    let body = json!({ "title": "U", "assigned_to": 4, "priority": "high", "due_date": null, "notes": "N" });
    let changed = admin.patch(&path, 1, body).await.expect(200).json();
    assert_eq!((&changed["title"], &changed["assigned_to_name"], &changed["due_date"]), (&json!("U"), &json!("contributor"), &json!(null)));
    assert_eq!((&changed["priority"], &changed["notes"], &changed["version"]), (&json!("high"), &json!("N"), &json!(2)));
    admin.with("PATCH", &path, &[], json!({ "title": "V" })).await.refused(428, "version-required");
    admin.patch(&path, 1, json!({ "title": "V" })).await.refused(412, "stale");
}

#[tokio::test]
async fn work_goes_only_to_people_of_the_customer() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    // 7 belongs to another customer, 8 has expired, 6 only reads, 999 does not exist: all told alike.
    for person in [7, 8, 6, 999] {
        let refused =
            admin.post("/api/v1/customers/1/tasks", json!({ "title": "T", "assigned_to": person })).await.refused(422, "unknown-reference");
        assert_eq!(refused["errors"][0]["pointer"], "/assigned_to");
    }
    for person in [1, 2, 3, 4, 5] {
        admin.post("/api/v1/customers/1/tasks", json!({ "title": "T", "assigned_to": person })).await.expect(201);
    }
}

/// Fifty writers, many edits: every success is kept, none is overwritten unseen.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_edit_is_lost() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "T" })).await.json();
    let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
    let writers: Vec<_> = (0..50)
        .map(|writer| {
            let (admin, path) = (admin.clone(), path.clone());
            tokio::spawn(async move {
                let mut successes = 0;
                for edit in 0..20 {
                    let version = admin.get(&path).await.json()["version"].as_i64().unwrap();
                    let answer = admin.patch(&path, version, json!({ "notes": format!("{writer}/{edit}") })).await;
                    match answer.status.as_u16() {
                        200 => successes += 1,
                        412 => {}
                        other => panic!("{other}: {}", answer.text),
                    }
                }
                successes
            })
        })
        .collect();
    let mut successes = 0;
    for writer in writers {
        successes += writer.await.unwrap();
    }
    let last = admin.get(&path).await.json()["version"].as_i64().unwrap();
    assert_eq!(successes, last - 1);
    assert!(successes > 0);
}

/// Whoever does a task does not decide whether it has to be proved.
#[tokio::test]
async fn evidence_is_not_switched_off_by_its_doer() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "T", "requires_evidence": true })).await.json();
    let path = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
    let contributor = app.as_person("contributor").await;
    contributor.patch(&path, 1, json!({ "requires_evidence": false })).await.refused(403, "forbidden");
    admin.patch(&path, 1, json!({ "requires_evidence": false })).await.expect(200);
    contributor.post(&format!("{path}/complete"), json!({})).await.expect(200);
    admin.patch(&path, 3, json!({ "requires_evidence": true })).await.refused(409, "evidence-required");
}
