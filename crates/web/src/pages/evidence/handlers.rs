//! Handing in, looking at and deciding about evidence.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use muster_domain::{
    evidence::Evidence,
    ids::{CustomerId, EvidenceId},
};
use muster_service::{Error, Once};

use super::{Shown, Upload, refused_page, view};
use crate::{
    api::download,
    format,
    input::{evidence::handed_in, reason},
    pages::{
        field_errors::FieldErrors,
        surroundings::{customer_crumbs, customer_nav, zone},
        visit::{Form, Said, Visit, go_on, local_path},
    },
    parts::Field,
    problem::Problem,
    request::{Ids, UploadForm, read_upload},
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/customers/{id}/evidence", post(hand_in))
        .route("/evidence/{id}", get(show))
        .route("/evidence/{id}/content", get(content))
        .route("/evidence/{id}/accept", post(accept))
        .route("/evidence/{id}/reject", post(send_back))
        .merge(super::question::routes())
}

/// Takes a file with what is said about it, and goes on to where it was handed in.
async fn hand_in(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer,)): Ids<(CustomerId,)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let form = read_upload(parts.uri.path(), &parts.headers, body, state.context.begin_file(&visit.actor, customer)).await?;
    let (next, again) = (form.get("next").unwrap_or_default().to_owned(), again(&state, &visit, customer, &form));
    let added = match handed_in(form) {
        Ok(new) => state.context.add_evidence(&visit.actor, customer, new, &Once::unkeyed()).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(created) => {
            let next = if next.is_empty() { format!("/evidence/{}", created.value.id) } else { local_path(&next) };
            Ok(go_on(&next, Some(&Said::HandedIn)))
        }
        Err(error) => {
            let name = state.context.customer(&visit.actor, customer).await?.name;
            let layout = visit.layout(&state, visit.t.evidence.refused, customer_nav(&visit), Some(customer.0)).await?;
            let crumbs = customer_crumbs(&visit, customer, &name, visit.t.evidence.title);
            let page = refused_page(error, layout, crumbs, again, visit.t)?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// The form as it was filled in. A file has to be chosen again: no browser lets a page do that.
fn again(state: &AppState, visit: &Visit, customer: CustomerId, form: &UploadForm) -> Upload {
    Upload {
        action: format!("/customers/{customer}/evidence"),
        task_ids: form.all("task_id").map(ToOwned::to_owned).collect(),
        replaces: form.get("replaces").map(ToOwned::to_owned),
        next: local_path(form.get("next").filter(|next| !next.is_empty()).unwrap_or(&format!("/customers/{customer}"))),
        limit: format::size(state.context.file_limit(), visit.t),
        has_details: true,
        said: view::typed(form),
    }
}

async fn show(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(EvidenceId,)>) -> Result<Response, Problem> {
    let evidence = state.context.evidence(&visit.actor, id).await?;
    answer(&state, &visit, &evidence, StatusCode::OK, Field::default()).await
}

async fn answer(state: &AppState, visit: &Visit, evidence: &Evidence, status: StatusCode, reason: Field) -> Result<Response, Problem> {
    let customer = state.context.customer(&visit.actor, evidence.customer_id).await?;
    let tasks = state.context.tasks_by_ids(&visit.actor, customer.id, &evidence.task_ids).await?;
    let layout = visit.layout(state, evidence.filename.as_str(), customer_nav(visit), Some(customer.id.0)).await?;
    let crumbs = customer_crumbs(visit, customer.id, &customer.name, visit.t.evidence.title);
    let zone = zone(&customer.time_zone);
    let shown = Shown { actor: Some(&visit.actor), today: visit.today(), zone: &zone, limit: state.context.file_limit(), t: visit.t };
    Ok(visit.answer_with(status, &view::page(visit, shown, layout, crumbs, evidence, &tasks, reason)))
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
