//! Documents: saving a filled template, and reading it.

use axum::{extract::State, response::Response};
use muster_domain::{
    documents::Document,
    ids::{DocumentId, PlanId, TemplateId},
    text::Title,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    bodies::{TaskBody, tasks},
    created, resource,
};
use crate::{
    input::Check,
    problem::Problem,
    request::{Ids, OptionalCreation},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(save)).routes(routes!(read))
}

/// A document to be saved.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDocumentBody {
    /// The name; the template's document title unless given.
    name: Option<String>,
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Document)]
struct DocumentBody {
    id: Uuid,
    customer_id: i32,
    customer_name: String,
    plan_id: Uuid,
    iso_code: String,
    template_id: Uuid,
    template_name: String,
    /// The number of the release it came from.
    release: i32,
    name: String,
    /// draft, in_review, approved, rejected or superseded.
    status: &'static str,
    document_version: i32,
    completion_percentage: i32,
    /// Whether an answer has changed since.
    out_of_date: bool,
    title: String,
    /// Markdown with placeholders.
    body: String,
    /// The answers that were used.
    answers: Vec<UsedAnswer>,
    created_by: Option<i32>,
    created_by_name: Option<String>,
    version: i32,
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
    #[schema(value_type = String, format = DateTime)]
    updated_at: String,
    tasks: Vec<TaskBody>,
}

/// An answer as the document holds it.
#[derive(Debug, Serialize, ToSchema)]
struct UsedAnswer {
    key: String,
    label: String,
    value: serde_json::Value,
    /// What stands in the text.
    words: String,
    version: i32,
}

/// A document that has just been saved.
#[derive(Debug, Serialize, ToSchema)]
struct SavedDocument {
    #[serde(flatten)]
    document: DocumentBody,
    /// The tasks that were generated.
    generated_tasks: Vec<TaskBody>,
}

fn body(document: Document, tasks: Vec<TaskBody>) -> DocumentBody {
    let answers = document.content.answers.into_iter().map(|(key, answer)| UsedAnswer {
        key,
        label: answer.label,
        value: answer.value,
        words: answer.words,
        version: answer.version,
    });
    DocumentBody {
        id: document.id.0,
        customer_id: document.customer_id.0,
        customer_name: document.customer_name,
        plan_id: document.plan_id.0,
        iso_code: document.iso_code,
        template_id: document.template_id.0,
        template_name: document.template_name,
        release: document.release_number,
        name: document.name,
        status: document.status.as_str(),
        document_version: document.document_version,
        completion_percentage: document.completion_percentage,
        out_of_date: document.out_of_date,
        title: document.content.title,
        body: document.content.body,
        answers: answers.collect(),
        created_by: document.created_by.as_ref().map(|person| person.id.0),
        created_by_name: document.created_by.map(|person| person.name),
        version: document.version,
        created_at: document.created_at.to_string(),
        updated_at: document.updated_at.to_string(),
        tasks,
    }
}

/// Save a filled template as a document, with its document-level tasks
#[utoipa::path(
    post,
    path = "/plans/{plan_id}/templates/{template_id}/documents",
    tag = "documents",
    params(("plan_id" = Uuid, Path), ("template_id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Option<NewDocumentBody>,
    responses((status = 201, body = SavedDocument), (status = 200, body = SavedDocument, description = "it has been saved already"), (status = 409, body = Problem, description = "required answers are missing"))
)]
async fn save(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    OptionalCreation(input): OptionalCreation<NewDocumentBody>,
) -> Result<Response, Problem> {
    let mut check = Check::default();
    let name = check.text("/name", Title::parse_optional(input.body.name.as_deref()));
    let name = check.finish(name)?;
    let made = state.context.save_document(&actor, plan, template, name.as_ref(), &input.once).await?;
    let document = made.value.document;
    let (location, version) = (format!("/api/v1/documents/{}", document.id), document.version);
    let saved = SavedDocument { document: body(document, Vec::new()), generated_tasks: tasks(made.value.generated_tasks) };
    Ok(created(made.is_new, &location, version, saved))
}

/// A document with its tasks
#[utoipa::path(get, path = "/documents/{document_id}", tag = "documents", params(("document_id" = Uuid, Path)), responses((status = 200, body = DocumentBody), (status = 404, body = Problem)))]
async fn read(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(DocumentId,)>) -> Result<Response, Problem> {
    let (document, of_document) = state.context.document(&actor, id).await?;
    let version = document.version;
    Ok(resource(body(document, tasks(of_document)), version))
}
