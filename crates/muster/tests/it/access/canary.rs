//! A canary for each customer, in every field that people fill: no byte of any answer to somebody of
//! another customer has it, whatever they ask and whichever ids they guess (trust promise G1).

use serde_json::{Value, json};

use super::{PAGES, TABLE, Things};
use crate::app::{Client, TestApp};

const CANARY: &str = "canary-7f3a-of-globex";

/// Fills all of Globex with the canary, and gives the ids that stand for the placeholders of the tables.
async fn plant(admin: &Client) -> Things {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let customer = admin.get("/api/v1/customers/2").await.expect(200).json();
    let words = json!({ "name": CANARY, "email": format!("{CANARY}@globex.example"), "contact_person": CANARY, "phone": CANARY,
                        "address": CANARY, "website": CANARY, "description": CANARY });
    admin.patch("/api/v1/customers/2", customer["version"].as_i64().unwrap(), words).await.expect(200);
    let plan = admin.assign_plan(2, "ISO 27001:2022").await;
    let plan_path = format!("/api/v1/plans/{}", text(&plan["id"]));
    admin.patch(&plan_path, plan["version"].as_i64().unwrap(), json!({ "plan_name": CANARY })).await.expect(200);
    let template = admin.assign_template(&plan, "Patch Management").await;
    let filled = admin.assign_template(&plan, "Access Control").await;
    admin.put(&format!("{filled}/answers/organisation_name"), json!({ "value": CANARY })).await.expect(201);
    admin.answer_all(&filled).await;
    let document = admin.post(&format!("{filled}/documents"), json!({ "name": CANARY })).await.expect(201).json();
    let approval = document["generated_tasks"].as_array().unwrap().iter().find(|task| task["task_type"] == "approve_document").unwrap();
    let task =
        json!({ "title": CANARY, "description": CANARY, "notes": CANARY, "requires_evidence": true, "evidence_description": CANARY });
    let task = admin.post("/api/v1/customers/2/tasks", task).await.expect(201).json();
    let other = admin.post("/api/v1/customers/2/tasks", json!({ "title": CANARY })).await.expect(201).json();
    admin.post(&format!("/api/v1/tasks/{}/ignore", text(&other["id"])), json!({ "reason": CANARY })).await.expect(200);
    let member = json!({ "email": format!("{CANARY}@people.example"), "name": CANARY, "role": "contributor" });
    admin.post("/api/v1/customers/2/members", member).await.expect(201);
    let mail = admin.get("/api/v1/customers/2/tasks?scope=customer").await.json();
    let rules = admin.get("/api/v1/task-rules").await.json();
    let content = format!("%PDF-1.7 {CANARY}");
    let fields = [("task_id", task["id"].as_str().unwrap()), ("note", CANARY)];
    let file = (format!("{CANARY}.pdf"), content.as_bytes());
    let evidence = admin.upload("/api/v1/customers/2/evidence", &fields, (&file.0, file.1)).await.expect(201).json();
    admin.post(&format!("/api/v1/evidence/{}/reject", text(&evidence["id"])), json!({ "reason": CANARY })).await.expect(200);
    let mut things = Things(vec![
        ("{plan}", text(&plan["id"])),
        ("{template}", template.rsplit('/').next().unwrap().to_owned()),
        ("{other_template}", admin.template_id("Supplier Security").await),
        ("{document}", text(&document["id"])),
        ("{approval}", text(&approval["id"])),
        ("{task}", text(&task["id"])),
        ("{mail_task}", text(&mail["items"][0]["id"])),
        ("{rule}", text(&rules["items"][0]["id"])),
        ("{evidence}", text(&evidence["id"])),
        ("{secret}", "0".repeat(64)),
    ]);
    things.add_secrets();
    things
}

#[tokio::test]
async fn no_answer_has_a_byte_of_another_customer() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut own = Things::make(&admin).await;
    own.add_secrets();
    let foreign = plant(&admin).await;
    let seen = admin.get("/api/v1/customers/2/workspace").await.expect(200);
    assert!(seen.text.matches(CANARY).count() >= 3, "the canary was not planted: {}", seen.text);
    let mut asked = 0;
    for person in ["anonymous", "consultant", "manager", "contributor", "approver", "auditor", "expired", "suspended"] {
        let client = if person == "anonymous" { app.anonymous() } else { app.as_person(person).await };
        let api = TABLE.iter().filter(|row| row.0 == "GET").map(|row| row.1);
        let pages = PAGES.iter().filter(|row| row.0 == "GET").map(|row| row.1);
        for path in api.chain(pages) {
            let paths = [own.fill(path), foreign.fill(path).replace("customers/1", "customers/2")];
            for path in paths {
                let answer = client.get(&path).await;
                let headers = format!("{:?}", answer.headers);
                assert!(!answer.text.contains(CANARY) && !headers.contains(CANARY), "{person} GET {path}: {}", answer.text);
                asked += 1;
            }
        }
    }
    assert!(asked > 500, "only {asked} questions were asked");
}
