//! The library's standards and templates.

mod drafts;

use muster_domain::{
    access::Actor,
    ids::{StandardId, TemplateId},
    templates::{Release, ReleaseContent, Standard, Template},
    text::{Code, Line, Name, Prose},
};
use muster_store::{LibraryStandard, LibraryTemplate, LibraryWriter};

pub use self::drafts::DraftEdit;
use crate::{
    Conflict, Context, Created, Error, FieldError, Once, Result,
    audit::{DraftedTemplate, Notes as _},
    boxed,
};

/// A standard to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStandard {
    /// The code with its edition.
    pub code: Code,
    /// Our own short title.
    pub name: Line<200>,
    /// What it is about.
    pub description: Option<Prose>,
}

/// A template to be added, or its changed data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTemplate {
    /// The name.
    pub name: Name,
    /// The short number beside the name.
    pub reference: Option<Code>,
    /// What its document is for.
    pub description: Option<Prose>,
    /// The codes of the standards it is meant for.
    pub iso_codes: Vec<String>,
    /// The draft: questions and text. None leaves the draft as it is.
    pub content: Option<ReleaseContent>,
}

/// A template with its releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateDetail {
    /// The template.
    pub template: Template,
    /// Its releases, the latest first; a draft before all.
    pub releases: Vec<Release>,
}

impl TemplateDetail {
    /// The latest release, without the draft.
    pub fn latest_release(&self) -> Option<&Release> {
        self.releases.iter().find(|release| release.released_at.is_some())
    }

    /// The draft.
    pub fn draft(&self) -> Option<&Release> {
        self.releases.iter().find(|release| release.released_at.is_none())
    }

    /// The release with a number.
    pub fn release(&self, number: i32) -> Option<&Release> {
        self.releases.iter().find(|release| release.released_at.is_some() && release.number == number)
    }

    /// The content that an author goes on from: the draft, or what a new one begins with.
    pub fn working_content(&self) -> ReleaseContent {
        match self.draft().or_else(|| self.latest_release()) {
            Some(release) => release.content.clone(),
            None => ReleaseContent { document_title: self.template.name.clone(), ..ReleaseContent::blank() },
        }
    }
}

impl Context {
    /// All standards.
    #[boxed]
    pub async fn standards(&self, actor: &Actor) -> Result<Vec<Standard>> {
        Ok(self.store.library(actor).await?.standards().await?)
    }

    /// Adds a standard.
    ///
    /// # Errors
    /// [`Conflict::CodeTaken`] where there is one with this code.
    #[boxed]
    pub async fn create_standard(&self, actor: &Actor, standard: &NewStandard, once: &Once) -> Result<Created<Standard>> {
        let mut writer = self.store.library_writer(actor, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        let id = StandardId(self.ids.next());
        let row = LibraryStandard {
            code: standard.code.as_str(),
            name: standard.name.as_str(),
            description: standard.description.as_ref().map(Prose::as_str),
            display_order: 1000,
            color: None,
        };
        if !writer.insert_standard(id, &row).await? {
            return Err(Error::Conflict(Conflict::CodeTaken));
        }
        let created = Created { value: writer.standard(id).await?, is_new: true };
        writer.note_made("standard.created", &created.value)?;
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// All templates by name, or those meant for the standard with a code.
    #[boxed]
    pub async fn templates(&self, actor: &Actor, iso_code: Option<&str>) -> Result<Vec<Template>> {
        Ok(self.store.library(actor).await?.templates(iso_code).await?)
    }

    /// A template with its releases.
    #[boxed]
    pub async fn template(&self, actor: &Actor, id: TemplateId) -> Result<TemplateDetail> {
        let mut reader = self.store.library(actor).await?;
        Ok(TemplateDetail { template: reader.template(id).await?, releases: reader.releases(id).await? })
    }

    /// Adds a template, with a draft if content is given. The draft may have problems.
    #[boxed]
    pub async fn create_template(&self, actor: &Actor, template: &NewTemplate, once: &Once) -> Result<Created<Template>> {
        let mut writer = self.store.library_writer(actor, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        let id = TemplateId(self.ids.next());
        let standards = standards_by_code(&mut writer, &template.iso_codes).await?;
        writer.insert_template(id, &row(template, &standards)).await?;
        if let Some(content) = &template.content {
            self.write_draft(&mut writer, id, content).await?;
        }
        let created = Created { value: writer.template(id).await?, is_new: true };
        writer.note_made("template.created", &created.value)?;
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Replaces a template's data, and its draft if content is given, if nobody changed it since
    /// `expected`. The draft may have problems.
    #[boxed]
    pub async fn update_template(&self, actor: &Actor, id: TemplateId, template: &NewTemplate, expected: i32) -> Result<Template> {
        let mut writer = self.store.library_writer(actor, self.now()).await?;
        let before = writer.template(id).await?;
        let standards = standards_by_code(&mut writer, &template.iso_codes).await?;
        writer.update_template(id, &row(template, &standards), expected).await?;
        if let Some(content) = &template.content {
            self.write_draft(&mut writer, id, content).await?;
        }
        let after = writer.template(id).await?;
        writer.note_changed("template.changed", &before, &after)?;
        if let Some(content) = &template.content {
            writer.note_made("template.drafted", &DraftedTemplate { template: &after, content })?;
        }
        writer.commit().await?;
        Ok(after)
    }

    /// Archives a template: what uses it keeps it, nothing new is offered it.
    #[boxed]
    pub async fn archive_template(&self, actor: &Actor, id: TemplateId) -> Result<Template> {
        let mut writer = self.store.library_writer(actor, self.now()).await?;
        let before = writer.template(id).await?;
        writer.archive_template(id).await?;
        let template = writer.template(id).await?;
        if before.status != template.status {
            writer.note_changed("template.archived", &before, &template)?;
        }
        writer.commit().await?;
        Ok(template)
    }
}

fn row<'a>(template: &'a NewTemplate, standards: &'a [StandardId]) -> LibraryTemplate<'a> {
    LibraryTemplate {
        key: None,
        name: template.name.as_str(),
        reference: template.reference.as_ref().map(Code::as_str),
        description: template.description.as_ref().map(Prose::as_str),
        standards,
    }
}

async fn standards_by_code(writer: &mut LibraryWriter, codes: &[String]) -> Result<Vec<StandardId>> {
    let all = writer.standards().await?;
    let find = |(index, code): (usize, &String)| {
        let standard = all.iter().find(|standard| standard.code.eq_ignore_ascii_case(code));
        standard.map(|standard| standard.id).ok_or_else(|| Error::field(FieldError::unknown_reference(format!("/iso_codes/{index}"))))
    };
    codes.iter().enumerate().map(find).collect()
}
