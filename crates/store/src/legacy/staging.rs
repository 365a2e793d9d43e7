//! The original rows: every row of the older tables as it was, by its key.
//!
//! They are the provenance, and what the new rows are made from: a row as JSON has whatever columns
//! its database has, so one set of statements serves all variants.

use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::{
    Changed, Result,
    shape::Shape,
    tables::{LegacyTable, Standing},
};

/// The tables of the library.
const LIBRARY: [&str; 4] = ["iso_standards", "templates", "template_versions", "template_iso_mapping"];
/// How many blocks of a table are read at a time: some 16 MB.
const BLOCKS: i64 = 2_000;

/// Takes the rows of a table as they stand, some blocks at a time, each time in a transaction of its
/// own, and says after each how many blocks of how many are done. A run that died goes on where it
/// stopped. What is written meanwhile is caught by the triggers, wherever in the table it lands.
pub(super) async fn take_table(
    connection: &mut PgConnection,
    shape: &Shape,
    table: &LegacyTable,
    progress: &mut dyn FnMut(i64, i64),
) -> Result<()> {
    let place = table.place(Standing::InUse);
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO muster_upgrade.taken (table_name, next_block, blocks)
         SELECT '{name}', 0, pg_relation_size('{place}') / current_setting('block_size')::bigint ON CONFLICT (table_name) DO NOTHING",
        name = table.name
    )))
    .execute(&mut *connection)
    .await?;
    let statement = format!(
        "WITH part AS (
             UPDATE muster_upgrade.taken SET next_block = least(next_block + $1, blocks) WHERE table_name = '{name}' AND next_block < blocks
             RETURNING next_block, blocks
         ), kept AS (
             INSERT INTO muster_upgrade.original_rows (table_name, row_key, customer_id, original)
             SELECT '{name}', {key}, {customer}, to_jsonb(t) FROM {place} t
             WHERE t.ctid >= $2::tid AND t.ctid < $3::tid
             ON CONFLICT (table_name, row_key) DO NOTHING
         )
         SELECT next_block, blocks FROM part",
        name = table.name,
        key = shape.key(table),
        customer = shape.customer(table, Standing::InUse),
    );
    loop {
        let row = sqlx::query("SELECT next_block, blocks FROM muster_upgrade.taken WHERE table_name = $1")
            .bind(table.name)
            .fetch_one(&mut *connection)
            .await?;
        let (next, blocks): (i64, i64) = (row.get(0), row.get(1));
        progress(next, blocks);
        if next >= blocks {
            return Ok(());
        }
        sqlx::query(AssertSqlSafe(statement.clone()))
            .bind(BLOCKS)
            .bind(format!("({next},0)"))
            .bind(format!("({},0)", next + BLOCKS))
            .execute(&mut *connection)
            .await?;
    }
}

/// Takes again the rows that the older program has written since, and says whose they are.
pub(super) async fn take_changes(connection: &mut PgConnection, shape: &Shape, standing: Standing) -> Result<Changed> {
    let mut found = Changed::default();
    for table in shape.tables() {
        let statement = format!(
            "WITH changed AS (
                 DELETE FROM muster_upgrade.changes WHERE table_name = '{name}' RETURNING row_key
             ), keys AS (SELECT DISTINCT row_key FROM changed),
             present AS (
                 SELECT {key} AS row_key, {customer} AS customer_id, to_jsonb(t) AS original
                 FROM {place} t WHERE {key} IN (SELECT row_key FROM keys)
             ), gone AS (
                 DELETE FROM muster_upgrade.original_rows o USING keys k
                 WHERE o.table_name = '{name}' AND o.row_key = k.row_key AND k.row_key NOT IN (SELECT row_key FROM present)
                 RETURNING o.customer_id
             ), before AS (
                 SELECT o.customer_id FROM muster_upgrade.original_rows o JOIN keys k ON o.table_name = '{name}' AND o.row_key = k.row_key
             ), kept AS (
                 INSERT INTO muster_upgrade.original_rows (table_name, row_key, customer_id, original)
                 SELECT '{name}', row_key, customer_id, original FROM present
                 ON CONFLICT (table_name, row_key) DO UPDATE SET customer_id = excluded.customer_id, original = excluded.original
                 RETURNING customer_id
             )
             SELECT customer_id FROM gone UNION SELECT customer_id FROM before UNION SELECT customer_id FROM kept",
            name = table.name,
            key = shape.key(table),
            customer = shape.customer(table, standing),
            place = table.place(standing),
        );
        let rows = sqlx::query(AssertSqlSafe(statement)).fetch_all(&mut *connection).await?;
        match table.name {
            // Sessions and roles lead to nothing of Muster's.
            "sessions" | "roles" => {}
            "users" => found.people |= !rows.is_empty(),
            "customers" => {
                found.people |= !rows.is_empty();
                found.customers.extend(rows.into_iter().filter_map(|row| row.get::<Option<i32>, _>(0)));
            }
            name if LIBRARY.contains(&name) => found.library |= !rows.is_empty(),
            _ => found.customers.extend(rows.into_iter().filter_map(|row| row.get::<Option<i32>, _>(0))),
        }
    }
    found.customers.sort_unstable();
    found.customers.dedup();
    Ok(found)
}
