//! Writing at a document.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{
    access::Action,
    documents::{Classification, Document, DocumentContent},
    ids::DocumentId,
    templates::Release,
};
use muster_paper::{Marks, Paper};
use muster_service::{Error, FieldError};

use crate::{
    filters,
    input::documents::DocumentPatch,
    layout::{Layout, Nav, Theme},
    pages::{
        field_errors::FieldErrors,
        surroundings::{allow, customer_nav},
        visit::{Form, Said, Visit, go_on},
    },
    parts::{Choice, Crumb, Field},
    problem::Problem,
    request::Ids,
    state::AppState,
    text::Text,
};

/// `GET /documents/{id}/edit`.
#[derive(Debug, Clone, Template)]
#[template(path = "documents/edit.html")]
pub struct EditDocumentPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the document.
    pub id: String,
    /// The version that the form was made for.
    pub version: i32,
    /// How many fields were refused.
    pub refused: usize,
    /// Somebody else changed it meanwhile: the preview shows what is saved now.
    pub is_stale: bool,
    /// Whether the content may change; otherwise only when the document has to be read again.
    pub may_write: bool,
    /// The name.
    pub name: Field,
    /// The number.
    pub number: Field,
    /// Who may read it.
    pub classifications: Vec<Choice>,
    /// What is new.
    pub note: Field,
    /// The text; none where the document is a file.
    pub body: Option<Field>,
    /// Months between two readings.
    pub interval: Field,
    /// The next reading.
    pub next_review: Field,
    /// The placeholders that the text may have, and their questions.
    pub placeholders: Vec<(String, String)>,
    /// The text as it would be, made by us.
    pub preview: String,
}

/// The form of a document as it stands.
pub(super) async fn show(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(DocumentId,)>) -> Result<Response, Problem> {
    let from = state.context.document_view(&visit.actor, id).await?;
    let document = from.document;
    let form = Typed::of(&document);
    Ok(visit.answer(&page(&state, &visit, &document, &from.release, &form, &FieldErrors::default()).await?))
}

/// Saves what was typed, or shows how it would look.
pub(super) async fn save(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(DocumentId,)>,
    form: Form,
) -> Result<Response, Problem> {
    let from = state.context.document_view(&visit.actor, id).await?;
    let document = from.document;
    let typed = Typed::sent(&form, &document);
    if form.is_on("preview") {
        return Ok(visit.answer(&page(&state, &visit, &document, &from.release, &typed, &FieldErrors::default()).await?));
    }
    let expected = form.version().ok_or(Error::VersionRequired)?;
    let saved = match typed.patch(&document).and_then(|patch| patch.parse()) {
        Ok(change) => state.context.edit_document(&visit.actor, id, &change, expected).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(_) => Ok(go_on(&format!("/documents/{id}"), Some(&Said::Saved))),
        Err(Error::Stale { .. }) => {
            let shown = page(&state, &visit, &document, &from.release, &typed, &FieldErrors::default()).await?;
            // What was typed stays in the fields; beside them is what the other person saved.
            let preview = rendered(&document.content, visit.t);
            Ok(visit.answer_with(StatusCode::PRECONDITION_FAILED, &EditDocumentPage { is_stale: true, preview, ..shown }))
        }
        Err(error) => {
            let errors = FieldErrors::of(error)?;
            let page = page(&state, &visit, &document, &from.release, &typed, &errors).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// The fields as they stand in the form.
struct Typed {
    name: String,
    number: String,
    classification: String,
    note: String,
    body: String,
    interval: String,
    next_review: String,
}

impl Typed {
    fn of(document: &Document) -> Self {
        Self {
            name: document.name.clone(),
            number: document.document_number.clone().unwrap_or_default(),
            classification: document.classification.to_string(),
            note: document.note.clone().unwrap_or_default(),
            body: document.content.body.clone(),
            interval: document.review_interval_months.map(|months| months.to_string()).unwrap_or_default(),
            next_review: document.next_review_on.map(|day| day.to_string()).unwrap_or_default(),
        }
    }

    /// What was sent; what was not stays as it is.
    fn sent(form: &Form, document: &Document) -> Self {
        let stored = Self::of(document);
        let field = |name: &str, stored: String| form.get(name).map_or(stored, ToOwned::to_owned);
        Self {
            name: field("name", stored.name),
            number: field("document_number", stored.number),
            classification: field("classification", stored.classification),
            note: field("note", stored.note),
            body: field("body", stored.body).replace("\r\n", "\n"),
            interval: field("review_interval_months", stored.interval),
            next_review: field("next_review_on", stored.next_review),
        }
    }

    /// What differs from the document, as the API takes it.
    fn patch(&self, document: &Document) -> Result<DocumentPatch, Error> {
        let stored = Self::of(document);
        let text = |typed: &String, stored: &String| (typed != stored).then(|| typed.clone());
        let optional = |typed: &String, stored: &String| text(typed, stored).map(Some);
        let months = match self.interval.trim() {
            _ if self.interval == stored.interval => None,
            "" => Some(None),
            typed => Some(Some(
                typed.parse().map_err(|_| Error::field(FieldError::new("/review_interval_months", "malformed", "must be a number")))?,
            )),
        };
        Ok(DocumentPatch {
            name: text(&self.name, &stored.name),
            body: text(&self.body, &stored.body),
            document_number: optional(&self.number, &stored.number),
            classification: text(&self.classification, &stored.classification),
            note: optional(&self.note, &stored.note),
            review_interval_months: months,
            next_review_on: optional(&self.next_review, &stored.next_review),
        })
    }
}

async fn page(
    state: &AppState,
    visit: &Visit,
    document: &Document,
    release: &Release,
    typed: &Typed,
    errors: &FieldErrors,
) -> Result<EditDocumentPage, Problem> {
    allow(visit, document.customer_id, Action::AnswerQuestion)?;
    let t = visit.t;
    let w = &t.document;
    let layout = visit.layout(state, w.edit_title.with(&document.name), customer_nav(visit), Some(document.customer_id.0)).await?;
    let mut crumbs = super::view::crumbs(visit, document);
    if let Some(last) = crumbs.last_mut() {
        *last = Crumb::to(&document.name, format!("/documents/{}", document.id));
    }
    crumbs.push(Crumb::here(w.edit));
    let content = DocumentContent { body: typed.body.clone(), ..document.content.clone() };
    let is_file = document.content.file.is_some();
    Ok(EditDocumentPage {
        layout,
        crumbs,
        id: document.id.to_string(),
        version: document.version,
        refused: errors.count(),
        is_stale: false,
        may_write: document.is_open(),
        name: errors.field("name", &typed.name, t),
        number: errors.field("document_number", &typed.number, t),
        classifications: Classification::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), classification(*one, t), &typed.classification))
            .collect(),
        note: errors.field("note", &typed.note, t),
        body: (!is_file).then(|| errors.field("body", &typed.body, t)),
        interval: errors.field("review_interval_months", &typed.interval, t),
        next_review: errors.field("next_review_on", &typed.next_review, t),
        placeholders: release.content.questions.iter().map(|one| (format!("{{{{{}}}}}", one.key), one.label.clone())).collect(),
        preview: if is_file { String::new() } else { rendered(&content, t) },
    })
}

fn rendered(content: &DocumentContent, t: &Text) -> String {
    muster_paper::html(&Paper::of(content, &|_, _| t.questionnaire.no_answer.to_owned()), Marks::Gaps)
}

/// The word for who may read a document.
pub(super) const fn classification(one: Classification, t: &Text) -> &'static str {
    let w = &t.document;
    match one {
        Classification::Public => w.public,
        Classification::Internal => w.internal,
        Classification::Confidential => w.confidential,
        Classification::StrictlyConfidential => w.strictly_confidential,
    }
}
