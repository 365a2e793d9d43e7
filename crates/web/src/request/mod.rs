//! Reading requests: ids in the path, JSON bodies, query parameters, preconditions.

mod body;
mod multipart;
mod parameters;
mod upload;
mod whole_upload;

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Path},
    http::{header, request::Parts},
};
use muster_service::Error;
use serde::{Deserialize, Deserializer};

pub use self::{
    body::{Creation, JsonBody, OptionalCreation, read_body},
    parameters::{Parameters, form_pairs},
    upload::{UploadForm, read_upload, read_uploads},
    whole_upload::{Upload, is_upload},
};
use crate::problem::Problem;

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

impl<A: FromStr, B: FromStr, C: FromStr, D: FromStr> FromSegments for (A, B, C, D) {
    fn from_segments(segments: &[(String, String)]) -> Option<Self> {
        Some((segment(segments, 0)?, segment(segments, 1)?, segment(segments, 2)?, segment(segments, 3)?))
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
