//! Reading a document with all that its page shows, and its versions.

use muster_domain::{
    access::{Action, Actor, Taking},
    documents::{ChangedAnswer, Document, DocumentContent, DocumentVersion, Integrity, VersionChoice, VersionNumber},
    ids::DocumentId,
    people::Person,
    tasks::{Task, TaskFilter, TaskScope, TaskSort},
    templates::Release,
};
use muster_store::{CustomerReader, Slice, VersionSummary};

use super::filled;
use crate::{Conflict, Context, Error, Result, boxed};

/// A document with all that its page shows around it, read in one snapshot.
#[derive(Debug, Clone)]
pub struct DocumentView {
    /// The document: its latest version.
    pub document: Document,
    /// Its tasks.
    pub tasks: Vec<Task>,
    /// What was handed in, the latest first.
    pub versions: Vec<VersionSummary>,
    /// The latest version as it was handed in the last time; none while it never was.
    pub handed_in: Option<DocumentVersion>,
    /// Whether what is shown is what was handed in and approved.
    pub integrity: Integrity,
    /// What answers say otherwise now.
    pub changes: Vec<ChangedAnswer>,
    /// The release it came from.
    pub release: Release,
    /// The approvers, each with the steps that they are named for.
    pub approvers: Vec<(Person, Vec<String>)>,
}

/// A version as it was handed in.
#[derive(Debug, Clone)]
pub struct VersionView {
    /// The document as it stands now.
    pub document: Document,
    /// The version.
    pub version: DocumentVersion,
    /// Whether it is what was handed in and approved.
    pub integrity: Integrity,
}

/// Two texts of a document, to be compared.
#[derive(Debug, Clone)]
pub struct ComparedTexts {
    /// What the earlier one is.
    pub with: VersionChoice,
    /// The earlier text.
    pub before: DocumentContent,
    /// The later text.
    pub after: DocumentContent,
}

impl Context {
    /// Two texts of a document, the earlier and the later. What is before a version that was never
    /// handed in, or the first, is the template's text with the same answers.
    #[boxed]
    pub async fn document_texts(&self, actor: &Actor, id: DocumentId, with: VersionChoice, text: VersionChoice) -> Result<ComparedTexts> {
        let mut reader = self.document_reader(actor, id).await?;
        let document = reader.document(id).await?;
        let (after, release, which) = match text {
            VersionChoice::Kept { number, round } => {
                let kept = reader.document_version(id, number, round).await?.version;
                (kept.content, kept.release_id, kept.which)
            }
            _ => {
                let round = if document.is_open() { i32::MAX } else { document.round };
                (document.content.clone(), document.release_id, VersionNumber { number: document.document_version, round })
            }
        };
        let with = match with {
            VersionChoice::Earlier => {
                let versions = reader.document_versions(id).await?;
                let earlier = versions.iter().map(|one| one.which).find(|one| *one < which);
                earlier.map_or(VersionChoice::Template, |one| VersionChoice::Kept { number: one.number, round: Some(one.round) })
            }
            other => other,
        };
        let before = match with {
            VersionChoice::Kept { number, round } => reader.document_version(id, number, round).await?.version.content,
            VersionChoice::Latest => document.content,
            VersionChoice::Template | VersionChoice::Earlier => {
                let release = reader.release(document.template_id, release).await?.content;
                DocumentContent { title: release.document_title, body: release.body, ..after.clone() }
            }
        };
        Ok(ComparedTexts { with, before, after })
    }

    /// A document with its tasks.
    #[boxed]
    pub async fn document(&self, actor: &Actor, id: DocumentId) -> Result<(Document, Vec<Task>)> {
        let mut reader = self.document_reader(actor, id).await?;
        let document = reader.document(id).await?;
        let tasks = tasks_of(&mut reader, &document).await?;
        Ok((document, tasks))
    }

    /// A document with all that its page shows.
    #[boxed]
    pub async fn document_view(&self, actor: &Actor, id: DocumentId) -> Result<DocumentView> {
        let mut reader = self.document_reader(actor, id).await?;
        let document = reader.document(id).await?;
        let handed_in = match document.latest_number() {
            Some(which) => Some(reader.document_version(id, which.number, Some(which.round)).await?.version),
            None => None,
        };
        Ok(DocumentView {
            tasks: tasks_of(&mut reader, &document).await?,
            versions: reader.document_versions(id).await?,
            integrity: document.integrity(handed_in.as_ref()),
            changes: changes(&mut reader, &document).await?,
            release: reader.release(document.template_id, document.release_id).await?,
            approvers: reader.approvers().await?,
            handed_in,
            document,
        })
    }

    /// A version as it was handed in; of several times, the given one or the latest.
    #[boxed]
    pub async fn document_version(&self, actor: &Actor, id: DocumentId, number: i32, round: Option<i32>) -> Result<VersionView> {
        let mut reader = self.document_reader(actor, id).await?;
        let document = reader.document(id).await?;
        let version = reader.document_version(id, number, round).await?.version;
        let is_latest = Some(version.which) == document.latest_number();
        let integrity = if is_latest && !document.is_open() { document.integrity(Some(&version)) } else { version.integrity() };
        Ok(VersionView { document, version, integrity })
    }

    /// The same for somebody who takes it out of the house: only what is what was handed in.
    ///
    /// # Errors
    /// [`Conflict::DocumentTampered`] where it is not.
    #[boxed]
    pub async fn document_version_to_export(&self, actor: &Actor, id: DocumentId, number: i32, round: Option<i32>) -> Result<VersionView> {
        let view = self.document_version(actor, id, number, round).await?;
        match view.integrity {
            Integrity::Intact => Ok(view),
            Integrity::Tampered => Err(Error::Conflict(Conflict::DocumentTampered)),
        }
    }

    /// Everything of a document that was handed in, the latest first, and the document.
    #[boxed]
    pub async fn document_versions(&self, actor: &Actor, id: DocumentId) -> Result<(Document, Vec<VersionSummary>)> {
        let mut reader = self.document_reader(actor, id).await?;
        Ok((reader.document(id).await?, reader.document_versions(id).await?))
    }

    async fn document_reader(&self, actor: &Actor, id: DocumentId) -> Result<CustomerReader> {
        let customer = self.store.locator(actor, self.now()).await?.customer_of_document(id).await?;
        Ok(self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?)
    }
}

async fn tasks_of(reader: &mut CustomerReader, document: &Document) -> Result<Vec<Task>> {
    let filter = TaskFilter {
        scope: Some(TaskScope::Document),
        plan_id: Some(document.plan_id),
        template_id: Some(document.template_id),
        ..TaskFilter::default()
    };
    let tasks = reader.tasks(&filter, &Taking::default(), TaskSort::Hierarchy, Slice { limit: 1000, offset: 0 }).await?;
    Ok(tasks.items.into_iter().filter(|task| task.document_id == Some(document.id)).collect())
}

/// What answers say otherwise now than the document does.
async fn changes(reader: &mut CustomerReader, document: &Document) -> Result<Vec<ChangedAnswer>> {
    if !document.out_of_date {
        return Ok(Vec::new());
    }
    let release = reader.release(document.template_id, document.release_id).await?;
    let answers = reader.answers(document.plan_id, document.template_id).await?;
    Ok(document.content.changes_to(&filled(&release.content, &answers)))
}
