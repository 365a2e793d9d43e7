use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use pglocal::{Cluster, Error, Settings};

use crate::support::{Scratch, is_root, query, quick, start};

/// A folder of binaries that only tell a version.
fn pretend(dir: &Path, version: &str) -> PathBuf {
    fs::create_dir_all(dir).unwrap();
    for name in ["postgres", "initdb"] {
        let file = dir.join(name);
        fs::write(&file, format!("#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
    }
    dir.to_owned()
}

async fn failure(settings: Settings) -> Error {
    let error = Cluster::start(settings).await.unwrap_err();
    println!("{error}");
    error
}

fn only_in(data_dir: &Path, bin_dirs: Vec<PathBuf>) -> Settings {
    Settings { bin_dirs: Some(bin_dirs), ..quick(data_dir) }
}

#[tokio::test]
async fn no_binaries() {
    let scratch = Scratch::new();
    let error = failure(only_in(scratch.path(), vec![scratch.path().join("none")])).await;
    assert!(matches!(error, Error::NoBinaries { .. }));
    assert!(error.to_string().contains("Install"), "{error}");
}

#[tokio::test]
async fn binaries_that_are_too_old() {
    let scratch = Scratch::new();
    let old = pretend(&scratch.path().join("old"), "14.9");
    let error = failure(only_in(scratch.path(), vec![old])).await;
    assert!(matches!(error, Error::NoBinaries { .. }));
    assert!(error.to_string().contains("14.9 in"), "{error}");
}

#[tokio::test]
async fn binaries_that_the_server_user_cannot_reach() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new();
    let closed = pretend(&scratch.path().join("closed"), "17.1");
    fs::set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
    let error = failure(only_in(scratch.path(), vec![closed])).await;
    assert!(matches!(error, Error::NoBinaries { .. }));
    assert!(error.to_string().contains("cannot be run by the user"), "{error}");
}

#[tokio::test]
async fn the_major_version_of_the_cluster_decides() {
    let scratch = Scratch::new();
    let cluster = start(scratch.path()).await;
    let real = cluster.bin_dir().to_owned();
    cluster.stop().await.unwrap();

    // Newer ones are there, and the cluster cannot use them.
    let newer = pretend(&scratch.path().join("newer"), "99.1");
    let cluster = Cluster::start(only_in(scratch.path(), vec![newer.clone(), real])).await.unwrap();
    assert_eq!(query(&cluster, "select 1"), "1");
    cluster.stop().await.unwrap();

    let error = failure(only_in(scratch.path(), vec![newer])).await;
    assert!(matches!(&error, Error::MajorMissing { found, .. } if found == "99.1"), "{error}");
}

#[tokio::test]
async fn a_cluster_of_an_old_version_is_left_alone() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.data()).unwrap();
    fs::write(scratch.data().join("PG_VERSION"), "13\n").unwrap();
    let error = failure(quick(scratch.path())).await;
    assert!(matches!(error, Error::DataTooOld { major: 13, .. }));
}

#[tokio::test]
async fn a_link_to_postgres_alone_leads_to_the_rest() {
    let scratch = Scratch::new();
    let cluster = start(scratch.path()).await;
    let real = cluster.bin_dir().to_owned();
    cluster.stop().await.unwrap();
    let links = scratch.path().join("links");
    fs::create_dir(&links).unwrap();
    symlink(real.join("postgres"), links.join("postgres")).unwrap();
    let cluster = Cluster::start(only_in(scratch.path(), vec![links])).await.unwrap();
    assert_eq!(cluster.bin_dir(), real);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_failing_initdb_is_quoted_and_leaves_nothing() {
    let scratch = Scratch::new();
    let broken = pretend(&scratch.path().join("broken"), "17.1");
    fs::write(broken.join("initdb"), "#!/bin/sh\necho 'no room left' >&2\nexit 1\n").unwrap();
    let error = failure(only_in(scratch.path(), vec![broken])).await;
    assert!(matches!(&error, Error::InitFailed { output, .. } if output == "no room left"));
    assert!(!scratch.data().exists());
    let left = fs::read_dir(scratch.path().join("postgres")).unwrap().count();
    assert_eq!(left, 1, "only the lock file");
}

#[tokio::test]
async fn a_failing_start_shows_the_end_of_the_log() {
    let scratch = Scratch::new();
    let mut settings = quick(scratch.path());
    settings.settings.push(("no_such_setting".to_owned(), "1".to_owned()));
    let error = failure(settings).await;
    assert!(matches!(error, Error::StartFailed { .. }));
    assert!(error.to_string().contains("unrecognized configuration parameter"), "{error}");
    // The folder is free again.
    start(scratch.path()).await.stop().await.unwrap();
}
