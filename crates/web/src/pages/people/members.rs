//! `/customers/{id}/people`: the people of a customer, inviting, assigning a consultant.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use muster_domain::{
    access::{Action, FirmAction},
    customers::Customer,
    ids::{CustomerId, UserId},
    people::{FirmRole, Member, MemberRole, MemberTerms, MembershipStatus},
};
use muster_service::{Conflict, Error, FieldError, InvitationLink, Newcomer, Once};

use super::{
    PeoplePage,
    view::{Chosen, invite_form, member_row, new_link, new_member, terms_form},
};
use crate::{
    pages::{
        field_errors::FieldErrors,
        surroundings::{customer_crumbs, customer_nav, may},
        visit::{Form, Said, Visit, go_on},
    },
    parts::Choice,
    problem::Problem,
    request::Ids,
    state::AppState,
};

pub(super) async fn list(State(state): State<AppState>, visit: Visit, Ids((customer,)): Ids<(CustomerId,)>) -> Result<Response, Problem> {
    Ok(visit.answer(&page(&state, &visit, customer, None, FieldErrors::default()).await?))
}

pub(super) async fn invite(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer,)): Ids<(CustomerId,)>,
    form: Form,
) -> Result<Response, Problem> {
    state.context.members(&visit.actor, customer).await?;
    let invited = match new_member(&form).parse() {
        Ok((who, terms)) => state.context.invite_member(&visit.actor, customer, &who, &terms, &Once::unkeyed()).await,
        Err(error) => Err(error),
    };
    match invited.map(|made| made.value) {
        Ok(made) => match made.link {
            None => Ok(go_on(&format!("/customers/{customer}/people"), Some(&Said::MailQueued))),
            Some(link) => show_link(&state, &visit, customer, &made.member.name, link).await,
        },
        Err(error) => {
            let refused = FieldErrors::of(beside_the_address(error))?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page(&state, &visit, customer, Some(&form), refused).await?))
        }
    }
}

/// The list with a link that is shown this once.
pub(super) async fn show_link(
    state: &AppState,
    visit: &Visit,
    customer: CustomerId,
    name: &str,
    link: InvitationLink,
) -> Result<Response, Problem> {
    let page = page(state, visit, customer, None, FieldErrors::default()).await?;
    let mut response = visit.answer(&PeoplePage { link: Some(new_link(name, link, visit)), ..page });
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Somebody who is there already is told beside their address.
fn beside_the_address(error: Error) -> Error {
    match error {
        Error::Conflict(Conflict::AlreadyThere) => {
            Error::field(FieldError::new("/email", "already-there", "is one of these people already"))
        }
        other => other,
    }
}

pub(super) async fn assign(
    State(state): State<AppState>,
    visit: Visit,
    Ids((customer,)): Ids<(CustomerId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let user = form.get("user_id").and_then(|id| id.trim().parse().ok()).map_or(UserId(0), UserId);
    let terms = MemberTerms { roles: vec![MemberRole::Consultant], expires_on: None, approval_steps: Vec::new(), plan_ids: None };
    state.context.invite_member(&visit.actor, customer, &Newcomer::Colleague(user), &terms, &Once::unkeyed()).await?;
    Ok(go_on(&format!("/customers/{customer}/people"), Some(&Said::Saved)))
}

async fn page(state: &AppState, visit: &Visit, id: CustomerId, form: Option<&Form>, refused: FieldErrors) -> Result<PeoplePage, Problem> {
    let t = visit.t;
    let customer = state.context.customer(&visit.actor, id).await?;
    let members = state.context.members(&visit.actor, id).await?;
    let base = format!("/customers/{id}/people");
    let may_manage = |role| may(visit, id, Action::ManageMember { role });
    let href = |member: &Member| {
        let may_change = member.roles.iter().all(|role| may_manage(*role));
        may_change.then(|| format!("{base}/{}", member.user_id))
    };
    let rows = members.iter().map(|member| member_row(member, visit, href(member))).collect();
    let invite = if may_manage(MemberRole::Contributor) {
        let (steps, plans) = state.context.member_choices(&visit.actor, id).await?;
        let chosen = form.map_or_else(Chosen::nothing, Chosen::sent);
        Some(invite_form(form, terms_form(&chosen, &steps, &plans, &refused, t), &refused, t))
    } else {
        None
    };
    let title = t.people.of_customer.with(&customer.name);
    Ok(PeoplePage {
        layout: visit.layout(state, title.as_str(), customer_nav(visit), Some(id.0)).await?,
        crumbs: customer_crumbs(visit, id, &customer.name, t.people.title),
        title,
        about: t.people.about,
        base,
        rows,
        of_firm: false,
        invite,
        consultants: consultants(state, visit, &customer, &members).await?,
        link: None,
        held: !state.context.has_mail_server(),
    })
}

/// Consultants who are not assigned yet, for those who may assign them.
async fn consultants(state: &AppState, visit: &Visit, customer: &Customer, members: &[Member]) -> Result<Option<Vec<Choice>>, Problem> {
    if !visit.may_firm(FirmAction::ManagePeople) || !may(visit, customer.id, Action::ManageMember { role: MemberRole::Consultant }) {
        return Ok(None);
    }
    let people = state.context.firm_people(&visit.actor).await?.into_iter();
    let free = people.filter(|one| {
        one.role == FirmRole::Consultant
            && one.status == MembershipStatus::Active
            && members.iter().all(|member| member.user_id != one.user_id)
    });
    Ok(Some(free.map(|one| Choice::new(one.user_id.to_string(), one.name, "")).collect()))
}
