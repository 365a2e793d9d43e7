//! Moving the older database over: where each of its tasks belongs, and what its words become.
//!
//! Pure rules over plain rows, so that the inspection, the preparation and the tests judge alike.
//! The order of the rules is the contract's (docs/UPGRADING.md, "Where each task goes").

mod classify;
mod content;
mod structure;
mod values;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{
    classify::{LegacyPlan, PlanTemplate, Sections, classify_customer, plain_title},
    content::{ContentText, content_texts},
    structure::{SectionItem, section_items, sections_of},
    values::{customer_status, document_status, plan_status, priority, task_status, template_status},
};
use crate::{tasks::TaskScope, words::word_enum};

/// A task of the older database, as far as its place depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyTask {
    /// Its id; kept.
    pub id: Uuid,
    /// The plan that it names.
    pub plan_id: Option<Uuid>,
    /// The document that it names.
    pub document_id: Option<Uuid>,
    /// The scope as it was written.
    pub scope: String,
    /// The type as it was written.
    pub task_type: String,
    /// The section that it names.
    pub section_id: Option<String>,
    /// The title.
    pub title: String,
    /// When it was made, in microseconds since 1970 of whatever clock wrote it: only its order counts.
    pub created_at: i64,
    /// Whether a person has worked on it, so that it is not interchangeable with its like.
    pub is_worked_on: bool,
}

/// A document of the older database, as far as its tasks depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyDocument {
    /// Its id.
    pub id: Uuid,
    /// Its plan, if that is one of the same customer.
    pub plan_id: Option<Uuid>,
    /// Its template.
    pub template_id: Option<Uuid>,
}

word_enum! {
    /// The rule that placed a task.
    PlacementRule {
        /// It names a document.
        Document = "document",
        /// It was written for the customer, or names no plan.
        Customer = "customer",
        /// Exactly one template of its plan has its section.
        Section = "section",
        /// As many equal rows as templates with the section: paired in their order.
        Paired = "paired",
        /// Like a template's, but no single template can be told: it stays with its plan.
        Undecided = "undecided",
        /// Like a template's, but no template of its plan has its section.
        NoSection = "no_section",
        /// Everything else that names a plan.
        Plan = "plan",
        /// It names a plan or document of another customer, or one that is not there.
        Contradiction = "contradiction",
        /// A person has decided.
        Person = "person",
    }
}

/// Where a task belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Destination {
    /// The level.
    pub task_scope: TaskScope,
    /// The plan, below the customer's level.
    pub plan_id: Option<Uuid>,
    /// The template, at template and document level.
    pub template_id: Option<Uuid>,
    /// The document, at document level.
    pub document_id: Option<Uuid>,
}

impl Destination {
    /// With the customer itself.
    pub const CUSTOMER: Self = Self { task_scope: TaskScope::Customer, plan_id: None, template_id: None, document_id: None };

    /// With a plan.
    pub const fn plan(plan: Uuid) -> Self {
        Self { task_scope: TaskScope::Plan, plan_id: Some(plan), template_id: None, document_id: None }
    }

    /// With a template of a plan.
    pub const fn template(plan: Uuid, template: Uuid) -> Self {
        Self { task_scope: TaskScope::Template, plan_id: Some(plan), template_id: Some(template), document_id: None }
    }

    /// With a document.
    pub const fn document(plan: Uuid, template: Uuid, document: Uuid) -> Self {
        Self { task_scope: TaskScope::Document, plan_id: Some(plan), template_id: Some(template), document_id: Some(document) }
    }
}

/// Where a task was placed, and how sure that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// The task.
    pub task_id: Uuid,
    /// Where it goes unless a person decides otherwise.
    pub chosen: Destination,
    /// Why.
    pub rule: PlacementRule,
    /// Where else it could belong, the chosen place among them. Empty where it is certain.
    pub candidates: BTreeSet<Destination>,
    /// What a person should know who decides; none where it is certain.
    pub why: Option<String>,
}

impl Placement {
    const fn certain(task_id: Uuid, chosen: Destination, rule: PlacementRule) -> Self {
        Self { task_id, chosen, rule, candidates: BTreeSet::new(), why: None }
    }

    /// Whether a person should look at it.
    pub const fn is_ambiguous(&self) -> bool {
        self.why.is_some() && !matches!(self.rule, PlacementRule::Contradiction)
    }
}
