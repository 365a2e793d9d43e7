//! Sealing what has to be read again: kept in the database, but of no use without the key, which is
//! not there.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::{Error, Result, secrets};

/// The key that seals the secrets of two-step sign-in.
pub struct SealingKey([u8; 32]);

impl SealingKey {
    /// A key of 256 bits, written as 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        muster_domain::audit::from_hex(text.trim()).map(Self::of)
    }

    pub(crate) const fn of(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key, as text to be kept.
    pub fn draw() -> String {
        secrets::draw()
    }

    fn cipher(&self) -> Result<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.0).map(LessSafeKey::new).map_err(|_| Error::internal("the sealing key is of the wrong length"))
    }

    /// Seals something for one owner: for any other it cannot be opened.
    pub(crate) fn seal(&self, owner: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = secrets::bytes();
        let mut sealed = plain.to_vec();
        self.cipher()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner.as_bytes()), &mut sealed)
            .map_err(|_| Error::internal("sealing failed"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// What only whoever has the key can put to a text, in hexadecimal digits. The key that signs is
    /// another one than that which seals, made from it.
    pub(crate) fn sign(&self, text: &str) -> String {
        let derived = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &self.0), b"signatures of links");
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, derived.as_ref());
        ring::hmac::sign(&key, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Opens what was sealed for an owner; none where the key or the owner is another, or it was changed.
    pub(crate) fn open(&self, owner: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut opened = rest.to_vec();
        self.cipher().ok()?.open_in_place(nonce, Aad::from(owner.as_bytes()), &mut opened).ok().map(|plain| plain.to_vec())
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SealingKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_owner_with_its_key_only() {
        let key = SealingKey::from_hex(&SealingKey::draw()).unwrap();
        let sealed = key.seal("user 7", b"secret").unwrap();
        assert_eq!(key.open("user 7", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_ne!(key.seal("user 7", b"secret").unwrap(), sealed, "each has its own nonce");
        assert_eq!(key.open("user 8", &sealed), None);
        assert_eq!(SealingKey::from_hex(&SealingKey::draw()).unwrap().open("user 7", &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open("user 7", &changed), None, "{at}");
        }
        assert_eq!(key.open("user 7", b"short"), None);
        assert!(SealingKey::from_hex("abc").is_none());
    }
}
