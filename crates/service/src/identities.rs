//! Signing in with the firm's identity provider, and the links between its subjects and people.
//!
//! The provider is asked between transactions, never in one. A link is by issuer and subject, and
//! is made once: by the person themselves, or by an address that the provider has verified, at the
//! first sign-in of somebody who has no link yet. What the provider later calls the person changes
//! nothing.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{access::Actor, ids::UserId};
use muster_store::{Identity, NewSignInAttempt};

use crate::{Browser, Context, Error, IdentityProvider, IdentityRefusal, Result, SignedIn, boxed, identity_provider::Proven, secrets};

/// How long a sign-in may take at the provider.
pub const SIGN_IN_ATTEMPT_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// A sign-in that has begun here and goes on at the provider.
#[derive(Debug)]
pub struct SignInBegun {
    /// The secret that the browser keeps until it comes back.
    pub secret: String,
    /// Where the browser goes.
    pub address: String,
}

/// What a browser brings back from the provider.
#[derive(Debug, Clone, Copy, Default)]
pub struct CameBack<'a> {
    /// The secret that the browser has kept.
    pub secret: Option<&'a str>,
    /// The state that went along.
    pub state: Option<&'a str>,
    /// What the person's sign-in is redeemed with.
    pub code: Option<&'a str>,
    /// Why there is no code.
    pub error: Option<&'a str>,
    /// Which provider it comes from, where it says so.
    pub issuer: Option<&'a str>,
}

/// What became of it.
#[derive(Debug)]
pub struct SignInFinished {
    /// The page to go on to; a path of ours.
    pub next: String,
    /// The session that has begun; nothing where somebody signed in has been linked.
    pub session: Option<SignedIn>,
}

impl Context {
    /// The identity provider, if this installation has one.
    pub fn identity_provider(&self) -> Option<&IdentityProvider> {
        self.identity_provider.as_deref()
    }

    /// Begins a sign-in with the identity provider, that leads to `next` in the end.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a provider; [`IdentityRefusal::Away`] where it cannot be reached.
    #[boxed]
    pub async fn begin_organisation_sign_in(&self, next: &str) -> Result<SignInBegun> {
        self.begin_at_provider(next, None).await
    }

    /// Begins to link the actor to a subject of the identity provider.
    #[boxed]
    pub async fn link_identity(&self, actor: &Actor, next: &str) -> Result<SignInBegun> {
        self.begin_at_provider(next, Some(actor.user_id())).await
    }

    async fn begin_at_provider(&self, next: &str, for_user: Option<UserId>) -> Result<SignInBegun> {
        let provider = self.identity_provider().ok_or(Error::NotFound)?;
        let at = self.now();
        let [secret, state, nonce, code_verifier] = std::array::from_fn(|_| secrets::draw());
        let address = provider.address(&state, &nonce, &code_verifier, at).await?;
        let attempt = NewSignInAttempt {
            id_hash: secrets::hash(&secret),
            state_hash: secrets::hash(&state),
            nonce: &nonce,
            code_verifier: &code_verifier,
            next,
            for_user,
            expires_at: at.checked_add(SIGN_IN_ATTEMPT_LIFETIME).map_err(Error::internal)?,
        };
        self.store.create_sign_in_attempt(&attempt, at).await?;
        Ok(SignInBegun { secret, address })
    }

    /// Finishes what [`Context::begin_organisation_sign_in`] or [`Context::link_identity`] began.
    /// `browser.previous` is the token of a session that the browser still has: it ends, or it has to be
    /// that of the person who is linked.
    ///
    /// # Errors
    /// [`Error::Identity`] with what stands in the way.
    pub async fn finish_organisation_sign_in(&self, came_back: CameBack<'_>, browser: Browser<'_>) -> Result<SignInFinished> {
        let provider = self.identity_provider().ok_or(Error::NotFound)?;
        let at = self.now();
        let (Some(secret), Some(state)) = (came_back.secret, came_back.state) else { return Err(IdentityRefusal::AttemptOver.into()) };
        let attempt = self.store.take_sign_in_attempt(&secrets::hash(secret), &secrets::hash(state), at).await?;
        let attempt = attempt.ok_or(IdentityRefusal::AttemptOver)?;
        let code = came_back.code_from(provider)?;
        let proven = provider.redeem(code, &attempt.code_verifier, &attempt.nonce, at).await?;
        let session = match attempt.for_user {
            Some(user) => {
                self.link_proven(provider, &proven, user, browser.previous, at).await?;
                None
            }
            None => {
                let user = self.user_of_proven(provider, &proven, at).await?;
                Some(self.begin_session(user, browser, at).await?)
            }
        };
        Ok(SignInFinished { next: attempt.next, session })
    }

    /// Who somebody at the provider is here; at their first sign-in they are linked.
    async fn user_of_proven(&self, provider: &IdentityProvider, proven: &Proven, at: Timestamp) -> Result<UserId> {
        let issuer = provider.issuer();
        match self.store.user_of_identity(issuer, proven.subject()).await? {
            Some((user, true)) => return Ok(user),
            Some((_, false)) => return Err(IdentityRefusal::Inactive.into()),
            None => {}
        }
        let email = provider.verified_email(proven, at).await?.ok_or(IdentityRefusal::Unknown)?;
        let linked = self.store.link_identity_by_email(issuer, proven.subject(), email.as_str(), at).await?;
        Ok(linked.ok_or(IdentityRefusal::Unknown)?)
    }

    async fn link_proven(
        &self,
        provider: &IdentityProvider,
        proven: &Proven,
        user: UserId,
        session: Option<&str>,
        at: Timestamp,
    ) -> Result<()> {
        let actor = self.actor(session.ok_or(IdentityRefusal::AttemptOver)?).await?;
        if actor.user_id() != user {
            return Err(IdentityRefusal::AttemptOver.into());
        }
        let (issuer, subject) = (provider.issuer(), proven.subject());
        if self.store.link_identity(issuer, subject, user, at).await? {
            return Ok(());
        }
        // Linking again what is linked changes nothing.
        let has_it = self.store.identities_of(user).await?.iter().any(|one| one.issuer == issuer && one.subject == subject);
        if has_it { Ok(()) } else { Err(IdentityRefusal::LinkedOtherwise.into()) }
    }

    /// The provider's subjects that the actor is known by.
    #[boxed]
    pub async fn identities_of(&self, actor: &Actor) -> Result<Vec<Identity>> {
        Ok(self.store.identities_of(actor.user_id()).await?)
    }

    /// Ends the actor's link to the identity provider. Sessions go on.
    #[boxed]
    pub async fn unlink_identity(&self, actor: &Actor) -> Result<()> {
        let provider = self.identity_provider().ok_or(Error::NotFound)?;
        Ok(self.store.unlink_identity(provider.issuer(), actor.user_id(), self.now()).await?)
    }
}

impl<'a> CameBack<'a> {
    /// The code, if this is how the provider says yes.
    fn code_from(&self, provider: &IdentityProvider) -> Result<&'a str, IdentityRefusal> {
        if self.issuer.is_some_and(|issuer| issuer != provider.issuer()) {
            return Err(IdentityRefusal::NotProven("the answer comes from another provider".to_owned()));
        }
        match (self.error, self.code) {
            (None, Some(code)) => Ok(code),
            (None, None) => Err(IdentityRefusal::NotProven("the provider sent neither a code nor an error".to_owned())),
            (Some("access_denied"), _) => Err(IdentityRefusal::Cancelled),
            (Some(error @ ("server_error" | "temporarily_unavailable")), _) => Err(IdentityRefusal::Away(error.to_owned())),
            (Some(error), _) => {
                let error: String = error.chars().filter(|character| !character.is_control()).take(100).collect();
                Err(IdentityRefusal::NotProven(format!("the provider says {error}")))
            }
        }
    }
}
