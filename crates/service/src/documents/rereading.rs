//! Reading documents in force again: the tasks for it, and saying that a document still holds.

use jiff::Span;
use muster_domain::{
    clock,
    documents::Document,
    ids::{DocumentId, TaskId},
    people::AssigneeRole,
    tasks::{Priority, TaskPlace, TaskType},
};
use muster_store::{CustomerWriter, DueReading, GeneratedTask, GenerationSource};

use super::{decisions::next_reading, writing::task_title};
use crate::{Context, Error, Result, audit::Notes as _, boxed};

/// So many days before a document has to be read again, its task is made.
pub const REREAD_AHEAD_DAYS: i32 = 14;
/// So many are made in one go.
const BATCH: i64 = 100;

impl Context {
    /// Makes the tasks of the documents that have to be read again soon, each once for each day
    /// that is due, and gives how many. For the program itself, which does it regularly.
    ///
    /// # Errors
    /// Whatever the database refuses; what has been made by then stays.
    #[boxed]
    pub async fn raise_rereadings(&self) -> Result<usize> {
        let until = clock::day_in(self.now(), "UTC").checked_add(Span::new().days(REREAD_AHEAD_DAYS)).map_err(Error::internal)?;
        let due = self.store.due_readings(until, BATCH).await?;
        let mut made = 0;
        for reading in &due {
            made += usize::from(self.raise_rereading(reading).await?);
        }
        Ok(made)
    }

    async fn raise_rereading(&self, reading: &DueReading) -> Result<bool> {
        let mut writer = self.store.reading_writer(reading, self.now()).await?;
        let document = writer.lock_document(reading.document()).await?;
        // Somebody may have read it, or moved the day, since we looked.
        if document.next_review_on != Some(reading.due()) || document.in_force.is_none() {
            writer.leave().await?;
            return Ok(false);
        }
        let made = writer.insert_generated_tasks(&[task(&document, reading, TaskId(self.ids.next()))]).await?;
        if made.is_empty() {
            writer.leave().await?;
            return Ok(false);
        }
        let tasks = writer.tasks_by_ids(&made).await?;
        writer.note_made_with_tasks("document.reread_due", &document, &tasks)?;
        writer.commit().await?;
        Ok(true)
    }
}

fn task(document: &Document, reading: &DueReading, id: TaskId) -> GeneratedTask {
    GeneratedTask {
        id,
        place: TaskPlace::Document(document.plan_id, document.template_id, document.id),
        source: GenerationSource::Rereading,
        occurrence: reading.occurrence(),
        title: task_title("Review", document),
        description: Some("Read it again. Complete this task if it still holds, or start a new version of the document.".to_owned()),
        task_type: TaskType::stored(TaskType::REREAD_DOCUMENT),
        priority: Priority::Medium,
        requires_evidence: false,
        evidence_description: None,
        due_date: Some(reading.due()),
        recurrence: None,
        counted_by: None,
        assigned_to: None,
        assignee_role: Some(AssigneeRole::Manager),
        approval_step: None,
        position: 900_000,
    }
}

/// Notes on a locked document that somebody found that it still holds: the next reading is counted
/// from today, or there is none.
pub(crate) async fn still_holds(writer: &mut CustomerWriter, id: DocumentId) -> Result<()> {
    let before = writer.lock_document(id).await?;
    let today = clock::day_in(writer.at(), &writer.customer().await?.time_zone);
    let after = Document { next_review_on: next_reading(&before, today), ..before.clone() };
    writer.update_document(&after).await?;
    let after = writer.document(id).await?;
    writer.note_changed("document.reread", &before, &after)
}
