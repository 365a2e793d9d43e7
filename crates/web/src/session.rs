//! Who is asking: the session cookie or the API token, and the actor that it stands for.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use muster_domain::access::{Actor, Decision, decide_in_person};
use muster_service::{Error, SESSION_LIFETIME, SIGN_IN_ATTEMPT_LIFETIME};

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

impl FromRequestParts<AppState> for InPerson {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let SignedIn(actor) = SignedIn::from_request_parts(parts, state).await?;
        match decide_in_person(&actor) {
            Decision::Allow => Ok(Self(actor)),
            Decision::Forbid(denial) => Err(Error::Forbidden(denial).into()),
            Decision::Invisible => Err(Error::NotFound.into()),
        }
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
