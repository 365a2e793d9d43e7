//! Watching what the older program writes while its rows are taken.
//!
//! A trigger on each of its tables notes the keys of the rows that it writes. Making one takes a
//! lock that waits for writers and lets none pass meanwhile, so it is asked for with a short limit
//! and again and again: no writer of the older program waits longer than that limit for us.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use super::{
    LegacyError, Result,
    shape::Shape,
    tables::{LegacyTable, Standing},
};

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
            let key = shape.key(table).replace("t.\"", &format!("{row}.\""));
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
        let there: bool = sqlx::query("SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = $1::regclass AND tgname = 'muster_upgrade')")
            .bind(&place)
            .fetch_one(&mut *connection)
            .await?
            .get(0);
        if there {
            continue;
        }
        let trigger = format!(
            "CREATE TRIGGER muster_upgrade AFTER INSERT OR UPDATE OR DELETE ON {place}
             FOR EACH ROW EXECUTE FUNCTION muster_upgrade.{name}()"
        );
        insist(connection, &place, &trigger).await?;
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
pub(super) async fn end(connection: &mut PgConnection, shape: &Shape) -> Result<()> {
    for table in shape.tables() {
        let place = table.place(Standing::InUse);
        insist(connection, &place, &format!("DROP TRIGGER IF EXISTS muster_upgrade ON {place}")).await?;
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
async fn insist(connection: &mut PgConnection, place: &str, statement: &str) -> Result<()> {
    for _ in 0..ATTEMPTS {
        let mut tx = connection.begin().await?;
        tx.execute(AssertSqlSafe(format!("SET LOCAL lock_timeout = '{LIMIT}'"))).await?;
        match tx.execute(AssertSqlSafe(statement.to_owned())).await {
            Ok(_) => return Ok(tx.commit().await?),
            Err(error) if gave_way(&error) => tx.rollback().await?,
            Err(error) => return Err(error.into()),
        }
        connection.execute("SELECT pg_sleep(0.25)").await?;
    }
    Err(LegacyError::Held(place.to_owned()))
}

/// Whether a lock was not to be had in time, or was given up for another's sake.
pub(super) fn gave_way(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|database| database.code()).is_some_and(|code| matches!(&*code, "55P03" | "40P01"))
}
