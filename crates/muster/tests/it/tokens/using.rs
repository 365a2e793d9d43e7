//! Coming in with a token.

use jiff::SignedDuration;
use serde_json::json;

use super::{Program, token};
use crate::app::TestApp;

#[tokio::test]
async fn a_token_for_one_customer_sees_that_one_only() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let program = Program::new(&app, &token(&admin, &["read", "shape", "audit"], Some(&[1])).await);
    let customers = program.get("/api/v1/customers").await.expect(200).json();
    assert_eq!((&customers["total"], &customers["items"][0]["id"]), (&json!(1), &json!(1)));
    assert_eq!(program.get("/api/v1/portfolio").await.expect(200).json()["total"], 1);
    let foreign = admin.get("/api/v1/customers/2/tasks").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    for path in ["/api/v1/customers/2".to_owned(), "/api/v1/customers/2/audit".to_owned(), format!("/api/v1/tasks/{foreign}")] {
        program.get(&path).await.refused(404, "not-found");
    }
    program.post("/api/v1/customers/2/tasks", json!({ "title": "T" })).await.refused(404, "not-found");
    program.post("/api/v1/customers", json!({ "name": "New" })).await.refused(403, "forbidden");
    program.post("/api/v1/iso-standards", json!({ "code": "X 1:2026", "name": "X" })).await.refused(403, "forbidden");
    // What is nothing of the admin's is not there for their token either.
    program.get("/api/v1/customers/999").await.refused(404, "not-found");
}

#[tokio::test]
async fn a_token_follows_its_issuer() {
    let app = TestApp::start().await;
    let mut superuser = app.database.superuser().await;
    let mut change = async |statement: &'static str| sqlx::query(statement).execute(&mut superuser).await.unwrap();
    let manager = Program::new(&app, &token(&app.as_person("manager").await, &["read", "shape"], None).await);
    let admin = Program::new(&app, &token(&app.admin().await, &["read", "library"], None).await);
    manager.post("/api/v1/customers/1/tasks", json!({ "title": "T" })).await.expect(201);
    change("UPDATE dna_app.customer_members SET role = 'auditor' WHERE user_id = 3").await;
    manager.post("/api/v1/customers/1/tasks", json!({ "title": "T" })).await.refused(403, "forbidden");
    manager.get("/api/v1/customers/1").await.expect(200);
    change("UPDATE dna_app.customer_members SET status = 'suspended' WHERE user_id = 3").await;
    manager.get("/api/v1/customers/1").await.refused(403, "forbidden");
    change("UPDATE auth.users SET role = 'consultant' WHERE id = 1").await;
    admin.get("/api/v1/customers/1").await.refused(404, "not-found");
    admin.get("/api/v1/iso-standards").await.expect(200);
    admin.post("/api/v1/iso-standards", json!({ "code": "X 1:2026", "name": "X" })).await.refused(403, "forbidden");
    change("UPDATE auth.users SET is_active = false").await;
    for program in [manager, admin] {
        program.get("/api/v1/me").await.refused(401, "bad-token");
    }
}

#[tokio::test]
async fn what_is_no_token_is_refused_without_a_hint() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let good = token(&manager, &["read"], None).await;
    let unknown = muster_domain::tokens::ApiToken::of_secret(&"ab".repeat(32)).unwrap();
    let mut answers = Vec::new();
    for text in ["", "x", "mst_", &good[..75], &good.replace("mst_", "MST_"), unknown.expose(), "\u{e9}"] {
        let answer = Program::new(&app, text).get("/api/v1/me").await;
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        let mut problem = answer.refused(401, "bad-token");
        problem["request_id"] = json!("");
        answers.push(problem);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    // The scheme is read regardless of case; another scheme is none of ours.
    let with = async |value: &str| app.anonymous().send("GET", "/api/v1/me", &[("authorization", value)], "").await;
    with(&format!("bearer {good}")).await.expect(200);
    with(&format!("BEARER   {good} ")).await.expect(200);
    with(&format!("Basic {good}")).await.refused(401, "not-signed-in");
}

#[tokio::test]
async fn a_token_counts_and_the_cookie_beside_it_does_not() {
    let app = TestApp::start().await;
    let (admin, manager) = (app.admin().await, app.as_person("manager").await);
    let bearer = format!("Bearer {}", token(&manager, &["read"], None).await);
    let me = admin.send("GET", "/api/v1/me", &[("authorization", &bearer)], "").await.expect(200).json();
    assert_eq!(me["name"], "manager");
    assert_eq!(me["token"], json!({ "rights": ["read"], "customer_ids": null }));
    assert!(admin.get("/api/v1/me").await.json()["token"].is_null());
    admin.send("GET", "/api/v1/me", &[("authorization", "Bearer wrong")], "").await.refused(401, "bad-token");
    // Pages take the cookie only.
    app.anonymous().send("GET", "/my-work", &[("authorization", &bearer)], "").await.expect(303);
    admin.send("GET", "/my-work", &[("authorization", &bearer)], "").await.expect(200);
    admin.send("POST", "/customers", &[("authorization", &bearer), ("sec-fetch-site", "cross-site")], "").await.expect(403);
}

#[tokio::test]
async fn where_a_request_comes_from_is_nothing_to_a_token() {
    let app = TestApp::start().await;
    let program = Program::new(&app, &token(&app.as_person("manager").await, &["shape"], None).await);
    for headers in [vec![("sec-fetch-site", "cross-site")], vec![("origin", "https://elsewhere.example")], vec![]] {
        program.send("POST", "/api/v1/customers/1/tasks", &headers, r#"{"title":"T"}"#).await.expect(201);
    }
}

#[tokio::test]
async fn unknown_tokens_make_their_network_wait_and_others_not() {
    let app = TestApp::start().await;
    let good = Program::new(&app, &token(&app.as_person("manager").await, &["read"], None).await);
    let mistyped = Program::new(&app, &format!("mst_{}", "0".repeat(72)));
    for number in 0..100_u32 {
        let unknown = muster_domain::tokens::ApiToken::of_secret(&format!("{number:064x}")).unwrap();
        Program::new(&app, unknown.expose()).get("/api/v1/me").await.refused(401, "bad-token");
    }
    let unknown = muster_domain::tokens::ApiToken::of_secret(&"cd".repeat(32)).unwrap();
    let answer = Program::new(&app, unknown.expose()).get("/api/v1/me").await;
    assert_eq!(answer.header("retry-after"), "30");
    answer.refused(429, "too-many-attempts");
    good.get("/api/v1/me").await.expect(200);
    mistyped.get("/api/v1/me").await.refused(401, "bad-token");
    app.advance(SignedDuration::from_secs(31));
    Program::new(&app, unknown.expose()).get("/api/v1/me").await.refused(401, "bad-token");
}
