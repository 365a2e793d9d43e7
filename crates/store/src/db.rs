//! The connection pool and the two ways into a transaction.

use std::{str::FromStr, time::Duration};

use sqlx::{
    AssertSqlSafe, Connection as _, Executor, PgPool, Postgres, Row, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    ConnectError, Error, Result,
    gathered::Gathering,
    held_sessions::{self, Held},
    lookups::Lookups,
    workspace::Names,
};

/// For how long a connection may lie unused before it is asked whether it is still there.
const UNASKED: Duration = Duration::from_secs(1);

/// Connections for lookups are a quarter of the others, and so many at least. Together they stay below the hundred
/// that a server has unless told otherwise.
const LEAST_LOOKUPS: u32 = 4;

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
    /// Connections kept apart for who somebody is and what has changed.
    pub(crate) lookups: Lookups,
    /// Those who ask at this moment who holds a session.
    pub(crate) sessions: Gathering<held_sessions::Question, Option<Held>>,
    /// The names of people who have tasks.
    pub(crate) names: Names,
    /// One connection kept apart, so that health can be told while all others are busy.
    health: PgPool,
}

impl Store {
    /// Opens the pool. The server is only contacted when a connection is first needed.
    pub fn open(settings: &Settings) -> Self {
        let options = session_options(settings.options.clone());
        let pool = pool_of(settings, settings.max_connections, options.clone());
        // They find their rows by keys, or are functions that plan for themselves: one plan does whatever is asked for.
        let planned_once = options.clone().options([("plan_cache_mode", "force_generic_plan")]);
        let most_lookups = (settings.max_connections / 4).max(LEAST_LOOKUPS);
        let lookups = Lookups::of(pool_of(settings, most_lookups, planned_once), settings.acquire_timeout);
        // Half of them: with more, fewer would be asked together.
        let sessions = Gathering::of(usize::try_from(most_lookups / 2).unwrap_or(1));
        let health = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(2)).connect_lazy_with(options);
        Self { pool, lookups, sessions, names: Names::default(), health }
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

    /// The most connections that requests work with; those of lookups are not among them.
    pub fn most_connections(&self) -> usize {
        self.pool.options().get_max_connections().try_into().unwrap_or(usize::MAX)
    }

    /// Connections in use, those that wait for work, and the most that there may be: those of lookups included.
    pub fn connections(&self) -> [i64; 3] {
        let pools = [(&self.pool, self.pool.num_idle()), (self.lookups.pool(), self.lookups.count_idle())];
        pools.into_iter().fold([0; 3], |[busy, waiting, most], (pool, idle)| {
            let idle = i64::try_from(idle).unwrap_or(i64::MAX);
            let in_use = (i64::from(pool.size()) - idle).max(0);
            [busy + in_use, waiting + idle, most + i64::from(pool.options().get_max_connections())]
        })
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
        self.lookups.close().await;
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
        begun(&self.pool, format!("{begin}; {settings}")).await
    }

    /// Begins a transaction of the program's own, without row security settings.
    pub(crate) async fn begin_plain(&self) -> Result<Transaction<'static, Postgres>> {
        begun(&self.pool, "BEGIN".to_owned()).await
    }
}

/// A pool that asks a connection whether it is still there only when it has lain unused for a while: in a
/// busy one that would cost every request a round trip.
fn pool_of(settings: &Settings, max_connections: u32, options: PgConnectOptions) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(max_connections).acquire_timeout(settings.acquire_timeout).test_before_acquire(false);
    pool.before_acquire(|connection, unused| Box::pin(async move { Ok(unused.idle_for < UNASKED || connection.ping().await.is_ok()) }))
        .connect_lazy_with(options)
}

/// Begins a transaction in a task of its own. A client that leaves while BEGIN is under way would leave an open
/// transaction behind, which sqlx hands to the next borrower; the task goes on to the transaction, and drops it.
async fn begun(pool: &PgPool, statement: String) -> Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    let attempt = {
        let pool = pool.clone();
        move || {
            let (pool, statement) = (pool.clone(), statement.clone());
            async move { pool.begin_with(AssertSqlSafe(statement)).await }
        }
    };
    let begun = tokio::spawn(async move { persistently(&pool, attempt).await });
    begun.await.map_err(|error| Error::Unexpected(sqlx::Error::Protocol(error.to_string())))?
}

/// Does what may be done again while it falls on connections that are gone, as just after a restart of the server.
pub(crate) async fn persistently<T, F: Future<Output = sqlx::Result<T>>>(pool: &PgPool, attempt: impl Fn() -> F) -> Result<T> {
    let mut left = pool.size();
    loop {
        match attempt().await {
            Err(sqlx::Error::Io(_)) if left > 0 => left -= 1,
            Err(sqlx::Error::Database(error)) if left > 0 && error.code().is_some_and(|code| ENDED.contains(&&*code)) => left -= 1,
            outcome => return Ok(outcome?),
        }
    }
}

/// What the server says of a connection that it ends: shutting down, crashed, idle for too long.
const ENDED: [&str; 3] = ["57P01", "57P02", "57P05"];

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
