//! The fields of a form.

use axum::{
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};

use super::local_path;
use crate::{
    problem::Problem,
    request::{form_pairs, read_body},
};

/// The fields of a form, as they were sent.
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_form = kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded");
        let bytes = read_body(request.into_body()).await?;
        if !is_form && !bytes.is_empty() {
            return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        form_pairs(&bytes).map(Self).ok_or_else(|| Problem::of_status(StatusCode::BAD_REQUEST))
    }
}

impl Form {
    /// A field as it was sent; the last one, if it was sent several times.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// A field, empty where it was not sent.
    pub(crate) fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }

    /// All values of a field that may be sent several times.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// All fields, in the order in which they were sent.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The values of the fields `PREFIX` NUMBER `-` NAME, with their numbers.
    pub(crate) fn numbered<'a>(&'a self, prefix: &'a str, name: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        self.0.iter().filter_map(move |(field, value)| {
            let (number, rest) = field.strip_prefix(prefix)?.split_once('-')?;
            (rest == name).then_some((number.parse().ok()?, value.as_str()))
        })
    }

    /// All fields as they were sent, but for those named.
    pub(crate) fn fields_without(&self, names: &[&str]) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect()
    }

    /// A form of these fields.
    #[cfg(test)]
    pub(crate) fn of(fields: &[(&str, &str)]) -> Self {
        Self(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// Whether a box is ticked.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value, "" | "0" | "false" | "off"))
    }

    /// The version that the form was made for.
    pub(crate) fn version(&self) -> Option<i32> {
        self.get("version").and_then(|version| version.trim().parse().ok())
    }

    /// Where to go on to.
    pub(crate) fn next(&self, otherwise: &str) -> String {
        match self.get("next").filter(|next| !next.is_empty()) {
            Some(next) => local_path(next),
            None => otherwise.to_owned(),
        }
    }
}
