//! The people of a customer.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use muster_domain::{
    ids::{CustomerId, UserId},
    people::Member,
};
use muster_service::{Error, FieldError, InvitationLink, MemberInvited};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, created, resource};
use crate::{
    input::people::{MemberPatch, NewMember, Transfer},
    problem::Problem,
    request::{Creation, Ids, IfMatch, JsonBody, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, invite))
        .routes(routes!(read, change, remove))
        .routes(routes!(invite_again))
        .routes(routes!(transfer))
}

/// One person of a customer, with all their roles there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
struct MemberBody {
    user_id: i32,
    /// Until they accept, as whoever invited them wrote it.
    name: String,
    #[schema(format = Email)]
    email: String,
    /// Whether they belong to the firm rather than to the customer.
    is_firm: bool,
    /// invited, active or suspended.
    status: &'static str,
    /// consultant, manager, contributor, approver, auditor.
    roles: Vec<&'static str>,
    /// The last day of their access.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<String>,
    /// The approval steps that they are named for.
    approval_steps: Vec<String>,
    /// The plans that an auditor is limited to; null for all.
    plan_ids: Option<Vec<Uuid>>,
    /// How many open tasks of this customer are theirs.
    open_tasks: i64,
    /// Until when their invitation is good, where one is out.
    #[schema(value_type = Option<String>, format = DateTime)]
    invited_until: Option<String>,
    version: i32,
}

/// An invitation link. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvitationLink)]
pub struct LinkBody {
    /// The address to hand on.
    url: String,
    /// Until when it is good.
    #[schema(value_type = String, format = DateTime)]
    expires_at: String,
}

/// A person who has been added.
#[derive(Debug, Serialize, ToSchema)]
struct InvitedMember {
    #[serde(flatten)]
    member: MemberBody,
    /// The link to hand on, where there is no mail server to send it; otherwise null.
    invitation: Option<LinkBody>,
}

/// How many open tasks went to somebody else.
#[derive(Debug, Serialize, ToSchema)]
struct Transferred {
    tasks: u64,
}

impl From<InvitationLink> for LinkBody {
    fn from(link: InvitationLink) -> Self {
        Self { url: link.url, expires_at: link.expires_at.to_string() }
    }
}

impl From<Member> for MemberBody {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user_id.0,
            name: member.name,
            email: member.email,
            is_firm: member.is_firm,
            status: member.status.as_str(),
            roles: member.roles.iter().map(|role| role.as_str()).collect(),
            expires_on: member.expires_on.map(|date| date.to_string()),
            approval_steps: member.approval_steps,
            plan_ids: member.plan_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            open_tasks: member.open_tasks,
            invited_until: member.invited_until.map(|at| at.to_string()),
            version: member.version,
        }
    }
}

impl From<MemberInvited> for InvitedMember {
    fn from(invited: MemberInvited) -> Self {
        Self { member: invited.member.into(), invitation: invited.link.map(LinkBody::from) }
    }
}

/// Whom tasks go to, from a query.
pub fn transfer_to(parameters: &Parameters) -> Result<Option<UserId>, Problem> {
    let unknown = |_| Problem::from(Error::field(FieldError::unknown_reference("/transfer_to")));
    parameters.get("transfer_to").map(|id| id.parse().map_err(unknown)).transpose()
}

/// The people of a customer, by name
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/members",
    tag = "people",
    params(("customer_id" = i32, Path), ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<MemberBody>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn list(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Json<List<MemberBody>>, Problem> {
    let members = state.context.members(&actor, customer).await?;
    Ok(Json(List::part_of(members.into_iter().map(MemberBody::from).collect(), &parameters, &["name"])?))
}

/// Invite somebody to a customer, or assign a consultant of the firm
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/members",
    tag = "people",
    params(("customer_id" = i32, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewMember,
    responses(
        (status = 201, body = InvitedMember), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "the person is one of the customer's people already, or the customer is archived"),
        (status = 422, body = Problem)
    )
)]
async fn invite(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    input: Creation<NewMember>,
) -> Result<Response, Problem> {
    let (who, terms) = input.body.parse()?;
    let made = state.context.invite_member(&actor, customer, &who, &terms, &input.once).await?.value;
    let (location, version) = (format!("/api/v1/customers/{customer}/members/{}", made.member.user_id), made.member.version);
    Ok(created(true, &location, version, InvitedMember::from(made)))
}

/// One person of a customer
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/members/{user_id}",
    tag = "people",
    params(("customer_id" = i32, Path), ("user_id" = i32, Path)),
    responses((status = 200, body = MemberBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn read(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer, user)): Ids<(CustomerId, UserId)>,
) -> Result<Response, Problem> {
    let member = state.context.member(&actor, customer, user).await?;
    let version = member.version;
    Ok(resource(MemberBody::from(member), version))
}

/// Change roles, limits or standing of somebody
#[utoipa::path(
    patch,
    path = "/customers/{customer_id}/members/{user_id}",
    tag = "people",
    params(("customer_id" = i32, Path), ("user_id" = i32, Path), ("If-Match" = String, Header, description = "the ETag that was read")),
    request_body = MemberPatch,
    responses(
        (status = 200, body = MemberBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "it is oneself"), (status = 412, body = Problem), (status = 422, body = Problem),
        (status = 428, body = Problem)
    )
)]
async fn change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer, user)): Ids<(CustomerId, UserId)>,
    version: IfMatch,
    JsonBody(patch): JsonBody<MemberPatch>,
) -> Result<Response, Problem> {
    // Whoever may not know of the person is not told what is missing in the request.
    state.context.member(&actor, customer, user).await?;
    let member = state.context.change_member(&actor, customer, user, &patch.parse()?, version.required()?).await?;
    let version = member.version;
    Ok(resource(MemberBody::from(member), version))
}

/// Take somebody's access away; their open tasks go to transfer_to, or back to their role
#[utoipa::path(
    delete,
    path = "/customers/{customer_id}/members/{user_id}",
    tag = "people",
    params(("customer_id" = i32, Path), ("user_id" = i32, Path), ("transfer_to" = Option<i32>, Query, description = "who gets their open tasks")),
    responses(
        (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "it is oneself"), (status = 422, body = Problem)
    )
)]
async fn remove(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer, user)): Ids<(CustomerId, UserId)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    state.context.remove_member(&actor, customer, user, transfer_to(&parameters)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Send a new invitation; the one before ends
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/members/{user_id}/invite",
    tag = "people",
    params(("customer_id" = i32, Path), ("user_id" = i32, Path)),
    responses(
        (status = 200, body = InvitedMember), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "they have accepted already")
    )
)]
async fn invite_again(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer, user)): Ids<(CustomerId, UserId)>,
) -> Result<Json<InvitedMember>, Problem> {
    Ok(Json(state.context.invite_member_again(&actor, customer, user).await?.into()))
}

/// Give somebody's open tasks to somebody else, or back to their role
#[utoipa::path(
    post,
    path = "/customers/{customer_id}/members/{user_id}/transfer",
    tag = "people",
    params(("customer_id" = i32, Path), ("user_id" = i32, Path)),
    request_body = Transfer,
    responses(
        (status = 200, body = Transferred), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)
    )
)]
async fn transfer(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer, user)): Ids<(CustomerId, UserId)>,
    JsonBody(body): JsonBody<Transfer>,
) -> Result<Json<Transferred>, Problem> {
    let tasks = state.context.transfer_tasks(&actor, customer, user, body.transfer_to.map(UserId)).await?;
    Ok(Json(Transferred { tasks }))
}
