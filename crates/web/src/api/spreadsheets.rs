//! Customers, people and tasks from spreadsheets.

use std::collections::BTreeMap;

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
use muster_service::{DuplicateOf, ImportItem, ImportedThing, Preview, RowOutcome, SpreadsheetImport, SpreadsheetView, TakenBack};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

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

/// An import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SpreadsheetImport)]
struct ImportBody {
    /// Its id.
    id: Uuid,
    /// The name of the file.
    file_name: String,
    /// customers, people or tasks.
    holds: &'static str,
    /// draft, running, done, taking_back, refused (taken back by itself), undoing or undone.
    state: &'static str,
    /// Rows that it makes or made.
    rows: i32,
    /// Why it was taken back by itself: archived, place-gone, person-gone, already-there or failed.
    refusal: Option<String>,
    /// When the file came.
    created_at: String,
    /// When it ended.
    finished_at: Option<String>,
    /// How the file is read.
    settings: SettingsBody,
    /// Counts the changes; the ETag.
    version: i32,
}

/// How a file is read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportSettings)]
struct SettingsBody {
    /// utf-8, windows-1252 or utf-16.
    encoding: &'static str,
    /// comma, semicolon or tab.
    separator: &'static str,
    /// The sheet of a workbook; the first one where none is named.
    sheet: Option<String>,
    /// day_first or month_first.
    date_order: &'static str,
    /// Which column, counted from 0, holds what.
    columns: BTreeMap<&'static str, usize>,
    /// The customer of all rows that do not say theirs.
    customer_id: Option<i32>,
    /// Whether rows that are there already are passed over.
    skip_duplicates: bool,
}

/// An import with what it would make, or has made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SpreadsheetImportDetail)]
struct DetailBody {
    #[serde(flatten)]
    import: ImportBody,
    /// What a draft would make.
    preview: Option<PreviewBody>,
    /// What was made.
    items: Vec<ItemBody>,
}

/// What a draft would make.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPreview)]
struct PreviewBody {
    /// Whether nothing stands in the way of running it.
    is_clean: bool,
    /// Why the file cannot be read as it is set.
    unreadable: Option<String>,
    /// The sheets of a workbook.
    sheets: Vec<String>,
    /// The headers of the columns.
    headers: Vec<String>,
    /// Fields that are needed and that no column holds.
    missing: Vec<&'static str>,
    /// Rows that are made.
    made: usize,
    /// Rows that are there already.
    duplicates: usize,
    /// Rows with a refused cell.
    refused: usize,
    /// The rows.
    rows: Vec<RowBody>,
}

/// A row of the file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPreviewRow)]
struct RowBody {
    /// Its number in the file.
    line: u32,
    /// made, made_again, skipped or refused.
    outcome: &'static str,
    /// The earlier row of the file that it repeats; null where it is in Muster already.
    repeats_line: Option<u32>,
    /// Its cells by what they hold.
    cells: BTreeMap<&'static str, String>,
    /// The cells that are refused.
    refusals: Vec<RefusalBody>,
}

/// A refused cell.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefusedCell)]
struct RefusalBody {
    /// What the cell holds.
    field: &'static str,
    /// A stable code for programs.
    code: &'static str,
    /// What is wrong, to be read after the column's name.
    message: String,
}

/// Something that an import made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportItem)]
struct ItemBody {
    /// The row of the file.
    line: i32,
    /// customer, member or task.
    kind: &'static str,
    /// The customer.
    customer_id: i32,
    /// The person.
    user_id: Option<i32>,
    /// The task.
    task_id: Option<Uuid>,
    /// Its name or title.
    title: String,
    /// made, taken_back or kept.
    state: &'static str,
    /// Why it stays: worked_on, accepted, has_work or archived.
    kept_because: Option<String>,
}

/// Imports.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SpreadsheetImports)]
struct ImportList {
    /// The latest first; a hundred at most.
    items: Vec<ImportBody>,
}

impl From<SpreadsheetImport> for ImportBody {
    fn from(import: SpreadsheetImport) -> Self {
        let settings = import.settings;
        Self {
            id: import.id.0,
            file_name: import.file_name,
            holds: import.holds.as_str(),
            state: import.state.as_str(),
            rows: import.planned,
            refusal: import.refusal,
            created_at: import.created_at.to_string(),
            finished_at: import.finished_at.map(|at| at.to_string()),
            settings: SettingsBody {
                encoding: settings.encoding.as_str(),
                separator: settings.separator.as_str(),
                sheet: settings.sheet,
                date_order: settings.date_order.as_str(),
                columns: settings.columns.into_iter().map(|(field, at)| (field.as_str(), at)).collect(),
                customer_id: settings.customer.map(|id| id.0),
                skip_duplicates: settings.skip_duplicates,
            },
            version: import.version,
        }
    }
}

impl From<Preview> for PreviewBody {
    fn from(preview: Preview) -> Self {
        let (is_clean, made, duplicates, refused) = (preview.is_clean(), preview.made(), preview.duplicates(), preview.refused());
        let repeats = |of| match of {
            DuplicateOf::There => None,
            DuplicateOf::Line(line) => Some(line),
        };
        let rows = preview.rows.into_iter().map(|row| {
            let (outcome, repeats_line) = match row.outcome {
                RowOutcome::Made => ("made", None),
                RowOutcome::MadeAgain(of) => ("made_again", repeats(of)),
                RowOutcome::Skipped(of) => ("skipped", repeats(of)),
                RowOutcome::Refused => ("refused", None),
            };
            let refusal = |one: muster_domain::spreadsheets::CellRefusal| RefusalBody {
                field: one.field.as_str(),
                code: one.code,
                message: one.message,
            };
            RowBody {
                line: row.line,
                outcome,
                repeats_line,
                cells: row.cells.into_iter().map(|(field, text)| (field.as_str(), text)).collect(),
                refusals: row.refusals.into_iter().map(refusal).collect(),
            }
        });
        Self {
            is_clean,
            unreadable: preview.unreadable,
            sheets: preview.sheets,
            headers: preview.columns.into_iter().map(|column| column.header).collect(),
            missing: preview.missing.into_iter().map(|field| field.as_str()).collect(),
            made,
            duplicates,
            refused,
            rows: rows.collect(),
        }
    }
}

impl From<ImportItem> for ItemBody {
    fn from(item: ImportItem) -> Self {
        let (kind, user_id, task_id) = match item.thing {
            ImportedThing::Customer => ("customer", None, None),
            ImportedThing::Member(user) => ("member", Some(user.0), None),
            ImportedThing::Task(task) => ("task", None, Some(task.0)),
        };
        let (state, kept_because) = match item.taken_back {
            TakenBack::No => ("made", None),
            TakenBack::Yes => ("taken_back", None),
            TakenBack::Kept(why) => ("kept", Some(why)),
        };
        Self { line: item.line, kind, customer_id: item.customer_id.0, user_id, task_id, title: item.title, state, kept_because }
    }
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
