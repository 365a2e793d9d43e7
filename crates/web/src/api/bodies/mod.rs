//! Bodies that several slices answer with.

mod customers;
mod library;
mod plans;
mod progress;
mod tasks;

pub use self::{
    customers::CustomerBody,
    library::{ContentProblemBody, StandardBody, TaskRuleBody, TemplateBody},
    plans::{AssignmentBody, PlanBody},
    progress::{CustomerProgressBody, PlanProgressBody, ProgressBody, TemplateProgressBody},
    tasks::{IgnoredBody, TaskBody, tasks},
};
