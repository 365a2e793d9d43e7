//! Tasks: adding, changing, moving, ignoring; lists of them in `lists`, changes of several in `bulk`.

mod bulk;
mod lists;

use muster_domain::{
    access::{Action, Actor, Decision, decide},
    ids::{CustomerId, PlanId, TaskId, TemplateId, UserId},
    plans::IgnoredKind,
    tasks::{CompletedBy, HandMadeTask, MoveRefusal, Task, TaskChange, TaskMove, TaskPlace, TaskStatus, TaskType, judge_move},
    text::Prose,
};
use muster_store::{CustomerReader, CustomerWriter};

pub use self::{
    bulk::{BulkOutcome, UndoOutcome},
    lists::{AssignedWork, TaskList, WorkList},
};

use crate::{
    Conflict, Context, Created, Error, FieldError, Once, Result, audit::Notes as _, boxed, documents, evidence::without_expired_evidence,
    generation::come_back, plans::check_version,
};

impl Context {
    /// A task, ignored or not.
    #[boxed]
    pub async fn task(&self, actor: &Actor, id: TaskId) -> Result<Task> {
        let (customer, _) = self.store.locator(actor, self.now()).await?.customer_of_task(id).await?;
        Ok(self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?.task(id).await?)
    }

    /// Some tasks of a customer, in the order of the hierarchy; those that the actor may not see are left out.
    #[boxed]
    pub async fn tasks_by_ids(&self, actor: &Actor, customer: CustomerId, ids: &[TaskId]) -> Result<Vec<Task>> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        Ok(reader.tasks_by_ids(ids).await?)
    }

    /// Adds a task by hand.
    ///
    /// # Errors
    /// [`Error::Invalid`] `unknown-reference` where a link or a person is not of this customer;
    /// [`Conflict::Ignored`] where the place is ignored.
    #[boxed]
    pub async fn add_task(&self, actor: &Actor, customer: CustomerId, task: &HandMadeTask, once: &Once) -> Result<Created<Task>> {
        let mut writer = self.store.writer(actor, customer, Action::ShapeWork, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        if matches!(task.task_type.completed_by(), CompletedBy::Answer | CompletedBy::Approval) {
            let message = "is made by the system: it follows from a template's questions or from a document's approval steps";
            return Err(Error::field(FieldError::new("/task_type", "generated-only", message)));
        }
        if task.recurrence.is_some() && !task.task_type.may_recur() {
            return Err(cannot_recur());
        }
        check_place(&mut writer, task.place).await?;
        check_assignee(&mut writer, task.assigned_to).await?;
        let id = TaskId(self.ids.next());
        writer.insert_task(id, task).await?;
        let created = Created { value: writer.task(id).await?, is_new: true };
        writer.note_made("task.added", &created.value)?;
        self.remind_assigned(&mut writer, actor, &created.value).await?;
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// A writer for a task's customer, if the actor may change that task.
    async fn task_writer(&self, actor: &Actor, id: TaskId) -> Result<CustomerWriter> {
        let at = self.now();
        let (customer, approval_step) = self.store.locator(actor, at).await?.customer_of_task(id).await?;
        let action = Action::ChangeTask { approval_step: approval_step.as_deref() };
        Ok(self.store.writer(actor, customer, action, at).await?)
    }

    /// Changes a task's own fields, if nobody changed it since `expected`.
    #[boxed]
    pub async fn update_task(&self, actor: &Actor, id: TaskId, change: &TaskChange, expected: i32) -> Result<Task> {
        let mut writer = self.task_writer(actor, id).await?;
        let task = writer.lock_task(id).await?;
        check_version(task.version, Some(expected))?;
        refuse_ignored_task(&task)?;
        check_assignee(&mut writer, change.assigned_to.flatten()).await?;
        if let Some(asked) = change.requires_evidence.filter(|asked| *asked != task.requires_evidence) {
            refuse_evidence_change(actor, &task, asked, writer.at())?;
        }
        if matches!(change.recurrence, Some(Some(_))) && !task.may_recur() {
            return Err(cannot_recur());
        }
        writer.update_task(id, change).await?;
        let after = writer.task(id).await?;
        let had = task.assigned_to.as_ref().map(|person| person.id);
        if after.assigned_to.as_ref().is_some_and(|person| Some(person.id) != had) {
            self.remind_assigned(&mut writer, actor, &after).await?;
        }
        self.finish(writer, &task, "task.changed").await
    }

    /// Moves a task: what is allowed, the task machine says.
    #[boxed]
    pub async fn move_task(&self, actor: &Actor, id: TaskId, attempted: TaskMove, expected: Option<i32>) -> Result<Task> {
        let mut writer = self.task_writer(actor, id).await?;
        let seen = writer.task(id).await?;
        if let Some(document) = seen.document_id.filter(|_| attempted == TaskMove::Complete && seen.is_review()) {
            return self.complete_review_task(writer, actor, &seen, document, expected).await;
        }
        let rereads = seen.document_id.filter(|_| attempted == TaskMove::Complete && seen.task_type.as_str() == TaskType::REREAD_DOCUMENT);
        // A document is held before its tasks.
        if let Some(document) = rereads {
            documents::still_holds(&mut writer, document).await?;
        }
        let task = writer.lock_task(id).await?;
        check_version(task.version, expected)?;
        refuse_ignored_task(&task)?;
        let task = if attempted == TaskMove::Complete { without_expired_evidence(&mut writer, task).await? } else { task };
        let status = judge_move(&task.state(), attempted)?;
        writer.set_task_status(id, status).await?;
        if status == TaskStatus::Completed {
            come_back(&mut writer, &*self.ids, &task).await?;
        }
        self.finish(writer, &task, moved(attempted)).await
    }

    /// Takes a task that nobody has. Taking one's own again changes nothing.
    #[boxed]
    pub async fn take_task(&self, actor: &Actor, id: TaskId) -> Result<Task> {
        let mut writer = self.task_writer(actor, id).await?;
        let task = writer.lock_task(id).await?;
        refuse_ignored_task(&task)?;
        match &task.assigned_to {
            Some(person) if person.id == actor.user_id() => {
                writer.leave().await?;
                Ok(task)
            }
            Some(_) => Err(Error::Conflict(Conflict::TakenBySomebodyElse)),
            None => {
                let change = TaskChange { assigned_to: Some(Some(actor.user_id())), ..TaskChange::default() };
                writer.update_task(id, &change).await?;
                self.finish(writer, &task, "task.taken").await
            }
        }
    }

    /// Ignores a task with a reason: it is hidden, nothing of it is lost.
    #[boxed]
    pub async fn ignore_task(&self, actor: &Actor, id: TaskId, reason: &Prose, expected: Option<i32>) -> Result<Task> {
        self.set_task_ignored(actor, id, Some(reason), expected).await
    }

    /// Restores an ignored task as it was.
    #[boxed]
    pub async fn restore_task(&self, actor: &Actor, id: TaskId, expected: Option<i32>) -> Result<Task> {
        self.set_task_ignored(actor, id, None, expected).await
    }

    async fn set_task_ignored(&self, actor: &Actor, id: TaskId, reason: Option<&Prose>, expected: Option<i32>) -> Result<Task> {
        let at = self.now();
        let (customer, _) = self.store.locator(actor, at).await?.customer_of_task(id).await?;
        let mut writer = self.store.writer(actor, customer, Action::ShapeWork, at).await?;
        let task = writer.lock_task(id).await?;
        check_version(task.version, expected)?;
        if task.ignored.is_some() == reason.is_some() {
            writer.leave().await?;
            return Ok(task);
        }
        writer.set_task_ignored(id, reason.map(Prose::as_str)).await?;
        self.finish(writer, &task, if reason.is_some() { "task.ignored" } else { "task.restored" }).await
    }

    async fn finish(&self, mut writer: CustomerWriter, before: &Task, action: &'static str) -> Result<Task> {
        let task = writer.task(before.id).await?;
        writer.note_changed(action, before, &task)?;
        writer.commit().await?;
        Ok(task)
    }
}

/// What the log calls a move.
const fn moved(attempted: TaskMove) -> &'static str {
    match attempted {
        TaskMove::Start => "task.started",
        TaskMove::Submit => "task.submitted",
        TaskMove::Complete => "task.completed",
        TaskMove::Hold => "task.held",
        TaskMove::Block => "task.blocked",
        TaskMove::Reopen => "task.reopened",
        TaskMove::Cancel => "task.cancelled",
    }
}

fn cannot_recur() -> Error {
    let message = "follows from a template's questions or from a document's rounds, and comes anew with those";
    Error::field(FieldError::new("/recurrence", "cannot-recur", message))
}

/// Whether evidence is needed is for those who shape the work to say, not for whoever does the
/// task; a question's evidence is its template's to say; and what is done stays done.
fn refuse_evidence_change(actor: &Actor, task: &Task, asked: bool, at: jiff::Timestamp) -> Result<()> {
    let today = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    if let Decision::Forbid(denial) = decide(actor, task.customer_id, Action::ShapeWork, today) {
        return Err(Error::Forbidden(denial));
    }
    if task.question_key.is_some() {
        return Err(Error::field(FieldError::new("/requires_evidence", "generated-only", "follows from the template's question")));
    }
    if asked && task.status == TaskStatus::Completed && !task.evidence_uploaded {
        return Err(MoveRefusal::EvidenceRequired.into());
    }
    Ok(())
}

/// What hides a task has to be restored before the task changes.
pub(crate) fn refuse_ignored_task(task: &Task) -> Result<()> {
    if task.ignored.is_some() {
        return Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Task(task.id))));
    }
    match (task.is_hidden, task.plan_id, task.template_id) {
        (true, Some(plan), Some(template)) => Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Assignment(plan, template)))),
        (true, Some(plan), None) => Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Plan(plan)))),
        _ => Ok(()),
    }
}

/// Refuses links that are not of this customer, and places that are ignored. Another customer's
/// ids and ids that do not exist are told alike.
async fn check_place(writer: &mut CustomerWriter, place: TaskPlace) -> Result<()> {
    if let Some(plan) = place.plan() {
        known(writer.plan(plan).await, "/plan_id").and_then(|plan| match plan.ignored {
            Some(_) => Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Plan(plan.id)))),
            None => Ok(()),
        })?;
    }
    if let Some((plan, template)) = place.plan().zip(place.template()) {
        check_assignment(writer, plan, template).await?;
    }
    if let Some(document) = place.document() {
        let found = known(writer.document(document).await, "/document_id")?;
        if Some(found.plan_id) != place.plan() || Some(found.template_id) != place.template() {
            return Err(Error::field(FieldError::unknown_reference("/document_id")));
        }
    }
    Ok(())
}

async fn check_assignment(reader: &mut CustomerReader, plan: PlanId, template: TemplateId) -> Result<()> {
    let assignment = known(reader.assignment(plan, template).await, "/template_id")?;
    match assignment.ignored {
        Some(_) => Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Assignment(plan, template)))),
        None => Ok(()),
    }
}

fn known<T>(found: muster_store::Result<T>, pointer: &str) -> Result<T> {
    found.map_err(|error| match error {
        muster_store::Error::NotFound => Error::field(FieldError::unknown_reference(pointer)),
        other => other.into(),
    })
}

/// Work goes only to people who may do it for this customer.
async fn check_assignee(reader: &mut CustomerReader, assignee: Option<UserId>) -> Result<()> {
    let Some(assignee) = assignee else { return Ok(()) };
    if reader.assignable_people().await?.iter().any(|person| person.id == assignee) {
        Ok(())
    } else {
        Err(Error::field(FieldError::unknown_reference("/assigned_to")))
    }
}
