//! What somebody says to a question.

use muster_domain::{
    ids::{PlanId, TemplateId},
    text::Prose,
};
use muster_service::{Error, SourceRef};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Check;

/// An answer to be given: exactly one of the fields.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// As the question's kind asks for: a text, a list of option values, a number, true or false, or
    /// the rows of a table, each an object of cells by column key.
    #[schema(value_type = Option<Value>)]
    value: Option<Value>,
    /// Why the question does not apply.
    not_applicable_reason: Option<String>,
    /// The answer elsewhere that is taken over.
    reused_from: Option<ReusedFrom>,
}

/// An answer elsewhere, as a suggestion named it.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReusedFrom {
    /// The plan that it stands in.
    plan_id: Uuid,
    /// The template that it stands in.
    template_id: Uuid,
    /// The version that was seen; where it has changed since, nothing is taken over.
    version: i32,
}

/// An answer that was read.
#[derive(Debug)]
pub enum GivenAnswer {
    /// A value.
    Value(Value),
    /// Why the question does not apply.
    NotApplicable(Prose),
    /// The answer that is taken over.
    Reused(SourceRef),
}

/// Reads why a question does not apply.
pub fn reason(given: &str) -> Result<Prose, Error> {
    let mut check = Check::default();
    let reason = check.required("/not_applicable_reason", Some(given), Prose::parse);
    check.finish(reason)
}

impl NewAnswer {
    /// Reads what is said. The value itself is for the question to judge.
    pub fn parse(self) -> Result<GivenAnswer, Error> {
        let mut check = Check::default();
        let given = match (self.value, self.not_applicable_reason, self.reused_from) {
            (Some(value), None, None) => Some(GivenAnswer::Value(value)),
            (None, Some(reason), None) => {
                check.required("/not_applicable_reason", Some(&reason), Prose::parse).map(GivenAnswer::NotApplicable)
            }
            (None, None, Some(source)) => Some(GivenAnswer::Reused(SourceRef {
                plan_id: PlanId(source.plan_id),
                template_id: TemplateId(source.template_id),
                version: source.version,
            })),
            (None, None, None) => {
                check.refuse("/value", "required", "is required, or not_applicable_reason, or reused_from");
                None
            }
            _ => {
                check.refuse("/value", "not-both", "only one of value, not_applicable_reason and reused_from can be given");
                None
            }
        };
        check.finish(given)
    }
}
