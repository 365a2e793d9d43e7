//! Bringing templates of plans to a newer release: one plan, or many customers at once.

use muster_domain::{
    access::{Action, Actor},
    ids::{CustomerId, PlanId, TaskId, TemplateId},
    plans::{Assignment, Plan},
    tasks::{Task, TaskPlace, TaskStatus},
    templates::{Question, Release},
    upgrades::{Decisions, DroppedTask, Upgrade, dropped_reason},
};
use muster_store::{CustomerReader, CustomerWriter, UpgradeTarget};

use crate::{
    Conflict, Context, Error, FieldError, Result,
    answers::refuse_ignored,
    audit::{Notes as _, UpgradedTemplate},
    boxed,
    generation::generate_for_questions,
    plans::check_version,
};

/// A plan's template to be brought to a newer release.
#[derive(Debug, Clone)]
pub struct UpgradeRequest {
    /// The plan.
    pub plan: PlanId,
    /// The template.
    pub template: TemplateId,
    /// The number of the release; the latest without one.
    pub release: Option<i32>,
    /// What people decided about tasks that were worked on.
    pub decisions: Decisions,
    /// The version of the assignment that the decisions were made for, if it is said.
    pub expected: Option<i32>,
}

/// What an upgrade does to one plan, or did.
#[derive(Debug, Clone)]
pub struct UpgradeEffect {
    /// The plan.
    pub plan: Plan,
    /// The template of the plan, as it is now.
    pub assignment: Assignment,
    /// The number of the release that it pinned before.
    pub from: i32,
    /// The release that it is brought to.
    pub to: Release,
    /// What changes. Nothing, where the plan pins this release already.
    pub upgrade: Upgrade,
    /// The tasks that were made.
    pub made: Vec<Task>,
    /// Whether it was done, rather than only looked at.
    pub is_done: bool,
}

/// Which plans are upgraded together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpgradeChoice {
    /// All that pin an older release.
    All,
    /// These.
    These(Vec<PlanId>),
}

/// What became of one plan of several.
#[derive(Debug)]
pub enum UpgradeOutcome {
    /// It was upgraded, or would be.
    Effect(Box<UpgradeEffect>),
    /// It pins this release already, or a newer one.
    NothingNew,
    /// It was not; the others were.
    Refused(Error),
}

/// One plan of several that are upgraded together.
#[derive(Debug)]
pub struct CustomerUpgrade {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// The plan.
    pub plan_id: PlanId,
    /// The code of its standard.
    pub iso_code: String,
    /// The number of the release that it pinned before.
    pub from: i32,
    /// What became of it.
    pub outcome: UpgradeOutcome,
}

/// What is read before an upgrade is planned.
struct Ground {
    plan: Plan,
    assignment: Assignment,
    before: Release,
    to: Release,
}

impl Context {
    /// The number of the release that a plan's template could be brought to, if there is a newer one.
    #[boxed]
    pub async fn newer_release(&self, actor: &Actor, plan: PlanId, template: TemplateId) -> Result<Option<i32>> {
        let customer = self.customer_of_plan(actor, plan).await?;
        Ok(self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?.newer_release(plan, template).await?)
    }

    /// What bringing a plan's template to a newer release would do.
    ///
    /// # Errors
    /// [`Conflict::NotNewer`] where the plan pins a newer one, [`Conflict::Ignored`] where it or
    /// the template is ignored.
    #[boxed]
    pub async fn preview_upgrade(&self, actor: &Actor, request: &UpgradeRequest) -> Result<UpgradeEffect> {
        let customer = self.customer_of_plan(actor, request.plan).await?;
        let mut reader = self.store.reader(actor, customer, Action::AssignPlan, self.now()).await?;
        refuse_ignored(&mut reader, request.plan, request.template).await?;
        let ground = ground(&mut reader, request).await?;
        let tasks = reader.question_tasks(request.plan, request.template).await?;
        let upgrade = planned(&mut reader, &ground, &tasks, &request.decisions).await?;
        Ok(UpgradeEffect {
            from: ground.before.number,
            plan: ground.plan,
            assignment: ground.assignment,
            to: ground.to,
            upgrade,
            made: Vec::new(),
            is_done: false,
        })
    }

    /// Brings a plan's template to a newer release. New questions get their tasks, or those back
    /// that they had; open tasks follow their questions; tasks of dropped questions are ignored, or
    /// kept where somebody worked on them and nobody decided otherwise. Doing it again changes nothing.
    ///
    /// # Errors
    /// As [`Context::preview_upgrade`], and [`Error::Stale`] where the assignment has changed since
    /// the decisions were made.
    #[boxed]
    pub async fn upgrade_template(&self, actor: &Actor, request: &UpgradeRequest) -> Result<UpgradeEffect> {
        let customer = self.customer_of_plan(actor, request.plan).await?;
        let mut writer = self.store.writer(actor, customer, Action::AssignPlan, self.now()).await?;
        // The plan before its template, as all who change both do.
        writer.lock_plan(request.plan).await?;
        let held = writer.lock_assignment(request.plan, request.template).await?;
        refuse_ignored(&mut writer, request.plan, request.template).await?;
        let ground = ground(&mut writer, request).await?;
        if ground.to.number == held.release_number {
            writer.leave().await?;
            return Ok(done(ground, Upgrade::default(), Vec::new()));
        }
        check_version(held.version, request.expected)?;
        let tasks = writer.lock_question_tasks(request.plan, request.template).await?;
        let upgrade = planned(&mut writer, &ground, &tasks, &request.decisions).await?;
        let made = self.carry_out(&mut writer, &ground, &upgrade).await?;
        writer.commit().await?;
        Ok(done(ground, upgrade, made))
    }

    async fn carry_out(&self, writer: &mut CustomerWriter, ground: &Ground, upgrade: &Upgrade) -> Result<Vec<Task>> {
        let (plan, template) = (ground.plan.id, ground.assignment.template_id);
        writer.pin_release(plan, template, ground.to.id).await?;
        let ignored: Vec<TaskId> = upgrade
            .dropped
            .iter()
            .filter_map(|dropped| dropped.task.as_ref())
            .filter(|task| task.fate == DroppedTask::Ignore)
            .map(|task| task.id)
            .collect();
        for task in &ignored {
            writer.set_task_ignored(*task, Some(&dropped_reason(ground.to.number))).await?;
        }
        let restored: Vec<TaskId> = upgrade.added.iter().filter_map(|added| added.restores).collect();
        for task in &restored {
            writer.set_task_ignored(*task, None).await?;
        }
        // What does not fit is taken back: it stays written down, and the question has no answer.
        for unfit in &upgrade.unfit {
            if !writer.withdraw_answer(plan, template, &unfit.key, unfit.version).await? {
                return Err(Error::Stale { current: ground.assignment.version });
            }
        }
        let reopened: Vec<TaskId> = upgrade.unfit.iter().filter_map(|unfit| unfit.reopens).collect();
        for task in &reopened {
            writer.set_task_status(*task, TaskStatus::Pending).await?;
        }
        writer.update_question_tasks(&upgrade.updates).await?;
        let questions: Vec<(i32, &Question)> = upgrade.added.iter().map(|added| (added.position, &added.question)).collect();
        let made = generate_for_questions(writer, &*self.ids, TaskPlace::Template(plan, template), &questions).await?;
        let assignment = writer.assignment(plan, template).await?;
        let after = UpgradedTemplate {
            tasks_made: made.iter().map(|task| task.id).collect(),
            tasks_restored: restored,
            tasks_ignored: ignored,
            tasks_reopened: reopened,
            answers_to_give_again: upgrade.unfit.iter().map(|unfit| unfit.key.clone()).collect(),
            ..UpgradedTemplate::of(&assignment)
        };
        writer.note_changed("template.upgraded", &UpgradedTemplate::of(&ground.assignment), &after)?;
        Ok(made)
    }

    /// What bringing the plans of several customers to a release does to each, or does it: one
    /// transaction for each, so that one that is refused keeps none of the others. Repeated after an
    /// interruption, it does what is left.
    #[boxed]
    pub async fn upgrade_customers(
        &self,
        actor: &Actor,
        template: TemplateId,
        release: Option<i32>,
        choice: &UpgradeChoice,
        is_preview: bool,
    ) -> Result<Vec<CustomerUpgrade>> {
        // Only those who may edit the library decide for all customers.
        self.allow_import(actor)?;
        let mut library = self.store.library(actor).await?;
        let releases = library.releases(template).await?;
        library.template(template).await?;
        drop(library);
        let wanted = releases.iter().find(|one| one.released_at.is_some() && release.is_none_or(|number| number == one.number));
        let wanted = wanted.ok_or_else(|| Error::field(FieldError::unknown_reference("/release")))?.number;
        let all = self.store.portfolio(actor, self.now()).await?.upgrade_targets(template).await?;
        let mut upgrades = Vec::new();
        for target in chosen(all, choice, wanted)? {
            let request =
                UpgradeRequest { plan: target.plan_id, template, release: Some(wanted), decisions: Decisions::new(), expected: None };
            let outcome = match target.release {
                number if number >= wanted => UpgradeOutcome::NothingNew,
                _ if is_preview => outcome(self.preview_upgrade(actor, &request).await),
                _ => outcome(self.upgrade_template(actor, &request).await),
            };
            let UpgradeTarget { customer_id, customer_name, plan_id, iso_code, release: from } = target;
            upgrades.push(CustomerUpgrade { customer_id, customer_name, plan_id, iso_code, from, outcome });
        }
        Ok(upgrades)
    }
}

fn outcome(effect: Result<UpgradeEffect>) -> UpgradeOutcome {
    match effect {
        Ok(effect) => UpgradeOutcome::Effect(Box::new(effect)),
        Err(error) => UpgradeOutcome::Refused(error),
    }
}

fn chosen(all: Vec<UpgradeTarget>, choice: &UpgradeChoice, wanted: i32) -> Result<Vec<UpgradeTarget>> {
    match choice {
        UpgradeChoice::All => Ok(all.into_iter().filter(|target| target.release < wanted).collect()),
        UpgradeChoice::These(plans) => {
            let find = |(index, plan): (usize, &PlanId)| {
                let found = all.iter().find(|target| target.plan_id == *plan).cloned();
                found.ok_or_else(|| Error::field(FieldError::unknown_reference(format!("/plans/{index}"))))
            };
            plans.iter().enumerate().map(find).collect()
        }
    }
}

fn done(ground: Ground, upgrade: Upgrade, made: Vec<Task>) -> UpgradeEffect {
    let Ground { plan, assignment, before, to } = ground;
    let assignment = Assignment { release_id: to.id, release_number: to.number, ..assignment };
    UpgradeEffect { plan, assignment, from: before.number, to, upgrade, made, is_done: true }
}

async fn ground(reader: &mut CustomerReader, request: &UpgradeRequest) -> Result<Ground> {
    let assignment = reader.assignment(request.plan, request.template).await?;
    let to = reader.release_numbered(request.template, request.release).await.map_err(|error| match error {
        muster_store::Error::NotFound => Error::field(FieldError::unknown_reference("/release")),
        other => other.into(),
    })?;
    if to.number < assignment.release_number {
        return Err(Error::Conflict(Conflict::NotNewer));
    }
    let before = reader.pinned_release(request.plan, request.template).await?;
    Ok(Ground { plan: reader.plan(request.plan).await?, assignment, before, to })
}

async fn planned(reader: &mut CustomerReader, ground: &Ground, tasks: &[Task], decisions: &Decisions) -> Result<Upgrade> {
    let answers = reader.answers(ground.plan.id, ground.assignment.template_id).await?;
    let upgrade = Upgrade::plan(&ground.before, &ground.to, &answers, tasks, decisions);
    match upgrade.strangers(decisions) {
        Some(key) => {
            Err(Error::field(FieldError::new(format!("/decisions/{key}"), "nothing-to-decide", "is no task that has to be decided on")))
        }
        None => Ok(upgrade),
    }
}
