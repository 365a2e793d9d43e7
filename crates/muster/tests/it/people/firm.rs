//! The people of the firm.

use serde_json::json;

use super::accept;
use crate::app::TestApp;

#[tokio::test]
async fn an_invited_consultant_gets_in_and_sees_what_is_assigned() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({ "email": "jo@firm.example", "name": "Jo", "role": "consultant" });
    let invited = admin.post("/api/v1/users", body.clone()).await.expect(201).json();
    assert_eq!((&invited["status"], &invited["role"]), (&json!("invited"), &json!("consultant")));
    admin.post("/api/v1/users", body).await.refused(422, "invalid-fields");
    let jo = accept(&app, &invited).await;
    assert_eq!(jo.get("/api/v1/customers").await.expect(200).json()["total"], 0);
    jo.get("/api/v1/customers/1").await.refused(404, "not-found");
    admin.post("/api/v1/customers/1/members", json!({ "user_id": invited["id"], "role": "consultant" })).await.expect(201);
    assert_eq!(jo.get("/api/v1/customers").await.json()["total"], 1);
    jo.post("/api/v1/customers", json!({ "name": "X" })).await.refused(403, "forbidden");
}

/// Whoever took the address first does not become what the firm wanted to make of somebody else.
#[tokio::test]
async fn a_role_in_the_firm_begins_with_its_own_link() {
    let app = TestApp::start().await;
    let (admin, manager) = (app.admin().await, app.as_person("manager").await);
    let body = json!({ "email": "boss@firm.example", "name": "Boss", "role": "contributor" });
    let to_customer = manager.post("/api/v1/customers/1/members", body).await.expect(201).json();
    let body = json!({ "email": "boss@firm.example", "name": "Boss", "role": "admin" });
    let to_firm = admin.post("/api/v1/users", body).await.expect(201).json();
    assert_eq!((&to_firm["status"], &to_firm["role"]), (&json!("invited"), &json!("admin")));
    // The manager saw the customer's link and opens the account with it.
    let squatter = accept(&app, &to_customer).await;
    squatter.get("/api/v1/customers/1/workspace").await.expect(200);
    squatter.get("/api/v1/users").await.refused(403, "forbidden");
    squatter.get("/api/v1/customers/2").await.refused(404, "not-found");
    // The firm's link is for whoever can sign in with the account.
    let path = format!("/api/v1/invitations/{}/accept", super::secret(&to_firm));
    app.anonymous().post(&path, json!({ "password": "a wholly other password" })).await.refused(401, "not-signed-in");
    // Until then the role can be changed, and the invitation taken back.
    let one = format!("/api/v1/users/{}", to_firm["id"]);
    let version = admin.get(&one).await.expect(200).json()["version"].as_i64().unwrap();
    admin.patch(&one, version, json!({ "status": "suspended" })).await.refused(409, "not-accepted");
    assert_eq!(admin.patch(&one, version, json!({ "role": "consultant" })).await.expect(200).json()["role"], "consultant");
    admin.send("DELETE", &one, &[], "").await.expect(204);
    admin.get(&one).await.refused(404, "not-found");
    squatter.post(&path, json!({})).await.refused(404, "not-found");
    squatter.get("/api/v1/customers/1/workspace").await.expect(200);
}

/// A change of role or standing ends the sessions, and the last admin stays.
#[tokio::test]
async fn roles_change_and_somebody_always_runs_the_firm() {
    let app = TestApp::start().await;
    let (admin, consultant) = (app.admin().await, app.as_person("consultant").await);
    let version = |answer: &serde_json::Value| answer["version"].as_i64().unwrap();
    let one = admin.get("/api/v1/users/2").await.expect(200).json();
    let two = admin.patch("/api/v1/users/2", version(&one), json!({ "role": "admin" })).await.expect(200).json();
    consultant.get("/api/v1/me").await.refused(401, "not-signed-in");
    let second = app.as_person("consultant").await;
    second.get("/api/v1/users").await.expect(200);
    admin.patch("/api/v1/users/1", 1, json!({ "role": "consultant" })).await.refused(409, "oneself");
    admin.patch("/api/v1/users/2", version(&one), json!({ "role": "consultant" })).await.refused(412, "stale");
    let first = second.get("/api/v1/users/1").await.json();
    second.patch("/api/v1/users/1", version(&first), json!({ "status": "suspended" })).await.expect(200);
    admin.get("/api/v1/me").await.refused(401, "not-signed-in");
    app.anonymous()
        .post("/api/v1/session", json!({ "email": "admin@test.example", "password": crate::app::PASSWORD }))
        .await
        .refused(401, "wrong-credentials");
    let first = second.get("/api/v1/users/1").await.json();
    assert_eq!(first["status"], "suspended");
    // Nobody else could run the firm now.
    assert_eq!(version(&two), second.get("/api/v1/users/2").await.json()["version"].as_i64().unwrap());
    second.patch("/api/v1/users/1", version(&first), json!({ "status": "active" })).await.expect(200);
    let admin = app.admin().await;
    admin.patch("/api/v1/users/2", version(&two), json!({ "role": "consultant" })).await.expect(200);
}

#[tokio::test]
async fn whoever_leaves_the_firm_leaves_every_customer() {
    let app = TestApp::start().await;
    let (admin, consultant) = (app.admin().await, app.as_person("consultant").await);
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "Call", "assigned_to": 2 })).await.expect(201).json();
    admin.send("DELETE", "/api/v1/users/2?transfer_to=3", &[], "").await.refused(422, "unknown-reference");
    admin.send("DELETE", "/api/v1/users/2?transfer_to=1", &[], "").await.expect(204);
    consultant.get("/api/v1/me").await.refused(401, "not-signed-in");
    admin.get("/api/v1/users/2").await.refused(404, "not-found");
    let task = admin.get(&format!("/api/v1/tasks/{}", task["id"].as_str().unwrap())).await.json();
    assert_eq!(task["assigned_to"], 1);
    let members = admin.get("/api/v1/customers/1/members").await.json();
    assert!(members["items"].as_array().unwrap().iter().all(|one| one["user_id"] != 2));
    admin.send("DELETE", "/api/v1/users/1", &[], "").await.refused(409, "oneself");
}
