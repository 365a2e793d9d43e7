//! Contradictory rows, one table after the other.

use serde_json::json;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::app::TestApp;

async fn refused(superuser: &mut PgConnection, statement: String, constraint: &str) {
    let error = superuser.execute(AssertSqlSafe(statement.clone())).await.expect_err(&statement);
    let text = error.to_string();
    let name = error.as_database_error().and_then(|error| error.constraint().map(ToOwned::to_owned)).unwrap_or_default();
    assert!(name.contains(constraint) || text.contains(constraint), "{statement}: {text} ({name})");
}

#[tokio::test]
async fn a_task_stands_at_its_level_or_nowhere() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await["id"].as_str().unwrap().to_owned();
    let mut superuser = app.database.superuser().await;
    let insert = |scope: &str, plan: &str, template: &str, document: &str| {
        format!(
            "INSERT INTO dna_app.customer_tasks (customer_id, plan_id, template_id, document_id, task_scope, task_type, title)
             VALUES (1, {plan}, {template}, {document}, {scope}, 'general', 'T')"
        )
    };
    let (plan, any) = (format!("'{plan}'"), "'6a0e2a0e-0000-4000-8000-000000000000'");
    for (scope, links) in [
        ("'customer'", [plan.as_str(), "NULL", "NULL"]),
        ("'plan'", ["NULL", "NULL", "NULL"]),
        ("'plan'", [plan.as_str(), any, "NULL"]),
        ("'template'", [plan.as_str(), "NULL", "NULL"]),
        ("'template'", ["NULL", any, "NULL"]),
        ("'document'", [plan.as_str(), any, "NULL"]),
        ("'document'", ["NULL", "NULL", any]),
        ("'galaxy'", ["NULL", "NULL", "NULL"]),
    ] {
        refused(&mut superuser, insert(scope, links[0], links[1], links[2]), "scope").await;
    }
    refused(&mut superuser, insert("NULL", "NULL", "NULL", "NULL"), "null value").await;
    // A template that is not assigned to the plan.
    refused(&mut superuser, insert("'template'", &plan, any, "NULL"), "fkey").await;
}

#[tokio::test]
async fn words_outside_the_lists_are_refused() {
    let app = TestApp::start().await;
    let mut superuser = app.database.superuser().await;
    for (statement, constraint) in [
        ("UPDATE dna_app.customer_tasks SET status = 'done'", "status"),
        ("UPDATE dna_app.customer_tasks SET priority = 'critical'", "priority"),
        ("UPDATE dna_app.customer_tasks SET title = ' '", "title"),
        ("UPDATE dna_app.customer_tasks SET is_ignored = true", "ignored"),
        ("UPDATE dna_app.customer_tasks SET completed_at = now()", "completed"),
        ("UPDATE dna_app.customer_tasks SET assigned_to = 4711", "fkey"),
        ("UPDATE dna_app.customers SET status = 'gone'", "status"),
        ("UPDATE dna_app.customer_members SET role = 'king'", "role"),
        ("UPDATE dna_app.task_rules SET level = 'galaxy'", "level"),
        ("UPDATE dna_app.task_rules SET approval_step = NULL", "approval"),
        ("UPDATE dna_app.templates SET status = 'active'", "status"),
        ("UPDATE auth.users SET role = 'viewer'", "role"),
        ("UPDATE auth.users SET email = 'admin@test.example'", "users_email_key"),
        ("INSERT INTO dna_app.iso_standards (code, name) VALUES ('ISO 9001:2015', 'Twice')", "code"),
    ] {
        refused(&mut superuser, statement.to_owned(), constraint).await;
    }
}

#[tokio::test]
async fn the_same_source_makes_one_task() {
    let app = TestApp::start().await;
    let mut superuser = app.database.superuser().await;
    let insert = |source: &str| {
        format!(
            "INSERT INTO dna_app.customer_tasks (customer_id, task_scope, task_type, title, generation_source) VALUES (1, 'customer', 'general', 'T', {source})"
        )
    };
    superuser.execute(AssertSqlSafe(insert("'rule:x'"))).await.unwrap();
    refused(&mut superuser, insert("'rule:x'"), "customer_tasks_generated").await;
    // Hand-made and upgraded rows have no source and never collide.
    superuser.execute(AssertSqlSafe(insert("NULL"))).await.unwrap();
    superuser.execute(AssertSqlSafe(insert("NULL"))).await.unwrap();
}

/// Deleting is the administrator's, with psql: templates in use stay, a customer takes its own along.
#[tokio::test]
async fn deletion_keeps_what_is_used() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    admin.answer_all(&assignment).await;
    admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201);
    let mut superuser = app.database.superuser().await;
    for statement in
        ["DELETE FROM dna_app.templates WHERE name = 'Patch Management'", "DELETE FROM dna_app.iso_standards WHERE code = 'ISO 27001:2022'"]
    {
        let error = superuser.execute(statement).await.unwrap_err().to_string();
        assert!(error.contains("violates foreign key") || error.contains("immutable"), "{error}");
    }
    superuser.execute("DELETE FROM dna_app.customers WHERE id = 1").await.unwrap();
    for table in [
        "customer_tasks",
        "customer_documents",
        "customer_answers",
        "customer_iso_plan_templates",
        "customer_iso_plans",
        "customer_members",
    ] {
        let left: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM dna_app.{table} WHERE customer_id = 1")))
            .fetch_one(&mut superuser)
            .await
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
}
