//! Evidence that comes to its last day: the task for its renewal ahead of that day, and what no longer
//! suffices after it.

use muster_domain::{
    clock,
    evidence::{Evidence, EvidenceStatus},
    ids::TaskId,
    people::AssigneeRole,
    tasks::{Priority, Task, TaskPlace, TaskType},
};
use muster_store::{CustomerWriter, DueRenewal, ExpiredTask, GeneratedTask, GenerationSource};

use crate::{Context, Result, audit::Notes as _, boxed, generation::generate_renewal};

/// So many days before its last day the renewal of evidence is asked for, unless the settings say
/// otherwise.
pub const RENEWAL_DAYS: i32 = 30;
/// So many tasks are made or looked at in one go.
const BATCH: i64 = 100;

impl Context {
    /// Makes a task for each piece of accepted evidence that ends soon, once, and gives how many. For
    /// the program itself, which does it regularly.
    ///
    /// # Errors
    /// Whatever the database refuses; what has been made by then stays.
    #[boxed]
    pub async fn raise_renewals(&self) -> Result<usize> {
        let due = self.store.due_renewals(self.renewal_days(), self.now(), BATCH).await?;
        let mut made = 0;
        for renewal in &due {
            made += usize::from(self.raise_renewal(renewal).await?);
        }
        Ok(made)
    }

    async fn raise_renewal(&self, renewal: &DueRenewal) -> Result<bool> {
        let mut writer = self.store.renewal_writer(renewal, self.now()).await?;
        // Held: two programs that look at the same moment make one task, also where the first place
        // that the evidence serves has meanwhile become another.
        let evidence = writer.lock_evidence(renewal.evidence()).await?;
        let is_due = evidence.status == EvidenceStatus::Accepted && evidence.replaced_by.is_none();
        let place = place(&mut writer, &evidence).await?;
        let (true, Some(place), true) = (is_due, place, writer.renewal_tasks(evidence.id, false).await?.is_empty()) else {
            writer.leave().await?;
            return Ok(false);
        };
        let task = task(&mut writer, &evidence, place, TaskId(self.ids.next())).await?;
        let tasks = generate_renewal(&mut writer, task).await?;
        if tasks.is_empty() {
            writer.leave().await?;
            return Ok(false);
        }
        writer.note_made_with_tasks("evidence.renewal_due", &evidence, &tasks)?;
        writer.commit().await?;
        Ok(true)
    }

    /// Notes on open tasks whose accepted evidence has all ended that they need evidence again, and
    /// gives how many. For the program itself, which does it regularly.
    ///
    /// # Errors
    /// Whatever the database refuses; what has been noted by then stays.
    #[boxed]
    pub async fn expire_evidence(&self) -> Result<usize> {
        let mut noted = 0;
        for one in &self.store.expired_tasks(self.now(), BATCH).await? {
            noted += usize::from(self.expire_evidence_of(one).await?);
        }
        Ok(noted)
    }

    async fn expire_evidence_of(&self, expired: &ExpiredTask) -> Result<bool> {
        let mut writer = self.store.expiry_writer(expired, self.now()).await?;
        let before = writer.lock_task(expired.task()).await?;
        let today = writer.today().await?;
        if !writer.expire_evidence_of_task(before.id, today).await? {
            writer.leave().await?;
            return Ok(false);
        }
        let after = writer.task(before.id).await?;
        writer.note_changed("task.evidence_expired", &before, &after)?;
        writer.commit().await?;
        Ok(true)
    }
}

/// A held task, without accepted evidence that has ended since somebody last looked. Whoever is about
/// to complete a task asks for it: evidence that has ended completes nothing any more.
pub(crate) async fn without_expired_evidence(writer: &mut CustomerWriter, task: Task) -> Result<Task> {
    if !task.evidence_uploaded {
        return Ok(task);
    }
    let today = writer.today().await?;
    if writer.expire_evidence_of_task(task.id, today).await? { Ok(writer.task(task.id).await?) } else { Ok(task) }
}

/// Where the renewal stands: beside the first task that the evidence serves and that is not ignored, or
/// with the customer where it serves none. None: it serves only what is ignored.
async fn place(writer: &mut CustomerWriter, evidence: &Evidence) -> Result<Option<TaskPlace>> {
    if evidence.task_ids.is_empty() {
        return Ok(Some(TaskPlace::Customer));
    }
    let tasks = writer.tasks_by_ids(&evidence.task_ids).await?;
    let seen = |id: &TaskId| tasks.iter().find(|task| task.id == *id && task.ignored.is_none() && !task.is_hidden);
    Ok(evidence.task_ids.iter().find_map(seen).map(Task::place))
}

async fn task(writer: &mut CustomerWriter, evidence: &Evidence, place: TaskPlace, id: TaskId) -> Result<GeneratedTask> {
    let people = writer.assignable_people().await?;
    let assigned_to = evidence.uploaded_by.as_ref().map(|by| by.id).filter(|id| people.iter().any(|one| one.id == *id));
    let last = evidence.details.valid_until.unwrap_or_else(|| clock::day_in(writer.at(), "UTC"));
    Ok(GeneratedTask {
        id,
        place,
        source: GenerationSource::Renewal(evidence.id),
        occurrence: last.to_string(),
        title: format!("Renew evidence: {}", evidence.filename),
        description: Some(format!(
            "It is valid until {last}. Hand in here what comes in its place; once that is accepted, this task is done."
        )),
        task_type: TaskType::stored(TaskType::PROVIDE_EVIDENCE),
        priority: Priority::Medium,
        requires_evidence: true,
        evidence_description: None,
        due_date: Some(last),
        recurrence: None,
        counted_by: None,
        assigned_to,
        assignee_role: Some(AssigneeRole::Manager),
        approval_step: None,
        position: 900_000,
    })
}
