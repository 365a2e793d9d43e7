//! Linking one's own account, and ending the link.

use serde_json::json;

use super::{begin, come_back, name, server::Visitor, sign_in, start};

#[tokio::test]
async fn a_signed_in_person_links_and_unlinks() {
    let (app, provider) = start("muster", false).await;
    // What the provider calls the person does not matter here.
    provider.knows("subject-1", "somebody@else.example", false).await;
    let mut manager = app.as_person("manager").await;
    for _ in 0..2 {
        let address = begin(&mut manager, "/profile/identity/link", "/my-work").await;
        let back = Visitor::default().go(&address, Some("subject-1")).await;
        let answer = come_back(&mut manager, &back).await.expect(303);
        assert_eq!(answer.header("location"), "/my-work");
    }
    let mut client = app.anonymous();
    sign_in(&mut client, "subject-1", "/").await.expect(303);
    assert_eq!(name(&client).await, "manager");

    // Neither somebody else's subject nor a second one of one's own.
    for (person, subject) in [("contributor", "subject-1"), ("manager", "subject-2")] {
        let mut client = app.as_person(person).await;
        let address = begin(&mut client, "/profile/identity/link", "/").await;
        let back = Visitor::default().go(&address, Some(subject)).await;
        come_back(&mut client, &back).await.expect(409);
    }
    manager.form("/profile/identity/unlink", &[("next", "/my-work")]).await.expect(303);
    sign_in(&mut app.anonymous(), "subject-1", "/").await.expect(403);
}

/// Somebody invited who signs in with the provider first needs no password to accept.
#[tokio::test]
async fn an_invitation_is_accepted_without_a_password() {
    let (app, provider) = start("muster", false).await;
    provider.knows("subject-1", "ada@acme.example", true).await;
    let body = json!({ "email": "ada@acme.example", "name": "Ada Novak", "role": "contributor" });
    let invited = app.as_person("manager").await.post("/api/v1/customers/1/members", body).await.expect(201).json();
    let mut ada = app.anonymous();
    sign_in(&mut ada, "subject-1", "/").await.expect(303);
    assert_eq!(name(&ada).await, "Ada Novak");
    // To be who was invited is not to have accepted.
    ada.get("/api/v1/customers/1/workspace").await.refused(404, "not-found");
    let secret = invited["invitation"]["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    ada.post(&format!("/api/v1/invitations/{secret}/accept"), json!({})).await.expect(200);
    ada.get("/api/v1/customers/1/workspace").await.expect(200);
}

/// Whoever is signed in when the way leads back has to be who began.
#[tokio::test]
async fn nobody_links_somebody_else() {
    let (app, _provider) = start("muster", false).await;
    let mut manager = app.as_person("manager").await;
    let address = begin(&mut manager, "/profile/identity/link", "/").await;
    let back = Visitor::default().go(&address, Some("subject-1")).await;
    let attempt = manager.cookie.as_deref().unwrap().split("; ").find(|pair| pair.starts_with("muster-sign-in=")).unwrap().to_owned();
    let mut other = app.as_person("contributor").await;
    other.cookie = Some(format!("{}; {attempt}", other.cookie.unwrap()));
    come_back(&mut other, &back).await.expect(401);
    sign_in(&mut app.anonymous(), "subject-1", "/").await.expect(403);
}
