//! The library's standards and templates.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use muster_domain::{
    ids::TemplateId,
    templates::{Question, Release, Template},
    text::Prose,
};
use muster_service::Error;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    List,
    bodies::{ContentProblemBody, StandardBody, TemplateBody},
    created, resource,
};
use crate::{
    input::{
        Check,
        templates::{NewReleaseBody, NewStandardBody, NewTemplateBody, QuestionSchema, TemplatePatch},
    },
    problem::Problem,
    request::{Creation, Ids, IfMatch, JsonBody, OptionalCreation, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(standards, create_standard))
        .routes(routes!(templates, create_template))
        .routes(routes!(template, change_template))
        .routes(routes!(archive))
        .routes(routes!(releases, release))
        .routes(routes!(one_release))
        .routes(routes!(discard_draft))
}

/// A template with the content of its latest release and of its draft.
#[derive(Debug, Serialize, ToSchema)]
struct TemplateDetailBody {
    #[serde(flatten)]
    template: TemplateBody,
    /// The latest release.
    release: Option<ReleaseBody>,
    /// The draft, if there is one.
    draft: Option<ReleaseBody>,
}

/// A release or draft of a template.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Release)]
struct ReleaseBody {
    id: Uuid,
    number: i32,
    /// Null for the draft.
    #[schema(value_type = Option<String>, format = DateTime)]
    released_at: Option<String>,
    /// Who released it; for the draft, who saved it last.
    by: Option<String>,
    /// When it was released; for the draft, when it was saved last.
    #[schema(value_type = String, format = DateTime)]
    at: String,
    /// What is new in it.
    note: Option<String>,
    /// The title of the documents made from it.
    document_title: String,
    /// The questions, in the order in which they are asked.
    #[schema(value_type = Vec<QuestionSchema>)]
    questions: Vec<Question>,
    /// Markdown with placeholders.
    body: String,
    /// What stands in the way of releasing the draft, in the order of the text; null for a release.
    problems: Option<Vec<ContentProblemBody>>,
}

/// The releases of a template.
#[derive(Debug, Serialize, ToSchema)]
struct ReleaseList {
    /// The draft, then the releases with the latest first.
    items: Vec<ReleaseBody>,
}

/// The number of a release that has just been made.
#[derive(Debug, Serialize, ToSchema)]
struct ReleaseMade {
    /// The number.
    number: i32,
}

impl From<&Release> for ReleaseBody {
    fn from(release: &Release) -> Self {
        Self {
            id: release.id.0,
            number: release.number,
            released_at: release.released_at.map(|at| at.to_string()),
            by: release.by.as_ref().map(|person| person.name.clone()),
            at: release.at.to_string(),
            note: release.note.clone(),
            document_title: release.content.document_title.clone(),
            questions: release.content.questions.clone(),
            body: release.content.body.clone(),
            problems: release.released_at.is_none().then(|| release.content.problems().iter().map(ContentProblemBody::from).collect()),
        }
    }
}

/// The standards
#[utoipa::path(get, path = "/iso-standards", tag = "library", responses((status = 200, body = List<StandardBody>), (status = 403, body = Problem)))]
async fn standards(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    parameters: Parameters,
) -> Result<Json<List<StandardBody>>, Problem> {
    let standards = state.context.standards(&actor).await?;
    Ok(Json(List::part_of(standards.into_iter().map(StandardBody::from).collect(), &parameters, &["display_order"])?))
}

/// Add a standard
#[utoipa::path(
    post,
    path = "/iso-standards",
    tag = "library",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewStandardBody,
    responses((status = 201, body = StandardBody), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn create_standard(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    input: Creation<NewStandardBody>,
) -> Result<Response, Problem> {
    let standard = StandardBody::from(state.context.create_standard(&actor, &input.body.parse()?, &input.once).await?.value);
    let version = standard.version;
    Ok(created(true, "/api/v1/iso-standards", version, standard))
}

/// The templates, by name
#[utoipa::path(get, path = "/templates", tag = "library", params(("iso_code" = Option<String>, Query, description = "only those meant for this standard")), responses((status = 200, body = List<TemplateBody>), (status = 403, body = Problem)))]
async fn templates(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    parameters: Parameters,
) -> Result<Json<List<TemplateBody>>, Problem> {
    let templates = state.context.templates(&actor, parameters.get("iso_code")).await?;
    Ok(Json(List::part_of(templates.into_iter().map(TemplateBody::from).collect(), &parameters, &["name"])?))
}

/// Add a template, with a draft if content is given
#[utoipa::path(
    post,
    path = "/templates",
    tag = "library",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewTemplateBody,
    responses((status = 201, body = TemplateBody), (status = 403, body = Problem), (status = 422, body = Problem))
)]
async fn create_template(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    input: Creation<NewTemplateBody>,
) -> Result<Response, Problem> {
    let template = TemplateBody::from(state.context.create_template(&actor, &input.body.parse()?, &input.once).await?.value);
    let (location, version) = (format!("/api/v1/templates/{}", template.id), template.version);
    Ok(created(true, &location, version, template))
}

/// A template with the content of its latest release and of its draft
#[utoipa::path(get, path = "/templates/{template_id}", tag = "library", params(("template_id" = Uuid, Path)), responses((status = 200, body = TemplateDetailBody), (status = 404, body = Problem)))]
async fn template(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(TemplateId,)>) -> Result<Response, Problem> {
    let detail = state.context.template(&actor, id).await?;
    let body = TemplateDetailBody {
        release: detail.latest_release().map(ReleaseBody::from),
        draft: detail.draft().map(ReleaseBody::from),
        template: detail.template.into(),
    };
    let version = body.template.version;
    Ok(resource(body, version))
}

/// Change a template's data, and its draft if content is given
///
/// A draft may be unfinished: what stands in the way of its release is told with the template.
#[utoipa::path(
    patch,
    path = "/templates/{template_id}",
    tag = "library",
    params(("template_id" = Uuid, Path), ("If-Match" = String, Header, description = "the ETag that was read")),
    request_body = TemplatePatch,
    responses((status = 200, body = TemplateBody), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem))
)]
async fn change_template(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(TemplateId,)>,
    version: IfMatch,
    JsonBody(patch): JsonBody<TemplatePatch>,
) -> Result<Response, Problem> {
    let current: Template = state.context.template(&actor, id).await?.template;
    let expected = version.required()?;
    let changed = NewTemplateBody {
        name: patch.name.unwrap_or(Some(current.name)),
        reference: patch.reference.unwrap_or(current.reference),
        description: patch.description.unwrap_or(current.description),
        iso_codes: patch.iso_codes.unwrap_or(current.iso_codes),
        content: patch.content,
    };
    let template = TemplateBody::from(state.context.update_template(&actor, id, &changed.parse()?, expected).await?);
    let version = template.version;
    Ok(resource(template, version))
}

/// Archive a template: what uses it keeps it, nothing new is offered it
#[utoipa::path(post, path = "/templates/{template_id}/archive", tag = "library", params(("template_id" = Uuid, Path)), responses((status = 200, body = TemplateBody), (status = 404, body = Problem)))]
async fn archive(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(TemplateId,)>) -> Result<Response, Problem> {
    let template = TemplateBody::from(state.context.archive_template(&actor, id).await?);
    let version = template.version;
    Ok(resource(template, version))
}

/// The releases of a template, the latest first; a draft before all
#[utoipa::path(get, path = "/templates/{template_id}/releases", tag = "library", params(("template_id" = Uuid, Path)), responses((status = 200, body = ReleaseList), (status = 404, body = Problem)))]
async fn releases(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(TemplateId,)>,
) -> Result<Json<ReleaseList>, Problem> {
    let detail = state.context.template(&actor, id).await?;
    Ok(Json(ReleaseList { items: detail.releases.iter().map(ReleaseBody::from).collect() }))
}

/// One release of a template, with its content
#[utoipa::path(
    get,
    path = "/templates/{template_id}/releases/{number}",
    tag = "library",
    params(("template_id" = Uuid, Path), ("number" = i32, Path, description = "The number of the release")),
    responses((status = 200, body = ReleaseBody), (status = 404, body = Problem))
)]
async fn one_release(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id, number)): Ids<(TemplateId, i32)>,
) -> Result<Json<ReleaseBody>, Problem> {
    let detail = state.context.template(&actor, id).await?;
    Ok(Json(detail.release(number).map(ReleaseBody::from).ok_or(Error::NotFound)?))
}

/// Discard the draft of a template: the latest release is what there is again
#[utoipa::path(
    delete,
    path = "/templates/{template_id}/draft",
    tag = "library",
    params(("template_id" = Uuid, Path), ("If-Match" = String, Header, description = "the ETag that was read")),
    responses((status = 200, body = TemplateBody), (status = 404, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem))
)]
async fn discard_draft(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(TemplateId,)>,
    version: IfMatch,
) -> Result<Response, Problem> {
    let template = TemplateBody::from(state.context.discard_draft(&actor, id, version.0).await?);
    let version = template.version;
    Ok(resource(template, version))
}

/// Release the draft of a template
///
/// Refused while the draft has problems; the answer names all of them.
#[utoipa::path(
    post,
    path = "/templates/{template_id}/releases",
    tag = "library",
    params(
        ("template_id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "the ETag that was read, to release only what was seen"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    request_body = Option<NewReleaseBody>,
    responses((status = 201, body = ReleaseMade), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem))
)]
async fn release(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(TemplateId,)>,
    version: IfMatch,
    OptionalCreation(input): OptionalCreation<NewReleaseBody>,
) -> Result<Response, Problem> {
    let mut check = Check::default();
    let note = check.text("/note", Prose::parse_optional(input.body.note.as_deref()));
    let note = check.finish(note)?;
    let number = state.context.release_template(&actor, id, note.as_ref(), version.0, &input.once).await?.value;
    Ok((StatusCode::CREATED, Json(ReleaseMade { number })).into_response())
}
