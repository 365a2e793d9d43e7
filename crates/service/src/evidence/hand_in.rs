//! Handing evidence in: the file first, then what is known of it.

use muster_domain::{
    access::{Action, Actor, Respondent},
    customers::CustomerStatus,
    evidence::{Evidence, EvidenceDetails, LinkAddress},
    ids::{CustomerId, EvidenceId, TaskId},
};
use muster_files::{EVIDENCE, FileKind, Received, Upload};
use muster_store::{CustomerReader, CustomerWriter, NewContent, NewEvidence};

use super::follow_evidence;
use crate::{
    Conflict, Context, Created, Error, FieldError, Once, Result, audit::Notes as _, boxed, context::shelf, tasks::refuse_ignored_task,
};

/// The most tasks that evidence is handed in for.
pub(super) const MOST_TASKS: usize = 100;

/// What a piece of evidence is made of.
#[derive(Debug)]
pub enum HandedInContent {
    /// A file.
    File(Received),
    /// A link.
    Link(LinkAddress),
}

/// A file or a link with what is said about it.
#[derive(Debug)]
pub struct HandedInPiece {
    /// The file or the link.
    pub content: HandedInContent,
    /// The name of the file, cleaned, or the label of the link.
    pub name: String,
    /// What is said about it.
    pub details: EvidenceDetails,
    /// The evidence that it comes in the place of.
    pub replaces: Option<EvidenceId>,
}

/// Evidence to be handed in: all of it, or nothing.
#[derive(Debug)]
pub struct HandedIn {
    /// The files and links.
    pub pieces: Vec<HandedInPiece>,
    /// The tasks that each of them serves.
    pub task_ids: Vec<TaskId>,
}

/// A piece whose file, if it is one, is kept, before anything is known of it.
pub(super) struct KeptPiece {
    pub(super) id: EvidenceId,
    pub(super) name: String,
    content: KeptContent,
    details: EvidenceDetails,
    pub(super) replaces: Option<EvidenceId>,
}

enum KeptContent {
    File { digest: [u8; 32], size: i64, media_type: &'static str },
    Link(LinkAddress),
}

/// Evidence that has been noted, whose tasks have not followed yet.
pub(super) struct Noted {
    id: EvidenceId,
    tasks: Vec<TaskId>,
}

impl Context {
    /// Begins to take a file for a customer, if the actor may hand in evidence there.
    #[boxed]
    pub async fn begin_file(&self, actor: &Actor, customer: CustomerId) -> Result<Upload> {
        let mut reader = self.store.reader(actor, customer, Action::AddEvidence, self.now()).await?;
        refuse_archived(&mut reader).await?;
        drop(reader);
        Ok(self.files()?.begin(self.file_limit()).await?)
    }

    /// Begins to take a file from a respondent, for a question that was delegated to them.
    #[boxed]
    pub async fn begin_respondents_file(&self, respondent: &Respondent) -> Result<Upload> {
        refuse_archived(&mut self.store.respondent_reader(respondent, self.now()).await?).await?;
        Ok(self.files()?.begin(self.file_limit()).await?)
    }

    /// Hands in evidence. A file is on the disk before anything of it is noted, so that nothing is
    /// ever noted of a file that is not there.
    ///
    /// # Errors
    /// [`Error::Invalid`] where a file is none that is accepted, or a task or the replaced evidence is
    /// not of this customer; [`Conflict::EvidenceReplaced`], [`Conflict::Ignored`], [`Error::StorageFull`].
    #[boxed]
    pub async fn add_evidence(&self, actor: &Actor, customer: CustomerId, new: HandedIn, once: &Once) -> Result<Created<Vec<Evidence>>> {
        let mut reader = self.store.reader(actor, customer, Action::AddEvidence, self.now()).await?;
        let replaced: Vec<EvidenceId> = new.pieces.iter().filter_map(|piece| piece.replaces).collect();
        check_references(&mut reader, &new.task_ids, &replaced).await?;
        drop(reader);
        let kept = self.keep_pieces(customer, new.pieces).await?;
        let mut writer = self.store.writer(actor, customer, Action::AddEvidence, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        let mut noted = Vec::new();
        for piece in &kept {
            noted.push(note_piece(&mut writer, piece, &new.task_ids).await?);
        }
        let created = Created { value: follow_noted(&mut writer, &noted).await?, is_new: true };
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Looks at all files, and keeps them on the customer's shelf if all are accepted.
    pub(super) async fn keep_pieces(&self, customer: CustomerId, pieces: Vec<HandedInPiece>) -> Result<Vec<KeptPiece>> {
        let mut kinds: Vec<Option<&'static FileKind>> = Vec::new();
        let are_several = pieces.len() > 1;
        for piece in &pieces {
            kinds.push(match &piece.content {
                HandedInContent::File(received) => Some(kind_of(received, &piece.name, are_several).await?),
                HandedInContent::Link(_) => None,
            });
        }
        let mut kept = Vec::new();
        for (piece, kind) in pieces.into_iter().zip(kinds) {
            kept.push(self.keep_piece(customer, piece, kind).await?);
        }
        Ok(kept)
    }

    async fn keep_piece(&self, customer: CustomerId, piece: HandedInPiece, kind: Option<&'static FileKind>) -> Result<KeptPiece> {
        let content = match piece.content {
            HandedInContent::File(received) => {
                let size = i64::try_from(received.size).map_err(Error::internal)?;
                let media_type = kind.ok_or_else(|| Error::internal("a file that nobody looked at"))?.media_type;
                KeptContent::File { digest: received.keep(&shelf(customer)).await?.digest, size, media_type }
            }
            HandedInContent::Link(url) => KeptContent::Link(url),
        };
        Ok(KeptPiece { id: EvidenceId(self.ids.next()), name: piece.name, content, details: piece.details, replaces: piece.replaces })
    }
}

/// What kind of file something is. A refusal names the file where there are several.
async fn kind_of(received: &Received, name: &str, are_several: bool) -> Result<&'static FileKind> {
    received.kind(name, EVIDENCE).await?.map_err(|why| {
        let message = if are_several { format!("is refused: {name} {why}") } else { why.to_string() };
        Error::field(FieldError::new("/file", why.code(), message))
    })
}

async fn refuse_archived(reader: &mut CustomerReader) -> Result<()> {
    match reader.customer().await?.status {
        CustomerStatus::Archived => Err(Error::Conflict(Conflict::CustomerArchived)),
        _ => Ok(()),
    }
}

/// Refuses tasks and evidence of another customer, told like those that do not exist.
pub(super) async fn check_references(reader: &mut CustomerReader, tasks: &[TaskId], replaced: &[EvidenceId]) -> Result<()> {
    if tasks.len() > MOST_TASKS {
        return Err(Error::field(FieldError::new("/task_id", "too-many", format!("must be at most {MOST_TASKS}"))));
    }
    let known = reader.tasks_by_ids(tasks).await?;
    if tasks.iter().any(|id| known.iter().all(|task| task.id != *id)) {
        return Err(Error::field(FieldError::unknown_reference("/task_id")));
    }
    for id in replaced {
        reader.evidence(*id).await.map_err(|error| match error {
            muster_store::Error::NotFound => Error::field(FieldError::unknown_reference("/replaces")),
            other => other.into(),
        })?;
    }
    Ok(())
}

/// Notes a kept piece as evidence for tasks, those of the evidence that it replaces among them. The
/// tasks are not held yet: [`follow_noted`] does that, last of all.
pub(super) async fn note_piece(writer: &mut CustomerWriter, kept: &KeptPiece, tasks: &[TaskId]) -> Result<Noted> {
    let replaced = replaced_evidence(writer, kept.replaces, tasks).await?;
    let mut tasks = tasks.to_vec();
    for old in &replaced {
        // An ignored task takes no evidence. Where somebody says what is replaced, that is refused;
        // where it follows from the task, it is left as it is.
        let taken_over = if Some(old.id) == kept.replaces { old.task_ids.clone() } else { seen_tasks(writer, &old.task_ids).await? };
        tasks.extend(taken_over);
        tasks.extend(writer.renewal_tasks(old.id, true).await?);
    }
    tasks.sort_unstable();
    tasks.dedup();
    let content = match &kept.content {
        KeptContent::File { digest, size, media_type } => NewContent::File { sha256: digest, size: *size, media_type },
        KeptContent::Link(url) => NewContent::Link(url.as_str()),
    };
    writer.insert_evidence(&NewEvidence { id: kept.id, filename: &kept.name, content, details: &kept.details }).await?;
    for id in &tasks {
        writer.link_evidence(kept.id, *id).await?;
    }
    for old in &replaced {
        writer.replace_evidence(old.id, kept.id).await?;
        let after = writer.evidence(old.id).await?;
        writer.note_changed("evidence.replaced", old, &after)?;
    }
    Ok(Noted { id: kept.id, tasks })
}

/// The evidence that a piece comes in the place of, held: what was said, and what its tasks are there
/// to renew. The latter only as long as nothing else came in its place.
async fn replaced_evidence(writer: &mut CustomerWriter, said: Option<EvidenceId>, tasks: &[TaskId]) -> Result<Vec<Evidence>> {
    let mut ids = writer.renewed_by(tasks).await?;
    ids.extend(said);
    ids.sort_unstable();
    ids.dedup();
    let mut replaced = Vec::new();
    for id in ids {
        let old = writer.lock_evidence(id).await?;
        match old.replaced_by {
            None => replaced.push(old),
            Some(_) if Some(id) == said => return Err(Error::Conflict(Conflict::EvidenceReplaced)),
            Some(_) => {}
        }
    }
    Ok(replaced)
}

async fn seen_tasks(writer: &mut CustomerWriter, tasks: &[TaskId]) -> Result<Vec<TaskId>> {
    let tasks = writer.tasks_by_ids(tasks).await?;
    Ok(tasks.into_iter().filter(|task| task.ignored.is_none() && !task.is_hidden).map(|task| task.id).collect())
}

/// Lets the tasks of noted evidence follow. An ignored task takes none: then nothing of it is kept.
pub(super) async fn follow_noted(writer: &mut CustomerWriter, noted: &[Noted]) -> Result<Vec<Evidence>> {
    let mut tasks: Vec<TaskId> = noted.iter().flat_map(|one| one.tasks.iter().copied()).collect();
    tasks.sort_unstable();
    tasks.dedup();
    for id in &tasks {
        refuse_ignored_task(&writer.lock_task(*id).await?)?;
    }
    // Nothing is completed by what nobody has accepted yet.
    follow_evidence(writer, &tasks).await?;
    let mut handed_in = Vec::new();
    for one in noted {
        let evidence = writer.evidence(one.id).await?;
        writer.note_made("evidence.handed_in", &evidence)?;
        handed_in.push(evidence);
    }
    Ok(handed_in)
}
