//! The draft: reading, saving, trying out, discarding.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use muster_domain::{
    access::FirmAction,
    ids::TemplateId,
    templates::{DraftChange, ReleaseContent},
};
use muster_service::{DraftEdit, Error, TemplateDetail};

use super::{
    details, guide,
    preview::Sections,
    question, release,
    view::{self, Shown},
};
use crate::{
    layout::Nav,
    pages::{
        conflict::Versions,
        visit::{Form, Said, Visit, go_on, see_other},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/library/guide", get(guide::show))
        .route("/library/templates/new", get(details::new))
        .route("/library/templates/{id}/details", get(details::edit).post(details::change))
        .route("/library/templates/{id}/release", get(release::form).post(release::make))
        .route("/library/templates/{id}/releases/{number}", get(release::show))
        .route("/library/templates/{id}/draft", get(show).post(save))
        .route("/library/templates/{id}/draft/preview", post(preview))
        .route("/library/templates/{id}/draft/discard", post(discard))
        .route("/library/templates/{id}/draft/questions", post(question::create))
        .route("/library/templates/{id}/draft/new-question", get(question::new))
        .route("/library/templates/{id}/draft/questions/{key}", get(question::edit).post(question::change))
        .route("/library/templates/{id}/draft/questions/{key}/remove", post(question::remove))
}

/// Title and text of the document, where a form has them.
pub(super) fn text_of(form: &Form) -> Option<(String, String)> {
    let body = form.get("body")?.replace("\r\n", "\n");
    Some((form.text("document_title").trim().to_owned(), body))
}

async fn show(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TemplateId,)>) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let detail = state.context.template(&visit.actor, id).await?;
    let shown = Shown { content: detail.working_content(), is_unsaved: false, sections: Sections::All, is_only_live: false };
    answer(&state, &visit, StatusCode::OK, &detail, &shown).await
}

async fn answer(state: &AppState, visit: &Visit, status: StatusCode, detail: &TemplateDetail, shown: &Shown) -> Result<Response, Problem> {
    let layout = visit.layout(state, &detail.template.name, Nav::Library, None).await?;
    Ok(visit.answer_with(status, &view::page(visit, layout, detail, shown)))
}

/// What a button of the form asks for besides saving.
enum Then {
    /// Nothing.
    Stay,
    /// A change of the questions.
    Change(Box<DraftChange>),
    /// Another page of the draft.
    Go(String),
}

impl Then {
    fn change(change: DraftChange) -> Self {
        Self::Change(Box::new(change))
    }

    fn read(text: &str) -> Option<Self> {
        let (word, key) = text.split_once(':').unwrap_or((text, ""));
        let key = key.to_owned();
        Some(match word {
            "" => Self::Stay,
            "make" => Self::change(DraftChange::Ask { key }),
            "insert" => Self::change(DraftChange::Mention { key }),
            "up" => Self::change(DraftChange::Move { key, is_up: true }),
            "down" => Self::change(DraftChange::Move { key, is_up: false }),
            "question" if muster_domain::templates::is_key(&key) => Self::Go(format!("draft/questions/{key}")),
            "new" => Self::Go("draft/new-question".to_owned()),
            "release" => Self::Go("release".to_owned()),
            _ => return None,
        })
    }
}

/// Saves the text, and does what the button said besides.
async fn save(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TemplateId,)>, form: Form) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let version = form.version().ok_or(Error::VersionRequired)?;
    let then = Then::read(&form.text("then")).ok_or_else(|| Problem::of_status(StatusCode::BAD_REQUEST))?;
    let (change, next) = match then {
        Then::Stay => (None, "draft".to_owned()),
        Then::Change(change) => {
            let next = format!("draft#q-{}", form.text("then").split_once(':').map_or("", |(_, key)| key));
            (Some(*change), next)
        }
        Then::Go(next) => (None, next),
    };
    let next = format!("/library/templates/{id}/{next}");
    let detail = state.context.template(&visit.actor, id).await?;
    // A button that leads on makes no draft of what is there already.
    if change.is_none() && is_as_it_was(&detail, text_of(&form).as_ref()) {
        return Ok(see_other(&next));
    }
    match state.context.edit_draft(&visit.actor, id, DraftEdit { text: text_of(&form), change }, version).await {
        Ok(_) => Ok(go_on(&next, Some(&Said::Saved))),
        Err(Error::Stale { .. }) => conflict(&state, &visit, id, &form).await,
        Err(Error::Invalid(_)) => {
            let shown = Shown { content: tried(&detail, &form), is_unsaved: true, sections: Sections::All, is_only_live: false };
            answer(&state, &visit, StatusCode::UNPROCESSABLE_ENTITY, &detail, &shown).await
        }
        Err(error) => Err(error.into()),
    }
}

fn is_as_it_was(detail: &TemplateDetail, text: Option<&(String, String)>) -> bool {
    let content = detail.working_content();
    text.is_none_or(|(title, body)| *title == content.document_title && *body == content.body)
}

/// The questions as they are saved with the text as it was typed.
fn tried(detail: &TemplateDetail, form: &Form) -> ReleaseContent {
    let mut content = detail.working_content();
    if let Some((title, body)) = text_of(form) {
        (content.document_title, content.body) = (title, body);
    }
    content
}

/// The page with what was typed, and nothing saved.
async fn preview(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TemplateId,)>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let detail = state.context.template(&visit.actor, id).await?;
    let content = tried(&detail, &form);
    let sections = if form.get("sections") == Some("asked") { Sections::Asked } else { Sections::All };
    let is_only_live = headers.get("hx-target").is_some_and(|target| target.as_bytes().ends_with(b"#live"));
    let is_unsaved = !is_as_it_was(&detail, text_of(&form).as_ref());
    answer(&state, &visit, StatusCode::OK, &detail, &Shown { content, is_unsaved, sections, is_only_live }).await
}

async fn discard(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TemplateId,)>, form: Form) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    state.context.discard_draft(&visit.actor, id, form.version()).await?;
    Ok(go_on(&format!("/library/templates/{id}"), Some(&Said::DraftDiscarded)))
}

/// Somebody was faster: both texts.
async fn conflict(state: &AppState, visit: &Visit, id: TemplateId, form: &Form) -> Result<Response, Problem> {
    let detail = state.context.template(&visit.actor, id).await?;
    let theirs = detail.working_content();
    let (title, body) = text_of(form).unwrap_or_default();
    let w = &visit.t.editor;
    let fields = vec![
        Versions::of("document_title", w.document_title, &title, &theirs.document_title),
        Versions::of("body", w.text, &body, &theirs.body),
    ];
    let page = question::conflict_page(state, visit, &detail, fields, format!("/library/templates/{id}/draft")).await?;
    Ok(visit.answer_with(StatusCode::CONFLICT, &page))
}
