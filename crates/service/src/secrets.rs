//! Secrets that are drawn and handed out: 256 bits each, of which only the SHA-256 is kept.

use sha2::{Digest, Sha256};

/// A new secret, as the text that is handed out.
pub(crate) fn draw() -> String {
    // The one place that draws secrets; the generator is seeded by the operating system.
    #[allow(clippy::disallowed_methods)]
    let bytes: [u8; 32] = rand::random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is kept of a secret.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
