//! Searching by words: what is found, in which order, by whom, and although a letter is wrong.

use serde_json::{Value, json};
use sqlx::Executor as _;

use crate::app::{Client, TestApp};

async fn find(client: &Client, place: &str, words: &str) -> Value {
    let query: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
    client.get(&format!("/api/v1{place}/search?q={query}")).await.expect(200).json()
}

fn told(found: &Value, field: &str) -> Vec<String> {
    found["items"].as_array().unwrap().iter().map(|hit| hit[field].as_str().unwrap_or_default().to_owned()).collect()
}

async fn add_task(admin: &Client, customer: i64, body: Value) -> Value {
    admin.post(&format!("/api/v1/customers/{customer}/tasks"), body).await.expect(201).json()
}

#[tokio::test]
async fn words_are_found_wherever_people_write() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = add_task(&admin, 1, json!({ "title": "Prüfe die Zugriffs-Rechte", "description": "Everything about zanzibar." })).await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    admin.answer_all(&assignment).await;
    let answers = format!("{assignment}/answers");
    let questions = admin.get(&format!("{assignment}/questionnaire")).await.json();
    let text = questions["questions"].as_array().unwrap().iter().find(|one| one["kind"] == "text" || one["kind"] == "long_text").unwrap();
    let (key, version) = (text["key"].as_str().unwrap(), text["answer"]["version"].as_i64().unwrap());
    let tag = format!("\"{version}\"");
    admin.with("PUT", &format!("{answers}/{key}"), &[("if-match", &tag)], json!({ "value": "Quetzalcoatl Ltd" })).await.expect(200);
    let document = admin.post(&format!("{assignment}/documents"), json!({ "name": "Xylophone procedure" })).await.expect(201).json();
    let id = task["id"].as_str().unwrap();
    admin.post(&format!("/api/v1/tasks/{id}/comments"), json!({ "body": "Ask the wombat first." })).await.expect(201);
    admin
        .upload("/api/v1/customers/1/evidence", &[("task_id", id), ("note", "From the okapi")], ("kudu_report-2026.txt", b"text"))
        .await
        .expect(201);

    for (words, kind) in [
        ("zugriff recht", "task"),
        ("ZUGRIFFSRECHTE", ""),
        ("prufe", "task"),
        ("zanzi", "task"),
        ("quetzal ltd", "answer"),
        ("xylophone", "document"),
        ("wombat", "comment"),
        ("kudu report", "evidence"),
        ("okapi", "evidence"),
    ] {
        let found = find(&admin, "/customers/1", words).await;
        let kinds = told(&found, "kind");
        match kind {
            "" => assert!(kinds.is_empty(), "{words}: {found}"),
            kind => assert!(kinds.iter().any(|one| one == kind), "{words}: {found}"),
        }
        assert_eq!(found["corrected"], json!(null), "{words}");
    }
    let found = find(&admin, "/customers/1", "wombat").await;
    assert_eq!((&found["items"][0]["task_id"], &found["items"][0]["excerpt"]), (&task["id"], &json!("Ask the wombat first.")));
    let found = find(&admin, "/customers/1", "quetzalcoatl").await;
    assert!(
        told(&found, "document_id").contains(&document["id"].as_str().unwrap().to_owned()),
        "the answer stands in the document: {found}"
    );
    let page = admin.get("/search?customer=1&q=wombat").await.expect(200).text;
    assert!(page.contains("<mark>wombat</mark>"), "{page}");
    admin.get("/api/v1/customers/1/search?q=%20-%20").await.refused(422, "invalid-fields");
    admin.get("/api/v1/search").await.refused(422, "invalid-fields");
    for words in ["o'brien", "a & b | !c <-> d:*", "a\\b", "customer 1", "100%", "((a"] {
        find(&admin, "", words).await;
    }
}

#[tokio::test]
async fn titles_come_first_and_ignored_work_is_not_found() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_task(&admin, 1, json!({ "title": "Something else", "description": "The wombat of the plan" })).await;
    add_task(&admin, 1, json!({ "title": "A wombat among many other long words of a title" })).await;
    add_task(&admin, 1, json!({ "title": "Wombat" })).await;
    let found = find(&admin, "/customers/1", "wombat").await;
    assert_eq!(told(&found, "title"), ["Wombat", "A wombat among many other long words of a title", "Something else"]);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let (id, before) = (plan["id"].as_str().unwrap(), find(&admin, "/customers/1", "wombat").await["total"].as_i64().unwrap());
    let body = json!({ "title": "Wombat of the plan", "plan_id": id });
    let task = add_task(&admin, 1, body).await;
    assert_eq!(find(&admin, "/customers/1", "wombat").await["total"], before + 1);
    admin.post(&format!("/api/v1/plans/{id}/ignore"), json!({ "reason": "Not now" })).await.expect(200);
    assert_eq!(find(&admin, "/customers/1", "wombat").await["total"], before);
    admin.post(&format!("/api/v1/plans/{id}/restore"), json!({})).await.expect(200);
    admin.post(&format!("/api/v1/tasks/{}/ignore", task["id"].as_str().unwrap()), json!({ "reason": "Not now" })).await.expect(200);
    assert_eq!(find(&admin, "/customers/1", "wombat").await["total"], before);
    let first = admin.get("/api/v1/customers/1/search?q=wombat&limit=2").await.expect(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = admin.get(&format!("/api/v1/customers/1/search?q=wombat&limit=2&cursor={cursor}")).await.expect(200).json();
    assert_eq!((told(&second, "title"), &second["next_cursor"]), (vec!["Something else".to_owned()], &json!(null)));
}

#[tokio::test]
async fn whole_words_are_looked_for_before_those_that_begin_so() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for title in ["Wombats", "Wombat one", "Wombats everywhere", "Wombat two", "Wombat and wombats"] {
        add_task(&admin, 1, json!({ "title": title })).await;
    }
    let mut service = app.database.service().await;
    for scope in ["app.customer = '1'", "app.portfolio = '1,2'", "app.portfolio = 'all'"] {
        service.execute(sqlx::AssertSqlSafe(format!("BEGIN; SET LOCAL {scope}"))).await.unwrap();
        for (most, expected) in [
            (3, vec!["Wombat and wombats", "Wombat one", "Wombat two"]),
            (9, vec!["Wombat and wombats", "Wombat one", "Wombat two", "Wombats", "Wombats everywhere"]),
        ] {
            // In one customer there are hardly ever too many: all are looked for at once.
            if most == 3 && scope.starts_with("app.customer") {
                continue;
            }
            let found: Vec<String> = sqlx::query_scalar(
                "SELECT t.title FROM dna_app.search_candidates($1::text::tsquery, $2) c JOIN dna_app.customer_tasks t USING (customer_id, id)
                 WHERE c.kind = 'task' ORDER BY t.title COLLATE \"C\"",
            )
            .bind("'wombat':*")
            .bind(most)
            .fetch_all(&mut service)
            .await
            .unwrap();
            assert_eq!(found, expected, "{scope}, {most}");
        }
        service.execute("ROLLBACK").await.unwrap();
    }
}

#[tokio::test]
async fn a_slip_is_put_right_with_words_in_use() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add_task(&admin, 1, json!({ "title": "Review the firewall rules" })).await;
    while app.context.learn_words().await.unwrap() > 0 {}
    for slip in ["fierwall", "firewal", "frewall", "firewalll", "firevall rules"] {
        let found = find(&admin, "/customers/1", slip).await;
        assert_eq!(told(&found, "title"), ["Review the firewall rules"], "{slip}: {found}");
    }
    assert_eq!(find(&admin, "/customers/1", "fierwall").await["corrected"], "firewall");
    assert_eq!(find(&admin, "/customers/1", "firew").await["corrected"], json!(null));
    assert_eq!(find(&admin, "/customers/1", "flrevvall").await["total"], 0);
    assert_eq!(app.context.learn_words().await.unwrap(), 0, "nothing is learned twice");
}

#[tokio::test]
async fn everybody_finds_what_they_may_see() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let other = admin.post("/api/v1/customers", json!({ "name": "Wombat Holding" })).await.expect(201).json();
    let other = other["id"].as_i64().unwrap();
    add_task(&admin, 1, json!({ "title": "Wombat of Acme" })).await;
    add_task(&admin, other, json!({ "title": "Wombat elsewhere" })).await;
    while app.context.learn_words().await.unwrap() > 0 {}
    let found = find(&admin, "", "wombat").await;
    assert_eq!(told(&found, "kind"), ["customer", "task", "task"], "{found}");
    for name in ["consultant", "manager", "contributor", "approver", "auditor"] {
        let person = app.as_person(name).await;
        for words in ["wombat", "womabt"] {
            let found = find(&person, "", words).await;
            assert_eq!(told(&found, "title"), ["Wombat of Acme"], "{name}: {found}");
        }
        person.get(&format!("/api/v1/customers/{other}/search?q=wombat")).await.expect(404);
        let page = person.get("/search?q=wombat").await.expect(200).text;
        assert!(page.contains("of Acme") && !page.contains("elsewhere") && !page.contains("Holding"), "{name}");
    }
    assert_eq!(find(&app.as_person("stranger").await, "", "wombat").await["total"], 0);
    app.as_person("expired").await.get("/api/v1/customers/1/search?q=wombat").await.expect(403);
    assert_eq!(find(&app.as_person("expired").await, "", "wombat").await["total"], 0);
}
