//! The form of one question.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use muster_domain::{
    access::FirmAction,
    ids::TemplateId,
    templates::{DraftChange, Question},
};
use muster_service::{DraftEdit, Error, FieldError, TemplateDetail};

use super::{QuestionForm, fields::Given, handlers::text_of, view::crumbs};
use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::Crumb;
use crate::{
    format,
    pages::{
        conflict::{ConflictPage, Versions},
        field_errors::FieldErrors,
        visit::{Form, Said, Visit, go_on},
    },
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

/// `GET /library/templates/{id}/draft/questions/{key}` and `.../questions/new`: alone on a page, or
/// unfolded in the editor.
#[derive(Debug, Clone, Template)]
#[template(path = "editor/question.html")]
pub struct QuestionPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the template.
    pub id: String,
    /// The key that the question has now; nothing for a new one.
    pub existing: Option<String>,
    /// The version that a change is meant for.
    pub version: i64,
    /// How many questions there are.
    pub count: usize,
    /// The fields.
    pub form: QuestionForm,
    /// Title and text of the document, where they came with the form and are not saved.
    pub text: Option<(String, String)>,
}

impl QuestionPage {
    fn base(&self) -> String {
        format!("/library/templates/{}/draft", self.id)
    }

    fn action(&self) -> String {
        match &self.existing {
            Some(key) => format!("{}/questions/{key}", self.base()),
            None => format!("{}/questions", self.base()),
        }
    }

    /// Tells the fields of several questions on one page apart.
    fn mark(&self) -> &str {
        self.existing.as_deref().unwrap_or("new")
    }
}

/// A question form that is shown: what is in it, and what was wrong with it.
struct Asked<'a> {
    existing: Option<&'a str>,
    given: &'a Given,
    position: String,
    errors: &'a FieldErrors,
    text: Option<(String, String)>,
}

pub(super) async fn new(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TemplateId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let detail = state.context.template(&visit.actor, id).await?;
    let mut given = Given::blank();
    given.set("section", parameters.get("section").unwrap_or_default());
    let position = (detail.working_content().questions.len() + 1).to_string();
    let asked = Asked { existing: None, given: &given, position, errors: &FieldErrors::default(), text: None };
    Ok(visit.answer(&page(&state, &visit, &detail, asked).await?))
}

pub(super) async fn edit(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id, key)): Ids<(TemplateId, String)>,
) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let detail = state.context.template(&visit.actor, id).await?;
    let content = detail.working_content();
    let at = content.position(&key).ok_or(Error::NotFound)?;
    let given = Given::stored(&content.questions[at]);
    let asked = Asked { existing: Some(&key), given: &given, position: (at + 1).to_string(), errors: &FieldErrors::default(), text: None };
    Ok(visit.answer(&page(&state, &visit, &detail, asked).await?))
}

pub(super) async fn create(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TemplateId,)>,
    form: Form,
) -> Result<Response, Problem> {
    save(&state, &visit, id, None, &form).await
}

pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id, key)): Ids<(TemplateId, String)>,
    form: Form,
) -> Result<Response, Problem> {
    save(&state, &visit, id, Some(&key), &form).await
}

async fn save(state: &AppState, visit: &Visit, id: TemplateId, key: Option<&str>, form: &Form) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let version = form.version().ok_or(Error::VersionRequired)?;
    let given = Given::sent(form);
    let saved = match change_of(key, &given, form) {
        Ok((change, key)) => {
            let edit = DraftEdit { text: text_of(form), change: Some(change) };
            state.context.edit_draft(&visit.actor, id, edit, version).await.map(|_| key)
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(key) => Ok(go_on(&format!("/library/templates/{id}/draft#q-{key}"), Some(&Said::Saved))),
        Err(Error::Stale { .. }) => conflict(state, visit, id, key, &given, form).await,
        Err(error) => {
            let detail = state.context.template(&visit.actor, id).await?;
            let errors = FieldErrors::of(error)?;
            let asked = Asked { existing: key, given: &given, position: form.text("position"), errors: &errors, text: text_of(form) };
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page(state, visit, &detail, asked).await?))
        }
    }
}

/// What the form asks for, and the key of the question after it.
fn change_of(key: Option<&str>, given: &Given, form: &Form) -> Result<(DraftChange, String), Error> {
    let question: Question = given.parse()?;
    let at = match form.text("position").trim() {
        "" => None,
        text => match text.parse::<usize>() {
            Ok(number) if number > 0 => Some(number - 1),
            _ => return Err(Error::field(FieldError::new("/position", "malformed", "must be a whole number from 1"))),
        },
    };
    let new_key = question.key.clone();
    let change = match key {
        Some(key) => DraftChange::Replace { key: key.to_owned(), question, at },
        None => DraftChange::Add { question, at },
    };
    Ok((change, new_key))
}

pub(super) async fn remove(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id, key)): Ids<(TemplateId, String)>,
    form: Form,
) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let version = form.version().ok_or(Error::VersionRequired)?;
    let edit = DraftEdit { text: text_of(&form), change: Some(DraftChange::Remove { key }) };
    state.context.edit_draft(&visit.actor, id, edit, version).await?;
    Ok(go_on(&format!("/library/templates/{id}/draft"), Some(&Said::Saved)).into_response())
}

async fn page(state: &AppState, visit: &Visit, detail: &TemplateDetail, asked: Asked<'_>) -> Result<QuestionPage, Problem> {
    let w = &visit.t.editor;
    let title = if asked.existing.is_some() { w.change_question } else { w.new_question };
    let mut crumbs = crumbs(visit, detail, title);
    crumbs.insert(2, Crumb::to(w.draft, format!("/library/templates/{}/draft", detail.template.id)));
    Ok(QuestionPage {
        layout: visit.layout(state, title, Nav::Library, None).await?,
        crumbs,
        id: detail.template.id.to_string(),
        existing: asked.existing.map(ToOwned::to_owned),
        version: detail.template.version.into(),
        count: detail.working_content().questions.len(),
        form: asked.given.form(asked.position, asked.errors, visit.t),
        text: asked.text,
    })
}

/// Somebody was faster: both versions of the question, and of the text that came with it.
async fn conflict(
    state: &AppState,
    visit: &Visit,
    id: TemplateId,
    key: Option<&str>,
    given: &Given,
    form: &Form,
) -> Result<Response, Problem> {
    let detail = state.context.template(&visit.actor, id).await?;
    let content = detail.working_content();
    let theirs = key.and_then(|key| content.question(key)).map(Given::stored).unwrap_or_default();
    let saved = theirs.compared(visit.t);
    let mine = given.compared(visit.t);
    let theirs_of = |name: &str| saved.iter().find(|(one, ..)| one == name).map(|(.., value)| value.clone()).unwrap_or_default();
    let mut fields: Vec<Versions> = Vec::new();
    if let Some((title, body)) = text_of(form) {
        let w = &visit.t.editor;
        fields.push(Versions::of("document_title", w.document_title, &title, &content.document_title));
        fields.push(Versions::of("body", w.text, &body, &content.body));
    }
    fields.push(Versions::of("position", visit.t.editor.position, &form.text("position"), ""));
    fields.extend(mine.iter().map(|(name, label, value)| Versions::of(name, label, value, &theirs_of(name))));
    fields.retain(|one| !one.yours.is_empty() || !one.theirs_shown.is_empty());
    let next = format!("/library/templates/{id}/draft");
    let action = key.map_or_else(|| format!("{next}/questions"), |key| format!("{next}/questions/{key}"));
    let page = conflict_page(state, visit, &detail, fields, action).await?;
    Ok(visit.answer_with(StatusCode::CONFLICT, &page))
}

/// The page of a conflict about a draft.
pub(super) async fn conflict_page(
    state: &AppState,
    visit: &Visit,
    detail: &TemplateDetail,
    fields: Vec<Versions>,
    action: String,
) -> Result<ConflictPage, Problem> {
    let title = visit.t.conflict.title;
    let saved = detail.draft();
    Ok(ConflictPage {
        layout: visit.layout(state, title, Nav::Library, None).await?,
        crumbs: crumbs(visit, detail, title),
        name: detail.template.name.clone(),
        by: saved.and_then(|draft| draft.by.as_ref()).map(|person| person.name.clone()),
        at: saved.map(|draft| format::moment(draft.at, &visit.zone(), visit.t)),
        fields,
        action,
        version: detail.template.version.into(),
        next: format!("/library/templates/{}/draft", detail.template.id),
    })
}
