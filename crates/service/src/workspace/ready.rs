//! Workspaces as bytes, ready to be sent again while nothing that they show has changed.
//!
//! An answer is kept under everything that it depends on: the customer, the versions of all that is shown
//! ([`WorkspaceVersions`]), the plans that the reader sees, and what it is made for. Whoever asks has read these
//! versions in the same round trip as their session and their rights, so an answer that is found is the one that
//! would be made now, whichever server the change went through. What has become old is never asked for again and
//! goes when room is needed.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use muster_domain::{
    ids::{CustomerId, PlanId},
    workspace::{Workspace, WorkspaceVersions},
};
use muster_store::WorkspacePass;
use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest as _, Sha256};

use super::WorkspaceView;
use crate::{Context, Result};

/// What one answer costs besides its bytes: its key, its place.
const OVERHEAD: u64 = 400;
/// An answer that takes more than this share of the room would push out everybody else's.
const LARGEST_SHARE: u64 = 8;

/// An answer as bytes.
#[derive(Debug)]
pub struct ReadyAnswer {
    /// As it is.
    pub plain: Bytes,
    /// The hash of its bytes, in quotes, as an entity tag.
    pub tag: String,
    compressed: OnceLock<Bytes>,
}

impl ReadyAnswer {
    fn new(plain: Vec<u8>) -> Self {
        let tag = Sha256::digest(&plain).iter().take(16).fold(String::from("\""), |tag, byte| tag + &format!("{byte:02x}")) + "\"";
        Self { plain: plain.into(), tag, compressed: OnceLock::new() }
    }

    /// As gzip; made when it is asked for the first time.
    pub fn compressed(&self) -> Bytes {
        self.compressed.get_or_init(|| compress(&self.plain)).clone()
    }
}

fn compress(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(5));
    // Writing into memory does not fail.
    match std::io::Write::write_all(&mut encoder, plain).and_then(|()| encoder.finish()) {
        Ok(bytes) => bytes.into(),
        Err(_) => Bytes::new(),
    }
}

/// What an answer is made for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AnswerForm {
    /// The API's workspace.
    Api,
    /// A page, named by everything that it depends on besides the workspace.
    Page(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    customer: CustomerId,
    versions: WorkspaceVersions,
    plans: Option<Vec<PlanId>>,
    form: AnswerForm,
}

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<Key, Arc<ReadyAnswer>> for ByBytes {
    fn weight(&self, key: &Key, answer: &Arc<ReadyAnswer>) -> u64 {
        let form = match &key.form {
            AnswerForm::Api => 0,
            AnswerForm::Page(name) => name.len(),
        };
        // Compressed it is a good deal smaller; a quarter more is room for that, too.
        let bytes = answer.plain.len() + answer.plain.len() / 4 + form;
        bytes as u64 + OVERHEAD
    }
}

/// The answers that are ready. The oldest that nobody asks for go when the room is used up.
#[derive(Debug)]
pub(crate) struct ReadyAnswers {
    cache: Option<Cache<Key, Arc<ReadyAnswer>, ByBytes>>,
    room: u64,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How well answers that are ready serve, for whoever watches the program.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadyFigures {
    /// Asked for and found.
    pub hits: u64,
    /// Asked for and made.
    pub misses: u64,
    /// The bytes that they take.
    pub bytes: u64,
}

impl ReadyAnswers {
    /// With room for so many bytes; with none, every answer is made anew.
    pub(crate) fn with_room(room: u64) -> Self {
        let cache = (room > 0).then(|| Cache::with_weighter(usize::try_from(room / 20_000).unwrap_or(1_000), room, ByBytes));
        Self { cache, room, hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    fn figures(&self) -> ReadyFigures {
        ReadyFigures {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            bytes: self.cache.as_ref().map_or(0, Cache::weight),
        }
    }

    /// The answer of a key, made where it is not there. Many who ask for one at once wait for whoever makes it.
    /// `make` gives the answer with the versions that it was read in.
    async fn get(&self, key: Key, make: impl AsyncFnOnce() -> Result<(Vec<u8>, WorkspaceVersions)>) -> Result<Arc<ReadyAnswer>> {
        let guard = match &self.cache {
            None => None,
            Some(cache) => match cache.get_value_or_guard_async(&key).await {
                Ok(answer) => {
                    self.hits.fetch_add(1, Ordering::Relaxed);
                    return Ok(answer);
                }
                Err(guard) => Some((cache, guard)),
            },
        };
        self.misses.fetch_add(1, Ordering::Relaxed);
        let (bytes, versions) = make().await?;
        let answer = Arc::new(ReadyAnswer::new(bytes));
        if let Some((cache, guard)) = guard
            && answer.plain.len() as u64 * LARGEST_SHARE <= self.room
        {
            if versions == key.versions {
                // Whoever waits gets it from here; that it may have been pushed out again changes nothing.
                let _ = guard.insert(Arc::clone(&answer));
            } else {
                // Changed since the pass was handed out: it is the answer of the newer versions.
                cache.insert(Key { versions, ..key }, Arc::clone(&answer));
            }
        }
        Ok(answer)
    }
}

impl Context {
    /// The whole workspace as bytes, from before where it is still the same; `write` writes it down.
    pub async fn ready_workspace(
        &self,
        pass: &WorkspacePass,
        write: impl FnOnce(Workspace) -> Result<Vec<u8>>,
    ) -> Result<Arc<ReadyAnswer>> {
        let key = key(pass, AnswerForm::Api);
        self.ready
            .get(key, async || {
                let workspace = self.store.reader_with(pass).await?.workspace().await?;
                let versions = workspace.versions;
                Ok((write(workspace)?, versions))
            })
            .await
    }

    /// A page of the workspace as bytes, from before where it is still the same. `name` names everything that
    /// the page depends on besides the workspace and who may see it; `write` writes it down.
    pub async fn ready_page(
        &self,
        pass: &WorkspacePass,
        name: String,
        write: impl FnOnce(WorkspaceView) -> Result<Vec<u8>>,
    ) -> Result<Arc<ReadyAnswer>> {
        let key = key(pass, AnswerForm::Page(name));
        self.ready
            .get(key, async || {
                let view = self.workspace_view(pass.actor(), pass.customer(), None).await?;
                let versions = view.workspace.versions;
                Ok((write(view)?, versions))
            })
            .await
    }

    /// How well answers that are ready serve.
    pub fn ready_figures(&self) -> ReadyFigures {
        self.ready.figures()
    }
}

fn key(pass: &WorkspacePass, form: AnswerForm) -> Key {
    Key { customer: pass.customer(), versions: pass.versions(), plans: pass.plans(), form }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(workspace: i64) -> WorkspaceVersions {
        WorkspaceVersions { workspace, library: 1, people: 1, today: jiff::civil::date(2026, 3, 17) }
    }

    fn key(workspace: i64) -> Key {
        Key { customer: CustomerId(1), versions: versions(workspace), plans: None, form: AnswerForm::Api }
    }

    async fn ask(ready: &ReadyAnswers, asked: i64, read: i64) -> Vec<u8> {
        let made = ready.get(key(asked), async || Ok((format!("version {read}").into_bytes(), versions(read)))).await.unwrap();
        made.plain.to_vec()
    }

    #[tokio::test]
    async fn an_answer_is_made_once_for_its_versions() {
        let ready = ReadyAnswers::with_room(1_000_000);
        assert_eq!(ask(&ready, 1, 1).await, b"version 1");
        assert_eq!(ask(&ready, 1, 9).await, b"version 1", "it was made again");
        assert_eq!(ask(&ready, 2, 2).await, b"version 2");
        assert_eq!((ready.figures().hits, ready.figures().misses), (1, 2));
    }

    #[tokio::test]
    async fn what_changed_meanwhile_is_kept_as_what_it_is() {
        let ready = ReadyAnswers::with_room(1_000_000);
        assert_eq!(ask(&ready, 1, 2).await, b"version 2");
        assert_eq!(ask(&ready, 2, 9).await, b"version 2");
        assert_eq!(ask(&ready, 1, 3).await, b"version 3", "an older version was answered with what it is not");
    }

    #[tokio::test]
    async fn a_failure_is_kept_for_nobody() {
        let ready = ReadyAnswers::with_room(1_000_000);
        assert!(ready.get(key(1), async || Err(crate::Error::NotFound)).await.is_err());
        assert_eq!(ask(&ready, 1, 1).await, b"version 1");
    }

    #[tokio::test]
    async fn the_room_is_kept_to() {
        let ready = ReadyAnswers::with_room(100_000);
        for version in 0..200 {
            let large = ready.get(key(version), async || Ok((vec![b'x'; 5_000], versions(version)))).await.unwrap();
            assert_eq!(large.plain.len(), 5_000);
        }
        assert!(ready.figures().bytes <= 100_000, "{}", ready.figures().bytes);
        let huge = ready.get(key(900), async || Ok((vec![b'x'; 50_000], versions(900)))).await.unwrap();
        assert_eq!(huge.plain.len(), 50_000);
        assert_eq!(ask(&ready, 900, 900).await, b"version 900", "what is too large was kept");
        assert_eq!(ask(&ReadyAnswers::with_room(0), 1, 1).await, b"version 1");
    }

    #[test]
    fn compressed_it_is_the_same() {
        let answer = ReadyAnswer::new(b"the same ".repeat(1_000));
        let compressed = answer.compressed();
        assert!(compressed.len() * 10 < answer.plain.len());
        let mut plain = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&compressed[..]), &mut plain).unwrap();
        assert_eq!(plain, answer.plain);
    }
}
