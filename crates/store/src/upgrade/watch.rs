//! Watching what the older program writes while its rows are taken.
//!
//! A trigger on each of its tables notes the keys of the rows that it writes. Making one takes a
//! lock that waits for writers and lets none pass meanwhile, so it is asked for with a short limit
//! and again and again: no writer of the older program waits longer than that limit for us.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::{
    shape::Shape,
    tables::{LegacyTable, Standing},
};
use crate::{Error, Result};

/// The longest that a writer of the older program waits behind us.
const LIMIT: &str = "90ms";
/// How often a lock is asked for before the upgrade gives up: some writer holds a table for minutes.
const ATTEMPTS: u32 = 600;

/// Puts the triggers on. Those that are there stay.
pub(super) async fn begin(connection: &mut PgConnection, shape: &Shape) -> Result<()> {
    for table in shape.tables() {
        let place = table.place(Standing::InUse);
        let name = format!("muster_upgrade_{}", table.name);
        let note = |row: &str| {
            let key = table.key.replace("t.", &format!("{row}."));
            format!("INSERT INTO muster_upgrade.changes (table_name, row_key) VALUES ('{}', {key});", table.name)
        };
        // With the rights of its owner: the older program's role has none on our notes.
        let function = format!(
            "CREATE OR REPLACE FUNCTION muster_upgrade.{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
             BEGIN
                 IF TG_OP <> 'INSERT' THEN {old} END IF;
                 IF TG_OP <> 'DELETE' THEN {new} END IF;
                 RETURN NULL;
             END $$",
            old = note("OLD"),
            new = note("NEW"),
        );
        connection.execute(AssertSqlSafe(function)).await?;
        let trigger = format!(
            "CREATE OR REPLACE TRIGGER muster_upgrade AFTER INSERT OR UPDATE OR DELETE ON {place}
             FOR EACH ROW EXECUTE FUNCTION muster_upgrade.{name}()"
        );
        insist(connection, &trigger).await?;
    }
    Ok(())
}

/// Takes the triggers off, where the tables are held already.
pub(super) async fn end_in(tx: &mut PgConnection, shape: &Shape, standing: Standing) -> Result<()> {
    for table in shape.tables() {
        tx.execute(AssertSqlSafe(format!("DROP TRIGGER IF EXISTS muster_upgrade ON {}", table.place(standing)))).await?;
    }
    Ok(())
}

/// Takes the triggers off beside the older program.
pub(super) async fn end(connection: &mut PgConnection, shape: &Shape, standing: Standing) -> Result<()> {
    for table in shape.tables() {
        insist(connection, &format!("DROP TRIGGER IF EXISTS muster_upgrade ON {}", table.place(standing))).await?;
    }
    Ok(())
}

/// Refuses every write to the older tables from now on, also one that was waiting when Muster took
/// over: whatever would be written there would be lost.
pub(super) async fn freeze(connection: &mut PgConnection, tables: impl Iterator<Item = &LegacyTable>, standing: Standing) -> Result<()> {
    connection
        .execute(
            "CREATE OR REPLACE FUNCTION muster_upgrade.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
             BEGIN
                 RAISE EXCEPTION 'this database has moved to Muster: the older program no longer writes to it' USING ERRCODE = 'read_only_sql_transaction';
             END $$",
        )
        .await?;
    for table in tables {
        let trigger = format!(
            "CREATE TRIGGER muster_upgrade_frozen BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {}
             FOR EACH STATEMENT EXECUTE FUNCTION muster_upgrade.refuse()",
            table.place(standing)
        );
        connection.execute(AssertSqlSafe(trigger)).await?;
    }
    Ok(())
}

/// Runs a statement that needs a strong lock, giving way to the older program each time it would
/// have to wait.
async fn insist(connection: &mut PgConnection, statement: &str) -> Result<()> {
    for _ in 0..ATTEMPTS {
        let mut tx = connection.begin().await?;
        tx.execute(AssertSqlSafe(format!("SET LOCAL lock_timeout = '{LIMIT}'"))).await?;
        match tx.execute(AssertSqlSafe(statement.to_owned())).await.map_err(Error::from) {
            Ok(_) => return Ok(tx.commit().await?),
            Err(Error::Unavailable(_)) => tx.rollback().await?,
            Err(other) => return Err(other),
        }
        connection.execute("SELECT pg_sleep(0.25)").await?;
    }
    Err(Error::Unavailable("the older program holds a table without pause; stop its longest transaction and try again".to_owned()))
}
