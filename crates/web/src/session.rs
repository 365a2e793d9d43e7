//! Who is asking: the session cookie or the API token, and the actor that it stands for.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use muster_domain::{
    access::{Actor, Decision, decide_in_person},
    ids::UserId,
};
use muster_service::{Browser, Error, PENDING_LIFETIME, Purpose, SESSION_LIFETIME, SIGN_IN_ATTEMPT_LIFETIME, Watcher};

use crate::{problem::Problem, state::AppState};

/// Whoever is let in: a person by their session, or a program by its token. Every route of the API
/// that is not public asks for it. Where a token is sent, a cookie beside it counts for nothing.
pub struct SignedIn(pub Actor);

/// The signed-in person themselves: a token of theirs is refused.
pub struct InPerson(pub Actor);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if let Some(token) = bearer_token(&parts.headers) {
            let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
            let network = peer.map(|peer| peer.ip().to_string()).unwrap_or_default();
            return Ok(Self(state.context.token_actor(token, &network).await?));
        }
        let token = session_token(&parts.headers, state.is_secure).ok_or(Error::Unauthenticated)?;
        Ok(Self(state.context.actor(&token).await?))
    }
}

/// What somebody signed in with, for what they watch: it is looked at again and again, and using it
/// does not keep their session alive.
pub struct Watching(pub Watcher);

impl FromRequestParts<AppState> for Watching {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if let Some(token) = bearer_token(&parts.headers) {
            let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
            let network = peer.map(|peer| peer.ip().to_string()).unwrap_or_default();
            return Ok(Self(Watcher::Token { text: token.to_owned(), network }));
        }
        let token = session_token(&parts.headers, state.is_secure).ok_or(Error::Unauthenticated)?;
        Ok(Self(Watcher::Session(token)))
    }
}

/// Whoever is signed in, for what tells only about themselves: a person also while they have to set
/// up two-step sign-in before anything else, or a program by its token.
pub struct Known(pub Actor);

impl FromRequestParts<AppState> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if bearer_token(&parts.headers).is_some() {
            return SignedIn::from_request_parts(parts, state).await.map(|SignedIn(actor)| Self(actor));
        }
        let token = session_token(&parts.headers, state.is_secure).ok_or(Error::Unauthenticated)?;
        Ok(Self(state.context.actor_at_own_account(&token, Purpose::Other).await?))
    }
}

/// The signed-in person themselves at their own account: let in also while they have to set up
/// two-step sign-in before anything else. A token of theirs is refused.
pub struct AtOwnAccount(pub Actor);

impl FromRequestParts<AppState> for AtOwnAccount {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Known(actor) = Known::from_request_parts(parts, state).await?;
        in_person(&actor)?;
        Ok(Self(actor))
    }
}

/// Where a request comes from, signed in or not.
pub struct Visitor {
    network: String,
    user_agent: String,
    session: Option<String>,
    /// The secret of a sign-in that waits for its code.
    pub pending: Option<String>,
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self {
            network: peer.map(|ConnectInfo(peer)| peer.ip().to_string()).unwrap_or_default(),
            user_agent: user_agent.unwrap_or_default().to_owned(),
            session: session_token(&parts.headers, state.is_secure),
            pending: token_in(&parts.headers, pending_name(state.is_secure)),
        })
    }
}

impl Visitor {
    /// The network address.
    pub fn network(&self) -> &str {
        &self.network
    }

    /// As a sign-in wants to know it.
    pub fn browser(&self) -> Browser<'_> {
        Browser { network: &self.network, user_agent: &self.user_agent, previous: self.session.as_deref() }
    }
}

/// The name of the cookie of a sign-in that waits for its code.
const fn pending_name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-muster_pending" } else { "muster_pending" }
}

impl FromRequestParts<AppState> for InPerson {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let SignedIn(actor) = SignedIn::from_request_parts(parts, state).await?;
        in_person(&actor)?;
        Ok(Self(actor))
    }
}

fn in_person(actor: &Actor) -> Result<(), Problem> {
    match decide_in_person(actor) {
        Decision::Allow => Ok(()),
        Decision::Forbid(denial) => Err(Error::Forbidden(denial).into()),
        Decision::Invisible => Err(Error::NotFound.into()),
    }
}

/// What a program sends instead of a cookie. A header of this kind is there or not, whatever is in
/// it: a token that cannot be read never falls back to the cookie.
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, _) = value.split_at_checked(6).filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"bearer"))?;
    let rest = std::str::from_utf8(&value[scheme.len()..]).unwrap_or_default();
    Some(rest.trim())
}

/// The name of the session cookie. Browsers bind `__Host-` names to https and to this host; on
/// http, as on loopback, they refuse such a name.
const fn cookie_name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-muster" } else { "muster" }
}

/// The name of the cookie that a browser keeps while it is at the identity provider.
const fn attempt_cookie_name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-muster-sign-in" } else { "muster-sign-in" }
}

/// The token of the session, if the request brings one.
pub fn session_token(headers: &HeaderMap, is_secure: bool) -> Option<String> {
    token_in(headers, cookie_name(is_secure))
}

/// The secret of a sign-in that goes by the identity provider, if the request brings one.
pub fn attempt_secret(headers: &HeaderMap, is_secure: bool) -> Option<String> {
    token_in(headers, attempt_cookie_name(is_secure))
}

fn token_in(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(one, _)| *one == name).map(|(_, token)| token.to_owned()).find(|token| is_token(token))
}

fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The cookie that begins a session.
pub fn begin_cookie(token: &str, is_secure: bool) -> Option<HeaderValue> {
    let seconds = SESSION_LIFETIME.as_secs();
    cookie(&format!("{}={token}; Max-Age={seconds}", cookie_name(is_secure)), is_secure)
}

/// The cookie of a sign-in that waits for its code.
pub fn pending_cookie(secret: &str, is_secure: bool) -> Option<HeaderValue> {
    let seconds = PENDING_LIFETIME.as_secs();
    cookie(&format!("{}={secret}; Max-Age={seconds}", pending_name(is_secure)), is_secure)
}

/// The cookie of a sign-in that waits no more.
pub fn end_pending_cookie(is_secure: bool) -> Option<HeaderValue> {
    cookie(&format!("{}=; Max-Age=0", pending_name(is_secure)), is_secure)
}

/// Whether a browser brings what speaks for somebody: a session, or a sign-in that waits for its code.
pub fn has_authority(headers: &HeaderMap, is_secure: bool) -> bool {
    session_token(headers, is_secure).is_some() || token_in(headers, pending_name(is_secure)).is_some()
}

/// The cookie that ends a session.
pub fn end_cookie(is_secure: bool) -> Option<HeaderValue> {
    cookie(&format!("{}=; Max-Age=0", cookie_name(is_secure)), is_secure)
}

/// The cookie of a sign-in that goes by the identity provider.
pub fn attempt_cookie(secret: &str, is_secure: bool) -> Option<HeaderValue> {
    let seconds = SIGN_IN_ATTEMPT_LIFETIME.as_secs();
    cookie(&format!("{}={secret}; Max-Age={seconds}", attempt_cookie_name(is_secure)), is_secure)
}

/// The cookie that ends it.
pub fn end_attempt_cookie(is_secure: bool) -> Option<HeaderValue> {
    cookie(&format!("{}=; Max-Age=0", attempt_cookie_name(is_secure)), is_secure)
}

fn cookie(pair: &str, is_secure: bool) -> Option<HeaderValue> {
    let secure = if is_secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{pair}; Path=/; HttpOnly; SameSite=Lax{secure}")).ok()
}

/// Who is signed in, for a route that is open to everybody and does more for somebody.
pub async fn session_holder(headers: &HeaderMap, state: &AppState) -> Option<UserId> {
    let token = session_token(headers, state.is_secure)?;
    state.context.actor_at_own_account(&token, Purpose::Other).await.ok().map(|actor| actor.user_id())
}
