//! Which right opens which route: every route of the OpenAPI document, tried with an admin's token
//! of each right, one golden table. A route without a row fails.

use std::collections::BTreeMap;

use super::{Program, token};
use crate::{
    access::{TABLE, Things, reset, shape},
    app::TestApp,
};

/// The columns.
const RIGHTS: [&str; 6] = ["read", "work", "shape", "people", "library", "audit"];

/// What a token needs for a route: one right, several together, none in particular (an empty word),
/// or what no token is let in for (`person`). Routes that are missing here are public.
const EXPECTED: &[(&str, &str)] = &[
    ("GET /api/v1/me", ""),
    ("PATCH /api/v1/me", "person"),
    ("POST /api/v1/me/password", "person"),
    ("GET /api/v1/me/sessions", "person"),
    ("DELETE /api/v1/me/sessions", "person"),
    ("DELETE /api/v1/me/sessions/*", "person"),
    ("GET /api/v1/me/totp", "person"),
    ("POST /api/v1/me/totp", "person"),
    ("POST /api/v1/me/totp/confirm", "person"),
    ("POST /api/v1/me/totp/recovery-codes", "person"),
    ("POST /api/v1/me/totp/remove", "person"),
    ("POST /api/v1/users/*/password-reset", "person"),
    ("GET /api/v1/firm/two-step", "person"),
    ("PUT /api/v1/firm/two-step", "person"),
    ("GET /api/v1/me/tasks", "read"),
    ("GET /api/v1/search", "read"),
    ("GET /api/v1/customers/*/search", "read"),
    ("GET /api/v1/me/events", "read"),
    ("POST /api/v1/customers/*/tasks/bulk", "work"),
    ("POST /api/v1/customers/*/tasks/bulk/*/undo", "work"),
    ("GET /api/v1/tasks/*/comments", "read"),
    ("POST /api/v1/tasks/*/comments", "work"),
    ("POST /api/v1/me/calendar", "person"),
    ("DELETE /api/v1/me/calendar", "person"),
    ("POST /api/v1/customers/*/calendar", "person"),
    ("DELETE /api/v1/customers/*/calendar", "person"),
    ("GET /api/v1/me/tokens", "person"),
    ("POST /api/v1/me/tokens", "person"),
    ("DELETE /api/v1/me/tokens/*", "person"),
    ("GET /api/v1/task-views", "person"),
    ("POST /api/v1/task-views", "person"),
    ("PATCH /api/v1/task-views/*", "person"),
    ("DELETE /api/v1/task-views/*", "person"),
    ("GET /api/v1/integrations", "person"),
    ("POST /api/v1/integrations", "person"),
    ("DELETE /api/v1/integrations/*", "person"),
    ("DELETE /api/v1/session", "person"),
    ("GET /api/v1/customers", "read"),
    ("POST /api/v1/customers", "shape"),
    ("GET /api/v1/customers/*", "read"),
    ("PATCH /api/v1/customers/*", "read+shape"),
    ("GET /api/v1/customers/*/workspace", "read"),
    ("GET /api/v1/customers/*/progress", "read"),
    ("GET /api/v1/customers/*/ignored", "read"),
    ("GET /api/v1/customers/*/audit", "audit"),
    ("GET /api/v1/customers/*/audit/export", "audit"),
    ("GET /api/v1/customers/*/tasks", "read"),
    ("POST /api/v1/customers/*/tasks", "shape"),
    ("POST /api/v1/customers/*/plans", "shape"),
    ("GET /api/v1/plans/*", "read"),
    ("PATCH /api/v1/plans/*", "read+shape"),
    ("GET /api/v1/plans/*/progress", "read"),
    ("POST /api/v1/plans/*/ignore", "shape"),
    ("POST /api/v1/plans/*/restore", "shape"),
    ("POST /api/v1/plans/*/templates", "shape"),
    ("POST /api/v1/plans/*/templates/*/ignore", "shape"),
    ("POST /api/v1/plans/*/templates/*/restore", "shape"),
    ("GET /api/v1/plans/*/templates/*/questionnaire", "read"),
    ("PUT /api/v1/plans/*/templates/*/answers/*", "work"),
    ("DELETE /api/v1/plans/*/templates/*/answers/*", "work"),
    ("GET /api/v1/plans/*/templates/*/questions/*/uses", "read"),
    ("GET /api/v1/customers/*/events", "read"),
    ("POST /api/v1/plans/*/templates/*/documents", "work"),
    ("GET /api/v1/documents/*", "read"),
    ("GET /api/v1/customers/*/evidence", "read"),
    ("POST /api/v1/customers/*/evidence", "work"),
    ("POST /api/v1/customers/*/evidence/links", "work"),
    ("GET /api/v1/customers/*/evidence/gaps", "read"),
    ("GET /api/v1/evidence/*", "read"),
    ("GET /api/v1/evidence/*/content", "read"),
    ("GET /api/v1/evidence/*/preview", "read"),
    ("GET /api/v1/evidence/*/versions", "read"),
    ("POST /api/v1/evidence/*/tasks", "work"),
    ("DELETE /api/v1/evidence/*/tasks/*", "work"),
    ("POST /api/v1/evidence/*/accept", "work"),
    ("POST /api/v1/evidence/*/reject", "work"),
    ("GET /api/v1/documents/*/export", "read"),
    ("GET /api/v1/plans/*/documents.zip", "read"),
    // A change of a document is answered with the document, so it takes `read` as well.
    ("PATCH /api/v1/documents/*", "read+work"),
    ("POST /api/v1/documents/*/refresh", "read+work"),
    ("GET /api/v1/documents/*/versions", "read"),
    ("GET /api/v1/documents/*/versions/*", "read"),
    ("GET /api/v1/documents/*/compare", "read"),
    ("POST /api/v1/documents/*/versions", "read+work"),
    ("POST /api/v1/plans/*/templates/*/documents/file", "work"),
    ("POST /api/v1/documents/*/file", "work"),
    ("GET /api/v1/documents/*/file", "read"),
    ("POST /api/v1/documents/*/withdraw", "read+shape"),
    ("POST /api/v1/documents/*/review", "read+work"),
    ("POST /api/v1/documents/*/approve", "person"),
    ("POST /api/v1/documents/*/reject", "read+work"),
    ("POST /api/v1/documents/*/submit", "read+shape"),
    ("GET /api/v1/tasks/*", "read"),
    ("PATCH /api/v1/tasks/*", "read+work"),
    ("POST /api/v1/tasks/*/start", "work"),
    ("POST /api/v1/tasks/*/submit", "work"),
    ("POST /api/v1/tasks/*/complete", "work"),
    ("POST /api/v1/tasks/*/reopen", "work"),
    ("POST /api/v1/tasks/*/hold", "work"),
    ("POST /api/v1/tasks/*/block", "work"),
    ("POST /api/v1/tasks/*/cancel", "work"),
    ("POST /api/v1/tasks/*/send", "work"),
    ("POST /api/v1/tasks/*/take", "work"),
    ("POST /api/v1/tasks/*/ignore", "shape"),
    ("POST /api/v1/tasks/*/restore", "shape"),
    ("GET /api/v1/iso-standards", "read"),
    ("POST /api/v1/iso-standards", "library"),
    ("GET /api/v1/templates", "read"),
    ("POST /api/v1/templates", "library"),
    ("POST /api/v1/templates/import", "library"),
    ("POST /api/v1/plans/*/templates/*/upgrade", "shape"),
    ("POST /api/v1/templates/*/upgrade", "read+library"),
    ("GET /api/v1/templates/*/export", "read"),
    ("GET /api/v1/library/export", "read"),
    ("GET /api/v1/templates/*", "read"),
    ("PATCH /api/v1/templates/*", "read+library"),
    ("POST /api/v1/templates/*/archive", "library"),
    ("GET /api/v1/templates/*/releases", "read"),
    ("GET /api/v1/templates/*/releases/*", "read"),
    ("DELETE /api/v1/templates/*/draft", "library"),
    ("POST /api/v1/templates/*/releases", "library"),
    ("GET /api/v1/task-rules", "read"),
    ("POST /api/v1/task-rules", "library"),
    ("GET /api/v1/task-rules/*", "read"),
    ("PATCH /api/v1/task-rules/*", "read+library"),
    // And `shape`, at the customers where there is something to do; here there is nothing.
    ("POST /api/v1/task-rules/*/apply", "read+library"),
    ("GET /api/v1/portfolio", "read"),
    ("GET /api/v1/portfolio/totals", "read"),
    ("GET /api/v1/portfolio/export", "read"),
    ("GET /api/v1/today", "read"),
    ("GET /api/v1/customers/*/tasks/export", "read"),
    ("GET /api/v1/customers/*/evidence/export", "read"),
    ("GET /api/v1/imports", "shape"),
    ("POST /api/v1/imports", "shape"),
    ("GET /api/v1/imports/*", "shape"),
    ("DELETE /api/v1/imports/*", "shape"),
    ("PUT /api/v1/imports/*/settings", "shape"),
    ("POST /api/v1/imports/*/run", "shape"),
    ("POST /api/v1/imports/*/undo", "shape"),
    ("PATCH /api/v1/me", "person"),
    ("POST /api/v1/me/password", "person"),
    ("GET /api/v1/me/sessions", "person"),
    ("DELETE /api/v1/me/sessions", "person"),
    ("DELETE /api/v1/me/sessions/*", "person"),
    ("GET /api/v1/me/totp", "person"),
    ("POST /api/v1/me/totp", "person"),
    ("POST /api/v1/me/totp/confirm", "person"),
    ("POST /api/v1/me/totp/recovery-codes", "person"),
    ("POST /api/v1/me/totp/remove", "person"),
    ("POST /api/v1/users/*/password-reset", "person"),
    ("GET /api/v1/audit", "audit"),
    ("GET /api/v1/audit/export", "audit"),
    ("GET /api/v1/audit/checkpoints", "audit"),
    ("GET /api/v1/users", "person"),
    ("POST /api/v1/users", "person"),
    ("GET /api/v1/users/*", "person"),
    ("PATCH /api/v1/users/*", "person"),
    ("DELETE /api/v1/users/*", "person"),
    ("POST /api/v1/users/*/invite", "person"),
    ("GET /api/v1/firm", "person"),
    ("PATCH /api/v1/firm", "person"),
    ("PUT /api/v1/firm/logo", "person"),
    ("DELETE /api/v1/firm/logo", "person"),
    ("GET /api/v1/customers/*/members", "people"),
    ("POST /api/v1/customers/*/members", "people"),
    ("GET /api/v1/customers/*/members/*", "people"),
    ("PATCH /api/v1/customers/*/members/*", "people"),
    ("DELETE /api/v1/customers/*/members/*", "people"),
    ("POST /api/v1/customers/*/members/*/invite", "people"),
    ("POST /api/v1/customers/*/members/*/transfer", "people"),
    ("POST /api/v1/customers/*/archive", "shape"),
    ("POST /api/v1/customers/*/unarchive", "shape"),
    ("PUT /api/v1/plans/*/templates/*/questions/*/delegate", "people"),
    ("GET /api/v1/customers/*/respondents", "people"),
    ("DELETE /api/v1/customers/*/respondents/*", "people"),
];

#[tokio::test]
async fn each_right_opens_exactly_its_routes() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut things = Things::make(&admin).await;
    things.add_secrets();
    let expected: BTreeMap<&str, &str> = EXPECTED.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut tokens = Vec::new();
    for right in &RIGHTS {
        tokens.push((right, Program::new(&app, &token(&admin, &[*right], None).await)));
    }
    for (_, together) in EXPECTED.iter().filter(|(_, needed)| needed.contains('+')) {
        let rights: Vec<&str> = together.split('+').collect();
        tokens.push((together, Program::new(&app, &token(&admin, &rights, None).await)));
    }
    for (method, path, body, row) in TABLE {
        let is_public = row[0] == row[1];
        if is_public {
            continue;
        }
        let route = format!("{method} {}", shape(path));
        let Some(needed) = expected.get(route.as_str()) else {
            wrong.push(format!("{route} has no row in the table of rights"));
            continue;
        };
        // Changing several tasks takes the right of the change: ignoring them shapes the work.
        let needed = if body.contains("ignore_reason") { &"shape" } else { needed };
        for (rights, program) in &tokens {
            reset(&app, method).await;
            let path = things.fill(path);
            let version = if *method == "PATCH" { admin.get(&path).await.header("etag").to_owned() } else { "\"1\"".to_owned() };
            let answer = program.send(method, &path, &[("if-match", &version)], &things.fill(body)).await;
            let is_let_in = !matches!(answer.status.as_u16(), 401 | 403);
            let never = answer.text.contains("not-for-tokens");
            let has_all = needed.split('+').all(|right| right.is_empty() || rights.split('+').any(|one| one == right));
            if is_let_in != (has_all && *needed != "person") || never != (*needed == "person") {
                wrong.push(format!("{rights} {route}: {}", answer.text));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What the golden table says of each route is told by the OpenAPI document too.
#[tokio::test]
async fn the_document_says_how_to_be_let_in() {
    let app = TestApp::start().await;
    let document = app.anonymous().get("/api/v1/openapi.json").await.expect(200).json();
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    assert_eq!(document["components"]["securitySchemes"]["session"]["in"], "cookie");
    let expected: BTreeMap<&str, &str> = EXPECTED.iter().copied().collect();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters") {
            let route = format!("{} {}", method.to_uppercase(), shape(path));
            let security = operation["security"].as_array().unwrap_or_else(|| panic!("{route} says nothing"));
            let names: Vec<&String> = security.iter().filter_map(|one| one.as_object()?.keys().next()).collect();
            match expected.get(route.as_str()) {
                None => assert!(names.is_empty(), "{route}"),
                Some(&"person") => assert_eq!(names, ["session"], "{route}"),
                Some(_) => assert_eq!(names, ["session", "token"], "{route}"),
            }
        }
    }
}
