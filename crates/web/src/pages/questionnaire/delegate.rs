//! Asking somebody else to answer a question.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use muster_domain::{
    ids::{PlanId, TemplateId},
    people::Person,
};
use muster_service::{Delegated, Error};

use super::{
    DelegateForm, QuestionnairePage,
    handlers::{Shown, page},
};
use crate::{
    input::respondents::NewDelegate,
    pages::{
        field_errors::FieldErrors,
        respondents::handlers::with_link,
        visit::{Form, Said, Visit, go_on},
    },
    parts::Choice,
    problem::Problem,
    request::Ids,
    state::AppState,
    text::Text,
};

/// For how many days a link may be good, to choose from.
const DAYS: [u32; 4] = [7, 14, 30, 90];

/// Puts the form below every question that is open: who has answered needs nobody else.
pub(super) fn offer(page: &mut QuestionnairePage, people: &[Person], t: &Text) {
    let form = DelegateForm {
        people: people.iter().map(|person| Choice::new(person.id.to_string(), &person.name, "")).collect(),
        days: DAYS.iter().map(|days| Choice::new(days.to_string(), t.respondents.day_count.n(*days), "14")).collect(),
        ..DelegateForm::default()
    };
    let questions = page.parts.iter_mut().flat_map(|part| &mut part.questions);
    questions.filter(|question| !question.answered()).for_each(|question| question.delegate = Some(form.clone()));
}

pub(super) async fn send(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template, key)): Ids<(PlanId, TemplateId, String)>,
    form: Form,
) -> Result<Response, Problem> {
    let asked = match read(&form).parse() {
        Ok(delegate) => state.context.delegate(&visit.actor, plan, template, &key, &delegate).await,
        // Who may not ask anybody is told so, whatever they wrote.
        Err(error) => Err(error),
    };
    match asked {
        Ok(Delegated { link: None, .. }) => {
            Ok(go_on(&format!("/plans/{plan}/templates/{template}/questionnaire#q-{key}"), Some(&Said::Asked)))
        }
        // There is no mail that takes the link, so it is shown on this very answer, which nobody keeps.
        Ok(Delegated { customer, to, link: Some(link) }) => {
            let page = with_link(&state, &visit, customer, to, link).await?;
            let mut response = visit.answer(&page);
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(Error::Invalid(errors)) => {
            refused(&state, &visit, (plan, template, &key), &form, &FieldErrors::of(Error::Invalid(errors))?).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The fields of the form as the API takes them. A person who was chosen counts, whatever else is
/// written.
fn read(form: &Form) -> NewDelegate {
    let text = |name: &str| form.get(name).map(ToOwned::to_owned);
    match form.get("user_id").filter(|id| !id.is_empty()) {
        Some(id) => NewDelegate { user_id: Some(id.parse().unwrap_or_default()), ..NewDelegate::default() },
        None => NewDelegate {
            user_id: None,
            email: text("email"),
            name: text("name"),
            note: text("note"),
            expires_in_days: form.get("expires_in_days").and_then(|days| days.parse().ok()),
        },
    }
}

async fn refused(
    state: &AppState,
    visit: &Visit,
    (plan, template, key): (PlanId, TemplateId, &str),
    form: &Form,
    errors: &FieldErrors,
) -> Result<Response, Problem> {
    let now = state.context.questionnaire(&visit.actor, plan, template).await?;
    crate::pages::surroundings::allow(visit, now.plan.customer_id, muster_domain::access::Action::Delegate)?;
    let mut page = page(state, visit, &now, &Shown::default()).await?;
    let asked = page.parts.iter_mut().flat_map(|part| &mut part.questions).find(|question| question.key == key);
    if let Some(delegate) = asked.ok_or(Error::NotFound)?.delegate.as_mut() {
        let field = |name: &str| errors.field(name, form.text(name), visit.t);
        delegate.open = true;
        (delegate.name, delegate.email, delegate.note) = (field("name"), field("email"), field("note"));
    }
    Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
