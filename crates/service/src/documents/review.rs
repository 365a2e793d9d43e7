//! Handing a document in, and taking it back.

use muster_domain::{
    access::{Action, Actor},
    documents::{Document, DocumentMove, DocumentStatus, Frozen, Step, StepKind, VersionNumber, judge_document_move},
    ids::{DocumentId, RuleId, TaskId},
    rules::TaskRule,
    tasks::{TaskScope, TaskStatus, TaskType},
};
use muster_store::{CustomerWriter, NewVersion};
use serde_json::json;

use super::{refuse_gaps, refuse_hidden, writing::complete_tasks};
use crate::{
    Conflict, Context, Error, Result,
    audit::{DecidedDocument, Notes as _},
    boxed,
    generation::occurrence,
    plans::check_version,
};

impl Context {
    /// Hands the latest version in for review and approval. From now on its content stands still:
    /// it is kept with its SHA-256, and with the steps that the rules ask for today.
    ///
    /// # Errors
    /// [`Conflict::DocumentIncomplete`] where it has gaps; [`Conflict::NoApprovalSteps`] where no
    /// rule asks for a review or an approval.
    #[boxed]
    pub async fn submit_document(&self, actor: &Actor, id: DocumentId, expected: Option<i32>) -> Result<Document> {
        let mut writer = self.document_writer(actor, id, Action::SubmitDocument).await?;
        let before = writer.lock_document(id).await?;
        check_version(before.version, expected)?;
        refuse_hidden(&mut writer, &before).await?;
        let status = judge_document_move(before.status, DocumentMove::Submit)?;
        if before.content.file.is_none() {
            let release = writer.release(before.template_id, before.release_id).await?;
            let is_answered = |key: &str| before.content.answers.contains_key(key);
            refuse_gaps(&mut writer, (before.plan_id, before.template_id), &release.content, is_answered).await?;
        }
        let after = Document { status, round: before.round + 1, ..before.clone() };
        let steps = self.steps(&mut writer, &after).await?;
        let hash = keep_version(&mut writer, self.ids.next(), &after, &steps).await?;
        complete_tasks(&mut writer, id, &[TaskType::REVISE_DOCUMENT]).await?;
        self.remind_approvers(&mut writer, &after, steps.first()).await?;
        let facts = [("content_sha256", json!(hash)), ("steps", json!(steps.iter().map(|step| &step.step).collect::<Vec<_>>()))];
        finish(writer, &before, "document.submitted", &facts).await
    }

    /// Takes a version back out of review: it is a draft again. What was decided on it stays in its
    /// history; handed in again, it begins anew.
    #[boxed]
    pub async fn withdraw_document(&self, actor: &Actor, id: DocumentId, expected: Option<i32>) -> Result<Document> {
        let mut writer = self.document_writer(actor, id, Action::SubmitDocument).await?;
        let before = writer.lock_document(id).await?;
        check_version(before.version, expected)?;
        refuse_hidden(&mut writer, &before).await?;
        let status = judge_document_move(before.status, DocumentMove::Withdraw)?;
        let kept = writer.document_version(id, before.document_version, Some(before.round)).await?;
        writer.decide_document_version(&kept, DocumentStatus::Draft).await?;
        cancel_open_steps(&mut writer, id).await?;
        writer.update_document(&Document { status, ..before.clone() }).await?;
        finish(writer, &before, "document.withdrawn", &[]).await
    }

    /// The steps of a round: the tasks of the rules that are on today, reviews before approvals.
    async fn steps(&self, writer: &mut CustomerWriter, document: &Document) -> Result<Vec<Step>> {
        let version = VersionNumber { number: document.document_version, round: document.round };
        self.generate_for_document(writer, document, version).await?;
        let standard = writer.plan(document.plan_id).await?.standard_id;
        let rules = writer.applicable_rules(TaskScope::Document, Some(standard), Some(document.template_id)).await?;
        let of_kind = |word: &'static str| rules.iter().filter(move |rule| rule.task_type.as_str() == word);
        let asked = of_kind(TaskType::REVIEW_DOCUMENT).chain(of_kind(TaskType::APPROVE_DOCUMENT));
        let mut steps = Vec::new();
        for rule in asked {
            let tasks = writer.document_rule_tasks(document.id, &occurrence(rule, Some(version))).await?;
            steps.extend(step(rule, &tasks, steps.len()));
        }
        if steps.is_empty() { Err(Error::Conflict(Conflict::NoApprovalSteps)) } else { Ok(steps) }
    }
}

fn step(rule: &TaskRule, tasks: &[(RuleId, TaskId)], before: usize) -> Option<Step> {
    let task_id = tasks.iter().find(|(of, _)| *of == rule.id)?.1;
    let (kind, step) = match &rule.approval_step {
        Some(step) => (StepKind::Approval, step.clone()),
        None => (StepKind::Review, "review".to_owned()),
    };
    Some(Step { position: i32::try_from(before).ok()? + 1, kind, step, title: rule.title.clone(), task_id })
}

/// Keeps the content as it is handed in, and gives its SHA-256 in hexadecimal digits.
async fn keep_version(writer: &mut CustomerWriter, id: uuid::Uuid, document: &Document, steps: &[Step]) -> Result<String> {
    let branding = writer.branding().await?;
    let frozen = Frozen {
        version: document.document_version,
        release: document.release_number,
        name: &document.name,
        number: document.document_number.as_deref(),
        classification: document.classification,
        branding: &branding,
        content: &document.content,
    };
    let content_sha256 = frozen.sha256();
    writer.update_document(document).await?;
    writer.insert_document_version(&NewVersion { id, document, branding: &branding, content_sha256, steps }).await?;
    Ok(content_sha256.to_string())
}

/// Cancels what is open of a document's reviews and approvals: the round is over.
pub(super) async fn cancel_open_steps(writer: &mut CustomerWriter, id: DocumentId) -> Result<()> {
    for task in writer.open_document_tasks(id, &[TaskType::REVIEW_DOCUMENT, TaskType::APPROVE_DOCUMENT]).await? {
        let before = writer.lock_task(task).await?;
        writer.set_task_status(task, TaskStatus::Cancelled).await?;
        let after = writer.task(task).await?;
        writer.note_changed("task.cancelled", &before, &after)?;
    }
    Ok(())
}

/// Notes what became of the document, and keeps it.
pub(super) async fn finish(
    mut writer: CustomerWriter,
    before: &Document,
    action: &'static str,
    facts: &[(&'static str, serde_json::Value)],
) -> Result<Document> {
    let after = writer.document(before.id).await?;
    let noted = |document, facts| DecidedDocument { document, facts };
    writer.note_changed(action, &noted(before, &[]), &noted(&after, facts))?;
    writer.commit().await?;
    Ok(after)
}
