//! The one place where an error becomes an answer.
//!
//! Handlers give a [`Problem`]; the layer [`render`] turns it into `application/problem+json`
//! (RFC 9457) or into the error page, with the request's id, and logs it once. Answers that axum
//! makes itself (no such route, no such method) pass through the same place.

mod refusals;

use std::sync::{Arc, OnceLock};

use axum::{
    Extension, Json,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use muster_service::FieldError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{api::ContentProblemBody, layout::Viewer, pages::problem::Surroundings, text::ENGLISH};

/// The id of a request, as it stands in the log and in every refusal.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Who is visiting, as soon as a handler knows it: the error page keeps their top bar.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownViewer(Arc<OnceLock<Viewer>>);

impl KnownViewer {
    /// Remembers the visitor of this request.
    pub(crate) fn set(&self, viewer: Viewer) {
        drop(self.0.set(viewer));
    }

    fn get(&self) -> Option<Viewer> {
        self.0.get().cloned()
    }
}

/// A field that was refused.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemField {
    /// Where it is, as a JSON pointer.
    #[schema(example = "/title")]
    pub pointer: String,
    /// A stable code for programs.
    #[schema(example = "blank")]
    pub code: String,
    /// What is wrong.
    #[schema(example = "must not be blank")]
    pub message: String,
}

/// A refusal, as RFC 9457 describes it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Problem {
    /// What kind of problem it is; its last part is stable.
    #[serde(rename = "type")]
    #[schema(example = "/problems/invalid-fields")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The status of the answer.
    #[schema(value_type = u16)]
    #[serde(serialize_with = "status_number")]
    pub status: StatusCode,
    /// What happened, and what to do.
    pub detail: String,
    /// The id of the request, to be given when asking for help.
    pub request_id: String,
    /// The fields that were refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// The moves that the task or the document allows now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
    /// Question keys that still need an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub missing: Option<Box<[String]>>,
    /// What stands in the way of releasing a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ContentProblemBody>>)]
    pub problems: Option<Box<[ContentProblemBody]>>,
    /// Where to restore what is ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore: Option<String>,
    /// The version that the resource has now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_version: Option<i32>,
    /// Seconds to wait.
    #[serde(skip)]
    retry_after: Option<i64>,
    /// For the log only.
    #[serde(skip)]
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

fn status_number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    /// A problem of a kind. `kind` becomes the end of its `type`.
    pub fn new(status: StatusCode, kind: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{kind}"),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            request_id: String::new(),
            errors: Vec::new(),
            allowed: None,
            missing: None,
            problems: None,
            restore: None,
            current_version: None,
            retry_after: None,
            cause: None,
        }
    }

    /// The problem of an answer that has only a status, as axum gives it where no handler is.
    pub fn of_status(status: StatusCode) -> Self {
        let (t, r) = (&ENGLISH.problem, &ENGLISH.refusals);
        match status {
            StatusCode::NOT_FOUND => Self::new(status, "not-found", t.not_found, t.not_found_do),
            StatusCode::METHOD_NOT_ALLOWED => Self::new(status, "method-not-allowed", t.bad_request, r.method_not_allowed),
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(status, "too-large", t.too_large, t.too_large_do),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::new(status, "unsupported-media-type", t.bad_request, r.media_type),
            StatusCode::REQUEST_TIMEOUT => Self::new(status, "timeout", t.bad_request, r.timeout),
            status if status.is_server_error() => Self::new(status, "internal", t.internal, t.internal_do),
            status => Self::new(status, "bad-request", t.bad_request, t.bad_request_do),
        }
    }

    /// Says after how many seconds to try again.
    pub fn retry_after(mut self, seconds: i64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        let field = |error: FieldError| ProblemField { pointer: error.pointer, code: error.code.to_owned(), message: error.message };
        self.errors = fields.into_iter().map(field).collect();
        self
    }

    fn allowing(mut self, allowed: &[impl ToString]) -> Self {
        self.allowed = Some(allowed.iter().map(ToString::to_string).collect());
        self
    }
}

impl IntoResponse for Problem {
    /// Only carries the problem to [`render`], which knows the request.
    fn into_response(self) -> Response {
        (self.status, Extension(self)).into_response()
    }
}

/// The layer that renders problems, for programs as JSON and for people as a page.
pub async fn render<F: Future<Output = Response>>(mut request: Request, next: impl FnOnce(Request) -> F) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let is_api = uri.path().starts_with("/api/") || uri.path().starts_with("/health/");
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let known = KnownViewer::default();
    request.extensions_mut().insert(known.clone());
    let surroundings = (!is_api).then(|| Surroundings::of(&request));
    let response = next(request).await;
    let status = response.status();
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        // An answer made by axum itself: a bare status with a line of text at most.
        None if (status.is_client_error() || status.is_server_error()) && !is_rendered(&response) => Problem::of_status(status),
        None => return response,
    };
    let problem = Problem { request_id: id, ..problem };
    log(&problem, &format!("{method} {}", shown_path(uri.path())));
    let mut rendered = match surroundings {
        None => as_json(&problem),
        Some(surroundings) => crate::pages::problem::render(&problem, known.get(), surroundings),
    };
    if let Some(seconds) = problem.retry_after.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok()) {
        rendered.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    // What the inner answer said beside its body still holds: the allowed methods, a cookie.
    for (name, value) in response.headers() {
        if name == header::ALLOW || name == header::SET_COOKIE || name == header::CONNECTION {
            rendered.headers_mut().append(name.clone(), value.clone());
        }
    }
    rendered
}

/// A path as the log may have it: a link's secret is left out.
fn shown_path(path: &str) -> String {
    let is_secret = |part: &&str| part.len() >= 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    path.split('/').map(|part| if is_secret(&part) { "…" } else { part }).collect::<Vec<_>>().join("/")
}

fn is_rendered(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || kind.starts_with("application/")
}

fn as_json(problem: &Problem) -> Response {
    let json = HeaderValue::from_static("application/problem+json");
    let mut response = (problem.status, Json(problem)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response.headers_mut().insert(HeaderName::from_static("cache-control"), HeaderValue::from_static("no-store"));
    if problem.status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn log(problem: &Problem, line: &str) {
    let (status, kind, request_id) = (problem.status.as_u16(), &problem.kind, &problem.request_id);
    match &problem.cause {
        Some(cause) if problem.status == StatusCode::INTERNAL_SERVER_ERROR => {
            let source = std::error::Error::source(&**cause).map(ToString::to_string).unwrap_or_default();
            tracing::error!(status, request_id, error = %cause, source, "{line}");
        }
        Some(cause) => tracing::warn!(status, request_id, error = %cause, "{line}"),
        None => tracing::debug!(status, kind, request_id, "{line}"),
    }
}
