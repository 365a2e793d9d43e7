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
    /// What limits the one who asks; null for a person with a session.
    token: Option<TokenLimits>,
}

/// What an API token is limited to.
#[derive(Debug, Serialize, ToSchema)]
struct TokenLimits {
    /// read, work, shape, people, library, audit.
    rights: Vec<&'static str>,
    /// The customers that it is for; null for all that its person may see.
    customer_ids: Option<Vec<i32>>,
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
        token: actor.token().map(|token| TokenLimits {
            rights: token.rights.iter().map(|right| right.as_str()).collect(),
            customer_ids: token.customers.as_ref().map(|ids| ids.iter().map(|id| id.0).collect()),
        }),
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
