//! The people of the firm.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use muster_domain::{ids::UserId, people::FirmPerson};
use muster_service::InvitationLink;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    List, created,
    members::{LinkBody, transfer_to},
    resource,
};
use crate::{
    input::people::{FirmPersonPatch, NewFirmPerson},
    problem::Problem,
    request::{Ids, IfMatch, JsonBody, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, invite)).routes(routes!(read, change, remove)).routes(routes!(invite_again))
}

/// One person of the firm.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FirmPerson)]
struct FirmPersonBody {
    id: i32,
    name: String,
    #[schema(format = Email)]
    email: String,
    /// admin or consultant.
    role: &'static str,
    /// invited, active or suspended.
    status: &'static str,
    /// How many customers are assigned to them.
    customers: i64,
    /// Their open tasks, of all customers.
    open_tasks: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_login: Option<String>,
    /// Until when their invitation is good, where one is out.
    #[schema(value_type = Option<String>, format = DateTime)]
    invited_until: Option<String>,
    version: i32,
}

/// A person who has been invited.
#[derive(Debug, Serialize, ToSchema)]
struct InvitedFirmPerson {
    #[serde(flatten)]
    person: FirmPersonBody,
    /// The link to hand on, where there is no mail server to send it; otherwise null.
    invitation: Option<LinkBody>,
}

impl From<FirmPerson> for FirmPersonBody {
    fn from(person: FirmPerson) -> Self {
        Self {
            id: person.user_id.0,
            name: person.name,
            email: person.email,
            role: person.role.as_str(),
            status: person.status.as_str(),
            customers: person.customers,
            open_tasks: person.open_tasks,
            last_login: person.last_login.map(|at| at.to_string()),
            invited_until: person.invited_until.map(|at| at.to_string()),
            version: person.version,
        }
    }
}

impl From<(FirmPerson, Option<InvitationLink>)> for InvitedFirmPerson {
    fn from((person, link): (FirmPerson, Option<InvitationLink>)) -> Self {
        Self { person: person.into(), invitation: link.map(LinkBody::from) }
    }
}

/// The people of the firm, by name
#[utoipa::path(
    get,
    path = "/users",
    tag = "people",
    security(("session" = [])),
    params(("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<FirmPersonBody>), (status = 401, body = Problem), (status = 403, body = Problem))
)]
async fn list(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    parameters: Parameters,
) -> Result<Json<List<FirmPersonBody>>, Problem> {
    let people = state.context.firm_people(&actor).await?;
    Ok(Json(List::part_of(people.into_iter().map(FirmPersonBody::from).collect(), &parameters, &["name"])?))
}

/// Invite somebody to the firm
#[utoipa::path(
    post,
    path = "/users",
    tag = "people",
    security(("session" = [])),
    request_body = NewFirmPerson,
    responses((status = 201, body = InvitedFirmPerson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem))
)]
async fn invite(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    JsonBody(body): JsonBody<NewFirmPerson>,
) -> Result<Response, Problem> {
    let (who, role) = body.parse()?;
    let made = InvitedFirmPerson::from(state.context.invite_firm_person(&actor, &who, role).await?);
    let (location, version) = (format!("/api/v1/users/{}", made.person.id), made.person.version);
    Ok(created(true, &location, version, made))
}

/// One person of the firm
#[utoipa::path(
    get,
    path = "/users/{user_id}",
    tag = "people",
    security(("session" = [])),
    params(("user_id" = i32, Path)),
    responses((status = 200, body = FirmPersonBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn read(State(state): State<AppState>, SignedIn(actor): SignedIn, Ids((user,)): Ids<(UserId,)>) -> Result<Response, Problem> {
    let person = state.context.firm_person(&actor, user).await?;
    let version = person.version;
    Ok(resource(FirmPersonBody::from(person), version))
}

/// Change role or standing of somebody; their sessions end
#[utoipa::path(
    patch,
    path = "/users/{user_id}",
    tag = "people",
    security(("session" = [])),
    params(("user_id" = i32, Path), ("If-Match" = String, Header, description = "the ETag that was read")),
    request_body = FirmPersonPatch,
    responses(
        (status = 200, body = FirmPersonBody), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "it is oneself, or nobody else runs the firm"), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)
    )
)]
async fn change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((user,)): Ids<(UserId,)>,
    version: IfMatch,
    JsonBody(patch): JsonBody<FirmPersonPatch>,
) -> Result<Response, Problem> {
    state.context.firm_person(&actor, user).await?;
    let person = state.context.change_firm_person(&actor, user, patch.parse()?, version.required()?).await?;
    let version = person.version;
    Ok(resource(FirmPersonBody::from(person), version))
}

/// Take somebody out of the firm; their open tasks go to transfer_to, or back to their role
#[utoipa::path(
    delete,
    path = "/users/{user_id}",
    tag = "people",
    security(("session" = [])),
    params(("user_id" = i32, Path), ("transfer_to" = Option<i32>, Query, description = "who gets their open tasks, where assigned too")),
    responses(
        (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "it is oneself, or nobody else runs the firm"), (status = 422, body = Problem)
    )
)]
async fn remove(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((user,)): Ids<(UserId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    state.context.remove_firm_person(&actor, user, transfer_to(&parameters)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Send a new invitation; the one before ends
#[utoipa::path(
    post,
    path = "/users/{user_id}/invite",
    tag = "people",
    security(("session" = [])),
    params(("user_id" = i32, Path)),
    responses(
        (status = 200, body = InvitedFirmPerson), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "they can sign in already")
    )
)]
async fn invite_again(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((user,)): Ids<(UserId,)>,
) -> Result<Json<InvitedFirmPerson>, Problem> {
    Ok(Json(state.context.invite_firm_person_again(&actor, user).await?.into()))
}
