//! The cutover: the schemas change names, and back.

use sqlx::{AssertSqlSafe, Executor, PgConnection, Row};

use super::{
    layout::{self, next},
    shape::Shape,
    tables::{Schema, Standing, TABLES},
    watch,
};
use crate::{Error, Result};

const SCHEMAS: [Schema; 2] = [Schema::Auth, Schema::App];

/// Holds all older tables, so that nobody writes to them until the transaction ends. Gives up after a
/// moment where a writer holds one, so that nobody waits behind us for long.
pub(super) async fn hold(tx: &mut PgConnection, shape: &Shape) -> Result<()> {
    tx.execute("SET LOCAL lock_timeout = '1500ms'").await?;
    let places: Vec<String> = shape.tables().map(|table| table.place(Standing::InUse)).collect();
    tx.execute(AssertSqlSafe(format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", places.join(", ")))).await?;
    tx.execute("SET LOCAL lock_timeout = 0").await?;
    Ok(())
}

/// Gives Muster's schemas the names, puts the older ones aside and freezes them. Tables and views that
/// the upgrade does not know keep their place in the schema of the old name.
pub(super) async fn change_names(tx: &mut PgConnection, shape: &Shape) -> Result<Vec<String>> {
    watch::end_in(tx, shape, Standing::InUse).await?;
    let views = dependent_views(tx).await?;
    for schema in SCHEMAS {
        let (name, aside, next) = (schema.name(Standing::InUse), schema.name(Standing::Aside), next(schema));
        tx.execute(AssertSqlSafe(format!("ALTER SCHEMA {name} RENAME TO {aside}; ALTER SCHEMA {next} RENAME TO {name}"))).await?;
    }
    layout::rename_in_functions(tx).await?;
    watch::freeze(tx, shape.tables(), Standing::Aside).await?;
    move_strangers(tx, Standing::Aside).await?;
    renew_views(tx, &views).await
}

/// Gives the names back. Muster's schemas, with all that was done in them, go.
pub(super) async fn give_back(tx: &mut PgConnection, shape: &Shape, views: &[String]) -> Result<()> {
    for view in views {
        tx.execute(AssertSqlSafe(format!("DROP VIEW IF EXISTS {view} CASCADE"))).await?;
    }
    move_strangers(tx, Standing::InUse).await?;
    for schema in SCHEMAS {
        let (name, aside) = (schema.name(Standing::InUse), schema.name(Standing::Aside));
        tx.execute(AssertSqlSafe(format!("DROP SCHEMA {name} CASCADE; ALTER SCHEMA {aside} RENAME TO {name}"))).await?;
    }
    for table in shape.tables() {
        let place = table.place(Standing::InUse);
        tx.execute(AssertSqlSafe(format!("DROP TRIGGER IF EXISTS muster_upgrade_frozen ON {place}"))).await?;
    }
    Ok(())
}

/// A view of the older program, as it can be made again.
struct DependentView {
    name: String,
    definition: String,
}

/// The views that read the older tables, each after those that it reads itself.
async fn dependent_views(tx: &mut PgConnection) -> Result<Vec<DependentView>> {
    // With nothing in the search path every name in a definition is whole.
    tx.execute("SET LOCAL search_path = pg_catalog").await?;
    let rows = tx
        .fetch_all(
            "SELECT format('%I.%I', n.nspname, c.relname), pg_get_viewdef(c.oid)
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'v' AND n.nspname IN ('auth', 'dna_app') ORDER BY c.oid",
        )
        .await?;
    Ok(rows.into_iter().map(|row| DependentView { name: row.get(0), definition: row.get(1) }).collect())
}

/// Makes the views of the older program anew on Muster's tables, where these have what they read and
/// Muster has none of that name. Gives the names of those that could not be made.
async fn renew_views(tx: &mut PgConnection, views: &[DependentView]) -> Result<Vec<String>> {
    let mut left = Vec::new();
    for view in views {
        let is_ours: bool = sqlx::query("SELECT to_regclass($1) IS NOT NULL").bind(&view.name).fetch_one(&mut *tx).await?.get(0);
        if is_ours {
            continue;
        }
        tx.execute("SAVEPOINT view").await?;
        let made = tx.execute(AssertSqlSafe(format!("CREATE VIEW {} AS {}", view.name, view.definition))).await;
        match made.map_err(Error::from) {
            Ok(_) => {
                sqlx::query("INSERT INTO muster_upgrade.views (name) VALUES ($1)").bind(&view.name).execute(&mut *tx).await?;
            }
            Err(error) => {
                tx.execute("ROLLBACK TO SAVEPOINT view").await?;
                left.push(format!("{}: {}", view.name, cause(&error)));
            }
        }
        tx.execute("RELEASE SAVEPOINT view").await?;
    }
    Ok(left)
}

fn cause(error: &Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

/// Moves the tables and sequences that the upgrade does not know into the schema that bears the name
/// they were made under, or back beside the older tables.
async fn move_strangers(tx: &mut PgConnection, from: Standing) -> Result<()> {
    for schema in SCHEMAS {
        let (source, target) = match from {
            Standing::Aside => (schema.name(Standing::Aside), schema.name(Standing::InUse)),
            Standing::InUse => (schema.name(Standing::InUse), schema.name(Standing::Aside)),
        };
        let known: Vec<&str> = TABLES.iter().filter(|table| table.schema == schema).map(|table| table.name).collect();
        let strangers = match from {
            Standing::Aside => {
                sqlx::query("SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> ALL ($2)")
                    .bind(source)
                    .bind(&known)
                    .fetch_all(&mut *tx)
                    .await?
            }
            Standing::InUse => {
                sqlx::query("SELECT table_name FROM muster_upgrade.strangers WHERE schema_name = $1 AND to_regclass(format('%I.%I', schema_name, table_name)) IS NOT NULL")
                    .bind(source)
                    .fetch_all(&mut *tx)
                    .await?
            }
        };
        for row in strangers {
            let table: String = row.get(0);
            // A table of Muster's own bears that name: then the older one stays with its like.
            let is_taken: bool =
                sqlx::query("SELECT to_regclass(format('%I.%I', $1::text, $2::text)) IS NOT NULL").bind(target).bind(&table).fetch_one(&mut *tx).await?.get(0);
            if is_taken {
                continue;
            }
            if from == Standing::Aside {
                sqlx::query("INSERT INTO muster_upgrade.strangers (schema_name, table_name) VALUES ($1, $2)").bind(target).bind(&table).execute(&mut *tx).await?;
            }
            let quoted = table.replace('"', "\"\"");
            tx.execute(AssertSqlSafe(format!("ALTER TABLE {source}.\"{quoted}\" SET SCHEMA {target}"))).await?;
        }
    }
    Ok(())
}
