//! The way there and back, and who it leads to.

use jiff::SignedDuration;

use super::{BASE, begin, name, server::Provider, sign_in, start};
use crate::app::TestApp;

/// The first time by the verified address, from then on by issuer and subject, whatever the
/// provider calls the person. Each client has another way of signing and of saying who it is.
#[tokio::test]
async fn a_subject_keeps_its_person() {
    for (client_id, claims_in_token) in [("muster", false), ("muster-es256", true), ("muster-public", true)] {
        let (app, provider) = start(client_id, claims_in_token).await;
        provider.knows("subject-1", "Manager@Test.example", true).await;
        let mut client = app.anonymous();
        let answer = sign_in(&mut client, "subject-1", "/my-work?later=1").await.expect(303);
        assert_eq!(answer.header("location"), "/my-work?later=1", "{client_id}");
        assert_eq!(name(&client).await, "manager");
        assert_eq!(client.cookie.as_deref().unwrap().matches('=').count(), 1, "the attempt's cookie is gone: {:?}", client.cookie);

        // The provider gives the address to somebody else: the link stays, and they get none.
        provider.knows("subject-1", "admin@test.example", true).await;
        provider.knows("subject-2", "manager@test.example", true).await;
        let mut client = app.anonymous();
        sign_in(&mut client, "subject-1", "/").await.expect(303);
        assert_eq!(name(&client).await, "manager", "{client_id}");
        let refused = sign_in(&mut app.anonymous(), "subject-2", "/").await.expect(403);
        assert!(refused.text.contains("Muster does not yet"), "{}", refused.text);
    }
}

/// The session is as one that a password began: new, and the one before it ends.
#[tokio::test]
async fn the_session_before_ends() {
    let (app, provider) = start("muster", false).await;
    provider.knows("subject-1", "manager@test.example", true).await;
    let mut client = app.as_person("contributor").await;
    let before = client.clone();
    sign_in(&mut client, "subject-1", "/").await.expect(303);
    assert_eq!(name(&client).await, "manager");
    before.get("/api/v1/me").await.refused(401, "not-signed-in");
    client.form("/sign-out", &[]).await.expect(303);
    client.get("/api/v1/me").await.refused(401, "not-signed-in");
}

#[tokio::test]
async fn the_request_asks_for_what_it_must() {
    let (app, provider) = start("muster", false).await;
    let mut client = app.anonymous();
    let answer = client.form("/sign-in/organisation", &[("next", "//evil.example")]).await.expect(200);
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["muster-sign-in=", "Max-Age=600", "Path=/", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let address = url::Url::parse(&begin(&mut client, "/sign-in/organisation", "/").await).unwrap();
    let value = |name: &str| address.query_pairs().find(|pair| pair.0 == name).unwrap().1.into_owned();
    assert!(address.as_str().starts_with(&format!("{}/auth?", provider.issuer)));
    assert_eq!(value("response_type"), "code");
    assert_eq!(value("scope"), "openid email");
    assert_eq!(value("redirect_uri"), format!("{BASE}/sign-in/organisation/return"));
    assert_eq!(value("code_challenge_method"), "S256");
    assert_eq!((value("state").len(), value("nonce").len(), value("code_challenge").len()), (64, 64, 43));
    // The secrets of an attempt are nowhere in the database, but for those that the provider needs.
    let kept: String = sqlx::query_scalar("SELECT string_agg(a::text, ' ') FROM auth.sign_in_attempts a")
        .fetch_one(&mut app.database.superuser().await)
        .await
        .unwrap();
    assert!(!kept.contains(&value("state")) && !kept.contains("evil"), "{kept}");
    let secret = client.cookie.as_deref().unwrap().split('=').nth(1).unwrap();
    assert_eq!(secret.len(), 64);
    assert!(!kept.contains(secret));
}

/// A provider that changes its keys is believed again, at most once a minute.
#[tokio::test]
async fn new_keys_of_the_provider_are_read() {
    let (app, provider) = start("muster", false).await;
    provider.knows("subject-1", "manager@test.example", true).await;
    sign_in(&mut app.anonymous(), "subject-1", "/").await.expect(303);
    let port = provider.port();
    provider.stop().await;
    let provider = Provider::on_port(BASE, false, port).await;
    provider.knows("subject-1", "manager@test.example", true).await;
    sign_in(&mut app.anonymous(), "subject-1", "/").await.expect(401);
    // The provider's clock stays behind by that much, which is less than what is let pass.
    app.advance(SignedDuration::from_secs(61));
    sign_in(&mut app.anonymous(), "subject-1", "/").await.expect(303);
}

#[tokio::test]
async fn without_a_provider_there_is_no_button() {
    let app = TestApp::start().await;
    let page = app.anonymous().get("/sign-in").await.expect(200);
    assert!(!page.text.contains("/sign-in/organisation"));
    app.anonymous().form("/sign-in/organisation", &[]).await.expect(404);
    app.anonymous().get("/sign-in/organisation/return?code=1&state=2").await.expect(404);
    let (app, _provider) = start("muster", false).await;
    let page = app.anonymous().get("/sign-in?next=/my-work").await.expect(200);
    assert!(page.text.contains("Sign in with The Firm"));
}
