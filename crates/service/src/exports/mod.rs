//! Documents as files: made from the blocks of their text, kept once their version is approved.
//!
//! What is to be made is read in one transaction, made after it has ended, and kept in another one:
//! nothing waits for a renderer while it holds a connection.

mod archive;
mod keeping;
mod pdf;
mod sheet;

use muster_domain::{
    access::{Action, Actor},
    documents::{Document, DocumentStatus, ExportFormat, Integrity, Sha256, file_stem},
    ids::{CustomerId, DocumentId},
};
use muster_paper::Sheet;
use muster_store::{CustomerReader, ExportPlace, StoredVersion};

pub use self::{
    archive::PlanArchive,
    pdf::{PdfProgram, PdfRefusal},
};
use crate::{Conflict, Context, Error, Result, boxed};

/// A document as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedDocument {
    /// The name of the file.
    pub file_name: String,
    /// What kind of file it is.
    pub format: ExportFormat,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A document to be made into a file.
struct Subject {
    sheet: Sheet,
    /// The name of its files, without an ending.
    stem: String,
    /// Where its files are kept, and the SHA-256 of what was approved; none before it is approved.
    kept_at: Option<(ExportPlace, Sha256)>,
}

impl Context {
    /// A document as a file: the given version, or the latest as it stands. The file of an approved
    /// version is made once and the same from then on.
    ///
    /// # Errors
    /// [`Conflict::DocumentTampered`] where what is kept is not what was handed in or first made;
    /// [`Conflict::DocumentIsFile`] where the document is a file already;
    /// [`Error::Pdf`] where there is no PDF at present.
    #[boxed]
    pub async fn export_document(
        &self,
        actor: &Actor,
        id: DocumentId,
        format: ExportFormat,
        number: Option<i32>,
    ) -> Result<ExportedDocument> {
        let subject = self.export_subject(actor, id, number).await?;
        self.exported(&subject, format).await
    }

    /// A document as it is printed: what its files are made from.
    #[boxed]
    pub async fn document_sheet(&self, actor: &Actor, id: DocumentId, number: Option<i32>) -> Result<(Document, Sheet)> {
        let mut reader = self.export_reader(actor, id).await?;
        let document = reader.document(id).await?;
        let logo = self.store.firm_logo().await?;
        let subject = subject(&mut reader, &document, number, logo).await?;
        Ok((document, subject.sheet))
    }

    async fn export_subject(&self, actor: &Actor, id: DocumentId, number: Option<i32>) -> Result<Subject> {
        let logo = self.store.firm_logo().await?;
        let mut reader = self.export_reader(actor, id).await?;
        let document = reader.document(id).await?;
        subject(&mut reader, &document, number, logo).await
    }

    async fn export_reader(&self, actor: &Actor, id: DocumentId) -> Result<CustomerReader> {
        let customer: CustomerId = self.store.locator(actor, self.now()).await?.customer_of_document(id).await?;
        Ok(self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?)
    }

    /// The file of a subject: the kept one, or a new one, which is kept if it is of an approved
    /// version.
    async fn exported(&self, subject: &Subject, format: ExportFormat) -> Result<ExportedDocument> {
        let bytes = match &subject.kept_at {
            Some((place, content)) => self.kept_or_made(subject, place, *content, format).await?,
            None => self.made(&subject.sheet, format).await?,
        };
        Ok(ExportedDocument { file_name: format!("{}.{format}", subject.stem), format, bytes })
    }

    /// Makes a file.
    async fn made(&self, sheet: &Sheet, format: ExportFormat) -> Result<Vec<u8>> {
        match format {
            ExportFormat::Pdf => self.pdf().ok_or(PdfRefusal::NotInstalled)?.render(sheet).await,
            ExportFormat::Html => Ok(muster_paper::page(sheet).into_bytes()),
            ExportFormat::Docx => {
                let _permit = self.rendering.acquire().await.map_err(Error::internal)?;
                let sheet = sheet.clone();
                let made = tokio::task::spawn_blocking(move || muster_docx::docx(&sheet)).await.map_err(Error::internal)?;
                made.map_err(Error::internal)
            }
        }
    }
}

/// What is to be made of a document: its draft as it stands, or a version as it was handed in.
async fn subject(
    reader: &mut CustomerReader,
    document: &Document,
    number: Option<i32>,
    logo: Option<muster_domain::firm::Logo>,
) -> Result<Subject> {
    let zone = reader.customer().await?.time_zone;
    let is_draft = document.is_open() && number.is_none_or(|number| number == document.document_version);
    if is_draft {
        refuse_file(&document.content)?;
        let branding = reader.branding().await?;
        let sheet = sheet::of_draft(document, &branding, logo, &zone);
        let stem = file_stem(document.document_number.as_deref(), &document.name, &format!("v{} draft", document.document_version));
        return Ok(Subject { sheet, stem, kept_at: None });
    }
    let round = if number.is_none() { document.latest_number().map(|which| which.round) } else { None };
    let stored = reader.document_version(document.id, number.unwrap_or(document.document_version), round).await?;
    refuse_tampered(document, &stored)?;
    of_version(reader, &stored, logo, &zone)
}

/// The same for a version that is known to be what was handed in.
fn of_version(reader: &CustomerReader, stored: &StoredVersion, logo: Option<muster_domain::firm::Logo>, zone: &str) -> Result<Subject> {
    let version = &stored.version;
    refuse_file(&version.content)?;
    let is_approved = matches!(version.status, DocumentStatus::Approved | DocumentStatus::Superseded);
    let suffix = if is_approved { "" } else { " draft" };
    let stem = file_stem(version.document_number.as_deref(), &version.name, &format!("v{}{suffix}", version.which.number));
    let kept_at = is_approved.then(|| (reader.export_place(stored), version.content_sha256));
    Ok(Subject { sheet: sheet::of_version(version, logo, zone), stem, kept_at })
}

fn refuse_file(content: &muster_domain::documents::DocumentContent) -> Result<()> {
    if content.file.is_some() { Err(Error::Conflict(Conflict::DocumentIsFile)) } else { Ok(()) }
}

/// Refuses what is not what was handed in and approved.
fn refuse_tampered(document: &Document, stored: &StoredVersion) -> Result<()> {
    let version = &stored.version;
    let is_latest = Some(version.which) == document.latest_number();
    let integrity = if is_latest && !document.is_open() { document.integrity(Some(version)) } else { version.integrity() };
    match integrity {
        Integrity::Intact => Ok(()),
        Integrity::Tampered => Err(Error::Conflict(Conflict::DocumentTampered)),
    }
}
