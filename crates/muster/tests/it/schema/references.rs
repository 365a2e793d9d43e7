//! Every reference between customers' rows, tried across two customers.

use serde_json::json;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use crate::app::TestApp;

#[tokio::test]
async fn no_reference_crosses_to_another_customer() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for customer in [1, 2] {
        let plan = admin.assign_plan(customer, "ISO 27001:2022").await;
        let assignment = admin.assign_template(&plan, "Patch Management").await;
        let outsider = json!({ "email": "out@side.example", "name": "Out" });
        admin.put(&format!("{assignment}/questions/testing/delegate"), outsider).await;
        admin.answer_all(&assignment).await;
        let document = admin.post(&format!("{assignment}/documents"), json!({})).await.expect(201).json()["id"].clone();
        admin.post(&format!("/api/v1/documents/{}/submit", document.as_str().unwrap()), json!({})).await.expect(200);
    }
    let mut superuser = app.database.superuser().await;
    for customer in [1, 2] {
        // A file of each, handed in by a respondent, that came in the place of another.
        let rows = format!(
            "INSERT INTO dna_app.customer_evidence (id, customer_id, filename, sha256, size, media_type, received_at, respondent_id)
             SELECT gen_random_uuid(), {customer}, 'a.txt', sha256('a'), 1, 'text/plain', now(), r.id
             FROM dna_app.customer_respondents r CROSS JOIN generate_series(1, 2) WHERE r.customer_id = {customer};
             UPDATE dna_app.customer_evidence e SET replaced_by = o.id FROM dna_app.customer_evidence o
             WHERE e.customer_id = {customer} AND o.customer_id = {customer} AND o.id > e.id;
             INSERT INTO dna_app.customer_evidence_tasks (customer_id, evidence_id, task_id, linked_at)
             SELECT {customer}, e.id, t.id, now() FROM dna_app.customer_evidence e
             JOIN LATERAL (SELECT id FROM dna_app.customer_tasks t WHERE t.customer_id = e.customer_id ORDER BY id LIMIT 1) t ON true
             WHERE e.customer_id = {customer};
             INSERT INTO dna_app.customer_task_reminders (customer_id, task_id, user_id, kind, due_date, reminded_on)
             SELECT {customer}, t.id, 1, 'overdue', '2026-03-16', '2026-03-17' FROM dna_app.customer_tasks t WHERE t.customer_id = {customer} LIMIT 1;
             INSERT INTO dna_app.customer_document_approvals (customer_id, plan_id, version_id, position, step, decision, user_id, user_name, at, content_sha256)
             SELECT {customer}, v.plan_id, v.id, 1, 'review', 'reviewed', (SELECT min(id) FROM auth.users), 'A', now(), v.content_sha256
             FROM dna_app.customer_document_versions v WHERE v.customer_id = {customer};
             INSERT INTO dna_app.customer_document_exports (customer_id, plan_id, version_id, format, content_sha256, sha256, bytes, made_at)
             SELECT {customer}, v.plan_id, v.id, 'html', v.content_sha256, sha256('a'), 'a', now()
             FROM dna_app.customer_document_versions v WHERE v.customer_id = {customer}"
        );
        superuser.execute(AssertSqlSafe(rows)).await.unwrap();
    }
    let references = sqlx::query(
        "SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent, c.conname::text AS name,
                (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k (attnum, n)
                 JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS columns
         FROM pg_constraint c
         WHERE c.contype = 'f' AND c.connamespace = 'dna_app'::regnamespace
           AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.confrelid AND a.attname = 'customer_id' AND NOT a.attisdropped)",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert!(references.len() >= 7);
    for reference in &references {
        let (child, columns): (String, Vec<String>) = (reference.get("child"), reference.get("columns"));
        let name: String = reference.get("name");
        assert_eq!(columns[0], "customer_id", "{name} is not composite with the customer first");
        assert!(columns.len() >= 2, "{name} references by one column");
        // Point a row of Acme at what Globex has, by the last column of the reference.
        let own = columns.last().unwrap();
        let set = format!(
            "{own} = (SELECT f.{own} FROM {child} f WHERE f.customer_id = 2 AND f.{own} IS NOT NULL AND f.{own} <> t.{own} LIMIT 1)"
        );
        let statement = format!(
            "UPDATE {child} t SET {set} WHERE t.customer_id = 1 AND t.{own} IS NOT NULL
               AND EXISTS (SELECT FROM {child} f WHERE f.customer_id = 2 AND f.{own} IS NOT NULL AND f.{own} <> t.{own})"
        );
        match superuser.execute(AssertSqlSafe(statement.clone())).await {
            Err(error) => {
                assert!(error.to_string().contains("foreign key") || error.to_string().contains("unique"), "{statement}: {error}")
            }
            // The same library template at both: there is nothing foreign to point at.
            Ok(done) => assert_eq!(done.rows_affected(), 0, "{name} let a row cross: {statement}"),
        }
        // Or move the row to the other customer and leave the link.
        let statement = format!("UPDATE {child} SET customer_id = 2 WHERE customer_id = 1");
        let error = superuser.execute(AssertSqlSafe(statement.clone())).await.expect_err(&statement).to_string();
        assert!(error.contains("foreign key") || error.contains("unique"), "{statement}: {error}");
    }
}

/// What keeps the schema ready to be sharded by customer.
#[tokio::test]
async fn ready_to_shard_by_customer() {
    let app = TestApp::start().await;
    let mut superuser = app.database.superuser().await;
    let triggers: Vec<String> = sqlx::query_scalar(
        "SELECT t.tgname::text || ' on ' || c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'dna_app' AND NOT t.tgisinternal AND c.relname LIKE 'customer%'",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert!(triggers.is_empty(), "triggers on customer tables: {triggers:?}");
    let backwards: Vec<String> = sqlx::query_scalar(
        "SELECT c.conname::text FROM pg_constraint c JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
         WHERE c.contype = 'f' AND c.connamespace IN ('dna_app'::regnamespace, 'auth'::regnamespace)
           AND child.relname NOT LIKE 'customer%' AND parent.relname LIKE 'customer%'",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert!(backwards.is_empty(), "firm tables that reference customers' tables: {backwards:?}");
    // `jobs` stays whole on one node and references nothing: its customer is only noted.
    let unkeyed: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'customer_id' AND NOT a.attisdropped
         WHERE c.relnamespace = 'dna_app'::regnamespace AND c.relkind = 'r' AND c.relname <> 'jobs' AND (NOT a.attnotnull OR NOT EXISTS (
             SELECT FROM pg_constraint u WHERE u.conrelid = c.oid AND u.contype = 'u'
               AND (SELECT array_agg(k.attname::text ORDER BY k.attname) FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attnum = ANY(u.conkey)) = ARRAY['customer_id', 'id']))",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert!(unkeyed.is_empty(), "no UNIQUE (customer_id, id): {unkeyed:?}");
    let set_null: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'n'")
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    assert_eq!(set_null, 0);
}
