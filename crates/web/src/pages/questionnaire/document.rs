//! Saving the answers as a document.

use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{
    ids::{PlanId, TemplateId},
    text::Title,
};
use muster_service::{Conflict, DocumentRequest, Error, Once};

use super::{
    QuestionnairePage,
    handlers::{Shown, page},
};
use crate::{
    input::Check,
    pages::{
        field_errors::FieldErrors,
        visit::{Form, Said, Visit, go_on},
    },
    parts::Field,
    problem::Problem,
    request::Ids,
    state::AppState,
};

pub(super) async fn save(
    State(state): State<AppState>,
    visit: Visit,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    form: Form,
) -> Result<Response, Problem> {
    let made = match name(&form) {
        Ok(name) => {
            let request = DocumentRequest { name: Some(&name), is_draft: form.is_on("draft") };
            state.context.save_document(&visit.actor, plan, template, request, &Once::unkeyed()).await
        }
        Err(error) => Err(error),
    };
    let (status, field) = match made {
        Ok(made) => {
            let said = made.is_new.then_some(Said::TasksMade(made.value.generated_tasks.len()));
            return Ok(go_on(&format!("/documents/{}", made.value.document.id), said.as_ref()));
        }
        // The page itself says what is missing.
        Err(Error::Conflict(Conflict::DocumentIncomplete { .. })) => (StatusCode::CONFLICT, Field::of(form.text("name"))),
        Err(error) => {
            let (errors, blank) = (FieldErrors::of(error)?, visit.t.questionnaire.name_document);
            (StatusCode::UNPROCESSABLE_ENTITY, errors.field_or("name", form.text("name"), blank, visit.t))
        }
    };
    let now = state.context.questionnaire(&visit.actor, plan, template).await?;
    let page = page(&state, &visit, &now, &Shown::default()).await?;
    let save = page.save.is_some().then_some(field);
    Ok(visit.answer_with(status, &QuestionnairePage { save, ..page }))
}

fn name(form: &Form) -> Result<Title, Error> {
    let mut check = Check::default();
    let name = check.required("/name", form.get("name"), Title::parse);
    check.finish(name)
}
