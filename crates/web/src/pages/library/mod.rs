//! The firm's library: standards, templates, task rules.

mod handlers;
pub(crate) use handlers::routes;

mod apply;
mod rule_edit;
mod rule_view;
mod rules;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod standards;
mod template_view;
mod templates;

pub use apply::{ApplyRow, ApplyRulePage};
pub use rules::{RuleForm, RuleFormPage, RuleGroup, RuleRow, RulesPage};
pub use standards::{StandardForm, StandardRow, StandardsPage};
pub use templates::{DraftNote, ReleaseRow, TemplateContent, TemplatePage, TemplatePart, TemplateQuestion, TemplateRow, TemplatesPage};

/// The part of the library that a page belongs to, for its tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Standards.
    Standards,
    /// Templates.
    Templates,
    /// Task rules.
    Rules,
}
