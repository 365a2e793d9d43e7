//! Files that pages load: the stylesheet, the icon sprite, scripts. Embedded in a release build, read from disk in
//! a debug build.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// How many characters of a file's hash stand in its address: enough to tell versions apart, short enough for a
/// page that names the sprite thousands of times.
const VERSION_LENGTH: usize = 10;

/// The versioned address of every file, made once.
static ADDRESSES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| {
            let file = Files::get(&name)?;
            let address = format!("/assets/{name}?v={}", version(&file));
            Some((name.into_owned(), address))
        })
        .collect()
});

/// The address of a file with its version, for example `/assets/muster.css?v=1c0ffee123`.
///
/// A name that does not exist gives its plain address, which then answers 404; a test keeps that from happening.
#[must_use]
pub fn asset(name: &str) -> &str {
    ADDRESSES.get(name).map_or(name, String::as_str)
}

/// What may follow the name of a file in its address.
#[derive(Debug, Deserialize)]
pub struct Version {
    v: Option<String>,
}

/// Serves `/assets/{*name}`: kept for a year when the address names the current version, asked about again otherwise.
pub async fn serve(Path(name): Path<String>, Query(query): Query<Version>, headers: HeaderMap) -> Response {
    let Some(file) = Files::get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let current = version(&file);
    let caching = if query.v.as_deref() == Some(current.as_str()) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = format!("\"{current}\"");
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|one| one.trim() == tag));
    let mut answer = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, media_type(&name))], file.data).into_response()
    };
    let fields = answer.headers_mut();
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    fields.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        fields.insert(header::ETAG, value);
    }
    answer
}

fn version(file: &EmbeddedFile) -> String {
    let mut text = String::with_capacity(64);
    for byte in file.metadata.sha256_hash() {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.truncate(VERSION_LENGTH);
    text
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(name: &str, v: Option<&str>, known: Option<&str>) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(tag) = known {
            headers.insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        }
        serve(Path(name.to_owned()), Query(Version { v: v.map(str::to_owned) }), headers).await
    }

    fn field(answer: &Response, name: header::HeaderName) -> &str {
        answer.headers()[name].to_str().unwrap()
    }

    #[tokio::test]
    async fn a_versioned_address_is_kept_for_a_year() {
        let address = asset("muster.css");
        let (_, v) = address.split_once("?v=").unwrap();
        let answer = get("muster.css", Some(v), None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(field(&answer, header::CACHE_CONTROL).contains("immutable"));
        assert_eq!(field(&answer, header::CONTENT_TYPE), "text/css; charset=utf-8");
    }

    #[tokio::test]
    async fn any_other_address_is_asked_about_again() {
        let first = get("icons.svg", Some("0000000000"), None).await;
        assert_eq!(field(&first, header::CACHE_CONTROL), "no-cache");
        let tag = field(&first, header::ETAG).to_owned();
        let again = get("icons.svg", None, Some(&tag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn nothing_outside_the_folder_is_served() {
        for name in ["missing.css", "../Cargo.toml", "/etc/passwd", "vendor"] {
            assert_eq!(get(name, None, None).await.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }

    #[test]
    fn the_vendored_table_names_the_files_as_they_are() {
        let table = include_str!("../assets/vendor/VENDORED.md");
        for name in ["htmx.min.js", "htmx.LICENSE"] {
            let file = Files::get(&format!("vendor/{name}")).unwrap();
            let hash: String = file.metadata.sha256_hash().iter().map(|byte| format!("{byte:02x}")).collect();
            let row = table.lines().find(|line| line.starts_with(&format!("| `{name}`"))).unwrap();
            assert!(row.contains(&hash), "{name} is {hash}");
        }
    }
}
