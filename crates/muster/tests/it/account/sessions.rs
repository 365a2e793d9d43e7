//! One's own sessions.

use jiff::SignedDuration;
use muster_domain::ids::UserId;
use serde_json::json;

use super::{credentials, firm_log, holding, sign_in};
use crate::app::TestApp;

#[tokio::test]
async fn the_list_shows_only_ones_own_and_marks_the_present_one() {
    let app = TestApp::start().await;
    let body = credentials("manager").to_string();
    let headers = [("content-type", "application/json"), ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")];
    let answer = app.anonymous().send("POST", "/api/v1/session", &headers, body).await.expect(201);
    let here = holding(&app, &answer, "muster");
    let (there, _other) = (app.as_person("manager").await, app.as_person("stranger").await);
    let list = here.get("/api/v1/me/sessions").await.expect(200).json();
    assert_eq!(list["total"], 2, "{list}");
    let items = list["items"].as_array().unwrap();
    let current = items.iter().find(|one| one["is_current"] == true).unwrap();
    assert_eq!(
        (&current["network"], &current["user_agent"]),
        (&json!("192.0.2.7"), &json!("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"))
    );
    let page = here.get("/profile").await.expect(200).text;
    assert!(page.contains("Firefox on Linux") && page.matches("aria-label=\"Sign out ").count() == 1, "{page}");
    let text = list.to_string();
    assert!(!text.contains("token") && !text.contains(here.cookie.as_deref().unwrap().split_once('=').unwrap().1));

    let id = items.iter().find(|one| one["is_current"] == false).unwrap()["id"].as_str().unwrap();
    app.as_person("stranger").await.send("DELETE", &format!("/api/v1/me/sessions/{id}"), &[], "").await.refused(404, "not-found");
    there.get("/api/v1/me").await.expect(200);
    here.send("DELETE", &format!("/api/v1/me/sessions/{id}"), &[], "").await.expect(204);
    there.get("/api/v1/me").await.refused(401, "not-signed-in");
    here.send("DELETE", &format!("/api/v1/me/sessions/{id}"), &[], "").await.refused(404, "not-found");
    assert_eq!(firm_log(&app).await, ["account.session_ended by manager"]);
}

#[tokio::test]
async fn signing_out_everywhere_else() {
    let app = TestApp::start().await;
    let (here, there, stranger) = (app.as_person("manager").await, app.as_person("manager").await, app.as_person("stranger").await);
    here.form("/profile/sessions/end", &[]).await.expect(303);
    there.get("/api/v1/me").await.refused(401, "not-signed-in");
    here.get("/api/v1/me").await.expect(200);
    stranger.get("/api/v1/me").await.expect(200);
    here.send("DELETE", "/api/v1/me/sessions", &[], "").await.expect(204);
    assert_eq!(firm_log(&app).await, ["account.sessions_ended by manager"], "ending none is no event");
}

#[tokio::test]
async fn sessions_that_have_run_out_are_not_listed() {
    let app = TestApp::start().await;
    let _old = app.as_person("manager").await;
    app.advance(SignedDuration::from_mins(31));
    let here = app.as_person("manager").await;
    assert_eq!(here.get("/api/v1/me/sessions").await.expect(200).json()["total"], 1);
}

/// As when somebody's role changes.
#[tokio::test]
async fn all_sessions_of_a_person_can_be_ended() {
    let app = TestApp::start().await;
    let (manager, stranger) = (app.as_person("manager").await, app.as_person("stranger").await);
    app.store.end_sessions(UserId(3)).await.unwrap();
    manager.get("/api/v1/me").await.refused(401, "not-signed-in");
    stranger.get("/api/v1/me").await.expect(200);
    sign_in(&app, credentials("manager")).await.expect(201);
}
