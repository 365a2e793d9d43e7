//! `/customers/{id}/people/{user}`: one person of a customer.

use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{
    access::{Action, FirmAction},
    ids::{CustomerId, UserId},
    people::{Member, MembershipStatus},
};
use muster_service::{Error, InvitationLink, MemberChange};

use super::{
    PersonPage,
    members::show_link,
    view::{Chosen, heir, heirs, member_row, terms_form},
};
use crate::{
    input::people::MemberPatch,
    pages::{
        field_errors::FieldErrors,
        surroundings::{allow, customer_nav},
        visit::{Form, Said, Visit, go_on},
    },
    parts::Crumb,
    problem::Problem,
    request::Ids,
    state::AppState,
};

type Place = Ids<(CustomerId, UserId)>;

pub(super) async fn show(State(state): State<AppState>, visit: Visit, Ids((customer, user)): Place) -> Result<Response, Problem> {
    let member = managed(&state, &visit, customer, user).await?;
    Ok(visit.answer(&page(&state, &visit, customer, &member, &Chosen::stored(&member), FieldErrors::default()).await?))
}

pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer, user)): Place,
    form: Form,
) -> Result<Response, Problem> {
    let member = managed(&state, &visit, customer, user).await?;
    let version = form.version().ok_or(Error::VersionRequired)?;
    let chosen = Chosen::sent(&form);
    let plans: Vec<_> = chosen.plans.iter().filter_map(|id| id.parse().ok()).collect();
    let patch = MemberPatch {
        role: None,
        roles: Some(chosen.roles.clone()),
        expires_on: Some(Some(chosen.expires_on.clone()).filter(|date| !date.trim().is_empty())),
        approval_steps: Some(chosen.steps.clone()),
        plan_ids: Some((!plans.is_empty()).then_some(plans)),
        status: None,
    };
    let changed = match patch.parse() {
        Ok(change) => state.context.change_member(&visit.actor, customer, user, &change, version).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(_) => Ok(go_on(&format!("/customers/{customer}/people"), Some(&Said::Saved))),
        Err(Error::Stale { .. }) => {
            let now = managed(&state, &visit, customer, user).await?;
            let page = page(&state, &visit, customer, &now, &Chosen::stored(&now), FieldErrors::default()).await?;
            Ok(visit.answer_with(StatusCode::CONFLICT, &PersonPage { stale: true, ..page }))
        }
        Err(error) => {
            let page = page(&state, &visit, customer, &member, &chosen, FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &PersonPage { version, ..page }))
        }
    }
}

pub(super) async fn invite_again(State(state): State<AppState>, visit: Visit, Ids((customer, user)): Place) -> Result<Response, Problem> {
    let made = state.context.invite_member_again(&visit.actor, customer, user).await?;
    match made.link {
        None => Ok(go_on(&format!("/customers/{customer}/people"), Some(&Said::MailQueued))),
        Some(link) => show_link(&state, &visit, customer, &made.member.name, link).await,
    }
}

pub(super) async fn set_standing(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer, user)): Place,
    form: Form,
) -> Result<Response, Problem> {
    let member = managed(&state, &visit, customer, user).await?;
    let change = MemberChange { is_suspended: Some(form.get("status") == Some("suspended")), ..MemberChange::default() };
    state.context.change_member(&visit.actor, customer, user, &change, form.version().unwrap_or(member.version)).await?;
    Ok(go_on(&format!("/customers/{customer}/people/{user}"), Some(&Said::Saved)))
}

pub(super) async fn transfer(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer, user)): Place,
    form: Form,
) -> Result<Response, Problem> {
    let tasks = state.context.transfer_tasks(&visit.actor, customer, user, heir(&form)).await?;
    let said = Said::TasksTransferred(usize::try_from(tasks).unwrap_or(usize::MAX));
    Ok(go_on(&format!("/customers/{customer}/people/{user}"), Some(&said)))
}

pub(super) async fn remove(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer, user)): Place,
    form: Form,
) -> Result<Response, Problem> {
    state.context.remove_member(&visit.actor, customer, user, heir(&form)).await?;
    Ok(go_on(&format!("/customers/{customer}/people"), Some(&Said::Saved)))
}

pub(super) async fn make_reset_link(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer, user)): Place,
) -> Result<Response, Problem> {
    let member = state.context.member(&visit.actor, customer, user).await?;
    let link = state.context.make_reset_link(&visit.actor, user).await?;
    let link = InvitationLink { url: link.url, expires_at: link.expires_at };
    show_link(&state, &visit, customer, &member.name, link).await
}

/// Somebody whom the visitor may change.
async fn managed(state: &AppState, visit: &Visit, customer: CustomerId, user: UserId) -> Result<Member, Problem> {
    let member = state.context.member(&visit.actor, customer, user).await?;
    for role in &member.roles {
        allow(visit, customer, Action::ManageMember { role: *role })?;
    }
    Ok(member)
}

async fn page(
    state: &AppState,
    visit: &Visit,
    id: CustomerId,
    member: &Member,
    chosen: &Chosen,
    refused: FieldErrors,
) -> Result<PersonPage, Problem> {
    let t = visit.t;
    let customer = state.context.customer(&visit.actor, id).await?;
    let (steps, plans) = state.context.member_choices(&visit.actor, id).await?;
    let people = state.context.assignable_people(&visit.actor, id).await?;
    let others = people.into_iter().filter(|one| one.id != member.user_id).map(|one| (one.id, one.name));
    let back = format!("/customers/{id}/people");
    let crumbs =
        [visit.way_to(id, &customer.name), vec![Crumb::to(t.people.title, back.as_str()), Crumb::here(member.name.as_str())]].concat();
    let is_oneself = member.user_id == visit.actor.user_id();
    Ok(PersonPage {
        layout: visit.layout(state, member.name.as_str(), customer_nav(visit), Some(id.0)).await?,
        crumbs,
        base: format!("{back}/{}", member.user_id),
        back,
        person: member_row(member, visit, None),
        version: member.version,
        terms: (!is_oneself).then(|| terms_form(chosen, &steps, &plans, &refused, t)),
        stale: false,
        suspended: member.status == MembershipStatus::Suspended,
        invited: member.status == MembershipStatus::Invited,
        may_transfer: true,
        may_reset: member.status == MembershipStatus::Active
            && !state.context.has_mail_server()
            && visit.may_firm(FirmAction::ManagePeople),
        heirs: heirs(others, t),
        suspend_about: t.people.suspend_about,
        remove_about: t.people.remove_about,
        link: None,
    })
}
