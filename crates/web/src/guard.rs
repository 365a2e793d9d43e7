//! Layers that every request passes: its id, security headers, the check against forged requests,
//! and the guarantee that a change that has begun is finished even if the client leaves.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use muster_domain::network::client_address;

use crate::{
    problem::{Problem, RequestId},
    session::{bearer_token, has_authority},
    state::AppState,
    text::ENGLISH,
};

/// What pages may load: only what this server serves, and no inline script or style.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Gives the request an id and the answer its security headers.
pub async fn identify<F: Future<Output = Response>>(state: &AppState, mut request: Request, next: impl FnOnce(Request) -> F) -> Response {
    let id = state.context.draw_id().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    believe_proxies(state, &mut request);
    let is_asset = request.uri().path().starts_with("/assets/");
    let is_link = is_by_link(request.uri().path());
    let is_calendar = request.uri().path().starts_with("/calendar/");
    let mut response = next(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // An address that is a secret is told to nobody, and kept by nobody.
    set(header::REFERRER_POLICY, if is_link { "no-referrer" } else { "same-origin" });
    // A calendar is read again and again: its program keeps it, and asks whether it has changed.
    if is_link && !is_calendar {
        set(header::CACHE_CONTROL, "no-store");
    }
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if state.draining.has_begun() {
        set(header::CONNECTION, "close");
    }
    if state.is_secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    // What is shown inside a page of ours says so itself.
    if !headers.contains_key(header::X_FRAME_OPTIONS) {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    // A file that somebody handed in has a stricter one of its own, and its page may show it.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    }
    // What a person sees is theirs: no cache on the way keeps it, and going back after signing
    // out asks again.
    if !is_asset && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    response
}

/// Puts the client's address in the place of the proxy's, where the proxy is trusted.
fn believe_proxies(state: &AppState, request: &mut Request) {
    if state.trusted_proxies.is_empty() {
        return;
    }
    let forwarded: Vec<&str> = request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let forwarded = forwarded.join(",");
    if let Some(ConnectInfo(peer)) = request.extensions_mut().get_mut::<ConnectInfo<SocketAddr>>() {
        peer.set_ip(client_address(peer.ip(), &forwarded, &state.trusted_proxies));
    }
}

/// Refuses changes that another site makes a browser send, and lets those that have begun finish:
/// they run in a task of their own, which a client that leaves cannot cancel.
pub async fn protect(state: &AppState, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return next.run(request).await;
    }
    // A token is sent by a program on purpose, never by a browser by itself. Pages take none.
    let is_by_token = request.uri().path().starts_with("/api/") && bearer_token(request.headers()).is_some();
    // Nor does a cookie speak for somebody without an account: their link is all that they have.
    if !is_by_token
        && !is_by_link(request.uri().path())
        && !is_own_request(request.headers(), has_authority(request.headers(), state.is_secure))
    {
        return Problem::new(StatusCode::FORBIDDEN, "cross-site", ENGLISH.problem.forbidden, ENGLISH.refusals.cross_site).into_response();
    }
    tokio::spawn(next.run(request)).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request ended in a panic");
        Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
    })
}

/// Whether the address itself is what lets somebody in.
fn is_by_link(path: &str) -> bool {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    ["/respond/", "/invitations/", "/setup/", "/password-reset/", "/calendar/", "/unsubscribe/"].iter().any(|place| path.starts_with(place))
}

/// Whether a browser sends the request from a page of ours. What no browser sends has neither
/// header, and is let through only while no cookie speaks for it.
fn is_own_request(headers: &HeaderMap, has_session: bool) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    match text("origin") {
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text("host")
        }
        None => !has_session,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_own(pairs: &[(&'static str, &'static str)], has_session: bool) -> bool {
        let headers = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
        is_own_request(&headers, has_session)
    }

    #[test]
    fn requests_of_other_sites_are_refused() {
        assert!(is_own(&[("sec-fetch-site", "same-origin")], true));
        assert!(!is_own(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")], true));
        assert!(!is_own(&[("sec-fetch-site", "same-site")], true));
        assert!(is_own(&[("origin", "http://a:8080"), ("host", "a:8080")], true));
        assert!(!is_own(&[("origin", "http://b:8080"), ("host", "a:8080")], false));
        assert!(!is_own(&[("origin", "null"), ("host", "a:8080")], true));
        assert!(!is_own(&[], true) && is_own(&[], false));
    }
}
