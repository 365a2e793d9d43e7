//! Two-step sign-in.

use jiff::SignedDuration;
use muster_service::{Error, Proof};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{Phone, credentials, firm_log, holding, sign_in, with_code, with_totp};
use crate::app::{PASSWORD, TestApp};

#[tokio::test]
async fn a_code_is_asked_for_once_it_is_set_up() {
    let app = TestApp::start().await;
    let (manager, elsewhere) = (app.as_person("manager").await, app.as_person("manager").await);
    manager.post("/api/v1/me/totp", json!({ "password": "wrong" })).await.refused(422, "invalid-fields");
    let begun = manager.post("/api/v1/me/totp", json!({ "password": PASSWORD })).await.expect(201).json();
    assert!(begun["otpauth_url"].as_str().unwrap().starts_with("otpauth://totp/Muster:manager%40test.example?"), "{begun}");
    assert!(begun["qr_svg"].as_str().unwrap().starts_with("<svg"));
    sign_in(&app, credentials("manager")).await.expect(201);
    let phone = Phone::with_key(begun["secret"].as_str().unwrap());
    manager.post("/api/v1/me/totp/confirm", json!({ "code": "000000" })).await.refused(422, "invalid-fields");
    let confirmed = manager.post("/api/v1/me/totp/confirm", json!({ "code": phone.code(&app, 0) })).await.expect(200).json();
    assert_eq!(confirmed["recovery_codes"].as_array().unwrap().len(), 10);
    manager.get("/api/v1/me").await.expect(200);
    elsewhere.get("/api/v1/me").await.refused(401, "not-signed-in");
    manager.post("/api/v1/me/totp", json!({ "password": PASSWORD })).await.refused(409, "totp-is-on");

    sign_in(&app, credentials("manager")).await.refused(401, "totp-required");
    sign_in(&app, json!({ "email": "manager@test.example", "password": "wrong", "totp": "000000" }))
        .await
        .refused(401, "wrong-credentials");
    // The code that turned it on is used.
    sign_in(&app, with_code("manager", &phone.code(&app, 0))).await.refused(401, "wrong-credentials");
    let next = phone.code(&app, 1);
    let spaced = format!("{} {}", &next[..3], &next[3..]);
    let answer = sign_in(&app, with_code("manager", &spaced)).await.expect(201);
    assert_eq!(holding(&app, &answer, "muster").get("/api/v1/me").await.expect(200).json()["totp"], true);
    assert_eq!(firm_log(&app).await, ["account.totp_on by manager"]);
}

/// A step is taken once, whoever comes second and however early they read it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_code_is_taken_twice() {
    let app = TestApp::start().await;
    let (phone, _) = with_totp(&app, &app.as_person("manager").await).await;
    app.advance(SignedDuration::from_secs(60));
    let (old, now) = (phone.code(&app, -1), phone.code(&app, 0));
    let tries: Vec<_> = (0..6)
        .map(|_| {
            let (client, body) = (app.anonymous(), with_code("manager", &now));
            tokio::spawn(async move { client.post("/api/v1/session", body).await.status.as_u16() })
        })
        .collect();
    let mut statuses = Vec::new();
    for one in tries {
        statuses.push(one.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    // A step before one that was taken is gone too.
    sign_in(&app, with_code("manager", &old)).await.refused(401, "wrong-credentials");
    app.advance(SignedDuration::from_secs(60));
    for far in [-2, 2] {
        sign_in(&app, with_code("manager", &phone.code(&app, far))).await.refused(401, "wrong-credentials");
    }
    sign_in(&app, with_code("manager", &phone.code(&app, -1))).await.expect(201);
}

#[tokio::test]
async fn a_recovery_code_stands_in_once() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let (phone, codes) = with_totp(&app, &manager).await;
    let typed = codes[0].to_uppercase().replace('-', " ");
    sign_in(&app, with_code("manager", &typed)).await.expect(201);
    sign_in(&app, with_code("manager", &codes[0])).await.refused(401, "wrong-credentials");
    assert_eq!(manager.get("/api/v1/me/totp").await.expect(200).json()["recovery_codes_left"], 9);
    let mut superuser = app.database.superuser().await;
    let kept: Vec<Vec<u8>> = sqlx::query_scalar("SELECT code_hash FROM auth.recovery_codes").fetch_all(&mut superuser).await.unwrap();
    let hash = Sha256::digest(codes[1].replace('-', "").as_bytes()).to_vec();
    assert!(kept.len() == 9 && kept.contains(&hash));

    app.advance(SignedDuration::from_secs(30));
    let both = |code: &str| json!({ "password": PASSWORD, "code": code });
    manager.post("/api/v1/me/totp/recovery-codes", json!({ "password": "wrong", "code": "1" })).await.refused(422, "invalid-fields");
    manager.post("/api/v1/me/totp/recovery-codes", both("000000")).await.refused(422, "invalid-fields");
    let anew = manager.post("/api/v1/me/totp/recovery-codes", both(&phone.code(&app, 0))).await.expect(200).json();
    sign_in(&app, with_code("manager", &codes[1])).await.refused(401, "wrong-credentials");
    sign_in(&app, with_code("manager", anew["recovery_codes"][0].as_str().unwrap())).await.expect(201);
    manager.post("/api/v1/me/totp/remove", both(anew["recovery_codes"][1].as_str().unwrap())).await.expect(204);
    sign_in(&app, credentials("manager")).await.expect(201);
    manager.post("/api/v1/me/totp/remove", both("x")).await.refused(409, "totp-is-off");
    let log = ["account.totp_on by manager", "account.recovery_codes_made by manager", "account.totp_off by manager"];
    assert_eq!(firm_log(&app).await, log);
}

/// Wrong codes count like wrong passwords, and a right password does not wipe them out.
#[tokio::test]
async fn codes_cannot_be_guessed_for_ever() {
    let app = TestApp::start().await;
    let (phone, _) = with_totp(&app, &app.as_person("manager").await).await;
    app.advance(SignedDuration::from_secs(30));
    for _ in 0..5 {
        sign_in(&app, with_code("manager", "000000")).await.refused(401, "wrong-credentials");
        sign_in(&app, credentials("manager")).await.refused(401, "totp-required");
        let fields = [("email", "manager@test.example"), ("password", PASSWORD)];
        let pending = holding(&app, &app.anonymous().form("/sign-in", &fields).await.expect(303), "muster_pending");
        pending.form("/sign-in/code", &[("code", "000000")]).await.expect(401);
    }
    let answer = sign_in(&app, with_code("manager", &phone.code(&app, 0))).await;
    assert_eq!(answer.header("retry-after"), "30");
    answer.refused(429, "too-many-attempts");
    app.advance(SignedDuration::from_secs(31));
    sign_in(&app, with_code("manager", &phone.code(&app, 0))).await.expect(201);
}

#[tokio::test]
async fn signing_in_on_the_page_takes_two_steps() {
    let app = TestApp::start().await;
    let (phone, codes) = with_totp(&app, &app.as_person("manager").await).await;
    let fields = [("email", "manager@test.example"), ("password", PASSWORD), ("next", "/my-work")];
    let answer = app.anonymous().form("/sign-in", &fields).await.expect(303);
    assert_eq!(answer.header("location"), "/sign-in/code?next=%2Fmy-work");
    let pending = holding(&app, &answer, "muster_pending");
    let secret = pending.cookie.as_deref().unwrap().split_once('=').unwrap().1.to_owned();
    // It is no session, under whichever name it comes.
    for cookie in [format!("muster_pending={secret}"), format!("muster={secret}")] {
        let client = crate::app::Client { cookie: Some(cookie), ..app.anonymous() };
        client.get("/api/v1/me").await.refused(401, "not-signed-in");
        client.get("/profile").await.expect(303);
    }
    assert!(pending.get("/sign-in/code?next=//evil").await.expect(200).text.contains("name=\"next\" value=\"/\""));
    let refused = pending.form("/sign-in/code", &[("code", "000000"), ("next", "/my-work")]).await.expect(401).text;
    assert!(refused.contains("value=\"/my-work\"") && !refused.contains("000000"));
    app.advance(SignedDuration::from_secs(30));
    let fields = [("code", phone.code(&app, 0)), ("next", "/my-work".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = pending.form("/sign-in/code", &fields).await.expect(303);
    assert_eq!(answer.header("location"), "/my-work");
    holding(&app, &answer, "muster").get("/my-work").await.expect(200);
    // It is used up; and it waits for five minutes only.
    pending.form("/sign-in/code", &[("code", &codes[0])]).await.expect(303);
    assert_eq!(pending.get("/sign-in/code").await.expect(303).header("location"), "/sign-in");
    let answer = app.anonymous().form("/sign-in", &[("email", "manager@test.example"), ("password", PASSWORD)]).await.expect(303);
    let late = holding(&app, &answer, "muster_pending");
    app.advance(SignedDuration::from_mins(5));
    let answer = late.form("/sign-in/code", &[("code", &codes[0])]).await.expect(303);
    assert_eq!(answer.header("location"), "/sign-in?ended=1");
}

/// The secret is of no use to whoever reads the database, and a key left behind cannot be confirmed later.
#[tokio::test]
async fn the_secret_is_sealed_and_waits_for_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let begun = manager.post("/api/v1/me/totp", json!({ "password": PASSWORD })).await.expect(201).json();
    let secret = totp_rs::Secret::try_from_base32(begun["secret"].as_str().unwrap()).unwrap();
    let mut superuser = app.database.superuser().await;
    let sealed: Vec<u8> = sqlx::query_scalar("SELECT sealed_secret FROM auth.totp").fetch_one(&mut superuser).await.unwrap();
    assert!(!sealed.windows(20).any(|part| part == secret.as_bytes()) && sealed.len() == 12 + 20 + 16);
    let page = manager.get("/profile/totp").await.expect(200).text;
    assert!(page.contains("<svg xmlns") && page.contains("/profile/totp/confirm"), "{page}");
    app.advance(SignedDuration::from_mins(15));
    assert!(!manager.get("/profile/totp").await.expect(200).text.contains("/profile/totp/confirm"));
    let phone = Phone::with_key(begun["secret"].as_str().unwrap());
    manager.post("/api/v1/me/totp/confirm", json!({ "code": phone.code(&app, 0) })).await.refused(409, "totp-is-off");
}

#[tokio::test]
async fn setting_it_up_with_forms() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    manager.form("/profile/totp", &[("password", "wrong")]).await.expect(422);
    manager.form("/profile/totp", &[("password", PASSWORD)]).await.expect(303);
    let page = manager.get("/profile/totp").await.expect(200).text;
    let key: String = page.split("<code>").nth(1).unwrap().split('<').next().unwrap().split_whitespace().collect();
    let phone = Phone::with_key(&key);
    assert!(manager.form("/profile/totp/confirm", &[("code", "000000")]).await.expect(422).text.contains("code-error"));
    let shown = manager.form("/profile/totp/confirm", &[("code", &phone.code(&app, 0))]).await.expect(200).text;
    assert_eq!(shown.matches("<li><code>").count(), 10);
    let code = shown.split("<li><code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(!manager.get("/profile/totp").await.expect(200).text.contains(&code));
    manager.form("/profile/totp/codes", &[("password", PASSWORD), ("code", "1")]).await.expect(422);
    manager.form("/profile/totp/remove", &[("password", PASSWORD), ("code", &code)]).await.expect(303);
    assert_eq!(manager.get("/api/v1/me").await.json()["totp"], false);
}

/// What an approval asks for.
#[tokio::test]
async fn a_person_confirms_that_it_is_they() {
    let app = TestApp::start().await;
    let client = app.as_person("approver").await;
    let (phone, _) = with_totp(&app, &client).await;
    let token = client.cookie.as_deref().unwrap().split_once('=').unwrap().1;
    let actor = app.context.actor(token).await.unwrap();
    assert_eq!(actor.confirmed_at(), None);
    let wrong = |proof| app.context.confirm_person(&actor, proof);
    assert!(matches!(wrong(Proof::Password("wrong")).await, Err(Error::Invalid(fields)) if fields[0].pointer == "/password"));
    assert!(matches!(wrong(Proof::Code("000000")).await, Err(Error::Invalid(fields)) if fields[0].pointer == "/totp"));
    assert_eq!(app.context.actor(token).await.unwrap().confirmed_at(), None);
    app.context.confirm_person(&actor, Proof::Password(PASSWORD)).await.unwrap();
    assert_eq!(app.context.actor(token).await.unwrap().confirmed_at(), Some(app.context.now()));
    app.advance(SignedDuration::from_secs(30));
    app.context.confirm_person(&actor, Proof::Code(&phone.code(&app, 0))).await.unwrap();
    assert_eq!(app.context.actor(token).await.unwrap().confirmed_at(), Some(app.context.now()));
}
