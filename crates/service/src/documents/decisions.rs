//! Reviewing, approving and sending back.

use jiff::{SignedDuration, Span, civil::Date};
use muster_domain::{
    access::{Action, Actor, Decision as Access, Denial, decide},
    clock,
    documents::{DecisionKind, Document, DocumentMove, DocumentStatus, Integrity, Round, Step, StepKind, Turn, judge_document_move},
    ids::{CustomerId, DocumentId, TaskId},
    people::AssigneeRole,
    tasks::{MoveRefusal, Priority, Task, TaskMove, TaskPlace, TaskStatus, TaskType, judge_move},
    text::Prose,
};
use muster_store::{CustomerReader, CustomerWriter, GeneratedTask, GenerationSource, NewDecision, StoredVersion};
use serde_json::json;

use super::{
    refuse_hidden,
    review::{cancel_open_steps, finish},
    writing::task_title,
};
use crate::{
    Conflict, Context, Error, FieldError, Proof, Result, audit::Notes as _, boxed, evidence::without_expired_evidence,
    plans::check_version, tasks::refuse_ignored_task,
};

/// How long somebody who gave their password or a code may approve without giving it again.
pub const CONFIRMATION_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

impl Context {
    /// Completes every approval step of the version in review that is the actor's, in order, up to
    /// the first that is somebody else's. With the last one the version is approved, and takes the
    /// place of the one in force.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for authors, tokens, people of the firm and whoever is named for none
    /// of the steps; [`Conflict::NotYourTurn`] while an earlier step is somebody else's;
    /// [`Error::Invalid`] where the confirmation is missing or wrong.
    pub async fn approve_document(
        &self,
        actor: &Actor,
        id: DocumentId,
        proof: Option<Proof<'_>>,
        remark: Option<&Prose>,
    ) -> Result<Document> {
        let at = self.now();
        let customer = self.store.locator(actor, at).await?.customer_of_document(id).await?;
        // Nobody is asked for a password for what they could not do anyway.
        let mut reader = self.store.reader(actor, customer, Action::ApproveDocument, at).await?;
        let document = reader.document(id).await?;
        approvable(&mut reader, actor, &document).await?;
        drop(reader);
        self.confirm_lately(actor, proof).await?;
        let mut writer = self.store.writer(actor, customer, Action::ApproveDocument, self.now()).await?;
        let before = writer.lock_document(id).await?;
        let (kept, steps) = approvable(&mut writer, actor, &before).await?;
        for step in &steps {
            pass(&mut writer, self.ids.next(), actor, &kept, step, DecisionKind::Approved, remark).await?;
        }
        self.conclude(writer, before, "document.step_approved", remark).await
    }

    /// Completes the review whose turn it is, of a version in review.
    #[boxed]
    pub async fn review_document(&self, actor: &Actor, id: DocumentId, remark: Option<&Prose>) -> Result<Document> {
        let mut writer = self.document_writer(actor, id, Action::CHANGE_TASK).await?;
        let before = writer.lock_document(id).await?;
        judge_document_move(before.status, DocumentMove::Approve)?;
        let kept = kept_intact(&mut writer, &before).await?;
        let next = kept.version.round.next().filter(|step| step.kind == StepKind::Review);
        let step = next.cloned().ok_or_else(|| not_your_turn(&kept.version.round))?;
        Ok(self.pass_review(writer, actor, before, &kept, &step, remark).await?.0)
    }

    /// Completes a review as its task: what moving the task means where it is a step of a round.
    pub(crate) async fn complete_review_task(
        &self,
        mut writer: CustomerWriter,
        actor: &Actor,
        seen: &Task,
        document: DocumentId,
        expected: Option<i32>,
    ) -> Result<Task> {
        let before = writer.lock_document(document).await?;
        let task = writer.lock_task(seen.id).await?;
        check_version(task.version, expected)?;
        refuse_ignored_task(&task)?;
        judge_move(&task.state(), TaskMove::Complete)?;
        if before.status != DocumentStatus::InReview {
            return Err(Error::Conflict(Conflict::NotInReview));
        }
        let kept = kept_intact(&mut writer, &before).await?;
        let round = &kept.version.round;
        let step = round.steps.iter().find(|step| step.task_id == task.id && !round.is_passed(step)).cloned();
        let step = step.ok_or(Error::Conflict(Conflict::NotInReview))?;
        Ok(self.pass_review(writer, actor, before, &kept, &step, None).await?.1)
    }

    async fn pass_review(
        &self,
        mut writer: CustomerWriter,
        actor: &Actor,
        before: Document,
        kept: &StoredVersion,
        step: &Step,
        remark: Option<&Prose>,
    ) -> Result<(Document, Task)> {
        refuse_hidden(&mut writer, &before).await?;
        refuse_author(actor, &before)?;
        let is_last = kept.version.round.steps.iter().all(|one| one == step || kept.version.round.is_passed(one));
        // Where no rule asks for an approval, the last review approves: not a thing for programs.
        if is_last && actor.token().is_some() {
            return Err(Error::Forbidden(Denial::NotForTokens));
        }
        pass(&mut writer, self.ids.next(), actor, kept, step, DecisionKind::Reviewed, remark).await?;
        let task = writer.task(step.task_id).await?;
        Ok((self.conclude(writer, before, "document.reviewed", remark).await?, task))
    }

    /// Sends the version in review back to its author, with a reason. Its open steps are cancelled,
    /// and a task for the author is made.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for authors, who take it back instead, and for whoever has no step in it.
    #[boxed]
    pub async fn reject_document(&self, actor: &Actor, id: DocumentId, reason: &Prose) -> Result<Document> {
        let at = self.now();
        let customer = self.store.locator(actor, at).await?.customer_of_document(id).await?;
        let today = clock::day_in(at, "UTC");
        let approves = decide(actor, customer, Action::ApproveDocument, today) == Access::Allow;
        let action = if approves { Action::ApproveDocument } else { Action::CHANGE_TASK };
        self.store.allow(actor, customer, Action::ReadWorkspace, at)?;
        let mut writer = self.store.writer(actor, customer, action, at).await?;
        let before = writer.lock_document(id).await?;
        let status = judge_document_move(before.status, DocumentMove::Reject)?;
        refuse_hidden(&mut writer, &before).await?;
        refuse_author(actor, &before)?;
        let kept = writer.document_version(id, before.document_version, Some(before.round)).await?;
        let may_review = decide(actor, customer, Action::CHANGE_TASK, today) == Access::Allow;
        let step = step_to_reject(&kept.version.round, |step| holds(actor, customer, today, step), may_review)?;
        let decision = NewDecision {
            id: self.ids.next(),
            version: &kept,
            step: &step,
            kind: DecisionKind::Rejected,
            user_name: actor.name(),
            remark: Some(reason.as_str()),
        };
        writer.insert_document_decision(&decision).await?;
        writer.decide_document_version(&kept, status).await?;
        writer.update_document(&Document { status, ..before.clone() }).await?;
        cancel_open_steps(&mut writer, id).await?;
        self.ask_for_revision(&mut writer, actor, &before, reason).await?;
        finish(writer, &before, "document.rejected", &[("step", json!(step.step)), ("reason", json!(reason.as_str()))]).await
    }

    /// The task of the author, once for each time that the document is sent back.
    async fn ask_for_revision(&self, writer: &mut CustomerWriter, actor: &Actor, document: &Document, reason: &Prose) -> Result<()> {
        let people = writer.assignable_people().await?;
        let author = document.written_by.as_ref().filter(|author| people.iter().any(|person| person.id == author.id));
        let task = GeneratedTask {
            id: TaskId(self.ids.next()),
            place: TaskPlace::Document(document.plan_id, document.template_id, document.id),
            source: GenerationSource::Revision,
            occurrence: format!("{}.{}", document.document_version, document.round),
            title: task_title("Revise", document),
            description: Some(format!("{} sent it back: {}", actor.name(), reason.as_str())),
            task_type: TaskType::stored(TaskType::REVISE_DOCUMENT),
            priority: Priority::High,
            requires_evidence: false,
            evidence_description: None,
            due_date: None,
            recurrence: None,
            counted_by: None,
            assigned_to: author.map(|person| person.id),
            assignee_role: Some(AssigneeRole::Contributor),
            approval_step: None,
            position: 0,
        };
        writer.insert_generated_tasks(&[task]).await?;
        Ok(())
    }

    /// Approves the version if its last step has just been passed, and keeps what was done.
    async fn conclude(
        &self,
        mut writer: CustomerWriter,
        before: Document,
        action: &'static str,
        remark: Option<&Prose>,
    ) -> Result<Document> {
        let kept = writer.document_version(before.id, before.document_version, Some(before.round)).await?;
        let mut facts =
            vec![("content_sha256", json!(kept.version.content_sha256.to_string())), ("remark", json!(remark.map(Prose::as_str)))];
        if !kept.version.round.is_complete() {
            // The document itself stays as it is; who is next has changed.
            writer.update_document(&before).await?;
            self.remind_approvers(&mut writer, &before, kept.version.round.next()).await?;
            return finish(writer, &before, action, &facts).await;
        }
        writer.supersede_document_version(before.id).await?;
        writer.decide_document_version(&kept, DocumentStatus::Approved).await?;
        let today = clock::day_in(writer.at(), &writer.customer().await?.time_zone);
        let next_review_on = next_reading(&before, today).or(before.next_review_on.filter(|day| *day > today));
        writer.update_document(&Document { status: DocumentStatus::Approved, next_review_on, ..before.clone() }).await?;
        cancel_open_steps(&mut writer, before.id).await?;
        facts.push(("approved_sha256", json!(kept.version.content_sha256.to_string())));
        finish(writer, &before, "document.approved", &facts).await
    }

    /// Makes sure that it is the person who approves: with what they give now, or gave a moment ago.
    async fn confirm_lately(&self, actor: &Actor, proof: Option<Proof<'_>>) -> Result<()> {
        match proof {
            Some(proof) => self.confirm_person(actor, proof).await,
            None if self.is_confirmed(actor) => Ok(()),
            None => Err(Error::field(FieldError::new(
                "/password",
                "confirmation-required",
                "or the code of your two-step sign-in is needed to approve",
            ))),
        }
    }

    /// Whether somebody gave their password or a code so lately that they need not give it again.
    pub fn is_confirmed(&self, actor: &Actor) -> bool {
        actor.confirmed_at().is_some_and(|at| self.now().duration_since(at) < CONFIRMATION_LIFETIME)
    }
}

/// The day by which an approved document has to be read again, if that is counted in months.
pub(super) fn next_reading(document: &Document, from: Date) -> Option<Date> {
    document.review_interval_months.and_then(|months| from.checked_add(Span::new().months(months)).ok())
}

/// The kept version in review, if it is what was handed in.
async fn kept_intact(reader: &mut CustomerReader, document: &Document) -> Result<StoredVersion> {
    let kept = reader.document_version(document.id, document.document_version, Some(document.round)).await?;
    match document.integrity(Some(&kept.version)) {
        Integrity::Intact => Ok(kept),
        Integrity::Tampered => Err(Error::Conflict(Conflict::DocumentTampered)),
    }
}

/// The version in review and the steps of it that the actor can pass now.
async fn approvable(reader: &mut CustomerReader, actor: &Actor, document: &Document) -> Result<(StoredVersion, Vec<Step>)> {
    judge_document_move(document.status, DocumentMove::Approve)?;
    refuse_hidden(reader, document).await?;
    refuse_author(actor, document)?;
    let kept = kept_intact(reader, document).await?;
    let today = clock::day_in(reader.at(), "UTC");
    let is_theirs = |step: &Step| holds(actor, document.customer_id, today, step);
    match kept.version.round.turn_of(is_theirs) {
        Turn::Theirs(steps) => Ok((kept, steps)),
        Turn::WaitsFor(step) => Err(Error::Conflict(Conflict::NotYourTurn { waits_for: step.title })),
        // What they hold has been passed already: somebody else is next.
        Turn::NotNamed if kept.version.round.steps.iter().any(is_theirs) => Err(not_your_turn(&kept.version.round)),
        Turn::NotNamed => Err(Error::Forbidden(Denial::NotInRole)),
    }
}

fn not_your_turn(round: &Round) -> Error {
    Error::Conflict(Conflict::NotYourTurn { waits_for: round.next().map(|step| step.title.clone()).unwrap_or_default() })
}

fn holds(actor: &Actor, customer: CustomerId, today: Date, step: &Step) -> bool {
    step.kind == StepKind::Approval && actor.holds_step(customer, today, &step.step)
}

/// Two people make an approved document: who wrote a version neither reviews nor approves it. Who
/// only answered questions has stated facts, and is no author.
fn refuse_author(actor: &Actor, document: &Document) -> Result<()> {
    if document.is_author(actor.user_id()) { Err(Error::Forbidden(Denial::Author)) } else { Ok(()) }
}

/// At which step somebody sends a version back: one of theirs that is open, or the review that is next.
fn step_to_reject(round: &Round, holds: impl Fn(&Step) -> bool, may_review: bool) -> Result<Step> {
    let theirs = round.steps.iter().find(|step| !round.is_passed(step) && holds(step));
    let review = || round.next().filter(|step| may_review && step.kind == StepKind::Review);
    theirs.or_else(review).cloned().ok_or(Error::Forbidden(Denial::NotInRole))
}

/// Records that a step is passed, and completes its task.
async fn pass(
    writer: &mut CustomerWriter,
    id: uuid::Uuid,
    actor: &Actor,
    kept: &StoredVersion,
    step: &Step,
    kind: DecisionKind,
    remark: Option<&Prose>,
) -> Result<()> {
    let remark = remark.map(Prose::as_str);
    writer.insert_document_decision(&NewDecision { id, version: kept, step, kind, user_name: actor.name(), remark }).await?;
    let before = writer.lock_task(step.task_id).await?;
    let before = without_expired_evidence(writer, before).await?;
    if before.requires_evidence && !before.evidence_uploaded {
        return Err(MoveRefusal::EvidenceRequired.into());
    }
    // A task that somebody has cancelled or put aside does not take the step away.
    writer.set_task_status(step.task_id, TaskStatus::Completed).await?;
    let after = writer.task(step.task_id).await?;
    writer.note_changed("task.completed", &before, &after)?;
    Ok(())
}
