//! Handing in, looking at and deciding about evidence.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use muster_domain::{
    evidence::Evidence,
    ids::{CustomerId, EvidenceId},
};
use muster_service::{Error, Once};

use super::{Bounds, Shown, Upload, refused_page, view};
use crate::{
    api::{download, preview},
    format,
    input::{
        evidence::{handed_in, handed_in_link},
        reason,
    },
    pages::{
        field_errors::FieldErrors,
        surroundings::{customer_crumbs, customer_nav, zone},
        visit::{Form, Said, Visit, go_on, local_path},
    },
    parts::Field,
    problem::Problem,
    request::{Ids, read_uploads},
    state::AppState,
};

/// The most files of one form.
pub(super) const MOST_FILES: usize = 20;
/// What the page of evidence may load: as all pages, and besides the file itself, in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
     frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/customers/{id}/evidence", post(hand_in))
        .route("/customers/{id}/evidence/links", post(hand_in_link))
        .route("/evidence/{id}", get(show))
        .route("/evidence/{id}/content", get(content))
        .route("/evidence/{id}/preview", get(inside))
        .route("/evidence/{id}/accept", post(accept))
        .route("/evidence/{id}/reject", post(send_back))
        .merge(super::question::routes())
        .merge(super::linking::routes())
        .merge(super::register_handlers::routes())
}

/// Takes files with what is said about them, and goes on to where they were handed in.
async fn hand_in(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer,)): Ids<(CustomerId,)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let begin = state.context.begin_file(&visit.actor, customer);
    let form = read_uploads(parts.uri.path(), &parts.headers, body, MOST_FILES, begin).await?;
    let (next, once) = (form.get("next").unwrap_or_default().to_owned(), form.once.clone());
    let again = again(&state, &visit, customer, &|name| form.get(name), form.all("task_id"));
    let added = match handed_in(form) {
        Ok(new) => state.context.add_evidence(&visit.actor, customer, new, &once).await,
        Err(error) => Err(error),
    };
    went(&state, &visit, customer, added.map(|created| created.value), &next, again, false).await
}

/// Takes a link with what is said about it, and goes on to where it was handed in.
async fn hand_in_link(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer,)): Ids<(CustomerId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let again = again(&state, &visit, customer, &|name| form.get(name), form.all("task_id"));
    let added = match handed_in_link(&|name| form.get(name), form.all("task_id")) {
        Ok(new) => state.context.add_evidence(&visit.actor, customer, new, &Once::unkeyed()).await,
        Err(error) => Err(error),
    };
    went(&state, &visit, customer, added.map(|created| created.value), &form.text("next"), again, true).await
}

/// Goes on after something was handed in, or shows the form once more with what was refused.
async fn went(
    state: &AppState,
    visit: &Visit,
    customer: CustomerId,
    added: Result<Vec<Evidence>, Error>,
    next: &str,
    again: Upload,
    is_link: bool,
) -> Result<Response, Problem> {
    match added {
        Ok(handed_in) => {
            let first = handed_in.first().map_or_else(|| format!("/customers/{customer}/evidence"), |one| format!("/evidence/{}", one.id));
            Ok(go_on(&if next.is_empty() { first } else { local_path(next) }, Some(&Said::HandedIn)))
        }
        Err(error) => {
            let name = state.context.customer(&visit.actor, customer).await?.name;
            let title = if is_link { visit.t.evidence.link_refused } else { visit.t.evidence.refused };
            let layout = visit.layout(state, title, customer_nav(visit), Some(customer.0)).await?;
            let crumbs = customer_crumbs(visit, customer, &name, visit.t.evidence.title);
            let page = refused_page(error, layout, crumbs, again, is_link, visit.t)?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// The form as it was filled in. A file has to be chosen again: no browser lets a page do that.
fn again<'a>(
    state: &AppState,
    visit: &Visit,
    customer: CustomerId,
    get: &impl Fn(&str) -> Option<&'a str>,
    tasks: impl Iterator<Item = &'a str>,
) -> Upload {
    let replaces = get("replaces").map(ToOwned::to_owned);
    Upload {
        action: format!("/customers/{customer}/evidence"),
        link_action: Some(format!("/customers/{customer}/evidence/links")),
        takes_several: replaces.is_none(),
        task_ids: tasks.map(ToOwned::to_owned).collect(),
        replaces,
        kinds: view::kinds(get("kind").unwrap_or_default(), visit.t),
        next: local_path(get("next").filter(|next| !next.is_empty()).unwrap_or(&format!("/customers/{customer}"))),
        limit: format::size(state.context.file_limit(), visit.t),
        has_details: true,
        said: view::typed(get),
    }
}

async fn show(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(EvidenceId,)>) -> Result<Response, Problem> {
    let evidence = state.context.evidence(&visit.actor, id).await?;
    answer(&state, &visit, &evidence, StatusCode::OK, Field::default()).await
}

async fn answer(state: &AppState, visit: &Visit, evidence: &Evidence, status: StatusCode, reason: Field) -> Result<Response, Problem> {
    let customer = state.context.customer(&visit.actor, evidence.customer_id).await?;
    let tasks = state.context.tasks_by_ids(&visit.actor, customer.id, &evidence.task_ids).await?;
    let versions = state.context.evidence_versions(&visit.actor, evidence.id).await?;
    let layout = visit.layout(state, evidence.filename.as_str(), customer_nav(visit), Some(customer.id.0)).await?;
    let crumbs = super::register_view::crumbs(visit, customer.id, &customer.name, &evidence.filename);
    let zone = zone(&customer.time_zone);
    let shown = Shown { actor: Some(&visit.actor), today: visit.today(), zone: &zone, bounds: Bounds::of(state), t: visit.t };
    let known = view::Known { evidence, versions: &versions, tasks: &tasks };
    let mut response = visit.answer_with(status, &view::page(visit, shown, layout, crumbs, &known, reason));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

async fn content(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(EvidenceId,)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let evidence = state.context.evidence(&visit.actor, id).await?;
    download(&state, &evidence, &headers).await
}

/// The file, to be shown inside its page.
async fn inside(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(EvidenceId,)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let evidence = state.context.evidence(&visit.actor, id).await?;
    preview(&state, &evidence, &headers).await
}

async fn accept(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(EvidenceId,)>, form: Form) -> Result<Response, Problem> {
    state.context.accept_evidence(&visit.actor, id, form.version()).await?;
    Ok(go_on(&form.next(&format!("/evidence/{id}")), Some(&Said::EvidenceAccepted)))
}

async fn send_back(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(EvidenceId,)>, form: Form) -> Result<Response, Problem> {
    let evidence = state.context.evidence(&visit.actor, id).await?;
    let sent_back = match reason(form.get("reason")) {
        Ok(reason) => state.context.send_back_evidence(&visit.actor, id, &reason, form.version()).await,
        Err(error) => Err(error),
    };
    match sent_back {
        Ok(_) => Ok(go_on(&form.next(&format!("/evidence/{id}")), Some(&Said::EvidenceSentBack))),
        Err(Error::Invalid(errors)) => {
            let errors = FieldErrors::beside(errors, &["reason"])?;
            let field = errors.field_or("reason", form.text("reason"), visit.t.evidence.reason_blank, visit.t);
            answer(&state, &visit, &evidence, StatusCode::UNPROCESSABLE_ENTITY, field).await
        }
        Err(error) => Err(error.into()),
    }
}
