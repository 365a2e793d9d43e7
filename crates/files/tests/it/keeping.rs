//! Keeping, giving out, and what a kill or a flipped byte does.

use std::{
    fs,
    io::{Read as _, Seek as _, Write as _},
};

use muster_files::{Error, FileStore, Received, VerifiedFile};
use sha2::{Digest as _, Sha256};

use crate::Folder;

/// A file that has come in.
pub async fn receive(store: &FileStore, pieces: &[&[u8]]) -> Received {
    let mut upload = store.begin(1 << 20).await.unwrap();
    for piece in pieces {
        upload.write(piece).await.unwrap();
    }
    upload.finish().await.unwrap()
}

/// All of a file that is given out.
pub async fn read(file: VerifiedFile) -> Result<Vec<u8>, Error> {
    let (mut pieces, mut content) = (file.pieces(), Vec::new());
    while let Some(piece) = pieces.recv().await {
        content.extend(piece?);
    }
    Ok(content)
}

#[tokio::test]
async fn what_comes_in_comes_out() {
    let folder = Folder::fresh();
    let store = FileStore::open(&folder.0).unwrap();
    let large: Vec<u8> = (0..300_000_u32).map(|number| u8::try_from(number % 251).unwrap()).collect();
    let received = receive(&store, &[&large[..1], &large[1..200_000], &large[200_000..]]).await;
    assert_eq!((received.size, received.digest), (300_000, Sha256::digest(&large).into()));
    assert_eq!(folder.files().len(), 1, "it lies aside");
    let kept = received.keep("5").await.unwrap();
    assert_eq!(folder.files(), [FileStore::key("5", &kept.digest).unwrap()]);
    let file = store.open_verified("5", &kept.digest).await.unwrap();
    assert_eq!(file.size(), 300_000);
    assert_eq!(read(file).await.unwrap(), large);
    // Twice is once, and another shelf has its own.
    receive(&store, &[&large]).await.keep("5").await.unwrap();
    assert_eq!(folder.files().len(), 1);
    assert!(matches!(store.open_verified("6", &kept.digest).await, Err(Error::Missing)));
    receive(&store, &[&large]).await.keep("6").await.unwrap();
    assert_eq!(folder.files().len(), 2);
}

#[tokio::test]
async fn what_is_not_kept_leaves_nothing() {
    let folder = Folder::fresh();
    let store = FileStore::open(&folder.0).unwrap();
    drop(receive(&store, &[b"a"]).await);
    let mut upload = store.begin(3).await.unwrap();
    upload.write(b"abc").await.unwrap();
    assert!(matches!(upload.write(b"d").await, Err(Error::TooLarge { limit: 3 })));
    drop(upload);
    for shelf in ["", "../5", "a/b", "A", "5\0"] {
        assert!(matches!(receive(&store, &[b"a"]).await.keep(shelf).await, Err(Error::NoShelf(_))), "{shelf}");
    }
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[tokio::test]
async fn a_flipped_byte_is_never_given_out() {
    let folder = Folder::fresh();
    let store = FileStore::open(&folder.0).unwrap();
    let content = vec![7_u8; 200_000];
    let kept = receive(&store, &[&content]).await.keep("5").await.unwrap();
    let path = folder.0.join(FileStore::key("5", &kept.digest).unwrap());
    for at in [0, 99_999, 199_999] {
        flip(&path, at);
        assert!(matches!(store.open_verified("5", &kept.digest).await, Err(Error::Damaged)), "{at}");
        flip(&path, at);
    }
    for size in [0, 199_999, 200_001] {
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(size).unwrap();
        assert!(matches!(store.open_verified("5", &kept.digest).await, Err(Error::Damaged)), "{size}");
        // Kept again, it is whole again.
        receive(&store, &[&content]).await.keep("5").await.unwrap();
        assert_eq!(read(store.open_verified("5", &kept.digest).await.unwrap()).await.unwrap(), content);
    }
    // Flipped while it is being given out: it ends in an error, not in a file.
    let file = store.open_verified("5", &kept.digest).await.unwrap();
    flip(&path, 199_999);
    assert!(matches!(read(file).await, Err(Error::Damaged)));
    let file = store.open_verified("5", &kept.digest).await;
    assert!(matches!(file, Err(Error::Damaged)));
    flip(&path, 199_999);
    let file = store.open_verified("5", &kept.digest).await.unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(100).unwrap();
    assert!(matches!(read(file).await, Err(Error::Io(_))));
}

fn flip(path: &std::path::Path, at: u64) {
    let mut file = fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
    file.seek(std::io::SeekFrom::Start(at)).unwrap();
    let mut byte = [0];
    file.read_exact(&mut byte).unwrap();
    file.seek(std::io::SeekFrom::Start(at)).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
}

#[tokio::test]
async fn leftovers_go_when_nobody_else_uses_the_folder() {
    let folder = Folder::fresh();
    let first = FileStore::open(&folder.0).unwrap();
    let on_its_way = receive(&first, &[b"a"]).await;
    fs::write(folder.0.join("incoming/killed-0"), "half").unwrap();
    // Somebody is at work: nothing is touched.
    let second = FileStore::open(&folder.0).unwrap();
    assert_eq!(folder.files().len(), 2);
    let kept = on_its_way.keep("5").await.unwrap();
    drop((first, second));
    let third = FileStore::open(&folder.0).unwrap();
    assert_eq!(folder.files(), [FileStore::key("5", &kept.digest).unwrap()]);
    third.open_verified("5", &kept.digest).await.unwrap();
}

#[test]
fn a_full_disk_is_told_apart() {
    for kind in [std::io::ErrorKind::StorageFull, std::io::ErrorKind::QuotaExceeded] {
        assert!(matches!(Error::from(std::io::Error::from(kind)), Error::Full(_)));
    }
    assert!(matches!(Error::from(std::io::Error::from(std::io::ErrorKind::PermissionDenied)), Error::Io(_)));
}
