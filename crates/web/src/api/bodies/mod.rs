//! Bodies that several slices answer with.

mod answers;
mod customers;
mod library;
mod plans;
mod progress;
mod tasks;

pub use self::{
    answers::{AnswerBody, QuestionnaireBody, UseBody},
    customers::CustomerBody,
    library::{ContentProblemBody, StandardBody, TaskRuleBody, TemplateBody},
    plans::{AssignmentBody, PlanBody},
    progress::{CustomerProgressBody, PlanProgressBody, ProgressBody, TemplateProgressBody},
    tasks::{IgnoredBody, TaskBody, tasks},
};
