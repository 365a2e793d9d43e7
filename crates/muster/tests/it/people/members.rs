//! The people of a customer.

use jiff::SignedDuration;
use serde_json::json;

use super::{accept, secret, sign_in};
use crate::app::{PASSWORD, TestApp};

const MEMBERS: &str = "/api/v1/customers/1/members";

#[tokio::test]
async fn an_invited_contributor_gets_in_once() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let body = json!({ "email": "Ada@Acme.example", "name": "Ada Novak", "role": "contributor" });
    let invited = manager.post(MEMBERS, body.clone()).await.expect(201).json();
    assert_eq!(
        (&invited["status"], &invited["email"], &invited["roles"]),
        (&json!("invited"), &json!("ada@acme.example"), &json!(["contributor"]))
    );
    // The link says what it is for, to whoever holds it, and to nobody else.
    let path = format!("/api/v1/invitations/{}", secret(&invited));
    let told = app.anonymous().get(&path).await.expect(200).json();
    assert_eq!((&told["customer_name"], &told["has_account"]), (&json!("Acme"), &json!(false)));
    app.anonymous().get(&path.replace(&path[path.len() - 4..], "0000")).await.refused(404, "not-found");
    // Before they accept they are nobody.
    app.anonymous()
        .post("/api/v1/session", json!({ "email": "ada@acme.example", "password": PASSWORD }))
        .await
        .refused(401, "wrong-credentials");
    app.anonymous().post(&format!("{path}/accept"), json!({})).await.refused(422, "invalid-fields");
    app.anonymous().post(&format!("{path}/accept"), json!({ "password": "short" })).await.refused(422, "invalid-fields");
    let ada = accept(&app, &invited).await;
    assert_eq!(ada.get("/api/v1/customers/1/workspace").await.expect(200).json()["customer_name"], "Acme");
    ada.get("/api/v1/customers/2/workspace").await.refused(404, "not-found");
    ada.get(MEMBERS).await.refused(403, "forbidden");
    // The link is used up.
    app.anonymous().post(&format!("{path}/accept"), json!({ "password": "another one altogether" })).await.refused(404, "not-found");
    sign_in(&app, "ada@acme.example").await;
    manager.post(MEMBERS, body).await.refused(409, "already-there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_use_a_link_at_once_one_gets_in() {
    let app = TestApp::start().await;
    let invited =
        app.admin().await.post(MEMBERS, json!({ "email": "ada@acme.example", "name": "Ada", "role": "manager" })).await.expect(201).json();
    let path = format!("/api/v1/invitations/{}/accept", secret(&invited));
    let tries: Vec<_> = (0..8)
        .map(|number| {
            let (client, path) = (app.anonymous(), path.clone());
            tokio::spawn(async move { client.post(&path, json!({ "password": format!("{PASSWORD} {number}") })).await.status.as_u16() })
        })
        .collect();
    let mut let_in = 0;
    for one in tries {
        let status = one.await.unwrap();
        assert!([200, 404].contains(&status), "{status}");
        let_in += usize::from(status == 200);
    }
    assert_eq!(let_in, 1);
}

#[tokio::test]
async fn links_run_out_and_are_replaced() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let first = admin
        .post(MEMBERS, json!({ "email": "ada@acme.example", "name": "Ada", "role": "approver", "approval_steps": ["ciso"] }))
        .await
        .expect(201)
        .json();
    let again = admin.post(&format!("{MEMBERS}/{}/invite", first["user_id"]), json!({})).await.expect(200).json();
    let path = |answer| format!("/api/v1/invitations/{}", secret(answer));
    app.anonymous().get(&path(&first)).await.refused(404, "not-found");
    app.anonymous().get(&path(&again)).await.expect(200);
    app.advance(SignedDuration::from_hours(24 * 7 + 1));
    app.anonymous().get(&path(&again)).await.refused(404, "not-found");
    app.anonymous().post(&format!("{}/accept", path(&again)), json!({ "password": PASSWORD })).await.refused(404, "not-found");
    let admin = app.admin().await;
    let third = admin.post(&format!("{MEMBERS}/{}/invite", first["user_id"]), json!({})).await.expect(200).json();
    accept(&app, &third).await;
    admin.post(&format!("{MEMBERS}/{}/invite", first["user_id"]), json!({})).await.refused(409, "not-invited");
}

/// Somebody of one customer joins another with the account that they have.
#[tokio::test]
async fn a_person_belongs_to_several_customers() {
    let app = TestApp::start().await;
    let stranger = app.as_person("stranger").await;
    let body =
        json!({ "email": "contributor@test.example", "name": "Con", "roles": ["contributor", "approver"], "approval_steps": ["manager"] });
    let invited = stranger.post("/api/v1/customers/2/members", body).await.expect(201).json();
    assert_eq!(invited["name"], "Con", "the name of somebody who has not accepted is told");
    let contributor = app.as_person("contributor").await;
    contributor.get("/api/v1/customers/2/workspace").await.refused(404, "not-found");
    // The link alone opens nothing to an account that exists: it is for whoever can sign in with it.
    let path = format!("/api/v1/invitations/{}/accept", secret(&invited));
    for other in [app.anonymous(), stranger.clone(), app.as_person("manager").await] {
        other.post(&path, json!({ "password": "a password of somebody else" })).await.refused(401, "not-signed-in");
    }
    contributor.get("/api/v1/customers/2/workspace").await.refused(404, "not-found");
    let page = path.replace("/api/v1", "").replace("/accept", "");
    assert!(app.anonymous().get(&page).await.expect(200).text.contains("Sign in to accept"));
    app.anonymous().form(&page, &[]).await.expect(401);
    contributor.post(&path, json!({})).await.expect(200);
    contributor.get("/api/v1/customers/2/workspace").await.expect(200);
    contributor.get("/api/v1/customers/1/workspace").await.expect(200);
    let members = stranger.get("/api/v1/customers/2/members").await.expect(200).json();
    let joined = members["items"].as_array().unwrap().iter().find(|one| one["user_id"] == 4).unwrap();
    assert_eq!((&joined["name"], &joined["roles"]), (&json!("contributor"), &json!(["contributor", "approver"])));
    // The password is the one they had.
    sign_in(&app, "contributor@test.example").await;
}

#[tokio::test]
async fn nobody_gives_more_than_they_may() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let invite = |body| {
        let manager = manager.clone();
        async move { manager.post(MEMBERS, body).await }
    };
    let named = |role: &str| json!({ "email": "ada@acme.example", "name": "Ada", "role": role });
    invite(named("consultant")).await.refused(403, "forbidden");
    invite(named("admin")).await.refused(422, "invalid-fields");
    invite(json!({ "user_id": 2, "role": "consultant" })).await.refused(403, "forbidden");
    // Somebody of another customer is told like nobody, by number; and the firm's people are the firm's.
    for user in [7, 999_999] {
        invite(json!({ "user_id": user, "role": "contributor" })).await.refused(422, "unknown-reference");
    }
    invite(json!({ "email": "consultant@test.example", "name": "C", "role": "manager" })).await.refused(422, "invalid-fields");
    // Their own role, and the consultant's, are not theirs to change.
    manager.patch(&format!("{MEMBERS}/3"), 1, json!({ "role": "auditor" })).await.refused(409, "oneself");
    manager.send("DELETE", &format!("{MEMBERS}/3"), &[], "").await.refused(409, "oneself");
    manager.patch(&format!("{MEMBERS}/2"), 1, json!({ "status": "suspended" })).await.refused(403, "forbidden");
    manager.patch(&format!("{MEMBERS}/5"), 1, json!({ "role": "consultant" })).await.refused(403, "forbidden");
    manager.get(&format!("{MEMBERS}/7")).await.refused(404, "not-found");
    manager.patch(&format!("{MEMBERS}/7"), 1, json!({ "status": "suspended" })).await.refused(404, "not-found");
    let admin = app.admin().await;
    admin.post("/api/v1/customers/2/members", json!({ "user_id": 2, "role": "consultant" })).await.expect(201);
    app.as_person("consultant").await.get("/api/v1/customers/2/workspace").await.expect(200);
    admin.post("/api/v1/customers/2/members", json!({ "user_id": 5, "role": "consultant" })).await.refused(422, "unknown-reference");
}

#[tokio::test]
async fn limits_go_with_their_roles() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await["id"].clone();
    let foreign = admin.assign_plan(2, "ISO 27001:2022").await["id"].clone();
    let with = |extra: serde_json::Value| {
        let mut body = json!({ "email": "ada@acme.example", "name": "Ada" });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    for body in [
        with(json!({ "roles": [] })),
        with(json!({})),
        with(json!({ "role": "contributor", "approval_steps": ["ciso"] })),
        with(json!({ "role": "contributor", "plan_ids": [plan] })),
        with(json!({ "roles": ["auditor", "contributor"], "plan_ids": [plan] })),
        with(json!({ "role": "auditor", "expires_on": "2026-02-30" })),
        json!({ "email": "ada", "name": "Ada", "role": "auditor" }),
        json!({ "name": "Ada", "role": "auditor" }),
    ] {
        admin.post(MEMBERS, body).await.refused(422, "invalid-fields");
    }
    admin.post(MEMBERS, with(json!({ "role": "auditor", "plan_ids": [foreign] }))).await.refused(422, "unknown-reference");
    let auditor = admin.post(MEMBERS, with(json!({ "role": "auditor", "plan_ids": [plan] }))).await.expect(201).json();
    assert_eq!((&auditor["expires_on"], &auditor["plan_ids"]), (&json!("2027-03-17"), &json!([plan])));
    let path = format!("{MEMBERS}/{}", auditor["user_id"]);
    let version = auditor["version"].as_i64().unwrap();
    admin.with("PATCH", &path, &[], json!({ "role": "manager" })).await.refused(428, "version-required");
    let changed = admin.patch(&path, version, json!({ "role": "manager", "expires_on": null })).await.expect(200).json();
    assert_eq!((&changed["roles"], &changed["plan_ids"], &changed["expires_on"]), (&json!(["manager"]), &json!(null), &json!(null)));
    admin.patch(&path, version, json!({ "role": "auditor" })).await.refused(412, "stale");
}

#[tokio::test]
async fn suspended_is_out_and_comes_back_removed_is_gone() {
    let app = TestApp::start().await;
    let (manager, contributor) = (app.as_person("manager").await, app.as_person("contributor").await);
    let path = format!("{MEMBERS}/4");
    let task = manager.post("/api/v1/customers/1/tasks", json!({ "title": "Call", "assigned_to": 4 })).await.expect(201).json();
    let task = format!("/api/v1/tasks/{}", task["id"].as_str().unwrap());
    let version = manager.get(&path).await.json()["version"].as_i64().unwrap();
    let suspended = manager.patch(&path, version, json!({ "status": "suspended" })).await.expect(200).json();
    assert_eq!((&suspended["status"], &suspended["open_tasks"]), (&json!("suspended"), &json!(1)));
    contributor.get("/api/v1/customers/1/workspace").await.refused(403, "forbidden");
    let active = manager.patch(&path, suspended["version"].as_i64().unwrap(), json!({ "status": "active" })).await.expect(200).json();
    assert_eq!(active["status"], "active");
    contributor.get("/api/v1/customers/1/workspace").await.expect(200);

    // Their tasks go to somebody who can do them, and to nobody else.
    for stranger in ["4", "6", "7", "999"] {
        let answer = manager.send("DELETE", &format!("{path}?transfer_to={stranger}"), &[], "").await;
        answer.refused(422, "unknown-reference");
    }
    let moved = manager.post(&format!("{path}/transfer"), json!({ "transfer_to": 3 })).await.expect(200).json();
    assert_eq!((&moved["tasks"], &manager.get(&task).await.json()["assigned_to"]), (&json!(1), &json!(3)));
    manager.send("DELETE", &path, &[], "").await.expect(204);
    contributor.get("/api/v1/customers/1/workspace").await.refused(404, "not-found");
    manager.get(&path).await.refused(404, "not-found");
    manager.send("DELETE", &path, &[], "").await.refused(404, "not-found");
    // What happened is in the log, with names.
    let log = manager.get("/api/v1/customers/1/audit?action=member").await.expect(200).json();
    let actions: Vec<_> = log["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect();
    assert_eq!(actions[..3], ["member.removed", "member.resumed", "member.suspended"]);
    assert_eq!(log["items"][0]["subject_title"], "contributor");
}

/// Nobody is let in by being suspended and taken back: they have to accept.
#[tokio::test]
async fn whoever_has_not_accepted_cannot_be_suspended() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let invited = admin.post(MEMBERS, json!({ "email": "stranger@test.example", "name": "S", "role": "manager" })).await.expect(201).json();
    let (path, version) = (format!("{MEMBERS}/{}", invited["user_id"]), invited["version"].as_i64().unwrap());
    admin.patch(&path, version, json!({ "status": "suspended" })).await.refused(409, "not-accepted");
    app.advance(SignedDuration::from_hours(24 * 8));
    let admin = app.admin().await;
    let now = admin.patch(&path, version, json!({ "status": "active" })).await.expect(200).json();
    assert_eq!((&now["status"], &now["name"]), (&json!("invited"), &json!("S")));
    app.as_person("stranger").await.get("/api/v1/customers/1").await.refused(404, "not-found");
}

/// A link whose person was taken away meanwhile leads nowhere.
#[tokio::test]
async fn a_removed_invitee_does_not_get_in() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let invited = admin.post(MEMBERS, json!({ "email": "ada@acme.example", "name": "Ada", "role": "manager" })).await.expect(201).json();
    admin.send("DELETE", &format!("{MEMBERS}/{}", invited["user_id"]), &[], "").await.expect(204);
    let path = format!("/api/v1/invitations/{}/accept", secret(&invited));
    app.anonymous().post(&path, json!({ "password": PASSWORD })).await.refused(404, "not-found");
}
