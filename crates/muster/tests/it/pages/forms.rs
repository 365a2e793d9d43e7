//! The essential paths without scripts: links, forms, and the way on.

use scraper::{Html, Selector};
use serde_json::json;

use crate::app::{Answer, Client, PASSWORD, TestApp};

/// Follows the way on after a form.
async fn follow(client: &Client, answer: Answer) -> Html {
    let answer = answer.expect(303);
    let location = answer.header("location").split('#').next().unwrap().to_owned();
    Html::parse_document(&client.get(&location).await.expect(200).text)
}

fn count(page: &Html, selector: &str) -> usize {
    page.select(&Selector::parse(selector).unwrap()).count()
}

fn text(page: &Html, selector: &str) -> String {
    page.select(&Selector::parse(selector).unwrap()).flat_map(|element| element.text()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn signing_in_with_a_form() {
    let app = TestApp::start().await;
    let refused = app.anonymous().form("/sign-in", &[("email", "manager@test.example"), ("password", "wrong")]).await.expect(401);
    let page = Html::parse_document(&refused.text);
    assert_eq!(page.select(&Selector::parse("#email").unwrap()).next().unwrap().attr("value"), Some("manager@test.example"));
    let fields = [("email", "manager@test.example"), ("password", PASSWORD), ("next", "/my-work")];
    let answer = app.anonymous().form("/sign-in", &fields).await.expect(303);
    assert_eq!(answer.header("location"), "/my-work");
    assert!(answer.header("set-cookie").contains("HttpOnly"));
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let fields = [("name", ""), ("email", "not an address"), ("description", "Kept <b>as typed</b>"), ("time_zone", "Mars/Olympus")];
    let refused = admin.form("/customers", &fields).await.expect(422);
    let page = Html::parse_document(&refused.text);
    assert_eq!(text(&page, "#description").trim(), "Kept <b>as typed</b>");
    assert!(count(&page, "[aria-invalid=true]") >= 2, "{}", refused.text);
    assert_eq!(admin.get("/api/v1/customers").await.json()["total"], 2);
}

#[tokio::test]
async fn the_story_without_scripts() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let page = follow(&admin, admin.form("/customers", &[("name", "دار الأفق"), ("time_zone", "Asia/Amman")]).await).await;
    assert!(text(&page, "h1").contains("دار الأفق") && text(&page, "main").contains("Send welcome email"));
    let plan = admin.assign_plan(3, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    let path = assignment.trim_start_matches("/api/v1");
    let page =
        follow(&admin, admin.form(&format!("{path}/answers/organisation_name"), &[("value", "<i>Acme</i> {{it_team}}")]).await).await;
    assert_eq!(count(&page, ".paper i"), 0, "an answer became mark-up");
    assert!(text(&page, ".paper").contains("<i>Acme</i> {{it_team}}"));
    admin.form(&format!("{path}/answers/critical_days"), &[("value", "soon")]).await.expect(422);
    admin.answer_all(&assignment).await;
    let page = follow(&admin, admin.form(&format!("{path}/documents"), &[("name", "Patching")]).await).await;
    assert!(text(&page, "main").contains("Get CISO approval"));
}

#[tokio::test]
async fn the_second_of_two_is_shown_both_versions() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "Original" })).await.json();
    let path = format!("/tasks/{}", task["id"].as_str().unwrap());
    admin.form(&path, &[("title", "First"), ("version", "1")]).await.expect(303);
    let conflict = admin.form(&path, &[("title", "Second"), ("version", "1")]).await.expect(409);
    assert!(conflict.text.contains("First") && conflict.text.contains("Second"), "{}", conflict.text);
    assert_eq!(admin.get(&format!("/api/v1{path}")).await.json()["title"], "First");
}

#[tokio::test]
async fn a_workspace_of_two_thousand_tasks_stays_light() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let statement = "INSERT INTO dna_app.customer_tasks (customer_id, plan_id, task_scope, task_type, title)
                     SELECT 1, $1::uuid, 'plan', 'general', 'Task ' || n FROM generate_series(1, 2000) n";
    sqlx::query(statement).bind(plan["id"].as_str().unwrap()).execute(&mut app.database.superuser().await).await.unwrap();
    let page = admin.get("/customers/1").await.expect(200);
    assert_eq!(count(&Html::parse_document(&page.text), "li.task"), 2006);
    assert!(page.text.len() < 2_500_000, "{} bytes", page.text.len());
}

#[tokio::test]
async fn readers_see_no_controls() {
    let app = TestApp::start().await;
    let auditor = app.as_person("auditor").await;
    let page = Html::parse_document(&auditor.get("/customers/1").await.expect(200).text);
    assert_eq!(count(&page, "main form[method=post]:not([action='/preferences']) button"), 0);
    assert_eq!(count(&page, "main button[formaction]"), 0);
    assert!(text(&page, "main").contains("Send welcome email"));
}
