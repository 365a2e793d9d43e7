//! One private cluster for the whole run, with fsync off, and a database of its own for each test,
//! cloned from a template that is migrated and peopled once.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use pglocal::Cluster;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// The name of the template database.
const TEMPLATE: &str = "muster_template";

/// The cluster, for as long as a test uses it: with the last test it stops.
static CLUSTER: Mutex<Weak<Shared>> = Mutex::new(Weak::new());
static STARTING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
static NUMBER: AtomicU32 = AtomicU32::new(0);
static IS_CLEAN: Mutex<bool> = Mutex::new(false);

/// The running cluster.
pub struct Shared {
    cluster: Cluster,
}

/// A database of a test's own.
#[derive(Clone)]
pub struct TestDatabase {
    shared: Arc<Shared>,
    name: String,
}

impl TestDatabase {
    /// A fresh database, as the template is.
    pub async fn create() -> Self {
        let shared = shared().await;
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let database = Self { shared, name };
        // Cloning wants the template to itself, so clones are made one after the other.
        let _one_at_a_time = STARTING.lock().await;
        run(&database.superuser_url("postgres"), &format!("CREATE DATABASE {} TEMPLATE {TEMPLATE}", database.name)).await;
        database
    }

    /// An empty database, without Muster.
    pub async fn create_empty() -> Self {
        let shared = shared().await;
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let database = Self { shared, name };
        run(&database.superuser_url("postgres"), &format!("CREATE DATABASE {}", database.name)).await;
        database
    }

    /// The address of this database for the superuser.
    pub fn url(&self) -> String {
        self.superuser_url(&self.name)
    }

    /// The address of this database for a role.
    pub fn url_as(&self, role: &str) -> String {
        self.shared.cluster.url(role, &self.name)
    }

    fn superuser_url(&self, database: &str) -> String {
        self.shared.cluster.url(self.shared.cluster.superuser(), database)
    }

    /// A connection as the superuser, who is above row security.
    pub async fn superuser(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.unwrap()
    }

    /// A connection as the service role.
    pub async fn service(&self) -> PgConnection {
        PgConnection::connect(&self.url_as("muster_service")).await.unwrap()
    }
}

async fn run(url: &str, statement: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute(AssertSqlSafe(statement.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}

async fn shared() -> Arc<Shared> {
    let _starting = STARTING.lock().await;
    if let Some(shared) = CLUSTER.lock().unwrap().upgrade() {
        return shared;
    }
    let shared = Arc::new(Shared { cluster: start().await });
    *CLUSTER.lock().unwrap() = Arc::downgrade(&shared);
    let is_clean = std::mem::replace(&mut *IS_CLEAN.lock().unwrap(), true);
    if !is_clean {
        prepare(&shared.cluster).await;
    }
    shared
}

/// The folder is kept between runs, so that only the first one pays for making a cluster. It lies
/// where the server's user can reach it.
async fn start() -> Cluster {
    let place = format!("{}-{}", env!("CARGO_MANIFEST_DIR"), std::env::var("USER").unwrap_or_default());
    let hash: String = Sha256::digest(place).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let folder: PathBuf = std::env::temp_dir().join(format!("muster-tests-{hash}"));
    let settings = || {
        let mut settings = pglocal::Settings::new(&folder);
        settings.durable = false;
        settings.settings = vec![("max_connections".to_owned(), "300".to_owned())];
        settings
    };
    for _ in 0..300 {
        match Cluster::start(settings()).await {
            Ok(cluster) => return cluster,
            // Another run, or the cluster's own end, a moment ago.
            Err(pglocal::Error::InUse { .. }) => tokio::time::sleep(Duration::from_millis(200)).await,
            Err(error) => panic!("{error}"),
        }
    }
    panic!("another test run has used {} for a minute", folder.display());
}

/// Drops what earlier runs left and makes the template anew.
async fn prepare(cluster: &Cluster) {
    let url = cluster.url(cluster.superuser(), "postgres");
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let old: Vec<String> = sqlx::query_scalar("SELECT datname::text FROM pg_database WHERE datname LIKE 'test\\_%' OR datname = $1")
        .bind(TEMPLATE)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    for name in old {
        connection.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
    }
    let roles: Vec<String> =
        sqlx::query_scalar("SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'test\\_%'").fetch_all(&mut connection).await.unwrap();
    for role in roles {
        connection.execute(AssertSqlSafe(format!("DROP ROLE {role}"))).await.unwrap();
    }
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {TEMPLATE}"))).await.unwrap();
    connection.close().await.unwrap();
    crate::app::people_template(&cluster.url(cluster.superuser(), TEMPLATE)).await;
}
