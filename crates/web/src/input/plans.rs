//! A plan's fields.

use muster_domain::{
    ids::{StandardId, TemplateId},
    text::{Code, Name},
};
use muster_service::{Error, PlanChange, PlanRequest, TemplateChoice};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Check;
use crate::request::sent;

/// A standard to be assigned.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// The standard by id; either this or `iso_code`.
    #[schema(format = Uuid)]
    pub iso_standard_id: Option<String>,
    /// The standard by code.
    #[schema(example = "ISO 27001:2022")]
    pub iso_code: Option<String>,
    /// `"all"` for every template meant for the standard, or a list of template ids.
    #[schema(value_type = Option<TemplateSelection>)]
    pub templates: Option<Value>,
    /// The day by which the plan shall be done.
    #[schema(format = Date)]
    pub target_completion_date: Option<String>,
}

/// `"all"`, or a list of template ids.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the field for the OpenAPI document")]
enum TemplateSelection {
    All(String),
    These(Vec<uuid::Uuid>),
}

/// A template to be assigned.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAssignment {
    /// The template.
    #[schema(required, format = Uuid)]
    pub template_id: Option<String>,
}

/// A change of a plan: what is not sent stays as it is, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanPatch {
    /// active, paused, completed or cancelled.
    pub plan_status: Option<String>,
    /// The day by which the plan shall be done.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, format = Date)]
    pub target_completion_date: Option<Option<String>>,
    /// A name of its own.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    pub plan_name: Option<Option<String>>,
}

impl NewPlan {
    /// Parses the fields.
    pub fn parse(&self) -> Result<PlanRequest, Error> {
        let mut check = Check::default();
        let standard_id: Option<StandardId> = check.id("/iso_standard_id", self.iso_standard_id.as_deref());
        let iso_code = check.text("/iso_code", Code::parse_optional(self.iso_code.as_deref())).flatten();
        let iso_code = iso_code.map(|code| code.as_str().to_owned());
        if self.iso_standard_id.as_deref().is_none_or(|id| id.trim().is_empty()) && iso_code.is_none() {
            check.refuse("/iso_standard_id", "blank", "must name a standard");
        }
        let target_completion_date = check.date("/target_completion_date", self.target_completion_date.as_deref());
        let templates = choice(&mut check, self.templates.as_ref());
        check.finish(Some(PlanRequest { standard_id, iso_code, templates, target_completion_date }))
    }
}

fn choice(check: &mut Check, given: Option<&Value>) -> TemplateChoice {
    match given {
        None | Some(Value::Null) => TemplateChoice::These(Vec::new()),
        Some(Value::String(word)) if word == "all" => TemplateChoice::All,
        Some(Value::Array(items)) => {
            let ids = items
                .iter()
                .enumerate()
                .filter_map(|(index, item)| check.id::<TemplateId>(&format!("/templates/{index}"), Some(item.as_str().unwrap_or("?"))));
            TemplateChoice::These(ids.collect())
        }
        Some(_) => {
            check.refuse("/templates", "malformed", "must be \"all\" or a list of template ids");
            TemplateChoice::These(Vec::new())
        }
    }
}

impl NewAssignment {
    /// Parses the field.
    pub fn parse(&self) -> Result<TemplateId, Error> {
        let mut check = Check::default();
        let id = check.id("/template_id", Some(self.template_id.as_deref().filter(|id| !id.trim().is_empty()).unwrap_or("?")));
        check.finish(id)
    }
}

impl PlanPatch {
    /// Parses the fields.
    pub fn parse(&self) -> Result<PlanChange, Error> {
        let mut check = Check::default();
        let status = check.word("/plan_status", self.plan_status.as_deref());
        let target = self.target_completion_date.as_ref().map(|date| check.date("/target_completion_date", date.as_deref()));
        let name = self.plan_name.as_ref().map(|name| check.text("/plan_name", Name::parse_optional(name.as_deref())).flatten());
        check.finish(Some(PlanChange { status, target_completion_date: target, name }))
    }
}
