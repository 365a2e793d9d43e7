//! What every handler can reach.

use std::sync::Arc;

use muster_domain::network::Network;
use muster_service::Context;
use tokio::sync::watch;

use crate::{admission::Admission, metrics::Metrics};

/// So many requests are worked on for each connection to the database: some of them need none, as answers that are
/// ready, and the others find a queue that is never empty.
const PLACES: usize = 4;

/// The state of the router. Cheap to clone, which every layer does for every request.
#[derive(Clone)]
pub struct AppState {
    /// The use cases.
    pub context: Arc<Context>,
    /// Whether people reach Muster over https: then the session cookie is bound to it.
    pub is_secure: bool,
    /// Proxies that are believed about where requests come from.
    pub trusted_proxies: Arc<[Network]>,
    /// Whether the program has been told to stop.
    pub draining: Draining,
    /// Only so many requests are worked on at once.
    pub admission: Admission,
    /// What is counted for whoever watches the program.
    pub metrics: Metrics,
    /// Where what is counted may be asked for from; nothing named: this machine only.
    pub metrics_from: Arc<[Network]>,
}

impl AppState {
    /// For these use cases, reached over http, without proxies.
    #[must_use]
    pub fn new(context: Context) -> Self {
        let admission = Admission::with_places(context.most_connections() * PLACES);
        Self {
            context: Arc::new(context),
            admission,
            is_secure: false,
            trusted_proxies: Arc::from([]),
            draining: Draining::default(),
            metrics: Metrics::default(),
            metrics_from: Arc::from([]),
        }
    }
}

/// Whether the program has been told to stop: then it is not ready any more, and what would go on
/// for ever ends. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Draining(Arc<watch::Sender<bool>>);

impl Default for Draining {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Draining {
    /// The program has been told to stop.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether it has.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it has.
    pub async fn begun(&self) {
        // The sender lives as long as this does.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}
