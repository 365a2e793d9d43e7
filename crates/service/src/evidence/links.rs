//! The tasks that evidence serves: one piece can serve several.

use muster_domain::{
    access::{Action, Actor, Decision, decide_on_linking, decide_on_unlinking},
    evidence::Evidence,
    ids::{EvidenceId, TaskId},
};

use super::{follow_evidence, hand_in::MOST_TASKS};
use crate::{Conflict, Context, Error, FieldError, Result, audit::Notes as _, boxed, generation::come_back, tasks::refuse_ignored_task};

impl Context {
    /// Lets evidence serve a further task. Linking it again changes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the task is not of this customer or there are too many already,
    /// [`Error::Forbidden`] where the evidence is accepted and the actor could not accept it,
    /// [`Conflict::EvidenceReplaced`], [`Conflict::Ignored`].
    #[boxed]
    pub async fn link_evidence(&self, actor: &Actor, id: EvidenceId, task: TaskId) -> Result<Evidence> {
        let at = self.now();
        let customer = self.customer_of_evidence(actor, id).await?;
        let mut writer = self.store.writer(actor, customer, Action::AddEvidence, at).await?;
        let before = writer.lock_evidence(id).await?;
        allowed(decide_on_linking(actor, customer, &before, at.to_zoned(jiff::tz::TimeZone::UTC).date()))?;
        if writer.tasks_by_ids(&[task]).await?.is_empty() {
            return Err(Error::field(FieldError::unknown_reference("/task_id")));
        }
        if before.replaced_by.is_some() {
            return Err(Error::Conflict(Conflict::EvidenceReplaced));
        }
        if before.task_ids.contains(&task) {
            writer.leave().await?;
            return Ok(before);
        }
        if before.task_ids.len() >= MOST_TASKS {
            return Err(Error::field(FieldError::new("/task_id", "too-many", format!("must be at most {MOST_TASKS}"))));
        }
        refuse_ignored_task(&writer.lock_task(task).await?)?;
        writer.link_evidence(id, task).await?;
        for done in follow_evidence(&mut writer, &[task]).await? {
            come_back(&mut writer, &*self.ids, &done).await?;
        }
        let after = writer.evidence(id).await?;
        writer.note_changed("evidence.linked", &before, &after)?;
        writer.commit().await?;
        Ok(after)
    }

    /// Takes evidence off a task that it was linked to by mistake: what the task was completed by is
    /// looked at again. Where it does not serve the task, nothing changes.
    ///
    /// # Errors
    /// [`Error::Forbidden`] as `decide_on_unlinking` says, [`Conflict::Ignored`].
    #[boxed]
    pub async fn unlink_evidence(&self, actor: &Actor, id: EvidenceId, task: TaskId) -> Result<Evidence> {
        let at = self.now();
        let customer = self.customer_of_evidence(actor, id).await?;
        let mut writer = self.store.writer(actor, customer, Action::AddEvidence, at).await?;
        let before = writer.lock_evidence(id).await?;
        allowed(decide_on_unlinking(actor, customer, &before, at.to_zoned(jiff::tz::TimeZone::UTC).date()))?;
        if !before.task_ids.contains(&task) {
            writer.leave().await?;
            return Ok(before);
        }
        refuse_ignored_task(&writer.lock_task(task).await?)?;
        writer.unlink_evidence(id, task).await?;
        follow_evidence(&mut writer, &[task]).await?;
        let after = writer.evidence(id).await?;
        writer.note_changed("evidence.unlinked", &before, &after)?;
        writer.commit().await?;
        Ok(after)
    }
}

fn allowed(decision: Decision) -> Result<()> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
        Decision::Invisible => Err(Error::NotFound),
    }
}
