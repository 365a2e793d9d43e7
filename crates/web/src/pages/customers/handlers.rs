//! Adding a customer, and changing its details.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use muster_domain::{
    access::{Action, FirmAction},
    customers::Customer,
    ids::CustomerId,
};
use muster_service::{Error, Once};

use super::{CustomerFormPage, view};
use crate::{
    input::customers::NewCustomer,
    layout::Nav,
    pages::{
        field_errors::FieldErrors,
        surroundings::allow,
        visit::{Form, Said, Visit, go_on},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/customers/new", get(new))
        .route("/customers", post(create))
        .route("/customers/{id}/edit", get(edit))
        .route("/customers/{id}", post(change))
        .route("/customers/{id}/archive", post(archive))
        .route("/customers/{id}/unarchive", post(unarchive))
}

async fn new(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::CreateCustomer)?;
    Ok(visit.answer(&form_page(&state, &visit, None, &NewCustomer::default(), &FieldErrors::default()).await?))
}

async fn create(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    let given = view::given(&form);
    let made = match given.parse() {
        Ok(details) => state.context.create_customer(&visit.actor, &details, &Once::unkeyed()).await,
        Err(error) => visit.allow_firm(FirmAction::CreateCustomer).and(Err(error)),
    };
    match made {
        Ok(created) => {
            let said = Said::TasksMade(created.value.generated_tasks.len());
            Ok(go_on(&format!("/customers/{}", created.value.customer.id), Some(&said)))
        }
        Err(error) => {
            let page = form_page(&state, &visit, None, &given, &FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn edit(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    let customer = state.context.customer(&visit.actor, id).await?;
    allow(&visit, id, Action::EditCustomer)?;
    let given = view::stored(customer.clone());
    Ok(visit.answer(&form_page(&state, &visit, Some(&customer), &given, &FieldErrors::default()).await?))
}

async fn change(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(CustomerId,)>, form: Form) -> Result<Response, Problem> {
    let customer = state.context.customer(&visit.actor, id).await?;
    allow(&visit, id, Action::EditCustomer)?;
    let version = form.version().ok_or(Error::VersionRequired)?;
    let given = view::given(&form);
    let changed = match given.parse() {
        Ok(details) => state.context.update_customer(&visit.actor, id, &details, version).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(_) => Ok(go_on(&form.next(&format!("/customers/{id}")), Some(&Said::Saved))),
        Err(Error::Stale { .. }) => conflict(&state, &visit, id, &given).await,
        Err(error) => {
            let (customer, refused) = (Customer { version, ..customer }, FieldErrors::of(error)?);
            let page = form_page(&state, &visit, Some(&customer), &given, &refused).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn archive(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    state.context.archive_customer(&visit.actor, id).await?;
    Ok(go_on(&format!("/customers/{id}"), Some(&Said::Saved)))
}

async fn unarchive(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    state.context.unarchive_customer(&visit.actor, id).await?;
    Ok(go_on(&format!("/customers/{id}"), Some(&Said::Saved)))
}

/// Somebody was faster: both versions, read again.
async fn conflict(state: &AppState, visit: &Visit, id: CustomerId, given: &NewCustomer) -> Result<Response, Problem> {
    let theirs = state.context.customer(&visit.actor, id).await?;
    let layout = visit.layout(state, visit.t.conflict.title, Nav::Portfolio, Some(id.0)).await?;
    Ok(visit.answer_with(StatusCode::CONFLICT, &view::conflict(visit, layout, given, theirs)))
}

async fn form_page(
    state: &AppState,
    visit: &Visit,
    existing: Option<&Customer>,
    given: &NewCustomer,
    refused: &FieldErrors,
) -> Result<CustomerFormPage, Problem> {
    let words = &visit.t.customer;
    let title = existing.map_or_else(|| words.new_title.to_owned(), |customer| words.edit_title.with(&customer.name));
    let layout = visit.layout(state, title, Nav::Portfolio, existing.map(|customer| customer.id.0)).await?;
    Ok(view::form(visit, layout, existing, given, refused))
}
