//! The folder, its lock, and where each file lies.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{Digest, Error, Result, Upload, VerifiedFile, blocking};

/// Files on disk. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileStore(Arc<Folder>);

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
        Ok(Self(Arc::new(Folder { root: root.to_owned(), next: AtomicU64::new(0), _lock: lock })))
    }

    /// Begins to take a file of at most `limit` bytes.
    pub async fn begin(&self, limit: u64) -> Result<Upload> {
        let store = self.clone();
        let (path, file) = blocking(move || Ok(store.draft()?)).await?;
        Ok(Upload::new(self.clone(), path, file, limit))
    }

    /// A kept file, if it is still what was kept: it is read and hashed as a whole before this
    /// returns.
    ///
    /// # Errors
    /// [`Error::Missing`] and [`Error::Damaged`].
    pub async fn open_verified(&self, shelf: &str, digest: &Digest) -> Result<VerifiedFile> {
        let (path, digest) = (self.place(shelf, digest)?, *digest);
        blocking(move || VerifiedFile::open(&path, digest)).await
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
    pub(crate) fn put(&self, draft: &Path, shelf: &str, digest: &Digest) -> Result<()> {
        let place = self.place(shelf, digest)?;
        let folder = place.parent().unwrap_or(&self.0.root);
        make_folder(folder)?;
        // Also over one that is there: it has the same content, or is damaged.
        fs::rename(draft, &place)?;
        sync_folder(folder)?;
        Ok(())
    }

    fn place(&self, shelf: &str, digest: &Digest) -> Result<PathBuf> {
        Ok(self.0.root.join(Self::key(shelf, digest)?))
    }

    /// A new empty file among those on their way in. Two processes that share a number, as in
    /// containers, share no file: it is made only where there is none.
    fn draft(&self) -> io::Result<(PathBuf, File)> {
        loop {
            let number = self.0.next.fetch_add(1, Ordering::Relaxed);
            let path = self.0.root.join("incoming").join(format!("{}-{number}", std::process::id()));
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
