//! The prepared statements: each says whose rows it means, or is listed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::{
    exceptions::{ACROSS_CUSTOMERS, READ_BESIDE, REFERENCED, RUN_TIME_STATEMENTS},
    names,
    reading::not_held,
};
use crate::cluster::TestDatabase;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The texts of the prepared statements, each on one line.
fn statements() -> Vec<String> {
    let files = fs::read_dir(root().join(".sqlx")).unwrap().map(|file| file.unwrap().path());
    let texts = files.filter(|file| file.extension().is_some_and(|extension| extension == "json")).map(|file| {
        let file: serde_json::Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        file["query"].as_str().unwrap().to_owned()
    });
    texts.collect()
}

fn in_one_line(statement: &str) -> String {
    statement.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn every_statement_says_which_customer_it_means() {
    let database = TestDatabase::create().await;
    let mut superuser = database.superuser().await;
    // Views of customers' rows have the column, too.
    let tables = names(
        &mut superuser,
        "SELECT 'dna_app.' || name FROM customer_tables UNION
         SELECT 'dna_app.' || v.relname FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid AND a.attname = 'customer_id'
         WHERE v.relnamespace = 'dna_app'::regnamespace AND v.relkind IN ('v', 'm')",
    )
    .await;
    let tables: BTreeSet<String> = tables.into_iter().collect();
    let (mut used, mut wrong) = (BTreeMap::<&str, usize>::new(), Vec::new());
    let statements = statements();
    for statement in &statements {
        let not_held = not_held(statement, &tables);
        if not_held.is_empty() {
            continue;
        }
        let statement = in_one_line(statement);
        let reasons: Vec<&str> = ACROSS_CUSTOMERS.iter().map(|line| line.0).filter(|fragment| statement.contains(fragment)).collect();
        match reasons[..] {
            [fragment] => *used.entry(fragment).or_default() += 1,
            _ => wrong.push(format!("{not_held:?} ({} exceptions) in: {statement}", reasons.len())),
        }
    }
    assert!(wrong.is_empty(), "statements that do not say which customer they mean:\n{}", wrong.join("\n\n"));
    let listed: BTreeMap<&str, usize> = ACROSS_CUSTOMERS.iter().map(|&(fragment, times, _)| (fragment, times)).collect();
    assert_eq!(used, listed, "exceptions, and how many statements need them");
    // Most name a customer's table, so that a test that finds none has not read them.
    let with_tables = statements.iter().filter(|statement| tables.iter().any(|table| statement.contains(table.as_str()))).count();
    assert!(with_tables > 150, "{with_tables}");
}

/// The firm's tables that are read together with customers' rows have to be where those are.
#[tokio::test]
async fn what_is_read_beside_customers_rows_is_listed() {
    let database = TestDatabase::create().await;
    let mut superuser = database.superuser().await;
    let of_customers = names(
        &mut superuser,
        "SELECT 'dna_app.' || name FROM customer_tables UNION ALL SELECT 'dna_app.' || relname FROM pg_class
         WHERE relnamespace = 'dna_app'::regnamespace AND relkind = 'v'",
    )
    .await;
    let of_the_firm = names(
        &mut superuser,
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('auth', 'dna_app') AND c.relkind IN ('r', 'p') AND c.oid NOT IN (SELECT oid FROM customer_tables)",
    )
    .await;
    let mut beside = BTreeSet::new();
    for statement in statements() {
        let is_word = |one: char| one.is_alphanumeric() || "_.".contains(one);
        let words: BTreeSet<&str> = statement.split(|one| !is_word(one)).collect();
        if of_customers.iter().any(|table| words.contains(table.as_str())) {
            beside.extend(
                of_the_firm.iter().filter(|table| words.contains(table.as_str()) && !REFERENCED.contains(&table.as_str())).cloned(),
            );
        }
    }
    assert_eq!(beside.into_iter().collect::<Vec<_>>(), READ_BESIDE, "the firm's tables that statements name beside customers'");
}

/// Only what stands in `.sqlx` can be read here, so nothing of customers is put together at run time.
#[test]
fn statements_are_prepared() {
    let mut folders = vec![root().join("crates/store/src"), root().join("crates/service/src"), root().join("crates/muster/src")];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.extend((!path.ends_with("legacy")).then_some(path));
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let calls = [
                "AssertSqlSafe",
                "sqlx::query(",
                "sqlx::query_as(",
                "sqlx::query_scalar(",
                "sqlx::raw_sql(",
                "query_as::<",
                "query_scalar::<",
                "QueryBuilder",
            ];
            let calls_directly = [".execute(\"", ".fetch_one(\"", ".fetch_all(\"", ".fetch_optional(\"", ".fetch(\""];
            if calls.iter().chain(&calls_directly).any(|call| text.contains(call)) {
                found.insert(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    assert_eq!(found.into_iter().collect::<Vec<_>>(), RUN_TIME_STATEMENTS, "files with statements that are not prepared");
}

/// The reading itself: what it takes for held, and what it must not.
#[test]
fn a_statement_is_read_as_it_is_meant() {
    let tables: BTreeSet<String> =
        ["dna_app.customers", "dna_app.customer_tasks", "dna_app.customer_evidence"].map(ToOwned::to_owned).into();
    let tasks = || vec!["dna_app.customer_tasks".to_owned()];
    for held in [
        "SELECT title FROM dna_app.customer_tasks WHERE customer_id = $1 AND id = $2",
        "SELECT id FROM dna_app.customer_tasks WHERE customer_id = ANY($1) AND (status = 'open' OR id = $2) FOR UPDATE",
        "SELECT t.id FROM dna_app.customers c JOIN dna_app.customer_tasks t ON t.customer_id = c.id WHERE c.id = $1",
        "SELECT e.id FROM dna_app.customer_evidence e LEFT JOIN dna_app.customer_tasks t ON t.customer_id = e.customer_id AND t.id = $2 WHERE e.customer_id = $1",
        "SELECT c.name FROM dna_app.customers c WHERE c.id = $1 AND NOT EXISTS (SELECT FROM dna_app.customer_tasks t WHERE t.customer_id = c.id)",
        "INSERT INTO dna_app.customer_tasks AS t (id, customer_id) VALUES ($1, $2) ON CONFLICT (customer_id, id) DO UPDATE SET title = 'T'",
        "WITH one AS (SELECT * FROM dna_app.customers WHERE id = $1) SELECT t.id FROM one o JOIN dna_app.customer_tasks t ON t.customer_id = o.id",
        "SELECT 1 FROM dna_app.firm -- dna_app.customer_tasks",
        "SELECT nextval(pg_get_serial_sequence('dna_app.customers', 'id'))",
    ] {
        assert_eq!(not_held(held, &tables), Vec::<String>::new(), "{held}");
    }
    for open in [
        "SELECT title FROM dna_app.customer_tasks WHERE id = $1",
        "SELECT customer_id = $1 FROM dna_app.customer_tasks WHERE id = $2",
        "UPDATE dna_app.customer_tasks SET customer_id = $1 WHERE id = $2",
        "DELETE FROM dna_app.customer_tasks t WHERE t.id = $1",
        "INSERT INTO dna_app.customer_tasks (id, title) VALUES ($1, $2)",
        "SELECT id FROM dna_app.customer_tasks WHERE ($1::integer[] IS NULL OR customer_id = ANY($1)) AND id = $2",
        "SELECT id FROM dna_app.customer_tasks WHERE customer_id = $1 OR id = $2",
        "SELECT id FROM dna_app.customer_tasks WHERE NOT (customer_id = $1) AND id = $2",
        "SELECT id FROM dna_app.customer_tasks WHERE CASE WHEN customer_id = $1 THEN true ELSE id = $2 END",
        "SELECT t.id FROM dna_app.customers c JOIN dna_app.customer_tasks t ON t.id = $2 WHERE c.id = $1",
        "SELECT t.id FROM dna_app.customer_tasks t LEFT JOIN dna_app.customer_evidence e ON e.customer_id = t.customer_id AND e.customer_id = $1",
        "SELECT t.id FROM dna_app.customer_tasks t WHERE EXISTS (SELECT FROM dna_app.customers c WHERE c.id = $1 AND t.customer_id = $1)",
        "SELECT id FROM dna_app.customers WHERE id = $1 UNION ALL SELECT customer_id FROM dna_app.customer_tasks WHERE id = $2",
        "SELECT t.id FROM dna_app.customer_tasks t JOIN unnest($1::integer[]) AS u (id) ON t.customer_id = u.id",
    ] {
        let found = not_held(open, &tables);
        assert!(found.contains(&tasks()[0]), "{open}: {found:?}");
    }
}
