//! One change of several tasks, and taking it back.
//!
//! Each task is judged in its own right: what is refused says why, and the others are changed. All
//! of one customer are changed in one transaction, with what they were before; tasks of several
//! customers are changed customer by customer.

use std::collections::BTreeMap;

use muster_domain::{
    access::{Action, Actor},
    ids::{BatchId, CustomerId, TaskId},
    tasks::{BulkChange, BulkRefusal, Task, TaskChange, TaskMove, TaskStatus, TaskType, UndoRefusal, judge_move},
    text::Prose,
};
use muster_store::{CustomerWriter, NewTaskChange, TaskBefore};

use super::{check_assignee, moved, refuse_ignored_task};
use crate::{Context, Error, FieldError, Result, audit::Notes as _, boxed, evidence::without_expired_evidence, generation::come_back};

/// What became of several tasks.
#[derive(Debug, Clone)]
pub struct BulkOutcome {
    /// By which the change is taken back.
    pub batch: BatchId,
    /// The tasks that were changed, as they are now.
    pub changed: Vec<Task>,
    /// Those that were so already.
    pub unchanged: Vec<Task>,
    /// Those that were left as they were, and why.
    pub refused: Vec<(Task, BulkRefusal)>,
}

/// What became of taking it back.
#[derive(Debug, Clone, Default)]
pub struct UndoOutcome {
    /// The tasks that are as they were before, also those that were put back earlier.
    pub undone: Vec<Task>,
    /// Those that were left as they are, and why.
    pub refused: Vec<(Task, UndoRefusal)>,
}

/// What happened to one task.
enum Made {
    Changed(Box<Task>),
    Unchanged,
    Refused(BulkRefusal),
}

impl Context {
    /// Changes several tasks of a customer.
    ///
    /// # Errors
    /// [`Error::Invalid`] where a task or the person is not of this customer, or where there are too
    /// many tasks or none; then nothing is changed.
    #[boxed]
    pub async fn change_tasks(&self, actor: &Actor, customer: CustomerId, ids: &[TaskId], change: &BulkChange) -> Result<BulkOutcome> {
        self.change_batch(actor, customer, ids, change, BatchId(self.ids.next())).await
    }

    /// Changes several tasks of whichever customers of the actor's. Where somebody else's tasks or
    /// a person of another customer are named, nothing is changed at all.
    ///
    /// # Errors
    /// As for [`Context::change_tasks`].
    #[boxed]
    pub async fn change_tasks_across(&self, actor: &Actor, ids: &[TaskId], change: &BulkChange) -> Result<BulkOutcome> {
        check_number(ids)?;
        let found = self.store.locator(actor, self.now()).await?.customers_of_tasks(ids).await?;
        refuse_unknown(ids, |id| found.iter().any(|(known, _)| known == id))?;
        let mut by_customer: BTreeMap<CustomerId, Vec<TaskId>> = BTreeMap::new();
        for (task, customer) in found {
            by_customer.entry(customer).or_default().push(task);
        }
        for customer in by_customer.keys() {
            let mut reader = self.store.reader(actor, *customer, needed(change), self.now()).await?;
            if let BulkChange::Assign(person) = change {
                check_assignee(&mut reader, *person).await?;
            }
        }
        let batch = BatchId(self.ids.next());
        let mut all = BulkOutcome { batch, changed: Vec::new(), unchanged: Vec::new(), refused: Vec::new() };
        for (customer, tasks) in by_customer {
            let one = self.change_batch(actor, customer, &tasks, change, batch).await?;
            all.changed.extend(one.changed);
            all.unchanged.extend(one.unchanged);
            all.refused.extend(one.refused);
        }
        Ok(all)
    }

    async fn change_batch(
        &self,
        actor: &Actor,
        customer: CustomerId,
        ids: &[TaskId],
        change: &BulkChange,
        batch: BatchId,
    ) -> Result<BulkOutcome> {
        let mut writer = self.store.writer(actor, customer, needed(change), self.now()).await?;
        check_number(ids)?;
        let known = writer.tasks_by_ids(ids).await?;
        refuse_unknown(ids, |id| known.iter().any(|task| task.id == *id))?;
        if let BulkChange::Assign(person) = change {
            check_assignee(&mut writer, *person).await?;
        }
        // Held in one order, so that two people who change the same tasks wait and never block each other.
        let mut ordered = ids.to_vec();
        ordered.sort_unstable();
        ordered.dedup();
        let mut outcome = BulkOutcome { batch, changed: Vec::new(), unchanged: Vec::new(), refused: Vec::new() };
        for id in ordered {
            let task = writer.lock_task(id).await?;
            match self.change_one(actor, &mut writer, &task, change).await? {
                Made::Unchanged => outcome.unchanged.push(task),
                Made::Refused(why) => outcome.refused.push((task, why)),
                Made::Changed(after) => {
                    writer.keep_task_change(NewTaskChange { batch, kind: change.as_str(), before: &task, version: after.version }).await?;
                    writer.note_changed(action_word(change), &task, &after)?;
                    outcome.changed.push(*after);
                }
            }
        }
        if outcome.changed.is_empty() {
            writer.leave().await?
        } else {
            writer.commit().await?
        }
        Ok(outcome)
    }

    async fn change_one(&self, actor: &Actor, writer: &mut CustomerWriter, task: &Task, change: &BulkChange) -> Result<Made> {
        if refuse_ignored_task(task).is_err() {
            return Ok(Made::Refused(BulkRefusal::Ignored));
        }
        let own = Action::ChangeTask { approval_step: task.approval_step.as_deref() };
        if !matches!(change, BulkChange::Ignore(_)) && self.store.allow(actor, task.customer_id, own, writer.at()).is_err() {
            return Ok(Made::Refused(BulkRefusal::Forbidden));
        }
        let fields = match change {
            BulkChange::Move(attempted) => return self.move_one(writer, task, *attempted).await,
            BulkChange::Ignore(reason) => {
                writer.set_task_ignored(task.id, Some(Prose::as_str(reason))).await?;
                return Ok(Made::Changed(Box::new(writer.task(task.id).await?)));
            }
            BulkChange::Assign(person) if task.assigned_to.as_ref().map(|one| one.id) == *person => return Ok(Made::Unchanged),
            BulkChange::Due(day) if task.due_date == *day => return Ok(Made::Unchanged),
            BulkChange::Priority(priority) if task.priority == *priority => return Ok(Made::Unchanged),
            BulkChange::Assign(person) => TaskChange { assigned_to: Some(*person), ..TaskChange::default() },
            BulkChange::Due(day) => TaskChange { due_date: Some(*day), ..TaskChange::default() },
            BulkChange::Priority(priority) => TaskChange { priority: Some(*priority), ..TaskChange::default() },
        };
        writer.update_task(task.id, &fields).await?;
        let after = writer.task(task.id).await?;
        if fields.assigned_to.is_some() {
            self.remind_assigned(writer, actor, &after).await?;
        }
        Ok(Made::Changed(Box::new(after)))
    }

    async fn move_one(&self, writer: &mut CustomerWriter, task: &Task, attempted: TaskMove) -> Result<Made> {
        // Reviewing and reading again say something about the document: with a look at it, not in passing.
        let is_at_document = task.is_review() || task.task_type.as_str() == TaskType::REREAD_DOCUMENT;
        if attempted == TaskMove::Complete && is_at_document && task.document_id.is_some() {
            return Ok(Made::Refused(BulkRefusal::AtDocument));
        }
        let task = if attempted == TaskMove::Complete { without_expired_evidence(writer, task.clone()).await? } else { task.clone() };
        match judge_move(&task.state(), attempted) {
            Err(refusal) => Ok(Made::Refused(BulkRefusal::from(&refusal))),
            Ok(status) => {
                writer.set_task_status(task.id, status).await?;
                if status == TaskStatus::Completed {
                    come_back(writer, &*self.ids, &task).await?;
                }
                Ok(Made::Changed(Box::new(writer.task(task.id).await?)))
            }
        }
    }

    /// Takes back what the actor changed together at one customer.
    ///
    /// # Errors
    /// [`Error::NotFound`] where they changed nothing under this id.
    #[boxed]
    pub async fn undo_changes(&self, actor: &Actor, customer: CustomerId, batch: BatchId) -> Result<UndoOutcome> {
        // Who was let in to change it is let in to take it back, task by task.
        let mut writer = self.store.writer(actor, customer, Action::CHANGE_TASK, self.now()).await?;
        let kept = writer.task_changes(batch).await?;
        if kept.is_empty() {
            return Err(Error::NotFound);
        }
        let (mut outcome, mut is_changed) = (UndoOutcome::default(), false);
        for before in kept {
            let task = writer.lock_task(before.task).await?;
            match self.refuse_undo(actor, &writer, &task, &before) {
                Some(why) => outcome.refused.push((task, why)),
                None if before.is_undone => outcome.undone.push(task),
                None => {
                    writer.put_task_back(batch, &before).await?;
                    let after = writer.task(before.task).await?;
                    writer.note_changed("task.put_back", &task, &after)?;
                    outcome.undone.push(after);
                    is_changed = true;
                }
            }
        }
        if is_changed {
            writer.commit().await?
        } else {
            writer.leave().await?
        }
        Ok(outcome)
    }

    /// Takes back what the actor changed together, of all customers.
    ///
    /// # Errors
    /// As for [`Context::undo_changes`].
    #[boxed]
    pub async fn undo_changes_across(&self, actor: &Actor, batch: BatchId) -> Result<UndoOutcome> {
        let customers = self.store.locator(actor, self.now()).await?.customers_of_batch(batch, actor.user_id()).await?;
        if customers.is_empty() {
            return Err(Error::NotFound);
        }
        let mut all = UndoOutcome::default();
        for customer in customers {
            let one = self.undo_changes(actor, customer, batch).await?;
            all.undone.extend(one.undone);
            all.refused.extend(one.refused);
        }
        Ok(all)
    }

    fn refuse_undo(&self, actor: &Actor, writer: &CustomerWriter, task: &Task, before: &TaskBefore) -> Option<UndoRefusal> {
        let action =
            if before.kind == "ignore" { Action::ShapeWork } else { Action::ChangeTask { approval_step: task.approval_step.as_deref() } };
        if self.store.allow(actor, task.customer_id, action, writer.at()).is_err() {
            return Some(UndoRefusal::Forbidden);
        }
        (!before.is_undone && task.version != before.version).then_some(UndoRefusal::ChangedSince)
    }
}

/// What somebody has to be allowed at the customer at least.
const fn needed(change: &BulkChange) -> Action<'static> {
    match change {
        BulkChange::Ignore(_) => Action::ShapeWork,
        _ => Action::CHANGE_TASK,
    }
}

/// What the log calls it: as if it had been done to the task alone.
const fn action_word(change: &BulkChange) -> &'static str {
    match change {
        BulkChange::Move(attempted) => moved(*attempted),
        BulkChange::Ignore(_) => "task.ignored",
        BulkChange::Assign(_) | BulkChange::Due(_) | BulkChange::Priority(_) => "task.changed",
    }
}

fn check_number(ids: &[TaskId]) -> Result<()> {
    if (1..=BulkChange::MOST_TASKS).contains(&ids.len()) {
        return Ok(());
    }
    let message = format!("must name 1 to {} tasks", BulkChange::MOST_TASKS);
    Err(Error::field(FieldError::new("/task_ids", "out-of-range", message)))
}

/// Another customer's task and one that nobody has are told alike.
fn refuse_unknown(ids: &[TaskId], is_known: impl Fn(&TaskId) -> bool) -> Result<()> {
    let unknown = ids.iter().enumerate().filter(|(_, id)| !is_known(id));
    let errors: Vec<_> = unknown.map(|(index, _)| FieldError::unknown_reference(format!("/task_ids/{index}"))).collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}
