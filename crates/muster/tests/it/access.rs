//! The access matrix: every route, every kind of person, own and foreign customers, one golden
//! table. A route without a row fails.

mod canary;
mod document;
mod foreign_ids;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::app::{Client, TestApp};

/// The columns: who asks. `stranger` is the manager of another customer.
const PEOPLE: [&str; 10] =
    ["anonymous", "admin", "consultant", "manager", "contributor", "approver", "auditor", "stranger", "expired", "suspended"];

/// Method, path, body, and the status for each of [`PEOPLE`], in this order. Paths name things of
/// Acme, by placeholders. 4xx other than 401, 403 and 404 stands for "would have been let in".
///
/// | anon | admin | consultant | manager | contributor | approver | auditor | stranger | expired | suspended |
pub const TABLE: &[(&str, &str, &str, [u16; 10])] = &[
    ("GET", "/api/v1/me", "", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("PATCH", "/api/v1/me", r#"{"locale":"en-US"}"#, [401, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/api/v1/me/password", r#"{"current_password":"x","new_password":"y"}"#, [401, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("GET", "/api/v1/me/sessions", "", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("DELETE", "/api/v1/me/sessions", "", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("DELETE", "/api/v1/me/sessions/{document}", "", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/api/v1/me/totp", "", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/api/v1/me/totp", r#"{"password":"x"}"#, [401, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("POST", "/api/v1/me/totp/confirm", r#"{"code":"x"}"#, [401, 409, 409, 409, 409, 409, 409, 409, 409, 409]),
    ("POST", "/api/v1/me/totp/recovery-codes", r#"{"password":"x","code":"y"}"#, [401, 409, 409, 409, 409, 409, 409, 409, 409, 409]),
    ("POST", "/api/v1/me/totp/remove", r#"{"password":"x","code":"y"}"#, [401, 409, 409, 409, 409, 409, 409, 409, 409, 409]),
    ("POST", "/api/v1/password-reset", r#"{"email":"x@y.example"}"#, [202, 202, 202, 202, 202, 202, 202, 202, 202, 202]),
    (
        "POST",
        "/api/v1/password-reset/0123456789",
        r#"{"password":"a lamp beside the lake"}"#,
        [404, 404, 404, 404, 404, 404, 404, 404, 404, 404],
    ),
    ("POST", "/api/v1/users/3/password-reset", "", [401, 201, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/me/tasks", "", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/v1/me/tokens", "", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    (
        "POST",
        "/api/v1/me/tokens",
        r#"{"name":"T","rights":["read"],"expires_in_days":1}"#,
        [401, 201, 201, 201, 201, 201, 201, 201, 422, 422],
    ),
    ("DELETE", "/api/v1/me/tokens/{nothing}", "", [401, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    (
        "PUT",
        "/api/v1/plans/{plan}/templates/{template}/questions/testing/delegate",
        r#"{"email":"ada@supplier.example","name":"Ada"}"#,
        [401, 200, 200, 200, 403, 403, 403, 404, 403, 403],
    ),
    ("GET", "/api/v1/customers/1/respondents", "", [401, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("DELETE", "/api/v1/customers/1/respondents/{nothing}", "", [401, 404, 404, 404, 403, 403, 403, 404, 403, 403]),
    ("GET", "/api/v1/respond/{no_link}", "", [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    (
        "PUT",
        "/api/v1/respond/{no_link}/answers/{plan}/{template}/testing",
        r#"{"value":"V"}"#,
        [404, 404, 404, 404, 404, 404, 404, 404, 404, 404],
    ),
    ("GET", "/api/v1/integrations", "", [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    (
        "POST",
        "/api/v1/integrations",
        r#"{"name":"T","rights":["read"],"expires_in_days":1}"#,
        [401, 201, 403, 403, 403, 403, 403, 403, 403, 403],
    ),
    ("DELETE", "/api/v1/integrations/{nothing}", "", [401, 404, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("DELETE", "/api/v1/session", "", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
    ("POST", "/api/v1/session", "{}", [422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("GET", "/api/v1/customers", "", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/api/v1/customers", r#"{"name":"New"}"#, [401, 201, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/customers/1", "", [401, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("PATCH", "/api/v1/customers/1", r#"{"phone":"1"}"#, [401, 200, 200, 403, 403, 403, 403, 404, 403, 403]),
    ("GET", "/api/v1/customers/1/workspace", "", [401, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("GET", "/api/v1/customers/1/progress", "", [401, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("GET", "/api/v1/customers/1/ignored", "", [401, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("GET", "/api/v1/customers/1/audit", "", [401, 200, 200, 200, 403, 200, 200, 404, 403, 403]),
    ("GET", "/api/v1/customers/1/audit/export", "", [401, 200, 200, 200, 403, 200, 200, 404, 403, 403]),
    ("GET", "/api/v1/audit", "", [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/audit/export", "", [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/audit/checkpoints", "", [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/customers/1/tasks", "", [401, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("POST", "/api/v1/customers/1/tasks", r#"{"title":"T"}"#, [401, 201, 201, 201, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/customers/1/plans", r#"{"iso_code":"ISO 22301:2019"}"#, [401, 201, 201, 403, 403, 403, 403, 404, 403, 403]),
    ("GET", "/api/v1/plans/{plan}", "", [401, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("PATCH", "/api/v1/plans/{plan}", r#"{"plan_name":"P"}"#, [401, 200, 200, 403, 403, 403, 403, 404, 403, 403]),
    ("GET", "/api/v1/plans/{plan}/progress", "", [401, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("POST", "/api/v1/plans/{plan}/ignore", r#"{"reason":"R"}"#, [401, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/plans/{plan}/restore", "", [401, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/plans/{plan}/templates", r#"{"template_id":"{other_template}"}"#, [401, 201, 201, 403, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/plans/{plan}/templates/{template}/ignore", r#"{"reason":"R"}"#, [401, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/plans/{plan}/templates/{template}/restore", "", [401, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("GET", "/api/v1/plans/{plan}/templates/{template}/questionnaire", "", [401, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    (
        "PUT",
        "/api/v1/plans/{plan}/templates/{template}/answers/testing",
        r#"{"value":"V"}"#,
        [401, 201, 201, 201, 201, 403, 403, 404, 403, 403],
    ),
    ("POST", "/api/v1/plans/{plan}/templates/{template}/documents", "{}", [401, 409, 409, 409, 409, 403, 403, 404, 403, 403]),
    ("GET", "/api/v1/documents/{document}", "", [401, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("GET", "/api/v1/tasks/{task}", "", [401, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("PATCH", "/api/v1/tasks/{task}", r#"{"notes":"N"}"#, [401, 200, 200, 200, 200, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{task}/start", "", [401, 200, 200, 200, 200, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{task}/submit", "", [401, 200, 200, 200, 200, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{task}/complete", "", [401, 200, 200, 200, 200, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{task}/reopen", "", [401, 409, 409, 409, 409, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{task}/hold", "", [401, 200, 200, 200, 200, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{task}/block", "", [401, 200, 200, 200, 200, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{task}/cancel", "", [401, 200, 200, 200, 200, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{mail_task}/send", r#"{"preview":true}"#, [401, 409, 409, 403, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{task}/take", "", [401, 200, 200, 200, 200, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{approval}/start", "", [401, 200, 200, 200, 403, 200, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{task}/ignore", r#"{"reason":"R"}"#, [401, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/tasks/{task}/restore", "", [401, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("GET", "/api/v1/iso-standards", "", [401, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/api/v1/iso-standards", r#"{"code":"X 1:2026","name":"X"}"#, [401, 201, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/templates", "", [401, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/api/v1/templates", r#"{"name":"T"}"#, [401, 201, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/templates/{template}", "", [401, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("PATCH", "/api/v1/templates/{template}", r#"{"reference":"R"}"#, [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/api/v1/templates/{template}/archive", "", [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/templates/{template}/releases", "", [401, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/api/v1/templates/{template}/releases", "{}", [401, 409, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/task-rules", "", [401, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/api/v1/task-rules", r#"{"level":"customer","title":"R"}"#, [401, 201, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/task-rules/{rule}", "", [401, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("PATCH", "/api/v1/task-rules/{rule}", r#"{"description":"D"}"#, [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/api/v1/task-rules/{rule}/apply", r#"{"preview":false}"#, [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/portfolio", "", [401, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/customers/1/members", "", [401, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    (
        "POST",
        "/api/v1/customers/1/members",
        r#"{"email":"new@acme.example","name":"New","role":"contributor"}"#,
        [401, 201, 403, 201, 403, 403, 403, 404, 403, 403],
    ),
    ("GET", "/api/v1/customers/1/members/5", "", [401, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("PATCH", "/api/v1/customers/1/members/5", r#"{"status":"active"}"#, [401, 200, 403, 200, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/customers/1/members/5/invite", "", [401, 409, 403, 409, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/customers/1/members/5/transfer", "{}", [401, 200, 403, 200, 403, 403, 403, 404, 403, 403]),
    ("DELETE", "/api/v1/customers/1/members/9", "", [401, 204, 403, 204, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/customers/1/archive", "", [401, 200, 403, 403, 403, 403, 403, 404, 403, 403]),
    ("POST", "/api/v1/customers/1/unarchive", "", [401, 200, 403, 403, 403, 403, 403, 404, 403, 403]),
    ("GET", "/api/v1/users", "", [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    (
        "POST",
        "/api/v1/users",
        r#"{"email":"jo@firm.example","name":"Jo","role":"consultant"}"#,
        [401, 201, 403, 403, 403, 403, 403, 403, 403, 403],
    ),
    ("GET", "/api/v1/users/2", "", [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("PATCH", "/api/v1/users/2", r#"{"status":"active"}"#, [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/api/v1/users/2/invite", "", [401, 409, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("DELETE", "/api/v1/users/999", "", [401, 404, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/invitations/{secret}", "", [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/api/v1/invitations/{secret}/accept", "{}", [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/api/v1/firm", "", [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("PATCH", "/api/v1/firm", r#"{"name":"Firm"}"#, [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/api/v1/firm/two-step", "", [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("PUT", "/api/v1/firm/two-step", r#"{"for_firm":false,"for_approvers":false}"#, [401, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("PUT", "/api/v1/firm/logo", "no picture", [401, 422, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("DELETE", "/api/v1/firm/logo", "", [401, 204, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/health/live", "", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/health/ready", "", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
];

/// What the placeholders of the table stand for.
pub struct Things(Vec<(&'static str, String)>);

impl Things {
    pub async fn make(admin: &Client) -> Self {
        let plan = admin.assign_plan(1, "ISO 27001:2022").await;
        let template = admin.assign_template(&plan, "Patch Management").await;
        let filled = admin.assign_template(&plan, "Access Control").await;
        admin.answer_all(&filled).await;
        let document = admin.post(&format!("{filled}/documents"), json!({})).await.expect(201).json();
        let approval = document["generated_tasks"].as_array().unwrap().iter().find(|task| task["task_type"] == "approve_document").unwrap();
        let tasks = admin.get("/api/v1/customers/1/tasks?scope=customer").await.json();
        let rules = admin.get("/api/v1/task-rules").await.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self(vec![
            ("{plan}", text(&plan["id"])),
            ("{template}", template.rsplit('/').next().unwrap().to_owned()),
            ("{other_template}", admin.template_id("Supplier Security").await),
            ("{document}", text(&document["id"])),
            ("{approval}", text(&approval["id"])),
            ("{task}", text(&tasks["items"][1]["id"])),
            ("{mail_task}", text(&tasks["items"][0]["id"])),
            ("{rule}", text(&rules["items"][0]["id"])),
            ("{secret}", "0".repeat(64)),
        ])
    }

    /// Placeholders of what is not there.
    pub fn add_secrets(&mut self) {
        self.0.push(("{nothing}", uuid::Uuid::from_u128(1).to_string()));
        self.0.push(("{no_link}", "0".repeat(64)));
    }

    pub fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

#[tokio::test]
async fn everyone_gets_exactly_what_is_theirs() {
    let mut wrong = Vec::new();
    for (column, person) in PEOPLE.iter().enumerate() {
        // Each person starts from the same state: what one changes must not decide for the next.
        let app = TestApp::start().await;
        let mut things = Things::make(&app.admin().await).await;
        things.add_secrets();
        for (method, path, body, expected) in TABLE {
            let client = if *person == "anonymous" { app.anonymous() } else { app.as_person(person).await };
            let headers = [("content-type", "application/json"), ("if-match", "\"1\"")];
            let headers = if *method == "PATCH" { &headers[..] } else { &headers[..1] };
            reset(&app, method).await;
            let version = if *method == "PATCH" { current_version(&app, &things.fill(path)).await } else { String::new() };
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| if *name == "if-match" { (*name, version.as_str()) } else { (*name, *value) }).collect();
            let answer = client.send(method, &things.fill(path), &headers, things.fill(body)).await;
            if answer.status.as_u16() != expected[column] {
                wrong.push(format!("{person} {method} {path}: {} instead of {}: {}", answer.status, expected[column], answer.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Puts the one task and the template that the table works on back to where they began.
pub async fn reset(app: &TestApp, method: &str) {
    if method == "GET" {
        return;
    }
    let mut superuser = app.database.superuser().await;
    for statement in [
        "UPDATE dna_app.customer_tasks SET status = 'pending', completed_at = NULL, completed_by = NULL, is_ignored = false, assigned_to = NULL",
        "UPDATE dna_app.templates SET status = 'approved'",
        "UPDATE dna_app.customer_iso_plans SET is_ignored = false",
        "UPDATE dna_app.customer_iso_plan_templates SET is_ignored = false",
        "DELETE FROM dna_app.customer_answers WHERE question_key = 'testing'",
        "UPDATE dna_app.customers SET status = 'active'",
    ] {
        sqlx::query(statement).execute(&mut superuser).await.unwrap();
    }
}

async fn current_version(app: &TestApp, path: &str) -> String {
    app.admin().await.get(path).await.header("etag").to_owned()
}

/// A path with a star for everything that changes.
pub fn shape(path: &str) -> String {
    let star = |part: &str| part.starts_with('{') || part.parse::<u32>().is_ok() || part == "testing";
    path.split('/').map(|part| if star(part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn no_route_is_missing_from_the_table() {
    let app = TestApp::start().await;
    let document = app.anonymous().get("/api/v1/openapi.json").await.expect(200).json();
    let listed: BTreeSet<String> = TABLE.iter().map(|(method, path, ..)| format!("{method} {}", shape(path))).collect();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let route = format!("{} {}", method.to_uppercase(), shape(path));
            assert!(listed.contains(&route), "{route} has no row in the access table");
        }
    }
}

/// Method, path, form fields, and a status for each of [`PEOPLE`].
type PageRow = (&'static str, &'static str, &'static [(&'static str, &'static str)], [u16; 10]);

/// Pages and the forms on them: method, path, fields, and the status for each of [`PEOPLE`]. Who is
/// not signed in is sent to sign in (303), and a form that was accepted goes on to a page (303).
const PAGES: &[PageRow] = &[
    ("GET", "/", &[], [303, 200, 200, 303, 303, 303, 303, 303, 303, 303]),
    ("GET", "/my-work", &[], [303, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/api/docs", &[], [303, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    (
        "POST",
        "/plans/{plan}/templates/{template}/questions/testing/delegate",
        &[("name", "Ada"), ("email", "ada@supplier.example"), ("expires_in_days", "14")],
        [303, 200, 200, 200, 403, 403, 403, 404, 403, 403],
    ),
    ("GET", "/customers/1/respondents", &[], [303, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("POST", "/customers/1/respondents/{nothing}/revoke", &[], [303, 404, 404, 404, 403, 403, 403, 404, 403, 403]),
    ("GET", "/respond/{no_link}", &[], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/respond/{no_link}/answers/{nothing}", &[("value", "V")], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/profile/tokens", &[], [303, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    (
        "POST",
        "/profile/tokens",
        &[("name", "T"), ("rights", "read"), ("reach", "all"), ("expires_in_days", "30")],
        [303, 200, 200, 200, 200, 200, 200, 200, 422, 422],
    ),
    ("POST", "/profile/tokens/{nothing}/revoke", &[], [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/people/integrations", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    (
        "POST",
        "/people/integrations",
        &[("name", "T"), ("rights", "read"), ("reach", "all"), ("expires_in_days", "30")],
        [303, 200, 403, 403, 403, 403, 403, 403, 403, 403],
    ),
    ("POST", "/people/integrations/{nothing}/revoke", &[], [303, 404, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/customers/new", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/customers", &[("name", "New")], [303, 303, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/customers/1", &[], [303, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("GET", "/customers/1/edit", &[], [303, 200, 200, 403, 403, 403, 403, 404, 403, 403]),
    ("POST", "/customers/1", &[("name", "Acme"), ("version", "{version}")], [303, 303, 303, 403, 403, 403, 403, 404, 403, 403]),
    ("GET", "/customers/1/ignored", &[], [303, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("GET", "/customers/1/audit", &[], [303, 200, 200, 200, 403, 200, 200, 404, 403, 403]),
    ("GET", "/audit", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/customers/1/tasks", &[("title", "T")], [303, 303, 303, 303, 403, 403, 403, 404, 403, 403]),
    ("GET", "/customers/1/plans", &[], [303, 200, 200, 403, 403, 403, 403, 404, 403, 403]),
    (
        "POST",
        "/customers/1/plans",
        &[("iso_standard_id", "{standard}"), ("mode", "none")],
        [303, 303, 303, 403, 403, 403, 403, 404, 403, 403],
    ),
    ("GET", "/plans/{plan}/ignore", &[], [303, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("POST", "/plans/{plan}/ignore", &[("reason", "R")], [303, 303, 303, 303, 403, 403, 403, 404, 403, 403]),
    ("POST", "/plans/{plan}/restore", &[], [303, 303, 303, 303, 403, 403, 403, 404, 403, 403]),
    ("GET", "/plans/{plan}/templates/assign", &[], [303, 200, 200, 403, 403, 403, 403, 404, 403, 403]),
    ("POST", "/plans/{plan}/templates", &[("template_id", "{other_template}")], [303, 303, 303, 403, 403, 403, 403, 404, 403, 403]),
    ("GET", "/plans/{plan}/templates/{template}/ignore", &[], [303, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("POST", "/plans/{plan}/templates/{template}/ignore", &[("reason", "R")], [303, 303, 303, 303, 403, 403, 403, 404, 403, 403]),
    ("POST", "/plans/{plan}/templates/{template}/restore", &[], [303, 303, 303, 303, 403, 403, 403, 404, 403, 403]),
    ("GET", "/plans/{plan}/templates/{template}/questionnaire", &[], [303, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("POST", "/plans/{plan}/templates/{template}/answers/testing", &[("value", "V")], [303, 303, 303, 303, 303, 403, 403, 404, 403, 403]),
    // Nothing is offered for reuse here, so nothing changes, and the way leads back to the question.
    ("POST", "/plans/{plan}/templates/{template}/answers/testing/reuse", &[], [303, 303, 303, 303, 303, 303, 303, 404, 403, 403]),
    ("POST", "/plans/{plan}/templates/{template}/documents", &[("name", "N")], [303, 409, 409, 409, 409, 403, 403, 404, 403, 403]),
    ("GET", "/documents/{document}", &[], [303, 200, 200, 200, 200, 200, 200, 404, 403, 403]),
    ("GET", "/tasks/{task}", &[], [303, 303, 303, 303, 303, 303, 303, 404, 403, 403]),
    ("POST", "/tasks/{task}", &[("notes", "N"), ("version", "{version}")], [303, 303, 303, 303, 303, 403, 403, 404, 403, 403]),
    ("POST", "/tasks/{task}/moves", &[("move", "start")], [303, 303, 303, 303, 303, 403, 403, 404, 403, 403]),
    ("POST", "/tasks/{task}/take", &[], [303, 303, 303, 303, 303, 403, 403, 404, 403, 403]),
    ("GET", "/tasks/{mail_task}/mail", &[], [303, 409, 409, 403, 403, 403, 403, 404, 403, 403]),
    ("POST", "/tasks/{mail_task}/mail", &[("do", "send")], [303, 409, 409, 403, 403, 403, 403, 404, 403, 403]),
    ("GET", "/outbox", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/outbox/{plan}/retry", &[], [303, 404, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/tasks/{task}/ignore", &[], [303, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    ("POST", "/tasks/{task}/ignore", &[("reason", "R")], [303, 303, 303, 303, 403, 403, 403, 404, 403, 403]),
    ("POST", "/tasks/{task}/restore", &[], [303, 303, 303, 303, 403, 403, 403, 404, 403, 403]),
    ("GET", "/library/standards", &[], [303, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/library/standards", &[("code", "X 1:2026"), ("name", "X")], [303, 303, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/library/templates", &[], [303, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/library/templates/{template}", &[], [303, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/library/task-rules", &[], [303, 200, 200, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/library/task-rules", &[("level", "customer"), ("title", "R")], [303, 303, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/library/task-rules/new", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/library/task-rules/{rule}", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    (
        "POST",
        "/library/task-rules/{rule}",
        &[("level", "customer"), ("title", "R"), ("is_active", "1"), ("version", "{version}")],
        [303, 303, 403, 403, 403, 403, 403, 403, 403, 403],
    ),
    ("GET", "/library/task-rules/{rule}/apply", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/library/task-rules/{rule}/apply", &[], [303, 303, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/customers/1/people", &[], [303, 200, 200, 200, 403, 403, 403, 404, 403, 403]),
    (
        "POST",
        "/customers/1/people",
        &[("email", "new@acme.example"), ("name", "New"), ("roles", "contributor")],
        [303, 200, 403, 200, 403, 403, 403, 404, 403, 403],
    ),
    ("POST", "/customers/1/people/assign", &[("user_id", "999")], [303, 422, 403, 403, 403, 403, 403, 404, 403, 403]),
    ("GET", "/customers/1/people/5", &[], [303, 200, 403, 200, 403, 403, 403, 404, 403, 403]),
    (
        "POST",
        "/customers/1/people/5",
        &[("roles", "contributor"), ("version", "{version}")],
        [303, 303, 403, 303, 403, 403, 403, 404, 403, 403],
    ),
    ("POST", "/customers/1/people/5/standing", &[("status", "active")], [303, 303, 403, 303, 403, 403, 403, 404, 403, 403]),
    ("POST", "/customers/1/people/5/invite", &[], [303, 409, 403, 409, 403, 403, 403, 404, 403, 403]),
    ("POST", "/customers/1/people/5/transfer", &[], [303, 303, 403, 303, 403, 403, 403, 404, 403, 403]),
    ("POST", "/customers/1/people/9/remove", &[], [303, 303, 403, 303, 403, 403, 403, 404, 403, 403]),
    ("POST", "/customers/1/archive", &[], [303, 303, 403, 403, 403, 403, 403, 404, 403, 403]),
    ("POST", "/customers/1/unarchive", &[], [303, 303, 403, 403, 403, 403, 403, 404, 403, 403]),
    ("GET", "/people", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    (
        "POST",
        "/people",
        &[("email", "jo@firm.example"), ("name", "Jo"), ("role", "consultant")],
        [303, 200, 403, 403, 403, 403, 403, 403, 403, 403],
    ),
    ("GET", "/people/2", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/people/2", &[("role", "consultant"), ("version", "{version}")], [303, 303, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/people/2/standing", &[("status", "active")], [303, 303, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/people/2/invite", &[], [303, 409, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/people/999/remove", &[], [303, 404, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/firm", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/firm", &[("name", "Firm"), ("version", "{version}")], [303, 303, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/firm/logo", &[], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/firm/logo", &[], [303, 400, 400, 400, 400, 400, 400, 400, 400, 400]),
    ("POST", "/firm/two-step", &[], [303, 303, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/customers/1/people/5/password-reset", &[], [303, 200, 403, 403, 403, 403, 403, 404, 403, 403]),
    ("POST", "/people/2/password-reset", &[], [303, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("POST", "/firm/logo/remove", &[], [303, 303, 403, 403, 403, 403, 403, 403, 403, 403]),
    ("GET", "/invitations/{secret}", &[], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/invitations/{secret}", &[("name", "A")], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/preferences", &[("theme", "dark")], [303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("GET", "/sign-in", &[], [200, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/sign-in", &[("email", "x@y.example"), ("password", "wrong")], [401, 401, 401, 401, 401, 401, 401, 401, 401, 429]),
    ("GET", "/sign-in/code", &[], [303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/sign-in/code", &[("code", "000000")], [303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("GET", "/password-reset", &[], [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/password-reset", &[("email", "x@y.example")], [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("GET", "/password-reset/{secret}", &[], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/password-reset/{secret}", &[("password", "x")], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/profile", &[], [303, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/profile", &[("name", " "), ("version", "1")], [303, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("POST", "/profile/password", &[("new_password", "x")], [303, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("POST", "/profile/sessions/end", &[], [303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/profile/sessions/{document}/end", &[], [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/profile/totp", &[], [303, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST", "/profile/totp", &[("password", "x")], [303, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
    ("POST", "/profile/totp/confirm", &[("code", "x")], [303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    ("POST", "/profile/totp/codes", &[("code", "x")], [303, 409, 409, 409, 409, 409, 409, 409, 409, 409]),
    ("POST", "/profile/totp/remove", &[("code", "x")], [303, 409, 409, 409, 409, 409, 409, 409, 409, 409]),
    ("GET", "/setup/{secret}", &[], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/setup/{secret}", &[("name", "A")], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    // Without an identity provider there is nothing there.
    ("POST", "/sign-in/organisation", &[], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("GET", "/sign-in/organisation/return", &[], [404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/profile/identity/link", &[], [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/profile/identity/unlink", &[], [303, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    ("POST", "/sign-out", &[], [303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
];

#[tokio::test]
async fn pages_show_everyone_exactly_what_is_theirs() {
    let mut wrong = Vec::new();
    for (column, person) in PEOPLE.iter().enumerate() {
        let app = TestApp::start().await;
        let mut things = Things::make(&app.admin().await).await;
        things.add_secrets();
        things.0.push(("{standard}", standard(&app, "ISO 42001:2023").await));
        for (method, path, fields, expected) in PAGES {
            let client = if *person == "anonymous" { app.anonymous() } else { app.as_person(person).await };
            reset(&app, method).await;
            let path = things.fill(path);
            let version = match *method {
                "POST" if fields.iter().any(|field| field.1 == "{version}") => version_of(&app, &path).await,
                _ => String::new(),
            };
            let fields: Vec<(String, String)> =
                fields.iter().map(|(name, value)| ((*name).to_owned(), things.fill(value).replace("{version}", &version))).collect();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let answer = if *method == "GET" { client.get(&path).await } else { client.form(&path, &fields).await };
            // The tenth wrong sign-in makes the account wait; the count is the test's, not a person's.
            let expected = if path == "/sign-in" && *method == "POST" { 401 } else { expected[column] };
            if answer.status.as_u16() != expected {
                let text: String = answer.text.split("<main").nth(1).unwrap_or(&answer.text).chars().take(300).collect();
                wrong.push(format!(
                    "{person} {method} {path}: {} instead of {expected} {}: {text}",
                    answer.status,
                    answer.header("location")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn standard(app: &TestApp, code: &str) -> String {
    let standards = app.admin().await.get("/api/v1/iso-standards").await.json();
    let found = standards["items"].as_array().unwrap().iter().find(|standard| standard["code"] == code).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

async fn version_of(app: &TestApp, path: &str) -> String {
    let path = path.replace("/library", "").replace("/customers/1/people", "/customers/1/members");
    let path = if path.starts_with("/people") { path.replace("/people", "/users") } else { path };
    current_version(app, &format!("/api/v1{path}")).await.trim_matches('"').to_owned()
}

/// Who is not signed in comes back to the page that they asked for.
#[tokio::test]
async fn signing_in_leads_back() {
    let app = TestApp::start().await;
    let answer = app.anonymous().get("/customers/1?overdue=1").await;
    assert_eq!(answer.header("location"), "/sign-in?next=%2Fcustomers%2F1%3Foverdue%3D1");
    for next in ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"] {
        let fields = [("email", "manager@test.example"), ("password", crate::app::PASSWORD), ("next", next)];
        let answer = app.anonymous().form("/sign-in", &fields).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"), "{next}");
    }
}

/// A page that is added without a row in the table fails here: the routes are read from the source.
#[tokio::test]
async fn no_page_is_missing_from_the_table() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/pages"))];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for part in source.split(".route(").skip(1) {
                let route = part.split('"').nth(1).unwrap();
                let handlers = part.split('\n').next().unwrap();
                for method in ["get", "post"].into_iter().filter(|method| handlers.contains(&format!("{method}("))) {
                    found += 1;
                    let shape = |path: &str| {
                        path.split('/')
                            .map(|part| {
                                if part.starts_with('{') || part.parse::<u32>().is_ok() || part == "testing" { "*" } else { part }
                                    .to_owned()
                            })
                            .collect::<Vec<_>>()
                    };
                    let is_listed =
                        PAGES.iter().any(|(listed, path, ..)| listed.eq_ignore_ascii_case(method) && shape(path) == shape(route));
                    assert!(is_listed, "{method} {route} has no row in the table of pages");
                }
            }
        }
    }
    assert!(found >= PAGES.len(), "only {found} routes were found in the source");
}
