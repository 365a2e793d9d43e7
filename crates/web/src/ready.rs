//! Answers that are ready: sent as they are, compressed where the client takes that, or not at all where it has them.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use muster_service::ReadyAnswer;

/// An answer to a request with these headers.
pub(crate) fn answer(ready: &ReadyAnswer, asked: &HeaderMap, content_type: &'static str) -> Response {
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_known = known.split(',').any(|one| one.trim().trim_start_matches("W/") == ready.tag);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else if takes_gzip(asked) {
        let encoded = [(header::CONTENT_TYPE, content_type), (header::CONTENT_ENCODING, "gzip")];
        (encoded, Body::from(ready.compressed())).into_response()
    } else {
        ([(header::CONTENT_TYPE, content_type)], Body::from(ready.plain.clone())).into_response()
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&ready.tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Whether a client takes gzip (RFC 9110, 12.5.3). What it gives no weight to, it does not take.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| {
        let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse().ok()).unwrap_or(1.0_f32);
        coding.trim().eq_ignore_ascii_case("gzip") && weight > 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_whoever_takes_it() {
        let takes = |value: &'static str| takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]));
        assert!(takes("gzip") && takes("br, GZIP;q=0.5") && takes("deflate, gzip;q=1.0, *;q=0.5"));
        assert!(!takes("gzip;q=0") && !takes("br") && !takes("") && !takes("gzip;q=0.0") && !takes_gzip(&HeaderMap::new()));
    }
}
