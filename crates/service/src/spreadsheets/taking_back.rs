//! Taking an import back: what it made is ignored, removed or put away, unless it was worked on since.

use muster_domain::{
    access::{Action, Actor, Decision, FirmAction, decide_firm},
    audit::{AuditNote, Subject},
    customers::CustomerStatus,
    ids::{CustomerId, ImportId, TaskId, UserId},
    people::{MemberRole, MembershipStatus},
    spreadsheets::{ImportKind, ImportState},
};
use muster_store::{CustomerWriter, ImportWork, KeptBecause};
use serde_json::json;
use uuid::Uuid;

use super::{SpreadsheetView, carrying_out::LEASE};
use crate::{Conflict, Context, Error, Result, audit::Notes as _, boxed};

/// Why the tasks of an import that is taken back are ignored.
const REASON: &str = "The import that made it was taken back.";

impl Context {
    /// Takes an import back, and waits a little for its end. Taken back again, it only tells what
    /// became of it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the person may not do any more what taking back does;
    /// [`Conflict::ImportNotDone`] where there is nothing to take back yet.
    #[boxed]
    pub async fn undo_spreadsheet(&self, actor: &Actor, id: ImportId) -> Result<SpreadsheetView> {
        let import = self.own_import(actor, id).await?;
        match import.state {
            ImportState::Done => {}
            ImportState::Undoing | ImportState::Undone => return self.spreadsheet(actor, id).await,
            _ => return Err(Error::Conflict(Conflict::ImportNotDone)),
        }
        self.allow_undo(actor, import.holds, id).await?;
        // None where somebody was faster.
        if let Some(work) = self.store.start_undo(actor, id, self.now(), LEASE).await? {
            self.work_on(work).await;
        }
        self.spreadsheet(actor, id).await
    }

    /// What was decided when the import was started is decided again.
    async fn allow_undo(&self, actor: &Actor, holds: ImportKind, id: ImportId) -> Result<()> {
        let at = self.now();
        if holds == ImportKind::Customers {
            return match decide_firm(actor, FirmAction::CreateCustomer) {
                Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
                _ => Ok(()),
            };
        }
        let items = self.store.portfolio(actor, at).await?.import_items(id).await?;
        let mut customers: Vec<CustomerId> = items.iter().map(|item| item.customer_id).collect();
        customers.dedup();
        for customer in customers {
            let action = match holds {
                ImportKind::Tasks => Action::ShapeWork,
                _ => Action::ManageMember { role: MemberRole::Contributor },
            };
            self.store.allow(actor, customer, action, at)?;
        }
        Ok(())
    }

    /// Takes back every customer's part that is made.
    pub(super) async fn take_all_back(&self, work: &ImportWork) -> Result<()> {
        for customer in self.store.customers_of_import(work).await? {
            let Some(mut writer) = self.store.import_writer(work, customer, self.now(), LEASE).await? else { return Ok(()) };
            let taken_back = self.take_part_back(&mut writer, work).await?;
            if taken_back > 0 {
                let subject = Subject { kind: "import".to_owned(), id: work.id.to_string(), title: work.file_name.clone() };
                writer.note(AuditNote::made("import.taken_back", subject, json!({ "holds": work.holds, "rows": taken_back })));
            }
            writer.commit().await?;
        }
        let end = if work.state == ImportState::Undoing { ImportState::Undone } else { ImportState::Refused };
        self.store.move_import(work, end, None, self.now()).await?;
        Ok(())
    }

    /// Takes one customer's part back. How many things were.
    async fn take_part_back(&self, writer: &mut CustomerWriter, work: &ImportWork) -> Result<usize> {
        let tasks = writer.lock_tasks_of_import(work.id).await?;
        let others = writer.people_of_import(work.id).await?;
        if writer.customer().await?.status == CustomerStatus::Archived {
            let all: Vec<Uuid> = tasks.iter().map(|one| one.item).chain(others.iter().map(|one| one.0)).collect();
            writer.set_import_items(&all, Some(KeptBecause::Archived)).await?;
            return Ok(0);
        }
        let (kept, taken): (Vec<_>, Vec<_>) = tasks.into_iter().partition(|one| one.is_worked_on);
        writer.set_import_items(&kept.iter().map(|one| one.item).collect::<Vec<_>>(), Some(KeptBecause::WorkedOn)).await?;
        ignore(writer, &taken.iter().map(|one| one.task).collect::<Vec<_>>()).await?;
        writer.set_import_items(&taken.iter().map(|one| one.item).collect::<Vec<_>>(), None).await?;
        let mut count = taken.len();
        for (item, user, version) in others {
            let kept = match user {
                Some(user) => self.take_person_back(writer, user, version).await?,
                None => take_customer_back(writer, version).await?,
            };
            writer.set_import_items(&[item], kept).await?;
            count += usize::from(kept.is_none());
        }
        Ok(count)
    }

    /// Removes a person who has not accepted, or who was only assigned; why not, otherwise.
    async fn take_person_back(&self, writer: &mut CustomerWriter, user: UserId, version: i32) -> Result<Option<KeptBecause>> {
        let member = match writer.lock_member(user).await {
            // Somebody else has taken them away already.
            Err(muster_store::Error::NotFound) => return Ok(None),
            found => found?,
        };
        let is_untouched =
            member.version == version && member.open_tasks == 0 && (member.is_firm || member.status == MembershipStatus::Invited);
        if !is_untouched {
            return Ok(Some(KeptBecause::Accepted));
        }
        self.remove_member_in(writer, &member).await?;
        Ok(None)
    }
}

/// Ignores tasks, each with its entry in the log.
async fn ignore(writer: &mut CustomerWriter, ids: &[TaskId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let before = writer.tasks_by_ids(ids).await?;
    writer.ignore_tasks(ids, REASON).await?;
    let after = writer.tasks_by_ids(ids).await?;
    for (before, after) in before.iter().zip(&after) {
        writer.note_changed("task.ignored", before, after)?;
    }
    Ok(())
}

/// Puts a customer away at whom nothing has been done since it was made; why not, otherwise.
async fn take_customer_back(writer: &mut CustomerWriter, version: i32) -> Result<Option<KeptBecause>> {
    let before = writer.customer().await?;
    if before.version != version || writer.has_work_since_made().await? {
        return Ok(Some(KeptBecause::HasWork));
    }
    writer.set_customer_status(CustomerStatus::Archived).await?;
    let after = writer.customer().await?;
    writer.note_changed("customer.archived", &before, &after)?;
    Ok(None)
}
