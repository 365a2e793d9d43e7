//! Who is asking: the session cookie, and the actor that it stands for.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use muster_domain::access::Actor;
use muster_service::{Error, SESSION_LIFETIME, SIGN_IN_ATTEMPT_LIFETIME};

use crate::{problem::Problem, state::AppState};

/// The signed-in person. Every route that is not public asks for it.
pub struct SignedIn(pub Actor);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = session_token(&parts.headers, state.is_secure).ok_or(Error::Unauthenticated)?;
        Ok(Self(state.context.actor(&token).await?))
    }
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
