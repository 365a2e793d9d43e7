//! Firm settings, archiving, and tasks that wait for a member.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn settings_are_checked_and_kept() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let firm = admin.get("/api/v1/firm").await.expect(200).json();
    let version = firm["version"].as_i64().unwrap();
    for body in [
        json!({ "name": " " }),
        json!({ "mail_from": "nobody" }),
        json!({ "mail_from": "A <a@b.example>\r\nBcc: x@y.example" }),
        json!({ "public_url": "javascript:alert(1)" }),
        json!({ "trusted_proxies": "10.0.0.0/99" }),
    ] {
        admin.patch("/api/v1/firm", version, body).await.refused(422, "invalid-fields");
    }
    let body = json!({ "name": "Nordlicht", "mail_from": "N <n@nord.example>", "public_url": "https://m.nord.example/", "trusted_proxies": "10.0.0.0/8,127.0.0.1" });
    let changed = admin.patch("/api/v1/firm", version, body).await.expect(200).json();
    assert_eq!(
        (&changed["public_url"], &changed["trusted_proxies"]),
        (&json!("https://m.nord.example"), &json!("10.0.0.0/8, 127.0.0.1/32"))
    );
    admin.patch("/api/v1/firm", version, json!({ "name": "X" })).await.refused(412, "stale");
    let emptied = admin.patch("/api/v1/firm", changed["version"].as_i64().unwrap(), json!({ "public_url": null })).await.expect(200).json();
    assert_eq!((&emptied["public_url"], &emptied["name"]), (&json!(null), &json!("Nordlicht")));
}

#[tokio::test]
async fn a_logo_is_a_picture_and_nothing_else() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let put = |bytes: Vec<u8>| {
        let admin = admin.clone();
        async move { admin.send("PUT", "/api/v1/firm/logo", &[("content-type", "image/png")], bytes).await }
    };
    put(b"<svg onload=alert(1)>".to_vec()).await.refused(422, "invalid-fields");
    put(vec![0; 2 * 1024 * 1024]).await.refused(413, "too-large");
    put(b"\x89PNG\r\n\x1a\n<script>".to_vec()).await.expect(200);
    let logo = app.anonymous().get("/firm/logo").await.expect(200);
    assert_eq!((logo.header("content-type"), logo.header("x-content-type-options")), ("image/png", "nosniff"));
    admin.send("DELETE", "/api/v1/firm/logo", &[], "").await.expect(204);
    // The form of the page sends it as a file.
    let form = |bytes: &str| format!("--x\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"l\"\r\n\r\n{bytes}\r\n--x--\r\n");
    let kind = [("content-type", "multipart/form-data; boundary=x")];
    admin.send("POST", "/firm/logo", &kind, form("<svg onload=alert(1)>")).await.expect(422);
    app.as_person("consultant").await.send("POST", "/firm/logo", &kind, form("x")).await.expect(403);
    admin.send("POST", "/firm/logo", &kind, form("no end")[..40].to_owned()).await.expect(400);
    app.anonymous().get("/firm/logo").await.expect(404);
    app.anonymous().get("/firm/logo").await.expect(404);
}

/// Nothing of an archived customer changes; it is read, and it comes back.
#[tokio::test]
async fn an_archived_customer_stands_still() {
    let app = TestApp::start().await;
    let (admin, manager) = (app.admin().await, app.as_person("manager").await);
    let tasks = manager.get("/api/v1/customers/1/tasks").await.json();
    let task = format!("/api/v1/tasks/{}", tasks["items"][1]["id"].as_str().unwrap());
    assert_eq!(admin.post("/api/v1/customers/1/archive", json!({})).await.expect(200).json()["status"], "archived");
    admin.post("/api/v1/customers/1/archive", json!({})).await.expect(200);
    manager.get("/api/v1/customers/1/workspace").await.expect(200);
    manager.post("/api/v1/customers/1/tasks", json!({ "title": "T" })).await.refused(409, "archived");
    manager.post(&format!("{task}/start"), json!({})).await.refused(409, "archived");
    admin.post("/api/v1/customers/1/plans", json!({ "iso_code": "ISO 9001:2015" })).await.refused(409, "archived");
    assert_eq!(manager.get("/api/v1/customers/1/tasks").await.json(), tasks);
    assert_eq!(admin.get("/api/v1/customers").await.json()["total"], 1);
    assert_eq!(admin.get("/api/v1/customers?archived=true").await.json()["total"], 2);
    // Access is taken away all the same.
    admin.send("DELETE", "/api/v1/customers/1/members/5", &[], "").await.expect(204);
    admin.post("/api/v1/customers/1/unarchive", json!({})).await.expect(200);
    manager.post(&format!("{task}/start"), json!({})).await.expect(200);
}

#[tokio::test]
async fn a_task_of_a_role_that_nobody_has_waits_for_a_member() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let waits = "Waiting for a member: nobody has the role Manager yet";
    assert!(!admin.get("/customers/1").await.expect(200).text.contains(waits));
    admin.send("DELETE", "/api/v1/customers/1/members/3", &[], "").await.expect(204);
    assert!(admin.get("/customers/1").await.expect(200).text.contains(waits));
}
