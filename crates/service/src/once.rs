//! Creations that carry an `Idempotency-Key` happen once and are answered alike each time.

use muster_store::{Claim, KeepsAnswers, RequestFingerprint};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Result};

/// The key of a creation, if it was sent with one.
#[derive(Debug, Clone, Default)]
pub struct Once(Option<RequestFingerprint>);

impl Once {
    /// A creation without a key: repeated, it happens again.
    pub const fn unkeyed() -> Self {
        Self(None)
    }

    /// A creation with a key.
    pub const fn keyed(request: RequestFingerprint) -> Self {
        Self(Some(request))
    }

    /// The answer given before, if there was one.
    pub(crate) async fn answered<T: DeserializeOwned>(&self, writer: &mut impl KeepsAnswers) -> Result<Option<T>> {
        let Some(request) = &self.0 else { return Ok(None) };
        match writer.claim(request).await? {
            Claim::New => Ok(None),
            Claim::Done(answer) => serde_json::from_value(answer).map(Some).map_err(Error::internal),
            Claim::Mismatch => Err(Error::KeyReused),
            Claim::InFlight => Err(Error::KeyInFlight),
        }
    }

    /// Keeps the answer, in the transaction that does the work.
    pub(crate) async fn keep<T: Serialize + Sync>(&self, writer: &mut impl KeepsAnswers, answer: &T) -> Result<()> {
        let Some(request) = &self.0 else { return Ok(()) };
        let answer = serde_json::to_value(answer).map_err(Error::internal)?;
        Ok(writer.keep_answer(request, &answer).await?)
    }
}
