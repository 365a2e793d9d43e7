//! Reminders that somebody's act brings about, queued in the transaction of the act.

use muster_domain::{
    access::Actor,
    account::Notification,
    documents::{Document, Step, StepKind},
    evidence::Evidence,
    ids::UserId,
    reminders::Cause,
    tasks::Task,
};
use muster_store::CustomerWriter;
use uuid::Uuid;

use super::words;
use crate::{Context, Result};

impl Context {
    /// Where a task stands in its workspace.
    pub(crate) fn task_link(&self, task: &Task) -> String {
        self.link(&format!("/customers/{}?task={}#task", task.customer_id, task.id))
    }

    /// Tells somebody that they have been given a task, unless they took it themselves.
    pub(crate) async fn remind_assigned(&self, writer: &mut CustomerWriter, actor: &Actor, task: &Task) -> Result<()> {
        let Some(person) = task.assigned_to.as_ref().filter(|_| task.status.is_open()) else { return Ok(()) };
        let to = writer.who_wants(&[person.id], Notification::Assignment).await?;
        let letter = |to: &muster_store::Recipient| words::assigned(task, actor.name(), to.locale, self.task_link(task));
        self.remind(writer, &to, Cause::Assigned(task.id, task.version), letter).await
    }

    /// Tells people that they are named in a comment on a task: each once for each comment, whoever it
    /// is that wrote it. Whether they may see the task is looked at when the mail is sent.
    ///
    /// # Errors
    /// Whatever the database refuses; the mails are queued in the writer's transaction, and kept if it is.
    pub async fn remind_mentioned(
        &self,
        writer: &mut CustomerWriter,
        actor: &Actor,
        task: &Task,
        comment: (Uuid, &str),
        people: &[UserId],
    ) -> Result<()> {
        let to = writer.who_wants(people, Notification::Mention).await?;
        let letter = |_: &muster_store::Recipient| words::mentioned(task, actor.name(), comment.1, self.task_link(task));
        self.remind(writer, &to, Cause::Mentioned(task.id, comment.0), letter).await
    }

    /// Tells whoever handed evidence in that it was sent back.
    pub(crate) async fn remind_sent_back(&self, writer: &mut CustomerWriter, actor: &Actor, evidence: &Evidence) -> Result<()> {
        let Some(person) = &evidence.uploaded_by else { return Ok(()) };
        let to = writer.who_wants(&[person.id], Notification::EvidenceSentBack).await?;
        if to.is_empty() {
            return Ok(());
        }
        let customer = writer.customer().await?.name;
        let reason = evidence.decision_reason.as_deref().unwrap_or_default();
        let url = self.link(&format!("/evidence/{}", evidence.id));
        let letter = |_: &muster_store::Recipient| words::sent_back(evidence, &customer, actor.name(), reason, url.clone());
        self.remind(writer, &to, Cause::SentBack(evidence.id, evidence.version), letter).await
    }

    /// Tells those who are named for the next step of a document that it waits for them. Its authors
    /// never approve it.
    pub(crate) async fn remind_approvers(&self, writer: &mut CustomerWriter, document: &Document, next: Option<&Step>) -> Result<()> {
        let Some(step) = next.filter(|step| step.kind == StepKind::Approval) else { return Ok(()) };
        let mut people = writer.holders_of_step(&step.step).await?;
        people.retain(|person| !document.is_author(*person));
        let to = writer.who_wants(&people, Notification::ApprovalWanted).await?;
        if to.is_empty() {
            return Ok(());
        }
        let customer = writer.customer().await?.name;
        let url = self.link(&format!("/documents/{}", document.id));
        let letter = |_: &muster_store::Recipient| words::approval(document, &customer, url.clone());
        // Each time that it is handed in has tasks of its own for its steps, so the round needs no number.
        self.remind(writer, &to, Cause::Approval(step.task_id, document.round), letter).await
    }
}
