//! Sign-in, sessions, throttling, forged requests.

use jiff::SignedDuration;
use serde_json::json;

use crate::app::{Client, PASSWORD, PEOPLE, TestApp};

fn credentials(email: &str, password: &str) -> serde_json::Value {
    json!({ "email": email, "password": password })
}

#[tokio::test]
async fn signing_in_and_out() {
    let app = TestApp::start().await;
    let mut client = app.anonymous();
    let answer = client.post("/api/v1/session", credentials("Manager@Test.example", PASSWORD)).await.expect(201);
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["muster=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    client.cookie = Some(cookie.split(';').next().unwrap().to_owned());
    assert_eq!(client.get("/api/v1/me").await.expect(200).json()["name"], "manager");
    client.send("DELETE", "/api/v1/session", &[], "").await.expect(204);
    client.get("/api/v1/me").await.refused(401, "not-signed-in");
}

#[tokio::test]
async fn a_session_ends_when_it_lies_unused_and_after_twelve_hours() {
    let app = TestApp::start().await;
    let client = app.as_person("manager").await;
    app.advance(SignedDuration::from_mins(29));
    client.get("/api/v1/me").await.expect(200);
    app.advance(SignedDuration::from_mins(29));
    client.get("/api/v1/me").await.expect(200);
    app.advance(SignedDuration::from_mins(31));
    client.get("/api/v1/me").await.refused(401, "not-signed-in");
    let client = app.as_person("manager").await;
    for _ in 0..28 {
        app.advance(SignedDuration::from_mins(25));
        client.get("/api/v1/me").await.expect(200);
    }
    app.advance(SignedDuration::from_mins(25));
    client.get("/api/v1/me").await.refused(401, "not-signed-in");
}

/// Who ask at the same moment are asked for together: each is told who they are themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everybody_who_asks_at_once_is_told_their_own_name() {
    let app = TestApp::start().await;
    let ended = app.as_person("manager").await;
    ended.send("DELETE", "/api/v1/session", &[], "").await.expect(204);
    let unknown = Client { cookie: Some("muster=nobody-has-this".to_owned()), ..ended.clone() };
    let mut askers = vec![(None, ended), (None, unknown)];
    for (name, ..) in PEOPLE {
        askers.push((Some(name), app.as_person(name).await));
    }
    for round in 0..20 {
        let mut asked = tokio::task::JoinSet::new();
        for (name, client) in askers.iter().cycle().skip(round).take(64).cloned() {
            asked.spawn(async move { (name, client.get("/api/v1/me").await) });
        }
        for (name, answer) in asked.join_all().await {
            match name {
                Some(name) => assert_eq!(answer.expect(200).json()["name"], name),
                None => drop(answer.refused(401, "not-signed-in")),
            }
        }
    }
}

#[tokio::test]
async fn the_eleventh_wrong_sign_in_has_to_wait() {
    let app = TestApp::start().await;
    for email in ["manager@test.example", "nobody@test.example"] {
        for _ in 0..10 {
            app.anonymous().post("/api/v1/session", credentials(email, "wrong")).await.refused(401, "wrong-credentials");
        }
        let answer = app.anonymous().post("/api/v1/session", credentials(email, "wrong")).await;
        assert_eq!(answer.header("retry-after"), "30");
        answer.refused(429, "too-many-attempts");
    }
    app.anonymous().post("/api/v1/session", credentials("manager@test.example", PASSWORD)).await.refused(429, "too-many-attempts");
    app.advance(SignedDuration::from_secs(31));
    app.anonymous().post("/api/v1/session", credentials("manager@test.example", PASSWORD)).await.expect(201);
    app.anonymous().post("/api/v1/session", credentials("admin@test.example", PASSWORD)).await.expect(201);
}

#[tokio::test]
async fn requests_of_other_sites_change_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({ "name": "Forged" });
    for headers in [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", ""), ("origin", "https://evil.example")],
        vec![("sec-fetch-site", "")],
    ] {
        admin.with("POST", "/api/v1/customers", &headers, body.clone()).await.refused(403, "cross-site");
    }
    app.anonymous()
        .with("POST", "/api/v1/session", &[("sec-fetch-site", "cross-site")], credentials("a@b.c", "x"))
        .await
        .refused(403, "cross-site");
    admin.with("POST", "/api/v1/customers", &[("sec-fetch-site", ""), ("origin", "http://muster.test")], body).await.expect(201);
    assert_eq!(admin.get("/api/v1/customers?q=forged").await.json()["total"], 1);
}

#[tokio::test]
async fn every_answer_has_its_security_headers() {
    let app = TestApp::start().await;
    for path in ["/sign-in", "/api/v1/me", "/no/such/page", "/assets/muster.css", "/health/live"] {
        let answer = app.anonymous().get(path).await;
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
}

/// Many at once on one account: right ones all get in, wrong ones do not slip past the count.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sign_ins_at_once_are_counted_one_by_one() {
    let app = TestApp::start().await;
    for (password, let_in, waiting) in [(PASSWORD, 16, 0), ("wrong", 0, 6)] {
        let tries: Vec<_> = (0..16)
            .map(|_| {
                let client = app.anonymous();
                tokio::spawn(async move { client.post("/api/v1/session", credentials("manager@test.example", password)).await.status })
            })
            .collect();
        let mut statuses = Vec::new();
        for one in tries {
            statuses.push(one.await.unwrap().as_u16());
        }
        let count = |status| statuses.iter().filter(|one| **one == status).count();
        assert_eq!((count(201), count(429)), (let_in, waiting), "{statuses:?}");
    }
}
