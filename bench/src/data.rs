//! The database server of the bench, and the databases in it. They are kept for the next run, as long as what
//! they are made from is the same.

use std::path::{Path, PathBuf};

use pglocal::{Cluster, Settings};
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use crate::{Result, Run, machine::Machine};

const PEOPLE: &str = include_str!("../data/people.sql");
const BEGIN: &str = include_str!("../data/begin.sql");
const CUSTOMERS: &str = include_str!("../data/customers.sql");
const WHALE: &str = include_str!("../data/whale.sql");
const PROGRESS: &str = include_str!("../data/progress.sql");
const END: &str = include_str!("../data/end.sql");
const SESSION: &str = include_str!("../data/session.sql");
const SEED: &str = include_str!("../data/seed_shape.sql");

/// So many customers are made in one transaction.
const AT_ONCE: u32 = 10_000;

/// What the server is started with, beyond how it comes.
const SETTINGS: [(&str, &str); 3] = [("shared_buffers", "1GB"), ("max_wal_size", "4GB"), ("max_connections", "200")];

/// The bench: its server, its folder, and how it was asked.
#[derive(Debug)]
pub struct Bench {
    cluster: Cluster,
    folder: PathBuf,
    /// What was asked for.
    pub run: Run,
}

/// A database with customers.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its address for the superuser.
    pub url: String,
    /// Its address for the role that Muster serves under.
    pub service: String,
    /// Its name.
    pub database: String,
    /// The superuser.
    pub superuser: String,
    /// The folder of the server's socket.
    pub socket: String,
    /// The server's port.
    pub port: String,
    /// How many customers of 100 tasks there are, numbered from 1.
    pub customers: u32,
    /// The cookie of a signed-in administrator.
    pub admin: String,
    /// The cookie of a signed-in manager of the largest customer.
    pub manager: String,
    /// The cookie of a signed-in consultant, who looks after a tenth of the customers.
    pub consultant: String,
}

impl Place {
    /// The customer of 20,000 tasks.
    pub const fn whale(&self) -> u32 {
        self.customers + 1
    }

    /// The customer of the progress views.
    pub const fn progress(&self) -> u32 {
        self.customers + 2
    }

    /// A connection as the superuser, who is above row security.
    pub async fn superuser(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect(&self.url).await?)
    }

    /// A connection as Muster's, set up as Muster sets it up.
    pub async fn service(&self) -> Result<PgConnection> {
        let mut connection = PgConnection::connect(&self.service).await?;
        connection.execute("SET jit = off; SET search_path = dna_app").await?;
        Ok(connection)
    }
}

impl Bench {
    /// Starts the server.
    pub async fn open(run: Run) -> Result<Self> {
        let folder = run.data.clone().unwrap_or_else(|| std::env::temp_dir().join("muster-bench"));
        let mut settings = Settings::new(&folder);
        settings.settings = SETTINGS.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Ok(Self { cluster: Cluster::start(settings).await?, folder, run })
    }

    /// The folder of the program under test.
    pub fn program_folder(&self) -> PathBuf {
        self.folder.join("program")
    }

    /// The machine and its programs.
    pub fn machine(&self) -> Machine {
        let settings = SETTINGS.map(|(name, value)| format!("{name} = {value}")).join(", ");
        Machine::look(&self.run.muster, &self.run.python, format!("{} with {settings}", self.cluster.version()))
    }

    /// Where the server keeps its log.
    pub fn server_log(&self) -> PathBuf {
        self.folder.join("postgres/server.log")
    }

    /// Stops the server.
    pub async fn close(self) -> Result<()> {
        Ok(self.cluster.stop().await?)
    }

    /// The database of so many customers, made where it is not there yet. It has rows of the original schema,
    /// too, where they are wanted.
    pub async fn database(&self, customers: u32, with_seed: bool) -> Result<Place> {
        let database = format!("bench_{customers}");
        let superuser = self.cluster.superuser();
        let mut place = Place {
            url: self.url_of(&database),
            service: self.url_for("muster_service", &database),
            superuser: superuser.to_owned(),
            socket: self.cluster.socket_dir().to_string_lossy().into_owned(),
            port: self.cluster.port().to_string(),
            admin: draw(),
            manager: draw(),
            consultant: draw(),
            database,
            customers,
        };
        let mut server = PgConnection::connect(&self.url_of("postgres")).await?;
        let wanted = fingerprint(customers)?;
        let note =
            sqlx::query_scalar::<_, Option<String>>("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1");
        let note = note.bind(&place.database).fetch_optional(&mut server).await?.flatten().unwrap_or_default();
        if !note.starts_with(&wanted) {
            println!("Making the data of {customers} customers.");
            run(&mut server, format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", place.database)).await?;
            run(&mut server, format!("CREATE DATABASE {}", place.database)).await?;
            make(&place).await?;
            run(&mut server, format!("COMMENT ON DATABASE {} IS '{wanted}'", place.database)).await?;
        }
        if with_seed && !note.starts_with(&format!("{wanted} seed")) {
            println!("Making the same data in the original schema.");
            let mut connection = place.superuser().await?;
            connection.execute("SET maintenance_work_mem = '512MB'; DROP SCHEMA IF EXISTS seed CASCADE").await?;
            connection.execute(SEED).await?;
            connection.execute("VACUUM (ANALYZE)").await?;
            run(&mut server, format!("COMMENT ON DATABASE {} IS '{wanted} seed'", place.database)).await?;
        }
        let mut connection = place.superuser().await?;
        set(&mut connection, "bench.admin", &place.admin).await?;
        set(&mut connection, "bench.manager", &place.manager).await?;
        set(&mut connection, "bench.consultant", &place.consultant).await?;
        connection.execute(SESSION).await?;
        connection.execute("CHECKPOINT").await?;
        place.admin = format!("Cookie: muster={}", place.admin);
        place.manager = format!("Cookie: muster={}", place.manager);
        place.consultant = format!("Cookie: muster={}", place.consultant);
        Ok(place)
    }
}

impl Bench {
    /// A copy of a database, with the same people signed in, for whoever writes to it.
    pub async fn copy(&self, of: &Place, name: &str) -> Result<Place> {
        self.create_database(name, Some(&of.database)).await?;
        Ok(Place { url: self.url_of(name), service: self.url_for("muster_service", name), database: name.to_owned(), ..of.clone() })
    }

    /// Makes a database anew: empty, or as another one is.
    pub async fn create_database(&self, name: &str, like: Option<&str>) -> Result<()> {
        let mut server = PgConnection::connect(&self.url_of("postgres")).await?;
        run(&mut server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        let template = like.map_or_else(String::new, |like| format!(" TEMPLATE {like} STRATEGY file_copy"));
        run(&mut server, format!("CREATE DATABASE {name}{template}")).await
    }

    /// Removes a database.
    pub async fn drop_database(&self, name: &str) -> Result<()> {
        let mut server = PgConnection::connect(&self.url_of("postgres")).await?;
        run(&mut server, format!("DROP DATABASE {name} WITH (FORCE)")).await
    }

    /// The address of a database for the superuser.
    pub fn url_of(&self, database: &str) -> String {
        self.url_for(self.cluster.superuser(), database)
    }

    /// The address of a database for a role.
    pub fn url_for(&self, role: &str, database: &str) -> String {
        self.cluster.url(role, database)
    }
}

/// Migrates an empty database and fills it.
async fn make(place: &Place) -> Result<()> {
    muster_store::migrate(&place.url, true).await?;
    let mut connection = place.superuser().await?;
    connection.execute(BEGIN).await?;
    connection.execute(PEOPLE).await?;
    for first in (1..=place.customers).step_by(AT_ONCE as usize) {
        set(&mut connection, "bench.first", &first.to_string()).await?;
        set(&mut connection, "bench.last", &(first + AT_ONCE - 1).min(place.customers).to_string()).await?;
        connection.execute(CUSTOMERS).await?;
    }
    set(&mut connection, "bench.whale", &place.whale().to_string()).await?;
    set(&mut connection, "bench.progress", &place.progress().to_string()).await?;
    connection.execute(WHALE).await?;
    connection.execute(PROGRESS).await?;
    connection.execute(END).await?;
    connection.execute("VACUUM (ANALYZE)").await?;
    let tasks: i64 = connection.fetch_one("SELECT count(*) FROM dna_app.customer_tasks").await?.get(0);
    let expected = 100 * i64::from(place.customers) + 22_000;
    if tasks == expected { Ok(()) } else { Err(format!("there are {tasks} tasks where there should be {expected}").into()) }
}

/// What the data is made from: the same words give the same rows.
fn fingerprint(customers: u32) -> Result<String> {
    let mut hash = Sha256::new();
    for text in [PEOPLE, BEGIN, CUSTOMERS, WHALE, PROGRESS, END, SEED] {
        hash.update(text);
    }
    // The migrations, so that a database of an older Muster is made anew.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/store/migrations");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    for file in files {
        hash.update(std::fs::read(file)?);
    }
    // The days of its tasks are counted from the day on which it was made.
    let day = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs() / 86_400 / 7;
    hash.update(format!("{customers} {day}"));
    Ok(hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

/// The words of a cookie: 256 bits in hexadecimal digits.
fn draw() -> String {
    format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}

async fn set(connection: &mut PgConnection, name: &str, value: &str) -> Result<()> {
    sqlx::query("SELECT set_config($1, $2, false)").bind(name).bind(value).execute(connection).await?;
    Ok(())
}

async fn run(connection: &mut PgConnection, statement: String) -> Result<()> {
    connection.execute(AssertSqlSafe(statement)).await?;
    Ok(())
}
