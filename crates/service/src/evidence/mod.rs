//! Evidence: handing it in (`hand_in`), reading it (`register`), deciding about it, the tasks that it
//! serves (`links`), and what happens when it comes to its last day (`renewal`).

mod answer;
mod hand_in;
mod links;
mod register;
mod renewal;

use muster_domain::{
    access::{Action, Actor, Decision, decide_on_evidence},
    audit::from_hex,
    evidence::{Evidence, EvidenceStatus},
    ids::{CustomerId, EvidenceId, TaskId},
    tasks::{Task, TaskStatus, status_after_evidence},
    text::Prose,
};
use muster_files::VerifiedFile;
use muster_store::CustomerWriter;

pub(crate) use self::answer::{checked_files, link_files};
pub(crate) use self::renewal::without_expired_evidence;
pub use self::{
    hand_in::{HandedIn, HandedInContent, HandedInPiece},
    renewal::RENEWAL_DAYS,
};
use crate::{Conflict, Context, Error, Result, audit::Notes as _, boxed, context::shelf, generation::come_back, plans::check_version};

impl Context {
    /// The evidence that serves any of these tasks, the first that came in first; without what was replaced.
    #[boxed]
    pub async fn evidence_serving(&self, actor: &Actor, customer: CustomerId, tasks: &[TaskId]) -> Result<Vec<Evidence>> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        Ok(reader.evidence_serving(tasks).await?)
    }

    /// One piece of evidence.
    #[boxed]
    pub async fn evidence(&self, actor: &Actor, id: EvidenceId) -> Result<Evidence> {
        let customer = self.customer_of_evidence(actor, id).await?;
        Ok(self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?.evidence(id).await?)
    }

    /// The content of evidence that has just been read, if it is still what was handed in.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link, [`Error::FileDamaged`] where it is not what was handed in: then
    /// nobody gets a byte of it.
    #[boxed]
    pub async fn evidence_file(&self, evidence: &Evidence) -> Result<VerifiedFile> {
        let file = evidence.content.file().ok_or(Error::NotFound)?;
        let digest = from_hex(&file.sha256).ok_or_else(|| Error::internal("evidence without a hash"))?;
        match self.files()?.open_verified(&shelf(evidence.customer_id), &digest).await {
            // A file that came from an older database may still lie where its program kept it.
            Err(muster_files::Error::Missing) if evidence.source_path.is_some() => {
                let path = evidence.source_path.clone().unwrap_or_default();
                Ok(VerifiedFile::open_elsewhere(path.into(), digest).await?)
            }
            found => Ok(found?),
        }
    }

    /// Accepts evidence: what only waited for it is completed. Accepting it again changes nothing.
    #[boxed]
    pub async fn accept_evidence(&self, actor: &Actor, id: EvidenceId, expected: Option<i32>) -> Result<Evidence> {
        self.decide_evidence(actor, id, None, expected).await
    }

    /// Sends evidence back with a reason: what cannot be done without it is taken up again.
    #[boxed]
    pub async fn send_back_evidence(&self, actor: &Actor, id: EvidenceId, reason: &Prose, expected: Option<i32>) -> Result<Evidence> {
        self.decide_evidence(actor, id, Some(reason.as_str()), expected).await
    }

    async fn decide_evidence(&self, actor: &Actor, id: EvidenceId, because: Option<&str>, expected: Option<i32>) -> Result<Evidence> {
        let at = self.now();
        let customer = self.customer_of_evidence(actor, id).await?;
        let mut writer = self.store.writer(actor, customer, Action::DecideEvidence, at).await?;
        let before = writer.lock_evidence(id).await?;
        let today = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        if let Decision::Forbid(denial) = decide_on_evidence(actor, customer, before.uploaded_by.as_ref().map(|by| by.id), today) {
            return Err(Error::Forbidden(denial));
        }
        check_version(before.version, expected)?;
        if before.replaced_by.is_some() {
            return Err(Error::Conflict(Conflict::EvidenceReplaced));
        }
        let status = if because.is_some() { EvidenceStatus::Rejected } else { EvidenceStatus::Accepted };
        if before.status == status && before.decision_reason.as_deref() == because {
            writer.leave().await?;
            return Ok(before);
        }
        writer.decide_evidence(id, because).await?;
        for done in follow_evidence(&mut writer, &before.task_ids).await? {
            come_back(&mut writer, &*self.ids, &done).await?;
        }
        let after = writer.evidence(id).await?;
        writer.note_changed(if because.is_some() { "evidence.sent_back" } else { "evidence.accepted" }, &before, &after)?;
        if because.is_some() {
            self.remind_sent_back(&mut writer, actor, &after).await?;
        }
        writer.commit().await?;
        Ok(after)
    }

    async fn customer_of_evidence(&self, actor: &Actor, id: EvidenceId) -> Result<CustomerId> {
        Ok(self.store.locator(actor, self.now()).await?.customer_of_evidence(id).await?)
    }
}

/// Brings tasks up to what is now known of their evidence, and to the status that follows from it.
/// They are held in the order of their ids, so that nobody waits in a circle. Gives those that were
/// completed by it.
async fn follow_evidence(writer: &mut CustomerWriter, tasks: &[TaskId]) -> Result<Vec<Task>> {
    let mut tasks = tasks.to_vec();
    tasks.sort_unstable();
    let today = writer.today().await?;
    let mut completed = Vec::new();
    for id in tasks {
        let before = writer.lock_task(id).await?;
        writer.refresh_evidence_of_task(id, today).await?;
        let now = writer.task(id).await?;
        let status = status_after_evidence(&now.state());
        if status != now.status {
            writer.set_task_status(id, status).await?;
            let after = writer.task(id).await?;
            writer.note_changed(if status == TaskStatus::Completed { "task.completed" } else { "task.reopened" }, &before, &after)?;
            if status == TaskStatus::Completed {
                completed.push(now);
            }
        }
    }
    Ok(completed)
}
