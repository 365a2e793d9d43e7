//! A form with a file, or several: each is streamed to where it is kept and never held in memory.
//!
//! Such a request may be larger than other bodies, but not slower: one that makes no progress is cut off.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, StatusCode, header},
};
use base64::Engine as _;
use http_body::Frame;
use http_body_util::BodyExt as _;
use muster_domain::evidence::FileName;
use muster_service::{Error, FieldError, Once, Received, RequestFingerprint, Upload};
use sha2::{Digest as _, Sha256};

use super::{
    body::{BODY_PATIENCE, idempotency_key},
    multipart::{self, FormError, Multipart},
};
use crate::{problem::Problem, text::ENGLISH};

/// The most bytes of one field that is no file.
const FIELD_LIMIT: usize = 128 * 1024;
/// How many fields for a file may be left empty: a form has one to pick a file and one for the camera.
const EMPTY_FIELDS: usize = 2;
/// The most fields of a form with a file.
const MOST_FIELDS: usize = 200;
/// How many bytes of a refused request are read and forgotten, so that whoever sends it gets to read
/// the refusal.
const FAREWELL_BYTES: u64 = 64 << 20;
/// And for how long.
const FAREWELL: Duration = Duration::from_secs(10);

/// What came with a form: its files, whole, and its other fields.
#[derive(Debug)]
pub struct UploadForm {
    /// The files, with their names; none where the form's file field was left empty.
    pub files: Vec<(FileName, Received)>,
    /// The other fields, in order.
    pub fields: Vec<(String, String)>,
    /// The key of the creation, and what stands for this request.
    pub once: Once,
}

impl UploadForm {
    /// The file of a form that takes one.
    pub fn into_file(self) -> Option<(FileName, Received)> {
        self.files.into_iter().next()
    }

    /// A field; the last one, if it was sent several times.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a form with a file. `begin` decides whether whoever sends it may, and gives the place that
/// the file goes to; it is asked before a byte of the body is read.
pub async fn read_upload(
    path: &str,
    headers: &HeaderMap,
    body: Body,
    begin: impl Future<Output = Result<Upload, Error>>,
) -> Result<UploadForm, Problem> {
    read_uploads(path, headers, body, 1, begin).await
}

/// Reads a form with files, at most `most` of them.
pub async fn read_uploads(
    path: &str,
    headers: &HeaderMap,
    body: Body,
    most: usize,
    begin: impl Future<Output = Result<Upload, Error>>,
) -> Result<UploadForm, Problem> {
    let body = SharedBody::new(body, headers.contains_key("content-digest") || headers.contains_key("digest"));
    let read = read_form(path, headers, &body, most, begin).await;
    if read.is_err() {
        let _ = tokio::time::timeout(FAREWELL, body.forget(FAREWELL_BYTES)).await;
    }
    read
}

async fn read_form(
    path: &str,
    headers: &HeaderMap,
    body: &SharedBody,
    most: usize,
    begin: impl Future<Output = Result<Upload, Error>>,
) -> Result<UploadForm, Problem> {
    let upload = begin.await?;
    let key = idempotency_key(headers)?;
    let mut form = Multipart::new(Body::new(body.clone()), &boundary(headers)?);
    let (mut files, mut fields, mut parts) = (Vec::new(), Vec::new(), 0);
    while let Some(part) = patiently(form.next_part()).await? {
        if part.name != "file" {
            if fields.len() == MOST_FIELDS {
                return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
            }
            fields.push((part.name, text(&mut form).await?));
            continue;
        }
        let given = part.file_name.unwrap_or_default();
        parts += 1;
        if parts > most + EMPTY_FIELDS || (files.len() == most && !given.is_empty()) {
            return Err(too_many(most));
        }
        let of_part = part.digest.as_deref().map(sha256_in).transpose()?.flatten();
        let received = receive(&mut form, upload.another().await.map_err(Error::from)?).await?;
        // A browser sends a file field that was left empty as a nameless file of no bytes.
        if given.is_empty() && received.size == 0 {
            continue;
        }
        if files.len() == most {
            return Err(too_many(most));
        }
        files.push((given, received, of_part));
    }
    drop(form);
    let whole = body.rest().await?;
    for (_, received, of_part) in &files {
        check_digests(headers, *of_part, &fields, received.digest, whole)?;
    }
    let hash = fingerprint(path, files.iter().map(|file| &file.1), &fields);
    Ok(UploadForm {
        once: key.map_or_else(Once::unkeyed, |key| Once::keyed(RequestFingerprint { key, hash })),
        files: files.into_iter().map(|(given, received, _)| (FileName::clean(&given), received)).collect(),
        fields,
    })
}

fn too_many(most: usize) -> Problem {
    let message = if most == 1 { "must be one file".to_owned() } else { format!("must be at most {most} files") };
    Error::field(FieldError::new("/file", "too-many", message)).into()
}

/// What tells a repeated request from another one: the boundary of a form is drawn anew each time.
fn fingerprint<'a>(path: &str, files: impl Iterator<Item = &'a Received>, fields: &[(String, String)]) -> [u8; 32] {
    let mut hasher = Sha256::new_with_prefix(format!("POST {path}\n"));
    for file in files {
        hasher.update(file.digest);
    }
    for (name, value) in fields {
        hasher.update(format!("\n{} {} {name} {value}", name.len(), value.len()));
    }
    hasher.finalize().into()
}

fn boundary(headers: &HeaderMap) -> Result<String, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let (t, r) = (&ENGLISH.problem, &ENGLISH.refusals);
    multipart::boundary(kind).map_err(|error| match error {
        Some(FormError::Malformed) => Problem::of_status(StatusCode::BAD_REQUEST),
        None => Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", t.bad_request, r.media_type_form),
    })
}

/// Waits for what comes next, but not for ever.
async fn patiently<T>(next: impl Future<Output = Result<T, FormError>>) -> Result<T, Problem> {
    let next = tokio::time::timeout(BODY_PATIENCE, next).await.map_err(|_| Problem::of_status(StatusCode::REQUEST_TIMEOUT))?;
    next.map_err(|_| Problem::of_status(StatusCode::BAD_REQUEST))
}

async fn text(form: &mut Multipart) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = patiently(form.piece()).await? {
        if bytes.len() + piece.len() > FIELD_LIMIT {
            return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| Problem::of_status(StatusCode::BAD_REQUEST))
}

async fn receive(form: &mut Multipart, mut upload: Upload) -> Result<Received, Problem> {
    while let Some(piece) = patiently(form.piece()).await? {
        upload.write(&piece).await.map_err(Error::from)?;
    }
    Ok(upload.finish().await.map_err(Error::from)?)
}

/// Compares what came with what was said to come: the field `sha256` and the digest of the file's own
/// part speak of the file, the header of the request of its whole body or, as many programs have it, of
/// the file.
fn check_digests(
    headers: &HeaderMap,
    of_part: Option<[u8; 32]>,
    fields: &[(String, String)],
    file: [u8; 32],
    whole: Option<[u8; 32]>,
) -> Result<(), Problem> {
    let differs =
        || Problem::new(StatusCode::BAD_REQUEST, "digest-mismatch", ENGLISH.problem.bad_request, ENGLISH.refusals.digest_mismatch);
    if of_part.is_some_and(|digest| digest != file) || named_digest(headers)?.is_some_and(|digest| Some(digest) != whole && digest != file)
    {
        return Err(differs());
    }
    for (_, said) in fields.iter().filter(|(name, value)| name == "sha256" && !value.is_empty()) {
        if muster_domain::audit::from_hex(&said.to_ascii_lowercase()) != Some(file) {
            return Err(differs());
        }
    }
    Ok(())
}

/// The SHA-256 that `Content-Digest` (RFC 9530) or the older `Digest` names, if they name one.
fn named_digest(headers: &HeaderMap) -> Result<Option<[u8; 32]>, Problem> {
    for name in ["content-digest", "digest"] {
        for value in headers.get_all(name) {
            let value = value.to_str().map_err(|_| Problem::of_status(StatusCode::BAD_REQUEST))?;
            if let Some(digest) = sha256_in(value)? {
                return Ok(Some(digest));
            }
        }
    }
    Ok(None)
}

/// The SHA-256 in a list of digests, such as `sha-256=:...:, sha-512=:...:`.
fn sha256_in(value: &str) -> Result<Option<[u8; 32]>, Problem> {
    let malformed = || Problem::of_status(StatusCode::BAD_REQUEST);
    for one in value.split(',') {
        let (algorithm, digest) = one.trim().split_once('=').ok_or_else(malformed)?;
        if algorithm.trim().eq_ignore_ascii_case("sha-256") {
            let bytes = base64::engine::general_purpose::STANDARD.decode(digest.trim().trim_matches(':')).map_err(|_| malformed())?;
            return bytes.try_into().map(Some).map_err(|_| malformed());
        }
    }
    Ok(None)
}

/// A body that is read by the form's reader first and by us afterwards, and hashed on the way.
#[derive(Clone)]
struct SharedBody(Arc<Mutex<Hashed>>);

struct Hashed {
    body: Body,
    /// None where nobody will ask for the hash.
    hasher: Option<Sha256>,
}

impl SharedBody {
    fn new(body: Body, is_hashed: bool) -> Self {
        Self(Arc::new(Mutex::new(Hashed { body, hasher: is_hashed.then(Sha256::new) })))
    }

    /// Reads what stands behind the form, which is a line's end as a rule, and gives the hash of the
    /// whole body, if it was asked for.
    async fn rest(&self) -> Result<Option<[u8; 32]>, Problem> {
        let (mut body, mut left) = (Body::new(self.clone()), 64 * 1024_usize);
        loop {
            let frame =
                tokio::time::timeout(BODY_PATIENCE, body.frame()).await.map_err(|_| Problem::of_status(StatusCode::REQUEST_TIMEOUT))?;
            let bad_request = || Problem::of_status(StatusCode::BAD_REQUEST);
            match frame {
                None => break,
                Some(Err(_)) => return Err(bad_request()),
                Some(Ok(frame)) => {
                    left = left.checked_sub(frame.data_ref().map_or(0, Bytes::len)).ok_or_else(bad_request)?;
                }
            }
        }
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(inner.hasher.clone().map(|hasher| hasher.finalize().into()))
    }

    /// Reads and forgets up to so many bytes.
    async fn forget(&self, most: u64) {
        let (mut body, mut read) = (Body::new(self.clone()), 0);
        while read < most {
            match body.frame().await {
                Some(Ok(frame)) => read += frame.data_ref().map_or(0, |data| data.len() as u64),
                _ => return,
            }
        }
    }
}

impl HttpBody for SharedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let frame = ready!(Pin::new(&mut inner.body).poll_frame(context));
        if let (Some(hasher), Some(Ok(frame))) = (&mut inner.hasher, &frame) {
            hasher.update(frame.data_ref().map(Bytes::as_ref).unwrap_or_default());
        }
        Poll::Ready(frame)
    }
}
