//! Forms with a file (`multipart/form-data`), read whole and within a limit.

use std::time::Duration;

use axum::{
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::MultipartError},
    http::{StatusCode, header},
};
use muster_service::{Error, Once, RequestFingerprint};
use sha2::{Digest, Sha256};

use super::body::idempotency_key;
use crate::problem::Problem;

/// A form that makes no progress for so long is cut off.
const PATIENCE: Duration = Duration::from_secs(30);
/// What the fields beside the file may take, and the marks between them.
const BESIDE: usize = 64 * 1024;

/// A form with at most one file.
#[derive(Debug, Default)]
pub struct Upload {
    /// The name that the file was sent under, and what it holds.
    pub file: Option<(String, Vec<u8>)>,
    fields: Vec<(String, String)>,
    /// What makes it happen once.
    pub once: Once,
}

/// Whether a request brings a form with files.
pub fn is_upload(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
}

impl Upload {
    /// Reads a form whose field `file` may hold so many bytes. Its key comes from the header
    /// `Idempotency-Key`, or from the field `once` of a page.
    pub async fn read(mut request: Request, limit: usize) -> Result<Self, Problem> {
        if !is_upload(&request) {
            return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let too_large = || Problem::from(Error::FileTooLarge { limit: u64::try_from(limit).unwrap_or(u64::MAX) });
        let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: usize| length > limit + BESIDE) {
            return Err(too_large());
        }
        let refused = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => Problem::of_status(StatusCode::BAD_REQUEST),
        };
        let key = idempotency_key(request.headers())?;
        let mut hash = Sha256::new().chain_update(format!("{} {}\n", request.method(), request.uri().path()));
        DefaultBodyLimit::max(limit + BESIDE).apply(&mut request);
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Problem::of_status(StatusCode::BAD_REQUEST))?;
        let mut upload = Self::default();
        while let Some(mut part) = patiently(parts.next_field()).await?.map_err(refused)? {
            let (name, file_name) = (part.name().unwrap_or_default().to_owned(), part.file_name().map(ToOwned::to_owned));
            let most = if file_name.is_some() { limit } else { BESIDE };
            let mut bytes = Vec::new();
            while let Some(chunk) = patiently(part.chunk()).await?.map_err(refused)? {
                if bytes.len() + chunk.len() > most {
                    return Err(too_large());
                }
                bytes.extend_from_slice(&chunk);
            }
            if name != "once" {
                hash.update(format!("{name}\n{}\n{}\n", file_name.as_deref().unwrap_or_default(), bytes.len()));
                hash.update(&bytes);
            }
            match file_name {
                // A browser sends an empty file without a name where none was chosen.
                Some(file_name) if name == "file" && !(file_name.is_empty() && bytes.is_empty()) => upload.file = Some((file_name, bytes)),
                Some(_) => {}
                None => upload.fields.push((name, String::from_utf8(bytes).map_err(|_| Problem::of_status(StatusCode::BAD_REQUEST))?)),
            }
        }
        let key = key.or_else(|| upload.text("once"));
        upload.once = key.map_or_else(Once::unkeyed, |key| Once::keyed(RequestFingerprint { key, hash: hash.finalize().into() }));
        Ok(upload)
    }

    /// A field, without blanks around it; none where it was not sent or is empty.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.fields.iter().rev().find(|(one, _)| one == name).map(|(_, value)| value.trim().to_owned());
        value.filter(|value| !value.is_empty())
    }
}

async fn patiently<T>(step: impl Future<Output = T>) -> Result<T, Problem> {
    tokio::time::timeout(PATIENCE, step).await.map_err(|_| Problem::of_status(StatusCode::REQUEST_TIMEOUT))
}
