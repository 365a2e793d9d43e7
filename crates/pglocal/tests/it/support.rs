use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use pglocal::{Cluster, Settings};

/// A folder that every user can walk through, removed on drop.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(format!("/tmp/pglocal-test-{}-{n}", std::process::id()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn data(&self) -> PathBuf {
        self.0.join("postgres/data")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Settings that do not wait for the disk.
pub fn quick(data_dir: &Path) -> Settings {
    Settings { durable: false, ..Settings::new(data_dir) }
}

pub async fn start(data_dir: &Path) -> Cluster {
    Cluster::start(quick(data_dir)).await.unwrap()
}

fn psql(cluster: &Cluster, sql: &str) -> Output {
    Command::new(cluster.bin_dir().join("psql"))
        .arg(cluster.url(cluster.superuser(), "postgres"))
        .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql])
        .output()
        .unwrap()
}

pub fn query(cluster: &Cluster, sql: &str) -> String {
    let output = psql(cluster, sql);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// As a client sees a server that is away for a moment.
pub fn query_soon(cluster: &Cluster, sql: &str) -> String {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(10) {
        let output = psql(cluster, sql);
        if output.status.success() {
            return String::from_utf8_lossy(&output.stdout).trim().to_owned();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    query(cluster, sql)
}

pub fn postmaster_pid(data: &Path) -> i32 {
    let text = fs::read_to_string(data.join("postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

pub fn signal(pid: i32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

/// A process that was not ours stays in the table until its new parent collects it.
pub fn is_running(pid: i32) -> bool {
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
