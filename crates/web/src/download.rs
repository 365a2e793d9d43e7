//! Answers that are files to keep.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use http_body::Frame;
use muster_service::{Error, ExportedDocument, PlanArchive, TableFormat};
use tokio::sync::mpsc;

/// A document as a file. What it is made from belongs to a customer and may be a page: no browser
/// shows it as one of ours.
pub(crate) fn document(file: ExportedDocument) -> Response {
    with_headers(Body::from(file.bytes), file.format.media_type(), &file.file_name)
}

/// A table as a file.
pub(crate) fn table(name: &str, format: TableFormat, bytes: Vec<u8>) -> Response {
    with_headers(Body::from(bytes), format.media_type(), &format!("{name}.{}", format.as_str()))
}

/// An archive, sent while it is made.
pub(crate) fn archive(name: &str, mut archive: PlanArchive) -> Response {
    // Two pieces wait at most: whoever reads slowly makes the rest wait, not the memory grow.
    let (sender, pieces) = mpsc::channel(2);
    tokio::spawn(async move {
        loop {
            let piece = archive.next_piece().await;
            let is_over = matches!(piece, Ok(None) | Err(_));
            if let Err(error) = &piece {
                tracing::error!(%error, "an archive of documents was broken off");
            }
            let Some(piece) = piece.transpose() else { return };
            if sender.send(piece).await.is_err() || is_over {
                return;
            }
        }
    });
    with_headers(Body::new(Pieces(pieces)), "application/zip", name)
}

fn with_headers(body: Body, kind: &str, name: &str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| drop(HeaderValue::from_str(value).map(|value| headers.insert(name, value)));
    set(header::CONTENT_TYPE, kind);
    set(header::CONTENT_DISPOSITION, &attachment(name));
    set(header::CACHE_CONTROL, "private, no-cache");
    response
}

/// A name that every browser keeps: plain letters for old ones, the whole name (RFC 5987) for the rest.
fn attachment(name: &str) -> String {
    let is_plain = |sign: char| sign.is_ascii_graphic() && !matches!(sign, '"' | '\\' | '%') || sign == ' ';
    let plain: String = name.chars().map(|sign| if is_plain(sign) { sign } else { '_' }).collect();
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let whole: String =
        name.bytes().map(|byte| if is_unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// The pieces of an archive as a body. A piece that is an error breaks the connection off, so that
/// what is not whole is never taken for it.
struct Pieces(mpsc::Receiver<Result<Vec<u8>, Error>>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(|piece| Frame::data(piece.into()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_fits_a_header() {
        assert_eq!(attachment("Policy v1.pdf"), "attachment; filename=\"Policy v1.pdf\"; filename*=UTF-8''Policy%20v1.pdf");
        assert_eq!(attachment("a\"b;é.pdf"), "attachment; filename=\"a_b;_.pdf\"; filename*=UTF-8''a%22b%3B%C3%A9.pdf");
        assert!(HeaderValue::from_str(&attachment("報告 \u{7f}\n.pdf")).is_ok());
    }
}
