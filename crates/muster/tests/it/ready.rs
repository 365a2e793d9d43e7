//! Workspaces that are ready to be sent again: whatever is done, and through whichever of several servers, what is
//! sent is what would be made now.

use std::sync::Arc;

use jiff::SignedDuration;
use muster_service::{Context, TimeOrderedIds};
use muster_web::AppState;
use serde_json::{Value, json};

use crate::app::{Client, TestApp};

/// Another server on the same database; `room` for answers that are ready.
fn server(app: &TestApp, room: u64) -> axum::Router {
    let context = Context::new(app.store.clone(), Arc::clone(&app.clock) as Arc<_>, Arc::new(TimeOrderedIds)).with_ready_room(room);
    muster_web::router(AppState::new(context))
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one_of<'a>(&mut self, list: &'a [String]) -> Option<&'a String> {
        if list.is_empty() { None } else { Some(&list[self.below(list.len())]) }
    }
}

/// Everything of the workspace that can be worked on: tasks, plans, plans with a template, documents.
struct Things {
    tasks: Vec<String>,
    plans: Vec<String>,
    places: Vec<String>,
    documents: Vec<String>,
}

impl Things {
    async fn of(client: &Client) -> Self {
        let workspace = client.get("/api/v1/customers/1/workspace").await.expect(200).json();
        let mut things = Self { tasks: Vec::new(), plans: Vec::new(), places: Vec::new(), documents: Vec::new() };
        let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
        let list = |one: &Value, name: &str| one[name].as_array().unwrap().clone();
        things.tasks.extend(list(&workspace, "customer_tasks").iter().map(id));
        for plan in list(&workspace, "plans") {
            things.plans.push(id(&plan));
            things.tasks.extend(list(&plan, "plan_tasks").iter().map(id));
            for template in list(&plan, "templates") {
                things.places.push(format!("{}/templates/{}", id(&plan), id(&template)));
                things.tasks.extend(list(&template, "tasks").iter().map(id));
                for document in list(&template, "documents") {
                    things.documents.push(id(&document));
                    things.tasks.extend(list(&document, "tasks").iter().map(id));
                }
            }
        }
        things
    }
}

/// Does something that the workspace shows, and says what. What is refused changes nothing, which is as good.
async fn do_something(client: &Client, app: &TestApp, dice: &mut Dice, round: usize) -> String {
    let things = Things::of(client).await;
    let empty = String::new();
    let task = dice.one_of(&things.tasks).unwrap_or(&empty).clone();
    let plan = dice.one_of(&things.plans).unwrap_or(&empty).clone();
    let place = dice.one_of(&things.places).unwrap_or(&empty).clone();
    let document = dice.one_of(&things.documents).unwrap_or(&empty).clone();
    let (method, path, body) = match dice.below(18) {
        0 => ("POST", "/api/v1/customers/1/tasks".to_owned(), json!({ "title": format!("Task {round}"), "due_date": "2026-03-20" })),
        1 => ("POST", format!("/api/v1/tasks/{task}/complete"), json!({})),
        2 => ("POST", format!("/api/v1/tasks/{task}/start"), json!({})),
        3 => ("POST", format!("/api/v1/tasks/{task}/ignore"), json!({ "reason": "R" })),
        4 => ("POST", format!("/api/v1/tasks/{task}/reopen"), json!({})),
        5 => ("PATCH", format!("/api/v1/tasks/{task}"), json!({ "title": format!("Renamed {round}"), "assigned_to": 2 + round % 4 })),
        6 => ("PATCH", "/api/v1/customers/1".to_owned(), json!({ "name": format!("Acme {round}") })),
        7 => ("POST", format!("/api/v1/plans/{plan}/ignore"), json!({ "reason": "R" })),
        8 => {
            let ignored = client.get("/api/v1/customers/1/ignored").await.json();
            let one = ignored["items"].as_array().and_then(|items| items.first().cloned()).unwrap_or_default();
            ("POST", one["restore"].as_str().unwrap_or("/api/v1/tasks/none/restore").to_owned(), json!({}))
        }
        9 => ("POST", format!("/api/v1/plans/{place}/ignore"), json!({ "reason": "R" })),
        10 => ("POST", format!("/api/v1/plans/{place}/restore"), json!({})),
        11 => ("PATCH", format!("/api/v1/plans/{plan}"), json!({ "target_completion_date": format!("2026-0{}-01", 4 + round % 5) })),
        12 => ("POST", format!("/api/v1/plans/{place}/documents"), json!({ "name": format!("Document {round}"), "draft": true })),
        13 => ("PATCH", format!("/api/v1/documents/{document}"), json!({ "document_name": format!("Document {round}") })),
        14 => {
            let templates = client.get("/api/v1/templates?limit=20").await.json();
            let items = templates["items"].as_array().unwrap();
            let id = items[dice.below(items.len())]["id"].as_str().unwrap().to_owned();
            ("PATCH", format!("/api/v1/templates/{id}"), json!({ "name": format!("Template {round}") }))
        }
        15 => ("PATCH", "/api/v1/me".to_owned(), json!({ "name": format!("Person {round}"), "full_name": format!("Person {round}") })),
        16 => {
            app.advance(SignedDuration::from_mins(20));
            return "twenty minutes later".to_owned();
        }
        _ => {
            // People are renamed on the machine, too: by whoever administers the database.
            let name = format!("Name {round}");
            let mut superuser = app.database.superuser().await;
            sqlx::query("UPDATE auth.users SET full_name = $1 WHERE id = 3").bind(&name).execute(&mut superuser).await.unwrap();
            return name;
        }
    };
    let known = if method == "PATCH" { client.get(&path).await.headers.get("etag").cloned() } else { None };
    let version = known.as_ref().map(|tag| ("if-match", tag.to_str().unwrap()));
    let headers: Vec<_> = [("content-type", "application/json")].into_iter().chain(version).collect();
    let answer = client.send(method, &path, &headers, body.to_string()).await;
    format!("{method} {path}: {}", answer.status)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_ready_is_what_would_be_made_now() {
    let app = TestApp::start().await;
    let (first, second, plain) = (server(&app, 4_000_000), server(&app, 200_000), server(&app, 0));
    let admin = app.admin().await;
    let isms = admin.assign_plan(1, "ISO 27001:2022").await;
    admin.assign_template(&isms, "Patch Management").await;
    admin.assign_plan(1, "ISO 9001:2015").await;
    let readers = [admin.clone(), app.as_person("manager").await, app.as_person("auditor").await];
    let mut dice = Dice(1);
    let (mut done, mut changed) = (Vec::new(), 0);
    for round in 0..70 {
        let through = [&first, &second][dice.below(2)].clone();
        let what = do_something(&Client { router: through, ..admin.clone() }, &app, &mut dice, round).await;
        changed += usize::from(what.contains(": 20"));
        done.push(what);
        let reader = &readers[dice.below(readers.len())];
        for path in ["/api/v1/customers/1/workspace", "/customers/1", "/customers/1?open=1", "/customers/1?mine=1"] {
            let ask = async |router: &axum::Router| Client { router: router.clone(), ..reader.clone() }.get(path).await.expect(200).text;
            let fresh = ask(&plain).await;
            for server in [&first, &second, &first] {
                assert_eq!(ask(server).await, fresh, "{path} after {done:#?}");
            }
        }
    }
    assert!(changed > 20, "hardly anything was done: {done:#?}");
}

#[tokio::test]
async fn ready_answers_are_each_readers_own() {
    let app = TestApp::start().await;
    let path = "/api/v1/customers/1/workspace";
    app.admin().await.get(path).await.expect(200);
    app.as_person("stranger").await.get(path).await.refused(404, "not-found");
    app.anonymous().get(path).await.refused(401, "not-signed-in");
    // Taken away, it is gone with the next request.
    let manager = app.as_person("manager").await;
    manager.get(path).await.expect(200);
    manager.get("/customers/1").await.expect(200);
    let mut superuser = app.database.superuser().await;
    sqlx::query("UPDATE dna_app.customer_members SET status = 'suspended' WHERE role = 'manager'").execute(&mut superuser).await.unwrap();
    assert!(matches!(manager.get(path).await.status.as_u16(), 403 | 404));
    assert!(matches!(manager.get("/customers/1").await.status.as_u16(), 403 | 404));
}

#[tokio::test]
async fn a_ready_answer_is_sent_compressed_to_whoever_takes_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for path in ["/api/v1/customers/1/workspace", "/customers/1"] {
        let plain = admin.get(path).await.expect(200);
        for _ in 0..2 {
            let compressed = admin.send("GET", path, &[("accept-encoding", "gzip")], "").await.expect(200);
            assert_eq!(compressed.header("content-encoding"), "gzip");
            assert_eq!(compressed.header("etag"), plain.header("etag"));
            assert!(compressed.bytes.len() < plain.bytes.len());
        }
        let tag = plain.header("etag").to_owned();
        admin.send("GET", path, &[("if-none-match", &tag)], "").await.expect(304);
    }
}
