//! Review and approval: who, in which order, and what it leaves.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Patching, statuses};
use crate::app::PASSWORD;

#[tokio::test]
async fn a_document_goes_from_draft_to_approved() {
    let it = Patching::saved().await;
    let submitted = it.manager.post(&format!("{}/submit", it.path), json!({})).await.expect(200).json();
    assert_eq!((&submitted["status"], &submitted["round"], &submitted["integrity"]), (&json!("in_review"), &json!(1), &json!("intact")));
    let hash = submitted["content_sha256"].as_str().unwrap().to_owned();
    let steps: Vec<_> = submitted["approval"]["steps"].as_array().unwrap().iter().map(|step| (&step["step"], &step["is_next"])).collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(steps, [(&json!("review"), &yes), (&json!("manager"), &no), (&json!("ciso"), &no)]);
    // Completing the task of the review is the review.
    let review = submitted["tasks"].as_array().unwrap().iter().find(|task| task["task_type"] == "review_document").unwrap();
    it.consultant.post(&format!("/api/v1/tasks/{}/complete", review["id"].as_str().unwrap()), json!({})).await.expect(200);
    let approved = it.approve().await;
    assert_eq!((&approved["status"], &approved["in_force"]["version"]), (&json!("approved"), &json!(1)));
    let decisions: Vec<_> = approved["approval"]["steps"].as_array().unwrap().iter().map(|step| step["decision"].clone()).collect();
    let said = |decision: &Value| (decision["decision"].clone(), decision["user_name"].clone(), decision["content_sha256"].clone());
    let by = |decision: &str, name: &str| (json!(decision), json!(name), json!(hash));
    let expected = [by("reviewed", "consultant"), by("approved", "approver"), by("approved", "approver")];
    assert_eq!(decisions.iter().map(said).collect::<Vec<_>>(), expected);
    assert_eq!(statuses(&it.tasks("approve_document").await), ["completed", "completed"]);
    // Everything of it is in the log, with the hash of what was approved.
    let log = it.app.admin().await.get("/api/v1/customers/1/audit?action=document.approved").await.expect(200).json();
    assert_eq!(log["items"][0]["after"]["approved_sha256"], json!(hash));
}

#[tokio::test]
async fn nobody_approves_what_they_wrote_nor_anybody_of_the_firm_nor_a_token() {
    let it = Patching::saved().await;
    let approve = format!("{}/approve", it.path);
    let body = json!({ "password": PASSWORD });
    it.approver.post(&approve, body.clone()).await.refused(409, "invalid-transition");
    // The approver becomes a contributor as well, and edits the draft: an author from then on.
    let also = "INSERT INTO dna_app.customer_members (customer_id, user_id, role) SELECT customer_id, user_id, 'contributor' FROM dna_app.customer_members WHERE role = 'approver'";
    sqlx::query(also).execute(&mut it.app.database.superuser().await).await.unwrap();
    let author = it.app.as_person("approver").await;
    let version = it.read().await["version"].as_i64().unwrap();
    author.patch(&it.path, version, json!({ "document_number": "P-1" })).await.expect(200);
    it.submit_and_review().await;
    author.post(&approve, body.clone()).await.refused(403, "forbidden");
    author.post(&format!("{}/reject", it.path), json!({ "reason": "No" })).await.refused(403, "forbidden");
    for name in ["admin", "consultant", "manager", "contributor", "auditor"] {
        it.app.as_person(name).await.post(&approve, body.clone()).await.refused(403, "forbidden");
    }
    it.app.as_person("stranger").await.post(&approve, body.clone()).await.refused(404, "not-found");
    let token = json!({ "name": "T", "rights": ["work", "read"], "expires_in_days": 1 });
    let made = author.post("/api/v1/me/tokens", token).await.expect(201).json();
    let bearer = format!("Bearer {}", made["token"].as_str().unwrap());
    let by_token = it.app.anonymous().with("POST", &approve, &[("authorization", bearer.as_str())], body).await;
    by_token.refused(403, "not-for-tokens");
    assert_eq!(it.read().await["status"], "in_review");
}

#[tokio::test]
async fn the_author_does_not_review_either() {
    let it = Patching::saved().await;
    it.manager.post(&format!("{}/submit", it.path), json!({})).await.expect(200);
    it.contributor.post(&format!("{}/review", it.path), json!({})).await.refused(403, "forbidden");
    it.app.as_person("auditor").await.post(&format!("{}/review", it.path), json!({})).await.refused(403, "forbidden");
    let document = it.consultant.post(&format!("{}/review", it.path), json!({ "remark": "Reads well" })).await.expect(200).json();
    assert_eq!(document["approval"]["steps"][0]["decision"]["remark"], "Reads well");
    it.consultant.post(&format!("{}/review", it.path), json!({})).await.refused(409, "not-your-turn");
}

#[tokio::test]
async fn approving_needs_the_person_now() {
    let it = Patching::reviewed().await;
    let approve = format!("{}/approve", it.path);
    let refused = it.approver.post(&approve, json!({})).await.refused(422, "invalid-fields");
    assert_eq!(refused["errors"][0]["code"], "confirmation-required");
    it.approver.post(&approve, json!({ "password": "not the right one" })).await.refused(422, "invalid-fields");
    assert_eq!(it.read().await["status"], "in_review");
    it.approve().await;
    // What was given counts for a few minutes, and not longer.
    let next = it.contributor.post(&format!("{}/versions", it.path), json!({})).await.expect(201).json();
    assert_eq!(next["document_version"], 2);
    it.submit_and_review().await;
    it.app.advance(SignedDuration::from_mins(4));
    let headers = [("content-type", "application/json")];
    it.approver.send("POST", &approve, &headers, "").await.expect(200);
    it.contributor.post(&format!("{}/versions", it.path), json!({})).await.expect(201);
    it.submit_and_review().await;
    it.app.advance(SignedDuration::from_mins(2));
    it.approver.post(&approve, json!({})).await.refused(422, "invalid-fields");
}

#[tokio::test]
async fn steps_go_in_the_order_of_the_rules() {
    let it = Patching::saved().await;
    let mut superuser = it.app.database.superuser().await;
    // Two people for the two steps.
    for statement in [
        "UPDATE dna_app.customer_members SET approval_steps = '{ciso}' WHERE role = 'approver'",
        "INSERT INTO dna_app.customer_members (customer_id, user_id, role, approval_steps) SELECT 1, id, 'approver', '{manager}' FROM auth.users WHERE full_name = 'manager'",
    ] {
        sqlx::query(statement).execute(&mut superuser).await.unwrap();
    }
    let (ciso, manager) = (it.app.as_person("approver").await, it.app.as_person("manager").await);
    let (approve, body) = (format!("{}/approve", it.path), json!({ "password": PASSWORD }));
    manager.post(&format!("{}/submit", it.path), json!({})).await.expect(200);
    let refused = manager.post(&approve, body.clone()).await.refused(409, "not-your-turn");
    assert!(refused["detail"].as_str().unwrap().contains("Review completed document"), "{refused}");
    it.consultant.post(&format!("{}/review", it.path), json!({})).await.expect(200);
    let refused = ciso.post(&approve, body.clone()).await.refused(409, "not-your-turn");
    assert!(refused["detail"].as_str().unwrap().contains("Get manager approval"), "{refused}");
    let half = manager.post(&approve, body.clone()).await.expect(200).json();
    assert_eq!((&half["status"], &half["approval"]["steps"][2]["is_next"]), (&json!("in_review"), &json!(true)));
    // Again, it is somebody else's turn. Cancelling the task takes no step away.
    manager.post(&approve, body.clone()).await.refused(409, "not-your-turn");
    let task = half["approval"]["steps"][2]["task_id"].as_str().unwrap();
    it.app.admin().await.post(&format!("/api/v1/tasks/{task}/cancel"), json!({})).await.expect(200);
    assert_eq!(it.read().await["status"], "in_review");
    assert_eq!(ciso.post(&approve, body).await.expect(200).json()["status"], "approved");
}

#[tokio::test]
async fn sent_back_it_goes_to_its_author_and_comes_again() {
    let it = Patching::reviewed().await;
    let reject = format!("{}/reject", it.path);
    it.approver.post(&reject, json!({})).await.refused(422, "invalid-fields");
    it.manager.post(&reject, json!({ "reason": "Too short" })).await.refused(403, "forbidden");
    let back = it.approver.post(&reject, json!({ "reason": "Section 2 says nothing about laptops." })).await.expect(200).json();
    assert_eq!((&back["status"], &back["approval"]["rejection"]["decision"]), (&json!("rejected"), &json!("rejected")));
    assert_eq!(statuses(&it.tasks("approve_document").await), ["cancelled", "cancelled"]);
    let document = it.read().await;
    let revise = document["tasks"].as_array().unwrap().iter().find(|task| task["task_type"] == "revise_document").unwrap().clone();
    assert_eq!((&revise["assigned_to_name"], &revise["status"]), (&json!("contributor"), &json!("pending")));
    assert!(revise["description"].as_str().unwrap().contains("laptops"));
    // Handed in unchanged it is not: its author edits it first.
    let refused = it.manager.post(&format!("{}/submit", it.path), json!({})).await.refused(409, "invalid-transition");
    assert_eq!(refused["allowed"], json!(["edit", "refresh"]));
    let body = format!("{}\n\nLaptops are patched like servers.\n", document["body"].as_str().unwrap());
    let edited = it.edit(json!({ "body": body })).await.expect(200).json();
    assert_eq!((&edited["status"], &edited["deviates"]), (&json!("draft"), &json!(true)));
    it.submit_and_review().await;
    assert_eq!(statuses(&it.tasks("revise_document").await), ["completed"]);
    assert_eq!(it.tasks("review_document").await.len(), 2);
    let approvals = it.tasks("approve_document").await;
    let mut approvals = statuses(&approvals);
    approvals.sort_unstable();
    assert_eq!(approvals, ["cancelled", "cancelled", "pending", "pending"]);
    assert_eq!(it.approve().await["status"], "approved");
    let versions = it.contributor.get(&format!("{}/versions", it.path)).await.expect(200).json();
    let shape: Vec<_> = versions["items"].as_array().unwrap().iter().map(|one| (&one["version"], &one["round"], &one["status"])).collect();
    assert_eq!(shape, [(&json!(1), &json!(2), &json!("approved")), (&json!(1), &json!(1), &json!("rejected"))]);
    let first = it.contributor.get(&format!("{}/versions/1?round=1", it.path)).await.expect(200).json();
    assert!(!first["body"].as_str().unwrap().contains("Laptops"));
    assert_eq!(first["integrity"], "intact");
}

#[tokio::test]
async fn taken_back_it_is_a_draft_and_begins_anew() {
    let it = Patching::reviewed().await;
    it.contributor.post(&format!("{}/withdraw", it.path), json!({})).await.refused(403, "forbidden");
    let draft = it.manager.post(&format!("{}/withdraw", it.path), json!({})).await.expect(200).json();
    assert_eq!(draft["status"], "draft");
    it.manager.post(&format!("{}/withdraw", it.path), json!({})).await.refused(409, "invalid-transition");
    it.submit_and_review().await;
    let again = it.read().await;
    assert_eq!((&again["round"], &again["approval"]["steps"][0]["decision"]["decision"]), (&json!(2), &json!("reviewed")));
    it.approve().await;
}

#[tokio::test]
async fn without_an_approval_rule_the_review_approves_and_without_any_nothing_does() {
    let it = Patching::saved().await;
    let admin = it.app.admin().await;
    let rules = admin.get("/api/v1/task-rules").await.json();
    let off = |kind: &'static str| {
        let rules = rules["items"].as_array().unwrap().clone();
        let admin = admin.clone();
        async move {
            for rule in rules.iter().filter(|rule| rule["task_type"] == kind && rule["is_active"] == true) {
                let path = format!("/api/v1/task-rules/{}", rule["id"].as_str().unwrap());
                admin.patch(&path, rule["version"].as_i64().unwrap(), json!({ "is_active": false })).await.expect(200);
            }
        }
    };
    off("approve_document").await;
    it.manager.post(&format!("{}/submit", it.path), json!({})).await.expect(200);
    let approved = it.consultant.post(&format!("{}/review", it.path), json!({})).await.expect(200).json();
    assert_eq!((&approved["status"], &approved["in_force"]["version"]), (&json!("approved"), &json!(1)));
    off("review_document").await;
    it.contributor.post(&format!("{}/versions", it.path), json!({})).await.expect(201);
    it.manager.post(&format!("{}/submit", it.path), json!({})).await.refused(409, "no-approval-steps");
}

#[tokio::test]
async fn a_review_is_completed_while_the_document_is_in_review_only() {
    let it = Patching::saved().await;
    let document = it.read().await;
    let review = document["tasks"].as_array().unwrap().iter().find(|task| task["task_type"] == "review_document").unwrap();
    let complete = format!("/api/v1/tasks/{}/complete", review["id"].as_str().unwrap());
    it.consultant.post(&complete, json!({})).await.refused(409, "not-in-review");
    it.manager.post(&format!("{}/submit", it.path), json!({})).await.expect(200);
    it.contributor.post(&complete, json!({})).await.refused(403, "forbidden");
    it.consultant.post(&complete, json!({})).await.expect(200);
    it.consultant.post(&complete, json!({})).await.refused(409, "invalid-transition");
}
