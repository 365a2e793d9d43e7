//! Views through the API: the same that the chips above the lists show.

use axum::body::Body;
use serde_json::{Value, json};

use crate::app::{Answer, Client, TestApp};

const PATH: &str = "/api/v1/task-views";

/// The address of a view.
fn at(view: &Value) -> String {
    format!("{PATH}/{}", view["id"].as_str().unwrap())
}

/// Keeps a view, and gives it as it was answered.
async fn keep(client: &Client, body: Value) -> Value {
    let answer = client.post(PATH, body).await.expect(201);
    let view = answer.json();
    assert_eq!(answer.header("location"), at(&view));
    view
}

async fn change(client: &Client, view: &Value, body: Value) -> Answer {
    client.with("PATCH", &at(view), &[], body).await
}

async fn delete(client: &Client, view: &Value) -> Answer {
    client.send("DELETE", &at(view), &[], Body::empty()).await
}

/// The names of somebody's views, with a star at the one that the list opens with.
async fn names(client: &Client, asked: &str) -> Vec<String> {
    let list = client.get(&format!("{PATH}?{asked}")).await.expect(200).json();
    let items = list["items"].as_array().unwrap();
    assert_eq!((&list["total"], &list["next_cursor"]), (&json!(items.len()), &json!(null)));
    let star = |view: &Value| if view["is_default"] == true { "*" } else { "" };
    items.iter().map(|view| format!("{}{}", view["name"].as_str().unwrap(), star(view))).collect()
}

/// Where a refusal says that the mistake is, and what it is called.
fn refusal(answer: Answer) -> (String, String) {
    let problem = answer.refused(422, "invalid-fields");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&problem["errors"][0]["pointer"]), text(&problem["errors"][0]["code"]))
}

#[tokio::test]
async fn a_view_is_kept_changed_made_the_default_and_deleted() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let late = keep(&manager, json!({ "list": "my_work", "name": " Late ", "query": "?due=overdue&status=open" })).await;
    let expected =
        json!({ "id": late["id"], "list": "my_work", "customer_id": null, "name": "Late", "query": "due=overdue", "is_default": false });
    assert_eq!(late, expected);
    keep(&manager, json!({ "list": "my_work", "name": "Urgent", "query": "sort=priority", "is_default": true })).await;
    assert_eq!(names(&manager, "list=my_work").await, ["Late", "Urgent*"]);
    assert_eq!(names(&manager, "list=tasks").await, [""; 0]);

    // A list opens with one view.
    assert_eq!(change(&manager, &late, json!({ "is_default": true })).await.expect(200).json()["is_default"], true);
    assert_eq!(names(&manager, "list=my_work").await, ["Late*", "Urgent"]);

    let other = json!({ "name": "Overdue", "query": "sort=priority&due=overdue&page=3" });
    let changed = change(&manager, &late, other).await.expect(200).json();
    let expected = json!({ "id": late["id"], "list": "my_work", "customer_id": null, "name": "Overdue",
                           "query": "due=overdue&sort=priority", "is_default": true });
    assert_eq!(changed, expected);
    // What is not sent stays; null empties.
    assert_eq!(change(&manager, &late, json!({})).await.expect(200).json(), changed);
    let emptied = change(&manager, &late, json!({ "query": null, "is_default": false })).await.expect(200).json();
    assert_eq!((&emptied["name"], &emptied["query"], &emptied["is_default"]), (&json!("Overdue"), &json!(""), &json!(false)));
    assert_eq!(names(&manager, "list=my_work").await, ["Overdue", "Urgent"]);

    delete(&manager, &late).await.expect(204);
    delete(&manager, &late).await.refused(404, "not-found");
    change(&manager, &late, json!({ "name": "Again" })).await.refused(404, "not-found");
    assert_eq!(names(&manager, "list=my_work").await, ["Urgent"]);
}

#[tokio::test]
async fn a_view_is_its_persons_alone() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let every = keep(&manager, json!({ "list": "tasks", "name": "All late", "query": "due=overdue" })).await;
    let one = keep(&manager, json!({ "list": "tasks", "customer_id": 1, "name": "Late", "query": "due=overdue" })).await;
    for person in ["admin", "consultant", "contributor", "stranger", "suspended"] {
        let other = app.as_person(person).await;
        for view in [&every, &one] {
            change(&other, view, json!({ "name": "Mine" })).await.refused(404, "not-found");
            delete(&other, view).await.refused(404, "not-found");
        }
        assert_eq!(names(&other, "list=tasks").await, [""; 0], "{person}");
    }
    for person in ["admin", "consultant", "contributor"] {
        assert_eq!(names(&app.as_person(person).await, "list=tasks&customer_id=1").await, [""; 0], "{person}");
    }
    assert_eq!(names(&manager, "list=tasks").await, ["All late"]);
    assert_eq!(names(&manager, "list=tasks&customer_id=1").await, ["All late", "Late"]);
}

#[tokio::test]
async fn a_customer_that_one_does_not_see_has_no_views() {
    let app = TestApp::start().await;
    let of = |customer: i32| json!({ "list": "tasks", "customer_id": customer, "name": "Late", "query": "due=overdue" });
    for person in ["admin", "consultant", "manager", "contributor", "approver", "auditor"] {
        let client = app.as_person(person).await;
        assert_eq!(keep(&client, of(1)).await["customer_id"], 1, "{person}");
        assert_eq!(names(&client, "list=tasks&customer_id=1").await, ["Late"], "{person}");
    }
    let refused = [
        ("manager", 2, 404, "not-found"),
        ("consultant", 2, 404, "not-found"),
        ("stranger", 1, 404, "not-found"),
        ("stranger", 987_654, 404, "not-found"),
        ("admin", 987_654, 404, "not-found"),
        ("expired", 1, 403, "forbidden"),
        ("suspended", 1, 403, "forbidden"),
    ];
    for (person, customer, status, kind) in refused {
        let client = app.as_person(person).await;
        client.post(PATH, of(customer)).await.refused(status, kind);
        client.get(&format!("{PATH}?list=tasks&customer_id={customer}")).await.refused(status, kind);
    }
    let mut superuser = app.database.superuser().await;
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM auth.task_views").fetch_one(&mut superuser).await.unwrap();
    assert_eq!(kept, 6);
}

#[tokio::test]
async fn a_view_is_of_one_customers_list_or_of_every_customers() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let query = format!("plan={}", plan["id"].as_str().unwrap());
    let one = keep(&admin, json!({ "list": "tasks", "customer_id": 1, "name": "One plan", "query": query, "is_default": true })).await;
    let every = keep(&admin, json!({ "list": "tasks", "name": "Every due", "query": "due=overdue", "is_default": true })).await;
    assert_eq!((&one["customer_id"], &every["customer_id"]), (&json!(1), &json!(null)));
    // Each customer's list may open with a view of its own.
    assert_eq!(names(&admin, "list=tasks&customer_id=1").await, ["Every due*", "One plan*"]);
    assert_eq!(names(&admin, "list=tasks&customer_id=2").await, ["Every due*"]);
    assert_eq!(names(&admin, "list=tasks").await, ["Every due*"]);
    for (customer, query, view) in [(1, query.as_str(), &one), (2, "due=overdue", &every)] {
        let opened = admin.get(&format!("/customers/{customer}/tasks")).await.expect(303);
        let expected = format!("/customers/{customer}/tasks?{query}&view={}", view["id"].as_str().unwrap());
        assert_eq!(opened.header("location"), expected);
    }
    // What only one customer has makes no view of every customer's list.
    let expected = ("/query".to_owned(), "of-one-customer".to_owned());
    for query in [query.as_str(), "assignee=3"] {
        let body = json!({ "list": "tasks", "name": "N", "query": query });
        assert_eq!(refusal(admin.post(PATH, body).await), expected);
        assert_eq!(refusal(change(&admin, &every, json!({ "query": query })).await), expected);
    }
    let changed = change(&admin, &one, json!({ "query": "assignee=3" })).await.expect(200).json();
    assert_eq!((&changed["query"], &changed["customer_id"]), (&json!("assignee=3"), &json!(1)));
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_with_its_field() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let view = keep(&manager, json!({ "list": "my_work", "name": "Late", "query": "due=overdue" })).await;
    let cases = [
        (json!({}), "/list"),
        (json!({ "list": "all", "name": "N" }), "/list"),
        (json!({ "list": "my_work" }), "/name"),
        (json!({ "list": "my_work", "name": " \u{200b}" }), "/name"),
        (json!({ "list": "my_work", "name": "x".repeat(61) }), "/name"),
        (json!({ "list": "my_work", "name": "N", "customer_id": 1 }), "/customer_id"),
        (json!({ "list": "tasks", "name": "N", "customer_id": "1" }), "/customer_id"),
        (json!({ "list": "my_work", "name": "N", "query": 5 }), "/query"),
        (json!({ "list": "my_work", "name": "N", "query": "due=soon" }), "/query"),
        // The names are those of the page's address, and nothing is left out in silence.
        (json!({ "list": "tasks", "name": "N", "query": "plan_id=1&due=overdue" }), "/query"),
        (json!({ "list": "my_work", "name": "N", "query": "evidence=banana" }), "/query"),
        (json!({ "list": "my_work", "name": "N", "query": "due=today&due_from=2026-03-01" }), "/query"),
        (json!({ "list": "my_work", "name": "N", "query": "q=%FF" }), "/query"),
        (json!({ "list": "my_work", "name": "N", "query": format!("q={}", "\u{10348}".repeat(200)) }), "/query"),
        (json!({ "list": "my_work", "name": "N", "is_default": "yes" }), "/is_default"),
        (json!({ "list": "my_work", "name": "N", "colour": "red" }), "/colour"),
    ];
    for (body, pointer) in cases {
        assert_eq!(refusal(manager.post(PATH, body.clone()).await).0, pointer, "{body}");
    }
    let changes = [
        (json!({ "name": null }), "/name"),
        (json!({ "name": "" }), "/name"),
        (json!({ "name": "N", "query": "status=moon" }), "/query"),
        (json!({ "list": "tasks" }), "/list"),
        (json!({ "customer_id": 1 }), "/customer_id"),
    ];
    for (body, pointer) in changes {
        assert_eq!(refusal(change(&manager, &view, body.clone()).await).0, pointer, "{body}");
    }
    for (asked, pointer) in
        [("", "/list"), ("list=all", "/list"), ("list=tasks&customer_id=x", "/customer_id"), ("list=tasks&sort=x", "/sort")]
    {
        assert_eq!(refusal(manager.get(&format!("{PATH}?{asked}")).await).0, pointer, "{asked}");
    }
    let list = manager.get(&format!("{PATH}?list=my_work")).await.expect(200).json();
    assert_eq!(list["items"], json!([view]));
    assert_eq!(names(&manager, "list=tasks").await, [""; 0]);
}

#[tokio::test]
async fn twenty_views_of_a_list_are_enough() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let view = |name: &str| json!({ "list": "my_work", "name": name, "query": "due=today" });
    let first = keep(&manager, view("V0")).await;
    for number in 1..20 {
        keep(&manager, view(&format!("V{number}"))).await;
    }
    assert_eq!(refusal(manager.post(PATH, view("V20")).await), ("/name".to_owned(), "too-many".to_owned()));
    assert_eq!(names(&manager, "list=my_work").await.len(), 20);
    // The other list has room, and so has this one once a view is gone.
    keep(&manager, json!({ "list": "tasks", "name": "V20", "query": "due=today" })).await;
    delete(&manager, &first).await.expect(204);
    keep(&manager, view("V20")).await;
}

/// Kept at the same moment, they are counted all the same, and one of them is the default.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn views_that_are_kept_at_once_know_of_each_other() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let send = |number: usize| {
        let manager = manager.clone();
        let body = json!({ "list": "my_work", "name": format!("V{number}"), "is_default": true });
        tokio::spawn(async move { manager.post(PATH, body).await.status.as_u16() })
    };
    let sent: Vec<_> = (0..24).map(send).collect();
    let mut statuses = Vec::new();
    for one in sent {
        statuses.push(one.await.unwrap());
    }
    statuses.sort_unstable();
    let expected: Vec<u16> = std::iter::repeat_n(201, 20).chain(std::iter::repeat_n(422, 4)).collect();
    assert_eq!(statuses, expected);
    let kept = names(&manager, "list=my_work").await;
    assert_eq!((kept.len(), kept.iter().filter(|name| name.ends_with('*')).count()), (20, 1), "{kept:?}");
}

#[tokio::test]
async fn a_view_that_is_sent_twice_with_a_key_is_kept_once() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let send = |client: Client, name: &'static str| async move {
        let body = json!({ "list": "my_work", "name": name, "query": "due=overdue", "is_default": true });
        client.with("POST", PATH, &[("idempotency-key", "k")], body).await
    };
    let first = send(manager.clone(), "Late").await.expect(201);
    let second = send(manager.clone(), "Late").await.expect(201);
    assert_eq!((first.header("location"), &first.text), (second.header("location"), &second.text));
    send(manager.clone(), "Other").await.refused(422, "idempotency-key-reused");
    assert_eq!(names(&manager, "list=my_work").await, ["Late*"]);
    // Another person's key is another key.
    send(app.as_person("contributor").await, "Other").await.expect(201);
}

#[tokio::test]
async fn pages_and_programs_show_the_same_views() {
    let app = TestApp::start().await;
    let contributor = app.as_person("contributor").await;
    // Made by a program, it is a chip that can be opened.
    let view = keep(&contributor, json!({ "list": "my_work", "name": "Late", "query": "due=overdue" })).await;
    let id = view["id"].as_str().unwrap();
    assert!(contributor.get("/my-work").await.expect(200).text.contains("<bdi>Late</bdi>"));
    let opened = contributor.get(&format!("/my-work?due=overdue&view={id}")).await.expect(200).text;
    assert!(opened.contains(&format!("action=\"/views/{id}\"")));
    change(&contributor, &view, json!({ "name": "Overdue", "is_default": true })).await.expect(200);
    let first = contributor.get("/my-work").await.expect(303);
    assert_eq!(first.header("location"), format!("/my-work?due=overdue&view={id}"));
    assert!(contributor.get("/my-work?view=none").await.expect(200).text.contains("<bdi>Overdue</bdi>"));
    // Renamed and made one among others on the page, and one more made there.
    contributor.form(&format!("/views/{id}"), &[("name", "Too late"), ("is_default", "0")]).await.expect(303);
    let fields = [("list", "my_work"), ("name", "By title"), ("query", "sort=title&colour=red")];
    contributor.form("/views", &fields).await.expect(303);
    assert_eq!(names(&contributor, "list=my_work").await, ["By title", "Too late"]);
    let list = contributor.get(&format!("{PATH}?list=my_work")).await.json();
    assert_eq!(list["items"][0]["query"], "sort=title");
    delete(&contributor, &list["items"][0]).await.expect(204);
    assert!(!contributor.get("/my-work").await.expect(200).text.contains("<bdi>By title</bdi>"));
}
