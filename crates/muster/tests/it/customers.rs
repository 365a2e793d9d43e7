//! Customers.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn a_new_customer_brings_its_tasks() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let body = json!({ "name": "Initech", "email": "Office@Initech.example", "time_zone": "America/New_York" });
    let answer = admin.post("/api/v1/customers", body).await.expect(201);
    let customer = answer.json();
    assert_eq!(answer.header("location"), format!("/api/v1/customers/{}", customer["id"]));
    assert_eq!((&customer["email"], &customer["time_zone"]), (&json!("office@initech.example"), &json!("America/New_York")));
    let tasks = customer["generated_tasks"].as_array().unwrap();
    let titles: Vec<_> = tasks.iter().map(|task| task["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Send welcome email", "Complete onboarding survey"]);
    assert_eq!(tasks[0]["due_date"], "2026-03-20");
}

#[tokio::test]
async fn a_change_is_made_to_the_version_that_was_read() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let answer = admin.get("/api/v1/customers/1").await.expect(200);
    assert_eq!(answer.header("etag"), "\"1\"");
    admin.with("PATCH", "/api/v1/customers/1", &[], json!({ "name": "X" })).await.refused(428, "version-required");
    let changed = admin.patch("/api/v1/customers/1", 1, json!({ "contact_person": "Ada", "description": null })).await.expect(200);
    assert_eq!((changed.header("etag"), changed.json()["contact_person"].as_str()), ("\"2\"", Some("Ada")));
    assert_eq!(changed.json()["name"], "Acme");
    let stale = admin.patch("/api/v1/customers/1", 1, json!({ "name": "Y" })).await.refused(412, "stale");
    assert_eq!(stale["current_version"], 2);
    assert_eq!(admin.get("/api/v1/customers/1").await.json()["name"], "Acme");
}

#[tokio::test]
async fn lists_show_what_one_may_see_page_by_page() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for number in 0..5 {
        admin.post("/api/v1/customers", json!({ "name": format!("Customer {number}") })).await.expect(201);
    }
    let mut names = Vec::new();
    let mut path = "/api/v1/customers?limit=3".to_owned();
    loop {
        let page = admin.get(&path).await.expect(200).json();
        assert_eq!(page["total"], 7);
        names.extend(page["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/api/v1/customers?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(names, ["Acme", "Customer 0", "Customer 1", "Customer 2", "Customer 3", "Customer 4", "Globex"]);
    let manager = app.as_person("manager").await.get("/api/v1/customers").await.json();
    assert_eq!((&manager["total"], &manager["items"][0]["name"]), (&json!(1), &json!("Acme")));
}

/// A zone that only one of program and database knows would break every list with the customer in it.
#[tokio::test]
async fn a_zone_is_known_to_the_database_too() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    admin.patch("/api/v1/customers/1", 1, json!({ "time_zone": "Etc/Unknown" })).await.refused(422, "invalid-fields");
    admin.post("/api/v1/customers", json!({ "name": "N", "time_zone": "Etc/Unknown" })).await.refused(422, "invalid-fields");
    admin.get("/api/v1/portfolio").await.expect(200);
}
