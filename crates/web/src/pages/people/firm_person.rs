//! `/people/{user}`: one person of the firm.

use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{
    ids::UserId,
    people::{FirmPerson, MembershipStatus},
};
use muster_service::{Error, FirmPersonChange, InvitationLink};

use super::{
    PersonPage,
    firm::show_link,
    view::{firm_row, firm_terms, heir, heirs},
};
use crate::{
    input::people::FirmPersonPatch,
    layout::Nav,
    pages::{
        field_errors::FieldErrors,
        visit::{Form, Said, Visit, go_on},
    },
    parts::Crumb,
    problem::Problem,
    request::Ids,
    state::AppState,
};

pub(super) async fn show(State(state): State<AppState>, visit: Visit, Ids((user,)): Ids<(UserId,)>) -> Result<Response, Problem> {
    let person = state.context.firm_person(&visit.actor, user).await?;
    Ok(visit.answer(&page(&state, &visit, &person, FieldErrors::default()).await?))
}

pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Ids((user,)): Ids<(UserId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let person = state.context.firm_person(&visit.actor, user).await?;
    let version = form.version().ok_or(Error::VersionRequired)?;
    let changed = match (FirmPersonPatch { role: form.get("role").map(ToOwned::to_owned), status: None }).parse() {
        Ok(change) => state.context.change_firm_person(&visit.actor, user, change, version).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(_) => Ok(go_on("/people", Some(&Said::Saved))),
        Err(Error::Stale { .. }) => {
            let now = state.context.firm_person(&visit.actor, user).await?;
            let page = page(&state, &visit, &now, FieldErrors::default()).await?;
            Ok(visit.answer_with(StatusCode::CONFLICT, &PersonPage { stale: true, ..page }))
        }
        Err(error) => {
            let page = page(&state, &visit, &person, FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(super) async fn invite_again(State(state): State<AppState>, visit: Visit, Ids((user,)): Ids<(UserId,)>) -> Result<Response, Problem> {
    match state.context.invite_firm_person_again(&visit.actor, user).await? {
        (_, None) => Ok(go_on("/people", Some(&Said::MailQueued))),
        (person, Some(link)) => show_link(&state, &visit, &person.name, link).await,
    }
}

pub(super) async fn set_standing(
    State(state): State<AppState>,
    visit: Visit,
    Ids((user,)): Ids<(UserId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let person = state.context.firm_person(&visit.actor, user).await?;
    let change = FirmPersonChange { role: None, is_suspended: Some(form.get("status") == Some("suspended")) };
    state.context.change_firm_person(&visit.actor, user, change, form.version().unwrap_or(person.version)).await?;
    Ok(go_on(&format!("/people/{user}"), Some(&Said::Saved)))
}

pub(super) async fn remove(
    State(state): State<AppState>,
    visit: Visit,
    Ids((user,)): Ids<(UserId,)>,
    form: Form,
) -> Result<Response, Problem> {
    state.context.remove_firm_person(&visit.actor, user, heir(&form)).await?;
    Ok(go_on("/people", Some(&Said::Saved)))
}

pub(super) async fn make_reset_link(
    State(state): State<AppState>,
    visit: Visit,
    Ids((user,)): Ids<(UserId,)>,
) -> Result<Response, Problem> {
    let person = state.context.firm_person(&visit.actor, user).await?;
    let link = state.context.make_reset_link(&visit.actor, user).await?;
    show_link(&state, &visit, &person.name, InvitationLink { url: link.url, expires_at: link.expires_at }).await
}

async fn page(state: &AppState, visit: &Visit, person: &FirmPerson, refused: FieldErrors) -> Result<PersonPage, Problem> {
    let t = visit.t;
    let people = state.context.firm_people(&visit.actor).await?;
    let others = people.into_iter().filter(|one| one.user_id != person.user_id && one.status == MembershipStatus::Active);
    let is_oneself = person.user_id == visit.actor.user_id();
    Ok(PersonPage {
        layout: visit.layout(state, person.name.as_str(), Nav::Elsewhere, None).await?,
        crumbs: vec![Crumb::to(t.people.firm_title, "/people"), Crumb::here(person.name.as_str())],
        base: format!("/people/{}", person.user_id),
        back: "/people".to_owned(),
        person: firm_row(person, visit, None),
        version: person.version,
        terms: (!is_oneself).then(|| firm_terms(person.role.as_str(), &refused, t)),
        stale: false,
        suspended: person.status == MembershipStatus::Suspended,
        invited: person.status == MembershipStatus::Invited,
        may_transfer: false,
        may_reset: person.status == MembershipStatus::Active && !state.context.has_mail_server(),
        heirs: heirs(others.map(|one| (one.user_id, one.name)), t),
        suspend_about: t.people.suspend_firm_about,
        remove_about: t.people.remove_firm_about,
        link: None,
    })
}
