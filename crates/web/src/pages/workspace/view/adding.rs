//! The form for a new task, at the node that the address names.

use muster_domain::workspace::Workspace;

use super::Scene;
use crate::{
    pages::{field_errors::FieldErrors, visit::Form, workspace::AddForm},
    parts::{Field, Level},
    recurrence,
    text::Text,
};

impl Scene<'_> {
    /// The empty form; none where the reader may not add, or where there is no such node.
    pub(super) fn adding(&self) -> Option<AddForm> {
        let node = self.address.add.as_deref().filter(|_| self.may.add)?;
        let form = at_node(&self.view.workspace, node)?;
        Some(AddForm {
            node: node.to_owned(),
            assignees: self.beside().assignees(None),
            recurrences: recurrence::choices("", self.t),
            ..form
        })
    }
}

/// The links of a node, with the name by which the form calls it.
fn at_node(workspace: &Workspace, node: &str) -> Option<AddForm> {
    let (kind, id) = node.split_once(':').unwrap_or((node, ""));
    if kind == "customer" && id.is_empty() {
        return Some(AddForm { place: workspace.customer_name.clone(), level: Some(Level::Customer), ..AddForm::default() });
    }
    let plans = workspace.plans.iter();
    let mut nodes = plans.flat_map(|plan| {
        let plan_id = Some(plan.id.to_string());
        let own = AddForm { place: plan.iso_code.clone(), level: Some(Level::Plan), plan_id, ..AddForm::default() };
        let below = plan.templates.iter().flat_map({
            let own = own.clone();
            move |template| {
                let template_id = Some(template.id.to_string());
                let of_template = AddForm { place: template.name.clone(), level: Some(Level::Template), template_id, ..own.clone() };
                let documents = template.documents.iter().map({
                    let of_template = of_template.clone();
                    move |document| AddForm {
                        place: document.name.clone(),
                        level: Some(Level::Document),
                        document_id: Some(document.id.to_string()),
                        ..of_template.clone()
                    }
                });
                std::iter::once(of_template).chain(documents)
            }
        });
        std::iter::once(own).chain(below)
    });
    nodes.find(|form| match (kind, form.level) {
        ("plan", Some(Level::Plan)) => form.plan_id.as_deref() == Some(id),
        ("template", Some(Level::Template)) => id.split_once(':') == form.plan_id.as_deref().zip(form.template_id.as_deref()),
        ("document", Some(Level::Document)) => form.document_id.as_deref() == Some(id),
        _ => false,
    })
}

impl AddForm {
    /// The form with what was typed, and with what was wrong with it.
    pub(crate) fn typed(self, form: &Form, errors: &FieldErrors, t: &Text) -> Self {
        let mut assignees = self.assignees;
        for choice in &mut assignees {
            choice.chosen = choice.value == form.text("assigned_to");
        }
        let mut recurrences = self.recurrences;
        for choice in &mut recurrences {
            choice.chosen = choice.value == form.text("recurrence");
        }
        Self {
            recurrences,
            recurrence: Field { error: errors.get("recurrence").map(|_| t.recurs.refused.to_owned()), ..Field::default() },
            title: errors.field_or("title", form.text("title"), t.task.new_title_blank, t),
            due_date: errors.field("due_date", form.text("due_date"), t),
            assignee: errors.field("assigned_to", "", t),
            assignees,
            requires_evidence: form.is_on("requires_evidence"),
            ..self
        }
    }
}
