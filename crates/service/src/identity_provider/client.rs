//! Calls to the provider: bounded in time and size, and no redirect is followed.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
    http::request::Builder,
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as Connections, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::de::DeserializeOwned;
use url::Url;

use super::{Refusal, Result};

/// How long a call may take, from connecting to the last byte of the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest answer that is read, in bytes; real ones have a few thousand.
const MAX_ANSWER: usize = 256 * 1024;

/// The way to the provider.
#[derive(Debug, Clone)]
pub(super) struct Client(Connections<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Client {
    pub(super) fn new() -> Self {
        // Which addresses may be plain http is decided where they come from, not here.
        let connector = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        // Calls are rare: an open connection would mostly be found closed.
        Self(Connections::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
    }

    /// Reads a JSON document, with an access token where one is needed.
    pub(super) async fn get<T: DeserializeOwned>(&self, address: &Url, access_token: Option<&str>) -> Result<T> {
        let mut request = Request::get(address.as_str());
        if let Some(token) = access_token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        self.call(address, request, String::new()).await
    }

    /// Sends a form and reads the JSON document that comes back. `authorization` is the header's value.
    pub(super) async fn post<T: DeserializeOwned>(&self, address: &Url, form: String, authorization: Option<&str>) -> Result<T> {
        let mut request = Request::post(address.as_str()).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(value) = authorization {
            request = request.header(AUTHORIZATION, value);
        }
        self.call(address, request, form).await
    }

    async fn call<T: DeserializeOwned>(&self, address: &Url, request: Builder, body: String) -> Result<T> {
        let away = |why: String| Refusal::Away(format!("{}: {why}", without_query(address)));
        let request = request.header(ACCEPT, "application/json").body(Full::from(body)).map_err(|error| away(error.to_string()))?;
        let answer = async {
            let response = self.0.request(request).await.map_err(|error| away(in_words(&error)))?;
            let status = response.status();
            let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await.map_err(|error| away(in_words(&*error)))?;
            Ok((status, body.to_bytes()))
        };
        let (status, body) = tokio::time::timeout(PATIENCE, answer).await.map_err(|_| away("no answer in time".to_owned()))??;
        match status {
            StatusCode::OK => serde_json::from_slice(&body).map_err(|error| away(format!("unexpected answer: {error}"))),
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(Refusal::NotProven(format!("{}: {status}: {}", without_query(address), beginning(&body))))
            }
            other => Err(away(other.to_string())),
        }
    }
}

fn without_query(address: &Url) -> &str {
    address.as_str().split('?').next().unwrap_or_default()
}

/// The beginning of what a provider says about a refusal, for the log.
fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().filter(|character| !character.is_control()).take(300).collect()
}

fn in_words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}
