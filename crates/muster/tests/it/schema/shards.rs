//! What keeps the schema ready to be spread over several servers by customer (docs/SCHEMA.md, "Ready to
//! shard by customer"), read from the catalog and from the prepared statements. What does not hold yet
//! stands in `exceptions`, with the reason; a line there that nothing needs any more fails.
//!
//! The mover of older databases (`crates/store/src/legacy`) is out of this: it runs once, before.

mod exceptions;
mod reading;
mod statements;

use sqlx::{AssertSqlSafe, PgConnection};

use crate::cluster::TestDatabase;
use exceptions::{THAT_READ_CUSTOMERS, POLICIES_THAT_READ_TABLES, PRIMARY_KEY_IS_ID, READ_BESIDE, REFERENCED, TRIGGERS};

/// The tables whose rows belong to a customer. `jobs` stays whole and only notes whom it is for.
const CUSTOMER_TABLES: &str = "SELECT c.oid, c.relname::text AS name FROM pg_class c
     WHERE c.relnamespace = 'dna_app'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'jobs'
       AND (c.relname = 'customers' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'customer_id' AND NOT a.attisdropped))";

/// The names that a query gives, in order; it may read `customer_tables`.
async fn names(superuser: &mut PgConnection, query: &str) -> Vec<String> {
    let query = format!("WITH customer_tables AS ({CUSTOMER_TABLES}) {query}");
    let mut names: Vec<String> = sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(superuser).await.unwrap();
    names.sort();
    names
}

/// The firm's tables of which a copy has to be on every server.
fn copied() -> Vec<String> {
    REFERENCED.iter().chain(&READ_BESIDE).map(|&name| name.to_owned()).collect()
}

#[tokio::test]
async fn every_unique_key_begins_with_the_customer() {
    let database = TestDatabase::create().await;
    let mut superuser = database.superuser().await;
    let others = names(
        &mut superuser,
        "SELECT t.name || CASE WHEN i.indisprimary AND i.indnatts = 1 AND k.attname = 'id' THEN '' ELSE ': ' || i.indexrelid::regclass::text END
         FROM customer_tables t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique
         LEFT JOIN pg_attribute k ON k.attrelid = t.oid AND k.attnum = i.indkey[0]
         WHERE k.attname IS DISTINCT FROM 'customer_id'",
    )
    .await;
    assert_eq!(others, PRIMARY_KEY_IS_ID, "unique keys that do not begin with customer_id");
    let nullable = names(
        &mut superuser,
        "SELECT t.name FROM customer_tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'customer_id' WHERE NOT a.attnotnull",
    )
    .await;
    assert!(nullable.is_empty(), "rows that may be nobody's: {nullable:?}");
    // What is to take the place of the primary key is there, whole and at once.
    let without = names(
        &mut superuser,
        "SELECT t.name FROM customer_tables t WHERE t.name <> 'customers' AND NOT EXISTS (
             SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisunique AND i.indimmediate AND i.indpred IS NULL AND i.indnatts = 2
               AND (SELECT array_agg(k.attname::text ORDER BY k.attname) FROM pg_attribute k WHERE k.attrelid = t.oid AND k.attnum = ANY(i.indkey))
                   = ARRAY['customer_id', 'id'])",
    )
    .await;
    assert!(without.is_empty(), "no UNIQUE (customer_id, id): {without:?}");
}

#[tokio::test]
async fn references_stay_with_the_customer_or_lead_to_copied_tables() {
    let database = TestDatabase::create().await;
    let mut superuser = database.superuser().await;
    let astray = names(
        &mut superuser,
        "SELECT f.conname || ' on ' || child.name FROM pg_constraint f
         JOIN customer_tables child ON child.oid = f.conrelid JOIN customer_tables parent ON parent.oid = f.confrelid
         JOIN pg_attribute own ON own.attrelid = f.conrelid AND own.attnum = f.conkey[1]
         JOIN pg_attribute their ON their.attrelid = f.confrelid AND their.attnum = f.confkey[1]
         WHERE f.contype = 'f' AND NOT CASE parent.name
             WHEN 'customers' THEN own.attname = 'customer_id' AND their.attname = 'id' AND cardinality(f.conkey) = 1
             ELSE own.attname = 'customer_id' AND their.attname = 'customer_id' AND cardinality(f.conkey) > 1 END",
    )
    .await;
    assert!(astray.is_empty(), "references that are not composite with the customer first: {astray:?}");
    let referenced = names(
        &mut superuser,
        "SELECT DISTINCT f.confrelid::regclass::text FROM pg_constraint f JOIN customer_tables child ON child.oid = f.conrelid
         WHERE f.contype = 'f' AND f.confrelid NOT IN (SELECT oid FROM customer_tables)",
    )
    .await;
    assert_eq!(referenced, REFERENCED, "the firm's tables that customers' tables reference");
    // A copied table references nothing but copied tables, and nothing of the firm's references a customer's.
    let outward: Vec<String> = sqlx::query_scalar(
        "SELECT f.conname || ' on ' || f.conrelid::regclass FROM pg_constraint f
         WHERE f.contype = 'f' AND f.conrelid::regclass::text = ANY($1) AND NOT f.confrelid::regclass::text = ANY($1)",
    )
    .bind(copied())
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert!(outward.is_empty(), "references from copied tables to others: {outward:?}");
    let backward = names(
        &mut superuser,
        "SELECT f.conname || ' on ' || f.conrelid::regclass FROM pg_constraint f JOIN customer_tables parent ON parent.oid = f.confrelid
         WHERE f.contype = 'f' AND f.conrelid NOT IN (SELECT oid FROM customer_tables)",
    )
    .await;
    assert!(backward.is_empty(), "references from the firm's tables to customers': {backward:?}");
    // SET NULL and SET DEFAULT would write the customer's number, too, and it never changes.
    let actions = names(
        &mut superuser,
        "SELECT f.conname || ' on ' || child.name FROM pg_constraint f JOIN customer_tables child ON child.oid = f.conrelid
         WHERE f.contype = 'f' AND (f.confdeltype NOT IN ('a', 'r', 'c') OR f.confupdtype NOT IN ('a', 'r'))",
    )
    .await;
    assert!(actions.is_empty(), "references that write to the rows that refer: {actions:?}");
}

#[tokio::test]
async fn nothing_runs_by_itself_on_customers_rows() {
    let database = TestDatabase::create().await;
    let mut superuser = database.superuser().await;
    let triggers = names(
        &mut superuser,
        "SELECT t.tgname || ' on ' || c.name FROM pg_trigger t JOIN customer_tables c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal",
    )
    .await;
    assert!(triggers.is_empty(), "triggers on customers' tables: {triggers:?}");
    let rules =
        names(&mut superuser, "SELECT r.rulename || ' on ' || c.name FROM pg_rewrite r JOIN customer_tables c ON c.oid = r.ev_class").await;
    assert!(rules.is_empty(), "rules on customers' tables: {rules:?}");
    let mut triggers: Vec<String> = sqlx::query_scalar(
        "SELECT t.tgname || ' on ' || t.tgrelid::regclass FROM pg_trigger t
         WHERE NOT t.tgisinternal AND t.tgrelid::regclass::text = ANY($1)",
    )
    .bind(copied())
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    triggers.sort();
    assert_eq!(triggers, TRIGGERS, "triggers on copied tables");
    let policies = names(
        &mut superuser,
        "SELECT DISTINCT p.polname || ' on ' || p.polrelid::regclass FROM pg_policy p JOIN customer_tables c ON c.oid = p.polrelid
         JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> p.polrelid",
    )
    .await;
    assert_eq!(policies, POLICIES_THAT_READ_TABLES, "policies that look into other tables");
    let functions = names(
        &mut superuser,
        r"SELECT p.pronamespace::regnamespace || '.' || p.proname FROM pg_proc p
          WHERE p.pronamespace IN ('auth'::regnamespace, 'dna_app'::regnamespace) AND p.prosrc ~ 'dna_app\.(customer|v_|visible_)'
          UNION ALL
          SELECT c.relnamespace::regnamespace || '.' || c.relname FROM pg_class c
          WHERE c.relnamespace IN ('auth'::regnamespace, 'dna_app'::regnamespace) AND c.relkind = 'v'
            AND NOT ('security_invoker=true' = ANY(coalesce(c.reloptions, '{}')))",
    )
    .await;
    assert_eq!(functions, THAT_READ_CUSTOMERS, "functions, and views with their owner's rights, that read customers' tables");
}
