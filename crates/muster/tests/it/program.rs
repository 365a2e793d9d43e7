//! The program itself, run as people run it: its messages when something is in the way, its ready
//! line, its end, and what it has kept after being killed.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    process::{Child, Command},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_muster");

/// A folder of a test's own, where the private server's user can reach it.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("muster-program-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn muster(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env_remove("DATABASE_URL").stdin(Stdio::null()).kill_on_drop(true);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MUSTER_")) {
        command.env_remove(name);
    }
    command
}

/// Runs the program to its end and gives its exit code and what it said on standard error.
async fn fail(command: &mut Command) -> (i32, String) {
    let output = tokio::time::timeout(Duration::from_secs(30), command.output()).await.expect("the program did not end").unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The program, ready to be asked.
pub struct Running {
    child: Child,
    ready: Value,
    took: Duration,
}

impl Running {
    pub async fn start(command: &str, data: &Path) -> Self {
        let began = Instant::now();
        let data = data.to_str().unwrap();
        let mut child = muster(&[command, "--listen", "127.0.0.1:0", "--data", data, "--json"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(Duration::from_secs(60), lines.next_line()).await.expect("not ready within a minute").unwrap();
        Self { child, ready: serde_json::from_str(&line.expect("no ready line")).unwrap(), took: began.elapsed() }
    }

    pub fn address(&self) -> &str {
        self.ready["url"].as_str().unwrap().trim_start_matches("http://")
    }

    /// Sends a request and gives status, cookie and body.
    pub async fn ask(&self, method: &str, path: &str, cookie: &str, body: &Value) -> Option<(u16, String, Value)> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}",
            host = self.address(),
            length = body.len()
        );
        let mut stream = TcpStream::connect(self.address()).await.ok()?;
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let cookie =
            head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).and_then(|cookie| cookie.split(';').next()).unwrap_or_default();
        Some((status, cookie.to_owned(), serde_json::from_str(body).unwrap_or(Value::Null)))
    }

    pub async fn sign_in(&self, role: &str) -> String {
        let person = self.ready["people"].as_array().unwrap().iter().find(|person| person["role"] == role).unwrap();
        let body = json!({ "email": person["email"], "password": person["password"] });
        let (status, cookie, answer) = self.ask("POST", "/api/v1/session", "", &body).await.unwrap();
        assert_eq!(status, 201, "{role}: {answer}");
        cookie
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let id = i32::try_from(self.child.id().unwrap()).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Ends it in the middle of whatever it does.
    pub async fn kill(mut self) {
        self.signal(rustix::process::Signal::KILL);
        self.child.wait().await.unwrap();
    }

    pub async fn stop(mut self) {
        self.signal(rustix::process::Signal::TERM);
        let status = tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await.expect("it did not stop").unwrap();
        assert!(status.success(), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_kept_through_stops_and_kills() {
    let folder = Folder::new("demo");
    let first = Running::start("demo", &folder.0).await;
    for person in first.ready["people"].as_array().unwrap() {
        first.sign_in(person["role"].as_str().unwrap()).await;
    }
    let admin = first.sign_in("admin").await;
    let (_, _, customers) = first.ask("GET", "/api/v1/customers", &admin, &Value::Null).await.unwrap();
    assert_eq!((&customers["total"], &customers["items"][0]["name"]), (&json!(3), &json!("Acme Corp")));

    // A second program on the same folder is told so and changes nothing.
    let (code, words) = fail(&mut muster(&["demo", "--listen", "127.0.0.1:0", "--data", folder.0.to_str().unwrap()])).await;
    assert_eq!(code, 1);
    assert!(words.contains("another") && words.contains(folder.0.to_str().unwrap()), "{words}");

    // Killed while customers are being created: what was acknowledged is there afterwards.
    let mut running = first;
    let mut acknowledged = Vec::new();
    for round in 0..2 {
        let cookie = running.sign_in("admin").await;
        let until = Instant::now() + Duration::from_millis(700);
        // However slow the machine is, each round has something to lose.
        let enough = acknowledged.len() + 11;
        while Instant::now() < until || acknowledged.len() < enough {
            let name = format!("Kept {round} {}", acknowledged.len());
            let (status, _, _) = running.ask("POST", "/api/v1/customers", &cookie, &json!({ "name": name })).await.unwrap();
            assert_eq!(status, 201);
            acknowledged.push(name);
        }
        running.signal(rustix::process::Signal::KILL);
        running.child.wait().await.unwrap();
        running = Running::start("demo", &folder.0).await;
    }
    let cookie = running.sign_in("admin").await;
    let (_, _, kept) = running.ask("GET", "/api/v1/customers?q=kept&limit=1", &cookie, &Value::Null).await.unwrap();
    assert!(acknowledged.len() > 20, "{} customers were not enough to try", acknowledged.len());
    assert_eq!(kept["total"], acknowledged.len());
    assert!(running.took < Duration::from_secs(10), "ready after {:?} with data present", running.took);
    running.stop().await;

    // Where the file with the passwords is gone, new ones are drawn, and they work.
    std::fs::remove_file(folder.0.join("demo-people.json")).unwrap();
    let again = Running::start("demo", &folder.0).await;
    again.sign_in("manager").await;
    again.stop().await;
}

/// Told to stop at once, even while it is still starting, it stops in order, the database with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_in_order_from_the_first_moment() {
    let folder = Folder::new("stop");
    let running = Running::start("serve", &folder.0).await;
    running.stop().await;
    for wait in [0, 50, 170] {
        let mut child =
            muster(&["serve", "--listen", "127.0.0.1:0", "--data", folder.0.to_str().unwrap()]).stdout(Stdio::null()).spawn().unwrap();
        let number = child.id().unwrap();
        let began = Instant::now();
        while !catches_interrupts(number) {
            assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
            assert!(began.elapsed() < Duration::from_secs(30), "it never listens to signals");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // From its first moment: before there is a database to be left behind.
        assert!(wait > 0 || !folder.0.join("postgres/data/postmaster.pid").exists(), "it listens to signals too late");
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let id = rustix::process::Pid::from_raw(i32::try_from(number).unwrap()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        let status = tokio::time::timeout(Duration::from_secs(30), child.wait()).await.expect("it did not stop").unwrap();
        assert!(status.success(), "after {wait} ms: {status}");
        assert!(!folder.0.join("postgres/data/postmaster.pid").exists(), "the database is still there after {wait} ms");
    }
}

/// Whether a process has a handler for SIGINT, as Linux tells it: on a busy machine it takes the program a while to
/// come to its first line. Elsewhere it is believed to have one.
fn catches_interrupts(process: u32) -> bool {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{process}/status")) else { return true };
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    caught.is_some_and(|mask| mask & 0b10 != 0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_installation_prints_a_setup_link() {
    let folder = Folder::new("serve");
    let running = Running::start("serve", &folder.0).await;
    let link = running.ready["setup"].as_str().unwrap().to_owned();
    let path = link.strip_prefix(running.ready["url"].as_str().unwrap()).unwrap();
    let (status, ..) = running.ask("GET", path, "", &Value::Null).await.unwrap();
    assert_eq!(status, 200);
    let (status, ..) = running.ask("GET", "/health/ready", "", &Value::Null).await.unwrap();
    assert_eq!(status, 200);
    running.stop().await;
}

#[tokio::test]
async fn what_stands_in_the_way_is_said_in_a_paragraph() {
    let folder = Folder::new("failures");
    let data = folder.0.to_str().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().to_string();
    let unusable = folder.0.join("file");
    std::fs::write(&unusable, "").unwrap();
    let library = folder.0.join("library");
    std::fs::create_dir(&library).unwrap();
    std::fs::write(library.join("standards.yaml"), "standards:\n  - code: X\n    nam: Y\n").unwrap();
    let settings = folder.0.join("muster.toml");
    std::fs::write(&settings, "listn = \"x\"\n").unwrap();
    let mut misspelt = muster(&["serve", "--data", data]);
    misspelt.env("MUSTER_LISTN", "x");
    let cases: Vec<(Command, &[&str])> = vec![
        (muster(&["serve", "--listen", &port, "--data", data]), &["cannot listen", "--listen"]),
        (muster(&["serve", "--listen", "nowhere"]), &["nowhere", "--listen"]),
        (muster(&["serve", "--listen", "127.0.0.1:0", "--data", unusable.to_str().unwrap()]), &["file"]),
        (
            muster(&["serve", "--listen", "127.0.0.1:0", "--database", "postgres://nobody@127.0.0.1:1/none"]),
            &["cannot be reached", "--database"],
        ),
        (muster(&["serve", "--listen", "127.0.0.1:0", "--database", "mysql://x"]), &["postgres://"]),
        (muster(&["serve", "--config", settings.to_str().unwrap()]), &["muster.toml", "listn"]),
        (muster(&["library", "import", library.to_str().unwrap(), "--data", data]), &["standards.yaml", "line 3", "nam"]),
        (misspelt, &["MUSTER_LISTN"]),
        (
            muster(&["serve", "--data", data, "--oidc-issuer", "http://login.example", "--oidc-client-id", "muster"]),
            &["http://login.example", "https://", "--oidc-issuer"],
        ),
        (muster(&["serve", "--data", data, "--files-bucket", "https://files.example"]), &["https://files.example", "--files-bucket"]),
        (muster(&["serve", "--data", data, "--oidc-issuer", "https://login.example"]), &["--oidc-client-id"]),
        (muster(&["serve", "--data", data, "--oidc-client-id", "muster"]), &["issuer is missing", "--oidc-issuer"]),
    ];
    for (mut command, expected) in cases {
        let (code, words) = fail(&mut command).await;
        assert_eq!(code, 1, "{words}");
        assert_eq!(words.trim().lines().filter(|line| line.trim().is_empty()).count(), 0, "more than a paragraph: {words}");
        assert!(!words.contains("panicked"), "{words}");
        for part in expected {
            assert!(words.contains(part), "{part} is missing: {words}");
        }
    }
    let (code, _) = fail(&mut muster(&["dance"])).await;
    assert_eq!(code, 2);
}

/// On a server that was named, Muster makes its own roles and serves as one that owns nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_named_server_is_used_under_the_service_role() {
    let database = crate::cluster::TestDatabase::create_empty().await;
    let options = muster_store::migrate(&database.url(), false).await.unwrap();
    let again = muster_store::migrate(&database.url(), false).await.unwrap();
    assert_eq!(format!("{options:?}"), format!("{again:?}"));
    let store = muster_store::Store::open(&muster_store::Settings::new(options));
    assert!(store.is_ready().await.unwrap());
    let mut superuser = database.superuser().await;
    let serving: String =
        sqlx::query_scalar("SELECT usename::text FROM pg_stat_activity WHERE application_name = 'muster' AND datname = current_database()")
            .fetch_one(&mut superuser)
            .await
            .unwrap();
    assert_eq!(serving, "muster_service");
    assert!(muster_store::migrate(&database.url(), true).await.unwrap_err().to_string().contains("fsync=off"));
}

/// A database that cannot hold every text is refused before anything is made in it.
#[tokio::test]
async fn a_database_of_another_encoding_is_refused() {
    let database = crate::cluster::TestDatabase::create_empty().await;
    let mut superuser = database.superuser().await;
    let name: String = sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut superuser).await.unwrap();
    let create = format!("CREATE DATABASE {name}_latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    sqlx::query(sqlx::AssertSqlSafe(create)).execute(&mut superuser).await.unwrap();
    let url = database.url().replace(&name, &format!("{name}_latin"));
    let refused = muster_store::migrate(&url, false).await.unwrap_err().to_string();
    assert!(refused.contains("LATIN1") && refused.contains("ENCODING 'UTF8'"), "{refused}");
    let inspected = muster_service::legacy::inspect(&url).await.unwrap_err().to_string();
    assert_eq!(inspected, refused);
}

/// A role that owns nothing but may create roles and schemas is enough.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_is_no_superuser_will_do() {
    let database = crate::cluster::TestDatabase::create_empty().await;
    let mut superuser = database.superuser().await;
    let name: String = sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut superuser).await.unwrap();
    for statement in [format!("CREATE ROLE {name} LOGIN CREATEROLE"), format!("GRANT CREATE ON DATABASE {name} TO {name}")] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut superuser).await.unwrap();
    }
    let options = muster_store::migrate(&database.url_as(&name), false).await.unwrap();
    let store = muster_store::Store::open(&muster_store::Settings::new(options));
    assert!(store.is_ready().await.unwrap());
    let roles: Vec<String> = sqlx::query_scalar("SELECT rolname::text FROM pg_roles WHERE rolname LIKE $1 || '%' ORDER BY 1")
        .bind(&name)
        .fetch_all(&mut superuser)
        .await
        .unwrap();
    assert_eq!(roles, [name.clone(), format!("{name}_reporting"), format!("{name}_service")]);
    let weak = format!("{name}_weak");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE ROLE {weak} LOGIN"))).execute(&mut superuser).await.unwrap();
    let error = muster_store::migrate(&database.url_as(&weak), false).await.unwrap_err().to_string();
    assert!(error.contains("may not create roles"), "{error}");
    store.close().await;
    sqlx::query(sqlx::AssertSqlSafe(format!("DROP ROLE {weak}"))).execute(&mut superuser).await.unwrap();
}
