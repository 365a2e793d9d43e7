//! Taking templates and the library out.

use axum::{
    extract::State,
    http::{HeaderName, header},
    response::{IntoResponse as _, Response},
};
use muster_domain::ids::TemplateId;
use muster_service::{Error, FieldError, library::ExportedRelease};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    problem::Problem,
    request::{Ids, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(template)).routes(routes!(library))
}

/// A template as a file of a library: its latest release, the release asked for, or its draft
#[utoipa::path(
    get,
    path = "/templates/{template_id}/export",
    tag = "library",
    params(("template_id" = Uuid, Path), ("release" = Option<String>, Query, description = "the number of a release, or `draft`; the latest release without it")),
    responses((status = 200, body = String, content_type = "application/yaml"), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn template(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(TemplateId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let which = match parameters.get("release") {
        None => ExportedRelease::Latest,
        Some("draft") => ExportedRelease::Draft,
        Some(number) => ExportedRelease::Number(number.parse().map_err(|_| not_a_release())?),
    };
    let file = state.context.export_template(&actor, id, which).await?;
    Ok((attachment("application/yaml", &file.name), file.text).into_response())
}

/// The whole library as an archive of its files
#[utoipa::path(
    get,
    path = "/library/export",
    tag = "library",
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), (status = 403, body = Problem))
)]
async fn library(State(state): State<AppState>, SignedIn(actor): SignedIn) -> Result<Response, Problem> {
    let archive = state.context.export_library(&actor).await?.zip()?;
    Ok((attachment("application/zip", "library.zip"), archive).into_response())
}

fn not_a_release() -> Error {
    Error::field(FieldError::new("/release", "malformed", "must be the number of a release, or `draft`"))
}

/// The headers of a file to be kept. Names of files are keys: letters, digits and dashes.
fn attachment(kind: &'static str, name: &str) -> [(HeaderName, String); 2] {
    [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))]
}
