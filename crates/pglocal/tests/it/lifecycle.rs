use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::Instant;

use pglocal::{Cluster, Error, Settings};
use rustix::process::Signal;

use crate::support::{Scratch, is_running, postmaster_pid, query, query_soon, signal, start};

#[tokio::test]
async fn a_second_start_finds_the_data_of_the_first() {
    let scratch = Scratch::new();
    let begin = Instant::now();
    let cluster = Cluster::start(Settings::new(scratch.path())).await.unwrap();
    println!("first start, durable: {:?}", begin.elapsed());
    query(&cluster, "create table t as select 42 as n");
    let pid = postmaster_pid(&scratch.data());
    let begin = Instant::now();
    cluster.stop().await.unwrap();
    println!("stop: {:?}", begin.elapsed());
    assert!(!is_running(pid));
    assert!(!scratch.data().join("postmaster.pid").exists());

    let begin = Instant::now();
    let cluster = Cluster::start(Settings::new(scratch.path())).await.unwrap();
    println!("second start, durable: {:?}", begin.elapsed());
    assert_eq!(query(&cluster, "select n from t"), "42");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn the_server_is_safe_private_and_plain() {
    let scratch = Scratch::new();
    let mut settings = Settings::new(scratch.path());
    settings.settings = vec![
        ("work_mem".to_owned(), "9MB".to_owned()),
        ("fsync".to_owned(), "off".to_owned()),
        ("listen_addresses".to_owned(), "*".to_owned()),
    ];
    let cluster = Cluster::start(settings).await.unwrap();
    let show = |name: &str| query(&cluster, &format!("show {name}"));
    for name in ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"] {
        assert_eq!(show(name), "on", "{name}");
    }
    assert_eq!(show("listen_addresses"), "");
    assert_eq!(show("server_encoding"), "UTF8");
    assert_eq!(show("timezone"), "UTC");
    assert_eq!(show("work_mem"), "9MB");
    assert_eq!(show("unix_socket_directories"), format!("\"{}\"", cluster.socket_dir().display()));
    assert_eq!(query(&cluster, "select datcollate from pg_database where datname = 'template0'"), "C.UTF-8");
    assert!(show("server_version").starts_with(&cluster.version().to_string()));

    let socket_dir = fs::metadata(cluster.socket_dir()).unwrap();
    assert_eq!(socket_dir.mode() & 0o777, 0o700);
    assert_ne!(socket_dir.uid(), 0);
    assert_eq!(fs::metadata(scratch.data()).unwrap().uid(), socket_dir.uid());
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn the_environment_of_the_caller_does_not_reach_the_server() {
    let scratch = Scratch::new();
    let cluster = start(scratch.path()).await;
    let pid = postmaster_pid(&scratch.data());
    // As its own process group it does not get the terminal's Ctrl-C either.
    let group = query(&cluster, &format!("select split_part(pg_read_file('/proc/{pid}/stat'), ' ', 5)"));
    assert_eq!(group, pid.to_string());
    let environment = query(
        &cluster,
        &format!("select convert_from(replace(pg_read_binary_file('/proc/{pid}/environ')::text, '00', '')::bytea, 'UTF8')"),
    );
    assert!(!environment.contains("CARGO"), "{environment}");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn dropping_stops_the_server() {
    let scratch = Scratch::new();
    let cluster = start(scratch.path()).await;
    let pid = postmaster_pid(&scratch.data());
    drop(cluster);
    assert!(!is_running(pid));
    // The folder is free again at once.
    start(scratch.path()).await.stop().await.unwrap();
}

#[tokio::test]
async fn two_on_one_folder_are_refused() {
    let scratch = Scratch::new();
    let cluster = start(scratch.path()).await;
    let error = Cluster::start(Settings::new(scratch.path())).await.unwrap_err();
    assert!(matches!(&error, Error::InUse { pid: Some(pid), .. } if *pid == std::process::id()), "{error}");
    assert!(error.to_string().contains("uses the folder"), "{error}");
    // The first one is none the worse for it.
    assert_eq!(query(&cluster, "select 1"), "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_server_comes_back_with_all_that_was_committed() {
    let scratch = Scratch::new();
    let cluster = Cluster::start(Settings::new(scratch.path())).await.unwrap();
    query(&cluster, "create table t as select 42 as n");
    for round in 0..3 {
        let pid = postmaster_pid(&scratch.data());
        // Still there when the server dies, so that a child holds on to its shared memory.
        let mut busy = std::process::Command::new(cluster.bin_dir().join("psql"))
            .arg(cluster.url("postgres", "postgres"))
            .args(["-Xqc", "select pg_sleep(60)"])
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(200));
        let begin = Instant::now();
        signal(pid, Signal::KILL);
        assert_eq!(query_soon(&cluster, "select n from t"), "42");
        println!("back after kill {round}: {:?}", begin.elapsed());
        assert_ne!(postmaster_pid(&scratch.data()), pid);
        busy.wait().unwrap();
    }
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn stopping_works_while_the_server_is_being_restarted() {
    let scratch = Scratch::new();
    let cluster = start(scratch.path()).await;
    signal(postmaster_pid(&scratch.data()), Signal::KILL);
    let begin = Instant::now();
    cluster.stop().await.unwrap();
    assert!(begin.elapsed().as_secs() < 5);
    start(scratch.path()).await.stop().await.unwrap();
}
