//! One's own data, and what follows from it.

use jiff::SignedDuration;
use serde_json::json;

use super::{credentials, firm_log, sign_in};
use crate::app::{PASSWORD, TestApp};

#[tokio::test]
async fn a_person_changes_their_own_data() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let me = manager.get("/api/v1/me").await.expect(200);
    assert_eq!(me.header("etag"), "\"1\"");
    let me = me.json();
    assert_eq!((&me["locale"], &me["time_zone"], &me["totp"], &me["version"]), (&json!("en-GB"), &json!("UTC"), &json!(false), &json!(1)));
    assert_eq!(me["notifications"].as_array().unwrap().len(), 7);
    let change = json!({ "name": "Ada Novak", "time_zone": "Europe/Vienna", "notifications": ["overdue", "assignment", "overdue"] });
    let changed = manager.patch("/api/v1/me", 1, change).await.expect(200).json();
    assert_eq!((&changed["name"], &changed["locale"], &changed["version"]), (&json!("Ada Novak"), &json!("en-GB"), &json!(2)));
    assert_eq!(changed["notifications"], json!(["assignment", "overdue"]));
    assert_eq!(manager.patch("/api/v1/me", 1, json!({ "name": "B" })).await.refused(412, "stale")["current_version"], 2);
    manager.with("PATCH", "/api/v1/me", &[], json!({ "name": "B" })).await.refused(428, "version-required");
    for wrong in [
        json!({ "name": null }),
        json!({ "name": " " }),
        json!({ "time_zone": "Mars/Olympus" }),
        json!({ "locale": "de-AT" }),
        json!({ "notifications": ["everything"] }),
        json!({ "email": "x@y.example" }),
        json!({ "firm_role": "admin" }),
    ] {
        manager.patch("/api/v1/me", 2, wrong).await.refused(422, "invalid-fields");
    }
    assert_eq!(app.as_person("manager").await.get("/api/v1/me").await.json()["name"], "Ada Novak");
    assert_eq!(firm_log(&app).await, ["account.changed by manager"]);
}

/// Shortly before midnight in UTC it is tomorrow in Auckland and still today in New York.
#[tokio::test]
async fn pages_tell_days_in_the_visitors_zone_and_form() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    app.advance(SignedDuration::from_mins(13 * 60 + 30));
    let manager = {
        let _ = manager;
        app.as_person("manager").await
    };
    for (version, zone, locale, today) in [
        (1, "UTC", "en-GB", "British: 17 Mar 2026"),
        (2, "Pacific/Auckland", "en-GB", "British: 18 Mar 2026"),
        (3, "America/New_York", "en-US", "American: Mar 17, 2026"),
    ] {
        manager.patch("/api/v1/me", version, json!({ "time_zone": zone, "locale": locale })).await.expect(200);
        let page = manager.get("/profile").await.expect(200).text;
        assert!(page.contains(today), "{zone}: {page}");
    }
    let work = manager.get("/my-work").await.expect(200).text;
    assert!(work.contains("Tuesday, March 17") && work.contains("lang=\"en-US\""), "{work}");
}

#[tokio::test]
async fn the_profile_form_keeps_what_was_typed_and_tells_of_conflicts() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let typed = [("version", "1"), ("name", " "), ("time_zone", "Europe/Vienna"), ("locale", "en-US"), ("notifications", "mention")];
    let page = manager.form("/profile", &typed).await.expect(422).text;
    assert!(page.contains("<option value=\"Europe/Vienna\" selected>") && page.contains("value=\"en-US\" checked"), "{page}");
    assert!(page.contains("value=\"mention\" checked") && !page.contains("value=\"overdue\" checked"));
    let typed =
        [("version", "1"), ("name", "Ada"), ("time_zone", "Europe/Vienna"), ("notifications", "mention"), ("notifications", "overdue")];
    assert_eq!(manager.form("/profile", &typed).await.expect(303).header("location"), "/profile");
    assert_eq!(manager.get("/api/v1/me").await.json()["notifications"], json!(["mention", "overdue"]));
    let conflict = manager.form("/profile", &[("version", "1"), ("name", "Eve"), ("notifications", "overdue")]).await.expect(409).text;
    assert!(conflict.contains("Eve") && conflict.contains("Ada") && conflict.contains("name=\"notifications\" value=\"overdue\""));
    manager.form("/profile", &[("version", "2"), ("name", "Eve"), ("notifications", "mention,overdue")]).await.expect(303);
    assert_eq!(manager.get("/api/v1/me").await.json()["notifications"], json!(["mention", "overdue"]));
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let app = TestApp::start().await;
    let (here, there) = (app.as_person("manager").await, app.as_person("manager").await);
    let stranger = app.as_person("stranger").await;
    let change = |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    let wrong = here.post("/api/v1/me/password", change("wrong", "a boat beside the river")).await.refused(422, "invalid-fields");
    assert_eq!((&wrong["errors"][0]["pointer"], &wrong["errors"][0]["code"]), (&json!("/current_password"), &json!("wrong")));
    let short = here.post("/api/v1/me/password", change(PASSWORD, "short")).await.refused(422, "invalid-fields");
    assert_eq!((&short["errors"][0]["pointer"], &short["errors"][0]["code"]), (&json!("/new_password"), &json!("too-short")));
    here.post("/api/v1/me/password", change(PASSWORD, "a boat beside the river")).await.expect(204);
    here.get("/api/v1/me").await.expect(200);
    there.get("/api/v1/me").await.refused(401, "not-signed-in");
    stranger.get("/api/v1/me").await.expect(200);
    sign_in(&app, credentials("manager")).await.refused(401, "wrong-credentials");
    sign_in(&app, json!({ "email": "manager@test.example", "password": "a boat beside the river" })).await.expect(201);
    assert_eq!(firm_log(&app).await, ["account.password_changed by manager"]);
    // The page: nothing typed comes back, and each field says what is wrong with it.
    let fields = [("current_password", "nothing right"), ("new_password", "a lake beside the river"), ("password_again", "another")];
    let page = here.form("/profile/password", &fields).await.expect(422).text;
    assert!(page.contains("new_password-error") || page.contains("password_again-error"));
    for typed in ["nothing right", "a lake beside", "another\""] {
        assert!(!page.contains(typed), "{typed}");
    }
    let fields = [("current_password", "a boat beside the river"), ("new_password", PASSWORD), ("password_again", PASSWORD)];
    here.form("/profile/password", &fields).await.expect(303);
}

/// Whoever sits at an open session cannot try passwords without end.
#[tokio::test]
async fn wrong_present_passwords_count_as_wrong_sign_ins() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let change = json!({ "current_password": "wrong", "new_password": "a boat beside the river" });
    for _ in 0..10 {
        manager.post("/api/v1/me/password", change.clone()).await.refused(422, "invalid-fields");
    }
    manager.post("/api/v1/me/password", change).await.refused(429, "too-many-attempts");
    sign_in(&app, credentials("manager")).await.refused(429, "too-many-attempts");
}
