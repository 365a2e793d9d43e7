//! The register of a customer's evidence: filters, order, pages, and the tasks that lack evidence.

use serde_json::{Value, json};

use super::{PDF, hand_in, handed_in, task};
use crate::app::{Client, TestApp};

async fn names(client: &Client, query: &str) -> Vec<String> {
    let list = client.get(&format!("/api/v1/customers/1/evidence{query}")).await.expect(200).json();
    let names: Vec<String> = list["items"].as_array().unwrap().iter().map(|one| one["filename"].as_str().unwrap().to_owned()).collect();
    assert_eq!(list["total"].as_u64().unwrap(), names.len() as u64, "{query}");
    let page = client.get(&format!("/customers/1/evidence{query}")).await.expect(200).text;
    for name in ["accepted.pdf", "sent-back.pdf", "old.pdf", "new.pdf", "waiting.pdf"] {
        assert_eq!(page.contains(name), names.iter().any(|one| one == name), "{query}: {name} on the page");
    }
    names
}

#[tokio::test]
async fn the_register_finds_what_is_asked_for() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let template = admin.template_id("Access Control").await;
    admin.assign_template(&plan, "Access Control").await;
    let of_template = task(&app, json!({ "plan_id": plan["id"], "template_id": template })).await;
    let put = async |name: &str, fields: &[(&str, &str)]| -> String {
        let made = hand_in(&admin, fields, (name, PDF)).await.expect(201).json();
        made["id"].as_str().unwrap().to_owned()
    };
    // The clock stands at 17 March 2026.
    let accepted = put("accepted.pdf", &[("task_id", &of_template), ("kind", "certificate"), ("valid_until", "2026-04-10")]).await;
    admin.post(&format!("/api/v1/evidence/{accepted}/accept"), json!({})).await.expect(200);
    let back = put("sent-back.pdf", &[("note", "Zebra crossing"), ("valid_until", "2026-03-01")]).await;
    admin.post(&format!("/api/v1/evidence/{back}/reject"), json!({ "reason": "R" })).await.expect(200);
    let old = put("old.pdf", &[("valid_until", "2026-03-16")]).await;
    put("new.pdf", &[("replaces", &old), ("kind", "report"), ("valid_until", "2026-03-16")]).await;
    put("waiting.pdf", &[("valid_until", "2027-01-01")]).await;
    assert_eq!(names(&admin, "").await.len(), 5);
    for (query, found) in [
        ("?state=accepted", &["accepted.pdf"][..]),
        ("?state=sent_back", &["sent-back.pdf"]),
        ("?state=replaced", &["old.pdf"]),
        ("?state=waiting&sort=name", &["new.pdf", "waiting.pdf"]),
        ("?validity=expiring", &["accepted.pdf"]),
        ("?validity=expired", &["new.pdf"]),
        ("?kind=report", &["new.pdf"]),
        ("?kind=certificate", &["accepted.pdf"]),
        ("?q=zebra", &["sent-back.pdf"]),
        ("?q=WAIT", &["waiting.pdf"]),
        ("?sort=valid_until", &["sent-back.pdf", "old.pdf", "new.pdf", "accepted.pdf", "waiting.pdf"]),
        ("?status=pending&current=true&sort=name", &["new.pdf", "waiting.pdf"]),
    ] {
        let mut seen = names(&admin, query).await;
        // Those with the same day come in any order.
        if query == "?sort=valid_until" {
            seen[1..3].sort_by_key(|name| name != "old.pdf");
        }
        assert_eq!(seen, found, "{query}");
    }
    let (plan, template) = (plan["id"].as_str().unwrap(), template.as_str());
    for query in [format!("?plan_id={plan}"), format!("?template_id={template}"), format!("?task_id={of_template}")] {
        assert_eq!(names(&admin, &query).await, ["accepted.pdf"], "{query}");
    }
    for wrong in ["state=lost", "kind=poem", "validity=soon", "sort=size", "plan_id=x"] {
        admin.get(&format!("/api/v1/customers/1/evidence?{wrong}")).await.expect(422);
    }
    let first = admin.get("/api/v1/customers/1/evidence?limit=2&sort=name").await.json();
    let next = format!("/api/v1/customers/1/evidence?limit=2&sort=name&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!((&first["total"], &admin.get(&next).await.json()["items"][0]["filename"]), (&json!(5), &json!("old.pdf")));
}

async fn gaps(client: &Client, query: &str) -> Vec<(String, Value)> {
    let list = client.get(&format!("/api/v1/customers/1/evidence/gaps{query}")).await.expect(200).json();
    let gap = |one: &Value| (one["task"]["title"].as_str().unwrap().to_owned(), one["reason"].clone());
    let mut gaps: Vec<_> = list["items"].as_array().unwrap().iter().map(gap).collect();
    gaps.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(list["total"].as_u64().unwrap(), gaps.len() as u64);
    gaps
}

#[tokio::test]
async fn gaps_are_the_tasks_without_valid_evidence() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(2, "ISO 27001:2022").await;
    admin
        .post("/api/v1/customers/2/tasks", json!({ "title": "Globex", "plan_id": plan["id"], "requires_evidence": true }))
        .await
        .expect(201);
    let made = async |title: &str, extra: Value| {
        let mut body = json!({ "title": title });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        task(&app, body).await
    };
    made("Missing", json!({ "evidence_description": "The signed list" })).await;
    let waiting = made("Waiting", json!({})).await;
    handed_in(&admin, &waiting).await;
    let back = made("Sent back", json!({})).await;
    let path = handed_in(&admin, &back).await;
    admin.post(&format!("{path}/reject"), json!({ "reason": "R" })).await.expect(200);
    let served = made("Served", json!({})).await;
    let path = handed_in(&admin, &served).await;
    admin.post(&format!("{path}/accept"), json!({})).await.expect(200);
    let ended = made("Ended", json!({ "task_type": "provide_evidence" })).await;
    let one = hand_in(&admin, &[("task_id", &ended), ("valid_until", "2026-03-17")], ("a.pdf", PDF)).await.expect(201).json();
    admin.post(&format!("/api/v1/evidence/{}/accept", one["id"].as_str().unwrap()), json!({})).await.expect(200);
    let ignored = made("Ignored", json!({})).await;
    admin.post(&format!("/api/v1/tasks/{ignored}/ignore"), json!({ "reason": "R" })).await.expect(200);
    made("Nothing needed", json!({ "requires_evidence": false })).await;
    let expected = |list: &[(&str, &str)]| list.iter().map(|(title, reason)| ((*title).to_owned(), json!(reason))).collect::<Vec<_>>();
    assert_eq!(gaps(&admin, "").await, expected(&[("Missing", "missing"), ("Sent back", "sent_back"), ("Waiting", "waiting")]));
    // On the day after its last one, evidence is no longer enough, and the completed task is a gap.
    app.advance(jiff::SignedDuration::from_hours(24));
    let admin = app.admin().await;
    let now = gaps(&admin, "").await;
    assert_eq!(now[0], ("Ended".to_owned(), json!("expired")), "{now:?}");
    assert_eq!(now.len(), 4);
    let page = admin.get("/customers/1/evidence/gaps").await.expect(200).text;
    assert!(
        page.contains("The signed list") && page.contains("Ended 17 Mar 2026") && !page.contains("Globex") && !page.contains("Ignored")
    );
    assert!(admin.get("/customers/1/evidence").await.expect(200).text.contains("/customers/1/evidence/gaps"));
    assert_eq!(gaps(&admin, &format!("?plan_id={}", plan["id"].as_str().unwrap())).await, []);
}

#[tokio::test]
async fn the_register_goes_out_as_a_table() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = task(&app, json!({ "title": "Show the =contract" })).await;
    let fields = [("task_id", task.as_str()), ("kind", "contract"), ("valid_until", "2026-12-31"), ("note", "=1+1")];
    hand_in(&admin, &fields, ("contract.pdf", PDF)).await.expect(201);
    admin.post("/api/v1/customers/1/evidence/links", json!({ "url": "https://example.com/policy" })).await.expect(201);
    for path in ["/api/v1/customers/1/evidence/export?format=csv", "/customers/1/evidence/export?format=csv"] {
        let table = admin.get(path).await.expect(200);
        assert!(table.header("content-disposition").contains("Acme evidence.csv"));
        assert_eq!(table.text.lines().count(), 3, "{}", table.text);
        let line = table.text.lines().find(|line| line.contains("contract.pdf")).unwrap();
        for part in ["contract,waiting", "2026-12-31", "'=1+1", "Show the =contract", "2026-03-17"] {
            assert!(line.contains(part), "{part}: {line}");
        }
        assert!(table.text.contains("https://example.com/policy"));
    }
    let filtered = admin.get("/customers/1/evidence/export?format=csv&kind=contract").await.expect(200);
    assert_eq!(filtered.text.lines().count(), 2);
    let page = admin.get("/customers/1/evidence?kind=contract").await.expect(200).text;
    assert!(
        page.contains("/customers/1/evidence/export?kind=contract&amp;format=csv")
            || page.contains("/customers/1/evidence/export?kind=contract&#38;format=csv")
    );
}
