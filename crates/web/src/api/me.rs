//! The signed-in person: who they are, and their work across customers.

use axum::{Json, extract::State, response::Response};
use muster_domain::{access::Actor, account::Profile};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    List,
    bodies::{TaskBody, tasks},
    resource,
};
use crate::{
    input::account::{ProfilePatch, QuietHoursBody, quiet_body},
    problem::Problem,
    request::{IfMatch, JsonBody, Parameters},
    session::{AtOwnAccount, Known, SignedIn},
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(me, change)).routes(routes!(my_tasks))
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
    /// How dates are told on pages: en-GB or en-US.
    locale: &'static str,
    /// The IANA time zone in which days and moments are told on pages.
    time_zone: String,
    /// What they want to be written to about.
    notifications: Vec<&'static str>,
    /// When these mails wait, in their own zone; null for never.
    quiet_hours: Option<QuietHoursBody>,
    /// Whether they sign in with a code besides the password.
    totp: bool,
    /// Whether they have to set that up before they reach anything but their own account.
    totp_required: bool,
    version: i32,
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
async fn me(State(state): State<AppState>, Known(actor): Known) -> Result<Response, Problem> {
    let profile = state.context.profile(&actor).await?;
    answer(&state, &actor, profile).await
}

/// Change my own data
#[utoipa::path(
    patch,
    path = "/me",
    tag = "me",
    security(("session" = [])),
    params(("If-Match" = String, Header, description = "the ETag of what was read")),
    request_body = ProfilePatch,
    responses(
        (status = 200, body = Me), (status = 401, body = Problem), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)
    )
)]
async fn change(
    State(state): State<AppState>,
    AtOwnAccount(actor): AtOwnAccount,
    version: IfMatch,
    JsonBody(patch): JsonBody<ProfilePatch>,
) -> Result<Response, Problem> {
    let version = version.required()?;
    let details = patch.applied_to(&state.context.profile(&actor).await?).parse()?;
    let profile = state.context.update_profile(&actor, &details, version).await?;
    answer(&state, &actor, profile).await
}

async fn answer(state: &AppState, actor: &Actor, profile: Profile) -> Result<Response, Problem> {
    let memberships = actor.memberships().iter().map(|one| MembershipBody {
        customer_id: one.customer_id.0,
        role: one.role.as_str(),
        status: one.status.as_str(),
        expires_on: one.expires_on.map(|date| date.to_string()),
        approval_steps: one.approval_steps.clone(),
    });
    let totp = state.context.totp_state(actor).await?;
    let me = Me {
        id: actor.user_id().0,
        name: profile.name,
        email: profile.email,
        firm_role: actor.firm_role().map(|role| role.as_str()),
        memberships: memberships.collect(),
        token: actor.token().map(|token| TokenLimits {
            rights: token.rights.iter().map(|right| right.as_str()).collect(),
            customer_ids: token.customers.as_ref().map(|ids| ids.iter().map(|id| id.0).collect()),
        }),
        locale: profile.locale.as_str(),
        time_zone: profile.time_zone,
        notifications: profile.notifications.iter().map(|one| one.as_str()).collect(),
        quiet_hours: profile.quiet_hours.map(quiet_body),
        totp: totp.is_on,
        totp_required: totp.is_required,
        version: profile.version,
    };
    Ok(resource(me, profile.version))
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
