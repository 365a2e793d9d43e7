//! The file of evidence: to keep, or to look at inside a page.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use http_body::{Frame, SizeHint};
use muster_domain::evidence::{Evidence, Preview};
use muster_service::VerifiedFile;
use tokio::sync::mpsc;

use crate::{problem::Problem, state::AppState};

/// What a shown file may do. Browsers' own readers of PDF put a plugin and styles into the page that
/// they make of it; they do that in the sandbox, too.
const PREVIEW_POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'self'";

/// What is said of a file that is sent.
pub(crate) struct SentFile<'a> {
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub(crate) sha256: &'a str,
    /// What it is.
    pub(crate) media_type: &'a str,
    /// Its name.
    pub(crate) name: &'a str,
}

/// The file of a piece of evidence; a link has none.
pub(crate) async fn download(state: &AppState, evidence: &Evidence, asked: &HeaderMap) -> Result<Response, Problem> {
    let file = evidence.content.file().ok_or(muster_service::Error::NotFound)?;
    let file = SentFile { sha256: &file.sha256, media_type: &file.media_type, name: &evidence.filename };
    send_file(&file, asked, state.context.evidence_file(evidence)).await
}

/// The file of a piece of evidence to be shown inside a page of ours: as what it is where that is a
/// PDF or a picture, as mere letters where it is text. Everything else is nothing that is shown.
///
/// Whatever it holds, nothing of it runs: it is in a sandbox without scripts, forms and an origin of
/// ours, loads nothing, and no browser may take it for something else than it is said to be.
pub(crate) async fn preview(state: &AppState, evidence: &Evidence, asked: &HeaderMap) -> Result<Response, Problem> {
    let file = evidence.content.file().ok_or(muster_service::Error::NotFound)?;
    let shown = file.preview().ok_or(muster_service::Error::NotFound)?;
    let media_type = if shown == Preview::Text { "text/plain; charset=utf-8" } else { &file.media_type };
    let sent = SentFile { sha256: &file.sha256, media_type, name: &evidence.filename };
    let mut response = send_file(&sent, asked, state.context.evidence_file(evidence)).await?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PREVIEW_POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}

/// A file as something to keep, never to show: whatever it holds, a browser runs nothing of it.
pub(crate) async fn send_file(
    file: &SentFile<'_>,
    asked: &HeaderMap,
    open: impl Future<Output = Result<VerifiedFile, muster_service::Error>>,
) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", file.sha256);
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::new(Pieces::of(open.await?)).into_response()
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| drop(HeaderValue::from_str(value).map(|value| headers.insert(name, value)));
    set(header::ETAG, &tag);
    set(header::CONTENT_TYPE, file.media_type);
    set(header::CONTENT_DISPOSITION, &attachment(file.name));
    set(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'");
    // As it was handed in, byte for byte: nothing on the way packs it.
    set(header::CONTENT_ENCODING, "identity");
    Ok(response)
}

/// A name that every browser keeps: plain letters for old ones, the whole name (RFC 5987) for the rest.
fn attachment(filename: &str) -> String {
    let plain: String = filename
        .chars()
        .map(|sign| if sign.is_ascii_graphic() && !matches!(sign, '"' | '\\' | '%') || sign == ' ' { sign } else { '_' })
        .collect();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let whole: String =
        filename.bytes().map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// The pieces of a file as a body of known length. A piece that is an error breaks the connection off,
/// so that what is not whole is never taken for it.
struct Pieces {
    pieces: mpsc::Receiver<Result<Vec<u8>, muster_service::FileError>>,
    left: u64,
}

impl Pieces {
    fn of(file: VerifiedFile) -> Self {
        Self { left: file.size(), pieces: file.pieces() }
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = muster_service::FileError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.pieces.poll_recv(context).map(|piece| {
            piece.map(|piece| {
                let piece = piece?;
                self.left = self.left.saturating_sub(piece.len() as u64);
                Ok(Frame::data(piece.into()))
            })
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_reach_the_browser_whole_and_harmless() {
        assert_eq!(attachment("Policy 1.pdf"), "attachment; filename=\"Policy 1.pdf\"; filename*=UTF-8''Policy%201.pdf");
        assert_eq!(attachment("a\"b;é.pdf"), "attachment; filename=\"a_b;_.pdf\"; filename*=UTF-8''a%22b%3B%C3%A9.pdf");
        assert!(HeaderValue::from_str(&attachment("報告 \u{7f}.pdf")).is_ok());
    }
}
