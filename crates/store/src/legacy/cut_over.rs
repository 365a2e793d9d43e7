//! The cutover: the schemas change names, and back.

use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use super::{
    LegacyError, Result,
    layout::{self, next},
    shape::Shape,
    tables::{Schema, Standing},
    views, watch,
};

const SCHEMAS: [Schema; 2] = [Schema::Auth, Schema::App];
/// How often the lock on all tables is asked for, each time for [`LIMIT`].
const ATTEMPTS: u32 = 120;
/// The longest that a writer of the older program waits behind a lock that is not given.
const LIMIT: &str = "90ms";

/// Begins a transaction that holds all older tables, so that nobody writes to them until it ends.
/// Gives way as long as a writer holds one, so that nobody waits behind it for long.
pub(super) async fn hold(connection: &mut PgConnection, shape: &Shape) -> Result<()> {
    let places: Vec<String> = shape.tables().map(|table| table.place(Standing::InUse)).collect();
    let lock = format!("BEGIN; SET LOCAL lock_timeout = '{LIMIT}'; LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", places.join(", "));
    for _ in 0..ATTEMPTS {
        match connection.execute(AssertSqlSafe(lock.clone())).await {
            Ok(_) => {
                connection.execute("SET LOCAL lock_timeout = 0").await?;
                return Ok(());
            }
            Err(error) if watch::gave_way(&error) => connection.execute("ROLLBACK").await?,
            Err(error) => return Err(error.into()),
        };
        connection.execute("SELECT pg_sleep(0.25)").await?;
    }
    Err(LegacyError::Held("of its tasks, or another one".to_owned()))
}

/// Gives Muster's schemas the names, puts the older ones aside and freezes them. Tables that the
/// upgrade does not know keep their place under the old name. Gives the views that could not be made
/// again.
pub(super) async fn change_names(tx: &mut PgConnection, shape: &Shape) -> Result<Vec<String>> {
    watch::end_in(tx, shape, Standing::InUse).await?;
    let older_views = views::dependent_views(tx).await?;
    for (schema, table) in [(Schema::Auth, "users"), (Schema::App, "customers")] {
        let place = format!("{}.{table}", next(schema));
        tx.execute(AssertSqlSafe(format!(
            "SELECT setval(pg_get_serial_sequence('{place}', 'id'), greatest((SELECT max(id) FROM {place}), 1))"
        )))
        .await?;
    }
    for schema in SCHEMAS {
        let (name, aside, next) = (schema.name(Standing::InUse), schema.name(Standing::Aside), next(schema));
        tx.execute(AssertSqlSafe(format!("ALTER SCHEMA {name} RENAME TO {aside}; ALTER SCHEMA {next} RENAME TO {name}"))).await?;
    }
    layout::rename_in_functions(tx).await?;
    watch::freeze(tx, shape.tables(), Standing::Aside).await?;
    keep_strangers_in_place(tx, shape).await?;
    views::renew(tx, shape, &older_views).await
}

/// Gives the names back. Muster's schemas, with all that was done in them, go.
pub(super) async fn give_back(tx: &mut PgConnection, shape: &Shape) -> Result<()> {
    put_strangers_back(tx).await?;
    tx.execute(AssertSqlSafe(format!("DROP SCHEMA IF EXISTS {} CASCADE", views::COLUMNS))).await?;
    for schema in [Schema::App, Schema::Auth] {
        let (name, aside) = (schema.name(Standing::InUse), schema.name(Standing::Aside));
        tx.execute(AssertSqlSafe(format!("DROP SCHEMA {name} CASCADE; ALTER SCHEMA {aside} RENAME TO {name}"))).await?;
    }
    for table in shape.tables() {
        let place = table.place(Standing::InUse);
        tx.execute(AssertSqlSafe(format!("DROP TRIGGER IF EXISTS muster_upgrade_frozen ON {place}"))).await?;
    }
    Ok(())
}

/// Drops what going back would need. The original rows stay.
pub(super) async fn drop_older(tx: &mut PgConnection, shape: &Shape) -> Result<()> {
    let places: Vec<String> = shape.tables().map(|table| table.place(Standing::Aside)).collect();
    let views: Vec<String> = tx
        .fetch_all("SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND n.nspname IN ('muster_legacy_auth', 'muster_legacy_dna_app') ORDER BY c.oid DESC")
        .await?
        .into_iter()
        .map(|row| row.get(0))
        .collect();
    for view in views {
        tx.execute(AssertSqlSafe(format!("DROP VIEW IF EXISTS {view} CASCADE"))).await?;
    }
    // Whatever else refers to them is somebody's of whom we know nothing: then it stops here.
    tx.execute(AssertSqlSafe(format!("DROP TABLE {}", places.join(", ")))).await?;
    Ok(())
}

/// Moves tables that the upgrade does not know into the schema that bears the name they were made
/// under. One whose name a table of Muster's has stays with its like.
async fn keep_strangers_in_place(tx: &mut PgConnection, shape: &Shape) -> Result<()> {
    for schema in SCHEMAS {
        let (source, target) = (schema.name(Standing::Aside), schema.name(Standing::InUse));
        let known: Vec<&str> = shape.tables().filter(|table| table.schema == schema).map(|table| table.name).collect();
        let strangers = sqlx::query(
            "SELECT c.relname::text FROM pg_class c
             WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> ALL ($2)
               AND to_regclass(format('%I.%I', $3::text, c.relname)) IS NULL",
        )
        .bind(source)
        .bind(&known)
        .bind(target)
        .fetch_all(&mut *tx)
        .await?;
        for row in strangers {
            let table: String = row.get(0);
            sqlx::query("INSERT INTO muster_upgrade.strangers (schema_name, table_name) VALUES ($1, $2)")
                .bind(target)
                .bind(&table)
                .execute(&mut *tx)
                .await?;
            tx.execute(AssertSqlSafe(format!("ALTER TABLE {source}.\"{}\" SET SCHEMA {target}", table.replace('"', "\"\"")))).await?;
        }
    }
    Ok(())
}

async fn put_strangers_back(tx: &mut PgConnection) -> Result<()> {
    let strangers = tx.fetch_all("SELECT schema_name, table_name FROM muster_upgrade.strangers").await?;
    for row in strangers {
        let (schema, table): (String, String) = (row.get(0), row.get(1));
        let aside = SCHEMAS.iter().find(|one| one.name(Standing::InUse) == schema).map_or("", |one| one.name(Standing::Aside));
        tx.execute(AssertSqlSafe(format!("ALTER TABLE IF EXISTS {schema}.\"{}\" SET SCHEMA {aside}", table.replace('"', "\"\"")))).await?;
    }
    Ok(())
}
