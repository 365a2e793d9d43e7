//! Importing a single template: a Word file, a file of our library, or what the program that
//! Muster follows kept of it. What comes of it is a draft; a person looks at it before its release.

mod formats;
pub(crate) mod legacy;

use std::time::Duration;

use muster_domain::{
    access::Actor,
    ids::{ReleaseId, StandardId, TemplateId},
    templates::{ReleaseContent, Template, TemplateStatus},
    text::{Code, Name, Prose},
};
use muster_store::{LibraryTemplate, LibraryWriter};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Conflict, Context, Created, Error, FieldError, Once, Result, audit::Notes as _, boxed};

/// How long a file waits for others to be read.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is imported.
#[derive(Debug, Clone)]
pub enum ImportSource {
    /// A file: `.docx`, `.json`, `.yaml`.
    File {
        /// The name that it was sent under.
        name: String,
        /// What it holds.
        bytes: Vec<u8>,
    },
    /// JSON as the older program had it.
    Json(Value),
}

/// A template to be imported.
#[derive(Debug, Clone)]
pub struct TemplateImport {
    /// What is imported.
    pub source: ImportSource,
    /// The code of a standard that it is meant for, besides those that the source names.
    pub iso_code: Option<String>,
    /// The name that it shall have; the source's own without one.
    pub name: Option<Name>,
}

impl TemplateImport {
    /// The most bytes of a file.
    pub const LIMIT: usize = 20 * 1024 * 1024;
}

/// What an import led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// A new template with a draft.
    Created,
    /// A template that a library file had brought before got a draft.
    Drafted,
    /// A template that a library file had brought before holds just this already.
    NothingNew,
}

/// A template that has been imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateImported {
    /// The template.
    pub template: Template,
    /// What the import led to.
    pub outcome: ImportOutcome,
    /// What was imported.
    pub content: ReleaseContent,
    /// What was left out or guessed, in words, in the order of the source.
    pub notices: Vec<String>,
    /// What stands in the way of a release, in words.
    pub problems: Vec<String>,
}

/// A template as a source describes it.
#[derive(Debug)]
pub(crate) struct ReadTemplate {
    /// The key in the library, where the source has one.
    key: Option<String>,
    name: String,
    reference: Option<String>,
    description: Option<String>,
    /// Codes of standards that have to be here.
    iso_codes: Vec<String>,
    /// Codes of standards as the older program wrote them: taken where they are known.
    legacy_codes: Vec<String>,
    pub(crate) content: ReleaseContent,
    notices: Vec<String>,
}

impl ReadTemplate {
    fn of(content: ReleaseContent, notices: Vec<String>) -> Self {
        let (name, iso_codes, legacy_codes) = (String::new(), Vec::new(), Vec::new());
        Self { key: None, name, reference: None, description: None, iso_codes, legacy_codes, content, notices }
    }
}

impl Context {
    /// Imports a template as a draft. A library file whose template is here already adds no second
    /// one: its content becomes the draft of that template, or is found to be nothing new.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what cannot be read, with the places; [`Conflict::DraftThere`] where
    /// the template that is here already has a draft of its own.
    #[boxed]
    pub async fn import_template(&self, actor: &Actor, import: TemplateImport, once: &Once) -> Result<Created<TemplateImported>> {
        self.allow_import(actor)?;
        let TemplateImport { source, iso_code, name } = import;
        let read = self.read_template(source).await?;
        let mut writer = self.store.library_writer(actor, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        let made = self.keep_import(&mut writer, read, iso_code.as_deref(), name).await?;
        let created = Created { is_new: made.outcome != ImportOutcome::NothingNew, value: made };
        if created.is_new {
            writer.note_made("template.imported", &created.value.template)?;
        }
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Refuses whoever may not import, before a large file of theirs is read.
    pub fn allow_import(&self, actor: &Actor) -> Result<()> {
        use muster_domain::access::{Decision, FirmAction, decide_firm};
        match decide_firm(actor, FirmAction::EditLibrary) {
            Decision::Allow => Ok(()),
            Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
            Decision::Invisible => Err(Error::NotFound),
        }
    }

    /// Reads a source away from the threads that serve requests, and few at a time.
    async fn read_template(&self, source: ImportSource) -> Result<ReadTemplate> {
        let turn = tokio::time::timeout(PATIENCE, std::sync::Arc::clone(&self.reading).acquire_owned()).await;
        let turn = turn.map_err(|_| Error::Unavailable("other files are being read".to_owned()))?.map_err(Error::internal)?;
        let read = tokio::task::spawn_blocking(move || {
            let read = formats::read(source);
            drop(turn);
            read
        });
        read.await.map_err(Error::internal)?
    }

    async fn keep_import(
        &self,
        writer: &mut LibraryWriter,
        read: ReadTemplate,
        iso_code: Option<&str>,
        name: Option<Name>,
    ) -> Result<TemplateImported> {
        let mut notices = read.notices;
        let standards = standards(writer, &read.iso_codes, &read.legacy_codes, iso_code, &mut notices).await?;
        let problems = read.content.problems().iter().map(ToString::to_string).collect();
        let known = match &read.key {
            Some(key) => writer.template_by_key(key).await?,
            None => None,
        };
        let (id, outcome) = match known {
            Some(id) => (id, self.draft_again(writer, id, &read.content).await?),
            None => {
                let id = TemplateId(self.ids.next());
                let name = name.map_or_else(|| named(&read.name), Ok)?;
                let reference = read
                    .reference
                    .as_deref()
                    .map(Code::parse)
                    .transpose()
                    .map_err(|error| file_error("text", &format!("reference: {error}")))?;
                let description = Prose::parse_optional(read.description.as_deref())
                    .map_err(|error| file_error("text", &format!("description: {error}")))?;
                let row = LibraryTemplate {
                    key: read.key.as_deref(),
                    name: name.as_str(),
                    reference: reference.as_ref().map(Code::as_str),
                    description: description.as_ref().map(Prose::as_str),
                    standards: &standards,
                };
                writer.insert_template(id, &row).await?;
                writer.write_draft(ReleaseId(self.ids.next()), id, &read.content, None).await?;
                (id, ImportOutcome::Created)
            }
        };
        Ok(TemplateImported { template: writer.template(id).await?, outcome, content: read.content, notices, problems })
    }

    /// Gives a template that is here already a draft, where it holds something else.
    async fn draft_again(&self, writer: &mut LibraryWriter, id: TemplateId, content: &ReleaseContent) -> Result<ImportOutcome> {
        let releases = writer.releases(id).await?;
        if releases.first().is_some_and(|latest| latest.content == *content) {
            return Ok(ImportOutcome::NothingNew);
        }
        if releases.first().is_some_and(|latest| latest.released_at.is_none()) {
            return Err(Error::Conflict(Conflict::DraftThere(id)));
        }
        if writer.template(id).await?.status == TemplateStatus::Archived {
            return Err(Error::Conflict(Conflict::TemplateArchived));
        }
        writer.write_draft(ReleaseId(self.ids.next()), id, content, None).await?;
        Ok(ImportOutcome::Drafted)
    }
}

/// The standards that a template is meant for. Those of a library file have to be here; those of
/// the older program are taken where they are.
async fn standards(
    writer: &mut LibraryWriter,
    codes: &[String],
    legacy: &[String],
    asked: Option<&str>,
    notices: &mut Vec<String>,
) -> Result<Vec<StandardId>> {
    let all = writer.standards().await?;
    let find = |code: &str| all.iter().find(|standard| standard.code.eq_ignore_ascii_case(code.trim())).map(|standard| standard.id);
    let mut found = Vec::new();
    if let Some(code) = asked {
        found.push(find(code).ok_or_else(|| Error::field(FieldError::unknown_reference("/iso_code")))?);
    }
    for code in codes {
        found.push(
            find(code)
                .ok_or_else(|| file_error("unknown-reference", &format!("names the standard `{code}`, which is not in this library")))?,
        );
    }
    for code in legacy {
        match find(code) {
            Some(id) => found.push(id),
            None if asked.is_some() => {}
            None => notices.push(format!("The standard “{code}” is not in this library; choose one for the template.")),
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The name that the source gives.
fn named(text: &str) -> Result<Name> {
    let text: String = text.chars().take(255).collect();
    let name = Name::parse(&text)
        .map_err(|_| Error::field(FieldError::new("/name", "required", "is missing in the file; give the template one")))?;
    Ok(name)
}

/// Something wrong in what was sent.
fn file_error(code: &'static str, message: &str) -> Error {
    Error::field(FieldError::new("/file", code, message))
}
