//! Making, listing and revoking.

use jiff::SignedDuration;
use muster_domain::tokens::ApiToken;
use serde_json::json;

use super::{Program, make, token};
use crate::app::TestApp;

#[tokio::test]
async fn a_token_is_shown_once_and_kept_as_a_hash() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let answer = make(&manager, "/api/v1/me/tokens", &["work", "read", "read"], None).await.expect(201);
    assert_eq!(answer.header("cache-control"), "no-store");
    let made = answer.json();
    let text = made["token"].as_str().unwrap();
    ApiToken::parse(text).unwrap();
    assert_eq!(made["prefix"], text[..8]);
    assert_eq!(made["rights"], json!(["read", "work"]));
    assert_eq!(made["expires_at"], "2026-04-16T10:00:00Z");
    assert_eq!(answer.header("location"), format!("/api/v1/me/tokens/{}", made["id"].as_str().unwrap()));
    let list = manager.get("/api/v1/me/tokens").await.expect(200);
    assert!(!list.text.contains(text) && list.json()["total"] == 1, "{}", list.text);
    // Nowhere in the database, nor in the log of the firm, only its hash.
    let mut superuser = app.database.superuser().await;
    let kept: Vec<String> =
        sqlx::query_scalar("SELECT t::text FROM auth.api_tokens t UNION ALL SELECT l::text FROM dna_app.firm_audit_log l")
            .fetch_all(&mut superuser)
            .await
            .unwrap();
    assert!(kept.len() >= 2 && kept.iter().all(|row| !row.contains(&text[8..])), "{kept:?}");
    let action: String =
        sqlx::query_scalar("SELECT action FROM dna_app.firm_audit_log ORDER BY id DESC LIMIT 1").fetch_one(&mut superuser).await.unwrap();
    assert_eq!(action, "token.created");
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_have() {
    let app = TestApp::start().await;
    let mine = "/api/v1/me/tokens";
    let manager = app.as_person("manager").await;
    let refused = make(&manager, mine, &["read", "library"], None).await.refused(422, "invalid-fields");
    assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/rights/1"), &json!("not-yours")));
    for foreign in [2, 999] {
        let refused = make(&manager, mine, &["read"], Some(&[1, foreign])).await.expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], "/customer_ids/1");
    }
    for person in ["expired", "suspended"] {
        make(&app.as_person(person).await, mine, &["read"], None).await.expect(422);
    }
    make(&app.admin().await, mine, &["read"], Some(&[999])).await.refused(422, "unknown-reference");
    make(&app.admin().await, mine, &["library"], Some(&[1])).await.expect(422);
    make(&app.as_person("auditor").await, mine, &["work"], None).await.expect(422);
    make(&app.as_person("approver").await, mine, &["work"], Some(&[1])).await.expect(201);
    for body in [
        json!({ "name": "", "rights": ["read"], "expires_in_days": 30 }),
        json!({ "name": "N", "rights": [], "expires_in_days": 30 }),
        json!({ "name": "N", "rights": ["root"], "expires_in_days": 30 }),
        json!({ "name": "N", "rights": ["read"], "expires_in_days": 366 }),
        json!({ "name": "N", "rights": ["read"], "expires_in_days": 0 }),
        json!({ "name": "N", "rights": ["read"] }),
        json!({ "name": "N", "rights": ["read"], "expires_in_days": 30, "customer_ids": [] }),
        json!({ "name": "N", "rights": ["read"], "expires_in_days": 30, "is_admin": true }),
    ] {
        manager.post(mine, body).await.expect(422);
    }
}

#[tokio::test]
async fn revoking_ends_it_at_once_and_is_ones_own() {
    let app = TestApp::start().await;
    let (manager, admin) = (app.as_person("manager").await, app.admin().await);
    let made = make(&manager, "/api/v1/me/tokens", &["read"], None).await.expect(201).json();
    let program = Program::new(&app, made["token"].as_str().unwrap());
    let path = format!("/api/v1/me/tokens/{}", made["id"].as_str().unwrap());
    program.get("/api/v1/me").await.expect(200);
    // Not even the admin's: whose person is suspended is suspended with them.
    admin.send("DELETE", &path, &[], "").await.refused(404, "not-found");
    manager.send("DELETE", &path.replace("/me/tokens", "/integrations"), &[], "").await.refused(403, "forbidden");
    manager.send("DELETE", &path, &[], "").await.expect(204);
    program.get("/api/v1/me").await.refused(401, "bad-token");
    manager.send("DELETE", &path, &[], "").await.refused(404, "not-found");
    assert_eq!(manager.get("/api/v1/me/tokens").await.json()["total"], 0);
}

#[tokio::test]
async fn a_token_ends_on_its_day() {
    let app = TestApp::start().await;
    let program = Program::new(&app, &token(&app.as_person("manager").await, &["read"], None).await);
    app.advance(SignedDuration::from_hours(24 * 30 - 1));
    program.get("/api/v1/customers/1").await.expect(200);
    app.advance(SignedDuration::from_hours(1));
    program.get("/api/v1/customers/1").await.refused(401, "bad-token");
    let list = app.as_person("manager").await.get("/api/v1/me/tokens").await.json();
    assert_eq!(list["items"][0]["last_used_at"], "2026-04-16T09:00:00Z");
}

#[tokio::test]
async fn integrations_are_the_admins_and_act_under_their_name() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for person in ["consultant", "manager"] {
        make(&app.as_person(person).await, "/api/v1/integrations", &["read"], None).await.refused(403, "forbidden");
    }
    let made = make(&admin, "/api/v1/integrations", &["read", "shape"], Some(&[1])).await.expect(201).json();
    let program = Program::new(&app, made["token"].as_str().unwrap());
    program.post("/api/v1/customers/1/tasks", json!({ "title": "From outside" })).await.expect(201);
    let log = admin.get("/api/v1/customers/1/audit").await.expect(200).json();
    let entry = &log["items"][0];
    assert_eq!((&entry["actor_name"], &entry["actor_id"]), (&json!("Report (integration of admin)"), &json!(1)), "{entry}");
    assert_eq!(admin.get("/api/v1/integrations").await.json()["total"], 1);
    assert_eq!(admin.get("/api/v1/me/tokens").await.json()["total"], 0);
    let path = format!("/api/v1/integrations/{}", made["id"].as_str().unwrap());
    admin.send("DELETE", &path, &[], "").await.expect(204);
    program.get("/api/v1/me").await.refused(401, "bad-token");
}

#[tokio::test]
async fn the_page_shows_a_new_token_once_and_revokes() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (page, title) in [("/profile/tokens", "API tokens"), ("/people/integrations", "Integrations")] {
        assert!(admin.get(page).await.expect(200).text.contains(&format!("<h1>{title}</h1>")));
        let fields = [("name", "Nightly"), ("rights", "read"), ("reach", "some"), ("customer_ids", "1"), ("expires_in_days", "90")];
        let made = admin.form(page, &fields).await.expect(200);
        assert_eq!(made.header("cache-control"), "no-store");
        let at = made.text.find(ApiToken::MARK).unwrap();
        let text = &made.text[at..at + 76];
        Program::new(&app, text).get("/api/v1/customers/1").await.expect(200);
        let list = admin.get(page).await.expect(200).text;
        assert!(!list.contains(text) && list.contains("Nightly") && list.contains("Acme"));
        let id = list.split(&format!("action=\"{page}/")).nth(1).unwrap().split('/').next().unwrap().to_owned();
        admin.form(&format!("{page}/{id}/revoke"), &[]).await.expect(303);
        Program::new(&app, text).get("/api/v1/customers/1").await.expect(401);
        let refused = admin.form(page, &[("name", ""), ("reach", "some")]).await.expect(422).text;
        assert_eq!(refused.matches("class=\"error\"").count(), 4, "{refused}");
    }
}
