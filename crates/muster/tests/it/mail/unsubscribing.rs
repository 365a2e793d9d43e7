//! One click in a mail ends its kind, and nothing else does (RFC 8058).

use axum::body::Body;
use serde_json::json;

use super::{header, reminders::delivered};
use crate::app::TestApp;

#[tokio::test]
async fn one_click_ends_the_digest_without_signing_in() {
    let app = TestApp::start().await;
    app.advance(jiff::SignedDuration::from_hours(6 * 24));
    app.context.remind_of_days().await.unwrap();
    let mails = delivered(&app).await;
    let digest = mails.iter().find(|mail| mail.contains("Subject: The week of Acme")).expect("it is Monday");
    assert_eq!(header(digest, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let url = header(digest, "List-Unsubscribe");
    let path = url.strip_prefix("<http://localhost").and_then(|rest| rest.strip_suffix('>')).expect("one address, in one line").to_owned();
    let wanted = async || {
        let manager = app.as_person("manager").await;
        manager.get("/api/v1/me").await.json()["notifications"].as_array().unwrap().contains(&json!("weekly_digest"))
    };
    // Looking changes nothing: programs look at links before people do.
    for method in ["GET", "HEAD"] {
        app.anonymous().send(method, &path, &[], Body::empty()).await.expect(200);
    }
    let page = app.anonymous().get(&path).await;
    assert!(page.text.contains("Stop these mails") && wanted().await);
    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-store"));
    // A signature of somebody else's, of another kind, or none.
    let signature = path.rsplit('.').next().unwrap();
    for wrong in [
        path.replace("/3.", "/4."),
        path.replace("weekly_digest", "overdue"),
        path.replace(signature, &"0".repeat(64)),
        path.replace(&format!(".{signature}"), ""),
        format!("/unsubscribe/x.weekly_digest.{signature}"),
    ] {
        let answer = app.anonymous().send("POST", &wrong, &[], Body::empty()).await.expect(404);
        assert!(answer.text.contains("This link does not work"), "{wrong}");
    }
    assert!(wanted().await);
    // As a mail program sends it: from nowhere, with the words of the standard. Again changes nothing.
    for _ in 0..2 {
        let one_click = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "")];
        app.anonymous().send("POST", &path, &one_click, "List-Unsubscribe=One-Click").await.expect(200);
    }
    assert!(!wanted().await);
    let me = app.as_person("manager").await.get("/api/v1/me").await.json();
    assert_eq!(me["notifications"].as_array().unwrap().len(), 6, "nothing else has changed");
    let log = app.admin().await.get("/api/v1/audit?limit=50").await.expect(200).json();
    let noted: Vec<_> = log["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "account.unsubscribed").collect();
    assert_eq!(noted.len(), 1, "{log}");
    // The week after, there is none.
    app.advance(jiff::SignedDuration::from_hours(7 * 24));
    app.context.remind_of_days().await.unwrap();
    assert!(!delivered(&app).await.iter().any(|mail| mail.contains("The week of Acme")));
}
