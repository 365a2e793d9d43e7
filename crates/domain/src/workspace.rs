//! The customer workspace: everything of one customer, in the hierarchy.

use jiff::{Timestamp, civil::Date};

use crate::{
    documents::DocumentStatus,
    ids::{CustomerId, DocumentId, PlanId, TaskId, TemplateId},
    people::{AssigneeRole, Person},
    plans::PlanStatus,
    progress::Progress,
    recurrence::Recurrence,
    tasks::{CompletedBy, Priority, TaskPlace, TaskStatus, TaskType, waits_on_customer},
};

/// The versions of all that a workspace shows. Two answers of the same versions to whoever sees the same are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorkspaceVersions {
    /// Of the customer: raised by every change of theirs.
    pub workspace: i64,
    /// Of the library: names of standards and templates.
    pub library: i64,
    /// Of people: who they are, and their names.
    pub people: i64,
    /// The day it is where the customer is: at midnight more is overdue.
    pub today: Date,
}

/// A task as the workspace shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceTask {
    /// The id.
    pub id: TaskId,
    /// The title.
    pub title: String,
    /// Where it stands.
    pub status: TaskStatus,
    /// How much it presses.
    pub priority: Priority,
    /// The day by which it shall be done.
    pub due_date: Option<Date>,
    /// How often it comes back once it is done.
    pub recurrence: Option<Recurrence>,
    /// What it is about.
    pub task_type: TaskType,
    /// Whether it needs evidence.
    pub requires_evidence: bool,
    /// Whether evidence for it has been accepted.
    pub evidence_uploaded: bool,
    /// Who does it.
    pub assigned_to: Option<Person>,
    /// Who it falls to until a person takes it.
    pub assignee_role: Option<AssigneeRole>,
    /// The key of its question.
    pub question_key: Option<String>,
    /// Counts the changes of the task.
    pub version: i32,
}

impl WorkspaceTask {
    /// Whether it is open, and the next step is the customer's.
    pub fn waits_on_customer(&self) -> bool {
        self.status.is_open() && waits_on_customer(self.assigned_to.as_ref(), self.assignee_role)
    }

    /// Whether it is open and cannot be completed before evidence is there.
    pub fn lacks_evidence(&self) -> bool {
        let needed = self.requires_evidence || self.task_type.completed_by() == CompletedBy::Evidence;
        self.status.is_open() && needed && !self.evidence_uploaded
    }

    /// Whether it is open and its due date has passed.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.status.is_open() && self.due_date.is_some_and(|due| due < today)
    }
}

/// A task of a list, with the names of where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedTask {
    /// Whose.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// The zone that decides when a due date has passed there.
    pub time_zone: String,
    /// Where it stands.
    pub place: TaskPlace,
    /// The standard's code, the template's and the document's name, as far as there are any.
    pub path: Vec<String>,
    /// The step of an approval.
    pub approval_step: Option<String>,
    /// The task.
    pub task: WorkspaceTask,
}

/// A plan with what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspacePlan {
    /// The id.
    pub id: PlanId,
    /// The standard's code.
    pub iso_code: String,
    /// The standard's short title.
    pub iso_name: String,
    /// Where the plan stands.
    pub status: PlanStatus,
    /// The day by which it shall be done.
    pub target_completion_date: Option<Date>,
    /// How much of it is done.
    pub progress: Progress,
    /// The plan's own tasks.
    pub tasks: Vec<WorkspaceTask>,
    /// Its templates.
    pub templates: Vec<WorkspaceTemplate>,
}

/// An assigned template with what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceTemplate {
    /// The library template's id.
    pub id: TemplateId,
    /// The name.
    pub name: String,
    /// The short number beside the name.
    pub reference: Option<String>,
    /// When it was assigned.
    pub assigned_at: Timestamp,
    /// How many questions its release asks.
    pub questions: i64,
    /// How much of it is done, documents included.
    pub progress: Progress,
    /// Its question tasks, and tasks added by hand.
    pub tasks: Vec<WorkspaceTask>,
    /// Its documents.
    pub documents: Vec<WorkspaceDocument>,
}

/// A document with its tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceDocument {
    /// The id.
    pub id: DocumentId,
    /// The name.
    pub name: String,
    /// Where it stands.
    pub status: DocumentStatus,
    /// The document's own version number.
    pub document_version: i32,
    /// How much of the template is answered, rounded down.
    pub completion_percentage: i32,
    /// Whether an answer has changed since.
    pub out_of_date: bool,
    /// How many of its tasks are done.
    pub progress: Progress,
    /// Its tasks.
    pub tasks: Vec<WorkspaceTask>,
}

/// The whole workspace of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// The zone that decides when a due date has passed.
    pub time_zone: String,
    /// The versions of all that it shows.
    pub versions: WorkspaceVersions,
    /// How much of everything is done.
    pub progress: Progress,
    /// Tasks that are not tied to a standard.
    pub tasks: Vec<WorkspaceTask>,
    /// The plans.
    pub plans: Vec<WorkspacePlan>,
}

/// One row of the workspace statement: a node, or a task with its place.
///
/// The rows come in hierarchical order: the customer, then plans, templates, documents, each
/// before what stands under it, then the tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkspaceRow {
    /// A plan, without tasks yet.
    Plan(WorkspacePlan),
    /// A template of a plan.
    Template(PlanId, WorkspaceTemplate),
    /// A document of a template of a plan.
    Document(PlanId, TemplateId, WorkspaceDocument),
    /// A task at its place.
    Task(TaskPlace, WorkspaceTask),
}

impl Workspace {
    /// Every task with its place, in the order of the hierarchy.
    pub fn all_tasks(&self) -> impl Iterator<Item = (TaskPlace, &WorkspaceTask)> {
        let own = self.tasks.iter().map(|task| (TaskPlace::Customer, task));
        own.chain(self.plans.iter().flat_map(WorkspacePlan::all_tasks))
    }

    /// Puts a row where it belongs. A row whose node is not there is left out: the node is
    /// ignored, and ignoring hides what stands under it.
    pub fn place(&mut self, row: WorkspaceRow, today: Date) {
        match row {
            WorkspaceRow::Plan(plan) => self.plans.push(plan),
            WorkspaceRow::Template(plan, template) => {
                if let Some(plan) = self.plan_mut(plan) {
                    plan.templates.push(template);
                }
            }
            WorkspaceRow::Document(plan, template, document) => {
                if let Some(template) = self.plan_mut(plan).and_then(|plan| plan.template_mut(template)) {
                    template.documents.push(document);
                }
            }
            WorkspaceRow::Task(place, task) => self.place_task(place, task, today),
        }
    }

    fn place_task(&mut self, place: TaskPlace, task: WorkspaceTask, today: Date) {
        let mut one = Progress::default();
        one.count(task.status, task.due_date, today);
        let Some(plan_id) = place.plan() else {
            self.progress.add(one);
            self.tasks.push(task);
            return;
        };
        let mut total = std::mem::take(&mut self.progress);
        if let Some(plan) = self.plan_mut(plan_id)
            && plan.place_task(place, task, one)
        {
            total.add(one);
        }
        self.progress = total;
    }

    /// Rows of one plan follow each other, so the plan wanted is nearly always the one used last;
    /// a plan list is short in any case.
    fn plan_mut(&mut self, id: PlanId) -> Option<&mut WorkspacePlan> {
        self.plans.iter_mut().rev().find(|plan| plan.id == id)
    }
}

impl WorkspacePlan {
    /// Every task of the plan and of what stands under it, with its place.
    pub fn all_tasks(&self) -> impl Iterator<Item = (TaskPlace, &WorkspaceTask)> {
        let own = self.tasks.iter().map(|task| (TaskPlace::Plan(self.id), task));
        own.chain(self.templates.iter().flat_map(|template| {
            let own = template.tasks.iter().map(|task| (TaskPlace::Template(self.id, template.id), task));
            let documents = template.documents.iter();
            own.chain(
                documents
                    .flat_map(|document| document.tasks.iter().map(|task| (TaskPlace::Document(self.id, template.id, document.id), task))),
            )
        }))
    }

    fn template_mut(&mut self, id: TemplateId) -> Option<&mut WorkspaceTemplate> {
        self.templates.iter_mut().rev().find(|template| template.id == id)
    }

    /// Whether the task found its node.
    fn place_task(&mut self, place: TaskPlace, task: WorkspaceTask, one: Progress) -> bool {
        let Some(template_id) = place.template() else {
            self.progress.add(one);
            self.tasks.push(task);
            return true;
        };
        let Some(template) = self.template_mut(template_id) else { return false };
        match place.document() {
            None => template.tasks.push(task),
            Some(id) => {
                let Some(document) = template.documents.iter_mut().rev().find(|document| document.id == id) else { return false };
                document.progress.add(one);
                document.tasks.push(task);
            }
        }
        template.progress.add(one);
        self.progress.add(one);
        true
    }
}
