//! The pages of the logs, as people read them.

use serde_json::json;

use super::work;
use crate::app::TestApp;

#[tokio::test]
async fn a_log_is_read_in_plain_words() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    work(&admin).await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "Call <them>" })).await.expect(201).json();
    admin.patch(&format!("/api/v1/tasks/{}", task["id"].as_str().unwrap()), 1, json!({ "due_date": "2026-03-20" })).await.expect(200);
    let page = app.as_person("auditor").await.get("/customers/1/audit").await.expect(200).text;
    for words in
        ["added the task “", "Call &#60;them&#62;", "Due date", "20 Mar 2026", "not signed yet", "/api/v1/customers/1/audit/export"]
    {
        assert!(page.contains(words), "{words} is missing: {page}");
    }
    let shown = |text: &str| text.matches("datetime=").count();
    let filtered = admin.get("/customers/1/audit?action=answer.given&actor=admin&from=2026-03-17&to=2026-03-17").await.expect(200).text;
    assert_eq!(shown(&filtered), 14);
    assert!(filtered.contains("14 entries match") && filtered.contains("<option value=\"answer.given\" selected>"), "{filtered}");
    let none = admin.get("/customers/1/audit?subject=%3Cnowhere").await.expect(200).text;
    assert!(none.contains("No entry matches") && none.contains("value=\"&#60;nowhere\""), "{none}");
    let first = admin.get("/customers/1/audit?limit=10").await.expect(200).text;
    let next = first.split("href=\"/customers/1/audit?limit=10&#38;cursor=").nth(1).unwrap().split('"').next().unwrap();
    let second = admin.get(&format!("/customers/1/audit?limit=10&cursor={next}")).await.expect(200).text;
    assert_eq!((shown(&first), shown(&second)), (10, 10));
    assert!(second.contains("Back to the first page"));
    // Days are the customer's: what was done at 23:30 UTC was done on the next day in Vienna.
    app.advance(jiff::SignedDuration::from_mins(13 * 60 + 30));
    admin.post("/api/v1/customers/1/tasks", json!({ "title": "At night" })).await;
    let admin = app.admin().await;
    admin.post("/api/v1/customers/1/tasks", json!({ "title": "At night" })).await.expect(201);
    let night = admin.get("/customers/1/audit?from=2026-03-18").await.expect(200).text;
    assert!(night.contains("18 Mar 2026, 00:30") && shown(&night) == 1, "{night}");
    admin.get("/customers/1/audit?from=yesterday").await.expect(422);
}

#[tokio::test]
async fn the_logs_are_reached_from_where_they_belong() {
    let app = TestApp::start().await;
    let link = "href=\"/customers/1/audit\"";
    for (person, may) in [("admin", true), ("manager", true), ("auditor", true), ("contributor", false)] {
        let page = app.as_person(person).await.get("/customers/1").await.expect(200).text;
        assert_eq!(page.contains(link), may, "{person}");
        assert_eq!(page.contains("href=\"/audit\""), person == "admin", "{person}");
    }
    let firm = app.admin().await.get("/audit").await.expect(200).text;
    for words in ["imported a library", "signed in", "added the person “", "/api/v1/audit/checkpoints"] {
        assert!(firm.contains(words), "{words} is missing: {firm}");
    }
}
