//! Handing evidence in: the file first, then what is known of it.

use muster_domain::{
    access::{Action, Actor, Respondent},
    customers::CustomerStatus,
    evidence::{Evidence, EvidenceDetails, FileName},
    ids::{CustomerId, EvidenceId, TaskId},
};
use muster_files::{EVIDENCE, Received, Upload};
use muster_store::{CustomerReader, CustomerWriter, NewEvidence};

use super::follow_evidence;
use crate::{Conflict, Context, Created, Error, FieldError, Once, Result, audit::Notes as _, context::shelf, tasks::refuse_ignored_task};

/// The most tasks that one file is handed in for.
const MOST_TASKS: usize = 100;

/// A file with what is said about it.
#[derive(Debug)]
pub struct HandedInFile {
    /// The file.
    pub received: Received,
    /// Its name.
    pub filename: FileName,
    /// What is said about it.
    pub details: EvidenceDetails,
    /// The evidence that it comes in the place of.
    pub replaces: Option<EvidenceId>,
}

/// Evidence to be handed in.
#[derive(Debug)]
pub struct HandedIn {
    /// The file.
    pub file: HandedInFile,
    /// The tasks that it serves.
    pub task_ids: Vec<TaskId>,
}

/// A file that is on the disk, before anything is known of it.
pub(super) struct KeptFile {
    pub(super) id: EvidenceId,
    pub(super) filename: FileName,
    digest: [u8; 32],
    size: i64,
    media_type: &'static str,
    details: EvidenceDetails,
    pub(super) replaces: Option<EvidenceId>,
}

/// Evidence that has been noted, whose tasks have not followed yet.
pub(super) struct Noted {
    id: EvidenceId,
    tasks: Vec<TaskId>,
}

impl Context {
    /// Begins to take a file for a customer, if the actor may hand in evidence there.
    pub async fn begin_file(&self, actor: &Actor, customer: CustomerId) -> Result<Upload> {
        let mut reader = self.store.reader(actor, customer, Action::AddEvidence, self.now()).await?;
        refuse_archived(&mut reader).await?;
        drop(reader);
        Ok(self.files()?.begin(self.file_limit()).await?)
    }

    /// Begins to take a file from a respondent, for a question that was delegated to them.
    pub async fn begin_respondents_file(&self, respondent: &Respondent) -> Result<Upload> {
        refuse_archived(&mut self.store.respondent_reader(respondent, self.now()).await?).await?;
        Ok(self.files()?.begin(self.file_limit()).await?)
    }

    /// Hands in evidence. The file is on the disk before anything of it is noted, so that nothing is
    /// ever noted of a file that is not there.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the file is none that is accepted, or a task or the replaced evidence is
    /// not of this customer; [`Conflict::EvidenceReplaced`], [`Conflict::Ignored`], [`Error::StorageFull`].
    pub async fn add_evidence(&self, actor: &Actor, customer: CustomerId, new: HandedIn, once: &Once) -> Result<Created<Evidence>> {
        let mut reader = self.store.reader(actor, customer, Action::AddEvidence, self.now()).await?;
        check_references(&mut reader, &new.task_ids, new.file.replaces).await?;
        drop(reader);
        let kept = self.keep_file(customer, new.file).await?;
        let mut writer = self.store.writer(actor, customer, Action::AddEvidence, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        let noted = note_file(&mut writer, &kept, &new.task_ids).await?;
        let evidence = follow_noted(&mut writer, &noted).await?;
        let created = Created { value: evidence, is_new: true };
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Looks at a file, and keeps it on the customer's shelf.
    pub(super) async fn keep_file(&self, customer: CustomerId, file: HandedInFile) -> Result<KeptFile> {
        let refused = |why: muster_files::Refusal| Error::field(FieldError::new("/file", why.code(), why.to_string()));
        let kind = file.received.kind(file.filename.as_str(), EVIDENCE).await?.map_err(refused)?;
        let size = i64::try_from(file.received.size).map_err(Error::internal)?;
        let kept = file.received.keep(&shelf(customer)).await?;
        Ok(KeptFile {
            id: EvidenceId(self.ids.next()),
            filename: file.filename,
            digest: kept.digest,
            size,
            media_type: kind.media_type,
            details: file.details,
            replaces: file.replaces,
        })
    }
}

async fn refuse_archived(reader: &mut CustomerReader) -> Result<()> {
    match reader.customer().await?.status {
        CustomerStatus::Archived => Err(Error::Conflict(Conflict::CustomerArchived)),
        _ => Ok(()),
    }
}

/// Refuses tasks and evidence of another customer, told like those that do not exist.
pub(super) async fn check_references(reader: &mut CustomerReader, tasks: &[TaskId], replaces: Option<EvidenceId>) -> Result<()> {
    if tasks.len() > MOST_TASKS {
        return Err(Error::field(FieldError::new("/task_id", "too-many", format!("must be at most {MOST_TASKS}"))));
    }
    let known = reader.tasks_by_ids(tasks).await?;
    if tasks.iter().any(|id| known.iter().all(|task| task.id != *id)) {
        return Err(Error::field(FieldError::unknown_reference("/task_id")));
    }
    if let Some(id) = replaces {
        reader.evidence(id).await.map_err(|error| match error {
            muster_store::Error::NotFound => Error::field(FieldError::unknown_reference("/replaces")),
            other => other.into(),
        })?;
    }
    Ok(())
}

/// Notes a kept file as evidence for tasks, those of the evidence that it replaces among them. The
/// tasks are not held yet: [`follow_noted`] does that, last of all.
pub(super) async fn note_file(writer: &mut CustomerWriter, kept: &KeptFile, tasks: &[TaskId]) -> Result<Noted> {
    let mut tasks = tasks.to_vec();
    let replaced = match kept.replaces {
        Some(id) => Some(writer.lock_evidence(id).await?),
        None => None,
    };
    if let Some(old) = &replaced {
        if old.replaced_by.is_some() {
            return Err(Error::Conflict(Conflict::EvidenceReplaced));
        }
        tasks.extend(&old.task_ids);
    }
    tasks.sort_unstable();
    tasks.dedup();
    let new = NewEvidence {
        id: kept.id,
        filename: kept.filename.as_str(),
        sha256: &kept.digest,
        size: kept.size,
        media_type: kept.media_type,
        details: &kept.details,
    };
    writer.insert_evidence(&new).await?;
    for id in &tasks {
        writer.link_evidence(kept.id, *id).await?;
    }
    if let Some(old) = &replaced {
        writer.replace_evidence(old.id, kept.id).await?;
        let after = writer.evidence(old.id).await?;
        writer.note_changed("evidence.replaced", old, &after)?;
    }
    Ok(Noted { id: kept.id, tasks })
}

/// Lets the tasks of noted evidence follow. An ignored task takes none: then nothing of it is kept.
pub(super) async fn follow_noted(writer: &mut CustomerWriter, noted: &Noted) -> Result<Evidence> {
    for id in &noted.tasks {
        refuse_ignored_task(&writer.lock_task(*id).await?)?;
    }
    // Nothing is completed by what nobody has accepted yet.
    follow_evidence(writer, &noted.tasks).await?;
    let evidence = writer.evidence(noted.id).await?;
    writer.note_made("evidence.handed_in", &evidence)?;
    Ok(evidence)
}
