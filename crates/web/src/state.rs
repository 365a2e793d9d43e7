//! What every handler can reach.

use muster_service::Context;

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The use cases.
    pub context: Context,
    /// Whether people reach Muster over https: then the session cookie is bound to it.
    pub is_secure: bool,
}
