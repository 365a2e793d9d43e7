//! Files of approved versions: made once, kept, compared with their hash each time they are given
//! out.

use std::time::Duration;

use muster_domain::{
    audit::{AuditNote, Subject as NotedSubject},
    documents::{ExportFormat, Sha256},
};
use muster_store::{ExportPlace, KeptExport};
use serde_json::json;

use super::{Subject, of_version, refuse_tampered};
use crate::{Conflict, Context, Error, Result, boxed};

/// So many files are made in one go.
const BATCH: i64 = 20;

/// How often the program looks for versions that have been approved.
const LOOK: Duration = Duration::from_secs(15);
/// How long it waits when one of them could not be made.
const AFTER_FAILURE: Duration = Duration::from_secs(10 * 60);

impl Context {
    /// Keeps the files of what is approved, soon after it was, until dropped. `report` gets what was
    /// in the way.
    pub async fn run_exports(&self, report: impl Fn(&Error)) {
        loop {
            let wait = match self.keep_exports().await {
                Ok(_) => LOOK,
                Err(error) => {
                    report(&error);
                    AFTER_FAILURE
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Makes the files of versions in force that have none yet, so that what was approved is kept as
    /// it stood. For the program itself, which does it regularly; gives how many were made.
    ///
    /// # Errors
    /// Whatever was in the way of one of them, after all others have been tried.
    #[boxed]
    pub async fn keep_exports(&self) -> Result<usize> {
        let mut formats = vec![ExportFormat::Html, ExportFormat::Docx];
        formats.extend(self.has_pdf().then_some(ExportFormat::Pdf));
        let (mut made, mut failure) = (0, None);
        for format in formats {
            for place in self.store.missing_exports(format, BATCH).await? {
                match self.keep_missing(&place, format).await {
                    Ok(()) => made += 1,
                    Err(error) => failure = Some(error),
                }
            }
        }
        failure.map_or(Ok(made), Err)
    }

    async fn keep_missing(&self, place: &ExportPlace, format: ExportFormat) -> Result<()> {
        let logo = self.store.firm_logo().await?;
        let mut reader = self.store.export_writer(place, self.now()).await?;
        let document = reader.document(place.document()).await?;
        let stored = reader.document_version(place.document(), place.which().number, Some(place.which().round)).await?;
        let zone = reader.customer().await?.time_zone;
        refuse_tampered(&document, &stored)?;
        let subject = of_version(&reader, &stored, logo, &zone)?;
        reader.leave().await?;
        self.exported(&subject, format).await.map(drop)
    }

    /// The file that is kept, or a new one that is kept from now on.
    pub(super) async fn kept_or_made(
        &self,
        subject: &Subject,
        place: &ExportPlace,
        content: Sha256,
        format: ExportFormat,
    ) -> Result<Vec<u8>> {
        if let Some(kept) = self.kept(place, format).await? {
            return intact(kept, content);
        }
        let bytes = self.made(&subject.sheet, format).await?;
        let mut writer = self.store.export_writer(place, self.now()).await?;
        if !writer.keep_export(place, format, content, &bytes).await? {
            // Somebody else was quicker: there is one file of a version, and it is theirs.
            writer.leave().await?;
            let kept = self.kept(place, format).await?.ok_or_else(|| Error::internal("a kept file is gone"))?;
            return intact(kept, content);
        }
        let noted = NotedSubject { kind: "document".to_owned(), id: place.document().to_string(), title: subject.sheet.frame.name.clone() };
        let what = json!({ "format": format, "document_version": place.which().number, "sha256": Sha256::of(&bytes).to_string() });
        writer.note(AuditNote::made("document.export_kept", noted, what));
        writer.commit().await?;
        Ok(bytes)
    }

    async fn kept(&self, place: &ExportPlace, format: ExportFormat) -> Result<Option<KeptExport>> {
        let mut reader = self.store.export_writer(place, self.now()).await?;
        let kept = reader.kept_export(place, format).await?;
        reader.leave().await?;
        Ok(kept)
    }
}

/// A kept file, if it is still what was made of what was approved.
fn intact(kept: KeptExport, content: Sha256) -> Result<Vec<u8>> {
    if kept.content_sha256 == content && kept.sha256 == Sha256::of(&kept.bytes) {
        Ok(kept.bytes)
    } else {
        Err(Error::Conflict(Conflict::DocumentTampered))
    }
}
