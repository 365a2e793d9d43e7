//! Keeping views of a list, renaming and deleting them.

use axum::{extract::State, response::Response};
use muster_domain::{
    ids::{CustomerId, ViewId},
    views::{ViewName, ViewedList},
};
use muster_service::{Error, FieldError, NewView, Once, ViewChange};

use super::Wanted;
use crate::{
    input::views::read_filters,
    pages::visit::{Form, Said, Visit, go_on},
    problem::Problem,
    request::Ids,
    state::AppState,
};

/// Keeps the filters of a list under a name, and opens the list with them.
pub(super) async fn keep(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    let list: ViewedList = form.text("list").parse().map_err(|error: muster_domain::UnknownWord| refused("/list", &error.to_string()))?;
    let customer: Option<CustomerId> = form.get("customer").and_then(|id| id.parse().ok());
    let wanted = read_filters(list, customer, &form.text("query")).map_err(Error::field)?;
    let new = NewView {
        list,
        customer: customer.filter(|_| list == ViewedList::Tasks && wanted.is_of_one_customer()),
        name: name(&form)?,
        query: wanted.query(),
        is_default: form.is_on("is_default"),
    };
    match state.context.keep_view(&visit.actor, &new, &Once::unkeyed()).await {
        Ok(kept) => Ok(go_on(&opened(&wanted, &kept.value.query, kept.value.id), Some(&Said::Saved))),
        Err(Error::Invalid(errors)) if errors.iter().any(|error| error.code == "too-many") => {
            Ok(go_on(&form.next("/my-work"), Some(&Said::TooManyViews)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Renames a view, or opens the list with it.
pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(ViewId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let name = form.get("name").map(|_| name(&form)).transpose()?;
    let is_default = form.get("is_default").map(|_| form.is_on("is_default"));
    state.context.change_view(&visit.actor, id, &ViewChange { name, query: None, is_default }).await?;
    Ok(go_on(&form.next("/my-work"), Some(&Said::Saved)))
}

/// Deletes a view. What it showed is all still there.
pub(super) async fn delete(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(ViewId,)>,
    form: Form,
) -> Result<Response, Problem> {
    state.context.delete_view(&visit.actor, id).await?;
    Ok(go_on(&form.next("/my-work"), Some(&Said::Saved)))
}

fn opened(wanted: &Wanted, query: &str, id: ViewId) -> String {
    let mark = if query.is_empty() { "" } else { "&" };
    format!("{}?{query}{mark}view={id}", wanted.path())
}

fn name(form: &Form) -> Result<ViewName, Error> {
    ViewName::parse(&form.text("name")).map_err(|error| Error::field(FieldError::text("/name", error)))
}

fn refused(pointer: &str, message: &str) -> Error {
    Error::field(FieldError::new(pointer, "not-an-option", message))
}
