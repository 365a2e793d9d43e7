//! Files in a bucket, on a real S3 server: whole or not at all, and given out only as they were kept.

use muster_files::{Bucket, Error, FileStore};
use sha2::{Digest as _, Sha256};

use crate::{
    Folder,
    keeping::{read, receive},
    storage::Storage,
};

fn content(size: u32) -> Vec<u8> {
    (0..size).map(|number| u8::try_from(number % 251).unwrap()).collect()
}

#[tokio::test]
async fn what_goes_into_a_bucket_comes_out() {
    let (storage, folder) = (Storage::start(), Folder::fresh());
    storage.bucket().check().await.unwrap();
    let store = FileStore::open(&folder.0).unwrap().in_bucket(storage.bucket());
    // Nothing, one request, exactly one part, and several parts of which the last is short.
    for size in [0, 300_000, 8 * 1024 * 1024, 20_000_000] {
        let content = content(size);
        let mut upload = store.begin(30_000_000).await.unwrap();
        upload.write(&content).await.unwrap();
        let kept = upload.finish().await.unwrap().keep("5").await.unwrap();
        assert_eq!((kept.size, kept.digest), (u64::from(size), Sha256::digest(&content).into()));
        assert_eq!(folder.files(), Vec::<String>::new(), "nothing of it stays on this machine");
        assert!(storage.object(&FileStore::key("5", &kept.digest).unwrap()) == content, "{size}: the object is another");
        let file = store.open_verified("5", &kept.digest).await.unwrap();
        assert_eq!(file.size(), u64::from(size));
        assert!(read(file).await.unwrap() == content, "{size}: another file came out");
        assert!(matches!(store.open_verified("6", &kept.digest).await, Err(Error::Missing)));
    }
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[tokio::test]
async fn another_machine_gives_out_what_this_one_kept() {
    let (storage, here, there) = (Storage::start(), Folder::fresh(), Folder::fresh());
    let kept = receive(&FileStore::open(&here.0).unwrap().in_bucket(storage.bucket()), &[b"proof"]).await.keep("5").await.unwrap();
    let other = FileStore::open(&there.0).unwrap().in_bucket(storage.bucket());
    assert_eq!(read(other.open_verified("5", &kept.digest).await.unwrap()).await.unwrap(), b"proof");
}

#[tokio::test]
async fn a_changed_object_is_never_given_out() {
    let (storage, folder) = (Storage::start(), Folder::fresh());
    let store = FileStore::open(&folder.0).unwrap().in_bucket(storage.bucket());
    let whole = content(100_000);
    let kept = receive(&store, &[&whole]).await.keep("5").await.unwrap();
    let key = FileStore::key("5", &kept.digest).unwrap();
    let mut flipped = whole.clone();
    flipped[50_000] ^= 1;
    for damaged in [&flipped[..], &whole[..99_999], b""] {
        storage.replace(&key, damaged);
        assert!(matches!(store.open_verified("5", &kept.digest).await, Err(Error::Damaged)));
        // Kept again, it is whole again.
        receive(&store, &[&whole]).await.keep("5").await.unwrap();
        assert_eq!(read(store.open_verified("5", &kept.digest).await.unwrap()).await.unwrap(), whole);
    }
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[tokio::test]
async fn files_from_before_there_was_a_bucket_are_still_given_out() {
    let (storage, folder) = (Storage::start(), Folder::fresh());
    let kept = receive(&FileStore::open(&folder.0).unwrap(), &[b"older"]).await.keep("5").await.unwrap();
    let store = FileStore::open(&folder.0).unwrap().in_bucket(storage.bucket());
    assert_eq!(read(store.open_verified("5", &kept.digest).await.unwrap()).await.unwrap(), b"older");
}

#[tokio::test]
async fn storage_that_is_away_is_told_and_keeps_nothing() {
    let (mut storage, folder) = (Storage::start(), Folder::fresh());
    let store = FileStore::open(&folder.0).unwrap().in_bucket(storage.bucket());
    let kept = receive(&store, &[b"proof"]).await.keep("5").await.unwrap();
    storage.stop();
    assert!(matches!(receive(&store, &[b"more"]).await.keep("5").await, Err(Error::Bucket(_))));
    assert!(matches!(store.open_verified("5", &kept.digest).await, Err(Error::Bucket(_))), "it is not said to be lost");
    assert!(matches!(storage.bucket().check().await, Err(Error::Bucket(_))));
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[tokio::test]
async fn plain_http_needs_to_be_allowed() {
    let storage = Storage::start();
    let environment = storage.environment().into_iter().filter(|(key, _)| key != "AWS_ALLOW_HTTP");
    let bucket = Bucket::new("s3://proof", environment).unwrap();
    assert!(matches!(bucket.check().await, Err(Error::Bucket(_))));
    let missing = Bucket::new("s3://another", storage.environment()).unwrap();
    assert!(missing.check().await.is_err(), "a bucket that is not there");
}

#[test]
fn an_address_that_is_no_buckets_is_refused() {
    for address in ["", "proof", "https://proof", "s3://", "s3:///folder", "s3://proof?a=b", "s3://key@proof", "s3://proof:1"] {
        assert!(matches!(Bucket::new(address, []), Err(Error::NoBucket(_))), "{address}");
    }
}
