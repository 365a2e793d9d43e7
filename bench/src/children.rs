//! The programs that are started: Muster, the original schema's endpoint, the limits. Each ends with its value.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
};

use crate::{Result, data::Place};

/// How long a program may take until it can be asked.
const READY: Duration = Duration::from_secs(120);

/// A program that serves.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where, as address and port.
    pub address: String,
    /// How long it took until it could be asked.
    pub took: Duration,
}

impl Server {
    /// Muster, as people run it, on a database. `cache` is how many megabytes of workspaces it keeps.
    pub async fn muster(program: &Path, data: &Path, database: &str, cache: Option<u32>) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--json", "--database", database, "--data"]).arg(data);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MUSTER_") || name == "DATABASE_URL") {
            command.env_remove(name);
        }
        if let Some(megabytes) = cache {
            command.env("MUSTER_WORKSPACE_CACHE", megabytes.to_string());
        }
        // What it says goes where a service's words go: to a file.
        std::fs::create_dir_all(data)?;
        let log = data.join(format!("muster-{}.log", cache.map_or_else(|| "usual".to_owned(), |megabytes| format!("cache-{megabytes}"))));
        command.stderr(std::fs::File::create(&log)?);
        Self::start(command).await.map_err(|error| {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            let last: Vec<&str> = said.lines().rev().take(3).collect();
            format!("{error}: {}", last.into_iter().rev().collect::<Vec<_>>().join(" ")).into()
        })
    }

    /// The limits.
    pub async fn limits(database: &str, size: usize) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["limits", "--database", database, "--size", &size.to_string()]);
        Self::start(command).await
    }

    /// The original schema's endpoint, with two workers.
    pub async fn peer(python: &Path, place: &Place) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let began = Instant::now();
        let child = Command::new(python)
            .args(["-m", "uvicorn", "endpoint:app", "--app-dir"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("peer"))
            .args(["--workers", "2", "--loop", "uvloop", "--http", "httptools", "--host", "127.0.0.1", "--port", &port.to_string()])
            .args(["--no-access-log", "--log-level", "warning"])
            .envs([
                ("PGHOST", place.socket.as_str()),
                ("PGPORT", &place.port),
                ("PGUSER", &place.superuser),
                ("PGDATABASE", &place.database),
            ])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let server = Self { child, address: format!("127.0.0.1:{port}"), took: Duration::ZERO };
        while TcpStream::connect(&server.address).await.is_err() {
            if began.elapsed() > READY {
                return Err("the original schema's endpoint does not start".into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        // The second worker comes a little after the first.
        tokio::time::sleep(Duration::from_secs(2)).await;
        Ok(server)
    }

    async fn start(mut command: Command) -> Result<Self> {
        let began = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{} cannot be started: {error}", command.as_std().get_program().to_string_lossy()))?;
        let output = child.stdout.take().ok_or("a program without an output")?;
        let mut lines = BufReader::new(output).lines();
        let line = tokio::time::timeout(READY, lines.next_line()).await??.ok_or("a program ended before it was ready")?;
        let took = began.elapsed();
        let ready: Value = serde_json::from_str(&line)?;
        let address = ready["url"].as_str().unwrap_or_default().trim_start_matches("http://").to_owned();
        // What it says later is read, so that it never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { child, address, took })
    }

    /// Its memory, in megabytes: what is resident now, and what was at the most.
    pub fn memory(&self) -> Result<(f64, f64)> {
        let id = self.id()?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let value = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.trim_end_matches("kB").trim().parse::<f64>().unwrap_or_default() / 1024.0
        };
        Ok((value("VmRSS:"), value("VmHWM:")))
    }

    /// The number of its process.
    pub fn id(&self) -> Result<u32> {
        Ok(self.child.id().ok_or("the program has ended")?)
    }

    /// How many files and connections it has open.
    pub fn open_files(&self) -> Result<f64> {
        let id = self.id()?;
        Ok(std::fs::read_dir(format!("/proc/{id}/fd"))?.count() as f64)
    }

    /// Tells it to end, and waits until it has.
    pub async fn stop(mut self) -> Result<()> {
        if let Some(id) = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).unwrap_or_default())) {
            kill_process(id, Signal::TERM)?;
        }
        if tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        Ok(())
    }
}
