//! Query parameters, lists' pages and their cursors.

use std::{fmt, str::FromStr};

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use muster_service::{Error, FieldError, Slice};
use sha2::{Digest, Sha256};

use crate::{problem::Problem, text::ENGLISH};

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
    /// Those of a query that stands somewhere else than in an address, such as in a form; none where it
    /// cannot be read.
    pub fn of_query(query: &str) -> Option<Self> {
        Some(Self { pairs: form_pairs(query.as_bytes())?, path: String::new() })
    }

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
        Some(self.query_with("cursor", &self.next_cursor(slice, total)?))
    }

    /// The query of the first page with one more parameter.
    pub fn query_with(&self, name: &str, value: &str) -> String {
        form_urlencoded::Serializer::for_suffix(self.first_query(), 1).append_pair(name, value).finish()
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
