//! Hashing and checking passwords, off the async threads.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use muster_domain::people::Password;

use crate::{Context, Error, Result};

/// Argon2id with 46 MiB, one pass, one lane (OWASP's first choice).
fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(46 * 1024, 1, 1, None).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

impl Context {
    /// The hash that is kept of a password.
    pub(crate) async fn hash_password(&self, password: &Password) -> Result<String> {
        let password = password.expose().to_owned();
        self.off_the_async_threads(move || {
            let hash = hasher()?.hash_password(password.as_bytes()).map_err(|error| Error::internal(error.to_string()))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is the one that was hashed. Without a hash the same work is done on a
    /// dummy, so that the time taken does not tell whether an account exists.
    pub(crate) async fn is_password(&self, given: &str, kept: Option<&str>) -> Result<bool> {
        const DUMMY: &str = "$argon2id$v=19$m=47104,t=1,p=1$bXVzdGVyLWR1bW15LXNhbHQ$IHPzfnmlxhl+vNCnGtSgYRcAh2gKyGGDkPp4dCH+yYY";
        let (given, kept) = (given.to_owned(), kept.map(ToOwned::to_owned));
        self.off_the_async_threads(move || {
            let is_known = kept.is_some();
            let kept = kept.unwrap_or_else(|| DUMMY.to_owned());
            let hash = PasswordHash::new(&kept).map_err(|error| Error::internal(error.to_string()))?;
            let matches = hasher()?.verify_password(given.as_bytes(), &hash).is_ok();
            Ok(matches && is_known)
        })
        .await
    }

    async fn off_the_async_threads<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _permit = self.hashing.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}
