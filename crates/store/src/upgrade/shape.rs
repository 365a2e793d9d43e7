//! Recognising an older database by its columns.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sqlx::{PgConnection, Row};

use super::tables::{LegacyTable, Schema, Standing, TABLES};
use crate::Result;

/// What a database has of what the upgrade knows, and what it has besides.
#[derive(Debug, Clone, Serialize)]
pub struct Shape {
    /// Required tables and columns that are not there. Empty: it is an older database.
    pub missing: Vec<String>,
    /// Which of the known variants it is, in words, by table.
    pub variants: Vec<String>,
    /// Tables, views and columns that are left as they are.
    pub untouched: Vec<String>,
    /// The rows of each known table, counted.
    pub rows: BTreeMap<String, i64>,
    /// The size of the known tables with their indexes, in bytes.
    pub size: i64,
    #[serde(skip)]
    present: BTreeSet<&'static str>,
}

impl Shape {
    /// The known tables that are there.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'static LegacyTable> {
        TABLES.iter().filter(|table| self.present.contains(table.name))
    }
}

/// Looks at the columns of all tables in the two schemas. Changes nothing.
pub(super) async fn detect(connection: &mut PgConnection, standing: Standing) -> Result<Shape> {
    let rows = sqlx::query(
        "SELECT c.table_schema::text, c.table_name::text, c.column_name::text
         FROM information_schema.columns c
         JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE c.table_schema IN ($1, $2) AND t.table_type = 'BASE TABLE'
         ORDER BY 1, 2, c.ordinal_position",
    )
    .bind(Schema::Auth.name(standing))
    .bind(Schema::App.name(standing))
    .fetch_all(&mut *connection)
    .await?;
    let mut columns: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in rows {
        columns.entry((row.get(0), row.get(1))).or_default().push(row.get(2));
    }
    let mut shape = Shape {
        missing: Vec::new(),
        variants: Vec::new(),
        untouched: Vec::new(),
        rows: BTreeMap::new(),
        size: 0,
        present: BTreeSet::new(),
    };
    for table in &TABLES {
        let found = columns.remove(&(table.schema.name(standing).to_owned(), table.name.to_owned()));
        shape.compare(table, found.as_deref());
    }
    shape.untouched.extend(columns.into_keys().map(|(schema, table)| format!("table {schema}.{table}")));
    if shape.missing.is_empty() {
        shape.count(connection, standing).await?;
    }
    Ok(shape)
}

impl Shape {
    fn compare(&mut self, table: &'static LegacyTable, found: Option<&[String]>) {
        let place = table.place(Standing::InUse);
        let Some(found) = found else {
            if !table.required.is_empty() {
                self.missing.push(format!("table {place}"));
            }
            return;
        };
        self.present.insert(table.name);
        let has = |column: &str| found.iter().any(|one| one == column);
        self.missing.extend(table.required.iter().filter(|column| !has(column)).map(|column| format!("column {place}.{column}")));
        // Of tables whose columns all go to the provenance as they are, none is unknown.
        if !table.required.is_empty() {
            let is_known = |column: &String| table.required.contains(&column.as_str()) || table.optional.contains(&column.as_str());
            self.untouched.extend(found.iter().filter(|column| !is_known(column)).map(|column| format!("column {place}.{column}")));
        }
        for (column, with, without) in VARIANTS.iter().filter(|one| one.0 == table.name).map(|one| (one.1, one.2, one.3)) {
            self.variants.push(if has(column) { with } else { without }.to_owned());
        }
    }

    async fn count(&mut self, connection: &mut PgConnection, standing: Standing) -> Result<()> {
        let present: Vec<&LegacyTable> = self.tables().collect();
        for table in present {
            let place = table.place(standing);
            let statement = format!("SELECT count(*), pg_total_relation_size('{place}') FROM {place}");
            let row = sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_one(&mut *connection).await?;
            self.rows.insert(table.place(Standing::InUse), row.get(0));
            self.size += row.get::<i64, _>(1);
        }
        Ok(())
    }
}

/// What differs between older databases: table, column, and what to say with and without it.
const VARIANTS: [(&str, &str, &str, &str); 4] = [
    (
        "customer_iso_plan_templates",
        "is_ignored",
        "templates of plans can be ignored",
        "templates of plans cannot be ignored",
    ),
    ("customer_tasks", "is_ignored", "tasks can be ignored", "tasks cannot be ignored"),
    (
        "customer_tasks",
        "template_id",
        "tasks have a template column, whose values are not trusted",
        "tasks have no template column",
    ),
    ("customer_tasks", "answer", "tasks hold answers", "tasks hold no answers"),
];
