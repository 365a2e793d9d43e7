//! What every handler can reach.

use std::sync::{Arc, atomic::AtomicBool};

use muster_domain::network::Network;
use muster_service::Context;

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The use cases.
    pub context: Context,
    /// Whether people reach Muster over https: then the session cookie is bound to it.
    pub is_secure: bool,
    /// Proxies that are believed about where requests come from.
    pub trusted_proxies: Arc<[Network]>,
    /// Set once the program has been told to stop: it is not ready any more.
    pub is_draining: Arc<AtomicBool>,
}
