//! Bringing in spreadsheets.

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use muster_domain::{
    ids::ImportId,
    spreadsheets::{FILE_BYTES, ImportKind, ImportState},
};
use muster_service::{Conflict, Error, SpreadsheetImport};

use super::{ImportLine, KindChoice, SpreadsheetsPage, draft_view, result_view, words};
use crate::{
    format,
    input::spreadsheets::{ImportChange, upload_of},
    layout::Nav,
    pages::{
        field_errors::FieldErrors,
        surroundings::count,
        visit::{Form, Said, Visit, go_on, see_other},
    },
    problem::Problem,
    request::{Ids, Upload},
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/imports", get(list).post(upload))
        .route("/imports/{id}", get(show).post(change))
        .route("/imports/{id}/run", post(run))
        .route("/imports/{id}/undo", post(undo))
        .route("/imports/{id}/discard", post(discard))
}

/// The kinds that a visitor may bring in.
fn kinds(state: &AppState, visit: &Visit) -> Vec<ImportKind> {
    ImportKind::ALL.iter().copied().filter(|kind| state.context.may_import(&visit.actor, *kind)).collect()
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    Ok(visit.answer(&list_page(&state, &visit, None, &FieldErrors::default()).await?))
}

async fn list_page(
    state: &AppState,
    visit: &Visit,
    chosen: Option<ImportKind>,
    refused: &FieldErrors,
) -> Result<SpreadsheetsPage, Problem> {
    let t = visit.t;
    let imports = state.context.spreadsheets(&visit.actor).await?;
    let kinds = kinds(state, visit);
    let chosen = chosen.or(kinds.first().copied());
    let kind = |kind: &ImportKind| KindChoice {
        value: kind.as_str(),
        label: words::kind(*kind, t),
        about: match kind {
            ImportKind::Customers => t.spreadsheets.customers_about,
            ImportKind::People => t.spreadsheets.people_about,
            ImportKind::Tasks => t.spreadsheets.tasks_about,
        },
        chosen: chosen == Some(*kind),
    };
    Ok(SpreadsheetsPage {
        layout: visit.layout(state, t.spreadsheets.title, Nav::Elsewhere, None).await?,
        kinds: kinds.iter().map(kind).collect(),
        file: refused.field("file", "", t),
        rows: imports.into_iter().map(|import| line(import, visit)).collect(),
    })
}

fn line(import: SpreadsheetImport, visit: &Visit) -> ImportLine {
    let (state, tone, icon) = words::state(import.state, visit.t);
    ImportLine {
        id: import.id.to_string(),
        file_name: import.file_name,
        holds: words::kind(import.holds, visit.t),
        state,
        tone,
        icon,
        rows: count(i64::from(import.planned)),
        when: format::recent(import.created_at, visit.today(), &visit.zone(), visit.t).text,
    }
}

async fn upload(State(state): State<AppState>, visit: Visit, request: Request) -> Result<Response, Problem> {
    state.context.allow_spreadsheet(&visit.actor, ImportKind::Tasks)?;
    let upload = Upload::read(request, FILE_BYTES).await?;
    let holds = upload.text("holds").and_then(|word| word.parse().ok()).unwrap_or(ImportKind::Tasks);
    let added = match upload_of(upload, holds) {
        Ok(upload) => state.context.add_spreadsheet(&visit.actor, upload).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(import) => Ok(see_other(&format!("/imports/{}", import.id))),
        Err(error) => {
            let page = list_page(&state, &visit, Some(holds), &FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn show(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(ImportId,)>) -> Result<Response, Problem> {
    let view = state.context.spreadsheet(&visit.actor, id).await?;
    let layout = visit.layout(&state, &view.import.file_name, Nav::Elsewhere, None).await?;
    Ok(match view.preview {
        Some(preview) => visit.answer(&draft_view::page(layout, view.import, &preview, &kinds(&state, &visit), visit.t)),
        None => visit.answer(&result_view::page(layout, view.import, &view.items, visit.t)),
    })
}

async fn change(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(ImportId,)>, form: Form) -> Result<Response, Problem> {
    let import = state.context.spreadsheet(&visit.actor, id).await?.import;
    let (holds, settings) = given(&form).applied_to(import.holds, import.settings)?;
    match state.context.set_spreadsheet(&visit.actor, id, holds, settings, form.version().unwrap_or_default()).await {
        // Somebody changed it in another window: what is there now is shown.
        Ok(_) | Err(Error::Stale { .. } | Error::Conflict(Conflict::ImportStarted)) => Ok(see_other(&format!("/imports/{id}"))),
        Err(other) => Err(other.into()),
    }
}

/// The fields of the form; of two columns that hold the same the first one counts.
fn given(form: &Form) -> ImportChange {
    let text = |name: &str| form.get(name).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    let mut columns = BTreeMap::new();
    for (name, field) in form.pairs().filter(|(_, field)| !field.is_empty()) {
        if let Some(at) = name.strip_prefix("column-").and_then(|at| at.parse::<usize>().ok()) {
            columns.entry(field.to_owned()).or_insert(at);
        }
    }
    ImportChange {
        holds: text("holds"),
        encoding: text("encoding"),
        separator: text("separator"),
        sheet: text("sheet"),
        date_order: text("date_order"),
        columns: Some(columns),
        customer_id: form.get("customer_id").map(|id| id.parse().ok()),
        skip_duplicates: Some(form.is_on("skip_duplicates")),
    }
}

async fn run(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(ImportId,)>, form: Form) -> Result<Response, Problem> {
    match state.context.run_spreadsheet(&visit.actor, id, form.version().unwrap_or_default()).await {
        // What stands in the way is on the page.
        Ok(_)
        | Err(
            Error::Stale { .. } | Error::Conflict(Conflict::ImportStarted | Conflict::ImportRefused { .. } | Conflict::NothingToImport),
        ) => Ok(see_other(&format!("/imports/{id}"))),
        Err(other) => Err(other.into()),
    }
}

async fn undo(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(ImportId,)>) -> Result<Response, Problem> {
    state.context.undo_spreadsheet(&visit.actor, id).await?;
    Ok(see_other(&format!("/imports/{id}")))
}

async fn discard(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(ImportId,)>) -> Result<Response, Problem> {
    let import = state.context.spreadsheet(&visit.actor, id).await?.import;
    if import.state != ImportState::Draft {
        return Ok(see_other(&format!("/imports/{id}")));
    }
    state.context.discard_spreadsheet(&visit.actor, id).await?;
    Ok(go_on("/imports", Some(&Said::ImportDiscarded)))
}
