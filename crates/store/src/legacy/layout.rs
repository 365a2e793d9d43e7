//! Muster's schema beside the older one: the same migrations, in schemas of other names.
//!
//! So an upgraded database has exactly the schema that a fresh one has, the older program works on
//! undisturbed until the cutover, and going back is giving the names back.

use sqlx::{AssertSqlSafe, Executor, PgConnection, Row, migrate::Migrate};

use super::{
    Result,
    tables::{Schema, Standing},
};
use crate::install::{self, MIGRATIONS};

/// The name that a schema of Muster's has until the cutover.
pub(super) const fn next(schema: Schema) -> &'static str {
    match schema {
        Schema::Auth => "muster_next_auth",
        Schema::App => "muster_next_dna_app",
    }
}

/// Whether the schemas are there, as this version of the program makes them.
pub(super) async fn is_current(connection: &mut PgConnection) -> Result<bool> {
    let there: bool = connection.fetch_one("SELECT to_regclass('muster_next_dna_app.schema_migrations') IS NOT NULL").await?.get(0);
    if !there {
        return Ok(false);
    }
    let latest: Option<i64> = connection.fetch_one("SELECT max(version) FROM muster_next_dna_app.schema_migrations").await?.get(0);
    Ok(latest == Some(install::latest_migration()))
}

/// Makes the schemas with everything in them, as `owner`. What an earlier attempt left is made anew.
pub(super) async fn make(connection: &mut PgConnection, owner: &str) -> Result<()> {
    let mut tx = sqlx::Connection::begin(connection).await?;
    for schema in [Schema::Auth, Schema::App] {
        let name = next(schema);
        tx.execute(AssertSqlSafe(format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name} AUTHORIZATION \"{owner}\""))).await?;
    }
    tx.execute(AssertSqlSafe(format!("SET LOCAL ROLE \"{owner}\""))).await?;
    let journal = format!("{}.schema_migrations", next(Schema::App));
    tx.ensure_migrations_table(&journal).await.map_err(|error| sqlx::Error::Configuration(error.into()))?;
    for migration in MIGRATIONS.iter() {
        tx.execute(AssertSqlSafe(renamed(
            migration.sql.as_str(),
            &[Schema::Auth, Schema::App].map(|one| (one.name(Standing::InUse), next(one))),
        )))
        .await?;
        sqlx::query(AssertSqlSafe(format!(
            "INSERT INTO {journal} (version, description, success, checksum, execution_time) VALUES ($1, $2, true, $3, 0)"
        )))
        .bind(migration.version)
        .bind(migration.description.as_ref())
        .bind(migration.checksum.as_ref())
        .execute(&mut *tx)
        .await?;
    }
    Ok(tx.commit().await?)
}

/// Gives the functions the names that the schemas now have: their bodies are text, which a rename
/// does not reach. Everything else knows its tables by number.
pub(super) async fn rename_in_functions(connection: &mut PgConnection) -> Result<()> {
    let functions = sqlx::query(
        "SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace IN ('auth'::regnamespace, 'dna_app'::regnamespace) AND p.prokind IN ('f', 'p')",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in functions {
        let definition: String = row.get(0);
        let names = [Schema::Auth, Schema::App].map(|one| (next(one), one.name(Standing::InUse)));
        let corrected = renamed(&definition, &names);
        if corrected != definition {
            connection.execute(AssertSqlSafe(corrected)).await?;
        }
    }
    Ok(())
}

/// A text with whole words replaced by others.
fn renamed(text: &str, names: &[(&str, &str)]) -> String {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut renamed = String::with_capacity(text.len() + 1024);
    let mut rest = text;
    while let Some(start) = rest.find(is_word) {
        let (before, word) = rest.split_at(start);
        let end = word.find(|character| !is_word(character)).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        renamed.push_str(before);
        renamed.push_str(names.iter().find(|(old, _)| *old == word).map_or(word, |(_, new)| new));
        rest = after;
    }
    renamed.push_str(rest);
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_renamed() {
        let text = "GRANT ON auth.users, dna_app.auth_log TO author; -- auth";
        assert_eq!(renamed(text, &[("auth", "x"), ("dna_app", "y")]), "GRANT ON x.users, y.auth_log TO author; -- x");
    }
}
