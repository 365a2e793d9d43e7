//! What does not sign anybody in.

use jiff::SignedDuration;
use muster_service::IdentityProvider;

use super::{BASE, begin, come_back, server::Visitor, sign_in, start, with_parameter};
use crate::app::{Answer, Client, TestApp};

/// The page says so, and nobody is signed in.
#[track_caller]
fn is_refused(client: &Client, answer: Answer, status: u16, words: &str) {
    let answer = answer.expect(status);
    assert!(answer.text.contains(words) && answer.text.contains("name=\"password\""), "{words} is missing: {}", answer.text);
    assert!(!client.cookie.as_deref().unwrap_or_default().contains("muster="), "{:?}", client.cookie);
}

const NOT_KNOWN: &str = "Your organisation knows you, Muster does not yet.";
const OVER: &str = "Begin it again here.";
const NOT_PROVEN: &str = "could not be checked";

#[tokio::test]
async fn only_a_verified_address_of_an_active_person_links() {
    for claims_in_token in [false, true] {
        let (app, provider) = start("muster", claims_in_token).await;
        provider.knows("unverified", "manager@test.example", false).await;
        provider.knows("unknown", "nobody@test.example", true).await;
        for subject in ["unverified", "unknown", "without-address"] {
            let mut client = app.anonymous();
            let answer = sign_in(&mut client, subject, "/").await;
            is_refused(&client, answer, 403, NOT_KNOWN);
        }
        let links: i64 =
            sqlx::query_scalar("SELECT count(*) FROM auth.identities").fetch_one(&mut app.database.superuser().await).await.unwrap();
        assert_eq!(links, 0);
    }
}

#[tokio::test]
async fn somebody_suspended_stays_out() {
    let (app, provider) = start("muster", false).await;
    provider.knows("subject-1", "manager@test.example", true).await;
    provider.knows("subject-2", "auditor@test.example", true).await;
    sign_in(&mut app.anonymous(), "subject-1", "/").await.expect(303);
    sqlx::query("UPDATE auth.users SET is_active = false WHERE email LIKE 'manager%' OR email LIKE 'auditor%'")
        .execute(&mut app.database.superuser().await)
        .await
        .unwrap();
    for (subject, words) in [("subject-1", "Your account is suspended."), ("subject-2", NOT_KNOWN)] {
        let mut client = app.anonymous();
        let answer = sign_in(&mut client, subject, "/").await;
        is_refused(&client, answer, 403, words);
    }
}

/// The way back leads in once, in the browser that began, within ten minutes.
#[tokio::test]
async fn the_way_back_is_bound_to_its_beginning() {
    let (app, provider) = start("muster", false).await;
    provider.knows("subject-1", "manager@test.example", true).await;
    let mut client = app.anonymous();
    let address = begin(&mut client, "/sign-in/organisation", "/").await;
    let back = Visitor::default().go(&address, Some("subject-1")).await;

    // Somebody else is made to follow the link, with no sign-in under way or with one of their own.
    let mut victim = app.anonymous();
    let answer = come_back(&mut victim, &back).await;
    is_refused(&victim, answer, 401, OVER);
    begin(&mut victim, "/sign-in/organisation", "/").await;
    let answer = come_back(&mut victim, &back).await;
    is_refused(&victim, answer, 401, OVER);
    // A state that is wrong or missing, here: the right one still leads in afterwards, and once only.
    let before = client.clone();
    for wrong in [with_parameter(&back, "state", "0"), with_parameter(&back, "state", ""), format!("{BASE}/sign-in/organisation/return")] {
        let answer = come_back(&mut client, &wrong).await;
        is_refused(&client, answer, 401, OVER);
    }
    come_back(&mut client, &back).await.expect(303);
    let mut again = before;
    let answer = come_back(&mut again, &back).await;
    is_refused(&again, answer, 401, OVER);

    let mut late = app.anonymous();
    let address = begin(&mut late, "/sign-in/organisation", "/").await;
    let back = Visitor::default().go(&address, Some("subject-1")).await;
    app.advance(SignedDuration::from_mins(10));
    let answer = come_back(&mut late, &back).await;
    is_refused(&late, answer, 401, OVER);
    // Those that ran out are swept when the next begins.
    begin(&mut app.anonymous(), "/sign-in/organisation", "/").await;
    let kept: i64 =
        sqlx::query_scalar("SELECT count(*) FROM auth.sign_in_attempts").fetch_one(&mut app.database.superuser().await).await.unwrap();
    assert_eq!(kept, 1);
}

/// What the provider hands back for somebody else, or what is not from it, proves nothing.
#[tokio::test]
async fn answers_that_do_not_fit_prove_nothing() {
    let (app, provider) = start("muster", false).await;
    provider.knows("subject-1", "manager@test.example", true).await;
    let mut thief = app.anonymous();
    let address = begin(&mut thief, "/sign-in/organisation", "/").await;
    let stolen = Visitor::default().go(&with_parameter(&address, "state", "of-the-thief"), Some("subject-1")).await;
    let code = url::Url::parse(&stolen).unwrap().query_pairs().find(|pair| pair.0 == "code").unwrap().1.into_owned();
    for (name, value) in [("code", code.as_str()), ("code", "made-up"), ("iss", "https://another.example"), ("error", "invalid_scope")] {
        let mut client = app.anonymous();
        let address = begin(&mut client, "/sign-in/organisation", "/").await;
        let back = Visitor::default().go(&address, Some("subject-1")).await;
        let answer = come_back(&mut client, &with_parameter(&back, name, value)).await;
        is_refused(&client, answer, 401, NOT_PROVEN);
    }
    // The provider repeats another nonce than the one that this sign-in began with.
    let mut client = app.anonymous();
    let address = begin(&mut client, "/sign-in/organisation", "/").await;
    let back = Visitor::default().go(&with_parameter(&address, "nonce", "another"), Some("subject-1")).await;
    let answer = come_back(&mut client, &back).await;
    is_refused(&client, answer, 401, NOT_PROVEN);
}

#[tokio::test]
async fn turning_back_at_the_provider_is_no_sign_in() {
    let (app, _provider) = start("muster", false).await;
    let mut client = app.anonymous();
    let address = begin(&mut client, "/sign-in/organisation", "/").await;
    let back = Visitor::default().go(&address, None).await;
    let answer = come_back(&mut client, &back).await;
    is_refused(&client, answer, 401, "You turned back at your organisation&#39;s sign-in");
}

/// Without the provider the page says so and passwords still work; with it everything goes on.
#[tokio::test]
async fn a_provider_that_is_away_is_said_so() {
    let away = "does not answer. Try again in a minute, or sign in with your password.";
    let (app, provider) = start("muster", false).await;
    let mut client = app.anonymous();
    let address = begin(&mut client, "/sign-in/organisation", "/").await;
    provider.knows("subject-1", "manager@test.example", true).await;
    let back = Visitor::default().go(&address, Some("subject-1")).await;
    provider.stop().await;
    let answer = come_back(&mut client, &back).await;
    assert_eq!(answer.header("retry-after"), "60");
    is_refused(&client, answer, 503, away);

    // From the first moment, or where the issuer is written otherwise than the provider writes it.
    let (mut app, provider) = (TestApp::start().await, super::Provider::start(BASE, false).await);
    let nearly = format!("{}/", provider.issuer);
    for issuer in ["http://127.0.0.1:9", nearly.as_str()] {
        app.use_identity_provider(IdentityProvider::new(issuer, "muster", None, None, BASE).unwrap());
        let client = app.anonymous();
        let answer = client.form("/sign-in/organisation", &[]).await;
        is_refused(&client, answer, 503, away);
    }
    app.anonymous().get("/sign-in").await.expect(200);
}

/// Other sites cannot begin a sign-in, nor a link.
#[tokio::test]
async fn other_sites_begin_nothing() {
    let (app, _provider) = start("muster", false).await;
    let headers = [("sec-fetch-site", "cross-site"), ("content-type", "application/x-www-form-urlencoded")];
    for path in ["/sign-in/organisation", "/profile/identity/link", "/profile/identity/unlink"] {
        app.as_person("manager").await.send("POST", path, &headers, "").await.expect(403);
    }
    app.anonymous().get("/sign-in/organisation").await.expect(405);
}

#[test]
fn an_issuer_is_https_or_on_this_machine() {
    let new = |issuer: &str, client: &str| IdentityProvider::new(issuer, client, None, None, BASE);
    for issuer in
        ["https://login.example", "https://login.example/realms/firm", "http://127.0.0.1:8081", "http://localhost/", "http://[::1]:1"]
    {
        assert!(new(issuer, "muster").is_ok(), "{issuer}");
    }
    for issuer in [
        "http://login.example",
        "http://10.0.0.1",
        "ftp://localhost",
        "login.example",
        "https://login.example?x=1",
        "https://a:b@login.example",
        "",
    ] {
        assert!(new(issuer, "muster").is_err(), "{issuer}");
    }
    assert!(new("https://login.example", " ").is_err());
    assert!(!format!("{:?}", IdentityProvider::new("https://login.example", "muster", Some("hush"), None, BASE).unwrap()).contains("hush"));
}
