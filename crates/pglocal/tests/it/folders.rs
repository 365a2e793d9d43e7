use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;

use pglocal::{Cluster, Error};

use crate::support::{Scratch, is_root, query, quick, start};

#[tokio::test]
async fn a_path_that_is_too_long_for_a_socket_works() {
    let scratch = Scratch::new();
    let long = scratch.path().join("a-rather-long-name-of-a-folder/".repeat(4));
    let cluster = start(&long).await;
    let socket_dir = cluster.socket_dir().to_owned();
    assert!(!socket_dir.starts_with(scratch.path()), "{}", socket_dir.display());
    assert_eq!(fs::metadata(&socket_dir).unwrap().mode() & 0o777, 0o700);
    assert_eq!(query(&cluster, "select 1"), "1");
    cluster.stop().await.unwrap();
    assert!(!socket_dir.exists());

    // Someone else may have put something there: a loose folder, or a link to a private one.
    DirBuilder::new().mode(0o777).create(&socket_dir).unwrap();
    fs::set_permissions(&socket_dir, Permissions::from_mode(0o777)).unwrap();
    let cluster = start(&long).await;
    assert_ne!(cluster.socket_dir(), socket_dir);
    assert_eq!(query(&cluster, "select 1"), "1");
    cluster.stop().await.unwrap();
    fs::remove_dir(&socket_dir).unwrap();

    let elsewhere = scratch.path().join("elsewhere");
    DirBuilder::new().mode(0o700).create(&elsewhere).unwrap();
    symlink(&elsewhere, &socket_dir).unwrap();
    let cluster = start(&long).await;
    assert_ne!(cluster.socket_dir(), socket_dir);
    cluster.stop().await.unwrap();
    fs::remove_file(&socket_dir).unwrap();
}

#[tokio::test]
async fn odd_characters_in_the_path_work() {
    let scratch = Scratch::new();
    let cluster = start(&scratch.path().join("a b,'c\"%2F é#?@:")).await;
    assert_eq!(query(&cluster, "select 1"), "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_link_to_the_folder_is_the_same_folder() {
    let scratch = Scratch::new();
    let cluster = start(&scratch.path().join("real")).await;
    symlink(scratch.path().join("real"), scratch.path().join("link")).unwrap();
    let error = Cluster::start(quick(&scratch.path().join("link"))).await.unwrap_err();
    assert!(matches!(error, Error::InUse { .. }), "{error}");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_url_names_role_and_database() {
    let scratch = Scratch::new();
    let cluster = start(scratch.path()).await;
    query(&cluster, "create role \"a/b c\" login");
    query(&cluster, "create database \"d%e?f\"");
    let output = Command::new(cluster.bin_dir().join("psql"))
        .arg(cluster.url("a/b c", "d%e?f"))
        .args(["-XAtc", "select current_user, current_database()"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "a/b c|d%e?f\n");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn root_learns_which_folder_is_closed() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new();
    let closed = scratch.path().join("closed");
    DirBuilder::new().mode(0o700).create(&closed).unwrap();
    let error = Cluster::start(quick(&closed.join("deep/down"))).await.unwrap_err();
    assert!(matches!(&error, Error::Unreachable { blocking, .. } if *blocking == closed), "{error}");
    println!("{error}");

    // What is said to help does help.
    fs::set_permissions(&closed, Permissions::from_mode(0o711)).unwrap();
    start(&closed.join("deep/down")).await.stop().await.unwrap();
}

#[tokio::test]
async fn root_runs_the_server_as_the_owner_of_the_cluster() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new();
    start(scratch.path()).await.stop().await.unwrap();
    give(&scratch.data(), 65534);
    let cluster = start(scratch.path()).await;
    assert_eq!(query(&cluster, "select 1"), "1");
    assert_eq!(fs::metadata(cluster.socket_dir()).unwrap().uid(), 65534);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn root_makes_a_cluster_that_was_restored_as_root_usable() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new();
    start(scratch.path()).await.stop().await.unwrap();
    give(&scratch.data(), 0);
    let cluster = start(scratch.path()).await;
    assert_eq!(query(&cluster, "select 1"), "1");
    cluster.stop().await.unwrap();
}

fn give(path: &Path, owner: u32) {
    chown(path, Some(owner), Some(owner)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), owner);
        }
    }
}
