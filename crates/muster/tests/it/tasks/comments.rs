//! Comments on tasks.

use serde_json::json;
use sqlx::Executor as _;

use crate::app::TestApp;

#[tokio::test]
async fn people_talk_about_a_task_and_are_named_by_who_they_are() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "T" })).await.expect(201).json();
    let path = format!("/api/v1/tasks/{}/comments", task["id"].as_str().unwrap());
    let said = json!({ "body": "Could you look, @manager? Not @stranger, who is elsewhere; @[4] knows." });
    let comment = app.as_person("approver").await.post(&path, said).await.expect(201).json();
    assert_eq!(comment["body"], "Could you look, @manager? Not @stranger, who is elsewhere; @contributor knows.");
    let mut named: Vec<_> = comment["mentions"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
    named.sort_unstable();
    assert_eq!(named, [3, 4]);
    // Who is renamed is still meant.
    app.database.superuser().await.execute("UPDATE auth.users SET full_name = 'Manuela Ager' WHERE id = 3").await.unwrap();
    admin.post(&path, json!({ "body": "Second\nline" })).await.expect(201);
    let list = app.as_person("auditor").await.get(&format!("{path}?limit=1")).await.expect(200).json();
    assert_eq!(
        (&list["total"], &list["items"][0]["body"]),
        (&json!(2), &json!("Could you look, @Manuela Ager? Not @stranger, who is elsewhere; @contributor knows."))
    );
    let next = list["next_cursor"].as_str().unwrap();
    let rest = admin.get(&format!("{path}?limit=1&cursor={next}")).await.json();
    assert_eq!(
        (&rest["items"][0]["body"], &rest["items"][0]["author"]["name"], &rest["next_cursor"]),
        (&json!("Second\nline"), &json!("admin"), &json!(null))
    );
    // Nothing of it changes the task, and the log tells of it.
    assert_eq!(admin.get(&format!("/api/v1/tasks/{}", task["id"].as_str().unwrap())).await.json()["version"], 1);
    let log = admin.get(&format!("/api/v1/customers/1/audit?subject={}", task["id"].as_str().unwrap())).await.json();
    assert_eq!(log["items"][0]["action"], "task.commented");
    for wrong in [
        json!({}),
        json!({ "body": " \u{200b} " }),
        json!({ "body": null }),
        json!({ "body": "x", "y": 1 }),
        json!({ "body": "x".repeat(20_001) }),
    ] {
        admin.post(&path, wrong).await.refused(422, "invalid-fields");
    }
    // Twice is once, with a key.
    for _ in 0..2 {
        admin.with("POST", &path, &[("idempotency-key", "k")], json!({ "body": "Once" })).await.expect(201);
    }
    assert_eq!(admin.get(&path).await.json()["total"], 3);
}

#[tokio::test]
async fn the_drawer_shows_what_was_said_and_done() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "Report" })).await.expect(201).json();
    let id = task["id"].as_str().unwrap();
    let contributor = app.as_person("contributor").await;
    let fields = [("body", "See <b>this</b>"), ("mention", "@[3]"), ("next", "/my-work?task=x")];
    let answer = contributor.form(&format!("/tasks/{id}/comments"), &fields).await.expect(303);
    assert_eq!(answer.header("location"), "/my-work?task=x");
    contributor.post(&format!("/api/v1/tasks/{id}/start"), json!({})).await.expect(200);
    admin.with("PATCH", &format!("/api/v1/tasks/{id}"), &[("if-match", "\"2\"")], json!({ "due_date": "2026-03-20" })).await.expect(200);
    let page = contributor.get(&format!("/customers/1/tasks?task={id}")).await.expect(200).text;
    let words: String =
        scraper::Html::parse_document(&page).root_element().text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "@manager See <b>this</b>",
        "admin changed the task",
        "Due date: 20 Mar 2026, before nothing",
        "contributor started the task",
        "contributor commented on the task",
        "admin added the task",
    ] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    // A reader may not say anything, and is not asked to.
    let auditor = app.as_person("auditor").await.get(&format!("/customers/1?task={id}")).await.expect(200).text;
    assert!(auditor.contains("See &#60;b&#62;this") && !auditor.contains("id=\"say\""));
    let refused = contributor.form(&format!("/tasks/{id}/comments"), &[("body", " ")]).await.expect(422).text;
    assert!(refused.contains("Write something first."));
}

#[tokio::test]
async fn who_sees_some_plans_only_reads_what_was_said_there() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let seen = admin.assign_plan(1, "ISO 27001:2022").await;
    let hidden = admin.assign_plan(1, "ISO 9001:2015").await;
    let mut paths = Vec::new();
    for plan in [&seen, &hidden] {
        let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "T", "plan_id": plan["id"] })).await.expect(201).json();
        let path = format!("/api/v1/tasks/{}/comments", task["id"].as_str().unwrap());
        admin.post(&path, json!({ "body": "Said @manager" })).await.expect(201);
        paths.push(path);
    }
    let limit = format!("UPDATE dna_app.customer_members SET plan_ids = ARRAY['{}'::uuid] WHERE user_id = 6", seen["id"].as_str().unwrap());
    app.database.superuser().await.execute(sqlx::AssertSqlSafe(limit)).await.unwrap();
    let auditor = app.as_person("auditor").await;
    assert_eq!(auditor.get(&paths[0]).await.expect(200).json()["items"][0]["mentions"][0]["id"], 3);
    auditor.get(&paths[1]).await.refused(404, "not-found");
    let mut service = app.database.service().await;
    let scope = format!(
        "BEGIN; SET LOCAL app.customer = '1'; SET LOCAL app.limited = '1'; SET LOCAL app.plans = '{}'",
        seen["id"].as_str().unwrap()
    );
    service.execute(sqlx::AssertSqlSafe(scope)).await.unwrap();
    for table in ["customer_task_comments", "customer_task_comment_mentions"] {
        let count: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM dna_app.{table}"))).fetch_one(&mut service).await.unwrap();
        assert_eq!(count, 1, "{table}");
    }
}
