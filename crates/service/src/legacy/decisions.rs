//! What people decide of tasks whose place could not be told.

use muster_domain::{
    access::{Action, Actor, Decision, FirmAction, decide_firm},
    ids::{CustomerId, TaskId},
    legacy::Destination,
};
use muster_store::{LegacyDatabase, LegacyError, UpgradeDecision, UpgradeState, WaitingTask};
use serde::Deserialize;
use uuid::Uuid;

use crate::{Context, Error, FieldError, Result, audit::Notes as _};

/// A file of decisions, as a person filled it in: the tasks of `inspect --json`, each with one of its
/// candidates under `decision`.
#[derive(Debug, Clone, Deserialize)]
pub struct Decisions(pub Vec<Decided>);

/// A decision of the file.
#[derive(Debug, Clone, Deserialize)]
pub struct Decided {
    /// The task.
    pub task_id: Uuid,
    /// Where it goes; none where nothing is decided yet.
    #[serde(default)]
    pub decision: Option<Destination>,
}

/// Writes decisions down before the cutover. Gives how many, and the tasks of which none was needed.
pub async fn decide(url: &str, decisions: &Decisions, by: &str) -> Result<(usize, Vec<Uuid>), LegacyError> {
    let mut db = LegacyDatabase::open(url).await?;
    let (mut written, mut unknown) = (0, Vec::new());
    for one in &decisions.0 {
        let Some(destination) = one.decision else { continue };
        if db.decide(UpgradeDecision { task_id: TaskId(one.task_id), destination }, by).await? {
            written += 1;
        } else {
            unknown.push(one.task_id);
        }
    }
    Ok((written, unknown))
}

/// How the upgrade stands, with the tasks that wait for a decision.
#[derive(Debug, Clone)]
pub struct UpgradePage {
    /// How it stands.
    pub state: UpgradeState,
    /// Some of the tasks.
    pub tasks: Vec<WaitingTask>,
}

impl Context {
    /// Whether this database was another program's before, for the firm's admins.
    pub async fn was_moved_over(&self, actor: &Actor) -> Result<bool> {
        self.allow_upgrade(actor)?;
        Ok(self.store.portfolio(actor, self.now()).await?.was_moved_over().await?)
    }

    /// How the upgrade of this database stands, for the firm's admins: none where there was none.
    pub async fn upgrade_of_database(&self, actor: &Actor, skip: i64, many: i64) -> Result<Option<UpgradePage>> {
        self.allow_upgrade(actor)?;
        let mut reader = self.store.portfolio(actor, self.now()).await?;
        let Some(state) = reader.upgrade_state().await? else { return Ok(None) };
        Ok(Some(UpgradePage { state, tasks: reader.waiting_tasks(None, skip, many).await? }))
    }

    /// Those of the tasks that a person should look at, wherever in the list they stand by now.
    pub async fn waiting_legacy_tasks(&self, actor: &Actor, tasks: &[Uuid]) -> Result<Vec<WaitingTask>> {
        self.allow_upgrade(actor)?;
        let mut reader = self.store.portfolio(actor, self.now()).await?;
        if !reader.was_moved_over().await? {
            return Err(Error::NotFound);
        }
        let many = i64::try_from(tasks.len()).map_err(Error::internal)?;
        Ok(reader.waiting_tasks(Some(tasks), 0, many).await?)
    }

    /// Puts a task where a person says that it belongs: one of its candidates.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a place that is none of them.
    pub async fn place_legacy_task(&self, actor: &Actor, customer: CustomerId, task: TaskId, destination: Destination) -> Result<()> {
        self.allow_upgrade(actor)?;
        let mut writer = self.store.writer(actor, customer, Action::AssignPlan, self.now()).await?;
        let placement = writer.placement(task).await?;
        if !placement.candidates.contains(&destination) {
            let refused = FieldError::new("/destination", "unknown-place", "is none of the places that this task could belong to");
            return Err(Error::Invalid(vec![refused]));
        }
        let before = writer.task(task).await?;
        writer.place_task(UpgradeDecision { task_id: task, destination }, actor.name()).await?;
        let after = writer.task(task).await?;
        writer.note_changed("task.placed", &before, &after)?;
        Ok(writer.commit().await?)
    }

    fn allow_upgrade(&self, actor: &Actor) -> Result<()> {
        match decide_firm(actor, FirmAction::EditFirm) {
            Decision::Allow => Ok(()),
            Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
            Decision::Invisible => Err(Error::NotFound),
        }
    }
}
