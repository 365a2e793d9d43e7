use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pglocal::{Cluster, Error};

use crate::support::{Scratch, is_running, postmaster_pid, query, quick, start};

const FOLDER: &str = "PGLOCAL_TEST_FOLDER";

/// Not a test: the process that the tests below start in order to kill it.
#[tokio::test]
#[ignore = "is started by other tests"]
async fn owner() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let cluster = start(&folder).await;
    query(&cluster, "create table t as select 42 as n");
    fs::write(folder.join("ready"), "").unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

/// Leaves a server behind whose owner was killed; gives its process number.
fn leak(folder: &Path) -> i32 {
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "leftovers::owner", "--ignored"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    while !folder.join("ready").exists() {
        assert!(begin.elapsed() < Duration::from_secs(20), "the owner is not ready");
        std::thread::sleep(Duration::from_millis(20));
    }
    let pid = postmaster_pid(&folder.join("postgres/data"));
    owner.kill().unwrap();
    owner.wait().unwrap();
    assert!(is_running(pid));
    pid
}

#[tokio::test]
async fn the_server_of_a_killed_owner_is_taken_over() {
    let scratch = Scratch::new();
    let leaked = leak(scratch.path());
    let begin = Instant::now();
    let cluster = start(scratch.path()).await;
    println!("taken over: {:?}", begin.elapsed());
    assert!(!is_running(leaked));
    assert_ne!(postmaster_pid(&scratch.data()), leaked);
    assert_eq!(query(&cluster, "select n from t"), "42");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_whose_data_was_deleted_does_not_harm_the_next() {
    let scratch = Scratch::new();
    let leaked = leak(scratch.path());
    fs::remove_dir_all(scratch.path().join("postgres")).unwrap();
    let cluster = start(scratch.path()).await;
    assert!(!is_running(leaked));
    assert_eq!(query(&cluster, "select 1"), "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_stale_pid_file_that_names_a_living_stranger_is_put_right() {
    let scratch = Scratch::new();
    start(scratch.path()).await.stop().await.unwrap();
    let stranger = std::process::id();
    let socket = scratch.path().join("postgres/socket");
    for file in [scratch.data().join("postmaster.pid"), socket.join(".s.PGSQL.5432.lock")] {
        fs::write(file, format!("{stranger}\n/somewhere\n1\n5432\n\n\n\nready\n")).unwrap();
    }
    let cluster = start(scratch.path()).await;
    assert_eq!(query(&cluster, "select 1"), "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_half_made_cluster_is_made_again() {
    let scratch = Scratch::new();
    let half = scratch.path().join("postgres/data.new-1");
    fs::create_dir_all(half.join("base")).unwrap();
    fs::write(half.join("PG_VERSION"), "15\n").unwrap();
    let cluster = start(scratch.path()).await;
    assert_eq!(query(&cluster, "select 1"), "1");
    assert!(!half.exists());
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn an_initdb_that_outlives_its_killed_owner_does_no_harm() {
    let scratch = Scratch::new();
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "leftovers::owner", "--ignored"])
        .env(FOLDER, scratch.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begun = || {
        fs::read_dir(scratch.path().join("postgres")).into_iter().flatten().flatten().any(|entry| entry.path().join("PG_VERSION").exists())
    };
    let begin = Instant::now();
    while !begun() {
        assert!(begin.elapsed() < Duration::from_secs(20), "initdb has not begun");
        std::thread::sleep(Duration::from_millis(2));
    }
    owner.kill().unwrap();
    owner.wait().unwrap();
    let cluster = start(scratch.path()).await;
    assert_eq!(query(&cluster, "select 1"), "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn an_empty_data_folder_is_filled_and_a_strange_one_is_left_alone() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.data()).unwrap();
    start(scratch.path()).await.stop().await.unwrap();

    fs::remove_file(scratch.data().join("PG_VERSION")).unwrap();
    let error = Cluster::start(quick(scratch.path())).await.unwrap_err();
    assert!(matches!(error, Error::NotACluster { .. }), "{error}");
    assert!(scratch.data().join("base").exists());
}
