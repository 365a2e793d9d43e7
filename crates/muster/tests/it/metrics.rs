//! What whoever runs Muster watches.

use std::net::SocketAddr;

use axum::{body::Body, extract::ConnectInfo, http::Request};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::app::TestApp;

async fn ask(app: &TestApp, from: &str, forwarded: Option<&str>) -> (u16, String) {
    let mut request = Request::get("/metrics");
    if let Some(address) = forwarded {
        request = request.header("x-forwarded-for", address);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(from.parse::<SocketAddr>().unwrap()));
    let answer = app.router.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    (status, String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

fn figure(text: &str, name: &str) -> f64 {
    let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')));
    line.unwrap_or_else(|| panic!("{name} is missing:\n{text}")).rsplit(' ').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn what_is_done_is_counted_by_route() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for customer in [1, 2, 1] {
        admin.get(&format!("/api/v1/customers/{customer}/workspace")).await.expect(200);
    }
    admin.get("/api/v1/customers/99/workspace").await.refused(404, "not-found");
    let (status, text) = ask(&app, "127.0.0.1:5000", None).await;
    assert_eq!(status, 200);
    let series = "muster_http_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/customers/{customer_id}/workspace\",status=";
    assert_eq!(figure(&text, &format!("{series}\"200\"}}")) as i64, 3);
    assert_eq!(figure(&text, &format!("{series}\"404\"}}")) as i64, 1);
    assert!(!text.contains("customers/99"), "an address became a series");
    assert_eq!(figure(&text, "muster_workspace_cache_hits_total") as i64, 1);
    assert_eq!(figure(&text, "muster_workspace_cache_misses_total") as i64, 2);
    assert!(figure(&text, "muster_workspace_cache_bytes") > 500.0);
    assert!(figure(&text, "muster_pool_connections_most") as i64 == 12 && figure(&text, "muster_process_resident_bytes") > 1e6);
    assert_eq!(figure(&text, "muster_outbox_waiting") as i64, 0);
    assert_eq!(figure(&text, "muster_http_requests_in_flight") as i64, 1, "this one");
    assert!(text.ends_with("# EOF\n"));
    // Anybody may send any word as a method; none of them becomes a series.
    app.anonymous().send("MADEUP", "/api/v1/customers", &[], "").await;
    let (_, text) = ask(&app, "127.0.0.1:5000", None).await;
    assert!(!text.contains("MADEUP") && text.contains("method=\"other\""));
}

#[tokio::test]
async fn strangers_are_told_nothing() {
    let app = TestApp::start().await;
    assert_eq!(ask(&app, "192.0.2.7:5000", None).await.0, 404);
    assert_eq!(ask(&app, "127.0.0.1:5000", Some("192.0.2.7")).await.0, 404, "a proxy on this machine speaks for others");
    assert_eq!(ask(&app, "[::1]:5000", None).await.0, 200);
}
