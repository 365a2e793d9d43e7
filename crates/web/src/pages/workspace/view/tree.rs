//! The tree: customer tasks, plans, templates, documents, as the filters leave them.

use std::collections::HashMap;

use muster_domain::{
    ids::PlanId,
    plans::{IgnoredItem, IgnoredKind, PlanStatus},
    tasks::TaskPlace,
    workspace::{WorkspaceDocument, WorkspacePlan, WorkspaceTask, WorkspaceTemplate},
};

use super::Scene;
use crate::{
    format,
    pages::{
        ignoring::restore_action,
        surroundings::{document_status, length, level, progress},
        tasks::Eyes,
        workspace::{CustomerNode, DocumentNode, IgnoredNode, PlanNode, TemplateNode},
    },
    parts::{self, Action, Level, Priority, Status, TaskRow, Tasks},
};

/// Builds the tree and counts what it shows.
pub(super) struct Tree<'a> {
    scene: &'a Scene<'a>,
    eyes: Eyes<'a>,
    /// The node with the form for a new task: it stays whatever the filters say.
    adding: Option<&'a str>,
    /// Where the task beside the tree stands: nodes around it are open.
    current: Option<TaskPlace>,
    ignored: HashMap<TaskPlace, Vec<&'a IgnoredItem>>,
    shown: u32,
}

impl<'a> Tree<'a> {
    pub(super) fn new(scene: &'a Scene<'a>, adding: Option<&'a str>) -> Self {
        let mut ignored = HashMap::<_, Vec<_>>::new();
        // A filter asks for work, and what is ignored is none.
        let items = scene.view.ignored.iter().filter(|_| !scene.address.is_filtered());
        for item in items {
            ignored.entry(item.place).or_default().push(item);
        }
        Self { scene, eyes: scene.eyes(), adding, current: scene.view.task.as_ref().map(|task| task.place()), ignored, shown: 0 }
    }

    /// The tasks that the filters left.
    pub(super) fn shown(&self) -> u32 {
        self.shown
    }

    pub(super) fn customer(&mut self) -> CustomerNode {
        let workspace = &self.scene.view.workspace;
        let mut whole = muster_domain::progress::Progress::default();
        for task in &workspace.tasks {
            whole.count(task.status, task.due_date, self.scene.today);
        }
        let tasks = self.tasks(TaskPlace::Customer, &workspace.tasks);
        let shown = !self.is_filtered() || !tasks.is_empty() || self.adding == Some("customer");
        CustomerNode { tasks, progress: progress(whole), shown }
    }

    pub(super) fn plans(&mut self) -> Vec<PlanNode> {
        self.scene.view.workspace.plans.iter().filter_map(|plan| self.plan(plan)).collect()
    }

    pub(super) fn ignored_plans(&self) -> Vec<IgnoredNode> {
        let plans = self.scene.view.ignored.iter().filter(|item| matches!(item.kind, IgnoredKind::Plan(_)) && !self.is_filtered());
        plans.map(|item| self.ignored_node(item)).collect()
    }

    fn plan(&mut self, plan: &WorkspacePlan) -> Option<PlanNode> {
        let place = TaskPlace::Plan(plan.id);
        let tasks = self.tasks(place, &plan.tasks);
        let templates: Vec<_> = plan.templates.iter().filter_map(|template| self.template(plan.id, template)).collect();
        let is_adding = self.adding == Some(format!("plan:{}", plan.id).as_str());
        if self.is_filtered() && tasks.is_empty() && templates.is_empty() && !is_adding {
            return None;
        }
        let is_current = self.current.is_some_and(|current| current.plan() == Some(plan.id));
        let is_over = matches!(plan.status, PlanStatus::Completed | PlanStatus::Cancelled);
        Some(PlanNode {
            id: plan.id.to_string(),
            code: plan.iso_code.clone(),
            name: plan.iso_name.clone(),
            target: plan.target_completion_date.map(|date| format::full(date, self.scene.t)),
            status: plan_status(plan.status),
            progress: progress(plan.progress),
            tasks,
            templates,
            ignored: self.ignored_templates(plan.id),
            unfolded: self.is_filtered() || is_current || is_adding || !is_over,
        })
    }

    fn template(&mut self, plan: PlanId, template: &WorkspaceTemplate) -> Option<TemplateNode> {
        let place = TaskPlace::Template(plan, template.id);
        let tasks = self.tasks(place, &template.tasks);
        let documents: Vec<_> = template.documents.iter().filter_map(|document| self.document(place, document)).collect();
        let is_adding = self.adding == Some(format!("template:{plan}:{}", template.id).as_str());
        if self.is_filtered() && tasks.is_empty() && documents.is_empty() && !is_adding {
            return None;
        }
        let is_current = self.current.is_some_and(|current| (current.plan(), current.template()) == (Some(plan), Some(template.id)));
        let progress = progress(template.progress);
        Some(TemplateNode {
            plan_id: plan.to_string(),
            id: template.id.to_string(),
            name: template.name.clone(),
            about: self.about(template),
            tasks,
            unfolded: self.is_filtered() || is_current || is_adding || documents.iter().any(|one| one.unfolded) || !progress.complete(),
            documents,
            no_questions: template.questions == 0,
            progress,
        })
    }

    fn about(&self, template: &WorkspaceTemplate) -> String {
        let t = self.scene.t;
        let questions = (template.questions > 0).then(|| t.assign.questions.n(template.questions.unsigned_abs()));
        template.reference.clone().into_iter().chain(questions).collect::<Vec<_>>().join(t.common.separator)
    }

    fn document(&mut self, of: TaskPlace, document: &WorkspaceDocument) -> Option<DocumentNode> {
        let (plan, template) = of.plan().zip(of.template())?;
        let place = TaskPlace::Document(plan, template, document.id);
        let tasks = self.tasks(place, &document.tasks);
        let is_adding = self.adding == Some(format!("document:{}", document.id).as_str());
        if self.is_filtered() && tasks.is_empty() && !is_adding {
            return None;
        }
        let progress = progress(document.progress);
        Some(DocumentNode {
            id: document.id.to_string(),
            name: document.name.clone(),
            version: document.document_version.to_string(),
            status: document_status(document.status),
            out_of_date: document.out_of_date,
            tasks,
            unfolded: self.is_filtered() || self.current == Some(place) || is_adding || !progress.complete(),
            progress,
        })
    }

    /// The rows of one place. While a filter is set, nothing that it left is folded away.
    fn tasks(&mut self, place: TaskPlace, tasks: &[WorkspaceTask]) -> Tasks {
        let (scene, at) = (self.scene, level(place.scope()));
        let left = tasks.iter().filter(|task| scene.address.leaves(at, task, scene.visit.actor.user_id(), scene.today));
        let mut rows: Vec<TaskRow> = left.map(|task| self.eyes.row(place, task)).collect();
        self.shown = self.shown.saturating_add(length(&rows));
        if self.is_filtered() {
            return Tasks { open: rows, ..Tasks::default() };
        }
        let ignored = self.ignored.get(&place).into_iter().flatten();
        rows.extend(ignored.filter_map(|item| self.ignored_row(item)));
        Tasks::sort(rows)
    }

    fn ignored_row(&self, item: &IgnoredItem) -> Option<TaskRow> {
        let IgnoredKind::Task(id) = item.kind else { return None };
        let (by, at) = self.by_and_at(item);
        Some(TaskRow {
            id: id.to_string(),
            title: item.title.clone(),
            status: Status::Ignored,
            priority: Priority::Medium,
            needs_evidence: false,
            assignee: None,
            due: None,
            recurs: None,
            note: Some(self.scene.t.workspace.ignored_by.with3(by, at, &item.ignored.reason)),
            place: None,
            action: if self.scene.may.ignore { Action::Restore } else { Action::None },
            href: format!("{}task={id}#task", self.eyes.base),
            current: self.eyes.current == Some(id),
            pick: false,
            cell: None,
        })
    }

    fn ignored_templates(&self, plan: PlanId) -> Vec<IgnoredNode> {
        let of_plan = |item: &&IgnoredItem| matches!(item.kind, IgnoredKind::Assignment(of, _) if of == plan);
        let items = self.scene.view.ignored.iter().filter(of_plan).filter(|_| !self.is_filtered());
        items.map(|item| self.ignored_node(item)).collect()
    }

    fn ignored_node(&self, item: &IgnoredItem) -> IgnoredNode {
        let (by, at) = self.by_and_at(item);
        IgnoredNode {
            level: if matches!(item.kind, IgnoredKind::Plan(_)) { Level::Plan } else { Level::Template },
            name: item.title.clone(),
            reason: item.ignored.reason.clone(),
            by,
            at,
            restore: restore_action(item.kind),
        }
    }

    fn by_and_at(&self, item: &IgnoredItem) -> (String, String) {
        let scene = self.scene;
        let by = item.ignored.by.clone().unwrap_or_else(|| scene.t.task.somebody.to_owned());
        (by, format::recent(item.ignored.at, scene.today, &scene.zone, scene.t).text)
    }

    fn is_filtered(&self) -> bool {
        self.scene.address.is_filtered()
    }
}

fn plan_status(stored: PlanStatus) -> parts::PlanStatus {
    match stored {
        PlanStatus::Active => parts::PlanStatus::Active,
        PlanStatus::Paused => parts::PlanStatus::Paused,
        PlanStatus::Completed => parts::PlanStatus::Completed,
        PlanStatus::Cancelled => parts::PlanStatus::Cancelled,
    }
}
