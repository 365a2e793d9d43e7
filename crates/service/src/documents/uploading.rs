//! Files that stand as documents: a Word or PDF file of the customer's own, with the same life cycle.
//!
//! The file is kept on the customer's shelf, under its SHA-256; the document's content names it, so
//! the canonical content covers it.

use std::collections::BTreeMap;

use muster_domain::{
    access::{Action, Actor},
    audit::hex,
    documents::{Document, DocumentContent, DocumentFile, DocumentMove, VersionChoice, judge_document_move},
    evidence::FileName,
    ids::{CustomerId, DocumentId, PlanId, TemplateId},
    text::Title,
};
use muster_files::{DOCUMENTS, Received, Upload, VerifiedFile};
use muster_store::NewDocument;

use super::{
    DocumentSaved, refuse_hidden,
    writing::{keep, written_by},
};
use crate::{Context, Created, Error, FieldError, Once, Result, answers::refuse_ignored, boxed, context::shelf, plans::check_version};

/// A file that shall stand as a document.
#[derive(Debug)]
pub struct UploadedDocument {
    /// The file.
    pub received: Received,
    /// Its name.
    pub file_name: FileName,
    /// The document's name; the file's, without its ending, unless given.
    pub name: Option<Title>,
}

impl Context {
    /// Begins to take a file for a document of a plan, if the actor may save documents there.
    #[boxed]
    pub async fn begin_document_file(&self, actor: &Actor, plan: PlanId) -> Result<Upload> {
        let customer = self.customer_of_plan(actor, plan).await?;
        self.store.allow(actor, customer, Action::AnswerQuestion, self.now())?;
        Ok(self.files()?.begin(self.file_limit()).await?)
    }

    /// Begins to take another file for a document, if the actor may write at it.
    #[boxed]
    pub async fn begin_new_document_file(&self, actor: &Actor, id: DocumentId) -> Result<Upload> {
        let customer = self.store.locator(actor, self.now()).await?.customer_of_document(id).await?;
        self.store.allow(actor, customer, Action::AnswerQuestion, self.now())?;
        Ok(self.files()?.begin(self.file_limit()).await?)
    }

    /// Saves a file as a document of a plan's template, with the tasks of a document. A template may
    /// have several such documents beside the one that its answers make.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `/file` where it is neither a Word nor a PDF file.
    #[boxed]
    pub async fn upload_document(
        &self,
        actor: &Actor,
        plan: PlanId,
        template: TemplateId,
        new: UploadedDocument,
        once: &Once,
    ) -> Result<Created<DocumentSaved>> {
        let customer = self.customer_of_plan(actor, plan).await?;
        self.store.allow(actor, customer, Action::AnswerQuestion, self.now())?;
        let name = new.name.clone().map_or_else(|| named_after(&new.file_name), Ok)?;
        let file = self.keep_document_file(customer, new).await?;
        let mut writer = self.store.writer(actor, customer, Action::AnswerQuestion, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        refuse_ignored(&mut writer, plan, template).await?;
        let release = writer.pinned_release(plan, template).await?;
        let id = DocumentId(self.ids.next());
        let content = content_of(&name, file);
        let document =
            NewDocument { id, plan_id: plan, template_id: template, release_id: release.id, name: name.as_str(), content: &content };
        writer.insert_document(&document).await?;
        let created = Created { value: self.saved(&mut writer, id, "document.uploaded").await?, is_new: true };
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Puts another file in the place of a draft's.
    #[boxed]
    pub async fn replace_document_file(
        &self,
        actor: &Actor,
        id: DocumentId,
        new: UploadedDocument,
        expected: Option<i32>,
    ) -> Result<Document> {
        let customer = self.store.locator(actor, self.now()).await?.customer_of_document(id).await?;
        self.store.allow(actor, customer, Action::AnswerQuestion, self.now())?;
        let file = self.keep_document_file(customer, new).await?;
        let mut writer = self.document_writer(actor, id, Action::AnswerQuestion).await?;
        let before = writer.lock_document(id).await?;
        check_version(before.version, expected)?;
        refuse_hidden(&mut writer, &before).await?;
        judge_document_move(before.status, DocumentMove::Edit)?;
        if before.content.file.is_none() {
            return Err(Error::field(FieldError::new("/file", "not-a-file", "cannot take the place of a text")));
        }
        if before.content.file.as_ref() == Some(&file) {
            writer.leave().await?;
            return Ok(before);
        }
        let content = DocumentContent { file: Some(file), ..before.content.clone() };
        let after = written_by(Document { content, ..before.clone() }, actor);
        keep(writer, &before, &after, "document.edited").await
    }

    /// The file that a document is: of its latest version, or of one that was handed in.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is none; [`crate::Conflict::DocumentTampered`] and an error of
    /// the files where it is not what was uploaded any more.
    #[boxed]
    pub async fn document_file(
        &self,
        actor: &Actor,
        id: DocumentId,
        version: Option<VersionChoice>,
    ) -> Result<(DocumentFile, VerifiedFile)> {
        let (document, _) = self.document(actor, id).await?;
        let kept = match version {
            Some(VersionChoice::Kept { number, round }) => Some((number, round)),
            _ => document.latest_number().filter(|_| !document.is_open()).map(|which| (which.number, Some(which.round))),
        };
        let file = match kept {
            Some((number, round)) => self.document_version_to_export(actor, id, number, round).await?.version.content.file,
            None => document.content.file,
        };
        let file = file.ok_or(Error::NotFound)?;
        let digest = muster_domain::audit::from_hex(&file.sha256).ok_or_else(|| Error::internal("the hash of a file cannot be read"))?;
        let verified = self.files()?.open_verified(&shelf(document.customer_id), &digest).await?;
        Ok((file, verified))
    }

    /// Looks at a file, and keeps it on the customer's shelf.
    async fn keep_document_file(&self, customer: CustomerId, new: UploadedDocument) -> Result<DocumentFile> {
        let refused = |why: muster_files::Refusal| Error::field(FieldError::new("/file", why.code(), why.to_string()));
        let kind = new.received.kind(new.file_name.as_str(), DOCUMENTS).await?.map_err(refused)?;
        let size = i64::try_from(new.received.size).map_err(Error::internal)?;
        let kept = new.received.keep(&shelf(customer)).await?;
        let file_name = new.file_name.as_str().to_owned();
        Ok(DocumentFile { sha256: hex(&kept.digest), file_name, media_type: kind.media_type.to_owned(), size })
    }
}

/// The name of a file without its ending.
fn named_after(file: &FileName) -> Result<Title> {
    let name = file.as_str();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Title::parse(stem).map_err(|error| Error::field(FieldError::text("/name", error)))
}

fn content_of(name: &Title, file: DocumentFile) -> DocumentContent {
    DocumentContent {
        title: name.as_str().to_owned(),
        body: String::new(),
        answers: BTreeMap::new(),
        unanswered: BTreeMap::new(),
        file: Some(file),
    }
}
