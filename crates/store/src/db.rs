//! The connection pool and the two ways into a transaction.

use std::{str::FromStr, time::Duration};

use sqlx::{
    AssertSqlSafe, Executor, PgPool, Postgres, Row, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{ConnectError, Result};

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The service role's address, as `install` gives it.
    pub options: PgConnectOptions,
    /// The most connections held at once.
    pub max_connections: u32,
    /// How long a request waits for a free connection before it is told to come back.
    pub acquire_timeout: Duration,
}

impl Settings {
    /// Settings for one machine: a few connections for each core are enough, because statements
    /// are short; more would only queue inside PostgreSQL.
    pub fn new(options: PgConnectOptions) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, |n| u32::try_from(n.get()).unwrap_or(64));
        Self { options, max_connections: (cores * 4).clamp(8, 64), acquire_timeout: Duration::from_secs(2) }
    }
}

/// The database, as the service role. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: PgPool,
    /// One connection kept apart, so that health can be told while all others are busy.
    health: PgPool,
}

impl Store {
    /// Opens the pool. The server is only contacted when a connection is first needed.
    pub fn open(settings: &Settings) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(settings.max_connections)
            .acquire_timeout(settings.acquire_timeout)
            // A client that leaves while BEGIN is under way leaves an open transaction behind, and
            // sqlx hands it to the next borrower. Rolling back on every return cures it. The
            // request has its answer by then, so nobody waits for it.
            .after_release(|connection, _| {
                Box::pin(async move {
                    // With BEGIN before it, it is never a rollback of nothing, which PostgreSQL
                    // would note in its log each time.
                    connection.execute("BEGIN; ROLLBACK").await?;
                    Ok(true)
                })
            })
            .connect_lazy_with(session_options(settings.options.clone()));
        let health = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(2))
            .connect_lazy_with(session_options(settings.options.clone()));
        Self { pool, health }
    }

    /// Opens the database of an address as it is, in the role of the address, without migrating:
    /// for commands that only look.
    ///
    /// # Errors
    /// [`ConnectError::Address`] where it is no address.
    pub fn open_as_is(url: &str) -> Result<Self, ConnectError> {
        Ok(Self::open(&Settings::new(parse_address(url)?)))
    }

    /// Whether the database answers and has every migration that this program was built with.
    pub async fn is_ready(&self) -> Result<bool> {
        let latest = crate::install::latest_migration();
        let found: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM dna_app.schema_migrations WHERE version = $1 AND success)")
            .bind(latest)
            .fetch_one(&self.health)
            .await?;
        Ok(found)
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
        self.health.close().await;
    }

    /// Begins a transaction whose row security settings are made once, together with BEGIN, in one
    /// round trip. `settings` are literals made by this crate from numbers only, never from input.
    pub(crate) async fn begin(&self, mode: Mode, settings: &str) -> Result<Transaction<'static, Postgres>> {
        let begin = match mode {
            // One snapshot for all statements of a reader, so that they fit together.
            Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Mode::Write => "BEGIN",
        };
        Ok(self.pool.begin_with(AssertSqlSafe(format!("{begin}; {settings}"))).await?)
    }
}

/// Whether a transaction may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Read,
    Write,
}

/// What every session of the service has: statements and locks are bounded, so that no request
/// holds a connection for ever.
fn session_options(options: PgConnectOptions) -> PgConnectOptions {
    options.application_name("muster").options([
        ("statement_timeout", "30s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "60s"),
        ("search_path", "dna_app"),
        // Statements are short: compiling them takes longer than running them.
        ("jit", "off"),
    ])
}

/// Reads an address and fails with words a person can act on.
pub(crate) fn parse_address(url: &str) -> Result<PgConnectOptions, ConnectError> {
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return Err(ConnectError::Address("it does not begin with postgres://".to_owned()));
    }
    PgConnectOptions::from_str(url).map_err(|error| ConnectError::Address(error.to_string()))
}

/// Refuses a server that is too old, or that may lose what it has acknowledged.
pub(crate) async fn check_server(connection: &mut sqlx::PgConnection, require_durable: bool) -> Result<(), ConnectError> {
    let unreachable = |error: sqlx::Error| ConnectError::Unreachable(error.to_string());
    let row = connection
        .fetch_one("SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')")
        .await
        .map_err(unreachable)?;
    if row.get::<i32, _>(0) < 150_000 {
        return Err(ConnectError::TooOld(row.get(1)));
    }
    if require_durable && row.get::<String, _>(2) == "off" {
        return Err(ConnectError::NotDurable("fsync"));
    }
    if require_durable && row.get::<String, _>(3) == "off" {
        return Err(ConnectError::NotDurable("synchronous_commit"));
    }
    check_encoding(connection).await
}

/// Refuses a database that is not in UTF-8.
pub(crate) async fn check_encoding(connection: &mut sqlx::PgConnection) -> Result<(), ConnectError> {
    let row = connection.fetch_one("SELECT current_setting('server_encoding')").await;
    let encoding: String = row.map_err(|error| ConnectError::Unreachable(error.to_string()))?.get(0);
    if encoding == "UTF8" { Ok(()) } else { Err(ConnectError::Encoding(encoding)) }
}
