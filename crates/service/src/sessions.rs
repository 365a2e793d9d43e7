//! Signing in, by password and, where a person has set it up, a code; and signing out.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use muster_domain::{
    access::Actor,
    ids::{SessionId, UserId},
};
use muster_store::{NewSession, Purpose};
use tokio::sync::MutexGuard;

use crate::{Context, Error, Result, boxed, secrets};

/// How long a session lasts at most (ASVS 5.0, 7.3).
pub const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(12);
/// How long a session may lie unused.
pub(crate) const SESSION_IDLE: SignedDuration = SignedDuration::from_mins(30);
/// How long a sign-in waits for its code.
pub const PENDING_LIFETIME: SignedDuration = SignedDuration::from_mins(5);
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

/// What somebody signs in with.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The address.
    pub email: &'a str,
    /// The password.
    pub password: &'a str,
}

/// Where a sign-in comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Browser<'a> {
    /// The network address.
    pub network: &'a str,
    /// The browser, by its own account; kept up to 300 characters.
    pub user_agent: &'a str,
    /// The token of a session that the browser still has. It ends.
    pub previous: Option<&'a str>,
}

/// How far a sign-in has come.
#[derive(Debug)]
pub enum SignInStep {
    /// The session has begun.
    Done(SignedIn),
    /// The password was right, and the code is still to come. The secret stands for the sign-in, for
    /// [`PENDING_LIFETIME`]; it is no session and gives no rights.
    CodeWanted(String),
}

/// A guess at somebody's password or code: counted if it is wrong.
pub(crate) struct Guess<'a> {
    context: &'a Context,
    account: String,
    network: Option<String>,
    at: Timestamp,
    // Attempts on one account queue up: many at once cannot slip past the count, and many right ones
    // at once are not taken for wrong ones.
    _queue: MutexGuard<'a, ()>,
}

impl Guess<'_> {
    /// It was wrong. `user` is whom it was about, if there is such a person; a failed sign-in is noted.
    pub(crate) async fn wrong(self, user: Option<UserId>) -> Result<()> {
        let store = &self.context.store;
        store.count_sign_in_attempt(&self.account, FREE_ACCOUNT_FAILURES, self.at).await?;
        if let Some(network) = &self.network {
            store.count_sign_in_attempt(&format!("network {network}"), FREE_NETWORK_FAILURES, self.at).await?;
            store.note_failed_sign_in(user, network, self.at).await?;
        }
        Ok(())
    }

    /// It was right, and nothing more is to be guessed: the wrong ones before it are forgotten.
    pub(crate) async fn right(self) -> Result<()> {
        Ok(self.context.store.clear_sign_in_failures(&self.account).await?)
    }
}

impl Context {
    /// Signs a person in at once. `code` is the code of their two-step sign-in, or a recovery code.
    ///
    /// # Errors
    /// [`Error::TooManyAttempts`] after ten wrong attempts on an account, whether it exists or not;
    /// [`Error::CodeRequired`] where only the code is missing; [`Error::WrongCredentials`] for
    /// anything else that is wrong.
    pub async fn sign_in(&self, credentials: Credentials<'_>, code: Option<&str>, browser: Browser<'_>) -> Result<SignedIn> {
        let (guess, known) = self.check_password(credentials, browser).await?;
        if known.has_totp {
            let Some(code) = code.filter(|code| !code.trim().is_empty()) else { return Err(Error::CodeRequired) };
            if !self.take_code(known.user_id, code, guess.at).await? {
                guess.wrong(Some(known.user_id)).await?;
                return Err(Error::WrongCredentials);
            }
        }
        let at = guess.at;
        guess.right().await?;
        self.begin_session(known.user_id, browser, at).await
    }

    /// The first step of signing in on a page: with a right password the session begins, or the code
    /// is asked for.
    ///
    /// # Errors
    /// As for [`Context::sign_in`].
    pub async fn begin_sign_in(&self, credentials: Credentials<'_>, browser: Browser<'_>) -> Result<SignInStep> {
        let (guess, known) = self.check_password(credentials, browser).await?;
        let at = guess.at;
        if known.has_totp {
            // The wrong guesses stay counted: whoever has the password could guess codes for ever.
            let secret = secrets::draw();
            let expires_at = at.checked_add(PENDING_LIFETIME).map_err(Error::internal)?;
            self.store.begin_pending_sign_in(known.user_id, &secrets::hash(&secret), at, expires_at).await?;
            return Ok(SignInStep::CodeWanted(secret));
        }
        guess.right().await?;
        Ok(SignInStep::Done(self.begin_session(known.user_id, browser, at).await?))
    }

    /// Whether a sign-in still waits for its code.
    #[boxed]
    pub async fn is_code_wanted(&self, pending: &str) -> Result<bool> {
        Ok(self.store.pending_sign_in(&secrets::hash(pending), self.now()).await?.is_some())
    }

    /// The second step: the code of the two-step sign-in, or a recovery code.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] where the sign-in waits no more: it begins anew with the password.
    /// Otherwise as for [`Context::sign_in`].
    pub async fn finish_sign_in(&self, pending: &str, code: &str, browser: Browser<'_>) -> Result<SignedIn> {
        let hash = secrets::hash(pending);
        let known = self.store.pending_sign_in(&hash, self.now()).await?.ok_or(Error::Unauthenticated)?;
        let guess = self.guess(&known.email, Some(browser.network)).await?;
        if !self.take_code(known.user_id, code, guess.at).await? {
            guess.wrong(Some(known.user_id)).await?;
            return Err(Error::WrongCredentials);
        }
        if !self.store.end_pending_sign_in(&hash).await? {
            return Err(Error::Unauthenticated);
        }
        let at = guess.at;
        guess.right().await?;
        self.begin_session(known.user_id, browser, at).await
    }

    async fn check_password(&self, given: Credentials<'_>, browser: Browser<'_>) -> Result<(Guess<'_>, muster_store::Credentials)> {
        let email = plain_address(given.email);
        let guess = self.guess(&email, Some(browser.network)).await?;
        let known = self.store.credentials(&email).await?;
        let hash = known.as_ref().filter(|one| one.is_active).and_then(|one| one.password_hash.as_deref());
        let is_right = self.is_password(given.password, hash).await?;
        let tried = known.as_ref().map(|one| one.user_id);
        match known.filter(|_| is_right) {
            Some(known) => {
                if let Some(kept) = &known.password_hash {
                    self.renew_hash(known.user_id, given.password, kept).await?;
                }
                Ok((guess, known))
            }
            None => {
                guess.wrong(tried).await?;
                Err(Error::WrongCredentials)
            }
        }
    }

    /// Begins a session for somebody who has just proved who they are. The session that the browser
    /// still has ends.
    pub(crate) async fn begin_session(&self, user: UserId, browser: Browser<'_>, at: Timestamp) -> Result<SignedIn> {
        if let Some(previous) = browser.previous {
            self.store.delete_session(&secrets::hash(previous), at).await?;
        }
        let token = secrets::draw();
        let expires_at = at.checked_add(SESSION_LIFETIME).map_err(Error::internal)?;
        let session = NewSession {
            id: SessionId(self.ids.next()),
            user,
            token_hash: &secrets::hash(&token),
            expires_at,
            network: &kept(browser.network, 64),
            user_agent: &kept(browser.user_agent, 300),
        };
        self.store.create_session(&session, at).await?;
        Ok(SignedIn { token, expires_at })
    }

    /// Begins a guess at somebody's password or code, once the guesses before it are through.
    ///
    /// # Errors
    /// [`Error::TooManyAttempts`] while the account or the network has to wait.
    pub(crate) async fn guess(&self, email: &str, network: Option<&str>) -> Result<Guess<'_>> {
        let at = self.now();
        let account = format!("account {}", plain_address(email));
        let network = network.map(ToOwned::to_owned);
        let _queue = self.sign_in_queue(&account).lock().await;
        let subjects: Vec<String> =
            std::iter::once(account.clone()).chain(network.as_ref().map(|network| format!("network {network}"))).collect();
        self.refuse_blocked(&subjects, at).await?;
        Ok(Guess { context: self, account, network, at, _queue })
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

    /// Who holds a session, for anything but their own account.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] where the session is unknown, ended or has lain unused too long;
    /// [`Error::TotpRequired`] where the person has to set up two-step sign-in first.
    #[boxed]
    pub async fn actor(&self, token: &str) -> Result<Actor> {
        let actor = self.actor_at_own_account(token, Purpose::Other).await?;
        if self.is_held_back(&actor) { Err(Error::TotpRequired) } else { Ok(actor) }
    }

    /// Who holds a session, for their own account: what they reach also while two-step sign-in is
    /// required of them and not set up.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] as for [`Context::actor`].
    #[boxed]
    pub async fn actor_at_own_account(&self, token: &str, purpose: Purpose) -> Result<Actor> {
        let actor = self.store.open_session(&secrets::hash(token), purpose, self.now(), SESSION_IDLE).await?;
        actor.ok_or(Error::Unauthenticated)
    }

    /// Who holds a session, without noting that it is used: for what a browser does by itself, which
    /// must not keep a session alive.
    ///
    /// # Errors
    /// As for [`Context::actor`].
    #[boxed]
    pub async fn look_at_session(&self, token: &str) -> Result<Actor> {
        let actor = self.store.look_at_session(&secrets::hash(token), self.now(), SESSION_IDLE).await?.ok_or(Error::Unauthenticated)?;
        if self.is_held_back(&actor) { Err(Error::TotpRequired) } else { Ok(actor) }
    }

    /// Whether somebody has to set up two-step sign-in before they reach anything but their own account.
    pub fn is_held_back(&self, actor: &Actor) -> bool {
        actor.must_set_up_totp(self.now().to_zoned(TimeZone::UTC).date())
    }

    /// Ends a session.
    #[boxed]
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        Ok(self.store.delete_session(&secrets::hash(token), self.now()).await?)
    }
}

/// An address as it is looked up and counted.
pub(crate) fn plain_address(typed: &str) -> String {
    typed.trim().to_lowercase().chars().filter(|character| *character != '\0').take(254).collect()
}

fn kept(text: &str, length: usize) -> String {
    text.chars().filter(|character| !character.is_control()).take(length).collect()
}
