//! Giving a kept file out.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use tokio::{io::AsyncReadExt as _, sync::mpsc};

use crate::{Digest, Error, Result, blocking};

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// The SHA-256 and the size of a file that another program keeps. Blocks.
pub fn digest_of(path: &Path) -> Result<(Digest, u64)> {
    hash(&mut open(path)?)
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::Missing,
        _ => Error::Io(error),
    })
}

fn hash(file: &mut File) -> Result<(Digest, u64)> {
    let (mut hasher, mut size, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            return Ok((hasher.finalize().into(), size));
        }
        hasher.update(&piece[..count]);
        size += count as u64;
    }
}

/// A kept file whose content has just been found to be what was kept.
#[derive(Debug)]
pub struct VerifiedFile {
    file: File,
    digest: Digest,
    size: u64,
}

impl VerifiedFile {
    /// A file that has just been written and hashed, at its beginning.
    pub(crate) const fn new(file: File, digest: Digest, size: u64) -> Self {
        Self { file, digest, size }
    }

    /// Opens and hashes a file. Blocks.
    pub(crate) fn open(path: &Path, digest: Digest) -> Result<Self> {
        let mut file = open(path)?;
        let (found, size) = hash(&mut file)?;
        if found != digest {
            return Err(Error::Damaged);
        }
        file.rewind()?;
        Ok(Self { file, digest, size })
    }

    /// Opens a file that another program keeps, if it is still what it was.
    pub async fn open_elsewhere(path: PathBuf, digest: Digest) -> Result<Self> {
        blocking(move || Self::open(&path, digest)).await
    }

    /// Its size in bytes.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Its content, piece by piece. It is hashed a second time on the way: where the file was
    /// changed since it was opened, an error comes in place of the last piece, so that whoever
    /// sends it on can break off.
    pub fn pieces(self) -> mpsc::Receiver<Result<Vec<u8>>> {
        let (sender, receiver) = mpsc::channel(2);
        tokio::spawn(async move {
            let mut file = tokio::fs::File::from_std(self.file);
            let (mut hasher, mut left) = (Sha256::new(), self.size);
            while left > 0 {
                let mut piece = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
                let read = file.read_exact(&mut piece).await;
                left -= piece.len() as u64;
                hasher.update(&piece);
                let is_whole = left > 0 || Digest::from(hasher.clone().finalize()) == self.digest;
                let outcome = match read {
                    Err(error) => Err(Error::Io(error)),
                    Ok(_) if !is_whole => Err(Error::Damaged),
                    Ok(_) => Ok(piece),
                };
                let is_over = outcome.is_err();
                // Nobody reads on, or there is nothing more to say.
                if sender.send(outcome).await.is_err() || is_over {
                    return;
                }
            }
        });
        receiver
    }
}
