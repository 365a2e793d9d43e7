//! Taking a file: piece by piece, then whole.

use std::{
    fs::{self, File},
    path::PathBuf,
};

use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use crate::{
    Digest, Error, FileStore, Result, blocking,
    kind::{self, FileKind, Refusal},
};

/// A file on its way in. Dropped, it leaves nothing.
#[derive(Debug)]
pub struct Upload {
    draft: Draft,
    store: FileStore,
    file: tokio::fs::File,
    hasher: Sha256,
    size: u64,
    limit: u64,
}

/// A file that is in, and lies aside until it is decided whether it is kept. Dropped, it leaves nothing.
#[derive(Debug)]
pub struct Received {
    draft: Draft,
    store: FileStore,
    /// The SHA-256 of its content.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
}

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The SHA-256 of its content.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
}

/// A path that is removed unless somebody moves the file away.
#[derive(Debug)]
struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Upload {
    pub(crate) fn new(store: FileStore, path: PathBuf, file: File, limit: u64) -> Self {
        Self { draft: Draft(path), store, file: file.into(), hasher: Sha256::new(), size: 0, limit }
    }

    /// Begins to take a further file, of at most as many bytes.
    pub async fn another(&self) -> Result<Self> {
        self.store.begin(self.limit).await
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`Error::TooLarge`] as soon as the file has more bytes than it may have, [`Error::Full`].
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.size += piece.len() as u64;
        if self.size > self.limit {
            return Err(Error::TooLarge { limit: self.limit });
        }
        self.hasher.update(piece);
        Ok(self.file.write_all(piece).await?)
    }

    /// The file is whole.
    pub async fn finish(mut self) -> Result<Received> {
        // Also brings out what a write before this one had to say.
        self.file.flush().await?;
        Ok(Received { draft: self.draft, store: self.store, digest: self.hasher.finalize().into(), size: self.size })
    }
}

impl Received {
    /// What kind of file it is: by its name and by its content, both.
    ///
    /// # Errors
    /// The outer one is the disk's; the inner one says why the file is none of `accepted`.
    pub async fn kind(&self, name: &str, accepted: &'static [FileKind]) -> Result<Result<&'static FileKind, Refusal>> {
        let (path, name) = (self.draft.0.clone(), name.to_owned());
        blocking(move || Ok(kind::look(&mut File::open(path)?, &name, accepted)?)).await
    }

    /// The content, for somebody who has to read it before it is kept.
    pub async fn open(&self) -> Result<tokio::fs::File> {
        Ok(tokio::fs::File::open(&self.draft.0).await?)
    }

    /// Keeps the file on a shelf, named by its content. When this returns, it is on the disk, or the storage
    /// has it.
    pub async fn keep(self, shelf: &str) -> Result<Kept> {
        let kept = Kept { digest: self.digest, size: self.size };
        self.store.keep(&self.draft.0, shelf, kept).await
    }
}
