//! Keeps files, on disk or in a bucket, under the hash of their content, and says what kind of file one is.
//!
//! A file comes in piece by piece ([`FileStore::begin`], [`Upload`]), is looked at while it lies
//! aside ([`Received`]), and is kept whole or not at all ([`Received::keep`]). What is given out
//! again is hashed first ([`FileStore::open_verified`]): a file that is not what was kept is refused.
//!
//! # What lies on disk
//!
//! | path | holds |
//! |---|---|
//! | `<folder>/lock` | locked by every process that uses the folder |
//! | `<folder>/incoming/` | files on their way in; the first process to use the folder removes what a killed one left |
//! | `<folder>/kept/<shelf>/<aa>/<sha256>` | files that are kept; `aa` are the first two digits of the hash |
//!
//! # What holds after a power cut
//!
//! [`Received::keep`] returns once the file's bytes, its name, and the folders above it are on the
//! disk: the file is synced, renamed to its place, and each folder that has a new entry is synced.
//! Whoever notes the file somewhere only after that never notes one that is not there. Nothing is
//! ever changed or removed below `kept`, and a file is named by its content, so keeping one twice is
//! the same as keeping it once.
//!
//! With a bucket ([`FileStore::in_bucket`]) a file is kept once the storage has answered that it has it,
//! under the same key; `incoming` is then for what is on its way in or out.
//!
//! Names that people gave to files never reach the disk or the bucket.

mod archive;
mod bucket;
mod kind;
mod read;
mod store;
mod text;
mod upload;

pub use bucket::Bucket;
pub use kind::{DOCUMENTS, EVIDENCE, FileKind, Refusal};
pub use read::{VerifiedFile, digest_of};
pub use store::FileStore;
pub use upload::{Kept, Received, Upload};

/// The SHA-256 of a file's content.
pub type Digest = [u8; 32];

/// Why a file could not be kept or given out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is larger than it may be.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The most bytes that it may have.
        limit: u64,
    },
    /// There is no room left.
    #[error("there is no room left for the file")]
    Full(#[source] std::io::Error),
    /// No such file is kept.
    #[error("the file is not there")]
    Missing,
    /// The file is not what was kept.
    #[error("the file is not what was kept")]
    Damaged,
    /// The name of a shelf is not made of a to z, 0 to 9, `-` and `_`.
    #[error("`{0}` is no name of a shelf")]
    NoShelf(String),
    /// The address of a bucket, or what the environment says of it, cannot be used.
    #[error("the bucket cannot be used: {0}")]
    NoBucket(String),
    /// The storage is away, or refuses.
    #[error("the storage did not take or give the file")]
    Bucket(#[source] Box<object_store::Error>),
    /// Anything else that the disk says.
    #[error("the file could not be read or written")]
    Io(#[source] std::io::Error),
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded => Self::Full(error),
            _ => Self::Io(error),
        }
    }
}

/// Runs what blocks on a thread for it.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(Error::Io(std::io::Error::other(error))))
}
