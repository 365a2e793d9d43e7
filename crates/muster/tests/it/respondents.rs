//! Delegating a question, and answering it by a link without an account.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Client, TestApp};

/// An assigned template, two of its questions, and who works on it.
struct Work {
    app: TestApp,
    manager: Client,
    assignment: String,
    keys: Vec<String>,
}

impl Work {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let admin = app.admin().await;
        let plan = admin.assign_plan(1, "ISO 27001:2022").await;
        let assignment = admin.assign_template(&plan, "Patch Management").await;
        let questions = admin.get(&format!("{assignment}/questionnaire")).await.json()["questions"].clone();
        let texts = questions.as_array().unwrap().iter().filter(|one| matches!(one["kind"].as_str().unwrap(), "text" | "long_text"));
        let keys = texts.map(|one| one["key"].as_str().unwrap().to_owned()).collect();
        let manager = app.as_person("manager").await;
        Self { app, manager, assignment, keys }
    }

    async fn delegate(&self, key: &str, email: &str) -> String {
        let body = json!({ "email": email, "name": "Ada Novak", "note": "As agreed" });
        let manager = self.app.as_person("manager").await;
        let made = manager.put(&format!("{}/questions/{key}/delegate", self.assignment), body).await.expect(200);
        assert_eq!(made.header("cache-control"), "no-store");
        let link = made.json()["link"].as_str().unwrap().to_owned();
        link.strip_prefix("http://localhost/respond/").unwrap().to_owned()
    }

    fn answer_path(&self, secret: &str, key: &str) -> String {
        let place = self.assignment.strip_prefix("/api/v1/plans/").unwrap().replace("/templates", "");
        format!("/api/v1/respond/{secret}/answers/{place}/{key}")
    }

    async fn question(&self, key: &str) -> Value {
        let asked = self.manager.get(&format!("{}/questionnaire", self.assignment)).await.json();
        asked["questions"].as_array().unwrap().iter().find(|one| one["key"] == key).unwrap().clone()
    }
}

#[tokio::test]
async fn a_respondent_sees_and_answers_exactly_their_questions() {
    let work = Work::start().await;
    let (mine, other) = (work.keys[0].as_str(), work.keys[1].as_str());
    work.manager.put(&format!("{}/answers/{other}", work.assignment), json!({ "value": "canary-in-another-answer" })).await.expect(201);
    let secret = work.delegate(mine, "ada@supplier.example").await;
    let outside = work.app.anonymous();
    let asked = outside.get(&format!("/api/v1/respond/{secret}")).await.expect(200);
    assert_eq!((asked.header("referrer-policy"), asked.header("cache-control")), ("no-referrer", "no-store"));
    let body = asked.json();
    assert_eq!((body["questions"].as_array().unwrap().len(), &body["questions"][0]["key"]), (1, &json!(mine)));
    assert_eq!((&body["customer_name"], &body["asked_by_name"], &body["name"]), (&json!("Acme"), &json!("manager"), &json!("Ada Novak")));
    let page = outside.get(&format!("/respond/{secret}")).await.expect(200);
    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-store"));
    let label = work.question(other).await["label"].as_str().unwrap().to_owned();
    for text in [&asked.text, &page.text] {
        assert!(!text.contains("canary-in-another-answer") && !text.contains(&label) && !text.contains("Globex"), "{text}");
    }
    assert!(page.text.contains("As agreed") && !page.text.contains("<nav"));
    // What was not delegated does not exist.
    let answer = json!({ "value": "Three people" });
    outside.put(&work.answer_path(&secret, other), answer.clone()).await.refused(404, "not-found");
    let foreign = work.answer_path(&secret, mine).replace(&work.assignment[14..50], &uuid::Uuid::from_u128(7).to_string());
    outside.put(&foreign, answer.clone()).await.refused(404, "not-found");
    let kept = outside.put(&work.answer_path(&secret, mine), answer.clone()).await.expect(201);
    assert_eq!(kept.header("etag"), "\"1\"");
    // Somebody with an account sees who it was, the task is done, and the log tells it.
    let question = work.question(mine).await;
    assert_eq!((&question["answer"]["answered_by"], &question["answer"]["answered_by_name"]), (&json!(null), &json!("Ada Novak")));
    let task = work.manager.get(&format!("/api/v1/tasks/{}", question["task_id"].as_str().unwrap())).await.json();
    assert_eq!((&task["status"], &task["completed_by"]), (&json!("completed"), &json!(null)));
    let log = work.manager.get("/api/v1/customers/1/audit").await.json();
    let entry = log["items"].as_array().unwrap().iter().find(|one| one["action"] == "answer.given").unwrap();
    assert_eq!(
        (&entry["actor_id"], &entry["actor_name"], &entry["actor_email"]),
        (&json!(null), &json!("Ada Novak (respondent)"), &json!("ada@supplier.example"))
    );
    assert!(log["items"].as_array().unwrap().iter().any(|one| one["action"] == "question.delegated"));
    assert!(!log.to_string().contains(&secret));
    let shown = work.manager.get(&format!("{}/questionnaire", &work.assignment[7..])).await.expect(200).text;
    assert!(shown.contains("Ada Novak (respondent)"));
}

#[tokio::test]
async fn an_answer_that_somebody_else_gave_is_not_overwritten() {
    let work = Work::start().await;
    let key = work.keys[0].as_str();
    let secret = work.delegate(key, "ada@supplier.example").await;
    let outside = work.app.anonymous();
    let path = work.answer_path(&secret, key);
    work.manager.put(&format!("{}/answers/{key}", work.assignment), json!({ "value": "From inside" })).await.expect(201);
    outside.put(&path, json!({ "value": "From outside" })).await.refused(428, "version-required");
    outside.with("PUT", &path, &[("if-match", "\"7\"")], json!({ "value": "From outside" })).await.refused(412, "stale");
    let page = outside.get(&format!("/respond/{secret}")).await.text;
    let action = page.split("action=\"").nth(1).unwrap().split('#').next().unwrap().to_owned();
    let clash = outside.form(&action, &[("value", "From outside")]).await.expect(409).text;
    assert!(clash.contains("From inside") && clash.contains("From outside"));
    outside.form(&action, &[("value", " "), ("version", "1")]).await.expect(422);
    outside.form(&action, &[("value", "From outside"), ("version", "1")]).await.expect(303);
    assert_eq!(work.question(key).await["answer"]["value"], "From outside");
    work.manager
        .with("PUT", &format!("{}/answers/{key}", work.assignment), &[("if-match", "\"2\"")], json!({ "value": "Again" }))
        .await
        .expect(200);
    let answer = work.question(key).await["answer"].clone();
    assert_eq!((&answer["answered_by_name"], &answer["respondent_id"]), (&json!("manager"), &json!(null)));
}

#[tokio::test]
async fn a_link_ends_and_can_be_revoked() {
    let work = Work::start().await;
    let outside = work.app.anonymous();
    let first = work.delegate(&work.keys[0], "ada@supplier.example").await;
    work.app.advance(SignedDuration::from_hours(24 * 13));
    let second = work.delegate(&work.keys[1], "Ada@Supplier.example").await;
    // The same person: both links show both questions, for another fortnight.
    work.app.advance(SignedDuration::from_hours(24 * 13));
    for secret in [&first, &second] {
        assert_eq!(outside.get(&format!("/api/v1/respond/{secret}")).await.expect(200).json()["questions"].as_array().unwrap().len(), 2);
    }
    let manager = work.app.as_person("manager").await;
    let list = manager.get("/api/v1/customers/1/respondents").await.expect(200);
    assert!(!list.text.contains(&first) && !list.text.contains(&second));
    let list = list.json();
    assert_eq!((&list["total"], &list["items"][0]["last_used_at"]), (&json!(1), &json!("2026-04-12T10:00:00Z")));
    let id = list["items"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/customers/1/respondents/{id}");
    work.app.as_person("stranger").await.send("DELETE", &path, &[], "").await.refused(404, "not-found");
    work.app.as_person("stranger").await.send("DELETE", &path.replace("/1/", "/2/"), &[], "").await.refused(404, "not-found");
    manager.send("DELETE", &path, &[], "").await.expect(204);
    for secret in [&first, &second] {
        outside.get(&format!("/api/v1/respond/{secret}")).await.refused(404, "not-found");
        outside.put(&work.answer_path(secret, &work.keys[0]), json!({ "value": "V" })).await.refused(404, "not-found");
    }
    // Asked again, it is a new respondent, whose link ends on its day.
    let again = Work { manager, ..work };
    let third = again.delegate(&again.keys[0], "ada@supplier.example").await;
    again.app.advance(SignedDuration::from_hours(24 * 14 - 1));
    outside.get(&format!("/respond/{third}")).await.expect(200);
    again.app.advance(SignedDuration::from_hours(1));
    let ended = outside.get(&format!("/respond/{third}")).await.expect(404).text;
    let unknown = outside.get(&format!("/respond/{}", "ab".repeat(32))).await.expect(404).text;
    assert_eq!(ended, unknown);
}

#[tokio::test]
async fn ignored_work_and_archived_customers_ask_nothing() {
    let work = Work::start().await;
    let outside = work.app.anonymous();
    let secret = work.delegate(&work.keys[0], "ada@supplier.example").await;
    work.manager.post(&format!("{}/ignore", work.assignment), json!({ "reason": "Not now" })).await.expect(200);
    let asked = outside.get(&format!("/api/v1/respond/{secret}")).await.expect(200).json();
    assert_eq!(asked["questions"], json!([]));
    outside.put(&work.answer_path(&secret, &work.keys[0]), json!({ "value": "V" })).await.refused(404, "not-found");
    let path = format!("{}/questions/{}/delegate", work.assignment, work.keys[0]);
    work.manager.put(&path, json!({ "email": "a@b.example", "name": "A" })).await.refused(409, "ignored");
    work.manager.post(&format!("{}/restore", work.assignment), json!({})).await.expect(200);
    outside.get(&format!("/respond/{secret}")).await.expect(200);
    work.app.admin().await.post("/api/v1/customers/1/archive", json!({})).await.expect(200);
    outside.get(&format!("/respond/{secret}")).await.expect(404);
}

#[tokio::test]
async fn a_question_goes_to_one_person_and_back() {
    let work = Work::start().await;
    let (key, outside) = (work.keys[0].as_str(), work.app.anonymous());
    let ada = work.delegate(key, "ada@supplier.example").await;
    let ben = work.delegate(key, "ben@supplier.example").await;
    assert_eq!(outside.get(&format!("/api/v1/respond/{ada}")).await.expect(200).json()["questions"], json!([]));
    outside.put(&work.answer_path(&ada, key), json!({ "value": "V" })).await.refused(404, "not-found");
    outside.put(&work.answer_path(&ben, key), json!({ "value": "V" })).await.expect(201);
    // To somebody with an account: the task is theirs.
    let path = format!("{}/questions/{}/delegate", work.assignment, work.keys[1]);
    let made = work.manager.put(&path, json!({ "user_id": 4 })).await.expect(200).json();
    assert_eq!(made, json!({ "delegated_to": "contributor", "link": null }));
    let task = work.question(&work.keys[1]).await["task_id"].as_str().unwrap().to_owned();
    assert_eq!(work.manager.get(&format!("/api/v1/tasks/{task}")).await.json()["assigned_to"], 4);
    for (body, status) in [
        (json!({ "user_id": 7 }), 422),
        (json!({ "user_id": 4, "email": "a@b.example" }), 422),
        (json!({}), 422),
        (json!({ "email": "a@b.example" }), 422),
        (json!({ "email": "nobody", "name": "A" }), 422),
        (json!({ "email": "a@b.example", "name": "A", "expires_in_days": 91 }), 422),
        (json!({ "email": "a@b.example", "name": "A", "role": "admin" }), 422),
    ] {
        work.manager.put(&path, body.clone()).await.expect(status);
    }
    let nowhere = format!("{}/questions/no_such_question/delegate", work.assignment);
    work.manager.put(&nowhere, json!({ "email": "a@b.example", "name": "A" })).await.refused(404, "not-found");
    work.manager.put(&nowhere, json!({ "user_id": 4 })).await.refused(404, "not-found");
}

#[tokio::test]
async fn the_pages_ask_and_revoke_without_scripts() {
    let work = Work::start().await;
    let (key, outside) = (work.keys[0].as_str(), work.app.anonymous());
    let questionnaire = work.assignment[7..].to_owned();
    let page = work.manager.get(&format!("{questionnaire}/questionnaire")).await.expect(200).text;
    assert!(page.contains(&format!("action=\"{questionnaire}/questions/{key}/delegate\"")));
    let contributor = work.app.as_person("contributor").await.get(&format!("{questionnaire}/questionnaire")).await.expect(200).text;
    assert!(!contributor.contains("/delegate\""));
    let action = format!("{questionnaire}/questions/{key}/delegate");
    let refused = work.manager.form(&action, &[("email", "nobody"), ("name", "Ada")]).await.expect(422).text;
    assert!(refused.contains("value=\"nobody\"") && refused.contains("<details class=\"fold\" open>"));
    let made =
        work.manager.form(&action, &[("email", "ada@supplier.example"), ("name", "Ada"), ("expires_in_days", "30")]).await.expect(200);
    assert_eq!(made.header("cache-control"), "no-store");
    let secret = made.text.split("/respond/").nth(1).unwrap()[..64].to_owned();
    assert!(outside.get(&format!("/respond/{secret}")).await.expect(200).text.contains("16 Apr 2026"));
    let list = work.manager.get("/customers/1/respondents").await.expect(200).text;
    assert!(list.contains("ada@supplier.example") && !list.contains(&secret));
    let revoke = list.split("/revoke\"").next().unwrap().rsplit("action=\"").next().unwrap().to_owned();
    work.manager.form(&format!("{revoke}/revoke"), &[]).await.expect(303);
    outside.get(&format!("/respond/{secret}")).await.expect(404);
    // A link is its own authority: where a request comes from is nothing to it.
    let secret = work.delegate(key, "ben@supplier.example").await;
    let answer = json!({ "value": "V" });
    outside.with("PUT", &work.answer_path(&secret, key), &[("sec-fetch-site", ""), ("origin", "null")], answer).await.expect(201);
}

#[tokio::test]
async fn guessed_links_make_their_network_wait_and_good_ones_work() {
    let work = Work::start().await;
    let secret = work.delegate(&work.keys[0], "ada@supplier.example").await;
    let outside = work.app.anonymous();
    for number in 0..50_u32 {
        outside.get(&format!("/api/v1/respond/{number:064x}")).await.refused(404, "not-found");
    }
    outside.get(&format!("/api/v1/respond/{:064x}", 51)).await.refused(429, "too-many-attempts");
    outside.get(&format!("/respond/{secret}")).await.expect(200);
}
