//! A template's own data: its name, what it is for, the standards.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use muster_domain::{access::FirmAction, ids::TemplateId, templates::Standard};
use muster_service::{Error, NewTemplate, Once};

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Crumb, Field};
use crate::{
    input::templates::NewTemplateBody,
    pages::{
        conflict::Versions,
        field_errors::FieldErrors,
        visit::{Form, Said, Visit, go_on},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
    text::Text,
};

/// `GET /library/templates/new`, `GET /library/templates/{id}/details`, and their `POST`.
#[derive(Debug, Clone, Template)]
#[template(path = "editor/details.html")]
pub struct DetailsPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id and version of the template that is changed; nothing for a new one.
    pub existing: Option<(String, i64)>,
    /// The fields.
    pub form: DetailsForm,
}

/// The fields of a template.
#[derive(Debug, Clone, Default)]
pub struct DetailsForm {
    /// Its name.
    pub name: Field,
    /// The short number beside the name.
    pub reference: Field,
    /// What its document is for.
    pub description: Field,
    /// Standards to choose from, by code.
    pub standards: Vec<Choice>,
}

impl DetailsForm {
    /// How many fields were refused.
    #[must_use]
    pub fn refused(&self) -> u32 {
        let count = [&self.name, &self.reference, &self.description].iter().filter(|field| field.error.is_some()).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

/// The fields as texts.
#[derive(Debug, Clone, Default)]
struct Given {
    name: String,
    reference: String,
    description: String,
    iso_codes: Vec<String>,
}

impl Given {
    fn sent(form: &Form) -> Self {
        Self {
            name: form.text("name"),
            reference: form.text("reference"),
            description: form.text("description").replace("\r\n", "\n"),
            // The page of a conflict sends the codes back in one field.
            iso_codes: form
                .all("iso_codes")
                .flat_map(|codes| codes.split('\n'))
                .map(ToOwned::to_owned)
                .filter(|code| !code.is_empty())
                .collect(),
        }
    }

    fn stored(template: &muster_domain::templates::Template) -> Self {
        Self {
            name: template.name.clone(),
            reference: template.reference.clone().unwrap_or_default(),
            description: template.description.clone().unwrap_or_default(),
            iso_codes: template.iso_codes.clone(),
        }
    }

    fn parse(&self) -> Result<NewTemplate, Error> {
        let body = NewTemplateBody {
            name: Some(self.name.clone()),
            reference: Some(self.reference.clone()),
            description: Some(self.description.clone()),
            iso_codes: self.iso_codes.clone(),
            content: None,
        };
        body.parse()
    }

    fn form(&self, standards: &[Standard], errors: &FieldErrors, t: &Text) -> DetailsForm {
        let choice = |standard: &Standard| Choice {
            value: standard.code.clone(),
            label: format!("{}{}{}", standard.code, t.common.separator, standard.name),
            chosen: self.iso_codes.contains(&standard.code),
        };
        DetailsForm {
            name: errors.field("name", self.name.as_str(), t),
            reference: errors.field("reference", self.reference.as_str(), t),
            description: errors.field("description", self.description.as_str(), t),
            standards: standards.iter().map(choice).collect(),
        }
    }
}

pub(super) async fn new(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    Ok(visit.answer(&page(&state, &visit, None, &Given::default(), &FieldErrors::default()).await?))
}

pub(crate) async fn create(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let given = Given::sent(&form);
    let made = match given.parse() {
        Ok(template) => state.context.create_template(&visit.actor, &template, &Once::unkeyed()).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => Ok(go_on(&format!("/library/templates/{}/draft", made.value.id), Some(&Said::Saved))),
        Err(error) => {
            let page = page(&state, &visit, None, &given, &FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(super) async fn edit(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TemplateId,)>) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let template = state.context.template(&visit.actor, id).await?.template;
    let existing = Some((id, template.version));
    Ok(visit.answer(&page(&state, &visit, existing, &Given::stored(&template), &FieldErrors::default()).await?))
}

pub(super) async fn change(
    State(state): State<AppState>,
    visit: Visit,
    Ids((id,)): Ids<(TemplateId,)>,
    form: Form,
) -> Result<Response, Problem> {
    visit.allow_firm(FirmAction::EditLibrary)?;
    let version = form.version().ok_or(Error::VersionRequired)?;
    let given = Given::sent(&form);
    let changed = match given.parse() {
        Ok(template) => state.context.update_template(&visit.actor, id, &template, version).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(_) => Ok(go_on(&format!("/library/templates/{id}"), Some(&Said::Saved))),
        Err(Error::Stale { .. }) => conflict(&state, &visit, id, &given).await,
        Err(error) => {
            let page = page(&state, &visit, Some((id, version)), &given, &FieldErrors::of(error)?).await?;
            Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn page(
    state: &AppState,
    visit: &Visit,
    existing: Option<(TemplateId, i32)>,
    given: &Given,
    errors: &FieldErrors,
) -> Result<DetailsPage, Problem> {
    let w = &visit.t.editor;
    let title = if existing.is_some() { w.details } else { w.new_template };
    let standards = state.context.standards(&visit.actor).await?;
    let mut crumbs = vec![Crumb::to(visit.t.library.templates, "/library/templates"), Crumb::here(title)];
    if let Some((id, _)) = existing {
        crumbs.insert(1, Crumb::to(&given.name, format!("/library/templates/{id}")));
    }
    Ok(DetailsPage {
        layout: visit.layout(state, title, Nav::Library, None).await?,
        crumbs,
        existing: existing.map(|(id, version)| (id.to_string(), version.into())),
        form: given.form(&standards, errors, visit.t),
    })
}

/// Somebody was faster: both versions.
async fn conflict(state: &AppState, visit: &Visit, id: TemplateId, given: &Given) -> Result<Response, Problem> {
    let detail = state.context.template(&visit.actor, id).await?;
    let theirs = Given::stored(&detail.template);
    let w = &visit.t.library;
    let fields = vec![
        Versions::of("name", w.name, &given.name, &theirs.name),
        Versions::of("reference", visit.t.editor.reference, &given.reference, &theirs.reference),
        Versions::of("description", w.description, &given.description, &theirs.description),
        Versions::of("iso_codes", w.used_in, &given.iso_codes.join("\n"), &theirs.iso_codes.join("\n")),
    ];
    let page = super::question::conflict_page(state, visit, &detail, fields, format!("/library/templates/{id}/details")).await?;
    Ok(visit.answer_with(StatusCode::CONFLICT, &page))
}
