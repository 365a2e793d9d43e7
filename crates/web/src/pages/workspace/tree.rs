//! The nodes of the tree.

use askama::Template;

use crate::{
    filters,
    parts::{Choice, DocumentStatus, Field, Level, PlanStatus, Progress, Tasks},
    text::Text,
};

/// Tasks of the customer as a whole.
#[derive(Debug, Clone, Default)]
pub struct CustomerNode {
    /// Its tasks, as filtered.
    pub tasks: Tasks,
    /// Progress over all of them.
    pub progress: Progress,
    /// Shown, or taken out by a filter.
    pub shown: bool,
}

/// A plan: a standard that the customer works towards.
#[derive(Debug, Clone)]
pub struct PlanNode {
    /// Id of the plan.
    pub id: String,
    /// "ISO 27001:2022".
    pub code: String,
    /// "Information security".
    pub name: String,
    /// "30 Sep 2026", when a target is set.
    pub target: Option<String>,
    /// Its state.
    pub status: PlanStatus,
    /// Progress of everything below it.
    pub progress: Progress,
    /// Tasks of the plan itself.
    pub tasks: Tasks,
    /// Its templates, by name.
    pub templates: Vec<TemplateNode>,
    /// Templates that were ignored.
    pub ignored: Vec<IgnoredNode>,
    /// Shown with its parts open; a finished plan starts folded.
    pub unfolded: bool,
}

impl PlanNode {
    /// Whether there is anything to take out as files.
    pub fn has_documents(&self) -> bool {
        self.templates.iter().any(|template| !template.documents.is_empty())
    }
}

/// A template of a plan.
#[derive(Debug, Clone)]
pub struct TemplateNode {
    /// Id of the plan.
    pub plan_id: String,
    /// Id of the library's template.
    pub id: String,
    /// Its name.
    pub name: String,
    /// "ISMS 20 · 14 questions".
    pub about: String,
    /// Progress of its tasks and those of its documents.
    pub progress: Progress,
    /// Its tasks, in the order of the questions.
    pub tasks: Tasks,
    /// Documents made from it.
    pub documents: Vec<DocumentNode>,
    /// It asks nothing.
    pub no_questions: bool,
    /// Shown with its parts open.
    pub unfolded: bool,
}

impl TemplateNode {
    /// Names the node in addresses: `template:PLAN:TEMPLATE`.
    #[must_use]
    pub fn node(&self) -> String {
        format!("template:{}:{}", self.plan_id, self.id)
    }
}

/// A document made from a template.
#[derive(Debug, Clone)]
pub struct DocumentNode {
    /// Id of the document.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version, for example "2".
    pub version: String,
    /// Its state.
    pub status: DocumentStatus,
    /// An answer changed after this version.
    pub out_of_date: bool,
    /// Progress of its tasks.
    pub progress: Progress,
    /// Its tasks.
    pub tasks: Tasks,
    /// Shown with its tasks open.
    pub unfolded: bool,
}

/// A plan or a template that does not apply, with the reason.
#[derive(Debug, Clone)]
pub struct IgnoredNode {
    /// Its level: plan or template.
    pub level: Level,
    /// What it is called.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: String,
    /// Where the form that restores it is sent.
    pub restore: String,
}

/// The form for a new task, standing at one node.
#[derive(Debug, Clone, Default)]
pub struct AddForm {
    /// The node: `customer`, `plan:ID`, `template:PLAN:TEMPLATE`, `document:ID`.
    pub node: String,
    /// What the node is called, for the form's name.
    pub place: String,
    /// The level of the new task.
    pub level: Option<Level>,
    /// Id of the plan, for a plan's or a template's task.
    pub plan_id: Option<String>,
    /// Id of the template.
    pub template_id: Option<String>,
    /// Id of the document.
    pub document_id: Option<String>,
    /// Title.
    pub title: Field,
    /// Due date.
    pub due_date: Field,
    /// People to choose from; the first is nobody.
    pub assignees: Vec<Choice>,
    /// What was wrong with the person.
    pub assignee: Field,
    /// Needs evidence.
    pub requires_evidence: bool,
    /// How often it comes back; the first is never.
    pub recurrences: Vec<Choice>,
    /// What was wrong with that.
    pub recurrence: Field,
}

/// The form as HTML.
#[derive(Debug, Template)]
#[template(path = "workspace/add_form.html")]
pub(crate) struct AddFormHtml<'a> {
    new: &'a AddForm,
    customer: i32,
    /// Where the page is without the form.
    cancel: &'a str,
    here: &'a str,
    t: &'a Text,
}

impl AddForm {
    pub(crate) const fn html<'a>(&'a self, customer: &i32, cancel: &'a str, here: &'a str, t: &'a Text) -> AddFormHtml<'a> {
        AddFormHtml { new: self, customer: *customer, cancel, here, t }
    }

    /// The words above the title field.
    #[must_use]
    pub fn label(&self, t: &Text) -> &'static str {
        match self.level {
            Some(Level::Plan) => t.task.new_plan,
            Some(Level::Template) => t.task.new_template,
            Some(Level::Document) => t.task.new_document,
            Some(Level::Customer) | None => t.task.new_customer,
        }
    }
}
