//! The same in a real browser: no policy of our own pages stands in the way there or back.

use super::server::Provider;
use crate::{app::TestApp, pages::browser::Browser};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_goes_there_and_back() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let provider = Provider::start(&base, false).await;
    provider.knows("subject-1", "manager@test.example", true).await;
    let mut app = TestApp::start().await;
    app.use_identity_provider(provider.as_client("muster", &base));
    let browser = Browser::on(app, listener, 1280, 900).await;
    browser.open("/sign-in?next=/my-work").await;
    browser.click("form[action='/sign-in/organisation'] button").await;
    // The provider asks who it is, then whether Muster may know.
    browser.type_into("input[name=login]", "subject-1").await;
    browser.type_into("input[name=password]", "any").await;
    browser.click("button[type=submit]").await;
    browser.wait_for("input[value=consent]").await;
    browser.click("button[type=submit]").await;
    browser.wait_for("header.topbar .menu").await;
    let here = browser.page.current_url().await.unwrap();
    assert_eq!(here.as_str(), format!("{base}/my-work"));
    browser.close().await;
}
