//! Recognising an older database by its columns.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use super::{
    Result,
    tables::{LegacyTable, Schema, Standing, TABLES},
};

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
    /// The columns of the known tables that are there, by the table's whole name in use.
    #[serde(skip)]
    pub(super) columns: BTreeMap<String, Vec<String>>,
    /// The columns that tell the rows of a known table apart.
    #[serde(skip)]
    keys: BTreeMap<&'static str, Vec<String>>,
}

impl Shape {
    /// The known tables that are there.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'static LegacyTable> {
        TABLES.iter().filter(|table| self.has(table.name))
    }

    /// What tells the rows of a table apart, as text, of the row `t`.
    pub(super) fn key(&self, table: &LegacyTable) -> String {
        let columns = self.key_columns(table).iter().map(|column| format!("t.\"{}\"::text", column.replace('"', "\"\"")));
        columns.collect::<Vec<_>>().join(" || '/' || ")
    }

    /// The columns of that.
    pub(super) fn key_columns(&self, table: &LegacyTable) -> &[String] {
        self.keys.get(table.name).map_or(&[], Vec::as_slice)
    }

    /// Whose a row `t` of a table is.
    pub(super) fn customer(&self, table: &LegacyTable, standing: Standing) -> String {
        let has =
            |column: &str| self.columns.get(&table.place(Standing::InUse)).is_some_and(|columns| columns.iter().any(|one| one == column));
        if table.customer_column().is_some_and(|column| !has(column)) {
            return "NULL::integer".to_owned();
        }
        table.customer.replace("{app}", Schema::App.name(standing))
    }

    /// Whether a table is there.
    pub(super) fn has(&self, table: &str) -> bool {
        TABLES.iter().any(|one| one.name == table && self.columns.contains_key(&one.place(Standing::InUse)))
    }
}

/// Looks at the columns of all tables in the two schemas, and counts rows where it is asked to.
pub(super) async fn detect(connection: &mut PgConnection, standing: Standing, counts: bool) -> Result<Shape> {
    let rows = sqlx::query(
        "SELECT n.nspname::text, c.relname::text, c.relkind::text, array_agg(a.attname::text ORDER BY a.attnum)
         FROM pg_class c
         JOIN pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE n.nspname IN ($1, $2) AND c.relkind IN ('r', 'p', 'v', 'm')
         GROUP BY 1, 2, 3 ORDER BY 1, 2",
    )
    .bind(Schema::Auth.name(standing))
    .bind(Schema::App.name(standing))
    .fetch_all(&mut *connection)
    .await?;
    let (mut shape, mut tables): (Shape, BTreeMap<(String, String), Vec<String>>) = Default::default();
    for row in rows {
        let (schema, name, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        if matches!(kind.as_str(), "v" | "m") {
            shape.views.push(format!("{schema}.{name}"));
        } else {
            tables.insert((schema, name), row.get(3));
        }
    }
    for table in &TABLES {
        let found = tables.remove(&(table.schema.name(standing).to_owned(), table.name.to_owned()));
        let key = key_of(connection, &table.place(standing)).await?;
        shape.compare(table, found, key);
    }
    shape.untouched.extend(tables.into_keys().map(|(schema, table)| format!("table {schema}.{table}")));
    if counts && shape.missing.is_empty() {
        shape.count(connection, standing).await?;
    }
    Ok(shape)
}

/// The columns of a table's primary key; none where it has none, or is not there.
async fn key_of(connection: &mut PgConnection, place: &str) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "SELECT a.attname::text FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
         WHERE i.indrelid = to_regclass($1) AND i.indisprimary ORDER BY k.place",
    )
    .bind(place)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.get(0)).collect())
}

impl Shape {
    fn compare(&mut self, table: &'static LegacyTable, found: Option<Vec<String>>, key: Vec<String>) {
        let place = table.place(Standing::InUse);
        let Some(found) = found else {
            if !table.required.is_empty() {
                self.missing.push(format!("table {place}"));
            }
            return;
        };
        let has = |column: &str| found.iter().any(|one| one == column);
        let is_required = !table.required.is_empty();
        let key = if is_required || (key.is_empty() && has("id")) { vec!["id".to_owned()] } else { key };
        if key.is_empty() {
            self.untouched.push(format!("table {place}, because nothing tells its rows apart"));
            return;
        }
        self.keys.insert(table.name, key);
        self.missing.extend(table.required.iter().filter(|column| !has(column)).map(|column| format!("column {place}.{column}")));
        // Of tables that are only kept as they are, no column is unknown.
        if !table.required.is_empty() {
            let is_known = |column: &String| table.required.contains(&column.as_str()) || table.optional.contains(&column.as_str());
            self.untouched.extend(found.iter().filter(|column| !is_known(column)).map(|column| format!("column {place}.{column}")));
        }
        for (_, column, with, without) in VARIANTS.iter().filter(|one| one.0 == table.name) {
            self.variants.push((if has(column) { *with } else { *without }).to_owned());
        }
        self.columns.insert(place, found);
    }

    async fn count(&mut self, connection: &mut PgConnection, standing: Standing) -> Result<()> {
        for table in self.tables().collect::<Vec<_>>() {
            // The name is one of ours, from a list in this program.
            let place = table.place(standing);
            let row =
                connection.fetch_one(AssertSqlSafe(format!("SELECT count(*), pg_total_relation_size('{place}') FROM {place}"))).await?;
            self.rows.insert(table.place(Standing::InUse), row.get(0));
            self.size_bytes += row.get::<i64, _>(1);
        }
        Ok(())
    }
}

/// What differs between older databases: table, column, and what to say with and without it.
const VARIANTS: [(&str, &str, &str, &str); 4] = [
    ("customer_iso_plan_templates", "is_ignored", "templates of plans can be ignored", "templates of plans cannot be ignored"),
    ("customer_tasks", "is_ignored", "tasks can be ignored", "tasks cannot be ignored"),
    ("customer_tasks", "template_id", "tasks have a template column, whose values are not trusted", "tasks have no template column"),
    ("customer_tasks", "answer", "tasks hold answers", "tasks hold no answers"),
];
