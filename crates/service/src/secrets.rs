//! Secrets that are drawn and handed out: 256 bits each, of which only the SHA-256 is kept.

use sha2::{Digest, Sha256};

/// Letters and digits that are not mistaken for each other.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // The one place that draws secrets; the generator is seeded by the operating system.
    rand::fill(&mut bytes);
    bytes
}

/// A new secret, as the text that is handed out.
pub(crate) fn draw() -> String {
    bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A code that a person writes down: sixteen letters and digits in four groups, 80 bits.
pub(crate) fn draw_code() -> String {
    let signs: Vec<char> = bytes::<16>().iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What is kept of a secret.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whether two texts are the same, told without saying where they differ.
pub(crate) fn are_equal(one: &str, other: &str) -> bool {
    hash(one) == hash(other)
}

/// What is kept of a code that a person types: neither groups nor capitals matter.
pub(crate) fn hash_of_typed(code: &str) -> [u8; 32] {
    let typed: String = code.chars().filter(|sign| sign.is_ascii_alphanumeric()).map(|sign| sign.to_ascii_lowercase()).collect();
    hash(&typed)
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
