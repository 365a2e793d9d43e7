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

/// A new private key for signing checkpoints of the audit logs, as a PKCS#8 document. It is kept
/// in a file beside the program, never in the database.
///
/// # Errors
/// Where the operating system gives no randomness.
pub fn draw_audit_key() -> crate::Result<Vec<u8>> {
    let drawn = ring::signature::Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new());
    Ok(drawn.map_err(|_| crate::Error::internal("the operating system gave no randomness"))?.as_ref().to_vec())
}
