//! Importing a template.

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use muster_domain::access::FirmAction;
use muster_service::{Error, TemplateImport};

use super::{ImportPage, import_view};
use crate::{
    input::imports::import_of,
    layout::Nav,
    pages::{field_errors::FieldErrors, visit::Visit},
    problem::Problem,
    request::Upload,
    state::AppState,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/library/templates/import", get(ask).post(import))
}

async fn ask(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    Ok(visit.answer(&page(&state, &visit, None, "", &[]).await?))
}

async fn import(State(state): State<AppState>, visit: Visit, request: Request) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let mut upload = Upload::read(request, TemplateImport::LIMIT).await?;
    let once = std::mem::take(&mut upload.once);
    let (name, standard) = (upload.text("name").unwrap_or_default(), upload.text("iso_code").unwrap_or_default());
    let made = match import_of(upload) {
        Ok(import) => state.context.import_template(&visit.actor, import, &once).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => {
            let layout = visit.layout(&state, visit.t.import.done_title, Nav::Library, None).await?;
            let status = if made.is_new { StatusCode::CREATED } else { StatusCode::OK };
            Ok(visit.answer_with(status, &import_view::imported(layout, &made.value, visit.t)))
        }
        Err(Error::Invalid(fields)) => {
            let refusals: Vec<String> = import_view::places(&fields);
            let errors = FieldErrors::of(Error::Invalid(fields))?;
            let page = page(&state, &visit, Some((&errors, &name)), &standard, &refusals).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(
    state: &AppState,
    visit: &Visit,
    sent: Option<(&FieldErrors, &str)>,
    standard: &str,
    refusals: &[String],
) -> Result<ImportPage, Problem> {
    let layout = visit.layout(state, visit.t.import.title, Nav::Library, None).await?;
    let standards = state.context.standards(&visit.actor).await?;
    let none = FieldErrors::default();
    let (errors, name) = sent.unwrap_or((&none, ""));
    Ok(ImportPage {
        layout,
        crumbs: import_view::crumbs(visit.t.import.title, visit.t),
        once: state.context.draw_id().to_string(),
        file: if refusals.is_empty() { errors.field("file", "", visit.t) } else { Default::default() },
        name: errors.field("name", name, visit.t),
        standards: import_view::standards(&standards, standard, visit.t),
        refusals: refusals.to_vec(),
    })
}
