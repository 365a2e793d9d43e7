//! The folder, its lock, and where each file lies: there, or in a bucket.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Seek as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{Bucket, Digest, Error, Kept, Result, Upload, VerifiedFile, blocking};

/// Files that are kept: in a folder, or in a bucket with the folder for what is on its way. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileStore {
    folder: Arc<Folder>,
    bucket: Option<Bucket>,
}

#[derive(Debug)]
struct Folder {
    root: PathBuf,
    /// Numbers what comes in.
    next: AtomicU64,
    /// Shared with other processes for as long as this one uses the folder.
    _lock: File,
}

impl FileStore {
    /// Opens a folder; it is made where it is not there. Where no other process uses it, what a
    /// killed one left half way is removed.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be made, locked or read.
    pub fn open(root: &Path) -> Result<Self> {
        make_folder(&root.join("incoming"))?;
        make_folder(&root.join("kept"))?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(root.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {
                remove_leftovers(&root.join("incoming"))?;
                lock.unlock()?;
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        lock.lock_shared()?;
        let folder = Folder { root: root.to_owned(), next: AtomicU64::new(0), _lock: lock };
        Ok(Self { folder: Arc::new(folder), bucket: None })
    }

    /// The same with files kept in a bucket from now on. What the folder already keeps is still given out.
    pub fn in_bucket(self, bucket: Bucket) -> Self {
        Self { bucket: Some(bucket), ..self }
    }

    /// Begins to take a file of at most `limit` bytes.
    pub async fn begin(&self, limit: u64) -> Result<Upload> {
        let store = self.clone();
        let (path, file) = blocking(move || Ok(store.draft()?)).await?;
        Ok(Upload::new(self.clone(), path, file, limit))
    }

    /// A kept file, if it is still what was kept: it is read and hashed as a whole before this
    /// returns. One from a bucket is brought here first.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Damaged`], and [`Error::Bucket`] where the storage is away.
    pub async fn open_verified(&self, shelf: &str, digest: &Digest) -> Result<VerifiedFile> {
        if let Some(bucket) = &self.bucket {
            match self.fetch(bucket, &Self::key(shelf, digest)?, digest).await {
                // It may be from before there was a bucket.
                Err(Error::Missing) => {}
                fetched => return fetched,
            }
        }
        let (path, digest) = (self.place(shelf, digest)?, *digest);
        blocking(move || VerifiedFile::open(&path, digest)).await
    }

    async fn fetch(&self, bucket: &Bucket, key: &str, digest: &Digest) -> Result<VerifiedFile> {
        let store = self.clone();
        // Without a name it is gone as soon as nobody reads it any longer, also when this process is killed.
        let file = blocking(move || {
            let (path, file) = store.draft()?;
            fs::remove_file(path)?;
            Ok(file)
        })
        .await?;
        let mut file = tokio::fs::File::from_std(file);
        let size = bucket.get(key, digest, &mut file).await?;
        let mut file = file.into_std().await;
        blocking(move || {
            file.rewind()?;
            Ok(file)
        })
        .await
        .map(|file| VerifiedFile::new(file, *digest, size))
    }

    /// Keeps a file that is whole. When this returns, it is on the disk, or the storage has it.
    pub(crate) async fn keep(&self, draft: &Path, shelf: &str, kept: Kept) -> Result<Kept> {
        let key = Self::key(shelf, &kept.digest)?;
        if let Some(bucket) = &self.bucket {
            bucket.put(&key, tokio::fs::File::open(draft).await?, kept.size).await?;
            return Ok(kept);
        }
        let (store, draft) = (self.clone(), draft.to_owned());
        blocking(move || {
            File::open(&draft)?.sync_all()?;
            store.put(&draft, &key)?;
            Ok(kept)
        })
        .await
    }

    /// The place of a file below the folder, as `kept/<shelf>/<aa>/<sha256>`.
    pub fn key(shelf: &str, digest: &Digest) -> Result<String> {
        let is_plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, '-' | '_');
        if shelf.is_empty() || !shelf.chars().all(is_plain) {
            return Err(Error::NoShelf(shelf.to_owned()));
        }
        let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(format!("kept/{shelf}/{}/{hash}", &hash[..2]))
    }

    /// Moves a file that is whole and synced to its place. Blocks.
    fn put(&self, draft: &Path, key: &str) -> Result<()> {
        let place = self.folder.root.join(key);
        let folder = place.parent().unwrap_or(&self.folder.root);
        make_folder(folder)?;
        // Also over one that is there: it has the same content, or is damaged.
        fs::rename(draft, &place)?;
        sync_folder(folder)?;
        Ok(())
    }

    fn place(&self, shelf: &str, digest: &Digest) -> Result<PathBuf> {
        Ok(self.folder.root.join(Self::key(shelf, digest)?))
    }

    /// A new empty file among those on their way in. Two processes that share a number, as in
    /// containers, share no file: it is made only where there is none.
    fn draft(&self) -> io::Result<(PathBuf, File)> {
        loop {
            let number = self.folder.next.fetch_add(1, Ordering::Relaxed);
            let path = self.folder.root.join("incoming").join(format!("{}-{number}", std::process::id()));
            match OpenOptions::new().create_new(true).read(true).write(true).mode(0o600).open(&path) {
                Ok(file) => return Ok((path, file)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Makes a folder with those above it; each that has a new entry is synced.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or_else(|| Path::new("/"));
    make_folder(above)?;
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        // Also where somebody else has just made it: it may not be synced yet.
        _ => sync_folder(above),
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn remove_leftovers(incoming: &Path) -> io::Result<()> {
    for entry in fs::read_dir(incoming)? {
        fs::remove_file(entry?.path())?;
    }
    Ok(())
}
