//! Signed checkpoints: where a log ended at some time, in a statement that only the holder of the
//! installation's private key can make.

use jiff::Timestamp;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use super::{Hash, Head, Tampering, chain::Fields, from_hex, hex};
use crate::ids::CustomerId;

/// What the `format` of a checkpoint says, and what its signed bytes begin with.
pub const FORMAT: &str = "muster audit checkpoint 1";

/// Where a log ended at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the firm that runs the installation.
    pub installation: String,
    /// Whose log; none for the firm's.
    pub customer: Option<CustomerId>,
    /// The name of the customer, or of the firm.
    pub name: String,
    /// The end of the log.
    pub head: Head,
    /// When, to the microsecond.
    pub at: Timestamp,
}

/// The public half of an installation's key: whoever has it can check a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// A key from its text of 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&hex(&self.0))
    }
}

/// The private half of an installation's key.
pub struct SigningKey(Ed25519KeyPair);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SigningKey({})", self.public())
    }
}

impl SigningKey {
    /// A key from its PKCS#8 document; none where it is no such document.
    pub fn from_pkcs8(document: &[u8]) -> Option<Self> {
        Ed25519KeyPair::from_pkcs8(document).ok().map(Self)
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        let mut key = [0; 32];
        for (to, from) in key.iter_mut().zip(self.0.public_key().as_ref()) {
            *to = *from;
        }
        PublicKey(key)
    }

    /// Signs a checkpoint.
    pub fn sign(&self, checkpoint: Checkpoint) -> SignedCheckpoint {
        // The database keeps microseconds.
        let at = Timestamp::from_microsecond(checkpoint.at.as_microsecond()).unwrap_or(checkpoint.at);
        let checkpoint = Checkpoint { at, ..checkpoint };
        let mut signature = [0; 64];
        for (to, from) in signature.iter_mut().zip(self.0.sign(&signed_bytes(&checkpoint)).as_ref()) {
            *to = *from;
        }
        SignedCheckpoint { checkpoint, key: self.public(), signature }
    }
}

/// A checkpoint with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Line", try_from = "Line")]
pub struct SignedCheckpoint {
    /// What is stated.
    pub checkpoint: Checkpoint,
    /// The key that it is signed with.
    pub key: PublicKey,
    /// The Ed25519 signature over what is stated.
    pub signature: [u8; 64],
}

impl SignedCheckpoint {
    /// Whether the signature fits the statement and the key that it names.
    ///
    /// # Errors
    /// [`Tampering::BadSignature`].
    pub fn check_signature(&self) -> Result<(), Tampering> {
        let number = self.checkpoint.head.number;
        UnparsedPublicKey::new(&ED25519, self.key.0)
            .verify(&signed_bytes(&self.checkpoint), &self.signature)
            .map_err(|_| Tampering::BadSignature { number })
    }

    /// Whether one of these keys made it.
    ///
    /// # Errors
    /// [`Tampering::UnknownKey`], [`Tampering::BadSignature`].
    pub fn check_by(&self, keys: &[PublicKey]) -> Result<(), Tampering> {
        if !keys.contains(&self.key) {
            return Err(Tampering::UnknownKey { number: self.checkpoint.head.number });
        }
        self.check_signature()
    }

    /// As a line of a file.
    ///
    /// # Errors
    /// Only where a text could not be written as JSON.
    pub fn to_line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// From a line of a file. Only the one way of writing it is read, so that nothing of the line
    /// can be changed unnoticed.
    pub fn from_line(line: &str) -> Option<Self> {
        let read: Self = serde_json::from_str(line).ok()?;
        (read.to_line().ok()? == line).then_some(read)
    }
}

/// The bytes that are signed: every field with its length before it.
fn signed_bytes(checkpoint: &Checkpoint) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.add(Some(FORMAT.as_bytes()));
    fields.add(Some(checkpoint.installation.as_bytes()));
    fields.add(checkpoint.customer.map(|id| id.0.to_be_bytes()).as_ref().map(|id| &id[..]));
    fields.add(Some(checkpoint.name.as_bytes()));
    fields.add(Some(&checkpoint.head.number.to_be_bytes()));
    fields.add(Some(&checkpoint.head.hash));
    fields.add(Some(&checkpoint.at.as_microsecond().to_be_bytes()));
    fields.bytes()
}

/// A checkpoint as a line of a file.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    format: String,
    installation: String,
    customer_id: Option<CustomerId>,
    name: String,
    number: i64,
    hash: String,
    at: Timestamp,
    public_key: String,
    signature: String,
}

impl From<SignedCheckpoint> for Line {
    fn from(signed: SignedCheckpoint) -> Self {
        Self {
            format: FORMAT.to_owned(),
            installation: signed.checkpoint.installation,
            customer_id: signed.checkpoint.customer,
            name: signed.checkpoint.name,
            number: signed.checkpoint.head.number,
            hash: hex(&signed.checkpoint.head.hash),
            at: signed.checkpoint.at,
            public_key: signed.key.to_string(),
            signature: hex(&signed.signature),
        }
    }
}

impl TryFrom<Line> for SignedCheckpoint {
    type Error = &'static str;

    fn try_from(line: Line) -> Result<Self, Self::Error> {
        if line.format != FORMAT {
            return Err("not the format of a checkpoint");
        }
        let hash: Hash = from_hex(&line.hash).ok_or("no hash")?;
        Ok(Self {
            checkpoint: Checkpoint {
                installation: line.installation,
                customer: line.customer_id,
                name: line.name,
                head: Head { number: line.number, hash },
                at: line.at,
            },
            key: PublicKey::from_hex(&line.public_key).ok_or("no key")?,
            signature: from_hex(&line.signature).ok_or("no signature")?,
        })
    }
}

#[cfg(test)]
#[path = "checkpoint_tests.rs"]
mod tests;
