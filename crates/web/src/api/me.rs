//! The signed-in person: who they are, and their work across customers.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    List,
    bodies::{TaskBody, tasks},
};
use crate::{problem::Problem, request::Parameters, session::SignedIn, state::AppState};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(me)).routes(routes!(my_tasks))
}

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    id: i32,
    name: String,
    #[schema(format = Email)]
    email: String,
    /// admin or consultant; null for people of customers.
    firm_role: Option<&'static str>,
    memberships: Vec<MembershipBody>,
}

/// A role for a customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Membership)]
struct MembershipBody {
    customer_id: i32,
    /// consultant, manager, contributor, approver or auditor.
    role: &'static str,
    /// invited, active or suspended.
    status: &'static str,
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<String>,
    approval_steps: Vec<String>,
}

/// Who am I
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = Me), (status = 401, body = Problem)))]
async fn me(SignedIn(actor): SignedIn) -> Json<Me> {
    let memberships = actor.memberships().iter().map(|one| MembershipBody {
        customer_id: one.customer_id.0,
        role: one.role.as_str(),
        status: one.status.as_str(),
        expires_on: one.expires_on.map(|date| date.to_string()),
        approval_steps: one.approval_steps.clone(),
    });
    Json(Me {
        id: actor.user_id().0,
        name: actor.name().to_owned(),
        email: actor.email().to_owned(),
        firm_role: actor.firm_role().map(|role| role.as_str()),
        memberships: memberships.collect(),
    })
}

/// My open tasks across customers: mine, and those of my roles that nobody has taken
#[utoipa::path(
    get,
    path = "/me/tasks",
    tag = "me",
    params(("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<TaskBody>), (status = 401, body = Problem))
)]
async fn my_tasks(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    parameters: Parameters,
) -> Result<Json<List<TaskBody>>, Problem> {
    parameters.sort(&["due_date"])?;
    let slice = parameters.slice()?;
    let page = state.context.my_tasks(&actor, slice).await?.tasks;
    Ok(Json(List { next_cursor: parameters.next_cursor(slice, page.total), total: page.total, items: tasks(page.items) }))
}
