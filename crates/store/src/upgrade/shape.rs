//! Recognising an older database by its columns.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use super::tables::{OlderTable, TABLES};
use crate::Result;

/// What a database has of what Muster takes over, and what it has besides.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Shape {
    /// Required tables and columns that are not there. Empty: it is an older database.
    #[serde(skip)]
    pub missing: Vec<String>,
    /// Which of the known variants it is, in words.
    pub variants: Vec<String>,
    /// Tables, views and columns that are left as they are.
    pub untouched: Vec<String>,
    /// The rows of each known table, counted.
    pub rows: BTreeMap<String, i64>,
    /// The size of the known tables with their indexes, in bytes.
    pub size_bytes: i64,
    /// The views that read the known tables.
    pub views: Vec<String>,
}

impl Shape {
    /// Whether one of the tables that may be missing is there.
    pub(super) fn has(&self, table: &str) -> bool {
        self.rows.contains_key(table)
    }
}

/// Whether Muster has migrated this database.
pub(super) async fn is_ours(connection: &mut PgConnection) -> Result<bool> {
    Ok(connection.fetch_one("SELECT to_regclass('dna_app.schema_migrations') IS NOT NULL").await?.get(0))
}

/// Looks at the columns of all tables in the two schemas.
pub(super) async fn detect(connection: &mut PgConnection) -> Result<Shape> {
    let rows = connection
        .fetch_all(
            "SELECT format('%s.%s', n.nspname, c.relname), c.relkind::text, array_agg(a.attname::text ORDER BY a.attnum)
             FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE n.nspname IN ('auth', 'dna_app') AND c.relkind IN ('r', 'p', 'v', 'm')
             GROUP BY 1, 2 ORDER BY 1",
        )
        .await?;
    let (mut shape, mut tables): (Shape, BTreeMap<String, Vec<String>>) = Default::default();
    for row in rows {
        let (name, kind): (String, String) = (row.get(0), row.get(1));
        if matches!(kind.as_str(), "v" | "m") {
            shape.views.push(name);
        } else {
            tables.insert(name, row.get(2));
        }
    }
    for table in &TABLES {
        let found = tables.remove(table.name);
        shape.compare(table, found.as_deref());
        if found.is_some() && shape.missing.is_empty() {
            // The name is one of ours, from a list in this program.
            let counted = format!("SELECT count(*), pg_total_relation_size('{name}') FROM {name}", name = table.name);
            let row = connection.fetch_one(AssertSqlSafe(counted)).await?;
            shape.rows.insert(table.name.to_owned(), row.get(0));
            shape.size_bytes += row.get::<i64, _>(1);
        }
    }
    shape.untouched.extend(tables.into_keys().map(|table| format!("table {table}")));
    Ok(shape)
}

impl Shape {
    fn compare(&mut self, table: &OlderTable, found: Option<&[String]>) {
        let Some(found) = found else {
            if !table.required.is_empty() {
                self.missing.push(format!("table {}", table.name));
            }
            return;
        };
        let has = |column: &str| found.iter().any(|one| one == column);
        self.missing.extend(table.required.iter().filter(|column| !has(column)).map(|column| format!("column {}.{column}", table.name)));
        // Of tables that are only kept as they are, no column is unknown.
        if !(table.required.is_empty() && table.optional.is_empty()) {
            let is_known = |column: &String| table.required.contains(&column.as_str()) || table.optional.contains(&column.as_str());
            self.untouched.extend(found.iter().filter(|column| !is_known(column)).map(|column| format!("column {}.{column}", table.name)));
        }
        for (_, column, with, without) in VARIANTS.iter().filter(|one| one.0 == table.name) {
            self.variants.push((if has(column) { *with } else { *without }).to_owned());
        }
    }
}

/// What differs between older databases: table, column, and what to say with and without it.
const VARIANTS: [(&str, &str, &str, &str); 4] = [
    ("dna_app.customer_iso_plan_templates", "is_ignored", "templates of plans can be ignored", "templates of plans cannot be ignored"),
    ("dna_app.customer_tasks", "is_ignored", "tasks can be ignored", "tasks cannot be ignored"),
    (
        "dna_app.customer_tasks",
        "template_id",
        "tasks have a template column, whose values are not trusted",
        "tasks have no template column",
    ),
    ("dna_app.customer_tasks", "answer", "tasks hold answers", "tasks hold no answers"),
];
