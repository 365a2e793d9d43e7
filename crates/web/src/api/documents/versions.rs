//! The versions of a document.

use axum::{Json, extract::State, response::Response};
use muster_domain::{
    documents::{DocumentContent, VersionChoice},
    ids::DocumentId,
};
use muster_paper::Paper;
use muster_service::NextVersion;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::bodies::{SavedDocument, SummaryBody, VersionBody};
use crate::{
    api::{List, created},
    input::documents::NewDocumentVersion,
    problem::Problem,
    request::{Ids, OptionalCreation, Parameters},
    session::SignedIn,
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, begin)).routes(routes!(read)).routes(routes!(compared))
}

/// The versions of a document, the latest first; one that was handed in several times stands there as often
#[utoipa::path(
    get,
    path = "/documents/{document_id}/versions",
    tag = "documents",
    params(("document_id" = Uuid, Path), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<SummaryBody>), (status = 404, body = Problem))
)]
async fn list(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    parameters: Parameters,
) -> Result<Json<List<SummaryBody>>, Problem> {
    let (document, versions) = state.context.document_versions(&actor, id).await?;
    let draft = document.is_open().then(|| SummaryBody::of_draft(&document));
    let all = draft.into_iter().chain(versions.into_iter().map(Into::into)).collect();
    Ok(Json(List::part_of(all, &parameters, &["version"])?))
}

/// Begin the next version of an approved document, from the latest answers; the approved one stays in force until the new one is approved
#[utoipa::path(
    post,
    path = "/documents/{document_id}/versions",
    tag = "documents",
    params(("document_id" = Uuid, Path)),
    request_body = Option<NewDocumentVersion>,
    responses(
        (status = 201, body = SavedDocument), (status = 200, body = SavedDocument, description = "it has been begun already"),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "it is not approved, or required answers are missing")
    )
)]
async fn begin(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    OptionalCreation(input): OptionalCreation<NewDocumentVersion>,
) -> Result<Response, Problem> {
    let note = input.body.parse()?;
    let next = NextVersion { note: note.as_ref(), is_draft: input.body.draft.unwrap_or(false) };
    let made = state.context.begin_version(&actor, id, next).await?;
    let version = made.value.document.version;
    Ok(created(made.is_new, &format!("/api/v1/documents/{id}"), version, SavedDocument::from(made.value)))
}

/// A version as it was handed in, with what was decided on it
#[utoipa::path(
    get,
    path = "/documents/{document_id}/versions/{number}",
    tag = "documents",
    params(("document_id" = Uuid, Path), ("number" = i32, Path), ("round" = Option<i32>, Query, description = "which time it was handed in; the last unless given")),
    responses((status = 200, body = VersionBody), (status = 404, body = Problem, description = "there is no such version, or it was never handed in"))
)]
async fn read(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id, number)): Ids<(DocumentId, i32)>,
    parameters: Parameters,
) -> Result<Json<VersionBody>, Problem> {
    let round = parameters.parse("round")?;
    Ok(Json(state.context.document_version(&actor, id, number, round).await?.into()))
}

/// Two texts of a document compared.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentComparison {
    /// What the earlier text is: `template`, `latest`, or a version such as `2.1`.
    from: String,
    /// What the later text is, as it was asked for.
    to: String,
    /// The later text as HTML, with `ins` and `del`.
    html: String,
    /// What has changed, line by line.
    changes: Vec<ChangedLine>,
}

/// A line of the text that has changed.
#[derive(Debug, Serialize, ToSchema)]
struct ChangedLine {
    /// The heading that it stands under.
    section: String,
    /// What it said; null where it was added.
    before: Option<String>,
    /// What it says; null where it was removed.
    after: Option<String>,
}

/// Two texts of a document compared, word by word
#[utoipa::path(
    get,
    path = "/documents/{document_id}/compare",
    tag = "documents",
    params(
        ("document_id" = Uuid, Path),
        ("from" = Option<String>, Query, description = "template, latest, or a version such as 2 or 2.1; what was handed in before, unless given"),
        ("to" = Option<String>, Query, description = "latest (unless given), or a version")
    ),
    responses((status = 200, body = DocumentComparison), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn compared(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(DocumentId,)>,
    parameters: Parameters,
) -> Result<Json<DocumentComparison>, Problem> {
    let from = parameters.parse("from")?.unwrap_or(VersionChoice::Earlier);
    let to = match parameters.parse("to")? {
        Some(kept @ VersionChoice::Kept { .. }) => kept,
        _ => VersionChoice::Latest,
    };
    let texts = state.context.document_texts(&actor, id, from, to).await?;
    let paper = |content: &DocumentContent| Paper::of(content, &|_, label| label.to_owned());
    let found = muster_paper::compare(&paper(&texts.before), &paper(&texts.after));
    let line = |one: muster_paper::Change| ChangedLine { section: one.section, before: one.before, after: one.after };
    let changes = found.changes.into_iter().map(line).collect();
    Ok(Json(DocumentComparison { from: texts.with.to_string(), to: to.to_string(), html: found.html, changes }))
}
