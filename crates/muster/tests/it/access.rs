//! The access matrix: every route, every kind of person, own and foreign customers, one golden
//! table. A route without a row fails.

mod api_table;
mod canary;
mod document;
mod foreign_ids;
mod page_table;

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub use self::api_table::TABLE;
use self::page_table::PAGES;
use crate::app::{Client, TestApp};

/// The columns: who asks. `stranger` is the manager of another customer.
const PEOPLE: [&str; 10] =
    ["anonymous", "admin", "consultant", "manager", "contributor", "approver", "auditor", "stranger", "expired", "suspended"];

/// What the placeholders of the table stand for.
pub struct Things(Vec<(&'static str, String)>);

impl Things {
    pub async fn make(admin: &Client) -> Self {
        let plan = admin.assign_plan(1, "ISO 27001:2022").await;
        let template = admin.assign_template(&plan, "Patch Management").await;
        let filled = admin.assign_template(&plan, "Access Control").await;
        admin.answer_all(&filled).await;
        let document = admin.post(&format!("{filled}/documents"), json!({})).await.expect(201).json();
        let approval = document["generated_tasks"].as_array().unwrap().iter().find(|task| task["task_type"] == "approve_document").unwrap();
        let tasks = admin.get("/api/v1/customers/1/tasks?scope=customer").await.json();
        let rules = admin.get("/api/v1/task-rules").await.json();
        let task = tasks["items"][1]["id"].as_str().unwrap();
        let evidence =
            admin.upload("/api/v1/customers/1/evidence", &[("task_id", task)], ("a.pdf", b"%PDF-1.7 own")).await.expect(201).json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self(vec![
            ("{plan}", text(&plan["id"])),
            ("{template}", template.rsplit('/').next().unwrap().to_owned()),
            ("{other_template}", admin.template_id("Supplier Security").await),
            ("{document}", text(&document["id"])),
            ("{approval}", text(&approval["id"])),
            ("{task}", text(&tasks["items"][1]["id"])),
            ("{mail_task}", text(&tasks["items"][0]["id"])),
            ("{rule}", text(&rules["items"][0]["id"])),
            ("{evidence}", text(&evidence["id"])),
            ("{secret}", "0".repeat(64)),
        ])
    }

    /// A view of somebody's own, for one who asks for it.
    async fn add_own_view(&mut self, client: &Client) {
        let view = client.post("/api/v1/task-views", json!({ "list": "my_work", "name": "Own" })).await.expect(201).json();
        self.0.push(("{own_view}", view["id"].as_str().unwrap().to_owned()));
    }

    /// Placeholders of what is not there. A view is not, unless [`Things::add_own_view`] came before.
    pub fn add_secrets(&mut self) {
        self.0.push(("{own_view}", uuid::Uuid::from_u128(1).to_string()));
        self.0.push(("{nothing}", uuid::Uuid::from_u128(1).to_string()));
        self.0.push(("{no_link}", "0".repeat(64)));
    }

    pub fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

#[tokio::test]
async fn everyone_gets_exactly_what_is_theirs() {
    let mut wrong = Vec::new();
    for (column, person) in PEOPLE.iter().enumerate() {
        // Each person starts from the same state: what one changes must not decide for the next.
        let app = TestApp::start().await;
        let mut things = Things::make(&app.admin().await).await;
        if *person != "anonymous" {
            things.add_own_view(&app.as_person(person).await).await;
        }
        things.add_secrets();
        for (method, path, body, expected) in TABLE {
            let client = if *person == "anonymous" { app.anonymous() } else { app.as_person(person).await };
            let headers = [("content-type", "application/json"), ("if-match", "\"1\"")];
            let headers = if *method == "PATCH" { &headers[..] } else { &headers[..1] };
            reset(&app, method).await;
            let version = if *method == "PATCH" { current_version(&app, &things.fill(path)).await } else { String::new() };
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| if *name == "if-match" { (*name, version.as_str()) } else { (*name, *value) }).collect();
            let answer = client.send(method, &things.fill(path), &headers, things.fill(body)).await;
            if answer.status.as_u16() != expected[column] {
                wrong.push(format!("{person} {method} {path}: {} instead of {}: {}", answer.status, expected[column], answer.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Puts the one task and the template that the table works on back to where they began.
pub async fn reset(app: &TestApp, method: &str) {
    if method == "GET" {
        return;
    }
    let mut superuser = app.database.superuser().await;
    for statement in [
        "UPDATE dna_app.customer_tasks SET status = 'pending', completed_at = NULL, completed_by = NULL, is_ignored = false, assigned_to = NULL",
        "UPDATE dna_app.templates SET status = 'approved'",
        "DELETE FROM dna_app.template_releases WHERE released_at IS NULL",
        "UPDATE dna_app.customer_iso_plans SET is_ignored = false",
        "UPDATE dna_app.customer_iso_plan_templates SET is_ignored = false",
        "DELETE FROM dna_app.customer_answers WHERE question_key = 'testing'",
        "UPDATE dna_app.customers SET status = 'active'",
    ] {
        sqlx::query(statement).execute(&mut superuser).await.unwrap();
    }
}

async fn current_version(app: &TestApp, path: &str) -> String {
    app.admin().await.get(path).await.header("etag").to_owned()
}

/// A path with a star for everything that changes, without its query.
pub fn shape(path: &str) -> String {
    let star = |part: &str| part.starts_with('{') || part.parse::<u32>().is_ok() || part == "testing";
    let path = path.split('?').next().unwrap_or_default();
    path.split('/').map(|part| if star(part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn no_route_is_missing_from_the_table() {
    let app = TestApp::start().await;
    let document = app.anonymous().get("/api/v1/openapi.json").await.expect(200).json();
    let listed: BTreeSet<String> = TABLE.iter().map(|(method, path, ..)| format!("{method} {}", shape(path))).collect();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let route = format!("{} {}", method.to_uppercase(), shape(path));
            assert!(listed.contains(&route), "{route} has no row in the access table");
        }
    }
}

#[tokio::test]
async fn pages_show_everyone_exactly_what_is_theirs() {
    let mut wrong = Vec::new();
    for (column, person) in PEOPLE.iter().enumerate() {
        let app = TestApp::start().await;
        let mut things = Things::make(&app.admin().await).await;
        things.add_secrets();
        things.0.push(("{standard}", standard(&app, "ISO 42001:2023").await));
        for (method, path, fields, expected) in PAGES {
            let client = if *person == "anonymous" { app.anonymous() } else { app.as_person(person).await };
            reset(&app, method).await;
            let path = things.fill(path);
            let version = match *method {
                "POST" if fields.iter().any(|field| field.1 == "{version}") => version_of(&app, &path).await,
                _ => String::new(),
            };
            let fields: Vec<(String, String)> =
                fields.iter().map(|(name, value)| ((*name).to_owned(), things.fill(value).replace("{version}", &version))).collect();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let answer = if *method == "GET" { client.get(&path).await } else { client.form(&path, &fields).await };
            // The tenth wrong sign-in makes the account wait; the count is the test's, not a person's.
            let expected = if path == "/sign-in" && *method == "POST" { 401 } else { expected[column] };
            if answer.status.as_u16() != expected {
                let text: String = answer.text.split("<main").nth(1).unwrap_or(&answer.text).chars().take(300).collect();
                wrong.push(format!(
                    "{person} {method} {path}: {} instead of {expected} {}: {text}",
                    answer.status,
                    answer.header("location")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn standard(app: &TestApp, code: &str) -> String {
    let standards = app.admin().await.get("/api/v1/iso-standards").await.json();
    let found = standards["items"].as_array().unwrap().iter().find(|standard| standard["code"] == code).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

async fn version_of(app: &TestApp, path: &str) -> String {
    // A draft and what hangs on it count with their template.
    let template = path.strip_prefix("/library/templates/").and_then(|rest| rest.split('/').next());
    let path = template.map_or_else(|| path.to_owned(), |id| format!("/templates/{id}"));
    let path = path.replace("/library", "").replace("/customers/1/people", "/customers/1/members");
    let path = if path.starts_with("/people") { path.replace("/people", "/users") } else { path };
    current_version(app, &format!("/api/v1{path}")).await.trim_matches('"').to_owned()
}

/// Who is not signed in comes back to the page that they asked for.
#[tokio::test]
async fn signing_in_leads_back() {
    let app = TestApp::start().await;
    let answer = app.anonymous().get("/customers/1?overdue=1").await;
    assert_eq!(answer.header("location"), "/sign-in?next=%2Fcustomers%2F1%3Foverdue%3D1");
    for next in ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"] {
        let fields = [("email", "manager@test.example"), ("password", crate::app::PASSWORD), ("next", next)];
        let answer = app.anonymous().form("/sign-in", &fields).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"), "{next}");
    }
}

/// A page that is added without a row in the table fails here: the routes are read from the source.
#[tokio::test]
async fn no_page_is_missing_from_the_table() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/pages"))];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for part in source.split(".route(").skip(1) {
                let route = part.split('"').nth(1).unwrap();
                let handlers = part.split('\n').next().unwrap();
                for method in ["get", "post"].into_iter().filter(|method| handlers.contains(&format!("{method}("))) {
                    found += 1;
                    let shape = |path: &str| {
                        // What a page is asked for is part of the request, not of the route.
                        path.split('?')
                            .next()
                            .unwrap_or_default()
                            .split('/')
                            .map(|part| {
                                if part.starts_with('{') || part.parse::<u32>().is_ok() || part == "testing" { "*" } else { part }
                                    .to_owned()
                            })
                            .collect::<Vec<_>>()
                    };
                    let is_listed =
                        PAGES.iter().any(|(listed, path, ..)| listed.eq_ignore_ascii_case(method) && shape(path) == shape(route));
                    assert!(is_listed, "{method} {route} has no row in the table of pages");
                }
            }
        }
    }
    assert!(found >= PAGES.len(), "only {found} routes were found in the source");
}
