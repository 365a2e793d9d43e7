//! A template of three hundred questions stays usable: one answer sends what it changed, not the page.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::app::{Client, TestApp};

const QUESTIONS: usize = 300;

async fn long_template(admin: &Client) -> String {
    let question = |number: usize| {
        let kind = ["text", "long_text", "date", "number", "yes_no"][number % 5];
        json!({
            "key": format!("q{number}"), "label": format!("What about number {number}?"), "kind": kind,
            "section": format!("Part {}", number / 30 + 1), "reuse_key": format!("fact.{number}")
        })
    };
    let body: String = (0..QUESTIONS).map(|number| format!("## Section {number}\n\nIt says {{{{q{number}}}}}.\n\n")).collect();
    let questions: Vec<_> = (0..QUESTIONS).map(question).collect();
    let content = json!({ "document_title": "Long", "questions": questions, "body": body });
    let template = admin.post("/api/v1/templates", json!({ "name": "Long", "content": content })).await.expect(201).json();
    admin.post(&format!("/api/v1/templates/{}/releases", template["id"].as_str().unwrap()), json!({})).await.expect(201);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    admin.assign_template(&plan, "Long").await
}

async fn timed(answer: impl Future<Output = crate::app::Answer>) -> (crate::app::Answer, Duration) {
    let begun = Instant::now();
    let answer = answer.await.expect(200);
    (answer, begun.elapsed())
}

#[tokio::test]
async fn one_answer_of_three_hundred_sends_only_what_it_changed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let assignment = long_template(&admin).await;
    let pages = assignment.trim_start_matches("/api/v1").to_owned();
    let mut superuser = app.database.superuser().await;
    // Two of three are answered already.
    let answered = "INSERT INTO dna_app.customer_answers (customer_id, plan_id, template_id, question_key, value, answered_by, answered_at)
        SELECT a.customer_id, a.plan_id, a.template_id, q.key, '\"An answer\"', 1, '2026-03-17T09:00:00Z'
        FROM dna_app.customer_iso_plan_templates a JOIN dna_app.template_questions q ON q.release_id = a.release_id
        WHERE q.position % 3 <> 0";
    sqlx::query(answered).execute(&mut superuser).await.unwrap();
    let contributor = app.as_person("contributor").await;
    contributor.get(&format!("{pages}/questionnaire")).await.expect(200);
    let (page, for_page) = timed(contributor.get(&format!("{pages}/questionnaire"))).await;
    assert_eq!(page.text.matches("class=\"question\"").count(), QUESTIONS);
    let open = admin.get(&format!("{assignment}/questionnaire")).await.json()["missing"][0].as_str().unwrap().to_owned();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("hx-request", "true"),
        ("hx-target", "div#state-q"),
        ("accept", "text/html"),
    ];
    let kind = open[1..].parse::<usize>().unwrap() % 5;
    let value = ["One", "One", "2026-03-17", "1", "yes"][kind];
    let path = format!("{pages}/answers/{open}");
    let save = contributor.send("POST", &path, &headers, format!("value={value}"));
    let (saved, for_answer) = timed(save).await;
    println!("page: {} bytes in {for_page:?}; answer: {} bytes in {for_answer:?}", page.text.len(), saved.text.len());
    assert!(saved.text.contains(&format!("id=\"state-{open}\"")) && saved.text.contains("id=\"progress\""), "{}", saved.text);
    assert!(!saved.text.contains("class=\"question\"") && saved.text.contains("201 of 300 answered"));
    // The preview grows with the document; the questions do not come with it.
    let preview = page.text.split("id=\"preview-text\"").nth(1).unwrap().len();
    assert!(saved.text.len() < preview + 20_000, "{} of {}", saved.text.len(), page.text.len());
}
