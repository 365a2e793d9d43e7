//! Bodies of plans and of the templates assigned to them.

use muster_domain::plans::{Assignment, Plan};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::IgnoredBody;

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
pub struct PlanBody {
    id: Uuid,
    customer_id: i32,
    customer_name: String,
    iso_standard_id: Uuid,
    iso_code: String,
    iso_name: String,
    plan_name: Option<String>,
    /// active, paused, completed or cancelled.
    plan_status: &'static str,
    #[schema(value_type = Option<String>, format = Date)]
    target_completion_date: Option<String>,
    is_ignored: bool,
    ignored: Option<IgnoredBody>,
    version: i32,
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
    #[schema(value_type = String, format = DateTime)]
    updated_at: String,
}

impl From<Plan> for PlanBody {
    fn from(plan: Plan) -> Self {
        Self {
            id: plan.id.0,
            customer_id: plan.customer_id.0,
            customer_name: plan.customer_name,
            iso_standard_id: plan.standard_id.0,
            iso_code: plan.iso_code,
            iso_name: plan.iso_name,
            plan_name: plan.name,
            plan_status: plan.status.as_str(),
            target_completion_date: plan.target_completion_date.map(|date| date.to_string()),
            is_ignored: plan.ignored.is_some(),
            ignored: plan.ignored.map(IgnoredBody::from),
            version: plan.version,
            created_at: plan.created_at.to_string(),
            updated_at: plan.updated_at.to_string(),
        }
    }
}

/// A template of a plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Assignment)]
pub struct AssignmentBody {
    plan_id: Uuid,
    template_id: Uuid,
    template_name: String,
    /// The number of the release that is pinned.
    release: i32,
    is_ignored: bool,
    ignored: Option<IgnoredBody>,
    version: i32,
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
}

impl From<Assignment> for AssignmentBody {
    fn from(assignment: Assignment) -> Self {
        Self {
            plan_id: assignment.plan_id.0,
            template_id: assignment.template_id.0,
            template_name: assignment.template_name,
            release: assignment.release_number,
            is_ignored: assignment.ignored.is_some(),
            ignored: assignment.ignored.map(IgnoredBody::from),
            version: assignment.version,
            created_at: assignment.created_at.to_string(),
        }
    }
}
