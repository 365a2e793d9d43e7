//! The way to the storage: the HTTP client and the TLS stack that Muster has anyway.

use std::{error::Error as StdError, time::Duration};

use http_body_util::BodyExt as _;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector as Tcp},
    rt::{TokioExecutor, TokioTimer},
};
use object_store::{
    ClientConfigKey, ClientOptions,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse, HttpResponseBody, HttpService,
    },
};

/// How long the storage may take from a request to the beginning of its answer. A part of a file is on its
/// way in this time, too.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes connections for the storage. Plain http only where the environment allows it (`AWS_ALLOW_HTTP`).
#[derive(Debug)]
pub(super) struct Connector;

#[derive(Debug)]
struct Connections(Client<HttpsConnector<Tcp>, HttpRequestBody>);

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let is_http_allowed = options.get_config_value(&ClientConfigKey::AllowHttp).is_some_and(|value| value == "true");
        let schemes = HttpsConnectorBuilder::new().with_webpki_roots();
        let schemes = if is_http_allowed { schemes.https_or_http() } else { schemes.https_only() };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(16)
            .build(schemes.enable_http1().build());
        Ok(HttpClient::new(Connections(client)))
    }
}

#[async_trait::async_trait]
impl HttpService for Connections {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let response = tokio::time::timeout(PATIENCE, self.0.request(request))
            .await
            .map_err(|elapsed| HttpError::new(HttpErrorKind::Timeout, elapsed))?
            .map_err(|error| HttpError::new(if error.is_connect() { HttpErrorKind::Connect } else { kind_of(&error) }, error))?;
        let (head, body) = response.into_parts();
        let body = body.map_err(|error| HttpError::new(kind_of(&error), error));
        Ok(HttpResponse::from_parts(head, HttpResponseBody::new(body)))
    }
}

/// Whether a request broke off, which may be tried again, or went wrong otherwise.
fn kind_of(error: &(dyn StdError + 'static)) -> HttpErrorKind {
    let mut cause = Some(error);
    while let Some(error) = cause {
        match error.downcast_ref::<hyper::Error>() {
            Some(error) if error.is_timeout() => return HttpErrorKind::Timeout,
            Some(error) if error.is_incomplete_message() || error.is_closed() || error.is_canceled() => return HttpErrorKind::Interrupted,
            _ => {}
        }
        cause = error.source();
    }
    HttpErrorKind::Request
}
