//! The firm's identity provider, spoken to as OpenID Connect Core 1.0 has it: the authorization
//! code flow with PKCE (S256), state and nonce. It knows nothing of people of ours.

mod client;
mod keys;
mod token;
#[cfg(test)]
mod token_tests;

use std::sync::{Arc, Mutex, PoisonError};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jiff::{SignedDuration, Timestamp};
use muster_domain::text::Email;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use self::{
    client::Client,
    keys::{Key, KeySet},
    token::{Claims, Expected, NotTaken},
};
use crate::IdentityRefusal as Refusal;

/// How long what a provider says of itself is believed.
const BELIEVED: SignedDuration = SignedDuration::from_hours(1);
/// How long after its keys were read they are not read again, however many tokens name another.
const KEYS_REST: SignedDuration = SignedDuration::from_mins(1);

type Result<T, E = Refusal> = std::result::Result<T, E>;

/// An identity provider, and who we are to it.
#[derive(Clone)]
pub struct IdentityProvider {
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    name: Option<String>,
    redirect_uri: String,
    is_on_loopback: bool,
    client: Client,
    known: Arc<Mutex<Option<Arc<Known>>>>,
}

impl std::fmt::Debug for IdentityProvider {
    /// Without the client's secret, so that it cannot end up in a log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("IdentityProvider").field("issuer", &self.issuer).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// What a provider says of itself (OpenID Connect Discovery 1.0), with its keys.
#[derive(Debug, Clone)]
struct Known {
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    userinfo_endpoint: Option<Url>,
    takes_secret_in_form_only: bool,
    keys: Vec<Key>,
    read_at: Timestamp,
    keys_read_at: Timestamp,
}

#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    email: Option<String>,
    #[serde(default, deserialize_with = "token::truth")]
    email_verified: bool,
}

/// Somebody who has proved to be a subject of the provider.
pub(crate) struct Proven {
    claims: Claims,
    access_token: Option<String>,
}

impl Proven {
    /// Their name at the provider, which stands for them for good.
    pub(crate) fn subject(&self) -> &str {
        &self.claims.sub
    }
}

impl IdentityProvider {
    /// A provider by its issuer, exactly as it writes it itself. `base` is the address under which
    /// people reach us. Nothing is asked of the provider before it is needed.
    ///
    /// # Errors
    /// Words about what is wrong with the issuer: it has to be https, or on this machine.
    pub fn new(issuer: &str, client_id: &str, client_secret: Option<&str>, name: Option<&str>, base: &str) -> Result<Self, String> {
        let url = Url::parse(issuer).map_err(|error| error.to_string())?;
        let is_on_loopback = url.scheme() == "http" && is_loopback(&url);
        if url.scheme() != "https" && !is_on_loopback {
            return Err("it has to begin with https://".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err("it may have a path, but nothing behind it and no user name".to_owned());
        }
        if client_id.trim().is_empty() {
            return Err("the client id is empty".to_owned());
        }
        Ok(Self {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            client_secret: client_secret.map(ToOwned::to_owned),
            name: name.map(ToOwned::to_owned),
            redirect_uri: format!("{}/sign-in/organisation/return", base.trim_end_matches('/')),
            is_on_loopback,
            client: Client::new(),
            known: Arc::default(),
        })
    }

    /// The issuer, as it stands in every token.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What people call it, if the firm says so.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Where to send a browser for a sign-in.
    pub(crate) async fn address(&self, state: &str, nonce: &str, code_verifier: &str, at: Timestamp) -> Result<String> {
        let mut address = self.known(at).await?.authorization_endpoint.clone();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(code_verifier.as_bytes()));
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", "openid email")
            .append_pair("state", state)
            .append_pair("nonce", nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(address.into())
    }

    /// Redeems a code, and checks what the provider then says.
    pub(crate) async fn redeem(&self, code: &str, code_verifier: &str, nonce: &str, at: Timestamp) -> Result<Proven> {
        let known = self.known(at).await?;
        let (form, authorization) = self.token_request(&known, code, code_verifier);
        let tokens: Tokens = self.client.post(&known.token_endpoint, form, authorization.as_deref()).await?;
        let expected = Expected { issuer: &self.issuer, client_id: &self.client_id, nonce, at };
        let claims = match token::verify(&tokens.id_token, &known.keys, expected) {
            Err(NotTaken::UnknownKey) if at.duration_since(known.keys_read_at) >= KEYS_REST => {
                let known = self.with_new_keys(&known, at).await?;
                token::verify(&tokens.id_token, &known.keys, expected)
            }
            checked => checked,
        };
        let claims = claims.map_err(|why| match why {
            NotTaken::UnknownKey => Refusal::NotProven("the ID token: it is signed with an unknown key".to_owned()),
            NotTaken::Wrong(why) => Refusal::NotProven(format!("the ID token: {why}")),
        })?;
        Ok(Proven { claims, access_token: tokens.access_token })
    }

    /// The person's address, if the provider has made sure that it is theirs. Providers tell it in
    /// the ID token, or where they are asked for it.
    pub(crate) async fn verified_email(&self, proven: &Proven, at: Timestamp) -> Result<Option<Email>> {
        let known = self.known(at).await?;
        let (email, is_verified) = match (&proven.claims.email, &known.userinfo_endpoint, &proven.access_token) {
            (None, Some(endpoint), Some(token)) => {
                let info: UserInfo = self.client.get(endpoint, Some(token)).await?;
                if info.sub != proven.claims.sub {
                    return Err(Refusal::NotProven("the provider's account of the person is of somebody else".to_owned()));
                }
                (info.email, info.email_verified)
            }
            (email, ..) => (email.clone(), proven.claims.email_verified),
        };
        Ok(email.filter(|_| is_verified).and_then(|email| Email::parse(&email).ok()))
    }

    /// The form that redeems a code, and the header that says who we are, where the form does not.
    fn token_request(&self, known: &Known, code: &str, code_verifier: &str) -> (String, Option<String>) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("code_verifier", code_verifier);
        let mut authorization = None;
        match &self.client_secret {
            Some(secret) if known.takes_secret_in_form_only => {
                form.append_pair("client_id", &self.client_id).append_pair("client_secret", secret);
            }
            Some(secret) => {
                // RFC 6749, 2.3.1: both are written as in a form before they are put together.
                let written = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let pair = format!("{}:{}", written(&self.client_id), written(secret));
                authorization = Some(format!("Basic {}", STANDARD.encode(pair)));
            }
            None => {
                form.append_pair("client_id", &self.client_id);
            }
        }
        (form.finish(), authorization)
    }

    /// What the provider says of itself; asked for once an hour.
    async fn known(&self, at: Timestamp) -> Result<Arc<Known>> {
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match kept.filter(|kept| at.duration_since(kept.read_at) < BELIEVED) {
            Some(kept) => Ok(kept),
            None => {
                let mut known = self.discover(at).await?;
                known.keys = self.client.get::<KeySet>(&known.jwks_uri, None).await?.usable();
                Ok(self.keep(known))
            }
        }
    }

    async fn with_new_keys(&self, known: &Known, at: Timestamp) -> Result<Arc<Known>> {
        let keys = self.client.get::<KeySet>(&known.jwks_uri, None).await?.usable();
        Ok(self.keep(Known { keys, keys_read_at: at, ..known.clone() }))
    }

    fn keep(&self, known: Known) -> Arc<Known> {
        let known = Arc::new(known);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        known
    }

    async fn discover(&self, at: Timestamp) -> Result<Known> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let found: Discovered = self.client.get(&self.endpoint(&address)?, None).await?;
        if found.issuer != self.issuer {
            return Err(Refusal::Away(format!("the provider calls itself {}, not {}: correct the issuer", found.issuer, self.issuer)));
        }
        let methods = found.token_endpoint_auth_methods_supported.unwrap_or_default();
        let takes = |method: &str| methods.iter().any(|one| one == method);
        Ok(Known {
            authorization_endpoint: self.endpoint(&found.authorization_endpoint)?,
            token_endpoint: self.endpoint(&found.token_endpoint)?,
            jwks_uri: self.endpoint(&found.jwks_uri)?,
            userinfo_endpoint: found.userinfo_endpoint.map(|address| self.endpoint(&address)).transpose()?,
            takes_secret_in_form_only: takes("client_secret_post") && !takes("client_secret_basic"),
            keys: Vec::new(),
            read_at: at,
            keys_read_at: at,
        })
    }

    /// An address that the provider names. It is no less protected than the issuer itself.
    fn endpoint(&self, address: &str) -> Result<Url> {
        let url = Url::parse(address).map_err(|error| Refusal::Away(format!("{address} is no address: {error}")))?;
        let is_safe = url.scheme() == "https" || (self.is_on_loopback && url.scheme() == "http" && is_loopback(&url));
        if is_safe { Ok(url) } else { Err(Refusal::Away(format!("{address} is not protected by https"))) }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
