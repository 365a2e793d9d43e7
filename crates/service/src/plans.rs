//! Plans, and assigning standards and templates.

use jiff::civil::Date;
use muster_domain::{
    access::{Action, Actor},
    ids::{CustomerId, PlanId, StandardId, TemplateId},
    plans::{Assignment, IgnoredKind, Plan},
    tasks::{Task, TaskPlace},
    templates::{Standard, Template},
    text::Prose,
};
use muster_store::{CustomerWriter, PlanChange};
use serde::{Deserialize, Serialize};

use crate::{
    Conflict, Context, Created, Error, FieldError, Once, Result,
    audit::Notes as _,
    boxed,
    generation::{Place, generate},
};

/// Which templates a new plan gets at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateChoice {
    /// All that are meant for the standard.
    All,
    /// These.
    These(Vec<TemplateId>),
}

/// A standard to be assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRequest {
    /// The standard by id.
    pub standard_id: Option<StandardId>,
    /// The standard by code.
    pub iso_code: Option<String>,
    /// The templates.
    pub templates: TemplateChoice,
    /// The day by which the plan shall be done.
    pub target_completion_date: Option<Date>,
}

/// A plan with what its assignment brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAssigned {
    /// The plan.
    pub plan: Plan,
    /// The tasks that were generated: the plan's, and those of its templates.
    pub generated_tasks: Vec<Task>,
}

/// A template of a plan with what its assignment brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentMade {
    /// The assignment.
    pub assignment: Assignment,
    /// The tasks that were generated.
    pub generated_tasks: Vec<Task>,
}

impl Context {
    /// The customer that a plan belongs to, if the actor may see it.
    #[boxed]
    pub async fn customer_of_plan(&self, actor: &Actor, plan: PlanId) -> Result<CustomerId> {
        Ok(self.store.locator(actor, self.now()).await?.customer_of_plan(plan).await?)
    }

    async fn plan_writer(&self, actor: &Actor, plan: PlanId, action: Action<'_>) -> Result<CustomerWriter> {
        let customer = self.customer_of_plan(actor, plan).await?;
        Ok(self.store.writer(actor, customer, action, self.now()).await?)
    }

    /// A plan, ignored or not.
    #[boxed]
    pub async fn plan(&self, actor: &Actor, plan: PlanId) -> Result<Plan> {
        let customer = self.customer_of_plan(actor, plan).await?;
        Ok(self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?.plan(plan).await?)
    }

    /// A plan with its templates, ignored ones too.
    #[boxed]
    pub async fn plan_with_templates(&self, actor: &Actor, plan: PlanId) -> Result<(Plan, Vec<Assignment>)> {
        let customer = self.customer_of_plan(actor, plan).await?;
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        Ok((reader.plan(plan).await?, reader.assignments(plan).await?))
    }

    /// A customer's plans, ignored or not, by standard.
    #[boxed]
    pub async fn plans(&self, actor: &Actor, customer: CustomerId) -> Result<Vec<Plan>> {
        Ok(self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?.plans().await?)
    }

    /// What can be assigned: the standards, and the templates (for one standard, or all).
    #[boxed]
    pub async fn assignable(&self, actor: &Actor, customer: CustomerId, iso_code: Option<&str>) -> Result<(Vec<Standard>, Vec<Template>)> {
        let mut reader = self.store.reader(actor, customer, Action::AssignPlan, self.now()).await?;
        Ok((reader.offered_standards().await?, reader.offered_templates(iso_code).await?))
    }

    /// Assigns a standard: makes the plan and its tasks, and assigns the templates asked for. A
    /// customer that follows the standard already keeps its plan; templates that it lacks are added.
    ///
    /// # Errors
    /// [`Conflict::Ignored`] where that plan is ignored.
    #[boxed]
    pub async fn assign_plan(
        &self,
        actor: &Actor,
        customer: CustomerId,
        request: &PlanRequest,
        once: &Once,
    ) -> Result<Created<PlanAssigned>> {
        let mut writer = self.store.writer(actor, customer, Action::AssignPlan, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        let pointer = if request.standard_id.is_some() { "/iso_standard_id" } else { "/iso_code" };
        let standard = writer.find_standard(request.standard_id, request.iso_code.as_deref()).await?;
        let standard = standard.ok_or_else(|| Error::field(FieldError::unknown_reference(pointer)))?;
        if !standard.is_active && writer.plan_for_standard(standard.id).await?.is_none() {
            return Err(Error::field(FieldError::unknown_reference(pointer)));
        }
        let takes_all = request.templates == TemplateChoice::All;
        let is_new = writer.insert_plan(PlanId(self.ids.next()), standard.id, takes_all, request.target_completion_date).await?;
        let plan = writer.plan_for_standard(standard.id).await?.ok_or(Error::NotFound)?;
        if plan.ignored.is_some() {
            return Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Plan(plan.id))));
        }
        writer.lock_plan(plan.id).await?;
        let mut generated_tasks = Vec::new();
        if is_new {
            let place = Place { place: TaskPlace::Plan(plan.id), standard: Some(standard.id), template: None, version: None };
            generated_tasks = generate(&mut writer, &*self.ids, place, &[]).await?;
            writer.note_made_with_tasks("plan.assigned", &plan, &generated_tasks)?;
        }
        for (index, template) in chosen_templates(&mut writer, request, &plan).await?.into_iter().enumerate() {
            let pointer = format!("/templates/{index}");
            generated_tasks.extend(self.assign(&mut writer, &plan, template, &pointer).await?.value.generated_tasks);
        }
        let created = Created { value: PlanAssigned { plan, generated_tasks }, is_new };
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Assigns a template to a plan, at its latest release, with a task for each of its questions.
    /// A template that is assigned already stays as it is.
    ///
    /// # Errors
    /// [`Conflict::Ignored`] where the plan or the assignment is ignored.
    #[boxed]
    pub async fn assign_template(&self, actor: &Actor, plan: PlanId, template: TemplateId, once: &Once) -> Result<Created<AssignmentMade>> {
        let mut writer = self.plan_writer(actor, plan, Action::AssignPlan).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        let plan = open_plan(&mut writer, plan).await?;
        let created = self.assign(&mut writer, &plan, template, "/template_id").await?;
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Assigns several templates to a plan at once, and counts the tasks that came with them.
    ///
    /// # Errors
    /// [`Conflict::Ignored`] where the plan or one of the assignments is ignored; then none is made.
    #[boxed]
    pub async fn assign_templates(&self, actor: &Actor, plan: PlanId, templates: &[TemplateId]) -> Result<usize> {
        let mut writer = self.plan_writer(actor, plan, Action::AssignPlan).await?;
        let plan = open_plan(&mut writer, plan).await?;
        let mut tasks = 0;
        for (index, template) in templates.iter().enumerate() {
            let made = self.assign(&mut writer, &plan, *template, &format!("/templates/{index}")).await?;
            tasks += made.value.generated_tasks.len();
        }
        writer.commit().await?;
        Ok(tasks)
    }

    async fn assign(
        &self,
        writer: &mut CustomerWriter,
        plan: &Plan,
        template: TemplateId,
        pointer: &str,
    ) -> Result<Created<AssignmentMade>> {
        let is_new = match writer.latest_release(template).await? {
            Some(release) => writer.insert_assignment(self.ids.next(), plan.id, template, release).await?,
            // Archived since: what has been assigned stays assigned, nothing new is.
            None => match writer.assignment(plan.id, template).await {
                Err(muster_store::Error::NotFound) => return Err(Error::field(FieldError::unknown_reference(pointer))),
                found => found.map(|_| false)?,
            },
        };
        let assignment = writer.assignment(plan.id, template).await?;
        if assignment.ignored.is_some() {
            return Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Assignment(plan.id, template))));
        }
        let mut generated_tasks = Vec::new();
        if is_new {
            let questions = writer.pinned_release(plan.id, template).await?.content.questions;
            let place = Place {
                place: TaskPlace::Template(plan.id, template),
                standard: Some(plan.standard_id),
                template: Some(template),
                version: None,
            };
            generated_tasks = generate(writer, &*self.ids, place, &questions).await?;
            writer.note_made_with_tasks("template.assigned", &assignment, &generated_tasks)?;
        }
        Ok(Created { value: AssignmentMade { assignment, generated_tasks }, is_new })
    }

    /// Changes a plan's own fields, if nobody changed it since `expected`.
    #[boxed]
    pub async fn update_plan(&self, actor: &Actor, plan: PlanId, change: &PlanChange, expected: i32) -> Result<Plan> {
        let mut writer = self.plan_writer(actor, plan, Action::AssignPlan).await?;
        let before = writer.plan(plan).await?;
        writer.update_plan(plan, change, expected).await?;
        let plan = writer.plan(plan).await?;
        writer.note_changed("plan.changed", &before, &plan)?;
        writer.commit().await?;
        Ok(plan)
    }

    /// Ignores a plan with a reason: it and all below it are hidden, nothing is lost.
    #[boxed]
    pub async fn ignore_plan(&self, actor: &Actor, plan: PlanId, reason: &Prose, expected: Option<i32>) -> Result<Plan> {
        self.set_plan_ignored(actor, plan, Some(reason), expected).await
    }

    /// Restores an ignored plan with all below it.
    #[boxed]
    pub async fn restore_plan(&self, actor: &Actor, plan: PlanId, expected: Option<i32>) -> Result<Plan> {
        self.set_plan_ignored(actor, plan, None, expected).await
    }

    async fn set_plan_ignored(&self, actor: &Actor, plan: PlanId, reason: Option<&Prose>, expected: Option<i32>) -> Result<Plan> {
        let mut writer = self.plan_writer(actor, plan, Action::ShapeWork).await?;
        let before = writer.lock_plan(plan).await?;
        check_version(before.version, expected)?;
        writer.set_plan_ignored(plan, reason.map(Prose::as_str)).await?;
        let plan = writer.plan(plan).await?;
        writer.note_changed(if reason.is_some() { "plan.ignored" } else { "plan.restored" }, &before, &plan)?;
        writer.commit().await?;
        Ok(plan)
    }

    /// One template of a plan, ignored or not.
    #[boxed]
    pub async fn assignment(&self, actor: &Actor, plan: PlanId, template: TemplateId) -> Result<Assignment> {
        let customer = self.customer_of_plan(actor, plan).await?;
        Ok(self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?.assignment(plan, template).await?)
    }

    /// Ignores a template of a plan with a reason: it and all below it are hidden, nothing is lost.
    #[boxed]
    pub async fn ignore_assignment(
        &self,
        actor: &Actor,
        plan: PlanId,
        template: TemplateId,
        reason: &Prose,
        expected: Option<i32>,
    ) -> Result<Assignment> {
        self.set_assignment_ignored(actor, plan, template, Some(reason), expected).await
    }

    /// Restores an ignored template of a plan with all below it.
    #[boxed]
    pub async fn restore_assignment(&self, actor: &Actor, plan: PlanId, template: TemplateId, expected: Option<i32>) -> Result<Assignment> {
        self.set_assignment_ignored(actor, plan, template, None, expected).await
    }

    async fn set_assignment_ignored(
        &self,
        actor: &Actor,
        plan: PlanId,
        template: TemplateId,
        reason: Option<&Prose>,
        expected: Option<i32>,
    ) -> Result<Assignment> {
        let mut writer = self.plan_writer(actor, plan, Action::ShapeWork).await?;
        let before = writer.lock_assignment(plan, template).await?;
        check_version(before.version, expected)?;
        writer.set_assignment_ignored(plan, template, reason.map(Prose::as_str)).await?;
        let assignment = writer.assignment(plan, template).await?;
        writer.note_changed(if reason.is_some() { "template.ignored" } else { "template.restored" }, &before, &assignment)?;
        writer.commit().await?;
        Ok(assignment)
    }
}

/// The templates that a request asks for. Asking for all of them does not bring back what has been
/// ignored.
async fn chosen_templates(writer: &mut CustomerWriter, request: &PlanRequest, plan: &Plan) -> Result<Vec<TemplateId>> {
    match &request.templates {
        TemplateChoice::These(ids) => Ok(ids.clone()),
        TemplateChoice::All => {
            let assigned = writer.assignments(plan.id).await?;
            let is_ignored = |id: TemplateId| assigned.iter().any(|one| one.template_id == id && one.ignored.is_some());
            let offered = writer.offered_templates(Some(&plan.iso_code)).await?;
            Ok(offered.into_iter().map(|template| template.id).filter(|id| !is_ignored(*id)).collect())
        }
    }
}

/// A plan that is not ignored.
async fn open_plan(writer: &mut CustomerWriter, plan: PlanId) -> Result<Plan> {
    // Held, so that several templates assigned at once in different orders wait instead of locking each other out.
    let plan = writer.lock_plan(plan).await?;
    match plan.ignored {
        Some(_) => Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Plan(plan.id)))),
        None => Ok(plan),
    }
}

/// Refuses a change that was meant for another version, where it says for which it is meant.
pub(crate) fn check_version(current: i32, expected: Option<i32>) -> Result<()> {
    match expected {
        Some(expected) if expected != current => Err(Error::Stale { current }),
        _ => Ok(()),
    }
}
