//! Every id that a body can carry, tried with another customer's and with one that nobody has: both
//! are told alike, and nothing changes. A new id in a body without a row here fails.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::app::{Client, TestApp};

/// What a body says, with `{id}` for the id that is tried. `{own_plan}` and `{own_template}` are Acme's.
struct Case {
    /// Schema and field, as the OpenAPI document has them.
    field: &'static str,
    method: &'static str,
    path: &'static str,
    body: &'static str,
    /// What kind of id it is.
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Task,
    /// The same in a JSON body.
    TaskInBody,
    Evidence,
    Person,
    Plan,
    Document,
    Customer,
    /// The firm's: nobody else's could be told, so only an unknown one is tried.
    Library,
}

const CASES: &[Case] = &[
    case(
        "NewToken.customer_ids",
        "POST",
        "/api/v1/me/tokens",
        r#"{"name":"T","rights":["read"],"expires_in_days":30,"customer_ids":[{id}]}"#,
        Kind::Customer,
    ),
    case(
        "NewTaskView.customer_id",
        "POST",
        "/api/v1/task-views",
        r#"{"list":"tasks","customer_id":{id},"name":"V","query":"due=overdue"}"#,
        Kind::Customer,
    ),
    case(
        "NewDelegate.user_id",
        "PUT",
        "/api/v1/plans/{own_plan}/templates/{own_template}/questions/testing/delegate",
        r#"{"user_id":{id}}"#,
        Kind::Person,
    ),
    case("NewPlan.iso_standard_id", "POST", "/api/v1/customers/1/plans", r#"{"iso_standard_id":"{id}"}"#, Kind::Library),
    case("NewPlan.templates", "POST", "/api/v1/customers/1/plans", r#"{"iso_code":"ISO 9001:2015","templates":["{id}"]}"#, Kind::Library),
    case("NewAssignment.template_id", "POST", "/api/v1/plans/{own_plan}/templates", r#"{"template_id":"{id}"}"#, Kind::Library),
    case(
        "NewEvidenceLink.task_ids",
        "POST",
        "/api/v1/customers/1/evidence/links",
        r#"{"url":"https://example.com","task_ids":["{id}"]}"#,
        Kind::Task,
    ),
    case(
        "NewEvidenceLink.replaces",
        "POST",
        "/api/v1/customers/1/evidence/links",
        r#"{"url":"https://example.com","replaces":"{id}"}"#,
        Kind::Evidence,
    ),
    case("EvidenceTask.task_id", "POST", "/api/v1/evidence/{own_evidence}/tasks", r#"{"task_id":"{id}"}"#, Kind::Task),
    case("EvidenceForm.task_id", "POST", "/api/v1/customers/1/evidence", "task_id", Kind::Task),
    case("EvidenceForm.replaces", "POST", "/api/v1/customers/1/evidence", "replaces", Kind::Evidence),
    case("NewTask.assigned_to", "POST", "/api/v1/customers/1/tasks", r#"{"title":"T","assigned_to":{id}}"#, Kind::Person),
    case("NewTask.plan_id", "POST", "/api/v1/customers/1/tasks", r#"{"title":"T","plan_id":"{id}"}"#, Kind::Plan),
    case(
        "NewTask.template_id",
        "POST",
        "/api/v1/customers/1/tasks",
        r#"{"title":"T","plan_id":"{own_plan}","template_id":"{id}"}"#,
        Kind::Library,
    ),
    case(
        "NewTask.document_id",
        "POST",
        "/api/v1/customers/1/tasks",
        r#"{"title":"T","plan_id":"{own_plan}","template_id":"{own_template}","document_id":"{id}"}"#,
        Kind::Document,
    ),
    case(
        "TasksChange.task_ids",
        "POST",
        "/api/v1/customers/1/tasks/bulk",
        r#"{"task_ids":["{own_task}","{id}"],"move":"start"}"#,
        Kind::TaskInBody,
    ),
    case(
        "TasksChange.assigned_to",
        "POST",
        "/api/v1/customers/1/tasks/bulk",
        r#"{"task_ids":["{own_task}"],"assigned_to":{id}}"#,
        Kind::Person,
    ),
    case("TaskPatch.assigned_to", "PATCH", "/api/v1/tasks/{own_task}", r#"{"assigned_to":{id}}"#, Kind::Person),
    case(
        "NewTaskRule.iso_standard_id",
        "POST",
        "/api/v1/task-rules",
        r#"{"level":"plan","title":"R","iso_standard_id":"{id}"}"#,
        Kind::Library,
    ),
    case(
        "NewTaskRule.template_id",
        "POST",
        "/api/v1/task-rules",
        r#"{"level":"template","title":"R","template_id":"{id}"}"#,
        Kind::Library,
    ),
    case("TaskRulePatch.iso_standard_id", "PATCH", "/api/v1/task-rules/{rule}", r#"{"iso_standard_id":"{id}"}"#, Kind::Library),
    case("TaskRulePatch.template_id", "PATCH", "/api/v1/task-rules/{rule}", r#"{"template_id":"{id}"}"#, Kind::Library),
    case(
        "CustomersUpgrade.plans",
        "POST",
        "/api/v1/templates/{own_template}/upgrade",
        r#"{"plans":["{id}"],"preview":false}"#,
        Kind::Library,
    ),
    case(
        "NewMember.plan_ids",
        "POST",
        "/api/v1/customers/1/members",
        r#"{"email":"x@acme.example","name":"X","role":"auditor","plan_ids":["{id}"]}"#,
        Kind::Plan,
    ),
    case("NewMember.user_id", "POST", "/api/v1/customers/1/members", r#"{"user_id":{id},"role":"contributor"}"#, Kind::Person),
    case("MemberPatch.plan_ids", "PATCH", "/api/v1/customers/1/members/6", r#"{"plan_ids":["{id}"]}"#, Kind::Plan),
    case("ImportChange.customer_id", "PUT", "/api/v1/imports/{own_import}/settings", r#"{"customer_id":{id}}"#, Kind::Customer),
    case("Transfer.transfer_to", "POST", "/api/v1/customers/1/members/4/transfer", r#"{"transfer_to":{id}}"#, Kind::Person),
];

const fn case(field: &'static str, method: &'static str, path: &'static str, body: &'static str, kind: Kind) -> Case {
    Case { field, method, path, body, kind }
}

/// What is Globex's.
struct Foreign {
    plan: String,
    document: String,
    task: String,
    evidence: String,
}

async fn make(admin: &Client, customer: i64) -> (String, String, Foreign) {
    let plan = admin.assign_plan(customer, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Access Control").await;
    admin.answer_all(&assignment).await;
    let document = admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201).json();
    admin.assign_template(&plan, "Patch Management").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let template = admin.template_id("Patch Management").await;
    let task = admin.post(&format!("/api/v1/customers/{customer}/tasks"), json!({ "title": "E" })).await.expect(201).json();
    let path = format!("/api/v1/customers/{customer}/evidence");
    let evidence = admin.upload(&path, &[], ("a.pdf", b"%PDF-1.7")).await.expect(201).json();
    let foreign =
        Foreign { plan: text(&plan["id"]), document: text(&document["id"]), task: text(&task["id"]), evidence: text(&evidence["id"]) };
    (text(&plan["id"]), template, foreign)
}

#[tokio::test]
async fn a_foreign_id_in_a_body_is_told_like_one_that_nobody_has() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (own_plan, own_template, own) = make(&admin, 1).await;
    let (.., foreign) = make(&admin, 2).await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "T" })).await.expect(201).json();
    let rules = admin.get("/api/v1/task-rules").await.json();
    let nothing = uuid::Uuid::from_u128(7).to_string();
    let consultant = app.as_person("consultant").await;
    let import = consultant.upload("/api/v1/imports?holds=tasks", &[], ("a.csv", b"Title\nT\n")).await.expect(201).json();
    let fill = |text: &str, id: &str| {
        text.replace("{id}", id)
            .replace("{own_plan}", &own_plan)
            .replace("{own_template}", &own_template)
            .replace("{own_evidence}", &own.evidence)
            .replace("{own_task}", task["id"].as_str().unwrap())
            .replace("{own_import}", import["id"].as_str().unwrap())
            .replace("{rule}", rules["items"][0]["id"].as_str().unwrap())
    };
    let before = admin.get("/api/v1/customers/1/workspace").await.text;
    for case in CASES {
        let (theirs, unknown) = match case.kind {
            // 7 is the manager of Globex.
            Kind::Person => ("7".to_owned(), "987654".to_owned()),
            Kind::Customer => ("2".to_owned(), "987654".to_owned()),
            Kind::Plan => (foreign.plan.clone(), nothing.clone()),
            Kind::Document => (foreign.document.clone(), nothing.clone()),
            Kind::Task | Kind::TaskInBody => (foreign.task.clone(), nothing.clone()),
            Kind::Evidence => (foreign.evidence.clone(), nothing.clone()),
            Kind::Library => (nothing.clone(), uuid::Uuid::from_u128(8).to_string()),
        };
        // Who asks may do this at Acme, and knows nothing of Globex.
        let person = match case.kind {
            Kind::Library if case.path.contains("task-rules") || case.path.ends_with("/upgrade") => "admin",
            Kind::Person | Kind::Plan if case.path.contains("members") => "manager",
            _ => "consultant",
        };
        let mut told = Vec::new();
        for id in [&theirs, &unknown] {
            let (path, body) = (fill(case.path, id), fill(case.body, id));
            // An import is its owner's alone.
            let is_import = path.contains("/imports/");
            let version = if is_import { "\"1\"".to_owned() } else { admin.get(&path).await.header("etag").to_owned() };
            let headers = [("content-type", "application/json"), ("if-match", version.as_str())];
            let headers = if case.method == "PATCH" || is_import { &headers[..] } else { &headers[..1] };
            let client = app.as_person(person).await;
            let answer = match case.kind {
                // These go in a form with a file; the body of the case is the field's name.
                _ if !body.starts_with('{') => client.upload(&path, &[(case.body, id)], ("a.pdf", b"%PDF-1.7 more")).await,
                _ => client.send(case.method, &path, headers, body).await,
            };
            assert!([404, 422].contains(&answer.status.as_u16()), "{} with {id}: {} {}", case.field, answer.status, answer.text);
            let mut problem = answer.json();
            problem.as_object_mut().unwrap().remove("request_id");
            told.push(problem.to_string());
        }
        assert_eq!(told[0], told[1], "{}: a foreign id is told apart from an unknown one", case.field);
    }
    assert_eq!(admin.get("/api/v1/customers/1/workspace").await.text, before, "something was changed");
}

#[tokio::test]
async fn no_id_of_a_body_is_missing_here() {
    let app = TestApp::start().await;
    let document = app.anonymous().get("/api/v1/openapi.json").await.expect(200).json();
    let covered: BTreeSet<&str> = CASES.iter().map(|case| case.field).collect();
    for operations in document["paths"].as_object().unwrap().values() {
        for operation in operations.as_object().unwrap().values() {
            let Some(content) = operation["requestBody"]["content"].as_object() else { continue };
            for media in content.values() {
                let Some(name) = media["schema"]["$ref"].as_str().and_then(|at| at.rsplit('/').next()) else { continue };
                let schema = &document["components"]["schemas"][name];
                for (field, shape) in schema["properties"].as_object().into_iter().flatten() {
                    let is_id = shape.to_string().contains("uuid")
                        || field.ends_with("_id")
                        || field.ends_with("_ids")
                        || matches!(field.as_str(), "assigned_to" | "transfer_to" | "templates");
                    let field = format!("{name}.{field}");
                    assert!(!is_id || covered.contains(field.as_str()), "{field} is an id, and is not tried with another customer's");
                }
            }
        }
    }
}
