//! Customers, people and tasks from spreadsheets.

mod bodies;

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use muster_domain::{
    ids::ImportId,
    spreadsheets::{FILE_BYTES, ImportKind, ImportState},
};
use muster_service::SpreadsheetView;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::bodies::{DetailBody, ImportBody, ImportList};
use super::{created, with_tag};
use crate::{
    input::spreadsheets::{ImportChange, upload_of},
    problem::Problem,
    request::{Ids, IfMatch, JsonBody, Parameters, Upload},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, upload))
        .routes(routes!(read, discard))
        .routes(routes!(change))
        .routes(routes!(run))
        .routes(routes!(undo))
}

/// A spreadsheet to be brought in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form for the OpenAPI document")]
struct SpreadsheetForm {
    /// A text file (.csv, .txt) or a workbook (.xlsx) with headers in its first row: 5 MB, 60 columns,
    /// 20,000 characters in a cell, 1,000 rows of customers or people or 5,000 of tasks at most.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

fn detail(view: SpreadsheetView) -> Response {
    let version = view.import.version;
    // Whoever asks for what is not finished yet is told so.
    let status = if view.import.state.is_in_work() { StatusCode::ACCEPTED } else { StatusCode::OK };
    let body = DetailBody {
        import: view.import.into(),
        preview: view.preview.map(Into::into),
        items: view.items.into_iter().map(Into::into).collect(),
    };
    with_tag((status, Json(body)).into_response(), version)
}

/// My imports, the latest first
#[utoipa::path(get, path = "/imports", tag = "imports", responses((status = 200, body = ImportList), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn list(State(state): State<AppState>, SignedIn(actor): SignedIn) -> Result<Json<ImportList>, Problem> {
    let imports = state.context.spreadsheets(&actor).await?;
    Ok(Json(ImportList { items: imports.into_iter().map(Into::into).collect() }))
}

/// Bring in a spreadsheet as a draft: nothing is made of it before it is run
#[utoipa::path(
    post,
    path = "/imports",
    tag = "imports",
    params(("holds" = String, Query, description = "what its rows are: customers, people or tasks")),
    request_body(content((SpreadsheetForm = "multipart/form-data"))),
    responses((status = 201, body = ImportBody), (status = 403, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem))
)]
async fn upload(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    parameters: Parameters,
    request: Request,
) -> Result<Response, Problem> {
    let holds = parameters.parse("holds")?.unwrap_or(ImportKind::Tasks);
    state.context.allow_spreadsheet(&actor, holds)?;
    let upload = Upload::read(request, FILE_BYTES).await?;
    let import = state.context.add_spreadsheet(&actor, upload_of(upload, holds)?).await?;
    let (location, version) = (format!("/api/v1/imports/{}", import.id), import.version);
    Ok(created(true, &location, version, ImportBody::from(import)))
}

/// One of my imports: a draft with what it would make, others with what they made
#[utoipa::path(
    get,
    path = "/imports/{import_id}",
    tag = "imports",
    params(("import_id" = Uuid, Path)),
    responses((status = 200, body = DetailBody), (status = 202, body = DetailBody, description = "it is being carried out or taken back"), (status = 404, body = Problem))
)]
async fn read(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(ImportId,)>) -> Result<Response, Problem> {
    Ok(detail(state.context.spreadsheet(&actor, id).await?))
}

/// Throw a draft away
#[utoipa::path(
    delete,
    path = "/imports/{import_id}",
    tag = "imports",
    params(("import_id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn discard(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(ImportId,)>) -> Result<StatusCode, Problem> {
    state.context.discard_spreadsheet(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change how a draft is read
#[utoipa::path(
    put,
    path = "/imports/{import_id}/settings",
    tag = "imports",
    params(("import_id" = Uuid, Path), ("If-Match" = String, Header, description = "the ETag that was read")),
    request_body = ImportChange,
    responses((status = 200, body = DetailBody), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem))
)]
async fn change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(ImportId,)>,
    version: IfMatch,
    JsonBody(change): JsonBody<ImportChange>,
) -> Result<Response, Problem> {
    let import = state.context.spreadsheet(&actor, id).await?.import;
    let expected = version.required()?;
    let (holds, settings) = change.applied_to(import.holds, import.settings)?;
    Ok(detail(state.context.set_spreadsheet(&actor, id, holds, settings, expected).await?))
}

/// Make what a draft says, everything or nothing
#[utoipa::path(
    post,
    path = "/imports/{import_id}/run",
    tag = "imports",
    params(("import_id" = Uuid, Path), ("If-Match" = String, Header, description = "the ETag of the preview that was seen")),
    responses((status = 200, body = DetailBody), (status = 202, body = DetailBody, description = "it goes on by itself; ask again"), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem))
)]
async fn run(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(ImportId,)>,
    version: IfMatch,
) -> Result<Response, Problem> {
    let import = state.context.spreadsheet(&actor, id).await?.import;
    if import.state == ImportState::Draft {
        state.context.run_spreadsheet(&actor, id, version.required()?).await?;
    }
    Ok(detail(state.context.spreadsheet(&actor, id).await?))
}

/// Take back what an import made, unless it was worked on since
#[utoipa::path(
    post,
    path = "/imports/{import_id}/undo",
    tag = "imports",
    params(("import_id" = Uuid, Path)),
    responses((status = 200, body = DetailBody), (status = 202, body = DetailBody, description = "it goes on by itself; ask again"), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn undo(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((id,)): Ids<(ImportId,)>) -> Result<Response, Problem> {
    Ok(detail(state.context.undo_spreadsheet(&actor, id).await?))
}
