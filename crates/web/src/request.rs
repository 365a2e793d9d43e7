//! Reading requests: ids in the path, JSON bodies, query parameters, preconditions.

use std::{fmt, str::FromStr, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use http_body_util::BodyExt as _;
use muster_service::{Error, FieldError, Once, RequestFingerprint, Slice};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};

use crate::{problem::Problem, text::ENGLISH};

/// The most bytes of a JSON or form body.
const BODY_LIMIT: usize = 1024 * 1024;
/// A body that makes no progress for so long is cut off.
const BODY_PATIENCE: Duration = Duration::from_secs(30);

/// Ids and keys from the path. Whatever cannot be one is 404, the same as one that does not exist.
pub struct Ids<T>(pub T);

/// What can be read from the segments of a path.
pub trait FromSegments: Sized {
    /// Reads the segments, in order.
    fn from_segments(segments: &[(String, String)]) -> Option<Self>;
}

fn segment<T: FromStr>(segments: &[(String, String)], index: usize) -> Option<T> {
    segments.get(index)?.1.parse().ok()
}

impl<A: FromStr> FromSegments for (A,) {
    fn from_segments(segments: &[(String, String)]) -> Option<Self> {
        Some((segment(segments, 0)?,))
    }
}

impl<A: FromStr, B: FromStr> FromSegments for (A, B) {
    fn from_segments(segments: &[(String, String)]) -> Option<Self> {
        Some((segment(segments, 0)?, segment(segments, 1)?))
    }
}

impl<A: FromStr, B: FromStr, C: FromStr> FromSegments for (A, B, C) {
    fn from_segments(segments: &[(String, String)]) -> Option<Self> {
        Some((segment(segments, 0)?, segment(segments, 1)?, segment(segments, 2)?))
    }
}

impl<S: Send + Sync, T: FromSegments> FromRequestParts<S> for Ids<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let not_found = || Problem::from(Error::NotFound);
        let Path(segments) = Path::<Vec<(String, String)>>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        T::from_segments(&segments).map(Self).ok_or_else(not_found)
    }
}

/// Reads a body up to the limit, as long as it makes progress.
pub async fn read_body(body: Body) -> Result<Bytes, Problem> {
    let mut body = body;
    let mut read = Vec::new();
    loop {
        let frame = tokio::time::timeout(BODY_PATIENCE, body.frame()).await.map_err(|_| Problem::of_status(StatusCode::REQUEST_TIMEOUT))?;
        match frame {
            None => return Ok(read.into()),
            Some(Err(_)) => return Err(Problem::of_status(StatusCode::BAD_REQUEST)),
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    if read.len() + data.len() > BODY_LIMIT {
                        return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
                    }
                    read.extend_from_slice(data);
                }
            }
        }
    }
}

/// A JSON body, read strictly: a name given twice, an unknown field or a wrong type is refused.
pub struct JsonBody<T>(pub T);

/// A JSON body of a creation, with its `Idempotency-Key`.
pub struct Creation<T> {
    /// The body.
    pub body: T,
    /// The key, if there is one.
    pub once: Once,
}

/// The body of a creation that needs none: no body at all is like an empty object.
pub struct OptionalCreation<T>(pub Creation<T>);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalCreation<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // Known from the head of the request, before a byte of the body is read.
        if !axum::body::HttpBody::is_end_stream(request.body()) {
            return Creation::from_request(request, state).await.map(Self);
        }
        let hash = Sha256::digest(format!("{} {}\n", request.method(), request.uri().path())).into();
        let once = idempotency_key(request.headers())?.map_or_else(Once::unkeyed, |key| Once::keyed(RequestFingerprint { key, hash }));
        Ok(Self(Creation { body: T::default(), once }))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read_json(request).await.map(|(value, _)| Self(value))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Creation<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let line = format!("{} {}\n", request.method(), request.uri().path());
        let key = idempotency_key(request.headers())?;
        let (body, bytes) = read_json(request).await?;
        let hash = Sha256::new().chain_update(line).chain_update(&bytes).finalize().into();
        Ok(Self { body, once: key.map_or_else(Once::unkeyed, |key| Once::keyed(RequestFingerprint { key, hash })) })
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=255).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Error::field(FieldError::new("/Idempotency-Key", "malformed", "must have 1 to 255 visible characters")).into()),
    }
}

async fn read_json<T: DeserializeOwned>(request: Request) -> Result<(T, Bytes), Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence != "application/json" && !essence.ends_with("+json") {
        // An empty body is a mistake of its own, whatever it is called.
        let is_empty = request.headers().get(header::CONTENT_LENGTH).is_some_and(|length| length == "0");
        let status = if essence.is_empty() && is_empty { StatusCode::BAD_REQUEST } else { StatusCode::UNSUPPORTED_MEDIA_TYPE };
        return Err(Problem::of_status(status));
    }
    let bytes = read_body(request.into_body()).await?;
    let mut reader = serde_json::Deserializer::from_slice(&bytes);
    let malformed = |error: serde_json::Error| {
        let detail = ENGLISH.refusals.malformed_json.with(error);
        Problem::new(StatusCode::BAD_REQUEST, "malformed-json", ENGLISH.problem.bad_request, detail)
    };
    let Strict(value) = Strict::deserialize(&mut reader).map_err(malformed)?;
    reader.end().map_err(malformed)?;
    let value = serde_path_to_error::deserialize::<_, T>(value).map_err(|error| Problem::from(Error::field(refused_field(&error))))?;
    Ok((value, bytes))
}

fn refused_field(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    let path = error.path().to_string();
    let message = error.inner().to_string();
    let mut pointer = if path == "." { String::new() } else { format!("/{}", path.replace('.', "/").replace(['[', ']'], "")) };
    // serde says which field is unknown, but stands at the object that holds it.
    if let Some(name) = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
        if !pointer.ends_with(name) {
            pointer = format!("{pointer}/{name}");
        }
        return FieldError::new(pointer, "unknown-field", "is not known here");
    }
    FieldError::new(pointer, "wrong-type", message)
}

/// A JSON value in which no name stands twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        StrictSeed.deserialize(deserializer).map(Self)
    }
}

struct StrictSeed;

impl<'de> DeserializeSeed<'de> for StrictSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictSeed {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(StrictSeed)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(StrictSeed)?;
            if object.insert(name.clone(), value).is_some() {
                return Err(serde::de::Error::custom(format_args!("the name `{name}` is given twice")));
            }
        }
        Ok(Value::Object(object))
    }
}

/// Tells a field that was sent as null from one that was not sent.
pub fn sent<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// The version that a change is meant for, from `If-Match`.
pub struct IfMatch(pub Option<i32>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        let version = text.strip_prefix("W/").unwrap_or(text).trim_matches('"').parse();
        // A tag that was never ours matches nothing.
        version.map(|version| Self(Some(version))).map_err(|_| Problem::from(Error::Stale { current: 0 }))
    }
}

impl IfMatch {
    /// The version, where one is required.
    pub fn required(self) -> Result<i32, Problem> {
        self.0.ok_or_else(|| Error::VersionRequired.into())
    }
}

/// The parameters of a query, read one by one so that each refusal names its parameter.
pub struct Parameters {
    pairs: Vec<(String, String)>,
    path: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_pairs(query.as_bytes()).ok_or_else(|| Problem::of_status(StatusCode::BAD_REQUEST))?;
        Ok(Self { pairs, path: parts.uri.path().to_owned() })
    }
}

/// The pairs of a query or of a form, if they are valid UTF-8 without NUL.
pub fn form_pairs(text: &[u8]) -> Option<Vec<(String, String)>> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    let is_clean = |text: &str| !text.contains(['\0', '\u{FFFD}']);
    pairs.iter().all(|(name, value)| is_clean(name) && is_clean(value)).then_some(pairs)
}

impl Parameters {
    /// All parameters as they were sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A parameter; blank counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(one, _)| one == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// A parameter of a type.
    pub fn parse<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem>
    where
        T::Err: fmt::Display,
    {
        let parse = |value: &str| {
            value.parse().map_err(|error: T::Err| Error::field(FieldError::new(format!("/{name}"), "malformed", error.to_string())).into())
        };
        self.get(name).map(parse).transpose()
    }

    /// Whether a switch is on.
    pub fn is_on(&self, name: &str) -> Result<bool, Problem> {
        match self.get(name) {
            None => Ok(false),
            Some("1" | "true" | "on" | "yes") => Ok(true),
            Some("0" | "false" | "off" | "no") => Ok(false),
            Some(_) => Err(Error::field(FieldError::new(format!("/{name}"), "malformed", "must be true or false")).into()),
        }
    }

    /// The order asked for, one of those that the list has; the first one unless given.
    pub fn sort<'a>(&self, sorts: &[&'a str]) -> Result<&'a str, Problem> {
        let asked = self.get("sort").unwrap_or(sorts.first().copied().unwrap_or_default());
        sorts
            .iter()
            .copied()
            .find(|sort| *sort == asked)
            .ok_or_else(|| Error::field(FieldError::new("/sort", "not-an-option", format!("must be one of {}", sorts.join(", ")))).into())
    }

    /// Which rows are wanted, from `limit` and `cursor`.
    pub fn slice(&self) -> Result<Slice, Problem> {
        let limit = match self.get("limit").map(str::parse::<i64>) {
            None => 50,
            Some(Ok(limit)) if (1..=200).contains(&limit) => limit,
            Some(_) => return Err(Error::field(FieldError::new("/limit", "out-of-range", "must be between 1 and 200")).into()),
        };
        let offset = match self.get("cursor") {
            None => 0,
            Some(cursor) => self.read_cursor(cursor).ok_or_else(|| {
                Problem::new(StatusCode::BAD_REQUEST, "bad-cursor", ENGLISH.problem.bad_request, ENGLISH.refusals.bad_cursor)
            })?,
        };
        Ok(Slice { limit, offset })
    }

    /// The cursor of the next page, if there is one.
    pub fn next_cursor(&self, slice: Slice, total: i64) -> Option<String> {
        let next = slice.offset + slice.limit;
        (next < total).then(|| format!("{next:x}-{}", self.cursor_check(next)))
    }

    /// The query of the next page, if there is one: what was asked for, with the next cursor.
    pub fn next_query(&self, slice: Slice, total: i64) -> Option<String> {
        let cursor = self.next_cursor(slice, total)?;
        Some(form_urlencoded::Serializer::for_suffix(self.first_query(), 1).append_pair("cursor", &cursor).finish())
    }

    /// The query of the first page: what was asked for, without a cursor. It begins with `?`.
    pub fn first_query(&self) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| name != "cursor");
        form_urlencoded::Serializer::for_suffix("?".to_owned(), 1).extend_pairs(kept).finish()
    }

    fn read_cursor(&self, cursor: &str) -> Option<i64> {
        let (offset, check) = cursor.split_once('-')?;
        let offset = i64::from_str_radix(offset, 16).ok().filter(|offset| (0..=i64::from(i32::MAX)).contains(offset))?;
        (check == self.cursor_check(offset)).then_some(offset)
    }

    /// A cursor is good for the list that it came from: the same path and the same filters.
    fn cursor_check(&self, offset: i64) -> String {
        let mut hash = Sha256::new().chain_update(b"muster cursor\0").chain_update(&self.path).chain_update(offset.to_be_bytes());
        for (name, value) in self.pairs.iter().filter(|(name, _)| name != "cursor" && name != "limit") {
            hash.update(name);
            hash.update([0]);
            hash.update(value);
            hash.update([0]);
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
