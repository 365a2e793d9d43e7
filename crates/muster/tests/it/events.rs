//! Server-sent events: who hears of what, and when a stream ends.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use muster_service::{Context, TimeOrderedIds};
use muster_web::{AppState, Draining};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{
    app::{Client, TestApp},
    people::accept,
    tokens::token,
};

const EVENTS: &str = "/api/v1/customers/1/events";

/// A stream of events that is open.
struct Stream {
    body: Body,
    text: String,
}

impl Stream {
    /// Opens a stream and waits for its first event.
    async fn open(client: &Client, path: &str) -> Self {
        let request = Request::builder().uri(path).header(header::COOKIE, client.cookie.clone().unwrap_or_default());
        let response = client.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let mut stream = Self { body: response.into_body(), text: String::new() };
        assert_eq!(stream.next().await.unwrap().0, "hello");
        stream
    }

    /// The next event with its data; none where the stream has ended.
    async fn next(&mut self) -> Option<(String, Value)> {
        tokio::time::timeout(Duration::from_secs(10), self.read()).await.expect("nothing was told")
    }

    async fn read(&mut self) -> Option<(String, Value)> {
        loop {
            while let Some((event, rest)) = self.text.clone().split_once("\n\n") {
                self.text = rest.to_owned();
                let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
                if let (Some(name), Some(data)) = (line("event: "), line("data: ")) {
                    // The server hears of nothing before its own connection listens.
                    if name != "missed" {
                        return Some((name, serde_json::from_str(&data).unwrap()));
                    }
                }
            }
            let frame = self.body.frame().await?.unwrap();
            self.text += std::str::from_utf8(&frame.into_data().unwrap()).unwrap();
        }
    }

    async fn next_subjects(&mut self) -> Value {
        let (name, data) = self.next().await.expect("the stream has ended");
        assert_eq!(name, "changed");
        data["subjects"].clone()
    }

    async fn ends(&mut self) -> bool {
        self.next().await.is_none()
    }
}

/// Begins to hear, and waits until it does.
async fn hear(context: &Context) {
    let context = context.clone();
    tokio::spawn(async move { context.run_events(|error| panic!("{error}")).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
}

/// A second server on the same database.
async fn second_server(app: &TestApp) -> Router {
    let context = Context::new(app.store.clone(), Arc::clone(&app.clock) as Arc<_>, Arc::new(TimeOrderedIds));
    hear(&context).await;
    muster_web::router(AppState::new(context))
}

async fn questionnaire(admin: &Client) -> (Value, String) {
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    (plan, assignment)
}

/// `plan/template` of an assignment's path.
fn place(assignment: &str) -> (String, String) {
    let parts: Vec<&str> = assignment.split('/').collect();
    (parts[4].to_owned(), parts[6].to_owned())
}

#[tokio::test]
async fn everybody_hears_of_an_answer_on_every_server() {
    let app = TestApp::start().await;
    hear(&app.context).await;
    let admin = app.admin().await;
    let (_, assignment) = questionnaire(&admin).await;
    let (plan, template) = place(&assignment);
    let elsewhere = Client { router: second_server(&app).await, ..app.as_person("contributor").await };
    let mut here = Stream::open(&app.as_person("manager").await, EVENTS).await;
    let mut there = Stream::open(&elsewhere, EVENTS).await;
    admin.put(&format!("{assignment}/answers/organisation_name"), json!({ "value": "Acme" })).await.expect(201);
    for stream in [&mut here, &mut there] {
        let subjects = stream.next_subjects().await;
        let answer = format!("answer {plan}/{template}/organisation_name");
        assert!(subjects.as_array().unwrap().contains(&json!(answer)), "{subjects}");
        assert!(subjects.as_array().unwrap().iter().any(|subject| subject.as_str().unwrap().starts_with("task ")), "{subjects}");
    }
    // Whoever comes later is told from where on they hear.
    let mut later = Stream { body: Body::empty(), text: String::new() };
    std::mem::swap(&mut later, &mut here);
    let version = admin.get(&format!("{assignment}/questionnaire")).await.json()["workspace_version"].clone();
    let request = Request::builder().uri(EVENTS).header(header::COOKIE, admin.cookie.clone().unwrap());
    let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let mut again = Stream { body: response.into_body(), text: String::new() };
    assert_eq!(again.next().await.unwrap(), ("hello".to_owned(), json!({ "workspace_version": version })));
    // What changes for another customer is nobody's business here.
    admin.post("/api/v1/customers/2/tasks", json!({ "title": "Theirs" })).await.expect(201);
    admin.post("/api/v1/customers/1/tasks", json!({ "title": "Ours" })).await.expect(201);
    assert_eq!(later.next_subjects().await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_is_at_a_questionnaire_is_told_there() {
    let app = TestApp::start().await;
    hear(&app.context).await;
    let admin = app.admin().await;
    let (_, assignment) = questionnaire(&admin).await;
    let (plan, template) = place(&assignment);
    let path = format!("{EVENTS}?plan_id={plan}&template_id={template}");
    let elsewhere = Client { router: second_server(&app).await, ..app.as_person("contributor").await };
    let mut manager = Stream::open(&app.as_person("manager").await, &path).await;
    let contributor = Stream::open(&elsewhere, &path).await;
    let (name, data) = manager.next().await.unwrap();
    assert_eq!((name.as_str(), &data["people"][0]["name"], &data["people"][1]), ("presence", &json!("contributor"), &Value::Null));
    // Somebody with two tabs is there once, and until the last one is closed.
    let second = Stream::open(&elsewhere, &path).await;
    drop(contributor);
    let mut admins = Stream::open(&admin, &path).await;
    assert_eq!(manager.next().await.unwrap().1["people"].as_array().unwrap().len(), 2);
    drop(second);
    assert_eq!(manager.next().await.unwrap().1["people"], json!([{ "id": 1, "name": "admin", "initials": "A", "is_firm": true }]));
    // Who only watches the customer is nowhere.
    let _watching = Stream::open(&app.as_person("consultant").await, EVENTS).await;
    assert_eq!(admins.next().await.unwrap().1["people"][0]["name"], "contributor");
    let unknown = format!("{EVENTS}?plan_id={plan}&template_id={plan}");
    admin.get(&unknown).await.refused(404, "not-found");
    admin.get(&format!("{EVENTS}?plan_id={plan}")).await.refused(422, "invalid-fields");
}

#[tokio::test]
async fn an_auditor_hears_only_of_the_plans_that_are_theirs() {
    let app = TestApp::start().await;
    hear(&app.context).await;
    let admin = app.admin().await;
    let (seen, assignment) = questionnaire(&admin).await;
    let hidden = admin.assign_plan(1, "ISO 9001:2015").await;
    let other = admin.assign_template(&hidden, "Quality Policy").await;
    let body = json!({ "email": "ext@audit.example", "name": "Ext", "role": "auditor", "plan_ids": [seen["id"]] });
    let auditor = accept(&app, &admin.post("/api/v1/customers/1/members", body).await.expect(201).json()).await;
    let (plan, template) = place(&other);
    auditor.get(&format!("{EVENTS}?plan_id={plan}&template_id={template}")).await.refused(404, "not-found");
    let mut stream = Stream::open(&auditor, EVENTS).await;
    admin.put(&format!("{other}/answers/organisation_name"), json!({ "value": "Hidden" })).await.expect(201);
    admin.post("/api/v1/customers/1/tasks", json!({ "title": "Hidden" })).await.expect(201);
    admin.put(&format!("{assignment}/answers/organisation_name"), json!({ "value": "Seen" })).await.expect(201);
    let subjects = stream.next_subjects().await.to_string();
    assert!(subjects.contains(seen["id"].as_str().unwrap()) && !subjects.contains(&plan), "{subjects}");
}

#[tokio::test]
async fn who_is_removed_is_cut_off_and_others_are_not_told_of_people() {
    let app = TestApp::start().await;
    hear(&app.context).await;
    let admin = app.admin().await;
    let mut contributor = Stream::open(&app.as_person("contributor").await, EVENTS).await;
    let mut approver = Stream::open(&app.as_person("approver").await, EVENTS).await;
    let mut manager = Stream::open(&app.as_person("manager").await, EVENTS).await;
    // The manager reads of people in the audit log, and so hears of them.
    let approver_path = "/api/v1/customers/1/members/5";
    admin.send("DELETE", approver_path, &[("if-match", admin.get(approver_path).await.header("etag"))], "").await.expect(204);
    assert!(approver.ends().await);
    assert_eq!(manager.next_subjects().await, json!(["member 5"]));
    admin.post("/api/v1/customers/1/tasks", json!({ "title": "Work" })).await.expect(201);
    assert!(contributor.next_subjects().await[0].as_str().unwrap().starts_with("task "));
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_keeps_none_alive() {
    let app = TestApp::start().await;
    hear(&app.context).await;
    let admin = app.admin().await;
    let manager = app.as_person("manager").await;
    let mut stream = Stream::open(&manager, EVENTS).await;
    manager.send("DELETE", "/api/v1/session", &[], "").await.expect(204);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    admin.post("/api/v1/customers/1/tasks", json!({ "title": "After" })).await.expect(201);
    assert!(stream.ends().await);
    // Watching is not working: a session that is only watched lies unused.
    let idle = app.as_person("consultant").await;
    let mut stream = Stream::open(&idle, EVENTS).await;
    for _ in 0..4 {
        app.advance(SignedDuration::from_mins(9));
        let admin = app.admin().await;
        tokio::time::sleep(Duration::from_millis(1100)).await;
        admin.post("/api/v1/customers/1/tasks", json!({ "title": "Later" })).await.expect(201);
    }
    while let Some((name, _)) = stream.next().await {
        assert_eq!(name, "changed");
    }
    idle.get("/api/v1/me").await.refused(401, "not-signed-in");
}

#[tokio::test]
async fn tokens_watch_with_the_right_to_read() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let open = |text: String| {
        let client = app.anonymous();
        async move { client.send("GET", EVENTS, &[("authorization", &format!("Bearer {text}")), ("sec-fetch-site", "")], "").await }
    };
    open(token(&admin, &["read"], None).await).await.expect(200);
    open(token(&admin, &["work"], None).await).await.refused(403, "forbidden");
    open(token(&admin, &["read"], Some(&[2])).await).await.refused(404, "not-found");
}

/// Many streams hold no connection of the database, one person has only so many, and all of them end
/// when the program is told to stop.
#[tokio::test]
async fn streams_are_cheap_counted_and_end_with_the_program() {
    let app = TestApp::with_connections(2).await;
    let draining = Draining::default();
    let state = AppState { draining: draining.clone(), ..AppState::new(app.context.clone()) };
    let admin = Client { router: muster_web::router(state), ..app.admin().await };
    let mut streams = Vec::new();
    for _ in 0..20 {
        streams.push(Stream::open(&admin, EVENTS).await);
    }
    let refused = admin.get(EVENTS).await;
    assert_eq!(refused.header("retry-after"), "60");
    refused.refused(429, "too-many-streams");
    admin.get("/api/v1/customers/1/workspace").await.expect(200);
    let mut last = streams.pop().unwrap();
    drop(streams);
    tokio::time::sleep(Duration::from_millis(200)).await;
    admin.get(EVENTS).await.expect(200);
    draining.begin();
    assert!(last.ends().await);
}

#[tokio::test]
async fn one_stream_tells_of_all_ones_customers_and_of_no_others() {
    let app = TestApp::start().await;
    hear(&app.context).await;
    let admin = app.admin().await;
    const MINE: &str = "/api/v1/me/events";
    let mut all = Stream::open(&admin, MINE).await;
    let mut manager = Stream::open(&app.as_person("manager").await, MINE).await;
    let mut stranger = Stream::open(&app.as_person("stranger").await, MINE).await;
    admin.post("/api/v1/customers/2/tasks", json!({ "title": "Theirs" })).await.expect(201);
    admin.post("/api/v1/customers/1/tasks", json!({ "title": "Ours" })).await.expect(201);
    assert_eq!(all.next().await.unwrap().1["customer_id"], 2);
    assert_eq!(all.next().await.unwrap().1["customer_id"], 1);
    // Each hears first what is theirs: the other was not told.
    assert_eq!(manager.next().await.unwrap().1["customer_id"], 1);
    assert_eq!(stranger.next().await.unwrap().1["customer_id"], 2);
    // A comment is told as a change of its task.
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "Talk" })).await.expect(201).json();
    let id = task["id"].as_str().unwrap();
    manager.next().await.unwrap();
    admin.post(&format!("/api/v1/tasks/{id}/comments"), json!({ "body": "Hm" })).await.expect(201);
    assert_eq!(manager.next_subjects().await, json!([format!("task {id}")]));
    // Whoever is let go hears no more, and whoever signs out neither.
    admin.send("DELETE", "/api/v1/customers/1/members/3", &[], "").await.expect(204);
    admin.post("/api/v1/customers/1/tasks", json!({ "title": "After" })).await.expect(201);
    admin.post("/api/v1/customers/2/tasks", json!({ "title": "Last" })).await.expect(201);
    assert_eq!(stranger.next().await.unwrap().1["customer_id"], 2);
    let nothing = tokio::time::timeout(Duration::from_millis(300), manager.read()).await;
    assert!(nothing.is_err(), "{nothing:?}");
}
