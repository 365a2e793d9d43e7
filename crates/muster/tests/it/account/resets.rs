//! Lost passwords.

use jiff::SignedDuration;
use muster_domain::mail::Mailbox;
use muster_service::{Context, Mailer};
use muster_web::AppState;
use serde_json::json;
use sqlx::Row as _;

use super::{credentials, firm_log, sign_in, with_totp};
use crate::{
    app::{Client, TestApp},
    mail::Sink,
};

const NEW: &str = "a boat beside the river";

/// The path of the link in the latest mail.
async fn link(app: &TestApp) -> String {
    let mut superuser = app.database.superuser().await;
    let text: String = sqlx::query_scalar("SELECT payload ->> 'text' FROM dna_app.jobs ORDER BY created_at DESC, id DESC LIMIT 1")
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    let url = text.lines().find(|line| line.starts_with("http")).unwrap();
    url.strip_prefix("http://localhost").unwrap().to_owned()
}

async fn count(app: &TestApp, table: &str) -> i64 {
    let mut superuser = app.database.superuser().await;
    let statement = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
    sqlx::query_scalar(statement).fetch_one(&mut superuser).await.unwrap()
}

/// The same app with a mail server.
fn with_server(app: &TestApp, url: &str) -> (Context, Client) {
    let from = Mailbox::parse("The Firm <firm@muster.example>").unwrap();
    let context = app.context.clone().with_mailer(Mailer::new(url, from).unwrap()).with_public_url("https://muster.example/");
    let router = muster_web::router(AppState::new(context.clone()));
    (context, Client { router, ..app.anonymous() })
}

#[tokio::test]
async fn a_link_sets_a_new_password_once() {
    let app = TestApp::start().await;
    let (manager, stranger) = (app.as_person("manager").await, app.as_person("stranger").await);
    for _ in 0..2 {
        app.anonymous().post("/api/v1/password-reset", json!({ "email": "Manager@Test.example " })).await.expect(202);
    }
    let path = link(&app).await;
    assert_eq!(count(&app, "auth.password_resets").await, 2);
    let token = path.rsplit('/').next().unwrap();
    assert_eq!(token.len(), 64, "256 bits");
    let mut superuser = app.database.superuser().await;
    let kept = sqlx::query("SELECT token_hash FROM auth.password_resets").fetch_all(&mut superuser).await.unwrap();
    assert!(kept.iter().all(|row| row.get::<Vec<u8>, _>(0).len() == 32), "only hashes are kept");
    app.anonymous().get(&path).await.expect(200);
    let set = |password: &str| json!({ "password": password });
    let api = format!("/api/v1{path}");
    app.anonymous().post(&api, set("short")).await.refused(422, "invalid-fields");
    app.anonymous().post(&api, set(NEW)).await.expect(204);
    app.anonymous().post(&api, set("a third one beside the river")).await.refused(404, "not-found");
    app.anonymous().get(&path).await.expect(404);
    assert_eq!(count(&app, "auth.password_resets").await, 0, "other open links have ended");
    manager.get("/api/v1/me").await.refused(401, "not-signed-in");
    stranger.get("/api/v1/me").await.expect(200);
    sign_in(&app, credentials("manager")).await.refused(401, "wrong-credentials");
    sign_in(&app, json!({ "email": "manager@test.example", "password": NEW })).await.expect(201);
    assert_eq!(firm_log(&app).await, ["account.password_reset by manager"]);
}

#[tokio::test]
async fn a_link_is_good_for_an_hour() {
    let app = TestApp::start().await;
    app.anonymous().post("/api/v1/password-reset", json!({ "email": "manager@test.example" })).await.expect(202);
    let path = link(&app).await;
    app.advance(SignedDuration::from_mins(59));
    app.anonymous().get(&path).await.expect(200);
    app.advance(SignedDuration::from_mins(1));
    app.anonymous().get(&path).await.expect(404);
    app.anonymous().post(&format!("/api/v1{path}"), json!({ "password": NEW })).await.refused(404, "not-found");
}

/// Two who open the link at once: one sets the password, the other is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_at_once_one_gets_through() {
    let app = TestApp::start().await;
    app.anonymous().post("/api/v1/password-reset", json!({ "email": "manager@test.example" })).await.expect(202);
    let path = format!("/api/v1{}", link(&app).await);
    let tries: Vec<_> = (0..4)
        .map(|_| {
            let (client, path) = (app.anonymous(), path.clone());
            tokio::spawn(async move { client.post(&path, json!({ "password": NEW })).await.status.as_u16() })
        })
        .collect();
    let mut statuses = Vec::new();
    for one in tries {
        statuses.push(one.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404, 404, 404]);
}

#[tokio::test]
async fn nobody_learns_whether_an_address_is_known() {
    let app = TestApp::start().await;
    let mut superuser = app.database.superuser().await;
    sqlx::query("UPDATE auth.users SET is_active = false WHERE email = 'stranger@test.example'").execute(&mut superuser).await.unwrap();
    let known = app.anonymous().post("/api/v1/password-reset", json!({ "email": "manager@test.example" })).await.expect(202);
    assert_eq!(count(&app, "dna_app.jobs").await, 1);
    let page = |address: &str| {
        let (client, address) = (app.anonymous(), address.to_owned());
        async move { client.form("/password-reset", &[("email", &address)]).await.expect(200).text.replace(&address, "ADDRESS") }
    };
    let known_page = page("manager@test.example").await;
    for address in ["nobody@test.example", "stranger@test.example", "no address"] {
        let answer = app.anonymous().post("/api/v1/password-reset", json!({ "email": address })).await.expect(202);
        assert_eq!(answer.text, known.text);
        if address != "no address" {
            assert_eq!(page(address).await, known_page);
        }
    }
    assert_eq!((count(&app, "dna_app.jobs").await, count(&app, "auth.password_resets").await), (2, 2));
    app.anonymous().form("/password-reset", &[("email", "no address")]).await.expect(422);
    // Too many are refused alike.
    for address in ["manager@test.example", "nobody@test.example"] {
        for _ in 0..3 {
            app.anonymous().post("/api/v1/password-reset", json!({ "email": address })).await.expect(202);
        }
        let answer = app.anonymous().post("/api/v1/password-reset", json!({ "email": address })).await;
        assert_eq!(answer.header("retry-after"), "30");
        answer.refused(429, "too-many-attempts");
        app.anonymous().form("/password-reset", &[("email", address)]).await.expect(429);
    }
    sign_in(&app, credentials("manager")).await.expect(201);
}

/// The mail goes out, and its link begins with the public address, whatever host a request names.
#[tokio::test]
async fn the_mail_arrives_with_the_public_address() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let (context, client) = with_server(&app, &sink.url());
    let headers = [("content-type", "application/json"), ("x-forwarded-host", "evil.example")];
    let body = json!({ "email": "manager@test.example" }).to_string();
    let answer = client.send("POST", "/api/v1/password-reset", &headers, body).await.expect(202).json();
    assert_eq!(answer["mail"], "queued");
    while context.run_one().await.unwrap() {}
    let mails = sink.mails();
    let mail = mails[0].replace("=\r\n", "").replace("=3D", "=");
    assert!(mail.contains("https://muster.example/password-reset/") && !mail.contains("evil.example"), "{mail}");
    assert!(client.get("/sign-in").await.expect(200).text.contains("href=\"/password-reset\""));
    let admin = Client { cookie: app.admin().await.cookie, ..client };
    admin.post("/api/v1/users/3/password-reset", json!({})).await.refused(409, "mails-go-out");
}

#[tokio::test]
async fn without_a_mail_server_an_admin_hands_out_a_link() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    assert_eq!(app.anonymous().post("/api/v1/password-reset", json!({ "email": "x@y.example" })).await.json()["mail"], "held");
    assert!(app.anonymous().get("/password-reset").await.expect(200).text.contains("sends no mails yet"));
    let made = admin.post("/api/v1/users/3/password-reset", json!({})).await.expect(201).json();
    assert_eq!(made["expires_at"], "2026-03-17T11:00:00Z");
    let path = made["url"].as_str().unwrap().strip_prefix("http://localhost").unwrap();
    let fields = [("password", NEW), ("password_again", "another")];
    let refused = app.anonymous().form(path, &fields).await.expect(422).text;
    assert!(refused.contains("password_again-error") && !refused.contains(NEW));
    let answer = app.anonymous().form(path, &[("password", NEW), ("password_again", NEW)]).await.expect(303);
    assert_eq!(answer.header("location"), "/sign-in?changed=1");
    sign_in(&app, json!({ "email": "manager@test.example", "password": NEW })).await.expect(201);
    for unknown in ["/api/v1/users/4711/password-reset", "/api/v1/users/x/password-reset"] {
        admin.post(unknown, json!({})).await.refused(404, "not-found");
    }
    app.as_person("manager").await.post("/api/v1/users/1/password-reset", json!({})).await.refused(403, "forbidden");
    assert_eq!(firm_log(&app).await, ["account.reset_link_made by admin", "account.password_reset by manager"]);
}

/// A new password is not a second step.
#[tokio::test]
async fn two_step_sign_in_stays_on() {
    let app = TestApp::start().await;
    let (phone, _) = with_totp(&app, &app.as_person("manager").await).await;
    app.anonymous().post("/api/v1/password-reset", json!({ "email": "manager@test.example" })).await.expect(202);
    app.anonymous().post(&format!("/api/v1{}", link(&app).await), json!({ "password": NEW })).await.expect(204);
    let body = json!({ "email": "manager@test.example", "password": NEW });
    sign_in(&app, body).await.refused(401, "totp-required");
    app.advance(SignedDuration::from_secs(30));
    sign_in(&app, json!({ "email": "manager@test.example", "password": NEW, "totp": phone.code(&app, 0) })).await.expect(201);
}
