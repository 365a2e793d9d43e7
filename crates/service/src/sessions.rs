//! Signing in and out.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{access::Actor, ids::UserId};

use crate::{Context, Error, Result, secrets};

/// How long a session lasts at most (ASVS 5.0, 7.3).
pub const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(12);
/// How long a session may lie unused.
const SESSION_IDLE: SignedDuration = SignedDuration::from_mins(30);
/// From which wrong attempt on an account has to wait.
const FREE_ACCOUNT_FAILURES: i32 = 10;
/// From which wrong attempt on a network address has to wait; an office shares one.
const FREE_NETWORK_FAILURES: i32 = 100;

/// A session that has just begun.
#[derive(Debug)]
pub struct SignedIn {
    /// The secret that stands for the session; shown once, kept by the browser.
    pub token: String,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

impl Context {
    /// Signs a person in. `network` is the address the request came from; `previous` the token of
    /// a session that the browser still has, which ends.
    ///
    /// # Errors
    /// [`Error::TooManyAttempts`] after ten wrong attempts on an account, whether it exists or
    /// not; [`Error::WrongCredentials`] for anything else that is wrong.
    pub async fn sign_in(&self, email: &str, password: &str, network: &str, previous: Option<&str>) -> Result<SignedIn> {
        let at = self.now();
        let email: String = email.trim().to_lowercase().chars().filter(|character| *character != '\0').take(254).collect();
        let subjects = [format!("account {email}"), format!("network {network}")];
        // Attempts on one account queue up: many at once cannot slip past the count, and many right
        // ones at once are not taken for wrong ones.
        let _queue = self.sign_in_queue(&subjects[0]).lock().await;
        self.refuse_blocked(&subjects, at).await?;
        let known = self.store.credentials(&email).await?;
        let hash = known.as_ref().filter(|one| one.is_active).and_then(|one| one.password_hash.as_deref());
        let is_right = self.is_password(password, hash).await?;
        let tried = known.as_ref().map(|one| one.user_id);
        let Some(known) = known.filter(|_| is_right) else {
            self.store.count_sign_in_attempt(&subjects[0], FREE_ACCOUNT_FAILURES, at).await?;
            self.store.count_sign_in_attempt(&subjects[1], FREE_NETWORK_FAILURES, at).await?;
            self.store.note_failed_sign_in(tried, network, at).await?;
            return Err(Error::WrongCredentials);
        };
        self.store.clear_sign_in_failures(&subjects[0]).await?;
        self.begin_session_for(known.user_id, previous, at).await
    }

    /// Begins a session for somebody who has just proved who they are. `previous` is the token of
    /// a session that the browser still has, which ends.
    pub(crate) async fn begin_session_for(&self, user: UserId, previous: Option<&str>, at: Timestamp) -> Result<SignedIn> {
        if let Some(previous) = previous {
            self.store.delete_session(&secrets::hash(previous), at).await?;
        }
        let token = secrets::draw();
        let expires_at = at.checked_add(SESSION_LIFETIME).map_err(Error::internal)?;
        self.store.create_session(user, &secrets::hash(&token), at, expires_at).await?;
        Ok(SignedIn { token, expires_at })
    }

    /// The queue of an account. Accounts share a few queues; each is short.
    fn sign_in_queue(&self, account: &str) -> &tokio::sync::Mutex<()> {
        let number = account.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
        &self.sign_in_queues[number % self.sign_in_queues.len()]
    }

    pub(crate) async fn refuse_blocked(&self, subjects: &[String], at: Timestamp) -> Result<()> {
        match self.store.sign_in_block(subjects, at).await? {
            None => Ok(()),
            Some(block) => {
                Err(Error::TooManyAttempts { until: block.until, wait_seconds: block.until.duration_since(at).as_secs().max(1) })
            }
        }
    }

    /// Who holds a session.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] where the session is unknown, ended or has lain unused too long.
    pub async fn actor(&self, token: &str) -> Result<Actor> {
        let actor = self.store.open_session(&secrets::hash(token), self.now(), SESSION_IDLE).await?;
        actor.ok_or(Error::Unauthenticated)
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        Ok(self.store.delete_session(&secrets::hash(token), self.now()).await?)
    }
}
