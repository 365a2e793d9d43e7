//! Two-step sign-in that is required: nothing but one's own account is open until it is set up.

use muster_domain::account::TotpRequirements;
use muster_service::Error;
use serde_json::json;

use super::{credentials, firm_log, holding, sign_in, with_totp};
use crate::app::{Client, PASSWORD, TestApp};

/// What stays open: one's own account and signing out; and what nobody has to sign in for.
const OPEN: [&str; 19] = [
    "GET /api/v1/me",
    "PATCH /api/v1/me",
    "POST /api/v1/me/password",
    "GET /api/v1/me/sessions",
    "DELETE /api/v1/me/sessions",
    "DELETE /api/v1/me/sessions/{session_id}",
    "GET /api/v1/me/totp",
    "POST /api/v1/me/totp",
    "POST /api/v1/me/totp/confirm",
    "POST /api/v1/me/totp/recovery-codes",
    "POST /api/v1/me/totp/remove",
    "POST /api/v1/session",
    "DELETE /api/v1/session",
    "POST /api/v1/password-reset",
    "POST /api/v1/password-reset/{token}",
    "GET /api/v1/invitations/{token}",
    "POST /api/v1/invitations/{token}/accept",
    "GET /health/",
    "GET /api/v1/respond/",
];

async fn require(app: &TestApp, for_firm: bool, for_approvers: bool) {
    let admin = app.store.firm_actor("admin@test.example").await.unwrap().unwrap();
    app.context.set_totp_requirements(&admin, TotpRequirements { for_firm, for_approvers }).await.unwrap();
}

#[tokio::test]
async fn every_route_but_ones_own_account_is_closed() {
    let app = TestApp::start().await;
    require(&app, true, true).await;
    let document = app.anonymous().get("/api/v1/openapi.json").await.expect(200).json();
    let mut closed = 0;
    for person in ["admin", "consultant", "approver"] {
        for (path, operations) in document["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys().filter(|key| *key != "parameters") {
                let route = format!("{} {path}", method.to_uppercase());
                let filled = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>().join("/");
                let client = app.as_person(person).await;
                let answer = client.with(&method.to_uppercase(), &filled, &[("if-match", "\"1\"")], json!({})).await;
                if OPEN.iter().any(|open| route == *open || (open.ends_with('/') && path.starts_with(open.trim_start_matches("GET ")))) {
                    assert_ne!(answer.status.as_u16(), 403, "{person} {route}: {}", answer.text);
                } else {
                    answer.refused(403, "totp-required");
                    closed += 1;
                }
            }
        }
    }
    assert!(closed > 100, "{closed}");
    app.as_person("manager").await.get("/api/v1/me/tasks").await.expect(200);
}

#[tokio::test]
async fn pages_lead_to_where_it_is_set_up() {
    let app = TestApp::start().await;
    require(&app, true, false).await;
    let admin = app.admin().await;
    for path in ["/", "/my-work", "/customers/1", "/customers/new", "/library/standards", "/outbox", "/api/docs"] {
        assert_eq!(admin.get(path).await.expect(303).header("location"), "/profile/totp", "{path}");
    }
    assert_eq!(admin.form("/customers", &[("name", "New")]).await.expect(303).header("location"), "/profile/totp");
    for path in ["/profile", "/profile/totp"] {
        let page = admin.get(path).await.expect(200).text;
        assert!(page.contains("Two-step sign-in is required of you"), "{path}");
    }
    let (phone, _) = with_totp(&app, &admin).await;
    admin.get("/").await.expect(200);
    assert_eq!(admin.get("/api/v1/customers?q=new").await.expect(200).json()["total"], 0, "the form that was held back changed nothing");
    // Turning it off holds them back again.
    app.advance(jiff::SignedDuration::from_secs(30));
    admin.post("/api/v1/me/totp/remove", json!({ "password": PASSWORD, "code": phone.code(&app, 0) })).await.expect(204);
    admin.get("/api/v1/customers").await.refused(403, "totp-required");
    admin.form("/sign-out", &[]).await.expect(303);
}

#[tokio::test]
async fn it_is_required_of_whom_the_firm_says() {
    let app = TestApp::start().await;
    let is_held = |client: Client| async move { client.get("/api/v1/me").await.expect(200).json()["totp_required"].as_bool().unwrap() };
    for (for_firm, for_approvers, held) in
        [(false, true, vec!["approver"]), (true, false, vec!["admin", "consultant"]), (false, false, vec![])]
    {
        require(&app, for_firm, for_approvers).await;
        for person in ["admin", "consultant", "manager", "contributor", "approver", "auditor", "stranger"] {
            assert_eq!(is_held(app.as_person(person).await).await, held.contains(&person), "{person}");
        }
    }
    let answer = sign_in(&app, credentials("approver")).await.expect(201);
    holding(&app, &answer, "muster").get("/api/v1/me/tasks").await.expect(200);
    assert_eq!(firm_log(&app).await, ["firm.totp_required by admin"; 3]);
    let consultant = app.store.firm_actor("consultant@test.example").await.unwrap().unwrap();
    let refused = app.context.set_totp_requirements(&consultant, TotpRequirements::default()).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}
