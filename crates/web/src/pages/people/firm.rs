//! `/people`: the people of the firm.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use muster_domain::access::FirmAction;
use muster_service::InvitationLink;

use super::{
    PeoplePage,
    view::{firm_row, firm_terms, invite_form, new_link},
};
use crate::{
    input::people::NewFirmPerson,
    layout::Nav,
    pages::{
        field_errors::FieldErrors,
        visit::{Form, Said, Visit, go_on},
    },
    parts::Crumb,
    problem::Problem,
    state::AppState,
};

pub(super) async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    Ok(visit.answer(&page(&state, &visit, None, FieldErrors::default()).await?))
}

pub(super) async fn invite(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::ManagePeople)?;
    let text = |name: &str| form.get(name).map(ToOwned::to_owned);
    let given = NewFirmPerson { email: text("email"), name: text("name"), role: text("role") };
    let invited = match given.parse() {
        Ok((who, role)) => state.context.invite_firm_person(&visit.actor, &who, role).await,
        Err(error) => Err(error),
    };
    match invited {
        Ok((_, None)) => Ok(go_on("/people", Some(&Said::MailQueued))),
        Ok((person, Some(link))) => show_link(&state, &visit, &person.name, link).await,
        Err(error) => {
            let page = page(&state, &visit, Some(&form), FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// The list with a link that is shown this once.
pub(super) async fn show_link(state: &AppState, visit: &Visit, name: &str, link: InvitationLink) -> Result<Response, Problem> {
    let page = page(state, visit, None, FieldErrors::default()).await?;
    let mut response = visit.answer(&PeoplePage { link: Some(new_link(name, link, visit)), ..page });
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn page(state: &AppState, visit: &Visit, form: Option<&Form>, refused: FieldErrors) -> Result<PeoplePage, Problem> {
    let t = visit.t;
    let people = state.context.firm_people(&visit.actor).await?;
    let rows = people.iter().map(|person| firm_row(person, visit, Some(format!("/people/{}", person.user_id)))).collect();
    let role = form.map(|form| form.text("role")).unwrap_or_default();
    Ok(PeoplePage {
        layout: visit.layout(state, t.people.firm_title, Nav::Elsewhere, None).await?,
        crumbs: vec![Crumb::here(t.people.firm_title)],
        title: t.people.firm_title.to_owned(),
        about: t.people.firm_about,
        base: "/people".to_owned(),
        rows,
        of_firm: true,
        invite: Some(invite_form(form, firm_terms(&role, &refused, t), &refused, t)),
        consultants: None,
        link: None,
        held: !state.context.has_mail_server(),
    })
}
