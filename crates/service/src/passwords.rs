//! Hashing and checking passwords, off the async threads.
//!
//! People who came from an older database still have the hashes of that program: bcrypt, or the
//! SHA-256 of salt and password. Such a hash is believed once and replaced at that sign-in.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use muster_domain::{ids::UserId, people::Password};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

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
            if let Some(older) = OlderHash::of(&kept) {
                return Ok(older.is_of(&given));
            }
            let hash = PasswordHash::new(&kept).map_err(|error| Error::internal(error.to_string()))?;
            let matches = hasher()?.verify_password(given.as_bytes(), &hash).is_ok();
            Ok(matches && is_known)
        })
        .await
    }

    /// Replaces the hash of an older program by one of ours, once the password has been right. Unless
    /// the password has been changed meanwhile.
    pub(crate) async fn renew_hash(&self, user: UserId, given: &str, kept: &str) -> Result<()> {
        if OlderHash::of(kept).is_none() {
            return Ok(());
        }
        let given = given.to_owned();
        let hash = self
            .off_the_async_threads(move || {
                hasher()?.hash_password(given.as_bytes()).map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
            })
            .await?;
        Ok(self.store.renew_password_hash(user, kept, &hash, self.now()).await?)
    }

    async fn off_the_async_threads<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _permit = self.hashing.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}

/// The hash of a password as the older program kept it.
enum OlderHash<'a> {
    /// bcrypt, whichever of its marks it bears.
    Bcrypt(&'a str),
    /// A salt, and the SHA-256 of salt and password in hexadecimal.
    Salted(&'a str, [u8; 32]),
}

impl<'a> OlderHash<'a> {
    /// Reads one; `None` for a hash of ours.
    fn of(kept: &'a str) -> Option<Self> {
        if ["$2a$", "$2b$", "$2x$", "$2y$"].iter().any(|mark| kept.starts_with(mark)) {
            return Some(Self::Bcrypt(kept));
        }
        let (salt, digest) = kept.split_once('$').filter(|(salt, _)| !salt.is_empty())?;
        let mut bytes = [0; 32];
        if digest.len() != 64 || !digest.is_ascii() {
            return None;
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digest[2 * index..2 * index + 2], 16).ok()?;
        }
        Some(Self::Salted(salt, bytes))
    }

    fn is_of(&self, given: &str) -> bool {
        match self {
            // bcrypt reads 72 bytes and stops at a NUL; the older program never took longer ones.
            Self::Bcrypt(kept) => bcrypt::verify(given, kept).unwrap_or(false),
            // Both orders have been written.
            Self::Salted(salt, kept) => [(*salt, given), (given, *salt)].into_iter().any(|(first, second)| {
                let digest = Sha256::new().chain_update(first.as_bytes()).chain_update(second.as_bytes()).finalize();
                digest.as_slice().ct_eq(kept).into()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_of_the_older_program() {
        let bcrypt = bcrypt::hash("correct horse", 4).unwrap();
        assert!(OlderHash::of(&bcrypt).unwrap().is_of("correct horse"));
        assert!(!OlderHash::of(&bcrypt).unwrap().is_of("wrong horse"));
        let digest: String = Sha256::digest(b"saltsecret").iter().map(|byte| format!("{byte:02x}")).collect();
        let salted = format!("salt${digest}");
        assert!(OlderHash::of(&salted).unwrap().is_of("secret"));
        assert!(!OlderHash::of(&salted).unwrap().is_of("Secret"));
        assert!(OlderHash::of("$argon2id$v=19$m=47104,t=1,p=1$bXVz$IHPz").is_none());
        assert!(OlderHash::of("a$zz").is_none() && OlderHash::of("").is_none());
    }
}
