//! Carrying an import out, customer by customer.

use std::time::Duration;

use jiff::SignedDuration;
use muster_domain::{
    access::Actor,
    audit::{AuditNote, Subject},
    customers::CustomerStatus,
    ids::{CustomerId, ImportId, PlanId, TaskId, TemplateId, UserId},
    people::{Invitee, MemberTerms},
    spreadsheets::{CellRefusal, DateOrder, ImportKind, ImportState, read_customer, read_person, read_task},
    tasks::{HandMadeTask, TaskPlace},
};
use muster_store::{CustomerWriter, ImportWork, ImportedThing, NewImportItem, SpreadsheetImport};
use serde_json::json;

use super::{
    judging::Judged,
    plan::{Part, Plan, PlannedRow},
};
use crate::{
    Conflict, Context, Error, Newcomer, Result,
    audit::Notes as _,
    boxed,
    generation::{Place, generate},
};

/// How long somebody has an import before another worker takes it over.
pub(super) const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// When an import that could not go on is looked at again.
const LATER: SignedDuration = SignedDuration::from_secs(30);
/// After so many attempts an import is taken back.
const MAX_ATTEMPTS: i32 = 10;
/// How long whoever starts an import waits for its end; it goes on without them.
const WAIT: Duration = Duration::from_secs(4);

/// How a part ended.
enum Ended {
    /// It is made, now or before.
    Made,
    /// Another worker has the import.
    TakenOver,
}

impl Context {
    /// Starts a draft, as it was seen in `expected`, and waits a little for its end. Started again, it
    /// only tells where it stands.
    ///
    /// # Errors
    /// [`Conflict::ImportRefused`] where a cell is refused, [`Conflict::NothingToImport`] where no row
    /// is made: nothing is changed by either.
    #[boxed]
    pub async fn run_spreadsheet(&self, actor: &Actor, id: ImportId, expected: i32) -> Result<SpreadsheetImport> {
        let import = self.own_import(actor, id).await?;
        if import.state != ImportState::Draft {
            return Ok(import);
        }
        if import.version != expected {
            return Err(Error::Stale { current: import.version });
        }
        let judged = self.judge(actor, &import).await?;
        if !judged.preview.is_clean() {
            return Err(Error::Conflict(Conflict::ImportRefused { rows: judged.preview.refused() }));
        }
        if judged.rows.is_empty() {
            return Err(Error::Conflict(Conflict::NothingToImport));
        }
        let planned = i32::try_from(judged.rows.len()).map_err(Error::internal)?;
        let plan = serde_json::to_value(self.planned(judged, &import).await?).map_err(Error::internal)?;
        let Some(work) = self.store.start_import(actor, id, expected, (&plan, planned), self.now(), LEASE).await? else {
            return Err(Error::Conflict(Conflict::ImportStarted));
        };
        self.work_on(work).await;
        Ok(self.store.import(actor, id).await?)
    }

    /// Works at an import, and waits a little for it. What goes wrong leaves it to whoever looks next.
    pub(super) async fn work_on(&self, work: ImportWork) {
        let context = self.clone();
        let working = tokio::spawn(async move { context.work_off(work).await });
        drop(tokio::time::timeout(WAIT, working).await);
    }

    /// The parts of an import, one for each customer.
    async fn planned(&self, judged: Judged, import: &SpreadsheetImport) -> Result<Plan> {
        let mut parts: Vec<Part> = Vec::new();
        if import.holds == ImportKind::Customers {
            let ids = self.store.draw_customer_ids(judged.rows.len()).await?;
            parts.extend(ids.into_iter().zip(judged.rows).map(|(customer, (_, row))| Part { customer, rows: vec![row] }));
        } else {
            for (customer, row) in judged.rows {
                let customer = customer.ok_or_else(|| Error::internal("a row without a customer"))?.0;
                match parts.iter_mut().find(|part| part.customer == customer) {
                    Some(part) => part.rows.push(row),
                    None => parts.push(Part { customer, rows: vec![row] }),
                }
            }
        }
        Ok(Plan { order: import.settings.date_order, parts })
    }

    /// Takes over an import that nobody works at any more, and brings it to its end. `false`: there is none.
    #[boxed]
    pub async fn work_off_spreadsheets(&self) -> Result<bool> {
        let Some(work) = self.store.lease_import(self.now(), LEASE).await? else { return Ok(false) };
        self.work_off(work).await?;
        Ok(true)
    }

    /// Brings an import on to its end, from wherever it stands.
    async fn work_off(&self, work: ImportWork) -> Result<()> {
        let done = match work.state {
            ImportState::Running => self.make_all(&work).await,
            _ => self.take_all_back(&work).await,
        };
        match done {
            Ok(()) => Ok(()),
            // What would be refused the next time, too, is taken back now.
            Err(error) if work.state == ImportState::Running && (is_refusal(&error) || work.attempts >= MAX_ATTEMPTS) => {
                self.give_up(work, &error).await
            }
            Err(error) => {
                let later = self.now().checked_add(LATER).map_err(Error::internal)?;
                self.store.postpone_import(&work, later).await?;
                Err(error)
            }
        }
    }

    async fn make_all(&self, work: &ImportWork) -> Result<()> {
        let plan = work.plan.clone().ok_or_else(|| Error::internal("an import without a plan"))?;
        let plan: Plan = serde_json::from_value(plan).map_err(Error::internal)?;
        for part in &plan.parts {
            if matches!(self.make_part(work, plan.order, part).await?, Ended::TakenOver) {
                return Ok(());
            }
        }
        self.store.move_import(work, ImportState::Done, None, self.now()).await?;
        Ok(())
    }

    /// Takes back what was made, because the rest cannot be.
    async fn give_up(&self, work: ImportWork, error: &Error) -> Result<()> {
        if !self.store.move_import(&work, ImportState::TakingBack, Some(&in_words(error)), self.now()).await? {
            return Ok(());
        }
        self.take_all_back(&work.in_state(ImportState::TakingBack)).await
    }

    /// Makes one customer's part in one transaction, if it is not made yet.
    async fn make_part(&self, work: &ImportWork, order: DateOrder, part: &Part) -> Result<Ended> {
        let customer = CustomerId(part.customer);
        let Some(mut writer) = self.store.import_writer(work, customer, self.now(), LEASE).await? else { return Ok(Ended::TakenOver) };
        if writer.has_import_items(work.id).await? {
            writer.leave().await?;
            return Ok(Ended::Made);
        }
        let items = match work.holds {
            ImportKind::Customers => self.make_customer(&mut writer, order, part).await?,
            ImportKind::People => self.make_people(&mut writer, work.user_name(), order, part).await?,
            ImportKind::Tasks => make_tasks(&mut writer, order, part).await?,
        };
        writer.insert_import_items(work.id, &items).await?;
        let subject = Subject { kind: "import".to_owned(), id: work.id.to_string(), title: work.file_name.clone() };
        writer.note(AuditNote::made("import.made", subject, json!({ "holds": work.holds, "rows": items.len() })));
        writer.commit().await?;
        Ok(Ended::Made)
    }

    async fn make_customer(&self, writer: &mut CustomerWriter, order: DateOrder, part: &Part) -> Result<Vec<NewImportItem>> {
        let row = part.rows.first().ok_or_else(|| Error::internal("a part without rows"))?;
        let details = read_customer(&row.values, order).map_err(|refused| unreadable(&refused))?;
        crate::customers::refuse_unknown_zone(writer, &details).await?;
        writer.insert_customer(&details).await?;
        let place = Place { place: TaskPlace::Customer, standard: None, template: None, version: None };
        let tasks = generate(writer, &*self.ids, place, &[]).await?;
        let customer = writer.customer().await?;
        writer.note_made_with_tasks("customer.created", &customer, &tasks)?;
        Ok(vec![item(row, ImportedThing::Customer, customer.version)?])
    }

    async fn make_people(&self, writer: &mut CustomerWriter, from: &str, order: DateOrder, part: &Part) -> Result<Vec<NewImportItem>> {
        let mut items = Vec::with_capacity(part.rows.len());
        for row in &part.rows {
            let person = read_person(&row.values, order).map_err(|refused| unreadable(&refused))?;
            let terms =
                MemberTerms { roles: person.roles, expires_on: person.expires_on, approval_steps: person.approval_steps, plan_ids: None };
            let who = match row.person {
                Some(colleague) => Newcomer::Colleague(UserId(colleague)),
                None => Newcomer::Invitee(Invitee { email: person.email, name: person.name }),
            };
            let (member, _) = self.add_member_in(writer, from, &who, &terms).await?;
            items.push(item(row, ImportedThing::Member(member.user_id), member.version)?);
        }
        Ok(items)
    }
}

async fn make_tasks(writer: &mut CustomerWriter, order: DateOrder, part: &Part) -> Result<Vec<NewImportItem>> {
    if writer.customer().await?.status == CustomerStatus::Archived {
        return Err(Error::Conflict(Conflict::CustomerArchived));
    }
    let mut places: Vec<_> = part.rows.iter().filter_map(|row| row.place).collect();
    places.sort_unstable();
    places.dedup();
    if !writer.hold_places(&places).await?.is_empty() {
        return Err(Error::Conflict(Conflict::ImportPlaceGone));
    }
    let people = writer.assignable_people().await?;
    let mut tasks = Vec::with_capacity(part.rows.len());
    for row in &part.rows {
        if row.person.is_some_and(|person| !people.iter().any(|one| one.id.0 == person)) {
            return Err(Error::Conflict(Conflict::ImportPersonGone));
        }
        tasks.push((TaskId(row.id), task_of(row, order)?));
    }
    writer.insert_tasks(&tasks).await?;
    let ids: Vec<TaskId> = tasks.iter().map(|(id, _)| *id).collect();
    let made = writer.tasks_by_ids(&ids).await?;
    for task in &made {
        writer.note_made("task.added", task)?;
    }
    part.rows.iter().map(|row| item(row, ImportedThing::Task(TaskId(row.id)), 1)).collect()
}

fn task_of(row: &PlannedRow, order: DateOrder) -> Result<HandMadeTask> {
    let read = read_task(&row.values, order).map_err(|refused| unreadable(&refused))?;
    let place = match row.place {
        None => TaskPlace::Customer,
        Some((plan, None)) => TaskPlace::Plan(PlanId(plan)),
        Some((plan, Some(template))) => TaskPlace::Template(PlanId(plan), TemplateId(template)),
    };
    Ok(HandMadeTask {
        place,
        task_type: read.task_type,
        title: read.title,
        description: read.description,
        priority: read.priority,
        requires_evidence: read.requires_evidence,
        evidence_description: read.evidence_description,
        assigned_to: row.person.map(UserId),
        assignee_role: read.assignee_role,
        due_date: read.due_date,
        recurrence: None,
        notes: read.notes,
    })
}

fn item(row: &PlannedRow, thing: ImportedThing, version: i32) -> Result<NewImportItem> {
    Ok(NewImportItem { id: row.id, line: i32::try_from(row.line).map_err(Error::internal)?, thing, version })
}

/// A row that was read before and cannot be read now: the program is another one.
fn unreadable(refused: &[CellRefusal]) -> Error {
    Error::internal(format!("a row of an import cannot be read any more: {refused:?}"))
}

/// Whether trying again would end alike.
const fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Conflict(_) | Error::Invalid(_) | Error::NotFound | Error::Forbidden(_))
}

/// Why an import was taken back, for whoever brought it in.
fn in_words(error: &Error) -> String {
    match error {
        Error::Conflict(Conflict::CustomerArchived) => "archived".to_owned(),
        Error::Conflict(Conflict::ImportPlaceGone) => "place-gone".to_owned(),
        Error::Conflict(Conflict::ImportPersonGone) => "person-gone".to_owned(),
        Error::Conflict(Conflict::AlreadyThere) => "already-there".to_owned(),
        _ => "failed".to_owned(),
    }
}
