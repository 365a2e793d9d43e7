//! Makes a database Muster's own: roles, schemas, migrations.
//!
//! Two roles from the start. The *owner* runs migrations: the role of the address given, or, where
//! that is a superuser, a role `muster` made for the purpose, so that row security can be forced on
//! it. The *service* role, `<owner>_service`, is what the program serves under: no owner, no
//! superuser, no BYPASSRLS. A third, `<owner>_reporting`, is a read-only group for reporting tools.

use sha2::{Digest, Sha256};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, Row,
    migrate::{MigrateError, Migrator},
    postgres::PgConnectOptions,
};

use crate::{
    ConnectError,
    db::{check_server, parse_address},
};

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!();

/// Why a database could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// It cannot be used at all.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The role may not make roles or schemas.
    #[error(
        "The database role `{role}` may not {what}. Muster makes a service role and two schemas of its own: give an address \
         whose role may create roles and schemas (ALTER ROLE {role} CREATEROLE; GRANT CREATE ON DATABASE … TO {role})."
    )]
    NotPermitted {
        /// The role of the address given.
        role: String,
        /// What it may not do.
        what: &'static str,
    },
    /// The service role is above row security.
    #[error(
        "The database role `{0}` is a superuser or bypasses row security, so it would see every customer's rows. Muster does \
         not serve under it: ALTER ROLE {0} NOSUPERUSER NOBYPASSRLS."
    )]
    ServiceTooStrong(String),
    /// The database of the program that Muster follows, not moved over yet.
    #[error(
        "This is the database of an older program, which Muster can take over: `muster upgrade inspect` says what would become \
         of it and changes nothing (docs/UPGRADING.md). Nothing was changed."
    )]
    Older,
    /// A newer Muster has been here.
    #[error(
        "The database has a migration ({0}) that this version of Muster does not know: a newer version has used it. \
         Start that version, or restore a backup made with this one."
    )]
    Newer(i64),
    /// A migration was changed after it ran here.
    #[error("Migration {0} is not the one that was applied to this database. Use the version of Muster that applied it.")]
    Changed(i64),
    /// A migration failed; it has been rolled back.
    #[error("The database could not be migrated: {0}. Nothing was changed by the failed step.")]
    Failed(String),
}

/// The number of the newest migration in this program.
pub(crate) fn latest_migration() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Migrates the database at `url` to this program's schema and returns how the service role
/// reaches it. Running it again changes nothing; several servers may run it at once.
///
/// `require_durable` refuses a server with fsync off; only tests pass `false`.
pub async fn migrate(url: &str, require_durable: bool) -> Result<PgConnectOptions, InstallError> {
    let given = parse_address(url)?.disable_statement_logging();
    let mut connection = given.connect().await.map_err(|error| ConnectError::Unreachable(error.to_string()))?;
    check_server(&mut connection, require_durable).await?;
    // Roles belong to the whole server: one at a time, also across databases.
    connection.execute("SELECT pg_advisory_lock(7296501)").await.map_err(failed)?;
    let outcome = prepare(&mut connection, &given, url).await;
    connection.close().await.map_err(failed)?;
    outcome
}

/// Makes a database on a server, unless it is there. `url` is a superuser's.
pub async fn create_database(url: &str, name: &str) -> Result<(), InstallError> {
    let mut connection = parse_address(url)?.connect().await.map_err(|error| ConnectError::Unreachable(error.to_string()))?;
    let there =
        sqlx::query("SELECT FROM pg_database WHERE datname = $1").bind(name).fetch_optional(&mut connection).await.map_err(failed)?;
    if there.is_none() {
        run(&mut connection, format!("CREATE DATABASE {}", quoted(name))).await?;
    }
    connection.close().await.map_err(failed)
}

/// The roles that a database of Muster's needs.
#[derive(Debug)]
pub(crate) struct Roles {
    /// The role of the address given.
    given: String,
    /// Who owns Muster's tables.
    pub(crate) owner: String,
    /// Who serves.
    pub(crate) service: String,
    secret: Option<String>,
    is_super: bool,
}

/// Makes the roles where they are missing. `url` is the address that `connection` came from.
pub(crate) async fn make_roles(connection: &mut PgConnection, url: &str) -> Result<Roles, InstallError> {
    let row = connection
        .fetch_one("SELECT current_user::text, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        .await
        .map_err(failed)?;
    let (role, is_super, may_create_roles): (String, bool, bool) = (row.get(0), row.get(1), row.get(2));
    let owner = if is_super { "muster".to_owned() } else { role.clone() };
    let service = format!("{owner}_service");
    let secret = service_secret(url);
    ensure_roles(connection, &owner, &service, secret.as_deref(), is_super, may_create_roles)
        .await?
        .then_some(())
        .ok_or(InstallError::NotPermitted { role: role.clone(), what: "create roles" })?;
    Ok(Roles { given: role, owner, service, secret, is_super })
}

async fn prepare(connection: &mut PgConnection, given: &PgConnectOptions, url: &str) -> Result<PgConnectOptions, InstallError> {
    // From the catalog, which also those may read who may not look into the schema.
    let is_older = "SELECT bool_or(c.relname = 'customers') AND NOT bool_or(c.relname = 'schema_migrations')
                    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'dna_app'";
    if connection.fetch_one(is_older).await.map_err(failed)?.get::<Option<bool>, _>(0) == Some(true) {
        return Err(InstallError::Older);
    }
    let Roles { given: role, owner, service, secret, is_super } = make_roles(connection, url).await?;
    if is_super {
        let database: String = connection.fetch_one("SELECT current_database()::text").await.map_err(failed)?.get(0);
        run(connection, format!("GRANT CREATE, CONNECT ON DATABASE {} TO {}", quoted(&database), quoted(&owner))).await?;
        run(connection, format!("SET ROLE {}", quoted(&owner))).await?;
    }
    for schema in ["auth", "dna_app"] {
        let there = sqlx::query("SELECT FROM pg_namespace WHERE nspname = $1").bind(schema).fetch_optional(&mut *connection).await;
        if there.map_err(failed)?.is_some() {
            continue;
        }
        let made = connection.execute(AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS {schema}"))).await;
        if made.is_err_and(|error| error.as_database_error().is_some_and(|e| e.code().as_deref() == Some("42501"))) {
            return Err(InstallError::NotPermitted { role, what: "create schemas" });
        }
    }
    MIGRATIONS.run(&mut *connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => InstallError::Newer(version),
        MigrateError::VersionMismatch(version) => InstallError::Changed(version),
        other => InstallError::Failed(other.to_string()),
    })?;
    Ok(service_options(given, &service, secret.as_deref()).await)
}

/// Makes the service and reporting roles where they are missing. `false`: not permitted.
async fn ensure_roles(
    connection: &mut PgConnection,
    owner: &str,
    service: &str,
    secret: Option<&str>,
    is_super: bool,
    may_create_roles: bool,
) -> Result<bool, InstallError> {
    let reporting = format!("{owner}_reporting");
    let password = secret.map_or_else(|| "NULL".to_owned(), |secret| format!("'{secret}'"));
    let wanted = [
        (owner, "NOLOGIN".to_owned()),
        (service, format!("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {password}")),
        (reporting.as_str(), "NOLOGIN".to_owned()),
    ];
    for (name, attributes) in wanted {
        let exists =
            sqlx::query("SELECT FROM pg_roles WHERE rolname = $1").bind(name).fetch_optional(&mut *connection).await.map_err(failed)?;
        if exists.is_none() {
            if !(is_super || may_create_roles) {
                return Ok(false);
            }
            run(connection, format!("CREATE ROLE {} {attributes}", quoted(name))).await?;
        } else if name == service && (is_super || may_create_roles) {
            // Not permitted on a role that somebody else made: then its password is theirs to keep.
            let _ = connection.execute(AssertSqlSafe(format!("ALTER ROLE {} PASSWORD {password}", quoted(name)))).await;
        }
    }
    if !is_super {
        // So that the owner can take it on where it cannot sign in by itself.
        let _ = connection.execute(AssertSqlSafe(format!("GRANT {} TO {}", quoted(service), quoted(owner)))).await;
    }
    let strong = sqlx::query("SELECT FROM pg_roles WHERE rolname = $1 AND (rolsuper OR rolbypassrls)")
        .bind(service)
        .fetch_optional(&mut *connection)
        .await;
    if strong.map_err(failed)?.is_some() {
        return Err(InstallError::ServiceTooStrong(service.to_owned()));
    }
    Ok(true)
}

/// The service role's password follows from the owner's, so that every server that is given the
/// same address knows it and nothing has to be kept. Where the address has no password there is
/// nothing secret to make one from: then the service role gets none, and nobody signs in as it by
/// password.
fn service_secret(url: &str) -> Option<String> {
    let password =
        url::Url::parse(url).ok().and_then(|url| url.password().map(ToOwned::to_owned)).filter(|password| !password.is_empty())?;
    let digest = Sha256::new().chain_update(b"muster service role\0").chain_update(password.as_bytes()).finalize();
    Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The service role's own sign-in; where the server's rules do not let it in by password, the
/// given role takes on the service role in every session instead, with the same rights.
async fn service_options(given: &PgConnectOptions, service: &str, secret: Option<&str>) -> PgConnectOptions {
    let direct = given.clone().username(service);
    let direct = match secret {
        Some(secret) => direct.password(secret),
        None => direct,
    };
    match direct.connect().await {
        Ok(connection) => {
            let _ = connection.close().await;
            direct
        }
        Err(error) => {
            tracing::warn!(%service, %error, "the service role cannot sign in by itself; taking it on with SET ROLE");
            given.clone().options([("role", service)])
        }
    }
}

async fn run(connection: &mut PgConnection, statement: String) -> Result<(), InstallError> {
    connection.execute(AssertSqlSafe(statement)).await.map(drop).map_err(failed)
}

fn failed(error: sqlx::Error) -> InstallError {
    InstallError::Failed(error.to_string())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
