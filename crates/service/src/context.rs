//! What every use case needs: the store, the clock, a source of ids.

use std::sync::Arc;

use jiff::Timestamp;
use muster_domain::{
    audit::SigningKey,
    clock::Clock,
    ids::{CustomerId, IdSource},
};
use muster_files::FileStore;
use muster_store::Store;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, Semaphore};
use uuid::Uuid;

use crate::{
    IdentityProvider, Mailer, PdfProgram, Result, SealingKey, boxed,
    events::Hub,
    portfolio::FigureCache,
    secrets,
    workspace::{ReadyAnswers, ReadyFigures},
};

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    /// Hashing a password takes much memory on purpose; only so many at once.
    pub(crate) hashing: Arc<Semaphore>,
    /// Reading a file that somebody sent takes memory, too; only so many at once.
    pub(crate) reading: Arc<Semaphore>,
    /// Sign-ins wait here for each other, by account.
    pub(crate) sign_in_queues: Arc<[Mutex<()>; 64]>,
    /// The way to the mail server, if there is one.
    pub(crate) mailer: Option<Arc<Mailer>>,
    /// What checkpoints of the audit logs are signed with, if this program may sign.
    pub(crate) audit_key: Option<Arc<SigningKey>>,
    /// The firm's identity provider, if there is one.
    pub(crate) identity_provider: Option<Arc<IdentityProvider>>,
    /// The address under which people reach Muster, without a slash at its end.
    pub(crate) public_url: Arc<str>,
    /// What the secrets of two-step sign-in are sealed with.
    pub(crate) sealing: Arc<SealingKey>,
    /// The streams of events that are open in this process.
    pub(crate) events: Arc<Hub>,
    /// Workspaces that were written down before.
    pub(crate) ready: Arc<ReadyAnswers>,
    /// Figures of customers that were counted before.
    pub(crate) figures: Arc<FigureCache>,
    /// Where uploaded files are kept, if this program keeps any.
    files: Option<Files>,
    /// So many days before its last day the renewal of evidence is asked for.
    renewal_days: i32,
    /// The program that makes PDF files, if there is to be one.
    pdf: Option<PdfProgram>,
    /// Other files are made beside requests; only so many at once.
    pub(crate) rendering: Arc<Semaphore>,
}

/// The room for answers that are ready, in bytes, unless told otherwise.
pub const READY_ROOM: u64 = 48 * 1024 * 1024;

/// How busy the program is, for whoever watches it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Load {
    /// Connections to the database in use.
    pub connections_busy: i64,
    /// Connections that wait for work.
    pub connections_idle: i64,
    /// The most connections that there may be.
    pub connections_most: i64,
    /// How well answers that are ready serve.
    pub ready: ReadyFigures,
    /// Mails that are due and have not left.
    pub mails_waiting: i64,
    /// For how many seconds the oldest of them has been due.
    pub mails_waiting_seconds: i64,
}

/// Where uploaded files are kept.
#[derive(Debug, Clone)]
struct Files {
    store: FileStore,
    /// The most bytes of one file.
    limit: u64,
}

impl Context {
    /// Puts a context together. What it seals can be opened only by itself, until it is given a key
    /// that is kept.
    pub fn new(store: Store, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let events = Arc::new(Hub::new(Uuid::from_bytes(secrets::bytes())));
        Self {
            store,
            clock,
            ids,
            events,
            ready: Arc::new(ReadyAnswers::with_room(READY_ROOM)),
            figures: Arc::default(),
            hashing: Arc::new(Semaphore::new(cores)),
            reading: Arc::new(Semaphore::new(2)),
            sign_in_queues: Arc::new(std::array::from_fn(|_| Mutex::new(()))),
            mailer: None,
            audit_key: None,
            identity_provider: None,
            public_url: Arc::from("http://localhost"),
            sealing: Arc::new(SealingKey::of(secrets::bytes())),
            files: None,
            renewal_days: crate::RENEWAL_DAYS,
            pdf: None,
            rendering: Arc::new(Semaphore::new(cores)),
        }
    }

    /// The most connections to the database that requests work with.
    pub fn most_connections(&self) -> usize {
        self.store.most_connections()
    }

    /// How busy the program is.
    #[boxed]
    pub async fn load(&self) -> Result<Load> {
        let [connections_busy, connections_idle, connections_most] = self.store.connections();
        let (mails_waiting, mails_waiting_seconds) = self.store.mails_waiting(self.now()).await?;
        Ok(Load { connections_busy, connections_idle, connections_most, ready: self.ready_figures(), mails_waiting, mails_waiting_seconds })
    }

    /// The same with a mail server; without one mails are held.
    pub fn with_mailer(mut self, mailer: Mailer) -> Self {
        self.mailer = Some(Arc::new(mailer));
        self
    }

    /// The same with an identity provider; without one people sign in with their password only.
    pub fn with_identity_provider(mut self, provider: IdentityProvider) -> Self {
        self.identity_provider = Some(Arc::new(provider));
        self
    }

    /// The same with the address under which people reach Muster: what links in mails begin with,
    /// whatever a request says of its host.
    pub fn with_public_url(mut self, url: &str) -> Self {
        self.public_url = Arc::from(url.trim_end_matches('/'));
        self
    }

    /// The same with the key that seals the secrets of two-step sign-in.
    pub fn with_sealing_key(mut self, key: SealingKey) -> Self {
        self.sealing = Arc::new(key);
        self
    }

    /// The same with the place where uploaded files are kept, and the most bytes of one of them.
    pub fn with_files(mut self, store: FileStore, limit: u64) -> Self {
        self.files = Some(Files { store, limit });
        self
    }

    /// The same with the days before its last day on which the renewal of evidence is asked for.
    pub const fn with_renewal_days(mut self, days: i32) -> Self {
        self.renewal_days = days;
        self
    }

    /// So many days before its last day the renewal of evidence is asked for.
    pub const fn renewal_days(&self) -> i32 {
        self.renewal_days
    }

    /// The same with room for so many bytes of answers that are ready; none: every answer is made anew.
    pub fn with_ready_room(mut self, bytes: u64) -> Self {
        self.ready = Arc::new(ReadyAnswers::with_room(bytes));
        self
    }

    /// The same with the program that makes PDF files.
    pub fn with_pdf(mut self, program: PdfProgram) -> Self {
        self.pdf = Some(program);
        self
    }

    /// The program that makes PDF files.
    pub(crate) const fn pdf(&self) -> Option<&PdfProgram> {
        self.pdf.as_ref()
    }

    /// Whether PDF files can be made now.
    pub fn has_pdf(&self) -> bool {
        self.pdf.as_ref().is_some_and(|program| program.state().is_ok())
    }

    /// Where uploaded files are kept. Each customer has a shelf there, see [`shelf`].
    pub(crate) fn files(&self) -> crate::Result<&FileStore> {
        let files = self.files.as_ref().ok_or_else(|| crate::Error::internal("no folder for files was given"))?;
        Ok(&files.store)
    }

    /// The most bytes of one uploaded file.
    pub fn file_limit(&self) -> u64 {
        self.files.as_ref().map_or(0, |files| files.limit)
    }

    /// The link to a page, for somebody who is not on one: in a mail, or to be copied. `path` begins
    /// with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id, as for a request.
    pub fn draw_id(&self) -> Uuid {
        self.ids.next()
    }

    /// Whether the database answers and has the schema of this program.
    #[boxed]
    pub async fn is_ready(&self) -> bool {
        self.store.is_ready().await.unwrap_or(false)
    }

    /// The name of the firm that runs this installation.
    #[boxed]
    pub async fn firm_name(&self) -> crate::Result<String> {
        Ok(self.store.firm_name().await?)
    }
}

/// The shelf of a customer's files: what one customer hands in is never looked for among another's.
pub(crate) fn shelf(customer: CustomerId) -> String {
    customer.to_string()
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // The one place that asks the machine for the time.
        #[allow(clippy::disallowed_methods)]
        Timestamp::now()
    }
}

/// Ids of UUID version 7: they sort by the time they were drawn, which keeps indexes compact.
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeOrderedIds;

impl IdSource for TimeOrderedIds {
    fn next(&self) -> Uuid {
        // The one place that draws ids.
        #[allow(clippy::disallowed_methods)]
        Uuid::now_v7()
    }
}

/// The outcome of a creation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created<T> {
    /// What is there now.
    pub value: T,
    /// Whether it was made by this request, rather than found.
    pub is_new: bool,
}
