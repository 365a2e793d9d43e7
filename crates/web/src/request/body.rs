//! JSON bodies, read strictly and within limits.

use std::{fmt, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use http_body_util::BodyExt as _;
use muster_service::{Error, FieldError, Once, RequestFingerprint};
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
pub(super) const BODY_PATIENCE: Duration = Duration::from_secs(30);

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

pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
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
    let mut pointer = if path == "." { String::new() } else { format!("/{}", path.replace(['.', '['], "/").replace(']', "")) };
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
