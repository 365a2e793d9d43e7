//! Importing templates.

use axum::{
    Json,
    extract::{FromRequest as _, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use muster_domain::templates::{Question, ReleaseContent};
use muster_service::{ImportOutcome, ImportSource, TemplateImport, TemplateImported};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::bodies::TemplateBody;
use crate::{
    input::{imports::import_of, templates::QuestionSchema},
    problem::Problem,
    request::{Creation, Upload, is_upload},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(import))
}

/// A file to be imported.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form for the OpenAPI document")]
struct ImportForm {
    /// A Word file with placeholders (.docx), a file of our library (.yaml, .json), or what the older
    /// program kept (.json); 20 MB at most.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The code of a standard that the template is meant for, besides those in the file.
    iso_code: Option<String>,
    /// The template's name; the file's own without one.
    name: Option<String>,
}

/// A template that was imported, with its draft.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportedTemplate)]
struct ImportedBody {
    #[serde(flatten)]
    template: TemplateBody,
    /// created (a new template with a draft), drafted (a template of the library got a draft) or
    /// nothing_new (it holds just this already).
    #[schema(value_type = String)]
    outcome: ImportOutcome,
    /// What was imported.
    draft: ImportedContent,
    /// What was left out or guessed, with its place in the file.
    notices: Vec<String>,
    /// What stands in the way of a release.
    problems: Vec<String>,
}

/// What was imported.
#[derive(Debug, Serialize, ToSchema)]
struct ImportedContent {
    /// The title of the documents made from it.
    document_title: String,
    /// The questions, in the order in which they are asked.
    #[schema(value_type = Vec<QuestionSchema>)]
    questions: Vec<Question>,
    /// Markdown with placeholders.
    body: String,
}

impl From<ReleaseContent> for ImportedContent {
    fn from(content: ReleaseContent) -> Self {
        Self { document_title: content.document_title, questions: content.questions, body: content.body }
    }
}

impl From<TemplateImported> for ImportedBody {
    fn from(imported: TemplateImported) -> Self {
        let TemplateImported { template, outcome, content, notices, problems } = imported;
        Self { template: template.into(), outcome, draft: content.into(), notices, problems }
    }
}

/// Import a template as a draft: a Word file, a file of the library, or what the older program kept
#[utoipa::path(
    post,
    path = "/templates/import",
    tag = "library",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content((ImportForm = "multipart/form-data"), (Value = "application/json")), description = "a file, or what the older program kept as JSON"),
    responses(
        (status = 201, body = ImportedBody), (status = 200, body = ImportedBody, description = "the template is here, just so"),
        (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)
    )
)]
async fn import(State(state): State<AppState>, SignedIn(actor): SignedIn, request: Request) -> Result<Response, Problem> {
    state.context.allow_import(&actor)?;
    let (import, once) = if is_upload(&request) {
        let mut upload = Upload::read(request, TemplateImport::LIMIT).await?;
        let once = std::mem::take(&mut upload.once);
        (import_of(upload)?, once)
    } else {
        let Creation { body, once } = Creation::<Value>::from_request(request, &state).await?;
        (TemplateImport { source: ImportSource::Json(body), iso_code: None, name: None }, once)
    };
    let made = state.context.import_template(&actor, import, &once).await?;
    let location = HeaderValue::from_str(&format!("/api/v1/templates/{}", made.value.template.id)).ok();
    let status = if made.is_new { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = super::with_tag((status, Json(ImportedBody::from(made.value.clone()))).into_response(), made.value.template.version);
    response.headers_mut().extend(location.map(|location| (header::LOCATION, location)));
    Ok(response)
}
