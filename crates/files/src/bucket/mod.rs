//! Files in a bucket of S3-compatible storage, for several machines that serve one installation.
//!
//! A file has the same key there as its path below the folder on disk ([`crate::FileStore::key`]),
//! below the bucket's own folder where one is named. Files go in whole: a large one in parts that
//! become an object together or not at all.

mod connection;

use std::{sync::Arc, time::Duration};

use object_store::{
    MultipartUpload, ObjectStore, ObjectStoreExt as _, PutPayload, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey, Checksum},
    path::Path,
};
use sha2::{Digest as _, Sha256};
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncWriteExt as _},
};
use url::Url;

use crate::{Digest, Error, Result};
use connection::Connector;

/// How much is sent as one part; S3 asks for at least 5 MiB, and holds at most 10,000 parts.
const PART: usize = 8 * 1024 * 1024;
/// For how long a request that failed is tried again; somebody waits for it.
const RETRY: Duration = Duration::from_secs(15);
/// How long the next piece of an object may be on its way.
const PATIENCE: Duration = Duration::from_secs(30);

/// A bucket, and the folder in it that is Muster's. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    folder: Path,
}

impl Bucket {
    /// A bucket by its address, `s3://BUCKET` or `s3://BUCKET/FOLDER`. Where it is and how to sign in there
    /// comes from the `AWS_…` variables of `environment`, by the names that S3's own tools have for them.
    /// Nothing is asked of it yet.
    ///
    /// # Errors
    /// [`Error::NoBucket`] says what is wrong with the address or the environment.
    pub fn new(address: &str, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let refused = |why: &str| Error::NoBucket(why.to_owned());
        let url = Url::parse(address).map_err(|error| refused(&error.to_string()))?;
        let name = url.host_str().filter(|_| url.scheme() == "s3").ok_or_else(|| refused("it is not of the form s3://BUCKET/FOLDER"))?;
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.port().is_some() {
            return Err(refused("it has more than a bucket and a folder"));
        }
        let folder = Path::from_url_path(url.path()).map_err(|error| refused(&error.to_string()))?;
        let mut builder = AmazonS3Builder::new();
        for (key, value) in environment {
            if let Some(key) = key.starts_with("AWS_").then(|| key.to_ascii_lowercase().parse::<AmazonS3ConfigKey>().ok()).flatten() {
                builder = builder.with_config(key, value);
            }
        }
        let store = builder
            .with_bucket_name(name)
            .with_retry(RetryConfig { max_retries: 3, retry_timeout: RETRY, ..RetryConfig::default() })
            .with_checksum_algorithm(Checksum::SHA256)
            .with_http_connector(Connector)
            .build()
            .map_err(|error| refused(&error.to_string()))?;
        Ok(Self { store: Arc::new(store), folder })
    }

    /// Writes a small object, so that a bucket that is away or may not be written to is found out at the
    /// start and not with somebody's first file.
    ///
    /// # Errors
    /// [`Error::Bucket`] with what the storage says.
    pub async fn check(&self) -> Result<()> {
        let note = "Muster keeps its files beside this one. Nothing here is ever changed.\n";
        self.store.put(&self.place("kept/README"), note.into()).await.map_err(Error::from)?;
        Ok(())
    }

    /// Puts a file that is whole under its key. When this returns, the storage has it.
    pub(crate) async fn put(&self, key: &str, mut file: File, size: u64) -> Result<()> {
        let place = self.place(key);
        if size <= PART as u64 {
            self.store.put(&place, next_part(&mut file).await?.into()).await?;
            return Ok(());
        }
        let mut upload = self.store.put_multipart(&place).await?;
        let sent = send_parts(&mut *upload, &mut file).await;
        if sent.is_err() {
            // What was sent of it costs room until it is given up; that this fails too changes nothing.
            let _ = upload.abort().await;
        }
        sent
    }

    /// Writes an object into a file if it is still what was kept, and gives its size.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Damaged`], [`Error::Bucket`].
    pub(crate) async fn get(&self, key: &str, digest: &Digest, into: &mut File) -> Result<u64> {
        let body = self.store.get(&self.place(key)).await?.into_stream();
        let mut body = std::pin::pin!(body);
        let (mut hasher, mut size) = (Sha256::new(), 0);
        while let Some(piece) = next_piece(body.as_mut()).await? {
            hasher.update(&piece);
            size += piece.len() as u64;
            into.write_all(&piece).await?;
        }
        into.flush().await?;
        if Digest::from(hasher.finalize()) == *digest { Ok(size) } else { Err(Error::Damaged) }
    }

    fn place(&self, key: &str) -> Path {
        Path::from_iter(self.folder.parts().chain(Path::from(key).parts()))
    }
}

async fn send_parts(upload: &mut dyn MultipartUpload, file: &mut File) -> Result<()> {
    loop {
        let part = next_part(file).await?;
        if part.is_empty() {
            upload.complete().await?;
            return Ok(());
        }
        upload.put_part(PutPayload::from(part)).await?;
    }
}

/// The next part of a file, whole unless it is the last; empty after that.
async fn next_part(file: &mut File) -> Result<Vec<u8>> {
    let mut part = Vec::new();
    file.take(PART as u64).read_to_end(&mut part).await?;
    Ok(part)
}

/// The next piece of an object. Storage that has begun to answer and stops is not waited for any longer.
async fn next_piece<S>(mut body: std::pin::Pin<&mut S>) -> Result<Option<hyper::body::Bytes>>
where
    S: futures_core::Stream<Item = object_store::Result<hyper::body::Bytes>>,
{
    let piece = std::future::poll_fn(|context| body.as_mut().poll_next(context));
    match tokio::time::timeout(PATIENCE, piece).await {
        Ok(piece) => Ok(piece.transpose()?),
        Err(elapsed) => Err(object_store::Error::Generic { store: "S3", source: elapsed.into() }.into()),
    }
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other => Self::Bucket(Box::new(other)),
        }
    }
}
