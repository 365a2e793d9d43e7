//! Row security, proved from the inside: as the service role, with every kind of statement.

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use crate::app::TestApp;

/// The tables that hold customers' rows. `jobs` names the customer that a job is finished for, and is
/// read by the worker of all of them: docs/SCHEMA.md says who reads it instead.
async fn customer_tables(superuser: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'dna_app' AND c.relkind = 'r' AND c.relname <> 'jobs'
           AND (c.relname = 'customers' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'customer_id' AND NOT a.attisdropped))
         ORDER BY 1",
    )
    .fetch_all(superuser)
    .await
    .unwrap()
}

#[tokio::test]
async fn every_customer_table_is_protected() {
    let app = TestApp::start().await;
    let mut superuser = app.database.superuser().await;
    let tables = customer_tables(&mut superuser).await;
    assert!(tables.len() >= 7, "{tables:?}");
    for table in &tables {
        let row = sqlx::query("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = ('dna_app.' || $1)::regclass")
            .bind(table)
            .fetch_one(&mut superuser)
            .await
            .unwrap();
        assert!(row.get::<bool, _>(0) && row.get::<bool, _>(1), "{table} has no forced row security");
        let policies: Vec<String> =
            sqlx::query_scalar("SELECT policyname::text FROM pg_policies WHERE schemaname = 'dna_app' AND tablename = $1 ORDER BY 1")
                .bind(table)
                .fetch_all(&mut superuser)
                .await
                .unwrap();
        let has_plan: bool = sqlx::query_scalar(
            "SELECT $1 IN ('customer_iso_plans', 'customer_audit_log', 'customer_evidence', 'customer_evidence_tasks',
                       'customer_task_comments', 'customer_task_comment_mentions', 'customer_task_changes') OR EXISTS (SELECT FROM pg_attribute
             WHERE attrelid = ('dna_app.' || $1)::regclass AND attname = 'plan_id' AND NOT attisdropped)",
        )
        .bind(table)
        .fetch_one(&mut superuser)
        .await
        .unwrap();
        // What belongs to a plan is narrowed to some plans for those who are limited to them.
        let expected: &[&str] = &["owner_all", "reporting_reads", "service_in_customer", "service_in_plans", "service_in_portfolio"];
        let expected: Vec<&str> = expected.iter().copied().filter(|policy| has_plan || *policy != "service_in_plans").collect();
        assert_eq!(policies, expected, "{table}");
    }
    // A list of customers is read once for each statement, not for each row.
    let by_hash: Vec<bool> =
        sqlx::query_scalar("SELECT qual LIKE '% IN ( SELECT unnest(%' FROM pg_policies WHERE policyname = 'service_in_portfolio'")
            .fetch_all(&mut superuser)
            .await
            .unwrap();
    assert!(by_hash.len() > 15 && by_hash.iter().all(|is_so| *is_so), "{by_hash:?}");
    let role = sqlx::query("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = 'muster_service'")
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    assert!(!role.get::<bool, _>(0) && !role.get::<bool, _>(1) && !role.get::<bool, _>(2));
    let owned: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'muster_service'")
            .fetch_one(&mut superuser)
            .await
            .unwrap();
    assert_eq!(owned, 0, "the service role owns something");
    let views: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'dna_app' AND c.relkind = 'v' AND NOT ('security_invoker=true' = ANY(coalesce(c.reloptions, '{}')))",
    )
    .fetch_one(&mut superuser)
    .await
    .unwrap();
    assert_eq!(views, 0, "a view runs with its owner's rights");
}

/// As the service role in Acme's scope, Globex's rows cannot be read, changed, added or removed.
#[tokio::test]
async fn no_statement_reaches_another_customer() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(2, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    admin.answer_all(&assignment).await;
    admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201);
    let mut service = app.database.service().await;
    let tables = customer_tables(&mut app.database.superuser().await).await;
    for table in &tables {
        let key = if table == "customers" { "id" } else { "customer_id" };
        for statement in [
            format!("SELECT count(*) FROM dna_app.{table} WHERE {key} = 2"),
            format!("WITH changed AS (UPDATE dna_app.{table} SET {key} = {key} WHERE {key} = 2 RETURNING 1) SELECT count(*) FROM changed"),
            format!("SELECT count(*) FROM (SELECT 1 FROM dna_app.{table} WHERE {key} = 2 FOR UPDATE) locked"),
        ] {
            for scope in ["SET LOCAL app.customer = '1'", "SET LOCAL app.customer = ''", "SET LOCAL app.portfolio = '1'", "SELECT 1"] {
                let mut tx = service.begin().await.unwrap();
                tx.execute(AssertSqlSafe(scope.to_owned())).await.unwrap();
                match sqlx::query_scalar::<_, i64>(AssertSqlSafe(statement.clone())).fetch_one(&mut *tx).await {
                    Ok(seen) => assert_eq!(seen, 0, "{scope}: {statement}"),
                    Err(error) => assert!(error.to_string().contains("permission denied"), "{scope}: {statement}: {error}"),
                }
            }
        }
    }
    // A new row for another customer is refused by the policy itself.
    let mut tx = service.begin().await.unwrap();
    tx.execute("SET LOCAL app.customer = '1'").await.unwrap();
    let error = tx
        .execute("INSERT INTO dna_app.customer_tasks (customer_id, task_scope, task_type, title) VALUES (2, 'customer', 'general', 'T')")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("row-level security"), "{error}");
    drop(tx);
    // And so is moving one's own row over.
    let mut tx = service.begin().await.unwrap();
    tx.execute("SET LOCAL app.customer = '1'").await.unwrap();
    let error = tx.execute("UPDATE dna_app.customer_tasks SET customer_id = 2").await.unwrap_err();
    assert!(error.to_string().contains("row-level security"), "{error}");
    drop(tx);
    // The portfolio reads, and never writes.
    let mut tx = service.begin().await.unwrap();
    tx.execute("SET LOCAL app.portfolio = 'all'").await.unwrap();
    let seen: i64 = sqlx::query_scalar("SELECT count(DISTINCT customer_id) FROM dna_app.customer_tasks").fetch_one(&mut *tx).await.unwrap();
    let changed = tx.execute("UPDATE dna_app.customer_tasks SET title = 'X'").await.unwrap().rows_affected();
    assert_eq!((seen, changed), (2, 0));
}

/// What the service may never do, whatever the scope.
#[tokio::test]
async fn the_service_deletes_nothing_of_customers() {
    let app = TestApp::start().await;
    let mut service = app.database.service().await;
    for table in customer_tables(&mut app.database.superuser().await).await {
        for statement in
            [format!("DELETE FROM dna_app.{table}"), format!("TRUNCATE dna_app.{table}"), format!("DROP TABLE dna_app.{table}")]
        {
            let error = service.execute(AssertSqlSafe(statement.clone())).await.unwrap_err().to_string();
            assert!(error.contains("permission denied") || error.contains("must be owner"), "{statement}: {error}");
        }
    }
}

/// The owner sees all rows in spite of FORCE: migrations and backups must not silently see none.
#[tokio::test]
async fn the_owner_sees_everything() {
    let app = TestApp::start().await;
    let mut superuser = app.database.superuser().await;
    let all: i64 = sqlx::query_scalar("SELECT count(*) FROM dna_app.customer_tasks").fetch_one(&mut superuser).await.unwrap();
    superuser.execute("SET ROLE muster").await.unwrap();
    let owners: i64 = sqlx::query_scalar("SELECT count(*) FROM dna_app.customer_tasks").fetch_one(&mut superuser).await.unwrap();
    superuser.execute("RESET ROLE; SET ROLE muster_reporting").await.unwrap();
    let reported: i64 =
        sqlx::query_scalar("SELECT count(task_id) FROM dna_app.v_customer_workspace").fetch_one(&mut superuser).await.unwrap();
    assert_eq!((all, owners, reported), (4, 4, 4));
}
