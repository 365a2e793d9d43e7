//! Versions, edits, what is out of date, and reading again.

use jiff::SignedDuration;
use serde_json::json;

use super::{Patching, statuses};

#[tokio::test]
async fn the_approved_version_stays_in_force_until_the_next_is_approved() {
    let it = Patching::approved().await;
    it.edit(json!({ "name": "Other" })).await.refused(409, "invalid-transition");
    it.answer("organisation_name", json!("Acme Holding")).await;
    let document = it.read().await;
    assert_eq!(document["out_of_date"], true);
    let change = &document["changes"][0];
    assert_eq!(
        (&change["key"], &change["before"], &change["after"]),
        (&json!("organisation_name"), &json!("An answer"), &json!("Acme Holding"))
    );
    let workspace = it.manager.get("/api/v1/customers/1/workspace").await.json();
    assert_eq!(workspace["plans"][0]["templates"][0]["documents"][0]["out_of_date"], true);
    // Said again as it was, the document holds again.
    it.answer("organisation_name", json!("An answer")).await;
    assert_eq!(it.read().await["out_of_date"], false);
    it.answer("organisation_name", json!("Acme Holding")).await;

    let next = it.contributor.post(&format!("{}/versions", it.path), json!({ "note": "The new name" })).await.expect(201).json();
    assert_eq!((&next["status"], &next["document_version"], &next["in_force"]["version"]), (&json!("draft"), &json!(2), &json!(1)));
    assert_eq!(next["generated_tasks"].as_array().unwrap().len(), 3);
    let answer = next["answers"].as_array().unwrap().iter().find(|one| one["key"] == "organisation_name").unwrap();
    assert_eq!(answer["words"], "Acme Holding");
    // Asked again, it is the same one.
    let again = it.contributor.post(&format!("{}/versions", it.path), json!({})).await.expect(200).json();
    assert_eq!((&again["document_version"], &again["generated_tasks"]), (&json!(2), &json!([])));
    let old = it.contributor.get(&format!("{}/versions/1", it.path)).await.expect(200).json();
    assert_eq!((&old["status"], &old["integrity"]), (&json!("approved"), &json!("intact")));
    assert_eq!(old["answers"].as_array().unwrap().iter().find(|one| one["key"] == "organisation_name").unwrap()["words"], "An answer");
    it.submit_and_review().await;
    assert_eq!(it.approve().await["in_force"]["version"], 2);
    let old = it.contributor.get(&format!("{}/versions/1", it.path)).await.json();
    assert_eq!((&old["status"], &old["integrity"]), (&json!("superseded"), &json!("intact")));
    it.contributor.get(&format!("{}/versions/3", it.path)).await.refused(404, "not-found");
}

#[tokio::test]
async fn edits_are_kept_told_and_checked() {
    let it = Patching::saved().await;
    let document = it.read().await;
    assert_eq!((&document["deviates"], &document["classification"]), (&json!(false), &json!("internal")));
    let body = document["body"].as_str().unwrap();
    let refused = |code: &'static str, text: String| {
        let it = &it;
        async move {
            let problem = it.edit(json!({ "body": text })).await.refused(422, "invalid-fields");
            assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("/body"), &json!(code)), "{problem}");
        }
    };
    refused("blank", "  \u{200b} ".into()).await;
    refused("unknown-placeholder", format!("{body}\n{{{{nobody_asked}}}}")).await;
    refused("section", format!("{body}\n{{{{#if organisation_name}}}}\n")).await;
    refused("too-long", "x".repeat(500_001)).await;
    it.edit(json!({ "classification": "secret" })).await.refused(422, "invalid-fields");
    it.edit(json!({ "review_interval_months": 121 })).await.refused(422, "invalid-fields");
    it.edit(json!({ "colour": "red" })).await.refused(422, "invalid-fields");
    it.contributor.with("PATCH", &it.path, &[], json!({ "name": "N" })).await.refused(428, "version-required");
    it.contributor.patch(&it.path, 99, json!({ "name": "N" })).await.refused(412, "stale");
    it.approver.patch(&it.path, 1, json!({ "name": "N" })).await.refused(403, "forbidden");
    let edited = it
        .edit(json!({ "body": format!("{body}\n\nWritten by hand.\n"), "name": "Patching", "classification": "confidential", "document_number": "P-7" }))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&edited["deviates"], &edited["name"], &edited["classification"]),
        (&json!(true), &json!("Patching"), &json!("confidential"))
    );
    // What was written by hand stays when the answers change, and in the next version.
    it.answer("organisation_name", json!("Acme Holding")).await;
    let filled = it.contributor.post(&format!("{}/refresh", it.path), json!({})).await.expect(200).json();
    assert!(filled["body"].as_str().unwrap().contains("Written by hand."));
    it.submit_and_review().await;
    it.approve().await;
    let kept = it.contributor.get(&format!("{}/versions/1", it.path)).await.json();
    assert_eq!((&kept["classification"], &kept["document_number"]), (&json!("confidential"), &json!("P-7")));
    let next = it.contributor.post(&format!("{}/versions", it.path), json!({})).await.expect(201).json();
    assert_eq!((&next["deviates"], &next["document_number"]), (&json!(true), &json!("P-7")));
}

#[tokio::test]
async fn a_document_in_force_is_read_again_once_for_each_day() {
    let it = Patching::saved().await;
    it.edit(json!({ "review_interval_months": 12 })).await.expect(200);
    it.submit_and_review().await;
    assert_eq!(it.approve().await["next_review_on"], "2027-03-17");
    assert_eq!(it.app.context.raise_rereadings().await.unwrap(), 0);
    // The day may be moved while it is in force: it is no part of what was approved.
    let version = it.read().await["version"].as_i64().unwrap();
    it.manager.patch(&it.path, version, json!({ "next_review_on": "2026-03-30" })).await.expect(200);
    assert_eq!(it.app.context.raise_rereadings().await.unwrap(), 1);
    assert_eq!(it.app.context.raise_rereadings().await.unwrap(), 0);
    let document = it.read().await;
    let task = document["tasks"].as_array().unwrap().iter().find(|task| task["task_type"] == "reread_document").unwrap();
    assert_eq!((&task["due_date"], &task["assignee_role"]), (&json!("2026-03-30"), &json!("manager")));
    // Completing it says that it still holds: the next day is counted from today.
    it.manager.post(&format!("/api/v1/tasks/{}/complete", task["id"].as_str().unwrap()), json!({})).await.expect(200);
    let document = it.read().await;
    assert_eq!((&document["next_review_on"], &document["integrity"]), (&json!("2027-03-17"), &json!("intact")));
    // A year later a new version answers it instead.
    it.app.advance(SignedDuration::from_hours(24 * 355));
    let (contributor, manager) = (it.app.as_person("contributor").await, it.app.as_person("manager").await);
    assert_eq!(it.app.context.raise_rereadings().await.unwrap(), 1);
    contributor.post(&format!("{}/versions", it.path), json!({})).await.expect(201);
    let tasks = manager.get(&it.path).await.json();
    let again: Vec<(String, String)> = tasks["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|task| task["task_type"] == "reread_document")
        .map(|task| (String::new(), task["status"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(statuses(&again), ["completed", "completed"]);
}
