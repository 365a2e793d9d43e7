//! The bad-input battery: what cannot be taken gets a clear answer and changes nothing.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn bodies_that_are_no_json() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let deep = "[".repeat(10_000);
    let long = format!(r#"{{"title":"{}"}}"#, "x".repeat(1_100_000));
    let cases: Vec<(&str, &[u8], u16, &str)> = vec![
        ("application/json", b"{broken", 400, "malformed-json"),
        ("application/json", b"", 400, "malformed-json"),
        ("text/plain", b"{}", 415, "unsupported-media-type"),
        ("application/json", long.as_bytes(), 413, "too-large"),
        ("application/json", deep.as_bytes(), 400, "malformed-json"),
        ("application/json", br#"{"title":"a","title":"b"}"#, 400, "malformed-json"),
        ("application/json", br#"{"title":"\ud800"}"#, 400, "malformed-json"),
        ("application/json", b"{\"title\":\"\xff\"}", 400, "malformed-json"),
        ("application/json", b"{} trailing", 400, "malformed-json"),
        ("application/json", br#"{"titel":"a"}"#, 422, "invalid-fields"),
        ("application/json", br#"[]"#, 422, "invalid-fields"),
    ];
    for (kind, body, status, problem) in cases {
        let answer = admin.send("POST", "/api/v1/customers/1/tasks", &[("content-type", kind)], body.to_vec()).await;
        let start: String = String::from_utf8_lossy(body).chars().take(40).collect();
        assert_eq!(answer.status, status, "{start}: {}", answer.text);
        answer.refused(status, problem);
    }
    assert_eq!(admin.get("/api/v1/customers/1/tasks").await.json()["total"], 2);
}

#[tokio::test]
async fn fields_that_cannot_be_taken() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let cases = [
        (json!({}), "/title"),
        (json!({ "title": null }), "/title"),
        (json!({ "title": "x".repeat(501) }), "/title"),
        (json!({ "title": "   " }), "/title"),
        (json!({ "title": "\u{200b}\u{2060}" }), "/title"),
        (json!({ "title": "a\u{0}b" }), "/title"),
        (json!({ "title": 5 }), "/title"),
        (json!({ "title": "T", "description": "a\u{0}" }), "/description"),
        (json!({ "title": "T", "due_date": "2026-02-30" }), "/due_date"),
        (json!({ "title": "T", "due_date": "300000-01-01" }), "/due_date"),
        (json!({ "title": "T", "due_date": "17.03.2026" }), "/due_date"),
        (json!({ "title": "T", "priority": "extreme" }), "/priority"),
        (json!({ "title": "T", "assigned_to": 99_999_999_999_i64 }), "/assigned_to"),
        (json!({ "title": "T", "colour": "red" }), "/colour"),
    ];
    for (body, pointer) in cases {
        let problem = admin.post("/api/v1/customers/1/tasks", body.clone()).await.refused(422, "invalid-fields");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}: {problem}");
    }
    // All wrong fields are named at once.
    let problem =
        admin.post("/api/v1/customers", json!({ "name": "", "email": "x", "time_zone": "Mars" })).await.refused(422, "invalid-fields");
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/name", "/email", "/time_zone"]);
    assert_eq!(admin.get("/api/v1/customers/1/tasks").await.json()["total"], 2);
}

#[tokio::test]
async fn paths_queries_and_methods() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for path in [
        "/api/v1/customers/abc",
        "/api/v1/customers/99999999999",
        "/api/v1/customers/-1/workspace",
        "/api/v1/tasks/abc",
        "/api/v1/nothing",
        "/api/v1/tasks/%00",
    ] {
        admin.get(path).await.refused(404, "not-found");
    }
    for query in ["limit=-1", "limit=0", "limit=1000000000", "limit=x", "sort=id;drop", "status=asleep", "plan_id=abc", "open=perhaps"] {
        let answer = admin.get(&format!("/api/v1/customers/1/tasks?{query}")).await;
        assert_eq!(answer.status, 422, "{query}: {}", answer.text);
    }
    for cursor in ["x", "32-0000000000000000", "ffffffffffffffffff-00"] {
        admin.get(&format!("/api/v1/customers/1/tasks?cursor={cursor}")).await.refused(400, "bad-cursor");
    }
    admin.get("/api/v1/customers/1/tasks?q=%FF").await.refused(400, "bad-request");
    for (method, path) in [("TRACE", "/api/v1/me"), ("DELETE", "/api/v1/customers/1"), ("PUT", "/api/v1/customers")] {
        let answer = admin.send(method, path, &[], "").await;
        assert!(answer.header("allow").contains("GET"), "{method} {path}: {}", answer.header("allow"));
        answer.refused(405, "method-not-allowed");
    }
    admin
        .send("PATCH", "/api/v1/customers/1", &[("content-type", "application/json"), ("if-match", "\"nonsense\"")], "{}")
        .await
        .refused(412, "stale");
}

/// Refusals never tell of the inside.
#[tokio::test]
async fn refusals_tell_nothing_of_the_inside() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for answer in [
        admin.get("/api/v1/tasks/%27%3B%20DROP").await,
        admin.post("/api/v1/customers", json!({ "name": "x".repeat(300) })).await,
        admin.get("/api/v1/customers/1/tasks?q=%27%22--").await,
    ] {
        for inside in ["dna_app", "SELECT", "sqlx", "postgres", "/home", ".rs", "panicked"] {
            assert!(!answer.text.contains(inside), "{inside}: {}", answer.text);
        }
    }
}
